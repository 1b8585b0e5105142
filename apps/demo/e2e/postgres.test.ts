import { nps } from '@earshot/sdk'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startPostgres, type RunningPostgres } from '../../../scripts/postgres.ts'
import { createDatabase } from '../../../scripts/postgresDatabase.ts'
import { createProfile } from './browser.ts'
import { type RunningCollector, startCollectorProcess, writeKey } from './collector.ts'
import { type RunningServer, startHostPage } from './line.ts'
import { answer, card, hear, listen } from './respondent.ts'

// A real browser, two real collectors, and one real database.
let server: RunningPostgres
let collectors: RunningCollector[]
let host: RunningServer
let profile: Awaited<ReturnType<typeof createProfile>>

beforeAll(async () => {
  server = await startPostgres()
  const { url } = await createDatabase(server.url('postgres'))
  collectors = [await startCollectorProcess(url), await startCollectorProcess(url)]
  host = await startHostPage({ src: `${collectors[0]?.url}/earshot.js`, 'data-key': writeKey })
  profile = await createProfile()
})
afterAll(async () => {
  await profile.remove()
  await host.close()
  await Promise.all(collectors.map((each) => each.remove()))
  await server.remove()
})

it('an answer that was given while the database was away is stored once when it is back, and every collector reports it', async () => {
  const [first, second] = collectors
  if (!first || !second) throw new Error('no collectors')
  const survey = nps({ id: 'nps-postgres', name: 'Acme' })
  await second.put(survey)
  const browser = await profile.launch()
  const page = await browser.context.newPage()
  await listen(page)
  await page.goto(host.url)
  await hear(page, 'ready')
  await page.evaluate((id) => window.earshot.show(id), survey.id)
  await card(page).waitFor()
  await server.kill()
  const refused = page.waitForResponse((response) => response.url().endsWith('/v1/feedback'))
  await answer(page, 9, 'The handles never break.')
  expect((await refused).status()).toBe(503)
  await hear(page, 'completed')
  await server.start()
  // Another visit asks again at once; this page would wait as long as it was told to.
  await page.close()
  const next = await browser.context.newPage()
  await listen(next)
  await next.goto(host.url)
  await hear(next, 'ready')
  await next.evaluate(() => window.earshot.flush())
  for (const collector of [first, second])
    await vi.waitFor(
      async () =>
        expect(await collector.responses(survey.id)).toMatchObject([
          {
            status: 'completed',
            answers: { score: { value: 9 }, 'why-promoter': { value: 'The handles never break.' } },
          },
        ]),
      40_000,
    )
  await vi.waitFor(async () => {
    const { duplicates, events } = await second.get<Record<string, number>>('/v1/stats')
    const rows = await first.events(survey.id)
    expect([events, duplicates]).toEqual([rows.length, 0])
  }, 10_000)
  const report = await second.get<{ estimate: { value: number } }>(`/v1/reports/nps?survey=${survey.id}`)
  expect(report.estimate.value).toBe(100)
  await browser.close()
}, 120_000)

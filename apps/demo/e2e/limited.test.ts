import { fileURLToPath } from 'node:url'
import { nps } from '@earshot/sdk'
import { createCollector } from '@earshot/collector'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createProfile } from './browser.ts'
import { startHostPage } from './line.ts'
import { answer, hear, listen } from './respondent.ts'

const browserFiles = fileURLToPath(new URL('../../../packages/sdk/dist/browser', import.meta.url))
const adminToken = 'sk_limited_0123456789abcdef'

it('an answer that a limit refuses is sent again as Retry-After says, and stored once', async () => {
  const collector = await createCollector({ data: ':memory:', adminToken, browserFiles })
  onTestFinished(() => collector.close())
  const { url } = await collector.listen({ port: 0 })
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }
  const survey = nps({ id: 'limited', name: 'Acme' })
  await fetch(`${url}/v1/surveys/limited`, { method: 'PUT', headers, body: JSON.stringify(survey) })
  // One request in three seconds, and five at once.
  const made = await fetch(`${url}/v1/keys`, { method: 'POST', headers, body: '{"name":"slow","rate":20}' })
  const { key } = (await made.json()) as { key: string }
  const host = await startHostPage({ src: `${url}/earshot.js`, 'data-key': key })
  onTestFinished(() => host.close())
  const profile = await createProfile()
  onTestFinished(() => profile.remove())
  const page = await (await profile.launch()).context.newPage()
  await listen(page)
  await page.goto(host.url)
  await hear(page, 'ready')
  await page.evaluate(() => window.earshot.show('limited'))

  // Somebody else takes all that there is.
  const config = (): Promise<Response> => fetch(`${url}/v1/config?key=${key}`)
  let taken = await config()
  while (taken.status === 200) taken = await config()
  const statuses: number[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('/v1/feedback')) statuses.push(response.status())
  })
  await answer(page, 9, 'Slow, but sure.')
  await vi.waitFor(() => expect(statuses).toContain(429), 10_000)
  const read = async (): Promise<{ status: string; answers: Record<string, { value: unknown }> }[]> => {
    const response = await fetch(`${url}/v1/responses`, { headers })
    return ((await response.json()) as { responses: Awaited<ReturnType<typeof read>> }).responses
  }
  await vi.waitFor(async () => expect((await read())[0]?.status).toBe('completed'), 50_000)
  const responses = await read()
  expect(responses).toHaveLength(1)
  expect(responses[0]?.answers).toMatchObject({
    score: { value: 9 },
    'why-promoter': { value: 'Slow, but sure.' },
  })
  await vi.waitFor(() => expect(statuses.at(-1)).toBe(200), 10_000)
}, 90_000)

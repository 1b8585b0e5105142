import { expect, it } from 'vitest'
import { keys, start, temporaryDirectory } from '../fixtures.ts'
import { badRequests } from './badRequests.fixtures.ts'
import { ask, complaint, fuzz } from './fuzz.fixtures.ts'

it('answers each of more than 300 bad requests with a refusal or a receipt, stores nothing half, and goes on', async () => {
  const logged: string[] = []
  const { url, read } = await start({
    data: temporaryDirectory(),
    log: { info: () => undefined, error: (message) => void logged.push(message) },
  })
  const corpus = badRequests()
  expect(corpus.length).toBeGreaterThanOrEqual(300)
  expect(new Set(corpus.map((each) => each.name)).size).toBe(corpus.length)
  const wrong: string[] = []
  for (const bad of corpus) {
    const answer = await ask(url, bad)
    const said = complaint(bad, answer)
    if (said !== null) wrong.push(said)
    // Whatever is refused is refused in words for people and programs, by the collector itself.
    const isProblem = answer.status >= 400 && answer.body.startsWith('{')
    if (isProblem && !bad.raw)
      expect(JSON.parse(answer.body), bad.name).toMatchObject({
        status: answer.status,
        code: expect.any(String),
      })
  }
  expect(wrong).toEqual([])
  expect(logged).toEqual([])
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  // What was stored is stored whole: each response has its events, in all views.
  const { responses } = await read('/v1/responses?limit=200')
  for (const { id } of responses) expect((await read(`/v1/responses/${id}`)).events.length).toBeGreaterThan(0)
  const stats = await read('/v1/stats')
  expect(stats.accepted).toBe(stats.events)
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
})

it('stands 600 random requests; every good event of a batch with a bad one is stored', async () => {
  const { url, admin, collector } = await start({ data: temporaryDirectory() })
  let left = 600
  const result = await fuzz(url, 7, () => left-- > 0)
  expect(result.wrong).toEqual([])
  expect(result.requests).toBe(600)
  const exported = await (await admin('/v1/export?format=ndjson')).text()
  expect(result.stored.length).toBeGreaterThan(100)
  for (const id of result.stored) expect(exported).toContain(id.replace('-e', '-f'))
  expect(collector.site.writeKey).toBe(keys.writeKey)
})

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { answer, moment, now, npsSurvey, start, temporaryDirectory, uuid } from '../fixtures.ts'
import { isSignedBy, startSink } from '../outbound/outbound.fixtures.ts'

const hour = 3_600_000

it('what a rule sends is with its receiver once, after two failures and a restart between, and nobody without the role sees it', async () => {
  const sink = await startSink()
  const time = { now }
  const data = join(temporaryDirectory(), 'data')
  const begin = (): ReturnType<typeof start> =>
    start({ data, allowPrivateWebhooks: true, clock: { now: () => time.now } })
  const before = await begin()
  await before.put(npsSurvey)
  const send = async (path: string, body: object, method = 'POST'): Promise<Record<string, string>> => {
    const response = await before.admin(path, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
    expect([path, response.ok]).toEqual([path, true])
    return (await response.json()) as Record<string, string>
  }
  const { token: viewer = '' } = await send('/v1/tokens', { name: 'Vi', role: 'viewer' })
  const { token: analyst = '' } = await send('/v1/tokens', { name: 'An', role: 'analyst' })
  const { token: agent = '' } = await send('/v1/tokens', { name: 'Ada', role: 'agent' })
  const { id = '', secret = '' } = await send('/v1/webhooks', { name: 'desk', url: sink.url, events: [] })
  const after = { on: 'answer', survey: 'nps-q4', when: { question: 'score', bands: ['detractor'] } }
  const rule = { after, delay: 0, expires: 2 }
  const plan = {
    rules: [
      { ...rule, id: 'tell', do: { webhook: id, reaches: 'staff' } },
      { ...rule, id: 'call', do: { case: { role: 'agent', title: 'Call back' } } },
    ],
  }
  await send('/v1/follow-ups', plan, 'PUT')

  sink.answers.push({ status: 500 }, { status: 503 }, { status: 200 })
  await before.send([answer(1, 2, { person: 'ann' }), answer(2, 10)])
  await sink.wait(1)
  await before.collector.close()
  time.now += hour
  const running = await begin()
  await sink.wait(2)
  // The second failure is written down before its wait can be over.
  for (;;) {
    const { jobs } = (await running.read('/v1/jobs?state=waiting')) as { jobs: { tries: number }[] }
    if (jobs[0]?.tries === 2) break
  }
  time.now += hour
  const received = await sink.wait(3)
  while ((await running.read(`/v1/jobs?state=done&webhook=${id}`)).jobs.length === 0);

  // Each try is the same message: whoever goes by its id has it once.
  expect(new Set(received.map((each) => each.headers['webhook-id'])).size).toBe(1)
  expect(new Set(received.map((each) => each.text)).size).toBe(1)
  expect(received.every((each) => isSignedBy(each, secret))).toBe(true)
  expect(received[2]?.message).toMatchObject({
    data: { followUp: { rule: 'tell', cause: uuid('response', 1) }, response: { person: 'ann' } },
  })
  // Nothing is left to be sent, however long it goes on.
  time.now += 100 * hour
  expect((await running.read('/v1/jobs?state=waiting')).jobs).toEqual([])

  const read = async (path: string, token: string): Promise<[number, Record<string, never>]> => {
    const response = await fetch(running.url + path, { headers: { authorization: `Bearer ${token}` } })
    return [response.status, (await response.json()) as Record<string, never>]
  }
  const [status, inbox] = await read('/v1/cases', agent)
  expect([status, inbox]).toMatchObject([
    200,
    { cases: [{ title: 'Call back', cause: uuid('response', 1), openedAt: moment(0) }] },
  ])
  expect((await read('/v1/cases', analyst))[0]).toBe(200)
  const about = (inbox['cases'] as unknown as { id: string }[])[0]?.id ?? ''
  for (const path of [
    '/v1/cases',
    `/v1/cases/${about}`,
    '/v1/responses',
    `/v1/responses/${uuid('response', 1)}`,
    '/v1/people/ann',
    '/v1/follow-ups',
    '/v1/webhooks',
    '/v1/jobs',
    '/v1/stream',
  ])
    expect([path, await read(path, viewer)]).toMatchObject([path, [403, { code: 'role_not_allowed' }]])
  expect(sink.received).toHaveLength(3)
})

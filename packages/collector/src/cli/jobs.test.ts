import { expect, it } from 'vitest'
import { answer, createCollector, envelope, keys } from '../fixtures.ts'
import { startSink } from '../outbound/outbound.fixtures.ts'
import { freshPlace } from './fixtures.ts'

it('shows what was given up, and has it sent once more by the next collector', async () => {
  const { place, command } = await freshPlace()
  const open = (): ReturnType<typeof createCollector> =>
    createCollector({ ...place, allowPrivateWebhooks: true, ...keys })
  const sink = await startSink()
  sink.answers.push({ status: 410 })
  const collector = await open()
  const ask = (path: string, body: object): Promise<Response> =>
    collector.fetch(
      new Request(`http://x${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${keys.adminToken}` },
      }),
    )
  const hook = { name: 'hook', url: sink.url, events: ['answer.given'] }
  expect((await ask('/v1/webhooks', hook)).status).toBe(201)
  expect((await ask('/v1/feedback', envelope(keys.writeKey, [answer(1)]))).status).toBe(200)
  await sink.wait(1)
  const headers = { authorization: `Bearer ${keys.adminToken}` }
  const given = async (): Promise<unknown> =>
    (await collector.fetch(new Request('http://x/v1/jobs?state=dead', { headers }))).json()
  await expect.poll(given).toMatchObject({ jobs: [{ reason: 'status 410' }] })
  await collector.close()

  const dead = await command('jobs', 'list', '--state', 'dead')
  expect(dead.out).toMatch(
    /^(\d+) {2}\S+ \S+ {2}delivery {2}dead {2}1 {2}wh_\w+ {2}status 410 {2}hook\/\S+\n$/,
  )
  expect((await command('jobs', 'list', '--state', 'odd')).code).toBe(2)
  expect((await command('jobs', 'retry')).code).toBe(2)
  expect(await command('jobs', 'retry', '99999')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Nothing that has ended and could be done again has this number.'),
  })
  expect(await command('jobs', 'retry', 'all')).toMatchObject({
    code: 0,
    out: '1 delivery is sent once more by a running collector.\n',
  })
  expect((await command('jobs', 'list', '--state', 'dead')).out).toBe('')
  const next = await open()
  const [first, second] = await sink.wait(2)
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  await next.close()
  expect((await command('jobs', 'list')).out).toMatch(/ {2}delivery {2}done {2}0 /)
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  answer,
  envelope,
  now,
  onPostgres,
  start,
  temporaryDirectory,
  uuid,
  type Running,
} from '../fixtures.ts'
import { createLog } from '../system.ts'

const from = (running: Running, address: string, number: number, key = running.key): Promise<Response> =>
  running.post(JSON.stringify(envelope(key, [answer(number)])), { 'x-forwarded-for': address })
const statuses = (responses: Response[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { status } of responses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
const keyWith = async (running: Running, rate: number): Promise<string> => {
  const made = await running.admin('/v1/keys', {
    method: 'POST',
    body: JSON.stringify({ name: 'limited', rate }),
    headers: { 'content-type': 'application/json' },
  })
  return ((await made.json()) as { key: string }).key
}

describe('the limit of a network', () => {
  it('refuses what is beyond with 429 and Retry-After, and nobody of another network', async () => {
    let time = now
    const clock = { now: () => time }
    const running = await start({ clock, trustProxy: ['loopback'], networkRate: 40 })
    const flood = await Promise.all(
      Array.from({ length: 30 }, (_, index) => from(running, `198.51.100.${index}`, index)),
    )
    expect(statuses(flood)).toEqual({ 200: 10, 429: 20 })
    const refused = flood.find((each) => each.status === 429)
    expect(refused?.headers.get('retry-after')).toBe('2')
    expect(refused?.headers.get('access-control-allow-origin')).toBe('*')
    expect(refused?.headers.get('access-control-expose-headers')).toBe('retry-after')
    expect(((await refused!.json()) as { code: string }).code).toBe('rate_limited')
    expect((await from(running, '203.0.113.1', 100)).status).toBe(200)
    expect(((await running.read('/v1/stats')) as { events: number }).events).toBe(11)
    // All routes of pages share it, and those of the owner have none.
    const config = (address: string): Promise<Response> =>
      fetch(`${running.url}/v1/config?key=${running.key}`, { headers: { 'x-forwarded-for': address } })
    expect((await config('198.51.100.250')).status).toBe(429)
    expect((await config('203.0.113.2')).status).toBe(200)
    expect(
      (await running.admin('/v1/stats', { headers: { 'x-forwarded-for': '198.51.100.1' } })).status,
    ).toBe(200)
    time += 60_000
    expect((await config('198.51.100.250')).status).toBe(200)
    expect(await (await running.admin('/metrics')).text()).toContain(
      'earshot_requests_limited_total{by="network"} 21',
    )
  })

  it('counts a request once, also one that turns out to need a second look', async () => {
    const running = await start({ trustProxy: ['loopback'], networkRate: 40 })
    // The short way finds no key at the beginning of it.
    const odd = (number: number): Promise<Response> =>
      running.post(` ${JSON.stringify(envelope(running.key, [answer(number)]))}`, {
        'x-forwarded-for': '198.51.100.7',
      })
    const sent = []
    for (let index = 0; index < 12; index++) sent.push(await odd(index))
    expect(statuses(sent)).toEqual({ 200: 10, 429: 2 })
  })

  it('believes no header of a client whom nobody trusts', async () => {
    const running = await start({ networkRate: 4 })
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, index) => from(running, `6.6.${index}.1`, index)),
    )
    // From loopback everybody may come, so nobody is limited by it.
    expect(statuses(sent)).toEqual({ 200: 20 })
    const trusting = await start({ networkRate: 4, trustProxy: ['loopback'] })
    const forged = await Promise.all(
      Array.from({ length: 20 }, (_, index) => from(trusting, `6.6.${index}.1, 198.51.100.7`, index)),
    )
    expect(statuses(forged)).toEqual({ 200: 1, 429: 19 })
  })

  it('holds for another server in front too, that says who asks', async () => {
    const { collector, key } = await start({ networkRate: 4 })
    const ask = (address?: string): Promise<Response> =>
      collector.fetch(
        new Request(`http://x/v1/config?key=${key}`),
        address === undefined ? undefined : { address },
      )
    expect([(await ask('192.0.2.1')).status, (await ask('192.0.2.99')).status]).toEqual([200, 429])
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
  })
})

describe('the limit of a key', () => {
  it('is not used up by one network for all others', async () => {
    const running = await start({ trustProxy: ['loopback'], networkRate: 0 })
    const key = await keyWith(running, 160)
    const greedy = await Promise.all(
      Array.from({ length: 100 }, (_, index) => from(running, '198.51.100.7', index, key)),
    )
    // 40 at once for all, of which one network gets a quarter.
    expect(statuses(greedy)).toEqual({ 200: 10, 429: 90 })
    const others = await Promise.all(
      Array.from({ length: 40 }, (_, index) => from(running, `203.0.${index}.7`, 1000 + index, key)),
    )
    expect(statuses(others)).toEqual({ 200: 30, 429: 10 })
    expect((await from(running, '198.51.100.7', 5000)).status).toBe(200)
    expect(await (await running.admin('/metrics')).text()).toContain(
      'earshot_requests_limited_total{by="key"} 100',
    )
  })

  it('costs a client time and no answer: what is sent again as Retry-After says is stored once', async () => {
    let time = now
    const running = await start({ clock: { now: () => time } })
    const key = await keyWith(running, 60)
    const queue = Array.from({ length: 60 }, (_, index) => index)
    let refusals = 0
    while (queue.length > 0) {
      const [next = 0] = queue
      const response = await from(running, '', next, key)
      if (response.status === 200) {
        expect(await response.json()).toMatchObject({ accepted: [uuid('event', next)] })
        queue.shift()
        continue
      }
      expect(response.status).toBe(429)
      refusals++
      time += Number(response.headers.get('retry-after')) * 1000
    }
    expect(refusals).toBe(45)
    expect(((await running.read('/v1/stats')) as { events: number }).events).toBe(60)
  })
})

describe('the bound of a day', () => {
  const json = { 'content-type': 'application/json' }
  const boundKey = async (running: Running, daily: number): Promise<string> => {
    const body = JSON.stringify({ name: 'bound', daily })
    const made = await running.admin('/v1/keys', { method: 'POST', body, headers: json })
    return ((await made.json()) as { key: string }).key
  }
  const sendAll = async (running: Running, key: string, numbers: number[]): Promise<Response> =>
    running.post(
      JSON.stringify(
        envelope(
          key,
          numbers.map((number) => answer(number)),
        ),
      ),
    )
  const shown = async (running: Running, key: string): Promise<unknown> => {
    const { keys } = (await running.read('/v1/keys')) as { keys: Record<string, unknown>[] }
    const found = keys.find((each) => each['key'] === key)
    return [found?.['today'], found?.['daily']]
  }

  it('holds until midnight of UTC, counts what is new, and is known to other collectors and the next start', async () => {
    let time = now
    const clock = { now: () => time }
    const data = temporaryDirectory()
    const running = await start({ data, clock })
    const key = await boundKey(running, 5)
    expect((await sendAll(running, key, [1, 2, 3])).status).toBe(200)
    // Nothing of it is new.
    expect((await sendAll(running, key, [1, 2, 3])).status).toBe(200)
    expect(await shown(running, key)).toEqual([3, 5])
    // The request that reaches it is taken whole.
    expect((await sendAll(running, key, [4, 5, 6])).status).toBe(200)
    const refused = await sendAll(running, key, [7])
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, String(12 * 3600)])
    expect(((await refused.json()) as { code: string }).code).toBe('daily_quota_reached')
    // Another key goes on.
    expect((await sendAll(running, running.key, [8])).status).toBe(200)
    const metrics = await (await running.admin('/metrics')).text()
    expect(metrics).toContain(`earshot_key_events_today{key="${key}"} 6`)
    expect(metrics).toContain(`earshot_key_events_per_day{key="${key}"} 5`)
    expect(metrics).toContain('earshot_requests_limited_total{by="day"} 1')
    await running.collector.close()

    const again = await start({ data, clock })
    expect((await sendAll(again, key, [9])).status).toBe(429)
    time += 12 * 3_600_000
    expect((await sendAll(again, key, [9])).status).toBe(200)
    expect(await shown(again, key)).toEqual([1, 5])
    expect(((await again.read('/v1/stats')) as { events: number }).events).toBe(8)
  })

  it('is not passed by many requests at once', async () => {
    const running = await start()
    const key = await boundKey(running, 10)
    const sent = await Promise.all(Array.from({ length: 50 }, (_, index) => sendAll(running, key, [index])))
    expect(statuses(sent)).toEqual({ 200: 10, 429: 40 })
    expect(await shown(running, key)).toEqual([10, 10])
  })
})

it.skipIf(onPostgres)('addresses get neither into the files nor into the log', async () => {
  const data = temporaryDirectory()
  const lines: string[] = []
  const log = createLog((line) => void lines.push(line))
  const running = await start({ data, log, logRequests: true, trustProxy: ['loopback'], networkRate: 8 })
  const sent = []
  for (let index = 0; index < 5; index++) sent.push(await from(running, '198.51.100.77', index))
  expect(statuses(sent)).toEqual({ 200: 2, 429: 3 })
  const kept = Buffer.concat(readdirSync(data).map((name) => readFileSync(join(data, name)))).toString(
    'latin1',
  )
  const metrics = await (await running.admin('/metrics')).text()
  for (const text of [kept, lines.join(), metrics]) expect(text).not.toMatch(/198\.51\.100|127\.0\.0/)
  expect(lines.length).toBeGreaterThan(4)
})

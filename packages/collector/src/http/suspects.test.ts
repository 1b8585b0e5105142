import { describe, expect, it, vi } from 'vitest'
import {
  answer,
  envelope,
  moment,
  now,
  npsSurvey,
  start,
  uuid,
  type Running,
  type Way,
  ways,
} from '../fixtures.ts'

interface ReportBody {
  estimate: { value: number | null }
  responses: number
  suspects: { count: number; areIncluded: boolean }
  notes: string[]
}
const nps = (running: Running, more = ''): Promise<ReportBody> =>
  running.read(`/v1/reports/nps?survey=nps-q4${more}`) as Promise<ReportBody>
const counts = async (running: Running, more = ''): Promise<unknown> =>
  ((await running.read(`/v1/reports/response?survey=nps-q4${more}`)) as { counts: unknown }).counts
const listed = async (running: Running): Promise<[string, string[]][]> =>
  (
    (await running.read('/v1/suspects')) as { suspects: { response: string; reasons: string[] }[] }
  ).suspects.map((each) => [each.response, each.reasons])
/** A showing and its answer, so many milliseconds after it. */
const showing = (number: number, value: number, late: number, hidden?: object): object[] => [
  answer(number + 100_000, 0, {
    type: 'display',
    at: moment(-60),
    response: uuid('response', number),
    visitor: `visitor-${number}`,
    seq: 1,
    data: { trigger: 'show', ...(hidden && { hidden }) },
  }),
  answer(number, value, { at: moment(-60 + late / 1000), seq: 2 }),
]

describe.each(ways)('by the %s', (way) => {
  it('what is answered at the moment in which it is seen, or falls into the trap, is kept apart', async () => {
    const running = await start({}, way)
    await running.put(npsSurvey)
    for (let number = 1; number <= 10; number++)
      await running.send(showing(number, number <= 5 ? 10 : 0, 1500))
    const events = [
      ...showing(21, 10, 0),
      ...showing(22, 10, 9),
      ...showing(23, 10, 10),
      ...showing(24, 10, 2000, { trap: 'x' }),
    ]
    expect((await running.send(events)).accepted).toHaveLength(8)

    const report = await nps(running)
    // Five of each, and the one that was quick, but not too quick.
    expect([report.responses, report.estimate.value]).toEqual([11, 100 / 11])
    expect(report.suspects).toEqual({ count: 3, areIncluded: false })
    expect(report.notes.join()).toMatch(
      /3 responses look as if no person.*are not counted; "suspects=include"/,
    )
    const whole = await nps(running, '&suspects=include')
    expect([whole.responses, whole.suspects]).toEqual([14, { count: 3, areIncluded: true }])
    expect((await nps(running, '&basis=all')).responses).toBe(11)
    expect((await nps(running, '&basis=all&suspects=include')).responses).toBe(14)
    expect(await counts(running)).toMatchObject({ shown: 11, answered: 11 })
    expect(await counts(running, '&suspects=include')).toMatchObject({ shown: 14, answered: 14 })
    expect((await listed(running)).toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      [uuid('response', 21), ['too-fast']],
      [uuid('response', 22), ['too-fast']],
      [uuid('response', 24), ['trap']],
    ])
    // They are stored like all others.
    expect(((await running.read('/v1/stats')) as { responses: number }).responses).toBe(14)
    expect(
      ((await running.read('/v1/responses?limit=200')) as { responses: unknown[] }).responses,
    ).toHaveLength(14)

    // Somebody looks at one, and finds it good; more of its events change nothing about that.
    expect((await running.admin(`/v1/suspects/${uuid('response', 21)}`, { method: 'DELETE' })).status).toBe(
      204,
    )
    expect((await running.admin(`/v1/suspects/${uuid('response', 1)}`, { method: 'DELETE' })).status).toBe(
      404,
    )
    await running.send([answer(900, 10, { response: uuid('response', 21), visitor: 'visitor-21', seq: 3 })])
    expect([(await nps(running)).responses, (await nps(running)).suspects.count]).toEqual([12, 2])
  })

  it('an answer within the first second, with which the SDK says that the card was seen, is good', async () => {
    const running = await start({}, way)
    const [display, answered] = showing(1, 9, 0) as [object, object]
    await running.send([
      { ...answered, seq: 1 },
      { ...display, seq: 2 },
    ])
    expect(await listed(running)).toEqual([])
    expect((await nps(running)).responses).toBe(1)
  })

  it('is judged by all events, in whichever order they come', async () => {
    const running = await start({}, way)
    const [display, answered] = showing(1, 9, 3) as [object, object]
    await running.send([answered])
    expect([(await listed(running)).length, (await nps(running)).responses]).toEqual([0, 1])
    await running.send([display])
    expect([(await listed(running)).length, (await nps(running)).responses]).toEqual([1, 0])
    // A display of before arrives last: the answer came three seconds after it.
    await running.send([{ ...display, id: uuid('event', 500), at: moment(-63), seq: 0 }])
    expect([(await listed(running)).length, (await nps(running)).responses]).toEqual([0, 1])
  })

  it('a program that stuffs scores moves the number by less than one point, and nothing of it is lost', async () => {
    const running = await start({ trustProxy: ['loopback'], networkRate: 0 }, way)
    await running.put(npsSurvey)
    // Real visitors: 100 networks, 20 in each.
    for (let network = 0; network < 100; network++) {
      const events = Array.from({ length: 20 }, (_, index) =>
        answer(network * 20 + index, index % 2 === 0 ? 9 : 0),
      )
      const body = JSON.stringify(envelope(running.key, events))
      const headers = { 'x-forwarded-for': `203.0.${network}.9` }
      expect((await post(running, way, body, headers)).status).toBe(200)
    }
    const before = await nps(running)
    expect([before.responses, before.estimate.value]).toEqual([2000, 0])
    for (let part = 0; part < 10; part++) {
      const events = Array.from({ length: 500 }, (_, index) => answer(10_000 + part * 500 + index, 10))
      const response = await post(running, way, JSON.stringify(envelope(running.key, events)), {
        'x-forwarded-for': `198.51.100.${part}`,
      })
      expect(((await response.json()) as { accepted: string[] }).accepted).toHaveLength(500)
    }
    // Nobody waits for that: the first 30 were let through before it was seen what comes, and are doubted behind the others.
    await vi.waitFor(async () => expect((await nps(running)).responses).toBe(2000))
    const after = await nps(running)
    expect(Math.abs(after.estimate.value ?? 99)).toBeLessThan(1)
    expect(after.suspects).toEqual({ count: 5000, areIncluded: false })
    const whole = await nps(running, '&suspects=include')
    expect(whole.responses).toBe(7000)
    expect(whole.estimate.value).toBeGreaterThan(70)
    expect(((await running.read('/v1/stats')) as { events: number }).events).toBe(7000)
  })

  it.each([
    // 30 within a minute; a school has more than one of them.
    ['a class', 30, 2000, 3],
    // One address for the whole shop, and somebody answers every 20 seconds.
    ['a shop', 300, 20_000, 1],
  ])('%s behind one address is believed', async (_, people, pause, times) => {
    let time = now
    const running = await start({ trustProxy: ['loopback'], clock: { now: () => time } }, way)
    await running.put(npsSurvey)
    for (let round = 0; round < times; round++) {
      for (let index = 0; index < people; index++) {
        const number = round * people + index
        const body = JSON.stringify(envelope(running.key, [answer(number, number % 11)]))
        expect((await post(running, way, body, { 'x-forwarded-for': '198.51.100.7' })).status).toBe(200)
        time += pause
      }
      time += 3_600_000
    }
    expect(await nps(running)).toMatchObject({ responses: people * times, suspects: { count: 0 } })
  })

  it('a hall with more than that is doubted from the 31st on, and no further back', async () => {
    const running = await start({ trustProxy: ['loopback'], networkRate: 0 }, way)
    for (let number = 0; number < 89; number++) {
      const body = JSON.stringify(envelope(running.key, [answer(number)]))
      expect((await post(running, way, body, { 'x-forwarded-for': '198.51.100.7' })).status).toBe(200)
    }
    expect(await nps(running)).toMatchObject({ responses: 30, suspects: { count: 59 } })
  })
})

/** The other way has no connection to read a network from, so it is told. */
function post(running: Running, way: Way, body: string, headers: Record<string, string>): Promise<Response> {
  if (way === 'port') return running.post(body, headers)
  const request = new Request('http://x/v1/feedback', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
  return running.collector.fetch(request, { address: headers['x-forwarded-for'] ?? '' })
}

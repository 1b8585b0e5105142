import { placeSchema } from '@earshot/contract/schema'
import type { Place } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { answer, moment, now, npsSurvey, start, temporaryDirectory, uuid, type Running } from '../fixtures.ts'

const limited = { ...npsSurvey, quota: 2 }
const granted = { granted: true, until: moment(1800) }

async function ask({ call }: Running, number: number, fields: object = {}): Promise<Place> {
  const response = await call('/v1/places', {
    survey: 'nps-q4',
    response: uuid('response', number),
    visitor: `visitor-${number}`,
    person: null,
    ...fields,
  })
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  return placeSchema.parse(await response.json())
}

describe('POST /v1/places', () => {
  it('grants no more places than the quota, however many ask at once, and gives closed ones on', async () => {
    const running = await start({ data: temporaryDirectory() })
    await running.put(limited)
    const asked = await Promise.all(Array.from({ length: 50 }, (_, index) => ask(running, index)))
    expect(asked.filter((each) => each.granted)).toEqual([granted, granted])
    expect(new Set(asked.map((each) => each.reason))).toEqual(new Set([undefined, 'quota-full']))
    const winner = asked.findIndex((each) => each.granted)
    expect(await ask(running, winner)).toEqual(granted)
    await running.send([answer(winner, 0, { type: 'dismiss', data: { reason: 'close' } })])
    expect(await ask(running, 60)).toEqual(granted)
    await running.send([answer(60, 9), answer(61, 0, { ...of(60), type: 'complete', data: {} })])
    expect(await ask(running, 62)).toEqual({ granted: false, reason: 'quota-full' })
  })

  it('frees a place of which nothing is heard, and keeps one that was seen or answered longer', async () => {
    let time = now
    const running = await start({ clock: { now: () => time } })
    await running.put({ ...limited, quota: 3 })
    for (const number of [1, 2, 3]) await ask(running, number)
    await running.send([
      answer(2, 0, { type: 'display', data: { trigger: 'page' } }),
      answer(3, 9, { response: uuid('response', 3) }),
    ])
    const freeAfter = async (minutes: number): Promise<boolean> => {
      time = now + minutes * 60_000 - 1
      const number = minutes
      expect((await ask(running, number)).granted).toBe(false)
      time++
      return (await ask(running, number)).granted
    }
    // 10 minutes, an hour and a day after the 30 minutes.
    expect(await freeAfter(40)).toBe(true)
    await running.send([answer(40), answer(41, 0, { ...of(40), type: 'complete', data: {} })])
    expect(await freeAfter(90)).toBe(true)
    await running.send([answer(90), answer(91, 0, { ...of(90), type: 'complete', data: {} })])
    expect(await freeAfter(30 + 24 * 60)).toBe(true)
  })

  it('keeps and marks what is completed too late, and says so in the report', async () => {
    let time = now
    const running = await start({ clock: { now: () => time } })
    const { read, admin, send } = running
    await running.put({ ...limited, quota: 1 })
    await ask(running, 1)
    time += 40 * 60_000
    await ask(running, 2)
    const done = (number: number, score: number): object[] => [
      answer(number, score, { visitor: `visitor-${number}` }),
      answer(number + 10, 0, {
        response: uuid('response', number),
        visitor: `visitor-${number}`,
        ...complete,
      }),
    ]
    await send([...done(1, 0), ...done(2, 10)])
    const { responses } = await read('/v1/responses')
    expect(responses).toMatchObject([
      { status: 'completed', overQuota: false, answers: { score: { value: 10 } } },
      { status: 'completed', overQuota: true, answers: { score: { value: 0 } } },
    ])
    const { response } = await read(`/v1/responses/${uuid('response', 1)}`)
    expect(response.overQuota).toBe(true)
    const [header = '', ...rows] = (await (await admin('/v1/export')).text()).trim().split('\r\n')
    const column = header.split(',').indexOf('overQuota')
    expect(rows.map((row) => row.split(',')[column])).toEqual(['true', 'false'])
    const note = expect.stringMatching(
      /^1 response is stored and not counted: completed after the quota was full/,
    )
    const report = await read('/v1/reports/nps?survey=nps-q4')
    expect([report.responses, report.estimate.value]).toEqual([1, 100])
    expect(report.notes).toContainEqual(note)
    const rate = await read('/v1/reports/response?survey=nps-q4')
    expect(rate.counts).toEqual({ shown: 1, answered: 1, completed: 1, dismissed: 0 })
    expect(rate.notes).toContainEqual(note)
  })

  it('goes by the quota of the latest served version', async () => {
    const running = await start()
    await running.put({ ...limited, quota: 1 })
    await ask(running, 1)
    expect((await ask(running, 2)).granted).toBe(false)
    await running.put({ ...limited, version: 2 })
    expect((await ask(running, 2)).granted).toBe(true)
    await running.put({ ...npsSurvey, version: 3 })
    expect(await ask(running, 3)).toEqual({ granted: true })
  })

  it('knows a response id in capital letters', async () => {
    const running = await start()
    await running.put({ ...limited, quota: 1 })
    await ask(running, 1)
    expect(await ask(running, 0, { response: uuid('response', 1).toUpperCase() })).toEqual(granted)
  })

  it('refuses a follow-up that was answered elsewhere, and whoever has opted out', async () => {
    const running = await start()
    await running.put(limited)
    const followUp = 'nps-q4/why/1'
    const phone = { visitor: 'phone', person: 'ann' }
    expect((await ask(running, 9, { person: 'ann', followUp })).granted).toBe(true)
    const display = { trigger: 'followup', followUp }
    await running.send([answer(1, 0, { ...phone, type: 'display', data: display })])
    await running.send([answer(2, 9, { ...phone, ...of(1) })])
    expect(await ask(running, 9, { person: 'ann', followUp })).toEqual({
      granted: false,
      reason: 'answered-elsewhere',
    })
    expect((await ask(running, 1, { ...phone, followUp })).granted).toBe(true)
    expect((await ask(running, 9, { person: 'bob', followUp })).granted).toBe(true)
    await running.send([answer(3, 0, { visitor: 'desk', person: 'bob', type: 'optout', data: {} })])
    expect(await ask(running, 9, { person: 'bob', followUp })).toEqual({
      granted: false,
      reason: 'opted-out',
    })
  })

  it('takes no identity with half a character, and breaks on none', async () => {
    const running = await start()
    const followUp = 'nps-q4/why/T\ud800'
    const event = (number: number, data: object, type: string): object => answer(number, 0, { type, data })
    const { rejected } = await running.send([
      event(1, { trigger: 'followup', followUp }, 'display'),
      event(2, { followUp, state: 'cancelled' }, 'followup'),
    ])
    expect(rejected.map(({ code, path }) => [code, path])).toEqual([
      ['invalid_event', 'data.followUp'],
      ['invalid_event', 'data.followUp'],
    ])
    expect(await ask(running, 2, { followUp })).toEqual({ granted: true })
  })

  it('needs a served survey for a quota, but none to say whether a follow-up is settled', async () => {
    const running = await start()
    await running.send([answer(1)])
    for (const survey of ['nps-q4', 'nothing']) {
      const body = { survey, response: uuid('response', 1), visitor: 'v', person: null }
      const response = await running.call('/v1/places', body)
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([404, '*'])
      expect(await response.json()).toMatchObject({
        code: 'unknown_survey',
        detail: expect.stringContaining('quotas need a survey that the collector serves'),
      })
      expect(await ask(running, 2, { survey, followUp: 'a/b/c' })).toEqual({ granted: true })
    }
  })

  it.each<[string, object, number, string]>([
    ['another key', { key: 'pk_other' }, 401, 'unknown_key'],
    ['a response that is no UUID', { response: '1' }, 400, 'invalid_envelope'],
    ['no visitor', { visitor: '\u0000' }, 400, 'invalid_envelope'],
  ])('refuses %s', async (_, fields, status, code) => {
    const { call, put } = await start()
    await put(limited)
    const body = { survey: 'nps-q4', response: uuid('response', 1), visitor: 'v', person: null, ...fields }
    const response = await call('/v1/places', body)
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code])
  })
})

const complete = { type: 'complete', data: {} }

function of(number: number): object {
  return { response: uuid('response', number), visitor: number === 1 ? 'phone' : `visitor-${number}` }
}

describe.each(['/v1/places', '/v1/erase'])('%s', (path) => {
  it('is for pages of the allowed origins, which may read a refusal', async () => {
    const { call, url } = await start({ origins: ['https://shop.example'] })
    const refused = await call(path, {}, { origin: 'https://evil.example' })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, '*'])
    const wrong = await call(path, { key: 'pk_other', visitor: 'v' }, { origin: 'https://shop.example' })
    expect(wrong.headers.get('access-control-allow-origin')).toBe('https://shop.example')
    const preflight = await fetch(url + path, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example' },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'POST'])
  })
  it('takes JSON and text/plain, and nothing else; no more than 1 MiB', async () => {
    const { call } = await start()
    const code = async (type: string, body: object): Promise<unknown> =>
      ((await (await call(path, body, { 'content-type': type })).json()) as { code?: string }).code
    for (const type of ['application/json', 'text/plain;charset=UTF-8'])
      expect(await code(type, {})).toBe('invalid_envelope')
    expect(await code('text/html', {})).toBe('unsupported_type')
    expect(await code('text/plain', { visitor: 'x'.repeat(1024 * 1024) })).toBe('body_too_large')
  })
})

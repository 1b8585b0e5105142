import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import {
  answer,
  moment,
  npsQuestion,
  npsSurvey,
  onPostgres,
  start,
  temporaryDirectory,
  uuid,
  type Running,
} from '../fixtures.ts'

const survey: Survey = {
  ...npsSurvey,
  questions: [
    npsQuestion,
    { ...npsQuestion, id: 'easy', metric: 'ces2', min: 1, max: 7, positive: [5, 6, 7], negative: [1, 2, 3] },
    { ...npsQuestion, id: 'happy', metric: 'csat', min: 1, max: 5, positive: [4, 5], negative: [1, 2] },
    {
      kind: 'choice',
      id: 'cause',
      title: 'What about?',
      options: [
        { id: 'price', label: 'Price' },
        { id: 'staff', label: 'Staff' },
      ],
      positive: ['staff'],
      multiple: true,
      other: 'Else',
    },
    { kind: 'text', id: 'why', title: 'Why?', maxLength: 500 },
    { kind: 'text', id: 'mail', title: 'Your address?', maxLength: 100, input: 'email' },
  ],
  variants: [
    { id: 'a', weight: 1 },
    { id: 'b', weight: 1 },
  ],
  hidden: ['plan'],
}
const hour = 3600
const canaries = [
  'canary-person',
  'canary-visitor',
  'canary-comment',
  'canary-other',
  'canary@',
  'canary-plan',
]

/** A response with an answer to each question, of somebody. */
function response(number: number, visitor: string, more: object = {}): object[] {
  const ago = -hour * (1 + 7 * (number % 12))
  const of = (index: number, type: string, data: object): object =>
    answer(10 * number + index, 0, {
      type,
      data,
      visitor,
      response: uuid('response', number),
      at: moment(ago + 2 * index),
      variant: number % 2 === 0 ? 'a' : 'b',
      context: {
        channel: number % 3 === 0 ? 'kiosk' : 'web',
        url: `https://shop.example/canary-person/${number}`,
        locale: 'rm',
      },
      ...more,
    })
  const given = (index: number, question: string, value: unknown, other?: string): object =>
    of(index, 'answer', { question, value, revision: 0, ...(other !== undefined && { other }) })
  return [
    of(0, 'display', { trigger: 'click', hidden: { plan: 'canary-plan' }, wording: 'rm@1' }),
    given(1, 'score', (number * 7) % 11),
    given(2, 'easy', 1 + (number % 7)),
    given(3, 'happy', 1 + (number % 5)),
    given(
      4,
      'cause',
      number % 2 === 0 ? ['staff'] : ['price', 'other'],
      number % 2 ? 'canary-other' : undefined,
    ),
    given(5, 'why', 'canary-comment'),
    ...(number % 4 === 0
      ? [given(6, 'mail', 'canary@example.com'), of(7, 'complete', {})]
      : [of(7, 'dismiss', { reason: 'escape' })]),
  ]
}

/** Others, and a person with two browsers, each of which answered once. */
async function lived(running: Running): Promise<void> {
  await running.put(survey)
  await running.send(
    [
      ...response(30, 'canary-visitor-a', { person: 'canary-person' }),
      ...response(31, 'canary-visitor-b'),
      answer(500, 0, {
        type: 'identify',
        visitor: 'canary-visitor-b',
        person: 'canary-person',
        survey: undefined,
        surveyVersion: undefined,
        response: undefined,
        data: { traits: { note: 'canary-trait' } },
      }),
    ],
    { surveys: [] },
  )
  for (let number = 1; number <= 12; number++)
    await running.send(response(number, `visitor-${number}`), { surveys: [] })
}

const about = 'survey=nps-q4&minimum=1'
const days = 'from=2026-11-15&to=2026-11-22&interval=day'
/** All ways of counting of which it is promised that nothing changes. */
const ways = [
  ...['nps', 'csat', 'ces', 'response'].flatMap((metric) =>
    [
      '',
      `&${days}`,
      `&${days}&timezone=Europe/Berlin`,
      '&by=variant',
      '&by=version',
      '&by=channel&where=variant:a',
      '&where=channel:kiosk&suspects=include',
      '&variant=b&from=2026-11-19',
    ].map((more) => `/v1/reports/${metric}?${about}${more}`),
  ),
  `/v1/reports/response?${about}&by=question`,
  ...['nps', 'csat', 'ces'].flatMap((metric) =>
    ['all', 'latest'].map((basis) => `/v1/reports/${metric}?${about}&basis=${basis}&${days}`),
  ),
  `/v1/reports/question?${about}&question=cause&by=channel`,
  `/v1/reports/question?${about}`,
  `/v1/reports/themes?${about}&question=cause`,
  `/v1/reports/compare?${about}&metric=nps&by=variant&one=a&other=b`,
  `/v1/reports/drivers?${about}&metric=nps`,
]
/** Answered choices are listed in the order in which they were met, where as many chose them. */
const plain = (report: unknown): unknown =>
  JSON.parse(JSON.stringify(report), (_key, value: unknown) => {
    if (Array.isArray(value))
      return value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    // Sums in another order differ in the last digit.
    return typeof value === 'number' ? Number(value.toPrecision(12)) : value
  })
const countsOf = async (running: Running, paths = ways): Promise<Record<string, unknown>> => {
  const found: Record<string, unknown> = {}
  for (const path of paths) found[path] = plain(await running.read(path))
  return found
}
const erase = async (running: Running, id: string, query = '?keep=counts'): Promise<object> =>
  (await (await running.admin(`/v1/people/${id}${query}`, { method: 'DELETE' })).json()) as object
const texts = (data: string): string =>
  Buffer.concat(readdirSync(data).map((name) => readFileSync(join(data, name)))).toString('latin1')

describe('an erasure that keeps the counts', () => {
  it('changes no report, removes the person from all that is stored, and says what was kept', async () => {
    const data = temporaryDirectory()
    const running = await start({ data })
    await lived(running)
    const before = await countsOf(running)
    const stats = await running.read('/v1/stats')
    const receipt = await erase(running, 'canary-person')
    expect(receipt).toMatchObject({
      visitors: 2,
      events: 15,
      responses: 2,
      keep: 'counts',
      keptResponses: 2,
      keptEvents: 14,
      left: 0,
      person: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await countsOf(running)).toEqual(before)
    expect(await running.read('/v1/stats')).toMatchObject({
      accepted: stats.accepted,
      events: stats.events - 1,
      responses: 14,
    })
    for (const id of ['canary-person', 'canary-visitor-a', 'canary-visitor-b'])
      expect((await running.admin(`/v1/people/${id}`)).status).toBe(404)
    expect((await running.admin(`/v1/responses/${uuid('response', 30)}`)).status).toBe(404)
    const found = await running.read('/v1/responses?q=canary-comment&limit=100')
    expect(found.responses).toHaveLength(12)
    // Those who stay have the same words; so all of them go too before the files are searched.
    for (let number = 1; number <= 12; number++) await erase(running, `visitor-${number}`)
    expect(await countsOf(running)).toEqual(before)
    const exported = await (await running.admin('/v1/export?format=ndjson')).text()
    expect(exported.trim().split('\n')).toHaveLength(14)
    const csv = await (await running.admin('/v1/export?format=csv')).text()
    const gone = [...canaries, 'canary', 'shop.example', '"rm"', 'visitor-1']
    for (const each of gone)
      expect([each, exported.includes(each), csv.includes(each)]).toEqual([each, false, false])
    if (!onPostgres)
      for (const each of [...canaries, 'canary', 'shop.example', 'visitor-1'])
        expect([each, texts(data).includes(each)]).toEqual([each, false])
  }, 120_000)

  it('says that nothing was kept where nothing was asked for, and erases nobody for a wish that it does not know', async () => {
    const running = await start()
    await lived(running)
    for (const query of ['?keep=count', '?kep=counts', '?keep=counts&keep=counts'])
      expect(await erase(running, 'visitor-1', query)).toMatchObject({ status: 400, code: 'invalid_query' })
    for (const keep of ['all', '', null, true])
      expect((await running.call('/v1/erase', { visitor: 'visitor-1', keep })).status).toBe(400)
    expect((await running.read('/v1/people/visitor-1')).visitors).toHaveLength(1)
    expect(await erase(running, 'visitor-1', '')).toMatchObject({
      responses: 1,
      keep: 'nothing',
      keptResponses: 0,
      keptEvents: 0,
    })
    expect(await erase(running, 'visitor-2', '?keep=nothing')).toMatchObject({ keep: 'nothing' })
    expect(await running.read('/v1/stats')).toMatchObject({ responses: 12 })
  })

  it('is for pages too, takes what comes late off their queue, and counts nothing of it again', async () => {
    const running = await start()
    await lived(running)
    const before = await countsOf(running)
    const ask = async (): Promise<unknown> =>
      (await running.call('/v1/erase', { visitor: 'visitor-5', keep: 'counts' })).json()
    expect(await ask()).toEqual({ erased: 7, keep: 'counts', keptResponses: 1 })
    expect(await ask()).toEqual({ erased: 0, keep: 'counts', keptResponses: 0 })
    const again = [...response(5, 'visitor-5'), ...response(99, 'visitor-5')]
    const receipt = await running.send(again, { surveys: [] })
    expect([receipt.accepted.length, receipt.duplicates, receipt.rejected]).toEqual([again.length, [], []])
    expect(await countsOf(running)).toEqual(before)
  })

  it('counts each answer by itself in reports of the latest, where somebody had given several', async () => {
    const running = await start()
    await running.send([
      answer(1, 10, { visitor: 'ann', at: moment(-90_000) }),
      answer(2, 0, { visitor: 'ann' }),
      answer(3, 0, { visitor: 'bob' }),
    ])
    const n = async (basis: string): Promise<number> =>
      (await running.read(`/v1/reports/nps?survey=nps-q4&basis=${basis}`)).estimate.n
    expect([await n('all'), await n('latest')]).toEqual([3, 2])
    await erase(running, 'ann')
    expect([await n('all'), await n('latest')]).toEqual([3, 3])
  })

  it('is shown to nobody as news, nor as somebody', async () => {
    const running = await start()
    await lived(running)
    const heard: string[] = []
    const control = new AbortController()
    const stream = await running.admin('/v1/stream', { signal: control.signal })
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    await erase(running, 'canary-person')
    await running.send([answer(900, 4, { visitor: 'last' })], { surveys: [] })
    for (;;) {
      const { value = '', done } = await reader.read()
      heard.push(value)
      if (done || heard.join('').includes('"value":4')) break
    }
    control.abort()
    expect(heard.join('').match(/^event: answer$/gm)).toHaveLength(1)
  })

  it.each(['ndjson', 'csv'])(
    'leaves what an export brings to the same numbers elsewhere: %s',
    async (format) => {
      const running = await start()
      await lived(running)
      /** Marks of what came late: an import comes late. */
      const timeless = (counts: object): unknown =>
        JSON.parse(JSON.stringify(counts), (key, value: unknown) =>
          key === 'late' || key === 'isRevised' ? 0 : value,
        )
      const moved = async (): Promise<Running> => {
        const text = await (await running.admin(`/v1/export?format=${format}`)).text()
        const other = await start()
        await other.put(survey)
        const done = await other.admin('/v1/import', {
          method: 'POST',
          body: JSON.stringify({ source: format, text }),
          headers: { 'content-type': 'application/json' },
        })
        expect(await done.json()).toMatchObject({ responses: 14, bad: 0, errors: [] })
        return other
      }
      for (const each of ['canary-person', 'visitor-3', 'visitor-9']) await erase(running, each)
      expect(timeless(await countsOf(await moved()))).toEqual(timeless(await countsOf(running)))
      // No address is a text without letters, so that one was given is not brought over; all else is.
      await erase(running, 'visitor-8')
      const others = ways.filter((each) => !each.includes('by=question'))
      expect(timeless(await countsOf(await moved(), others))).toEqual(
        timeless(await countsOf(running, others)),
      )
    },
    60_000,
  )
})

import { compareNps, compareShares, nps, proportion } from '@earshot/metrics'
import type { ChoiceQuestion, Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { answer, npsQuestion, npsSurvey, start, uuid, type Running } from '../fixtures.ts'

const cause: ChoiceQuestion = {
  kind: 'choice',
  id: 'cause',
  title: 'What about?',
  options: [
    { id: 'price', label: 'Preis' },
    { id: 'staff', label: 'Personal' },
  ],
  multiple: true,
}
const survey: Survey = {
  ...npsSurvey,
  questions: [npsQuestion, cause, { kind: 'text', id: 'why', title: 'Why?', maxLength: 200 }],
  hidden: ['plan'],
}

interface Given {
  score: number
  at?: string
  channel?: string
  person?: string | null
  fields?: object
  answers?: Record<string, unknown>
  completes?: boolean
}

/** Sends responses of several answers; numbers of events and responses count on from `from`. */
async function give({ send }: Running, all: readonly Given[], from = 1): Promise<void> {
  let number = from * 100
  const events = all.flatMap(
    (
      { score, at = '2026-11-20T10:00:00.000Z', channel = 'web', person = null, fields = {}, ...rest },
      index,
    ) => {
      const base = {
        at,
        person,
        visitor: `visitor-${from + index}`,
        response: uuid('response', from + index),
        context: { channel },
        ...fields,
      }
      const values = Object.entries({ score, ...rest.answers })
      const answers = values.map(([question, value]) =>
        answer(++number, 0, { ...base, data: { question, value, revision: 0 } }),
      )
      const end = rest.completes ? [answer(++number, 0, { ...base, type: 'complete', data: {} })] : []
      return [...answers, ...end]
    },
  )
  for (let at = 0; at < events.length; at += 400) {
    const batch = events.slice(at, at + 400)
    const receipt = await send(batch, { surveys: [survey] })
    expect([receipt.accepted.length, receipt.rejected]).toEqual([batch.length, []])
  }
}

const many = (count: number, given: Given): Given[] => Array.from({ length: count }, () => given)

describe('segments', () => {
  it('pool counts, hide what is small, and set each beside the rest', async () => {
    const running = await start()
    await give(running, [
      ...many(30, { score: 10 }),
      ...many(10, { score: 3 }),
      ...many(5, { score: 10, channel: 'kiosk' }),
      ...many(20, { score: 2, channel: 'kiosk' }),
      ...many(9, { score: 10, channel: 'mail' }),
    ])
    const report = await running.read('/v1/reports/nps?survey=nps-q4&by=channel')
    expect(report.estimate).toEqual(nps({ promoters: 44, passives: 0, detractors: 30 }).nps)
    expect(report.segments).toMatchObject({
      by: 'channel',
      more: 0,
      rows: [
        { value: 'web', responses: 40, estimate: { value: 50, n: 40 }, isHidden: false },
        { value: 'kiosk', responses: 25, estimate: { value: -60, n: 25 }, isHidden: false },
        {
          value: 'mail',
          responses: 9,
          estimate: { value: null, interval: null, n: 9 },
          isHidden: true,
          share: 900 / 74,
          distribution: [],
          rest: null,
        },
      ],
    })
    const [web] = report.segments.rows
    expect(web.rest).toEqual(
      compareNps(
        { promoters: 30, passives: 0, detractors: 10 },
        { promoters: 14, passives: 0, detractors: 20 },
        { level: 1 - 0.05 / 3 },
      ),
    )
    expect(web.distribution.find((each: { score: number }) => each.score === 10).count).toBe(30)
  })

  it('are of what is hidden, chosen, or not known; a filter takes any of one name and all of several', async () => {
    const running = await start()
    const shown = (number: number, plan: string, channel: string): object =>
      answer(number, 0, {
        type: 'display',
        response: uuid('response', number),
        visitor: `visitor-${number}`,
        data: { trigger: 'show', hidden: { plan } },
        at: '2026-11-20T09:00:00.000Z',
        context: { channel },
      })
    await running.send([shown(1, 'pro', 'web'), shown(2, 'pro', 'app'), shown(3, 'free', 'app')], {
      surveys: [survey],
    })
    await give(running, [
      { score: 10, answers: { cause: ['price', 'staff'] } },
      { score: 10, channel: 'app' },
      { score: 0, channel: 'app' },
      { score: 7, channel: 'mail' },
    ])
    const of = async (query: string): Promise<unknown> => {
      const { segments } = await running.read(`/v1/reports/nps?survey=nps-q4&minimum=1&${query}`)
      return segments.rows.map((each: { value: string; responses: number }) => [each.value, each.responses])
    }
    expect(await of('by=hidden.plan')).toEqual([
      ['pro', 2],
      [null, 1],
      ['free', 1],
    ])
    expect(await of('by=answer.cause')).toEqual([
      [null, 3],
      ['price|staff', 1],
    ])
    expect(await of('by=channel&where=channel:app&where=channel:mail')).toEqual([
      ['app', 2],
      ['mail', 1],
    ])
    expect(await of('by=channel&where=channel:app&where=hidden.plan:pro')).toEqual([['app', 1]])
    expect(await of('by=channel&where=hidden.plan:')).toEqual([['mail', 1]])
  })

  it('are of a stage that is told or not, of channels with their response rates, and of pages with their comments', async () => {
    const running = await start()
    const of = (channel: string, url: string, stage?: string): object => ({
      context: { channel, url, stage },
    })
    const [checkout, help] = ['https://shop.example/checkout', 'https://shop.example/help/returns']
    const shown = Array.from({ length: 8 }, (_, index) =>
      answer(9000 + index, 0, {
        ...of(index < 5 ? 'web' : 'mail', help),
        type: 'display',
        visitor: `seen-${index}`,
        data: { trigger: 'show' },
      }),
    )
    await running.send(shown, { surveys: [survey] })
    await give(running, [
      ...many(3, { score: 10, fields: of('web', checkout, 'purchase') }),
      ...many(2, { score: 0, fields: of('mail', help), answers: { why: 'Wo ist das Formular?' } }),
    ])
    const segments = async (query: string): Promise<{ value: string | null; responses: number }[]> =>
      (await running.read(`/v1/reports/${query}&survey=nps-q4&minimum=1`)).segments.rows
    expect(await segments('nps?by=stage')).toMatchObject([
      { value: 'purchase', responses: 3 },
      { value: null, responses: 2 },
    ])
    expect(await running.read('/v1/reports/nps?survey=nps-q4&where=stage:purchase')).toMatchObject({
      responses: 3,
    })
    expect(await segments('response?by=channel')).toMatchObject([
      { value: 'web', responses: 8, share: 800 / 13, estimate: { value: 37.5, n: 8 } },
      { value: 'mail', responses: 5, share: 500 / 13, estimate: { value: 40, n: 5 } },
    ])
    const { responses } = await running.read(
      `/v1/responses?where=${encodeURIComponent(`url:${help}`)}&score=0`,
    )
    expect(responses).toMatchObject(
      many(2, { score: 0 }).map(() => ({ answers: { why: { value: 'Wo ist das Formular?' } } })),
    )
  })

  it('count the latest answer of each person in each', async () => {
    const running = await start()
    await give(running, [
      { score: 0, person: 'ann', at: '2026-11-18T10:00:00.000Z' },
      { score: 10, person: 'ann', at: '2026-11-19T10:00:00.000Z' },
      { score: 0, person: 'ann', at: '2026-11-19T11:00:00.000Z', channel: 'app' },
    ])
    const path = '/v1/reports/nps?survey=nps-q4&by=channel&minimum=1'
    const latest = await running.read(path)
    expect(latest.responses).toBe(1)
    expect(latest.segments.rows.map((each: { estimate: object }) => each.estimate)).toMatchObject([
      { value: -100, n: 1 },
      { value: 100, n: 1 },
    ])
    expect((await running.read(`${path}&basis=all`)).segments.rows[0]).toMatchObject({
      value: 'web',
      responses: 2,
    })
  })

  it('give no score of few to who may not read single answers', async () => {
    const running = await start()
    await give(running, many(9, { score: 10 }))
    const made = await running.admin('/v1/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'screen', role: 'viewer' }),
      headers: { 'content-type': 'application/json' },
    })
    const { token } = await made.json()
    const ask = (query: string): Promise<Response> =>
      fetch(`${running.url}/v1/reports/nps?survey=nps-q4&${query}`, {
        headers: { authorization: `Bearer ${token}` },
      })
    expect(await (await ask('by=channel&minimum=1')).json()).toMatchObject({ code: 'minimum_too_low' })
    const narrowed = await (await ask('where=channel:web')).json()
    expect(narrowed).toMatchObject({ estimate: { value: null, n: 9 }, result: null, distribution: [] })
  })
})

describe('a trend', () => {
  it('has every interval of the zone, and its change; the sum of the days is the whole', async () => {
    const running = await start()
    await give(running, [
      ...many(20, { score: 10, at: '2026-11-17T23:30:00.000Z' }),
      ...many(15, { score: 0, at: '2026-11-19T12:00:00.000Z' }),
    ])
    const of = async (query: string): Promise<unknown> => {
      const { trend } = await running.read(`/v1/reports/nps?survey=nps-q4&interval=day&${query}`)
      return trend.points.map((each: { name: string; responses: number; estimate: { value: number } }) => [
        each.name,
        each.responses,
        each.estimate.value,
      ])
    }
    const period = 'from=2026-11-17&to=2026-11-19'
    expect(await of(period)).toEqual([
      ['2026-11-17', 20, 100],
      ['2026-11-18', 0, null],
      ['2026-11-19', 15, -100],
    ])
    expect(await of(`${period}&timezone=Europe/Berlin`)).toEqual([
      ['2026-11-17', 0, null],
      ['2026-11-18', 20, 100],
      ['2026-11-19', 15, -100],
    ])
    expect(await of(`${period}&timezone=Europe/Berlin&where=channel:web`)).toEqual(
      await of(`${period}&timezone=Europe/Berlin`),
    )
    const { trend, timezone, change } = await running.read(
      `/v1/reports/nps?survey=nps-q4&interval=day&from=2026-11-19&to=2026-11-20&timezone=Asia/Tokyo`,
    )
    expect([timezone, trend.points[0].from]).toEqual(['Asia/Tokyo', '2026-11-18T15:00:00.000Z'])
    expect(change).toMatchObject({
      from: '2026-11-16T15:00:00.000Z',
      to: '2026-11-18T15:00:00.000Z',
      estimate: { value: 100, n: 20 },
      alert: { fires: true, reason: 'fall' },
    })
    expect(change.comparison).toEqual(
      compareNps(
        { promoters: 0, passives: 0, detractors: 15 },
        { promoters: 20, passives: 0, detractors: 0 },
      ),
    )
  })

  it('is refused without a beginning, or with too many intervals', async () => {
    const { put, admin } = await start()
    await put(survey)
    for (const [query, detail] of [
      ['interval=day', /"interval" needs "from"/],
      ['interval=day&from=2020-01-01', /more than 400/],
      ['by=chanel', /did you mean "channel"/],
      ['where=channel', /name:value/],
      ['timezone=Mars/Olympus', /"timezone" is "Mars\/Olympus"/],
      ['timezone=%2B02:00', /name of a time zone/],
    ] as const) {
      const response = await admin(`/v1/reports/nps?survey=nps-q4&${query}`)
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { code: 'invalid_query', detail: expect.stringMatching(detail) },
      ])
    }
  })
})

it('drop-off is counted at the last question that was seen', async () => {
  const running = await start()
  await give(running, [
    { score: 9 },
    { score: 9, answers: { cause: ['price'] } },
    { score: 9, answers: { cause: ['price'], why: 'so' } },
    { score: 9, completes: true },
  ])
  const { dropOff, segments } = await running.read('/v1/reports/response?survey=nps-q4&by=question')
  expect(segments).toBeNull()
  expect(
    dropOff.map((each: { question: string; ofSeen: { value: number; n: number } }) => [
      each.question,
      each.ofSeen.n,
      each.ofSeen.value,
    ]),
  ).toEqual([
    ['score', 4, 0],
    ['cause', 4, 25],
    ['why', 3, 200 / 3],
  ])
})

it('two groups are compared, with interval and p, or not at all when one is small', async () => {
  const running = await start()
  await give(running, [
    ...many(20, { score: 10, fields: { variant: 'a' } }),
    ...many(12, { score: 0, fields: { variant: 'b' } }),
    ...many(8, { score: 10, fields: { variant: 'b' } }),
    ...many(3, { score: 7, fields: { variant: 'c' } }),
  ])
  const read = (query: string): Promise<{ comparison: object; groups: object[]; notes: string[] }> =>
    running.read(`/v1/reports/compare?metric=nps&survey=nps-q4&by=variant&${query}`)
  const both = await read('one=a&other=b')
  expect(both.comparison).toEqual(
    compareNps({ promoters: 20, passives: 0, detractors: 0 }, { promoters: 8, passives: 0, detractors: 12 }),
  )
  expect(both).toMatchObject({
    definitionId: 'nps',
    alert: { fires: true, reason: 'rise' },
    groups: [
      { value: 'a', estimate: { value: 100, n: 20 } },
      { value: 'b', estimate: { value: -20, n: 20 } },
    ],
  })
  expect(both.notes.at(-1)).toMatch(/association/)
  expect((await read('one=a')).groups[1]).toMatchObject({ isRest: true, responses: 23 })
  expect(await read('one=a&other=c')).toMatchObject({ comparison: null, alert: null })
  const shares = await running.read(
    '/v1/reports/compare?metric=response&survey=nps-q4&by=variant&one=a&other=b',
  )
  expect(shares.comparison).toEqual(compareShares({ count: 20, n: 20 }, { count: 20, n: 20 }))
})

describe('themes', () => {
  it('are the choices, the words, or keywords, of those with a band', async () => {
    const running = await start()
    await give(running, [
      ...many(6, { score: 2, answers: { cause: ['price'], why: 'Viel zu TEUER, leider' } }),
      ...many(4, { score: 2, answers: { cause: ['price', 'staff'], why: '价格太贵了' } }),
      ...many(5, { score: 10, answers: { cause: ['staff'], why: 'nett' } }),
    ])
    const read = (query: string): Promise<{ answers: number; themes: { theme: string; count: number }[] }> =>
      running.read(`/v1/reports/themes?survey=nps-q4&${query}`)
    const choices = await read('question=cause&band=detractor')
    expect(choices).toMatchObject({
      answers: 10,
      themes: [
        { theme: 'price', label: 'Preis', count: 10, ofComments: { value: 100, n: 10 }, vital: true },
        { theme: 'staff', label: 'Personal', count: 4, cumulative: 100 },
      ],
    })
    const words = await read('question=why')
    expect(words.themes.map((each) => [each.theme, each.count])).toEqual(
      expect.arrayContaining([
        ['teuer', 6],
        ['价格', 4],
      ]),
    )
    const keywords = await read(`question=why&keywords=${encodeURIComponent('price:teuer|贵')}`)
    expect(keywords.themes).toMatchObject([{ theme: 'price', count: 10, ofComments: { n: 15 } }])
    expect(await read('question=why&band=passive')).toMatchObject({ answers: 0, isHidden: true, themes: [] })
  })
})

it('drivers tell which ratings go together with the score', async () => {
  const running = await start()
  const rated: Survey = {
    ...npsSurvey,
    questions: [
      npsQuestion,
      { ...npsQuestion, id: 'speed', metric: 'rating', min: 1, max: 5, positive: [5], negative: [1] },
    ],
  }
  const events = Array.from({ length: 12 }, (_, index) => {
    const fields = { response: uuid('response', index), visitor: `v${index}` }
    return [
      answer(2 * index, index % 11, fields),
      answer(2 * index + 1, 0, {
        ...fields,
        data: { question: 'speed', value: 1 + Math.floor((index % 11) / 3), revision: 0 },
      }),
    ]
  }).flat()
  await running.send(events, { surveys: [rated] })
  const report = await running.read('/v1/reports/drivers?survey=nps-q4')
  expect(report).toMatchObject({ answers: 12, complete: 12, drivers: [{ name: 'speed', importance: 100 }] })
  expect(report.drivers[0].correlation.value).toBeGreaterThan(0.9)
})

describe('recommendations', () => {
  it('name their data, base and interval; there is none below the minimum', async () => {
    const running = await start()
    await give(running, [
      ...many(40, { score: 10 }),
      ...many(20, { score: 1, channel: 'kiosk', answers: { cause: ['staff'] } }),
      ...many(9, { score: 1, channel: 'mail' }),
    ])
    const { recommendations, minimum } = await running.read('/v1/recommendations')
    expect(minimum).toBe(10)
    expect(recommendations.map((each: { id: string }) => each.id)).toEqual([
      'segment/nps-q4/score/channel:kiosk',
      'drop-off/nps-q4/cause',
      'theme/nps-q4/cause/staff',
    ])
    for (const each of recommendations) {
      expect(each.estimate.n).toBeGreaterThanOrEqual(minimum)
      expect(each.estimate.interval).toHaveLength(2)
    }
    expect(recommendations[0]).toMatchObject({
      text: expect.stringMatching(/channel "kiosk".*100 %.*n 20/),
      comparison: { sizes: [20, 49] },
    })
  })
  it('are of the last 90 days of the zone, also where its day is another one than in UTC', async () => {
    for (const [hour, zone, from] of [
      [20, 'Asia/Tokyo', '2026-08-23T15:00:00.000Z'],
      [3, 'America/New_York', '2026-08-22T04:00:00.000Z'],
      [20, 'UTC', '2026-08-23T00:00:00.000Z'],
    ] as const) {
      const running = await start({ clock: { now: () => Date.UTC(2026, 10, 21, hour) } })
      const found = await running.read(`/v1/recommendations?timezone=${zone}`)
      expect([zone, found.from]).toEqual([zone, from])
    }
  })
  it('tell of a fall, and say nothing where nothing is known', async () => {
    const running = await start()
    expect((await running.read('/v1/recommendations')).recommendations).toEqual([])
    await give(running, [
      ...many(20, { score: 10, at: '2026-11-10T10:00:00.000Z', completes: true }),
      ...many(20, { score: 0, at: '2026-11-20T10:00:00.000Z', completes: true }),
    ])
    const { recommendations } = await running.read('/v1/recommendations?from=2026-11-15&to=2026-11-21')
    expect(recommendations).toMatchObject([{ rule: 'change', estimate: { value: -100, n: 20 } }])
  })
})

it('pages are rated by the share of those whom they helped, each with its interval', async () => {
  const running = await start()
  const helpful: Survey = {
    ...npsSurvey,
    questions: [
      { ...npsQuestion, metric: 'csat', look: 'thumbs', min: 1, max: 2, positive: [2], negative: [1] },
    ],
  }
  const of = (url: string, yes: number, no: number, from: number): object[] =>
    Array.from({ length: yes + no }, (_, index) =>
      answer(from + index, index < yes ? 2 : 1, { context: { channel: 'web', url } }),
    )
  const pages = ['https://shop.example/help/a', 'https://shop.example/help/b'] as const
  await running.send([...of(pages[0], 9, 3, 0), ...of(pages[1], 2, 9, 50)], { surveys: [helpful] })
  const { segments } = await running.read('/v1/reports/csat?survey=nps-q4&by=url')
  expect(segments.rows).toMatchObject([
    { value: pages[0], estimate: proportion({ count: 9, n: 12 }) },
    { value: pages[1], estimate: proportion({ count: 2, n: 11 }) },
  ])
  expect(segments.rows[0].estimate.method).toBe('wilson')
})

it('a comment from elsewhere, posted under its channel, is found and has its theme, and is in no score', async () => {
  const running = await start()
  await give(running, many(10, { score: 10 }))
  const posts = Array.from({ length: 10 }, (_, index) =>
    answer(9000 + index, 0, {
      visitor: `forum-${index}`,
      context: { channel: 'forum' },
      data: { question: 'why', value: 'Das Formular fehlt', revision: 0 },
    }),
  )
  expect((await running.send(posts, { surveys: [survey] })).accepted).toHaveLength(10)
  expect((await running.read('/v1/responses?q=formular')).responses).toHaveLength(10)
  const { themes } = await running.read('/v1/reports/themes?survey=nps-q4&question=why')
  expect(themes).toContainEqual(expect.objectContaining({ theme: 'formular', count: 10 }))
  const report = await running.read('/v1/reports/nps?survey=nps-q4')
  expect(report.estimate).toEqual(nps({ promoters: 10, passives: 0, detractors: 0 }, { method: 'score' }).nps)
})

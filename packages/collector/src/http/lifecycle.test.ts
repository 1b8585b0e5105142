import { lifecycle } from '@earshot/contract'
import { churn, fcrFromContacts, resolution } from '@earshot/metrics'
import { describe, expect, it } from 'vitest'
import { answer, npsSurvey, start, uuid, type Running } from '../fixtures.ts'

interface Told {
  name: string
  at: string
  person?: string
  props?: object
}

let number = 0
const told = (name: string, at: string, person = 'ann', props: object = {}): Told & { id: string } => ({
  id: `crm-${++number}`,
  name,
  at: `${at}T10:00:00.000Z`,
  person,
  props,
})

async function tell({ admin }: Running, events: object[]): Promise<Response> {
  return admin('/v1/lifecycle', {
    method: 'POST',
    body: JSON.stringify({ events }),
    headers: { 'content-type': 'application/json' },
  })
}

describe('what servers tell', () => {
  it('is stored once, by the ids of the server, and goes with the person', async () => {
    const running = await start()
    const events = [
      told(lifecycle.purchased, '2026-11-10', 'ann', { referred: true }),
      told(lifecycle.purchased, '2026-11-11', 'bob'),
    ]
    const ids = events.map((each) => each.id)
    expect(await (await tell(running, events)).json()).toEqual({
      accepted: ids,
      duplicates: [],
      rejected: [],
    })
    expect(await (await tell(running, events)).json()).toEqual({
      accepted: [],
      duplicates: ids,
      rejected: [],
    })
    const of = async (): Promise<unknown> => {
      const { result } = await running.read('/v1/reports/referral')
      return [result.counts, result.ofPurchases.value]
    }
    expect(await of()).toEqual([{ purchases: 2, referred: 1, customers: 2, referredCustomers: 1 }, 50])
    await running.admin('/v1/people/ann', { method: 'DELETE' })
    expect(await of()).toEqual([{ purchases: 1, referred: 0, customers: 1, referredCustomers: 0 }, 0])
  })

  it('is refused with a word on what is wrong, and from a token that may not', async () => {
    const running = await start()
    const wrong = await tell(running, [
      told('sold', '2026-11-10'),
      { ...told('active', '2026-11-10'), person: undefined },
    ])
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { code: 'invalid_request' }])
    const made = await running.admin('/v1/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'x', role: 'analyst' }),
      headers: { 'content-type': 'application/json' },
    })
    const { token } = await made.json()
    const refused = await fetch(`${running.url}/v1/lifecycle`, {
      method: 'POST',
      body: JSON.stringify({ events: [told('active', '2026-11-10')] }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    })
    expect(refused.status).toBe(403)
  })

  it('counts like what pages track', async () => {
    const running = await start()
    const track = { type: 'track', data: { name: lifecycle.purchased, props: { referred: true } } }
    const {
      survey: _,
      surveyVersion: __,
      response: ___,
      ...event
    } = answer(1, 0, { ...track, at: '2026-11-20T10:00:00.000Z' })
    await running.send([event])
    expect((await running.read('/v1/reports/referral')).estimate).toMatchObject({ value: 100, n: 1 })
  })
})

describe('reports on customers', () => {
  it('churn and retention are of those at the start, sum up to 100, and tell who came back', async () => {
    const running = await start()
    const people = Array.from({ length: 10 }, (_, index) => `p${index}`)
    await tell(running, [
      ...people.map((each) => told(lifecycle.subscriptionStarted, '2026-09-01', each, { amount: 10 })),
      // Two leave in the period; one had left before and comes back; one is new.
      told(lifecycle.subscriptionEnded, '2026-10-10', 'p0'),
      told(lifecycle.subscriptionEnded, '2026-10-11', 'p1'),
      told(lifecycle.subscriptionEnded, '2026-09-10', 'p2'),
      told(lifecycle.subscriptionStarted, '2026-10-12', 'p2', { amount: 10 }),
      told(lifecycle.subscriptionStarted, '2026-10-13', 'new', { amount: 10 }),
      told(lifecycle.subscriptionChanged, '2026-10-14', 'p3', { amount: 20 }),
      told(lifecycle.enquiryOpened, '2026-09-20', 'p0', { enquiry: 1 }),
    ])
    const period = 'from=2026-10-01&to=2026-10-31&timezone=Europe/Berlin'
    const left = await running.read(`/v1/reports/churn?${period}`)
    const kept = await running.read(`/v1/reports/retention?${period}`)
    expect(left.estimate).toEqual(churn({ start: 9, end: 9, joined: 1, reactivated: 1 }).churn)
    expect(left).toMatchObject({
      definitionId: 'churn',
      timezone: 'Europe/Berlin',
      from: '2026-09-30T22:00:00.000Z',
      result: {
        start: 9,
        lost: 2,
        joined: 1,
        reactivated: 1,
        bySupport: { supported: { value: 100, n: 1 } },
      },
    })
    expect(left.estimate.value + kept.estimate.value).toBe(100)
    const { segments } = await running.read(`/v1/reports/expansion?${period}&by=supported&minimum=1`)
    expect(segments.rows).toMatchObject([
      { value: 'no', estimate: { value: 100, n: 8 }, rest: { difference: { value: 100 }, sizes: [8, 1] } },
      { value: 'yes', estimate: { value: 0, n: 1 }, rest: { difference: { value: -100 } } },
    ])
    const { result } = await running.read(`/v1/reports/expansion?${period}`)
    // 9 paid 10 each; then two nothing, one 20, six 10: 80 of 90.
    expect(result.netRevenueRetention).toMatchObject({ value: 8000 / 90, n: 9 })
    expect(result.expanded).toMatchObject({ value: 100 / 9 })
  })

  it('enquiries: what is open is in no time, and both ways to see first-contact resolution stand side by side', async () => {
    const running = await start()
    const at = (day: string, enquiry: number, name: string): Told => told(name, day, 'ann', { enquiry })
    await tell(running, [
      at('2026-11-01', 1, lifecycle.enquiryOpened),
      at('2026-11-02', 1, lifecycle.enquiryResolved),
      at('2026-11-01', 2, lifecycle.enquiryOpened),
      at('2026-11-03', 2, lifecycle.enquiryAnswered),
      at('2026-11-04', 2, lifecycle.enquiryResolved),
      at('2026-11-05', 2, lifecycle.enquiryReopened),
      at('2026-11-06', 2, lifecycle.enquiryResolved),
      at('2026-11-01', 3, lifecycle.enquiryOpened),
      at('2026-11-20', 4, lifecycle.enquiryOpened),
    ])
    const survey = {
      ...npsSurvey,
      id: 'solved',
      questions: [
        { ...npsSurvey.questions[0] },
        { kind: 'yesno', id: 'solved', title: 'Solved?', yes: 'Yes', no: 'No', purpose: 'resolution' },
      ],
    }
    await running.send(
      [true, true, false].map((value, index) =>
        answer(index, 0, {
          survey: 'solved',
          at: '2026-11-10T10:00:00.000Z',
          data: { question: 'solved', value, revision: 0 },
        }),
      ),
      { surveys: [survey] },
    )
    const time = await running.read('/v1/reports/resolution?from=2026-11-01')
    const tickets = [
      { createdAt: 0, resolvedAt: 24 },
      { createdAt: 0, resolvedAt: 120, reopened: 1, answeredAt: 48 },
      { createdAt: 0, resolvedAt: null },
      { createdAt: 0, resolvedAt: null },
    ]
    const { resolution: times, reopenRate, open } = resolution(tickets)
    expect(time).toMatchObject({
      unit: 'hours',
      estimate: { value: 72, n: 2 },
      result: {
        resolution: { mean: { value: times.mean.value }, p90: { value: times.p90.value } },
        reopenRate,
        open,
      },
    })
    const first = await running.read('/v1/reports/fcr?from=2026-11-01&window=7')
    const day = 86_400_000
    const { fcr } = fcrFromContacts(
      [
        { contacts: [0], resolvedAt: day },
        { contacts: [0, 4 * day], resolvedAt: 3 * day },
        { contacts: [0], resolvedAt: null },
        { contacts: [19 * day], resolvedAt: null },
      ],
      7 * day,
      20 * day,
    )
    expect(first).toMatchObject({
      window: 7,
      definition: expect.stringMatching(
        /after one contact.*within 7 days.*Beside it what customers answered/,
      ),
      estimate: fcr,
      result: { answers: { yes: 2, no: 1 }, survey: { n: 3 } },
    })
  })

  it('trials that still run are no failures; activity is of distinct people on days of the zone', async () => {
    const running = await start()
    await tell(running, [
      told(lifecycle.trialStarted, '2026-10-01', 'a'),
      told(lifecycle.subscriptionStarted, '2026-10-10', 'a'),
      told(lifecycle.trialStarted, '2026-10-01', 'b'),
      told(lifecycle.trialStarted, '2026-11-19', 'c'),
      { ...told(lifecycle.active, '2026-11-20', 'a'), at: '2026-11-20T23:30:00.000Z' },
      told(lifecycle.active, '2026-11-20', 'b'),
      told(lifecycle.active, '2026-11-20', 'b'),
    ])
    expect(await running.read('/v1/reports/trial?from=2026-10-01&to=2026-11-20')).toMatchObject({
      estimate: { value: 50, n: 2 },
      result: { pending: 1, late: 0 },
    })
    const daily = async (timezone: string): Promise<unknown> => {
      const { result } = await running.read(
        `/v1/reports/active?from=2026-11-19&to=2026-11-21&timezone=${timezone}`,
      )
      return result.days.map((each: { name: string; daily: number }) => [each.name, each.daily])
    }
    expect(await daily('UTC')).toEqual([
      ['2026-11-19', 1],
      ['2026-11-20', 2],
      ['2026-11-21', 0],
    ])
    expect(await daily('Europe/Berlin')).toEqual([
      ['2026-11-19', 1],
      ['2026-11-20', 1],
      ['2026-11-21', 1],
    ])
  })

  it('days and lifetime go by what was told', async () => {
    const running = await start()
    await tell(running, [
      told(lifecycle.signedUp, '2026-11-01', 'a'),
      told(lifecycle.active, '2026-11-08', 'a'),
      told(lifecycle.signedUp, '2026-11-01', 'b'),
      told(lifecycle.subscriptionStarted, '2026-01-01', 'c'),
      told(lifecycle.purchased, '2026-02-01', 'c', { amount: 50, margin: 20 }),
      told(lifecycle.subscriptionEnded, '2026-07-01', 'c'),
      told(lifecycle.subscriptionStarted, '2026-01-01', 'd'),
      told(lifecycle.enquiryOpened, '2026-04-01', 'd', { enquiry: 9 }),
    ])
    const { result } = await running.read('/v1/reports/retention?from=2026-11-01&to=2026-11-21')
    expect(
      result.days.rules.map((each: { returned: { value: number | null; n: number } }) => [
        each.returned.value,
        each.returned.n,
      ]),
    ).toEqual([
      [0, 2],
      [50, 2],
      [null, 0],
      [null, 0],
    ])
    const lifetime = await running.read('/v1/reports/lifetime')
    // Margin 20 of one loss.
    expect(lifetime).toMatchObject({
      unit: 'amount',
      estimate: { value: 20, n: 2 },
      result: { bySupport: { supported: { n: 1 }, others: { n: 2 } } },
      notes: [expect.stringContaining('association')],
    })
  })
})

it('reports on customers take conditions, each as if nobody else were there, and refuse what is known of answers alone', async () => {
  const running = await start()
  const plans = { ann: 'pro', bob: 'free', cleo: 'pro' }
  const {
    survey: _,
    surveyVersion: __,
    response: ___,
    ...bare
  } = answer(700, 0, { type: 'identify', at: '2026-09-01T10:00:00.000Z' })
  await running.send(
    Object.entries(plans).map(([person, plan], index) => ({
      ...bare,
      id: uuid('event', 700 + index),
      person,
      visitor: `v-${person}`,
      data: { traits: { plan } },
    })),
  )
  await tell(running, [
    ...Object.keys(plans).map((each) => told(lifecycle.subscriptionStarted, '2026-09-01', each)),
    told(lifecycle.subscriptionEnded, '2026-10-10', 'ann'),
    told(lifecycle.subscriptionEnded, '2026-10-11', 'bob'),
    told(lifecycle.enquiryOpened, '2026-10-02', 'ann', { enquiry: 1 }),
    told(lifecycle.enquiryResolved, '2026-10-03', 'desk', { enquiry: 1 }),
    told(lifecycle.enquiryOpened, '2026-10-02', 'bob', { enquiry: 2 }),
  ])
  const period = 'from=2026-10-01&to=2026-10-31'
  const of = async (metric: string, where: string): Promise<unknown> => {
    const { estimate } = await running.read(`/v1/reports/${metric}?${period}${where}`)
    return [estimate.value, estimate.n]
  }
  expect(await of('churn', '')).toEqual([200 / 3, 3])
  expect(await of('churn', '&where=trait.plan:pro')).toEqual([50, 2])
  expect(await of('retention', '&where=trait.plan:pro&where=trait.plan:free')).toEqual([100 / 3, 3])
  expect(await of('churn', '&where=trait.plan:')).toEqual([null, 0])
  expect(await of('resolution', '&where=trait.plan:pro')).toEqual([24, 1])
  expect(await of('resolution', '&where=trait.plan:free')).toEqual([null, 0])
  expect((await running.read(`/v1/reports/churn?${period}&where=trait.plan:pro`)).notes.at(-1)).toMatch(
    /when the period began/,
  )
  // All groups in one answer are what a call for each gives.
  for (const metric of [
    'churn',
    'retention',
    'expansion',
    'resolution',
    'fcr',
    'lifetime',
    'referral',
    'active',
    'trial',
  ]) {
    const { segments } = await running.read(`/v1/reports/${metric}?${period}&by=trait.plan&minimum=1`)
    expect(segments).toMatchObject({ by: 'trait.plan', more: 0 })
    for (const { value, estimate } of segments.rows)
      expect([metric, value, estimate.value, estimate.n]).toEqual([
        metric,
        value,
        ...((await of(metric, `&where=trait.plan:${value}`)) as unknown[]),
      ])
  }
  const split = await running.read(`/v1/reports/churn?${period}&by=trait.plan&minimum=1&where=trait.plan:pro`)
  expect(split.segments.rows).toMatchObject([{ value: 'pro', estimate: { value: 50, n: 2 }, rest: null }])
  const small = await running.read(`/v1/reports/churn?${period}&by=supported`)
  expect(small.segments.rows).toMatchObject([
    { value: 'no', isHidden: true, estimate: { value: null, n: 3 } },
  ])
  expect((await running.read(`/v1/reports/churn?${period}`)).segments).toBe(null)
  const unknown = await running.admin(`/v1/reports/churn?${period}&by=channel`)
  expect([unknown.status, await unknown.json()]).toMatchObject([400, { code: 'invalid_query' }])
  const refused = await running.admin(`/v1/reports/churn?${period}&where=channel:web`)
  expect([refused.status, await refused.json()]).toMatchObject([
    400,
    { code: 'invalid_query', detail: expect.stringContaining('not of customers') },
  ])
})

it('answers are split and filtered by traits and by contact with support, as they were at the time', async () => {
  const running = await start()
  const identify = (index: number, person: string, plan: string, at: string): object => {
    const {
      survey: _,
      surveyVersion: __,
      response: ___,
      ...event
    } = answer(500 + index, 0, {
      type: 'identify',
      person,
      visitor: `v-${person}`,
      at,
      data: { traits: { plan } },
    })
    return event
  }
  await running.send([
    identify(1, 'ann', 'free', '2026-11-01T10:00:00.000Z'),
    identify(2, 'ann', 'pro', '2026-11-10T10:00:00.000Z'),
    identify(3, 'bob', 'pro', '2026-11-01T10:00:00.000Z'),
    answer(1, 2, { person: 'ann', at: '2026-11-05T10:00:00.000Z' }),
    answer(2, 10, { person: 'ann', at: '2026-11-12T10:00:00.000Z' }),
    answer(3, 9, { person: 'bob', at: '2026-11-12T10:00:00.000Z' }),
    answer(4, 7, { at: '2026-11-12T10:00:00.000Z' }),
  ])
  await tell(running, [told(lifecycle.enquiryOpened, '2026-11-07', 'ann', { enquiry: 1 })])
  const of = async (query: string): Promise<unknown> => {
    const { segments } = await running.read(`/v1/reports/nps?survey=nps-q4&basis=all&minimum=1&${query}`)
    return segments.rows.map((each: { value: string; responses: number }) => [each.value, each.responses])
  }
  expect(await of('by=trait.plan')).toEqual([
    ['pro', 2],
    [null, 1],
    ['free', 1],
  ])
  expect(await of('by=supported')).toEqual([
    ['no', 3],
    ['yes', 1],
  ])
  expect(await of('by=supported&where=trait.plan:pro')).toEqual([
    ['no', 1],
    ['yes', 1],
  ])
  const { responses } = await running.read('/v1/responses?where=trait.plan:pro&score=10')
  expect(responses.map((each: { id: string }) => each.id)).toEqual([uuid('response', 2)])
})

it('answers are set apart by who handled the conversation before them: a bot, both, or a person', async () => {
  const running = await start()
  const handled = { bot: [3, 4], handover: [5], person: [9, 10, 10] }
  let at = 0
  for (const [handledBy, scores] of Object.entries(handled))
    for (const score of scores) {
      const person = `p${++at}`
      await tell(running, [told(lifecycle.conversationEnded, '2026-11-10', person, { handledBy })])
      await running.send([answer(at, score, { person, at: '2026-11-11T10:00:00.000Z' })])
    }
  const { segments } = await running.read('/v1/reports/nps?survey=nps-q4&by=handledBy&minimum=1')
  expect(segments.rows).toMatchObject([
    { value: 'person', estimate: { value: 100, n: 3 } },
    { value: 'bot', estimate: { value: -100, n: 2 } },
    { value: 'handover', estimate: { value: -100, n: 1 } },
  ])
})

it('a person has a profile and a timeline in the order of occurrence, what came late in its place', async () => {
  const running = await start()
  await running.send([answer(1, 3, { person: 'ann', visitor: 'va', at: '2026-11-12T10:00:00.000Z' })])
  const { survey: _, surveyVersion: __, response: ___, ...base } = answer(2, 0)
  await running.send([
    {
      ...base,
      type: 'identify',
      person: 'ann',
      visitor: 'vb',
      at: '2026-11-11T10:00:00.000Z',
      data: { traits: { plan: 'pro' } },
      context: { channel: 'app', locale: 'de' },
    },
  ])
  await tell(running, [told(lifecycle.enquiryOpened, '2026-11-10', 'ann', { enquiry: 'e1' })])
  const person = await running.read('/v1/people/ann')
  expect(person).toMatchObject({
    isComplete: true,
    profile: { traits: { plan: 'pro' }, channels: ['server', 'app', 'web'], locales: ['de'] },
    timeline: [
      { type: 'track', name: 'enquiry_opened', data: { enquiry: 'e1' } },
      { type: 'identify', visitor: 'vb' },
      { type: 'answer', question: 'score', value: 3, band: 'detractor', survey: 'nps-q4' },
    ],
  })
})

it('texts are searched with a score and page by page, newest first', async () => {
  const running = await start()
  const survey = {
    ...npsSurvey,
    questions: [npsSurvey.questions[0], { kind: 'text', id: 'why', title: 'Why?', maxLength: 200 }],
  }
  await running.send(
    ['Lieferung spät', '送货太慢', 'LIEFERUNG gut', 'sonst'].flatMap((value, index) => [
      answer(2 * index, index * 3, { response: uuid('response', index), visitor: `v${index}` }),
      answer(2 * index + 1, 0, {
        response: uuid('response', index),
        visitor: `v${index}`,
        data: { question: 'why', value, revision: 0 },
      }),
    ]),
    { surveys: [survey] },
  )
  const find = async (query: string): Promise<[string[], string | null]> => {
    const { responses, next } = await running.read(`/v1/responses?${query}`)
    return [responses.map((each: { answers: { why: { value: string } } }) => each.answers.why.value), next]
  }
  const q = (text: string): string => `q=${encodeURIComponent(text)}`
  expect(await find(q('lieferung'))).toEqual([['LIEFERUNG gut', 'Lieferung spät'], null])
  expect(await find(q('太慢'))).toEqual([['送货太慢'], null])
  expect(await find(`${q('lieferung')}&score=0-5`)).toEqual([['Lieferung spät'], null])
  const [first, next] = await find(`${q('lieferung')}&limit=1`)
  expect(first).toEqual(['LIEFERUNG gut'])
  expect(await find(`${q('lieferung')}&limit=1&cursor=${next}`)).toEqual([['Lieferung spät'], null])
  expect((await find('score=3-9&limit=2'))[0]).toEqual(['sonst', 'LIEFERUNG gut'])
  expect((await running.admin(`/v1/responses?${q(' ')}`)).status).toBe(400)
})

it('a period is marked as revised by what came when it was over', async () => {
  const running = await start()
  await running.send([
    answer(1, 9, { at: '2026-11-18T10:00:00.000Z' }),
    answer(2, 9, { at: '2026-11-21T11:59:00.000Z' }),
  ])
  const { trend } = await running.read(
    '/v1/reports/nps?survey=nps-q4&interval=day&from=2026-11-18&to=2026-11-21',
  )
  expect(
    trend.points.map((each: { name: string; late: number; isRevised: boolean }) => [
      each.name,
      each.late,
      each.isRevised,
    ]),
  ).toEqual([
    ['2026-11-18', 1, true],
    ['2026-11-19', 0, false],
    ['2026-11-20', 0, false],
    ['2026-11-21', 0, false],
  ])
})

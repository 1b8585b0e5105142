import type { ScaleQuestion, Survey } from '@earshot/contract'
import { nps } from '@earshot/metrics'
import { describe, expect, it } from 'vitest'
import { answer, moment, npsQuestion, npsSurvey, start, uuid, type Running } from '../fixtures.ts'

const csat: ScaleQuestion = {
  ...npsQuestion,
  id: 'sat',
  metric: 'csat',
  min: 1,
  max: 5,
  positive: [4, 5],
  negative: [1, 2],
}
const ces1: ScaleQuestion = {
  ...npsQuestion,
  id: 'effort',
  metric: 'ces1',
  min: 1,
  max: 5,
  positive: [1, 2],
  negative: [4, 5],
}
const ces2: ScaleQuestion = {
  ...npsQuestion,
  id: 'ease',
  metric: 'ces2',
  min: 1,
  max: 7,
  positive: [5, 6, 7],
  negative: [1, 2, 3],
}
const surveyOf = (id: string, question: ScaleQuestion, version = 1): Survey => ({
  ...npsSurvey,
  id,
  version,
  questions: [question],
})

/** Sends one response per score, each by a visitor of its own. */
async function give(
  running: Running,
  survey: Survey,
  scores: number[],
  from = 0,
  fields: object = {},
): Promise<void> {
  const question = survey.questions[0]?.id
  const receipt = await running.send(
    scores.map((value, index) =>
      answer(from + index, 0, {
        survey: survey.id,
        surveyVersion: survey.version,
        data: { question, value, revision: 0 },
        ...fields,
      }),
    ),
    { surveys: [survey] },
  )
  expect(receipt.accepted).toHaveLength(scores.length)
}

describe('NPS', () => {
  it('is %promoters minus %detractors, with its interval and definition', async () => {
    const running = await start()
    // 5 promoters, 3 passives, 2 detractors of 10: 50 − 20 = 30.
    await give(running, npsSurvey, [10, 10, 9, 9, 9, 8, 7, 7, 6, 0])
    const report = await running.read('/v1/reports/nps?survey=nps-q4')
    expect(report).toMatchObject({
      metric: 'nps',
      survey: 'nps-q4',
      question: 'score',
      versions: [1],
      from: null,
      to: null,
      basis: 'latest',
      unit: 'points',
      responses: 10,
      notes: [],
      counts: null,
      estimate: nps({ detractors: 2, passives: 3, promoters: 5 }, { method: 'score' }).nps,
      result: { detractors: 2, passives: 3, promoters: 5, promoterMinusDetractorCount: 3 },
    })
    expect(report.distribution.map((each: { count: number }) => each.count)).toEqual([
      1, 0, 0, 0, 0, 0, 1, 2, 1, 3, 2,
    ])
    expect(report.distribution[7]).toEqual({ score: 7, count: 2, band: 'passive' })
    expect(report.definition).toMatch(
      /percent of promoters \(9, 10\) minus percent of detractors \(0, 1, 2, 3, 4, 5, 6\).*Latest answer of each person.*before signing in counts for the visitor.*consent/,
    )
  })

  it('has an interval that holds its value from the first answer on, and from 30 on that of Rocks', async () => {
    const running = await start()
    const estimate = async () => (await running.read('/v1/reports/nps?survey=nps-q4')).estimate
    await give(running, npsSurvey, [0])
    const first = await estimate()
    expect([first.value, first.interval[0], first.method]).toEqual([-100, -100, 'score'])
    await give(running, npsSurvey, Array<number>(28).fill(10), 1)
    expect(await estimate()).toEqual(
      nps({ detractors: 1, passives: 0, promoters: 28 }, { method: 'score' }).nps,
    )
    await give(running, npsSurvey, [8], 29)
    // By hand: p = 28.75/33, d = 1.75/33, half width 1.95996·√((p + d − (p−d)²)/33).
    const [p, d] = [28.75 / 33, 1.75 / 33]
    const half = 1.959963984540054 * Math.sqrt((p + d - (p - d) ** 2) / 33)
    const { interval, method } = await estimate()
    expect(method).toBe('adjusted-wald')
    expect(interval[0]).toBeCloseTo(100 * (p - d - half), 6)
    expect(interval[1]).toBeCloseTo(Math.min(100, 100 * (p - d + half)), 6)
  })

  it('counts the latest answer of each person, or all on request', async () => {
    const running = await start()
    const of = (
      number: number,
      value: number,
      person: string | null,
      seconds: number,
      visitor = `visitor-${number}`,
    ): object => answer(number, value, { person, visitor, at: moment(seconds) })
    await running.send([
      of(1, 0, 'ann', -300),
      of(2, 10, 'ann', -200),
      of(3, 0, null, -300, 'bob'),
      of(4, 9, null, -200, 'bob'),
      of(5, 7, 'cid', -100),
    ])
    const latest = await running.read('/v1/reports/nps?survey=nps-q4')
    expect([latest.responses, latest.result.promoters, latest.result.detractors]).toEqual([3, 2, 0])
    const all = await running.read('/v1/reports/nps?survey=nps-q4&basis=all')
    expect([all.responses, all.result.promoters, all.result.detractors, all.basis]).toEqual([5, 2, 2, 'all'])
    expect(all.estimate.value).toBe(0)
    const early = await running.read(`/v1/reports/nps?survey=nps-q4&to=${moment(-250)}`)
    expect([early.responses, early.result.detractors]).toEqual([2, 2])
  })

  it('counts a changed answer once, as it stands', async () => {
    const running = await start()
    const changed = {
      response: uuid('response', 1),
      visitor: 'visitor-1',
      data: { question: 'score', value: 10, revision: 1 },
    }
    await running.send([answer(2, 0, changed)])
    await running.send([answer(1, 0)])
    const report = await running.read('/v1/reports/nps?survey=nps-q4&basis=all')
    expect([report.responses, report.estimate.value]).toEqual([1, 100])
  })

  it('is null with a reason when nobody answered', async () => {
    const running = await start()
    await running.put(npsSurvey)
    const report = await running.read('/v1/reports/nps?survey=nps-q4')
    expect(report.estimate).toEqual({
      value: null,
      interval: null,
      n: 0,
      level: 0.95,
      method: 'score',
      reason: expect.any(String),
    })
    expect(report.responses).toBe(0)
  })

  it('counts by days in UTC, both included', async () => {
    const running = await start()
    for (const [index, at] of [
      '2026-11-18T23:59:59.999Z',
      '2026-11-19T00:00:00.000Z',
      '2026-11-19T23:59:59.999Z',
      '2026-11-20T00:00:00.000Z',
    ].entries())
      await give(running, npsSurvey, [9], index, { at })
    const report = await running.read('/v1/reports/nps?survey=nps-q4&from=2026-11-19&to=2026-11-19')
    expect([report.responses, report.from, report.to]).toEqual([
      2,
      '2026-11-19T00:00:00.000Z',
      '2026-11-20T00:00:00.000Z',
    ])
  })

  it('says so when the scale is not the usual one', async () => {
    const running = await start()
    const odd = surveyOf('odd', { ...npsQuestion, positive: [9, 10, 10], negative: [0, 1, 2, 3] })
    await give(running, odd, [1, 10])
    const report = await running.read('/v1/reports/nps?survey=odd')
    expect([report.estimate.value, report.notes.length]).toEqual([0, 1])
    expect(report.notes[0]).toContain('not the usual NPS scale')
  })
})

describe('a variant', () => {
  it('can be counted alone, in every report', async () => {
    const running = await start()
    await running.send([
      answer(1, 10, { variant: 'a' }),
      answer(2, 0, { variant: 'b' }),
      answer(3, 10, { variant: 'a' }),
      answer(4, 10),
    ])
    const report = await running.read('/v1/reports/nps?survey=nps-q4&variant=a')
    expect([report.variant, report.responses, report.estimate.value]).toEqual(['a', 2, 100])
    expect(report.definition).toContain('Only those who were shown variant "a".')
    const all = await running.read('/v1/reports/nps?survey=nps-q4')
    expect([all.variant, all.responses, all.estimate.value]).toEqual([null, 4, 50])
    const { counts } = await running.read('/v1/reports/response?survey=nps-q4&variant=b')
    expect(counts.shown).toBe(1)
    expect((await running.read('/v1/reports/nps?survey=nps-q4&variant=c')).estimate.value).toBeNull()
  })
})

describe('what staff say', () => {
  const staff: ScaleQuestion = { ...npsQuestion, id: 'staff', metric: 'enps' }
  const mixed: Survey = { ...npsSurvey, id: 'mixed', questions: [npsQuestion, staff] }
  it('is a report of its own and never in that of customers', async () => {
    const running = await start()
    const to = (number: number, question: string, value: number): object =>
      answer(number, 0, { survey: 'mixed', data: { question, value, revision: 0 } })
    await running.send([to(1, 'score', 10), to(2, 'staff', 0), to(3, 'staff', 9)], { surveys: [mixed] })
    const customers = await running.read('/v1/reports/nps?survey=mixed')
    expect([customers.metric, customers.responses, customers.estimate.value]).toEqual(['nps', 1, 100])
    const report = await running.read('/v1/reports/enps?survey=mixed')
    expect([report.metric, report.question, report.responses, report.estimate.value]).toEqual([
      'enps',
      'staff',
      2,
      0,
    ])
    expect([report.scale.metric, report.basis, report.notes]).toEqual(['enps', 'latest', []])
    expect(report.definition).toMatch(/^Employee NPS: /)
    const other = await running.admin('/v1/reports/nps?survey=mixed&question=staff')
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([400, 'unknown_question'])
  })

  it('is no NPS where a survey asks nothing else, and a rating is in the report of no metric', async () => {
    const running = await start()
    await running.put({ ...npsSurvey, id: 'staff', questions: [staff] })
    await running.put({ ...npsSurvey, id: 'mood', questions: [{ ...npsQuestion, metric: 'rating' }] })
    const refusal = async (path: string): Promise<string> =>
      ((await (await running.admin(`/v1/reports/${path}`)).json()) as { detail: string }).detail
    expect(await refusal('nps?survey=staff')).toContain('use /v1/reports/enps?survey=staff.')
    for (const metric of ['nps', 'enps', 'csat', 'ces'])
      expect(await refusal(`${metric}?survey=mood`)).toContain('use /v1/reports/response?survey=mood.')
    expect(await refusal('nps')).toContain('No survey for this report')
    expect(await refusal('enps')).toContain('Surveys for this report: staff.')
  })
})

describe('CSAT and CES', () => {
  it('CSAT is the share of the positive set, with the mean beside it', async () => {
    const running = await start()
    // The published example of cx-metrics.md: 13 of 19 satisfied, mean 77/19.
    const scores = [5, 5, 5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 3, 3, 3, 2, 2, 1]
    await give(running, surveyOf('sat', csat), scores)
    const report = await running.read('/v1/reports/csat?survey=sat')
    expect(report).toMatchObject({
      metric: 'csat',
      basis: 'all',
      unit: 'percent',
      responses: 19,
      scale: { metric: 'csat', positive: [4, 5] },
    })
    expect(report.estimate.value).toBeCloseTo(1300 / 19, 10)
    expect(report.result.mean.value).toBeCloseTo(scores.reduce((a, b) => a + b) / 19, 10)
    expect(report.result.median).toBe(4)
    expect(report.estimate.method).toBe('wilson')
    expect(report.definition).toContain('(4, 5)')
  })

  it('CSAT of ten points has its share of 9 and 10 and its mean on 1 to 10 under names of their own', async () => {
    const running = await start()
    const ten = { ...csat, max: 10, positive: [9, 10], negative: [1, 2, 3, 4, 5, 6] }
    await give(running, surveyOf('sat', ten), [10, 9, 8, 1])
    const report = await running.read('/v1/reports/csat?survey=sat')
    expect(report).toMatchObject({
      unit: 'percent',
      estimate: { value: 50, n: 4 },
      result: { mean: { value: 7, n: 4 } },
      scale: { min: 1, max: 10, positive: [9, 10] },
    })
    expect(report.definition).toContain('(9, 10)')
  })

  it('CSAT and CES count all answers of a person', async () => {
    const running = await start()
    await give(running, surveyOf('sat', csat), [1, 5], 0, { person: 'ann' })
    expect((await running.read('/v1/reports/csat?survey=sat')).responses).toBe(2)
    expect((await running.read('/v1/reports/csat?survey=sat&basis=latest')).responses).toBe(1)
  })

  it('CES 2.0 is the share of easy answers, CES 1.0 the mean effort', async () => {
    const running = await start()
    await give(running, surveyOf('ease', ces2), [7, 7, 7, 7, 7, 7, 4, 4, 2, 2])
    await give(running, surveyOf('effort', ces1), [1, 2, 3, 5, 5], 100)
    const ease = await running.read('/v1/reports/ces?survey=ease')
    expect(ease).toMatchObject({
      unit: 'percent',
      estimate: { value: 60 },
      result: { version: 2, direction: 'higher-is-better', netEasy: { value: 40 } },
    })
    const effort = await running.read('/v1/reports/ces?survey=effort')
    expect(effort).toMatchObject({
      unit: 'scale points',
      estimate: { value: 3.2 },
      result: { version: 1, direction: 'lower-is-better', percentEasy: { value: 40 } },
    })
  })

  it('reports the newest scale alone when it changed, and says so', async () => {
    const running = await start()
    const first = surveyOf('sat', csat, 1)
    const same = { ...surveyOf('sat', { ...csat, title: 'Other words' }, 2) }
    const ten = surveyOf('sat', { ...csat, max: 10, positive: [9, 10] }, 3)
    await give(running, first, [1, 5], 0)
    await give(running, same, [5, 5], 10)
    const before = await running.read('/v1/reports/csat?survey=sat')
    expect([before.responses, before.versions, before.notes]).toEqual([4, [1, 2], []])
    await give(running, ten, [9, 2, 2], 20)
    const after = await running.read('/v1/reports/csat?survey=sat')
    expect([after.responses, after.versions, after.scale.max]).toEqual([3, [3], 10])
    expect(after.notes).toEqual([
      expect.stringContaining('Version 2 '),
      expect.stringContaining('Version 1 '),
    ])
  })
})

describe('response rates', () => {
  it('are counted over showings', async () => {
    const running = await start()
    const event = (number: number, type: string, data: object, response = number): object =>
      answer(number, 0, {
        type,
        data,
        response: uuid('response', response),
        visitor: `visitor-${response}`,
        at: moment(number - 60),
      })
    const show = { trigger: 'show' }
    await running.send([
      ...[1, 2, 3, 4].map((each) => event(each, 'display', show)),
      event(5, 'answer', { question: 'score', value: 9, revision: 0 }, 1),
      event(6, 'complete', {}, 1),
      event(7, 'answer', { question: 'score', value: 9, revision: 0 }, 2),
      event(8, 'dismiss', { reason: 'close' }, 2),
      event(9, 'dismiss', { reason: 'escape' }, 3),
      event(10, 'followup', { followUp: 'x', state: 'planned' }, 10),
    ])
    const report = await running.read('/v1/reports/response?survey=nps-q4')
    expect(report).toMatchObject({
      counts: { shown: 4, answered: 2, completed: 1, dismissed: 2 },
      responses: 4,
      estimate: { value: 50, n: 4 },
      result: { completion: { value: 50 }, dropOff: { value: 50 }, dismiss: { value: 50 } },
      question: null,
      distribution: [],
    })
  })
})

describe('a report is refused', () => {
  it.each([
    ['nps', 400, 'survey_missing', /Surveys for this report: mixed, nps-q4\./],
    ['csat', 400, 'survey_missing', /Surveys for this report: mixed\./],
    ['ces', 400, 'survey_missing', /No survey for this report/],
    ['response', 400, 'survey_missing', /mixed, nps-q4/],
    ['csat?survey=nps-q4', 400, 'wrong_metric', /use \/v1\/reports\/nps\?survey=nps-q4\./],
    [
      'ces?survey=mixed',
      400,
      'wrong_metric',
      /\/v1\/reports\/nps\?survey=mixed or \/v1\/reports\/csat\?survey=mixed/,
    ],
    ['nps?survey=nps-q5', 404, 'unknown_survey', /Did you mean "nps-q4"\?/],
    ['nps?survey=nps-q4&question=why', 400, 'unknown_question', /no nps question "why"/],
    ['nps?survey=nps-q4&basis=some', 400, 'invalid_query', /all or latest/],
    ['nps?survey=nps-q4&interval=week', 400, 'invalid_query', /"interval" needs "from"/],
    ['response?survey=nps-q4&basis=all', 400, 'invalid_query', /"basis" is not known here/],
    ['nps?survey=nps-q4&form=2026-01-01', 400, 'invalid_query', /did you mean "from"\?$/],
    ['retention?survey=nps-q4', 400, 'invalid_query', /"survey" is not known here/],
  ])('%s', async (path, status, code, detail) => {
    const { put, admin } = await start()
    await put(npsSurvey)
    await put({ ...npsSurvey, id: 'mixed', questions: [npsQuestion, csat] })
    const response = await admin(`/v1/reports/${path}`)
    expect(await response.json()).toMatchObject({ status, code, detail: expect.stringMatching(detail) })
    expect(response.status).toBe(status)
  })
})

import { choice, compareShares, csat, proportion } from '@earshot/metrics'
import type { Question, Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { answer, npsQuestion, npsSurvey, start, uuid, type Running } from '../fixtures.ts'

const success: Question = {
  kind: 'choice',
  id: 'success',
  title: 'Did you get done what you came for?',
  options: [
    { id: 'yes', label: 'Yes' },
    { id: 'partly', label: 'Partly' },
    { id: 'no', label: 'No' },
  ],
  positive: ['yes'],
}
const cause: Question = {
  kind: 'choice',
  id: 'cause',
  title: 'What about?',
  options: [
    { id: 'price', label: 'Price' },
    { id: 'staff', label: 'Staff' },
  ],
  other: 'Something else',
  multiple: true,
}
const effort: Question = {
  ...npsQuestion,
  id: 'effort',
  metric: 'ces2',
  min: 1,
  max: 7,
  positive: [5, 6, 7],
  negative: [1, 2, 3],
}
const feeling: Question = {
  ...npsQuestion,
  id: 'feeling',
  metric: 'csat',
  min: 1,
  max: 5,
  positive: [4, 5],
  negative: [1, 2],
  look: 'faces',
}
const solved: Question = { kind: 'yesno', id: 'solved', title: 'Solved?', yes: 'Yes', no: 'No' }
const words: Question = { kind: 'text', id: 'words', title: 'Why?', maxLength: 200 }
const survey: Survey = {
  ...npsSurvey,
  id: 'visit',
  questions: [success, effort, feeling, cause, solved, words],
  touchpoint: 'website',
}

interface Given {
  answers: Record<string, unknown>
  at?: string
  fields?: object
}

/** Sends responses of several answers; numbers of events and responses count on from `from`. */
async function give({ send }: Running, all: readonly Given[], from = 1, of = survey): Promise<void> {
  let number = from * 100
  const events = all.flatMap(({ answers, at = '2026-11-20T10:00:00.000Z', fields = {} }, index) =>
    Object.entries(answers).map(([question, value]) =>
      answer(++number, 0, {
        at,
        survey: of.id,
        surveyVersion: of.version,
        visitor: `visitor-${from + index}`,
        response: uuid('response', from + index),
        context: { channel: 'web', touchpoint: 'website' },
        data: { question, value, revision: 0 },
        ...fields,
      }),
    ),
  )
  for (let at = 0; at < events.length; at += 400) {
    const receipt = await send(events.slice(at, at + 400), { surveys: [of] })
    expect(receipt.rejected).toEqual([])
  }
}

const many = (count: number, given: Given): Given[] => Array.from({ length: count }, () => given)

describe('the report of a question', () => {
  it('has the share who succeeded, of easy answers, and CSAT of one visit side by side, each with n and interval', async () => {
    const running = await start()
    await give(running, [
      ...many(13, { answers: { success: ['yes'], effort: 6, feeling: 5 } }),
      ...many(4, { answers: { success: ['partly'], effort: 4, feeling: 3 } }),
      ...many(3, { answers: { success: ['no'], effort: 2 } }),
    ])
    const { metric, reports } = await running.read(
      '/v1/reports/question?survey=visit&where=touchpoint:website',
    )
    expect(metric).toBe('question')
    // "cause" does not say which of its choices is the good one.
    expect(reports.map((each: { question: string }) => each.question)).toEqual([
      'success',
      'effort',
      'feeling',
      'solved',
    ])
    const [done, easy, felt, yes] = reports
    expect(done).toMatchObject({
      metric: 'question',
      definitionId: 'choice',
      survey: 'visit',
      versions: [1],
      scale: null,
      basis: 'all',
      unit: 'percent',
      responses: 20,
      estimate: proportion({ count: 13, n: 20 }),
      distribution: [],
      counts: null,
      where: ['touchpoint:website'],
    })
    expect(done.result.choices).toMatchObject([
      { id: 'yes', label: 'Yes', isPositive: true, count: 13, share: proportion({ count: 13, n: 20 }) },
      { id: 'partly', label: 'Partly', isPositive: false, count: 4, share: proportion({ count: 4, n: 20 }) },
      { id: 'no', label: 'No', isPositive: false, count: 3, share: proportion({ count: 3, n: 20 }) },
    ])
    expect(done.definition).toMatch(/^Percent who chose “Yes” among all who answered this question\./)
    expect(easy).toMatchObject({
      definitionId: 'ces-2.0',
      scale: { metric: 'ces2' },
      responses: 20,
      estimate: proportion({ count: 13, n: 20 }),
    })
    const scores = [
      { score: 5, count: 13 },
      { score: 3, count: 4 },
    ]
    expect(felt).toMatchObject({
      definitionId: 'csat',
      scale: { metric: 'csat', positive: [4, 5] },
      responses: 17,
      estimate: csat(scores, { min: 1, max: 5, positive: [4, 5] }).percent,
    })
    expect(felt.distribution).toHaveLength(5)
    expect(yes.estimate).toMatchObject({ value: null, n: 0, reason: 'There is no answer.' })
    for (const each of reports)
      expect(each).toEqual(
        await running.read(
          `/v1/reports/question?survey=visit&where=touchpoint:website&question=${each.question}`,
        ),
      )
    // A metric has the same number where the question is its own.
    const { estimate } = await running.read('/v1/reports/ces?survey=visit&where=touchpoint:website')
    expect(estimate).toEqual(easy.estimate)
  })

  it('hides every number of fewer answers than the minimum where conditions narrow it', async () => {
    const running = await start()
    await give(running, many(9, { answers: { success: ['yes'], solved: true } }))
    const { reports } = await running.read('/v1/reports/question?survey=visit&where=touchpoint:website')
    for (const each of [reports[0], reports[3]])
      expect(each).toMatchObject({
        responses: 9,
        result: null,
        estimate: {
          value: null,
          interval: null,
          n: 9,
          reason: 'Fewer than 10 answers; a group this small is not shown.',
        },
      })
    expect((await running.read('/v1/reports/question?survey=visit&question=success')).estimate.value).toBe(
      100,
    )
  })

  it('counts several choices of one answer, and those that are asked for', async () => {
    const running = await start()
    await give(running, [
      ...many(3, { answers: { cause: ['price', 'staff'] } }),
      ...many(2, { answers: { cause: ['staff'] } }),
      { answers: { cause: ['other'] } },
      { answers: { cause: [] } },
    ])
    const path = '/v1/reports/question?survey=visit&question=cause'
    const staff = await running.read(`${path}&choice=staff`)
    const counts = [
      { chosen: ['price', 'staff'], count: 3 },
      { chosen: ['staff'], count: 2 },
      { chosen: ['other'], count: 1 },
      { chosen: [], count: 1 },
    ]
    const choices = { all: ['price', 'staff', 'other'], positive: ['staff'] }
    const expected = choice(counts, choices)
    expect(staff.estimate).toEqual(expected.percent)
    expect(staff.result.choices).toMatchObject(expected.choices)
    const either = await running.read(`${path}&choice=price&choice=other`)
    expect([either.estimate.value, either.responses]).toEqual([400 / 7, 7])
    expect(either.definition).toContain('“Price” or “Something else”')
    const refusal = async (query: string): Promise<[number, string, string]> => {
      const response = await running.admin(`/v1/reports/question?${query}`)
      const { code, detail } = (await response.json()) as { code: string; detail: string }
      return [response.status, code, detail]
    }
    expect(await refusal('survey=visit&question=cause')).toEqual([
      400,
      'choice_missing',
      'The survey does not say which choice of "cause" is the good one; say with "choice" whose share is meant, once or several times: price, staff, other.',
    ])
    expect(await refusal('survey=visit&question=cause&choice=staf')).toMatchObject([
      400,
      'unknown_choice',
      expect.stringContaining('"staff"'),
    ])
    expect(await refusal('survey=visit&question=effort&choice=yes')).toMatchObject([
      400,
      'unknown_choice',
      expect.stringContaining('is a scale'),
    ])
    expect(await refusal('survey=visit&question=words')).toMatchObject([
      400,
      'unknown_question',
      expect.stringContaining('no question "words" that can be counted'),
    ])
    expect(await refusal('survey=visit&choice=yes')).toMatchObject([
      400,
      'invalid_query',
      expect.stringContaining('"choice" needs "question"'),
    ])
    expect(await refusal('survey=vist')).toMatchObject([
      404,
      'unknown_survey',
      expect.stringContaining('"visit"'),
    ])
    expect(await refusal('')).toMatchObject([400, 'survey_missing', expect.stringContaining('visit')])
  })

  it('of yes or no is the share of yes, also of the latest answers, over time, and against the period before', async () => {
    const running = await start()
    const day = (date: string): string => `2026-11-${date}T10:00:00.000Z`
    await give(running, [
      ...many(12, { answers: { solved: false }, at: day('10') }),
      ...many(10, { answers: { solved: true }, at: day('16') }),
      ...many(5, { answers: { solved: false }, at: day('16') }),
      ...many(12, { answers: { solved: true }, at: day('18'), fields: { person: 'ann' } }),
    ])
    const path = '/v1/reports/question?survey=visit&question=solved&from=2026-11-14&to=2026-11-19'
    const report = await running.read(`${path}&interval=day`)
    expect([report.estimate.value, report.responses]).toEqual([2200 / 27, 27])
    expect(report.change.estimate).toEqual(proportion({ count: 0, n: 12 }))
    expect(report.change.comparison).toEqual(compareShares({ count: 22, n: 27 }, { count: 0, n: 12 }))
    expect(report.trend.points.map((each: { estimate: { value: number } }) => each.estimate.value)).toEqual([
      null,
      null,
      1000 / 15,
      null,
      100,
      null,
    ])
    const latest = await running.read(`${path}&basis=latest`)
    expect([latest.estimate.value, latest.responses]).toEqual([1100 / 16, 16])
    const no = await running.read(`${path}&choice=false`)
    expect(no.estimate.value).toBe(500 / 27)
  })

  it('goes by segments, and sets two of them beside each other', async () => {
    const running = await start()
    const on = (touchpoint: string): object => ({ fields: { context: { channel: 'web', touchpoint } } })
    await give(running, [
      ...many(30, { answers: { success: ['yes'] }, ...on('checkout') }),
      ...many(10, { answers: { success: ['no'] }, ...on('checkout') }),
      ...many(20, { answers: { success: ['no'] }, ...on('help') }),
      ...many(3, { answers: { success: ['no'] }, ...on('chat') }),
    ])
    const report = await running.read('/v1/reports/question?survey=visit&question=success&by=touchpoint')
    expect(report.segments.rows).toMatchObject([
      {
        value: 'checkout',
        estimate: proportion({ count: 30, n: 40 }),
        rest: compareShares({ count: 30, n: 40 }, { count: 0, n: 23 }, { level: 1 - 0.05 / 3 }),
      },
      { value: 'help', estimate: proportion({ count: 0, n: 20 }) },
      { value: 'chat', isHidden: true, estimate: { value: null }, rest: null },
    ])
    const compared = await running.read(
      '/v1/reports/compare?metric=question&survey=visit&question=success&by=touchpoint&one=checkout&other=help',
    )
    expect(compared).toMatchObject({
      metric: 'question',
      definitionId: 'choice',
      groups: [{ responses: 40 }, { responses: 20 }],
      comparison: compareShares({ count: 30, n: 40 }, { count: 0, n: 20 }),
    })
  })

  it('of a rating is the share of its upper scores, of no metric; other choices are another question', async () => {
    const running = await start()
    const mood: Survey = {
      ...npsSurvey,
      id: 'mood',
      questions: [{ ...feeling, metric: 'rating' }, success],
    }
    await give(running, [{ answers: { feeling: 5 } }, { answers: { feeling: 1, success: ['yes'] } }], 1, mood)
    const rating = await running.read('/v1/reports/question?survey=mood&question=feeling')
    expect(rating).toMatchObject({ definitionId: 'rating', unit: 'percent', estimate: { value: 50, n: 2 } })
    expect(rating.result.mean.value).toBe(3)
    const other: Question = { ...success, options: [...success.options, { id: 'later', label: 'Later' }] }
    await running.put({ ...mood, version: 2, questions: [{ ...feeling, metric: 'rating' }, other] })
    const second = await running.read('/v1/reports/question?survey=mood&question=success')
    expect([second.versions, second.responses]).toEqual([[2], 0])
    expect(second.notes[0]).toContain('Version 1 of the survey has other choices for "success"')
    // Which of the same choices is the good one may change: it is counted by what is said now.
    await running.put({
      ...mood,
      version: 3,
      questions: [
        { ...feeling, metric: 'rating' },
        { ...success, positive: ['partly', 'yes'] },
      ],
    })
    const third = await running.read('/v1/reports/question?survey=mood&question=success')
    expect([third.versions, third.responses, third.estimate.value]).toEqual([[1, 3], 1, 100])
  })
})

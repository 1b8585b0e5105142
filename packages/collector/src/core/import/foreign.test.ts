import type { Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { npsQuestion, npsSurvey } from '../../fixtures.ts'
import { mapFlaw, readForeign, type ForeignSource } from './foreign.ts'
import { readMoment, readValue } from './value.ts'

const survey: Survey = {
  ...npsSurvey,
  questions: [
    npsQuestion,
    {
      kind: 'choice',
      id: 'cause',
      title: 'What was it?',
      options: [
        { id: 'price', label: 'The price' },
        { id: 'staff', label: 'Staff, and service' },
      ],
      multiple: true,
    },
    { kind: 'text', id: 'why', title: 'Why?', maxLength: 200 },
  ],
  translations: { de: { questions: { cause: { options: { price: 'Der Preis' } } } } },
}
const thumbs: Survey = {
  ...npsSurvey,
  questions: [
    { ...npsQuestion, metric: 'csat', min: 1, max: 2, positive: [2], negative: [1], look: 'thumbs' },
  ],
}

const read = (
  source: ForeignSource,
  records: object[],
  from = survey,
  map = {},
): ReturnType<typeof readForeign> =>
  readForeign(
    source,
    records.map((fields, index) => ({ line: index + 1, fields: fields as Record<string, unknown> })),
    { survey: from, map, at: null },
  )
const valuesOf = (results: ReturnType<typeof readForeign>): unknown[] =>
  results.map((each) =>
    'row' in each ? each.row.answers.map(({ question, value }) => [question, value]) : each,
  )

describe('Delighted', () => {
  it('gives score, comment, person and time in seconds', () => {
    const results = read('delighted', [
      {
        id: '5435',
        person: '33',
        survey_type: 'nps',
        score: 9,
        comment: 'All good',
        created_at: 1_409_096_520,
        person_properties: null,
      },
      {
        id: '5436',
        person: { id: '34', email: 'a@b.c' },
        score: 0,
        comment: null,
        created_at: 1_409_096_520,
      },
    ])
    expect(valuesOf(results)).toEqual([
      [
        ['score', 9],
        ['why', 'All good'],
      ],
      [['score', 0]],
    ])
    expect(results).toMatchObject([
      { row: { key: '5435', person: '33', at: 1_409_096_520_000 } },
      { row: { person: '34' } },
    ])
  })
})

describe('Formbricks', () => {
  it('gives choices as labels in the language that was shown, which become ids', () => {
    const of = (data: object, more = {}): object => ({
      id: 'cm1',
      createdAt: '2026-08-01T10:00:00.000Z',
      finished: true,
      language: 'de',
      data,
      ...more,
    })
    const results = read('formbricks', [
      of({ score: 7, cause: ['Der Preis', 'Staff, and service'] }),
      of({ score: 7, cause: 'Staff, and service' }),
      of({ score: 7, cause: ['Das Wetter'] }),
      of({ score: 7 }, { finished: false }),
    ])
    expect(valuesOf(results)).toEqual([
      [
        ['score', 7],
        ['cause', ['price', 'staff']],
      ],
      [
        ['score', 7],
        ['cause', ['staff']],
      ],
      { line: 3, flaw: '"cause" has "Das Wetter", which is no choice of the survey' },
      [['score', 7]],
    ])
    expect(results[3]).toMatchObject({ row: { completedAt: null, locale: 'de' } })
  })
  it('gives tables with a column for each question, by number and words', () => {
    const row = {
      'Response ID': 'cm2',
      Timestamp: '2026-08-01 10:00:00',
      Finished: 'Yes',
      'User ID': 'u1',
      '3. Why?': 'so',
      '1. How likely are you to recommend us?': '10',
    }
    const [result] = read('formbricks', [row])
    expect(valuesOf(result ? [result] : [])).toEqual([
      [
        ['score', 10],
        ['why', 'so'],
      ],
    ])
    expect(result).toMatchObject({ row: { key: 'cm2', person: 'u1' } })
  })
})

describe('PostHog', () => {
  const sent = (properties: object, timestamp = '2026-08-01T10:00:00.000Z'): object => ({
    event: 'survey sent',
    distinct_id: 'd1',
    timestamp,
    properties,
  })
  it('gives one response for a submission, with the latest answer to each question that is not empty', () => {
    const results = read('posthog', [
      sent({ $survey_submission_id: 's1', $survey_response_score: '3', $survey_completed: false }),
      { event: 'survey shown', properties: {} },
      sent(
        {
          $survey_submission_id: 's1',
          $survey_response_score: '4',
          $survey_response_why: 'slow',
          $survey_completed: true,
        },
        '2026-08-01T10:01:00.000Z',
      ),
      sent(
        { $survey_submission_id: 's1', $survey_response_score: '', $survey_completed: true },
        '2026-08-01T10:02:00.000Z',
      ),
    ])
    expect(valuesOf(results)).toEqual([
      [
        ['score', 4],
        ['why', 'slow'],
      ],
    ])
    expect(results).toMatchObject([
      {
        row: { key: 's1', person: 'd1', at: Date.UTC(2026, 7, 1, 10), completedAt: Date.UTC(2026, 7, 1, 10) },
      },
    ])
  })
  it('has thumbs the other way round: 1 is up, 2 is down', () => {
    const results = read(
      'posthog',
      [
        sent({ $survey_submission_id: 'a', $survey_response: 1 }),
        sent({ $survey_submission_id: 'b', $survey_response: '2' }),
      ],
      thumbs,
    )
    expect(valuesOf(results)).toEqual([[['score', 2]], [['score', 1]]])
    expect(valuesOf(read('csv', [{ id: 1, score: 1, at: '2026-08-01' }], thumbs))).toEqual([[['score', 1]]])
  })
})

describe('any file', () => {
  it('is read by the columns that are named, and rows without an id are told apart by what they hold', () => {
    const row = { Bewertung: '9', Datum: '2026-01-02', Kanal: 'mail' }
    const results = read(
      'csv',
      [row, row, { ...row, Bewertung: '8' }, { Datum: '2026-01-02' }, { Bewertung: 9 }],
      survey,
      { score: 'Bewertung', at: 'Datum', channel: 'Kanal' },
    )
    const made = results.flatMap((each) => ('row' in each ? [each.row.key] : []))
    expect(new Set(made).size).toBe(3)
    expect(results[0]).toMatchObject({ row: { channel: 'mail' } })
    expect(results.slice(3)).toMatchObject([
      { line: 4, skipped: 'without an answer' },
      { line: 5, flaw: expect.stringMatching(/no time/) },
    ])
  })
  it('may map what the survey asks and the file has, and a slip in a name is told', () => {
    const columns = ['Id', ' NPS ', 'Order']
    const flaw = (map: Record<string, string>, more: object = {}, from = columns): string | null =>
      mapFlaw({ survey: { ...survey, ...more }, map }, from)
    expect(flaw({ score: 'nps', id: 'ID' })).toBeNull()
    expect(flaw({ score: 'Score' })).toBe(
      'the file has no column "Score", which is to be "score"; it has Id,  NPS , Order',
    )
    expect(flaw({ scor: 'NPS' })).toMatch(
      /^"scor" is no question of .*; there are score, cause, why, id, at,/,
    )
    expect(flaw({ 'hidden.order': 'Order' }, { hidden: ['order'] })).toBeNull()
    expect(flaw({ 'hidden.order': 'Order' })).toMatch(/^"hidden.order" is no question/)
    // Records with names of their own may leave some out.
    expect(flaw({ score: 'Score' }, {}, [])).toBeNull()
    const many = Array.from({ length: 40 }, (_, index) => `c${index}`)
    expect(flaw({ score: 'NPS' }, {}, many)).toMatch(/c29 and 10 more$/)
  })
  it('has cells of nothing but spaces, which answer nothing', () => {
    const questions = [
      npsQuestion,
      { kind: 'text', id: 'age', title: 'Age?', maxLength: 9, input: 'number' },
      { kind: 'text', id: 'why', title: 'Why?', maxLength: 9 },
      { kind: 'yesno', id: 'again', title: 'Again?' },
      { kind: 'choice', id: 'what', title: 'What?', options: [{ id: 'a', label: 'A' }] },
    ] as const
    const asking = { ...npsSurvey, questions: [...questions] } as Survey
    for (const question of asking.questions)
      for (const raw of ['', ' ', '\t \u00a0', null])
        expect([question.id, readValue(asking, question, raw)]).toEqual([question.id, null])
    const [, age] = asking.questions
    expect(age && readValue(asking, age, ' 0 ')).toEqual({ value: 0 })
  })
  it('has moments in many forms', () => {
    const ten = Date.UTC(2026, 10, 21, 10)
    for (const text of [
      '2026-11-21T10:00:00Z',
      '2026-11-21 10:00',
      '2026-11-21T11:00:00.000+01:00',
      '2026-11-21 10:00:00 UTC',
      String(ten),
      String(ten / 1000),
    ])
      expect([text, readMoment(text)]).toEqual([text, ten])
    expect(['21.11.2026', '', '2026-13-01', null].map(readMoment)).toEqual([null, null, null, null])
  })
})

import { describe, expect, it } from 'vitest'
import { type Choice, fieldsOf, guess, missing, noChoice, requestOf } from './choice.ts'

describe('what is in a file', () => {
  it('is guessed by its columns and its first record', () => {
    expect([
      guess(['Score', 'Date'], '9,2026-01-01'),
      guess(['id', 'survey', 'version', 'status', 'visitor', 'firstAt'], ''),
      guess([], '{"id":"x","survey":"s","version":1,"visitor":"v","firstAt":"","answers":{}}'),
      guess([], '{"event":"survey sent","properties":{"$survey_response":9}}'),
      guess(['timestamp', '$survey_submission_id'], ''),
      guess([], '{"id":"1","survey_type":"nps","score":9}'),
      guess([], '{"id":"c","surveyId":"s","finished":true,"data":{}}'),
      guess(['Response ID', 'Timestamp', 'Finished', '1. How?'], ''),
      guess(['event', 'at', 'who'], 'purchased,2026-01-01,c1'),
      guess([], '{"name": "trial_started"}'),
      // A word in a comment makes no events of it.
      guess(['score', 'comment'], '9,I purchased it and am active'),
    ]).toEqual([
      'table',
      'own',
      'own',
      'posthog',
      'posthog',
      'delighted',
      'formbricks',
      'formbricks',
      'lifecycle',
      'lifecycle',
      'table',
    ])
  })
  it('is asked of the collector with what was said, and nothing else', () => {
    const said: Choice = { ...noChoice, newId: ' old ', map: { score: 'NPS', at: '' }, at: ' 2024-01-15 ' }
    expect(requestOf(said, 'csv')).toEqual({
      source: 'csv',
      survey: 'old',
      metric: 'nps',
      map: { score: 'NPS' },
      at: '2024-01-15',
    })
    expect(requestOf({ ...said, metric: 'csat', at: '', map: {} }, 'list')).toEqual({
      source: 'ndjson',
      survey: 'old',
      metric: 'csat',
      points: 5,
    })
    expect(requestOf({ ...said, survey: 'there', content: 'posthog', map: {}, at: '' }, 'csv')).toEqual({
      source: 'posthog',
      survey: 'there',
    })
    expect(requestOf({ ...noChoice, content: 'lifecycle', event: 'active' }, 'csv')).toEqual({
      source: 'lifecycle',
      event: 'active',
    })
    expect(requestOf({ ...said, content: 'own' }, 'lines')).toEqual({ source: 'ndjson' })
  })
  it('needs an id where a survey is made, and has fields for what can be told', () => {
    expect(missing(noChoice)).toMatch(/id/)
    expect(
      [
        { ...noChoice, newId: 'x' },
        { ...noChoice, content: 'lifecycle' as const },
      ].map(missing),
    ).toEqual([null, null])
    expect(
      fieldsOf(noChoice, [])
        .map(([target]) => target)
        .slice(0, 3),
    ).toEqual(['score', 'comment', 'at'])
    expect(fieldsOf({ ...noChoice, content: 'own' }, [])).toEqual([])
  })
})

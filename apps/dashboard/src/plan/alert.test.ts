import type { Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { alertText, firstAlert, metricsOf, watching, whatOf } from './alert.ts'
import type { Cause } from './plan.ts'

const survey = (id: string, ...metrics: string[]): Survey =>
  ({
    id,
    questions: metrics.map((metric) => ({ kind: 'scale', id: metric, metric })),
  }) as unknown as Survey

describe('a number that is watched', () => {
  it('is one that the survey has', () => {
    expect(metricsOf(survey('a', 'nps', 'ces2', 'rating'))).toEqual(['nps', 'ces', 'response'])
    expect(metricsOf(undefined)).toContain('csat')
    expect(firstAlert(survey('a', 'csat'))).toEqual({
      on: 'alert',
      survey: 'a',
      metric: 'csat',
      days: 7,
      change: 'fall',
    })
    const before: Cause = { on: 'alert', survey: 'a', metric: 'nps', question: 'q', days: 3, below: 10 }
    expect(firstAlert(survey('b', 'csat'), before)).toEqual({
      on: 'alert',
      survey: 'b',
      metric: 'csat',
      days: 3,
      below: 10,
    })
    expect(firstAlert(survey('b', 'nps'), before).metric).toBe('nps')
  })
  it('is watched for one thing at a time', () => {
    const fall = firstAlert(survey('a', 'nps'))
    expect(whatOf(fall)).toBe('fall')
    const below = watching(fall, 'below')
    expect([whatOf(below), below.below, 'change' in below]).toEqual(['below', 0, false])
    const above = watching({ ...below, below: 20 }, 'above')
    expect([whatOf(above), above.above, 'below' in above]).toEqual(['above', 20, false])
    expect(watching(above, 'either')).toEqual({ ...fall, change: 'either' })
  })
  it('reads as a sentence', () => {
    const fall = firstAlert(survey('a', 'nps'))
    expect(alertText(fall)).toBe('NPS of a falls against the 7 days before')
    expect(alertText({ ...fall, days: 1, change: 'either' })).toBe('NPS of a changes against the day before')
    expect(alertText({ ...watching(fall, 'below'), below: 20 })).toBe('NPS of a in 7 days is below 20')
  })
})

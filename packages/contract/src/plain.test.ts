import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlain } from './plain.ts'
import type { Question } from './question.ts'
import { richSurvey } from './survey.fixtures.ts'
import type { Survey } from './survey.ts'
import type { Trigger } from './trigger.ts'

const score: Question = {
  kind: 'scale',
  id: 'score',
  metric: 'nps',
  min: 0,
  max: 10,
  positive: [9, 10],
  negative: [0, 1, 2, 3, 4, 5, 6],
  title: 'How likely?',
  low: 'Not',
  high: 'Very',
}
const why: Question = {
  kind: 'text',
  id: 'why',
  title: 'Why?',
  maxLength: 100,
  when: { question: 'score', bands: ['detractor'] },
}
const plain: Survey = {
  id: 'nps',
  version: 1,
  locale: 'en',
  questions: [score, why],
  thanks: { title: 'Thanks', text: 'Bye' },
  triggers: [
    { on: 'event', name: 'bought' },
    { on: 'page', delay: 5 },
  ],
  recontact: { answered: 90, dismissed: 30, shown: 7 },
  touchpoint: 'checkout',
  stage: 'purchase',
  purpose: 'To know',
  owner: 'product',
}
const asking = (...questions: Question[]): Survey => ({ ...plain, questions })
const firing = (trigger: Trigger): Survey => ({ ...plain, triggers: [trigger] })

describe('isPlain', () => {
  it('says yes where the basic part understands everything', () => {
    expect(isPlain(plain)).toBe(true)
    expect(isPlain({ ...plain, targeting: undefined })).toBe(true)
    const words = { questions: { why: { title: 'Warum?' } }, thanks: { title: 'Danke' } }
    expect(isPlain({ ...plain, translations: { de: words, fr: {} } })).toBe(true)
  })
  it.each<[string, Survey]>([
    ['targeting', { ...plain, targeting: { fact: 'device', op: 'equals', value: 'phone' } }],
    ['a share', { ...plain, sampling: 1 }],
    ['a quota', { ...plain, quota: 10 }],
    ['a tenure', { ...plain, tenure: 0 }],
    ['an exemption from the quiet period', { ...plain, transactional: true }],
    ['follow-ups', { ...plain, followUps: [] }],
    ['a bound on showings', { ...plain, recontact: { ...plain.recontact, most: 3 } }],
    ['a second question without a condition', asking(score, { ...why, when: undefined })],
    ['a condition on the first', asking({ ...score, when: { question: 'x', bands: [] } }, why)],
    ['a rule tree', asking(score, { ...why, when: { not: { question: 'score', bands: ['promoter'] } } })],
    ['another look', asking({ ...score, look: 'stars' })],
    [
      'another kind',
      asking(score, { kind: 'yesno', id: 'y', title: '?', yes: 'Y', no: 'N', when: why.when }),
    ],
    ['a pipe', asking({ ...score, title: 'How likely, {{trait.name|dear guest}}?' })],
    ['a pipe in the thanks', { ...plain, thanks: { title: '{{trait.name}}' } }],
    [
      'a pipe in a translation',
      { ...plain, translations: { de: { thanks: { title: 'Danke, {{trait.name}}' } } } },
    ],
    ['a translation in the wrong place', asking({ ...score, translations: {} } as Question, why)],
    ['a delayed event', firing({ on: 'event', name: 'bought', delay: 0 })],
    ['an event that counts', firing({ on: 'event', name: 'bought', nth: 2 })],
    ['an address', firing({ on: 'page', delay: 0, url: [{ match: 'exact', value: '/' }] })],
    ['a signal', firing({ on: 'exit' })],
  ])('says no to %s', (_name, survey) => {
    expect(isPlain(survey)).toBe(false)
  })
  it('says no to any field that it has not heard of, wherever it stands', () => {
    const places: ((field: object) => object)[] = [
      (field) => ({ ...plain, ...field }),
      (field) => ({ ...plain, questions: [{ ...score, ...field }, why] }),
      (field) => ({ ...plain, triggers: [{ on: 'page', delay: 0, ...field }] }),
      (field) => ({ ...plain, recontact: { ...plain.recontact, ...field } }),
    ]
    const known = new Set(JSON.stringify(plain).match(/"\w+"(?=:)/g))
    const field = fc.string({ minLength: 1 }).filter((name) => !known.has(JSON.stringify(name)))
    fc.assert(
      fc.property(fc.constantFrom(...places), field, (put, name) => {
        expect(isPlain(put(Object.fromEntries([[name, 1]])) as Survey)).toBe(false)
      }),
    )
  })
  it('says no to a survey that uses everything', () => {
    expect(isPlain(richSurvey())).toBe(false)
  })
})

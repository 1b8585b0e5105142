import type { Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import {
  choiceOf,
  differencesOf,
  firstChoice,
  formablePlan,
  freeId,
  kindsFor,
  type PlanRule,
  remindersOf,
  sentenceOf,
  whenOf,
} from './plan.ts'

const withQuestions = (questions: object[]): Survey => ({ id: 'nps', questions }) as unknown as Survey
const survey = withQuestions([{ kind: 'scale', id: 'score', metric: 'nps', title: 'How likely?' }])
const withChoice = withQuestions([
  {
    kind: 'choice',
    id: 'one',
    title: 'One?',
    options: [
      { id: 'a', label: 'A' },
      { id: 'b', label: 'B' },
    ],
  },
  { kind: 'choice', id: 'some', title: 'Some?', multiple: true, options: [{ id: 'c', label: 'C' }] },
  { kind: 'text', id: 'words', title: 'Words?', maxLength: 100 },
])
const rule: PlanRule = {
  id: 'r',
  after: { on: 'answer', survey: 'nps', when: { question: 'score', bands: ['detractor'] } },
  delay: 14,
  expires: 7,
  do: { webhook: 'wh', reaches: 'person' },
}

describe('a plan that is written', () => {
  it('is for a form only where it has the parts of one', () => {
    expect(formablePlan({ rules: [rule] })).toEqual({ rules: [rule] })
    // What is in a field may be wrong: the form shows it, and the collector says what is.
    expect(
      formablePlan({
        rules: [{ ...rule, delay: 'x', after: { on: 'odd' }, do: { case: { role: 'agent' } } }],
      }),
    ).not.toBeNull()
    for (const odd of [null, [], {}, { rules: {} }, { rules: [{}] }, { rules: [{ ...rule, do: 'x' }] }])
      expect(formablePlan(odd)).toBeNull()
    expect(formablePlan({ rules: [{ ...rule, unless: { answered: 'nps' } }] })).toBeNull()
    expect(formablePlan({ rules: [], quiet: 'night' })).toBeNull()
  })
  it('says the same condition in the form and in the rule', () => {
    for (const [when, found] of [
      [undefined, 'any'],
      [{ question: 'score', bands: ['detractor'] }, 'band'],
      [{ fact: 'answer.one', op: 'equals', value: 'a' }, 'choice'],
      [{ fact: 'answer.some', op: 'contains', value: 'c' }, 'choice'],
      [{ fact: 'answer.words', op: 'contains', value: 'refund' }, 'word'],
    ] as const) {
      const choice = choiceOf(when, withChoice)
      expect(choice.kind).toBe(found)
      expect(whenOf(choice, withChoice)).toEqual(when)
    }
    for (const other of [
      { all: [] },
      { fact: 'channel', op: 'equals', value: 'web' },
      { fact: 'answer.words', op: 'starts', value: 'x' },
      { question: 'score', bands: ['detractor'], more: 1 },
      'x',
    ])
      expect(choiceOf(other, withChoice)).toEqual({ kind: 'other' })
  })
  it('offers the conditions that the survey has questions for', () => {
    expect(kindsFor(withChoice)).toEqual(['any', 'choice', 'word'])
    expect(kindsFor(undefined)).toEqual(['any'])
    expect(firstChoice('band', survey)).toEqual({ kind: 'band', question: 'score', bands: ['detractor'] })
    expect(firstChoice('choice', survey)).toEqual({ kind: 'any' })
  })
  it('reads as a sentence', () => {
    expect(sentenceOf(rule, survey, 'tell “desk”')).toBe(
      'When an answer to nps is detractor, 14 days later tell “desk”.',
    )
    for (const [delay, text] of [
      [10 / 86_400, '10 seconds later'],
      [1 / 1440, 'a minute later'],
      [1 / 24, 'an hour later'],
      [0.5, '12 hours later'],
      [1.5, '1.5 days later'],
      [1e-9, '1e-9 days later'],
    ] as const)
      expect(sentenceOf({ ...rule, delay }, survey, 'tell “desk”')).toBe(
        `When an answer to nps is detractor, ${text} tell “desk”.`,
      )
    expect(
      sentenceOf(
        {
          ...rule,
          after: { on: 'event', name: 'ticket_solved' },
          delay: 0,
          reminders: [{ after: 2 }],
          unless: { answered: ['ces'], events: [{ name: 'closed' }] },
        },
        undefined,
        'tell “desk”',
      ),
    ).toBe(
      'When ticket_solved happens, at once tell “desk”, and once more, unless ces is answered or closed happens.',
    )
  })
  it('keeps the words of reminders, and gives every rule a name of its own', () => {
    const before = [{ after: 2, text: { en: 'Still open' } }]
    expect(remindersOf('3, 5', before)).toEqual([{ after: 3, text: { en: 'Still open' } }, { after: 5 }])
    expect(remindersOf(' ')).toBeUndefined()
    expect(freeId({ rules: [{ ...rule, id: 'rule-2' }] })).toBe('rule-3')
  })
})

it('says where two plans differ', () => {
  const mine = { rules: [rule, { ...rule, id: 'mine' }, { ...rule, id: 'both' }], zone: 'UTC' }
  const theirs = { rules: [{ ...rule, id: 'both', delay: 9 }, rule], zone: 'UTC', limits: [] }
  expect(differencesOf(mine, mine)).toEqual([])
  expect(differencesOf(mine, theirs)).toEqual(['the rule “mine”', 'the rule “both”', 'the limits'])
  expect(differencesOf(mine, { rules: 'none' })).toEqual([])
})

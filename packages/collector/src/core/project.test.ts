import type { AnswerValue, SurveyEvent } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { project, type StoredEvent } from './project.ts'

type Stored = StoredEvent<SurveyEvent>

const start = Date.UTC(2026, 10, 21, 12)
const response = '018f0000-0000-7000-8000-f00000000001'

interface Facts {
  number: number
  seq?: number
  /** Seconds after the start. */
  second?: number
  visitor?: string
  person?: string | null
  survey?: string
  version?: number
  context?: Partial<SurveyEvent['context']>
  variant?: string
}
type Kind = Pick<SurveyEvent, 'type' | 'data'>

function stored(kind: Kind, facts: Facts): Stored {
  const { number, seq = number, second = number, visitor = 'v', person = null } = facts
  const event = {
    ...kind,
    id: `018f0000-0000-7000-8000-e${String(number).padStart(11, '0')}`,
    at: new Date(start + second * 1000).toISOString(),
    visitor,
    person,
    session: 's',
    seq,
    context: { channel: 'web', ...facts.context },
    survey: facts.survey ?? 'nps',
    surveyVersion: facts.version ?? 1,
    response,
    ...(facts.variant !== undefined && { variant: facts.variant }),
  } as SurveyEvent
  return { event, at: start + second * 1000, receivedAt: start + 9e6, occurredAt: start + second * 1000 }
}
const at = (second: number): string => new Date(start + second * 1000).toISOString()
const display: Kind = { type: 'display', data: { trigger: 'show' } }
const complete: Kind = { type: 'complete', data: {} }
const dismiss: Kind = { type: 'dismiss', data: { reason: 'close' } }
const snooze: Kind = { type: 'snooze', data: { until: at(99) } }
const planned: Kind = { type: 'followup', data: { followUp: 'f', state: 'planned' } }
const answer = (value: AnswerValue, revision = 0, question = 'score'): Kind => ({
  type: 'answer',
  data: { question, value, revision },
})

describe('project', () => {
  it('tells the whole story of a response', () => {
    const context = { url: 'https://shop.example/', locale: 'de', touchpoint: 'checkout', stage: 'purchase' }
    const events = [
      stored(display, { number: 1, context }),
      stored(answer(9), { number: 2, context: { url: 'https://shop.example/later' } }),
      stored(answer('because', 0, 'why'), { number: 3, person: 'ann' }),
      stored(complete, { number: 4, person: 'ann' }),
    ]
    expect(project(events)).toEqual({
      id: response,
      survey: 'nps',
      version: 1,
      status: 'completed',
      visitor: 'v',
      person: 'ann',
      session: 's',
      channel: 'web',
      touchpoint: 'checkout',
      stage: 'purchase',
      locale: 'de',
      url: 'https://shop.example/',
      variant: null,
      trigger: 'show',
      followUp: null,
      hidden: null,
      layout: null,
      wording: null,
      displayedAt: at(1),
      answers: {
        score: { value: 9, revision: 0, at: at(2) },
        why: { value: 'because', revision: 0, at: at(3) },
      },
      completedAt: at(4),
      dismissedAt: null,
      dismissReason: null,
      firstAt: at(1),
      lastAt: at(4),
    })
  })

  it.each<[string, Kind[], string]>([
    ['shown', [display], 'shown'],
    ['snoozed', [display, snooze], 'shown'],
    ['closed without an answer', [display, dismiss], 'dismissed'],
    ['answered', [display, answer(1)], 'partial'],
    ['closed after an answer', [display, answer(1), dismiss], 'partial'],
    ['finished', [display, answer(1), complete], 'completed'],
    ['finished and closed', [answer(1), complete, dismiss], 'completed'],
    ['answered, although the display event is missing', [answer(1)], 'partial'],
  ])('has the right status when %s', (_, kinds, status) => {
    expect(project(kinds.map((kind, index) => stored(kind, { number: index + 1 })))?.status).toBe(status)
  })

  it('is null when nobody saw anything', () => {
    expect(project([])).toBeNull()
    expect(project([stored(planned, { number: 1 })])).toBeNull()
  })

  it.each<[string, Stored[], number]>([
    ['revision', [stored(answer(1, 1), { number: 1 }), stored(answer(2, 0), { number: 2 })], 1],
    [
      'then sequence',
      [
        stored(answer(1), { number: 1, seq: 5, second: 1 }),
        stored(answer(2), { number: 2, seq: 4, second: 9 }),
      ],
      1,
    ],
    [
      'then time',
      [
        stored(answer(1), { number: 1, seq: 5, second: 9 }),
        stored(answer(2), { number: 2, seq: 5, second: 1 }),
      ],
      1,
    ],
    [
      'then id',
      [
        stored(answer(1), { number: 2, seq: 5, second: 1 }),
        stored(answer(2), { number: 1, seq: 5, second: 1 }),
      ],
      1,
    ],
  ])('lets the answer with the highest %s stand', (_, events, value) => {
    for (const order of [events, events.toReversed()])
      expect(project(order)?.answers.score?.value).toBe(value)
  })

  it('keeps events of another visitor, survey or version out', () => {
    const own = [stored(display, { number: 5, second: 1 }), stored(answer(9), { number: 6, second: 2 })]
    const foreign = [
      stored(answer(0, 7), { number: 7, second: 3, visitor: 'mallory' }),
      stored(answer(0, 7), { number: 8, second: 3, survey: 'other' }),
      stored(answer(0, 7), { number: 9, second: 3, version: 2 }),
      stored(complete, { number: 10, second: 3, visitor: 'mallory' }),
    ]
    expect(project([...foreign, ...own])).toEqual(project(own))
  })

  it('keeps answers of every kind, with what was written beside them and the order in which they stood', () => {
    const beside = { other: 'my cat', order: ['b', 'a'] }
    const choice = answer(['a', 'other'], 0, 'who')
    const events = [
      stored(display, { number: 1 }),
      stored({ ...choice, data: { ...choice.data, ...beside } } as Kind, { number: 2 }),
      stored(answer(true, 0, 'solved'), { number: 3 }),
      stored(answer(-2.5, 0, 'amount'), { number: 4 }),
    ]
    expect(project(events)?.answers).toEqual({
      amount: { value: -2.5, revision: 0, at: at(4) },
      solved: { value: true, revision: 0, at: at(3) },
      who: { value: ['a', 'other'], ...beside, revision: 0, at: at(2) },
    })
  })

  it('takes what the first display tells, also when it goes on after a reload', () => {
    const told = {
      trigger: 'followup',
      followUp: 'nps/why/1',
      hidden: { order: 7 },
      layout: 'top-end',
      wording: 'de@1',
    }
    const events = [
      stored({ type: 'display', data: told } as Kind, { number: 1, variant: 'b' }),
      stored({ type: 'display', data: { trigger: 'resume', hidden: { order: 8 } } }, { number: 2 }),
      stored(complete, { number: 3, variant: 'c' }),
    ]
    for (const order of [events, events.toReversed()])
      expect(project(order)).toMatchObject({ ...told, variant: 'b' })
    expect(project(events.slice(1))).toMatchObject({
      variant: 'c',
      trigger: 'resume',
      followUp: null,
      hidden: { order: 8 },
      layout: null,
      wording: null,
    })
    expect(project([stored(answer(9), { number: 1 })])).toMatchObject({ trigger: null, hidden: null })
  })

  it('has a question called __proto__ like any other', () => {
    const made = project([stored(answer(5, 0, '__proto__'), { number: 1 })])
    expect(Object.keys(made?.answers ?? {})).toEqual(['__proto__'])
    expect(JSON.stringify(made)).toContain('"__proto__":{"value":5')
  })

  const kinds = fc.oneof(
    fc.constantFrom<Kind>(display, complete, dismiss, snooze, planned, {
      type: 'display',
      data: { trigger: 'resume', followUp: 'f', hidden: { a: 1 }, layout: 'top-end', wording: 'de@1' },
    }),
    fc
      .tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 2 }), fc.constantFrom('score', 'why'))
      .map(([value, revision, question]) => answer(value, revision, question)),
  )
  // Small ranges on purpose, so that ties in sequence and time are common.
  const facts = fc.record({
    seq: fc.integer({ min: 0, max: 3 }),
    second: fc.integer({ min: 0, max: 3 }),
    visitor: fc.constantFrom('v', 'v', 'v', 'w'),
    person: fc.constantFrom(null, 'ann', 'bob'),
    survey: fc.constantFrom('nps', 'nps', 'nps', 'csat'),
    version: fc.constantFrom(1, 1, 1, 2),
    variant: fc.constantFrom(undefined, 'a', 'b'),
  })
  const sets = fc
    .array(fc.tuple(kinds, facts), { minLength: 1, maxLength: 12 })
    .map((list) => list.map(([kind, each], number) => stored(kind, { ...(each as Facts), number })))

  it('gives the same result for any order and any repetition', () => {
    const runs = sets.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.array(fc.constantFrom(...events), { maxLength: 6 }),
      ),
    )
    fc.assert(
      fc.property(runs, ([events, shuffled, repeated]) => {
        expect(project([...repeated, ...shuffled])).toEqual(project(events))
        expect(project([...shuffled, ...repeated])).toEqual(project(events))
      }),
      { numRuns: 2000 },
    )
  })

  it('holds what it promises for any set of events', () => {
    fc.assert(
      fc.property(sets, (events) => {
        const made = project(events)
        if (!made) return
        const answered = Object.keys(made.answers).length > 0
        expect(made.firstAt <= made.lastAt).toBe(true)
        expect(made.status === 'dismissed').toBe(made.dismissedAt !== null && !answered && !made.completedAt)
        expect(made.status === 'completed').toBe(made.completedAt !== null)
        expect(made.dismissReason === null).toBe(made.dismissedAt === null)
      }),
      { numRuns: 1000 },
    )
  })
})

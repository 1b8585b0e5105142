import { randomBytes } from 'node:crypto'
import type { AnswerValue, Survey, SurveyEvent } from '@earshot/contract'
import { eventSchema } from '@earshot/contract/schema'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { anonymise, isAnonymous, type Countable } from './anonymise.ts'
import { checkAnswer } from './answer.ts'
import { commentOf } from './search.ts'
import { project, type StoredEvent, type StoredResponse } from './project.ts'
import { suspicionsOf, type Suspicion } from './suspicion.ts'
import { formatMoment } from './time.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 150)
vi.setConfig({ testTimeout: 60_000 + 100 * numRuns })

const day = 86_400_000
const now = Date.UTC(2026, 10, 21, 15, 30)
const survey: Survey = {
  id: 'nps',
  version: 3,
  locale: 'en',
  touchpoint: 'checkout',
  stage: 'purchase',
  questions: [
    {
      kind: 'scale',
      id: 'score',
      metric: 'nps',
      title: 'How likely?',
      min: 0,
      max: 10,
      positive: [9, 10],
      negative: [0, 1, 2, 3, 4, 5, 6],
      low: 'Not',
      high: 'Very',
    },
    {
      kind: 'choice',
      id: 'cause',
      title: 'What about?',
      options: [
        { id: 'price', label: 'Price' },
        { id: 'staff', label: 'Staff' },
      ],
      multiple: true,
      other: 'Else',
    },
    { kind: 'yesno', id: 'solved', title: 'Solved?', yes: 'Yes', no: 'No' },
    { kind: 'text', id: 'why', title: 'Why?', maxLength: 500 },
    { kind: 'text', id: 'number', title: 'Your number?', maxLength: 20, input: 'number' },
    { kind: 'text', id: 'mail', title: 'Your address?', maxLength: 100, input: 'email' },
  ],
  thanks: { title: 'Thank you' },
  triggers: [],
  recontact: { answered: 90, dismissed: 30, shown: 7 },
}

/** Every word of it could tell who it was. */
const secret = fc.string({
  minLength: 3,
  maxLength: 30,
  unit: fc.constantFrom('q', 'ß', '管', '"', '\\', '@'),
})
const moment = fc.integer({ min: now - 40 * day, max: now - 60_000 }).map((at) => new Date(at).toISOString())
const answered = <Value extends AnswerValue>(value: fc.Arbitrary<Value>): fc.Arbitrary<object> =>
  fc.record(
    { value, revision: fc.nat(5), at: moment, other: secret, order: fc.constant(['staff', 'price']) },
    { requiredKeys: ['value', 'revision', 'at'] },
  )
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value)
const response: fc.Arbitrary<StoredResponse> = fc
  .record({
    id: fc.uuid({ version: 7 }),
    survey: fc.constant('nps'),
    version: fc.constant(3),
    status: fc.constant('shown'),
    visitor: secret,
    person: maybe(secret),
    session: secret,
    channel: fc.constantFrom('web', 'kiosk'),
    touchpoint: fc.constantFrom(null, 'checkout', 'qqßß'),
    stage: fc.constantFrom(null, 'purchase', 'qqßß'),
    locale: fc.constantFrom(null, 'rm'),
    url: maybe(secret),
    variant: fc.constantFrom(null, 'a'),
    trigger: fc.constantFrom(null, 'rage'),
    followUp: maybe(secret),
    hidden: maybe(fc.dictionary(secret, secret)),
    layout: maybe(secret),
    wording: fc.constantFrom(null, 'rm@1'),
    displayedAt: maybe(moment),
    answers: fc.record(
      {
        score: answered(fc.nat(10)),
        cause: answered(fc.subarray(['price', 'staff', 'other'])),
        solved: answered(fc.boolean()),
        why: answered(secret),
        number: answered(fc.integer({ min: 10_000_000, max: 99_999_999 })),
        mail: answered(secret),
        gone: answered(secret),
      },
      { requiredKeys: [] },
    ),
    completedAt: maybe(moment),
    dismissedAt: maybe(moment),
    dismissReason: fc.constantFrom(null, 'escape'),
    firstAt: moment,
    lastAt: moment,
  })
  .map((made) => {
    const all = [
      ...Object.values(made.answers).map((each) => (each as { at: string }).at),
      ...[made.displayedAt, made.completedAt, made.dismissedAt].filter((each) => each !== null),
      made.firstAt,
    ].toSorted()
    return { ...made, firstAt: all[0], lastAt: all.at(-1) } as StoredResponse
  })
const countable = fc.record({
  response,
  survey: fc.constant(survey),
  reasons: fc.subarray<Suspicion>(['burst', 'too-fast', 'trap']),
})

const made = (given: Countable, at = now): StoredEvent<SurveyEvent>[] => anonymise(given, at, randomBytes)
const fold = (events: readonly StoredEvent<SurveyEvent>[]): StoredResponse => {
  const folded = project(events)
  if (!folded) throw new Error('nothing is left')
  return folded
}
const dayOf = (at: string): string => at.slice(0, 10)
/** Every text that a value has in it. */
const textsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, each]) => [key, ...textsOf(each)])
      : []

describe('anonymise', () => {
  it('leaves nothing of whom it was of: no id, no text, no number that was written, no finer time', () => {
    fc.assert(
      fc.property(countable, (given) => {
        const events = made(given)
        const { response: old } = given
        const after = [...events.map((each) => each.event), fold(events)]
        const texts = textsOf(after)
        const { score: _score, cause: _cause, solved: _solved, ...written } = old.answers
        const gone = textsOf([
          [old.id, old.visitor, old.person, old.session, old.url, old.followUp, old.hidden, old.layout],
          [old.locale, old.wording, old.trigger],
          Object.values(written).map((each) => each.value),
          Object.values(old.answers).map((each) => each.other),
        ]).filter((each) => !/^\d+$/.test(each))
        for (const each of gone) expect(texts).not.toContain(each)
        // Whatever is neither of the survey nor of a fixed form has no letter of theirs.
        expect(JSON.stringify(after)).not.toMatch(/[qß管@]{2}/)
        for (const { value } of Object.values(written))
          if (typeof value === 'number') expect(JSON.stringify(after)).not.toContain(`:${value}`)
        for (const { event, at, receivedAt, occurredAt } of events) {
          expect([receivedAt, occurredAt, formatMoment(at)]).toEqual([at, at, event.at])
          expect([0, 1000]).toContain(at % (day / 2))
          for (const id of [event.id, event.response])
            expect([0, 1000]).toContain(parseInt(id.replace('-', '').slice(0, 12), 16) % (day / 2))
        }
      }),
      { numRuns },
    )
  })

  it('keeps what is counted: survey, version, variant, channel, scores and choices on their days, and how far it came', () => {
    fc.assert(
      fc.property(countable, (given) => {
        const { response: old } = given
        const folded = fold(made(given))
        expect(folded).toMatchObject({
          survey: 'nps',
          version: 3,
          variant: old.variant,
          channel: old.channel,
          touchpoint: old.touchpoint === 'checkout' ? 'checkout' : null,
          stage: old.stage === 'purchase' ? 'purchase' : null,
        })
        const { gone: _gone, ...known } = old.answers
        expect(Object.keys(folded.answers).toSorted()).toEqual(Object.keys(known).toSorted())
        for (const [question, { value, at }] of Object.entries(known)) {
          const left = folded.answers[question]
          expect(dayOf(left?.at ?? '')).toBe(dayOf(at))
          expect(left?.value).toEqual(['score', 'cause', 'solved'].includes(question) ? value : '')
        }
        expect(commentOf(folded)).toBe('')
        expect(dayOf(folded.firstAt)).toBe(dayOf(old.firstAt))
        for (const key of ['completedAt', 'dismissedAt'] as const)
          expect(folded[key] && dayOf(folded[key])).toBe(old[key] && dayOf(old[key]))
        const isCompleted = old.completedAt !== null
        const count = Object.keys(known).length
        expect(folded.status).toBe(
          isCompleted ? 'completed' : count > 0 ? 'partial' : old.dismissedAt ? 'dismissed' : 'shown',
        )
      }),
      { numRuns },
    )
  })

  it('gives the same once more, and events that could have been sent', () => {
    fc.assert(
      fc.property(countable, (given) => {
        const events = made(given)
        const first = fold(events)
        const second = fold(made({ ...given, response: first }))
        const { id: _a, visitor: _b, ...one } = first
        const { id: _c, visitor: _d, ...other } = second
        expect(other).toEqual(one)
        for (const { event } of events) {
          expect(eventSchema.safeParse(event).success).toBe(true)
          if (event.type === 'answer' && event.data.value !== '')
            expect(checkAnswer(survey, event.data)).toBeNull()
        }
      }),
      { numRuns },
    )
  })

  it('is doubted for what it was doubted for, and for nothing else', () => {
    fc.assert(
      fc.property(countable, (given) => {
        const events = made(given)
        const { displayedAt, answers, firstAt } = given.response
        const isSeen = displayedAt !== null
        const own = suspicionsOf(fold(events), events)
        expect(own.includes('trap')).toBe(
          given.reasons.includes('trap') && events[0]?.event.type === 'display',
        )
        const { gone: _gone, ...known } = answers
        const first = Object.values(known)[0]
        const isAtOnce = isSeen && first !== undefined && dayOf(first.at) === dayOf(firstAt)
        expect(own.includes('too-fast')).toBe(given.reasons.includes('too-fast') && isAtOnce)
        expect(own).not.toContain('burst')
      }),
      { numRuns },
    )
  })

  it('has ids of which none can be found by another', () => {
    fc.assert(
      fc.property(countable, (given) => {
        const all = [made(given), made(given)].flat()
        expect(new Set(all.map((each) => each.event.id)).size).toBe(all.length)
        expect(new Set(all.map((each) => each.event.response)).size).toBe(2)
        const visitors = new Set(all.map((each) => each.event.visitor))
        expect(visitors.size).toBe(2)
        for (const each of visitors) expect([isAnonymous(each), each.length <= 64]).toEqual([true, true])
      }),
      { numRuns: 50 },
    )
  })

  it('stands at noon of its day in UTC, or at its beginning as long as it is not noon', () => {
    const given: Countable = {
      response: fold([
        {
          event: {
            type: 'complete',
            data: {},
            id: '018f0000-0000-7000-8000-e00000000001',
            at: new Date(now - 1).toISOString(),
            visitor: 'v',
            person: null,
            session: 's',
            seq: 1,
            context: { channel: 'web' },
            survey: 'nps',
            surveyVersion: 3,
            response: '018f0000-0000-7000-8000-f00000000001',
          },
          at: now - 1,
          receivedAt: now - 1,
          occurredAt: now - 1,
        },
      ]),
      survey,
      reasons: [],
    }
    expect(made(given).map((each) => each.event.at)).toEqual(['2026-11-21T12:00:01.000Z'])
    const morning = Date.UTC(2026, 10, 21, 11, 59)
    expect(made(given, morning).map((each) => each.event.at)).toEqual(['2026-11-21T00:00:01.000Z'])
  })

  it('keeps no answer of which nobody can tell whether it is a text', () => {
    fc.assert(
      fc.property(countable, (given) => {
        const events = made({ ...given, survey: undefined })
        expect(events.filter((each) => each.event.type === 'answer')).toEqual([])
        expect(events.length).toBeGreaterThan(0)
      }),
      { numRuns: 50 },
    )
  })
})

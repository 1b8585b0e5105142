/** Arbitrary surveys and settings, for properties that hold for all of them. */
import type { AddressMatch, Limits, Rule, Survey, Trigger } from '@earshot/contract'
import fc from 'fast-check'
import { markPlain } from '../plain.ts'
import { aSurvey, score } from './survey.fixtures.ts'

export const eventNames = ['a', 'b', 'c'] as const
export const addresses = ['https://shop.example/', 'https://shop.example/in/x'] as const

const name = fc.constantFrom(...eventNames)
const base = fc.record(
  {
    url: fc.constant<AddressMatch[]>([{ match: 'prefix', value: '/in' }]),
    cancel: name.map((each) => [each]),
  },
  { requiredKeys: [] },
)
const delay = fc.constantFrom(0, 1, 30)
const kinds: fc.Arbitrary<Trigger> = fc.oneof(
  fc.record({ on: fc.constant('event' as const), name }),
  fc.record({ on: fc.constant('event' as const), name, delay, nth: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    on: fc.constant('sequence' as const),
    steps: fc.array(fc.record({ name, times: fc.integer({ min: 1, max: 2 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    within: fc.constantFrom(10, 3600),
    delay,
  }),
  fc.record({ on: fc.constant('page' as const), delay }),
  fc.constant<Trigger>({ on: 'exit' }),
  fc.constant<Trigger>({ on: 'scroll', percent: 50 }),
)
const trigger: fc.Arbitrary<Trigger> = fc
  .tuple(kinds, fc.option(base, { freq: 3, nil: {} }))
  .map(([kind, more]) => ({ ...kind, ...more }))

const targeting: fc.Arbitrary<Rule> = fc.constantFrom<Rule>(
  { fact: 'trait.plan', op: 'equals', value: 'pro' },
  { not: { fact: 'trait.plan', op: 'equals', value: 'pro' } },
  {
    any: [
      { fact: 'page.path', op: 'equals', value: '/' },
      { fact: 'trait.plan', op: 'known' },
    ],
  },
)

/** Mostly without it: where all of it stands against a survey, nobody is ever asked. */
const seldom = <Value>(some: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(some, { freq: 2, nil: undefined }).chain((each) => fc.constantFrom(undefined, undefined, each))

const rich: fc.Arbitrary<Partial<Survey>> = fc
  .record({
    targeting: seldom(targeting),
    sampling: seldom(fc.constantFrom(0.5, 0.9, 1)),
    tenure: seldom(fc.constantFrom(0, 1, 10)),
    transactional: fc.boolean(),
    variants: seldom(
      fc.constant([
        { id: 'x', weight: 1, wording: { score: { title: 'Other' } } },
        { id: 'y', weight: 1, layout: 'top-end' as const, triggers: [{ on: 'event' as const, name: 'a' }] },
      ]),
    ),
    followUps: seldom(
      fc.constant([
        {
          id: 'f',
          after: { on: 'event' as const, name: 'b' },
          delay: 1,
          expires: 20,
          cancel: [{ name: 'c' }],
        },
        {
          id: 'g',
          after: { on: 'silence' as const },
          delay: 5,
          expires: 9,
          reminders: { most: 2, every: 3 },
        },
      ]),
    ),
  })
  .map((parts) => JSON.parse(JSON.stringify(parts)) as Partial<Survey>)

const recontact: fc.Arbitrary<Survey['recontact']> = fc.record(
  {
    answered: fc.constantFrom(0, 5, 90),
    dismissed: fc.constantFrom(0, 5, 30),
    shown: fc.constantFrom(0, 1, 7),
    most: fc.constantFrom(2, 9),
  },
  { requiredKeys: ['answered', 'dismissed', 'shown'] },
)

/** Two to four, some of them plain. */
export const surveys: fc.Arbitrary<Survey[]> = fc
  .array(
    fc.tuple(fc.array(trigger, { maxLength: 3 }), recontact, fc.option(rich, { nil: {} }), fc.boolean()),
    { minLength: 2, maxLength: 4 },
  )
  .map((parts) =>
    parts.map(([triggers, times, more, isStars], index) => {
      const survey = aSurvey({
        id: `s${index}`,
        triggers,
        recontact: times,
        questions: [isStars ? { ...score, look: 'stars' } : score],
        ...more,
      })
      const isPlain =
        !isStars &&
        !Object.keys(more).length &&
        times.most === undefined &&
        triggers.every(
          (each) => each.on === 'page' || (each.on === 'event' && Object.keys(each).length === 2),
        )
      return isPlain ? markPlain(survey) : survey
    }),
  )

export const limits: fc.Arbitrary<Limits> = fc.record(
  {
    quiet: fc.constantFrom(0, 0, 1, 14),
    perPage: fc.integer({ min: 1, max: 3 }),
    perSession: fc.integer({ min: 1, max: 6 }),
    perDay: fc.integer({ min: 1, max: 4 }),
    holdout: fc.constantFrom(0, 0.2),
  },
  { requiredKeys: ['quiet', 'perSession'] },
)

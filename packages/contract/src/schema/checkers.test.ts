import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { envelopeSchema, eventSchema, isExactEnvelope, isExactEvent } from '../schema.ts'

const runs = Number(process.env.EARSHOT_RUNS ?? 2000)
const id = '018f0000-0000-7000-8000-000000000001'
const moment = '2026-11-21T10:00:00.000Z'

/** Usually what fits, so that a whole event often does. */
const mostly = (good: unknown, odd: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: odd })

const anyText = fc.oneof(
  fc.constantFrom('', 'a', '\ud800', '😀', 'x'.repeat(35), 'x'.repeat(65), 'x'.repeat(101), 'é'.repeat(64)),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc
    .constantFrom(35, 36, 50, 51, 64, 65, 100, 101, 200, 201, 300, 301, 500, 501, 1000, 1001, 2001, 5001)
    .map((length) => 'x'.repeat(length)),
)
const text = mostly('ab', anyText)
const moments = mostly(
  moment,
  fc.constantFrom(
    '2026-02-29T10:00:00Z',
    '2024-02-29T10:00:00Z',
    '2026-11-21T10:00Z',
    '2026-11-21T10:00:00+01:00',
    '2026-11-21T24:00:00Z',
    '2026-11-21T10:00:00.123456789Z',
    `${moment}\n`,
  ),
)
const anything = fc.oneof(
  fc.constantFrom(null, true, {}, [], 0, -1, 1.5, Infinity, 2 ** 53, 1_000_000, 1_000_001, -0),
  fc.integer(),
  anyText,
  moments,
  fc.constantFrom(id, id.toUpperCase(), '018f0000-0000-4000-8000-000000000001', `${id}\n`, ` ${id}`),
)
const oddScalars = fc.oneof(
  fc.dictionary(fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'plan')), anything, {
    maxKeys: 4,
  }),
  fc
    .constantFrom(50, 51)
    .map((count) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]))),
  anything,
)
const scalars = fc.oneof(
  fc.dictionary(fc.constantFrom('plan', 'seats'), fc.oneof(fc.integer(), fc.boolean(), fc.constant('pro'))),
  mostly({}, oddScalars),
)
const choices = fc.oneof(
  fc.array(fc.oneof(fc.constantFrom('a', 'b.c'), anything), { maxLength: 3 }),
  fc.constantFrom(51, 52).map((length) => Array.from({ length }, () => 'a')),
)

/** How many of what, or something that is no such count. */
const counts = fc.dictionary(
  fc.constantFrom('answer', 'nps-q4', 'a b', ''),
  mostly(3, fc.constantFrom(0, 1, -1, 1.5, 1_000_000, 1_000_001, 'many')),
  { maxKeys: 3 },
)
/** Of each field the value, and what it might be by mistake. */
const fields = {
  id: fc.constant(id),
  at: moments,
  visitor: text,
  person: fc.oneof(fc.constant(null), text),
  session: text,
  seq: mostly(7, anything),
  survey: mostly('nps-q4', fc.constantFrom('a b', 'x'.repeat(64), 'x'.repeat(65), '')),
  surveyVersion: mostly(1, fc.constantFrom(0, 1_000_000, 1_000_001)),
  response: fc.constant(id),
}
const goodContext = fc.record(
  { channel: text, url: text, locale: text, touchpoint: text, stage: text },
  { requiredKeys: ['channel'] },
)
const context = fc.oneof({ weight: 12, arbitrary: goodContext }, { weight: 1, arbitrary: anything })
const data = {
  display: fc.record(
    {
      trigger: mostly('show', fc.constantFrom('resume', 'hide')),
      followUp: text,
      hidden: scalars,
      layout: text,
      wording: text,
    },
    { requiredKeys: ['trigger'] },
  ),
  answer: fc.record(
    {
      question: mostly('score', fc.constantFrom('a b')),
      value: fc.oneof(anything, choices),
      revision: mostly(0, fc.constantFrom(1, -1, 1_000_001)),
      other: text,
      order: mostly(['a', 'b'], choices),
    },
    { requiredKeys: ['question', 'value', 'revision'] },
  ),
  complete: mostly({}, anything),
  dismiss: fc.record({ reason: mostly('close', fc.constantFrom('escape', 'command', 'x')) }),
  snooze: fc.record({ until: moments }),
  followup: fc.record(
    { followUp: text, state: mostly('planned', fc.constantFrom('expired', 'x')), reason: text, due: moments },
    { requiredKeys: ['followUp', 'state'] },
  ),
  optout: mostly({}, anything),
  identify: fc.record({ traits: scalars }),
  group: fc.record({ group: text, traits: scalars }),
  track: fc.record({ name: text, props: scalars }),
  loss: fc.record({
    reason: mostly('room', fc.constantFrom('age', 'unreadable', 'x')),
    events: counts,
    surveys: counts,
    from: moments,
    to: moments,
  }),
}
const types = Object.keys(data) as (keyof typeof data)[]

/** What may happen to one of the fields of a value; most of the time nothing does. */
const mistakes = fc.option(fc.tuple(fc.nat(20), fc.constantFrom('drop', 'replace', 'add'), anything), {
  freq: 3,
})
type Mistake = [number, string, unknown] | null

function mistaken(value: Record<string, unknown>, mistake: Mistake): Record<string, unknown> {
  if (!mistake) return value
  const [index, way, other] = mistake
  const keys = Object.keys(value)
  const key = keys[index % keys.length] ?? ''
  if (way === 'drop') return Object.fromEntries(Object.entries(value).filter(([each]) => each !== key))
  return { ...value, [way === 'add' ? 'more' : key]: other }
}

const events = fc.constantFrom(...types).chain((type) =>
  fc
    .tuple(
      fc.record({
        ...fields,
        context,
        data: data[type] as fc.Arbitrary<object>,
        variant: mostly(undefined, fc.constantFrom('a', 'a b')),
      }),
      mistakes,
    )
    .map(([event, mistake]) => {
      const { survey, surveyVersion, response, variant, ...base } = event
      const about = ['optout', 'identify', 'group', 'track', 'loss'].includes(type)
        ? {}
        : { survey, surveyVersion, response, variant }
      return mistaken({ ...base, ...about, type }, mistake)
    }),
)

/** As it arrives: JSON leaves out what is undefined, and writes no infinity, but reads one. */
function asJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (each === Infinity ? 'much' : each)).replaceAll(
      '"much"',
      '1e999',
    ),
  )
}

function agree(schema: z.ZodType, isExact: (value: unknown) => boolean, value: unknown): boolean {
  const parsed = schema.safeParse(value)
  const wanted = parsed.success && isDeepStrictEqual(parsed.data, value)
  expect(isExact(value), JSON.stringify(value)).toBe(wanted)
  return wanted
}

describe('the plain code', () => {
  it('takes exactly the events that the schema takes and gives back as they are', () => {
    const taken = new Map<string, number>()
    fc.assert(
      fc.property(events, (event) => {
        const value = asJson(event)
        const isTaken = agree(eventSchema, isExactEvent, value)
        const key = `${String(event.type)} ${isTaken}`
        taken.set(key, (taken.get(key) ?? 0) + 1)
      }),
      { numRuns: runs },
    )
    // The cases are worth something only when both outcomes happen for each type.
    for (const type of types)
      for (const outcome of [true, false]) expect(taken.get(`${type} ${outcome}`)).toBeGreaterThan(0)
  })

  it('takes exactly the envelopes that the schema takes and gives back as they are', () => {
    const envelopes = fc
      .tuple(
        fc.record(
          {
            key: text,
            sentAt: moments,
            sdk: text,
            events: fc.constantFrom([], [1], Array.from({ length: 500 }), Array.from({ length: 501 })),
            surveys: fc.constantFrom([], [1], Array.from({ length: 50 }), Array.from({ length: 51 }), {}),
          },
          { requiredKeys: ['key', 'sentAt', 'sdk', 'events'] },
        ),
        mistakes,
      )
      .map(([envelope, mistake]) => mistaken(envelope, mistake))
    let taken = 0
    fc.assert(
      fc.property(envelopes, (envelope) => {
        if (agree(envelopeSchema, isExactEnvelope, asJson(envelope))) taken++
      }),
      { numRuns: runs },
    )
    expect(taken).toBeGreaterThan(0)
  })

  it('takes no value of any other kind', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        agree(eventSchema, isExactEvent, value)
        agree(envelopeSchema, isExactEnvelope, value)
      }),
    )
  })
})

import { isPlain, type Question, type Survey } from '@earshot/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { score } from '../core/rules/survey.fixtures.ts'
import { addresses, eventNames, limits, surveys } from '../core/rules/surveys.fixtures.ts'
import { replay, stubCollector, type Replayed } from './replay.fixtures.ts'
import { simulateTimeline, type TimelineResult } from './simulateTimeline.ts'
import type { Happening, TimelineEntry } from './timeline.ts'

declare global {
  interface ImportMeta {
    readonly env: Readonly<Record<string, string | undefined>>
  }
}

const numRuns = Number(import.meta.env['EARSHOT_RUNS'] ?? 200)
const seed = Number(import.meta.env['EARSHOT_SEED'] ?? 1)
const start = Date.UTC(2026, 0, 5, 9)
const hour = 3_600_000
const day = 24 * hour

beforeAll(stubCollector)
afterAll(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const survey = fc.constantFrom('s0', 's1', 's2')
const url = fc.constantFrom(...addresses)
const weighted = (weight: number, arbitrary: fc.Arbitrary<Happening>): fc.WeightedArbitrary<Happening> => ({
  weight,
  arbitrary,
})
const one = (weight: number, ...happenings: Happening[]): fc.WeightedArbitrary<Happening> =>
  weighted(weight, fc.constantFrom<Happening>(...happenings))

const happening: fc.Arbitrary<Happening> = fc.oneof(
  weighted(
    8,
    fc.record({
      do: fc.constant('track' as const),
      name: fc.constantFrom(...eventNames),
      props: fc.constantFrom<Record<string, string>>({}, { ticket: 't1' }),
    }),
  ),
  weighted(6, fc.record({ do: fc.constant('visit' as const), url })),
  weighted(3, fc.record({ do: fc.constant('navigate' as const), url })),
  weighted(3, fc.record({ do: fc.constant('show' as const), survey, force: fc.boolean() })),
  one(
    3,
    { do: 'signal', on: 'exit' },
    { do: 'signal', on: 'scroll', value: 60 },
    { do: 'signal', on: 'scroll', value: 40 },
  ),
  one(7, { do: 'answer', value: 3 }, { do: 'answer', value: 9 }, { do: 'answer' }),
  one(5, { do: 'complete' }, { do: 'dismiss' }, { do: 'snooze', days: 2 }, { do: 'snooze' }),
  one(5, { do: 'wait' }),
  one(
    3,
    { do: 'setTraits', traits: { plan: 'pro' } },
    { do: 'setTraits', traits: { plan: 'free' } },
    { do: 'group', group: 'g' },
    { do: 'page' },
    { do: 'page', context: { stage: 'purchase' } },
  ),
  one(
    2,
    { do: 'identify', person: 'ann', traits: { plan: 'pro' } },
    { do: 'identify', person: 'bob' },
    { do: 'identify', person: 'bob', merge: false },
  ),
  one(2, { do: 'pause' }, { do: 'resume' }, { do: 'resume' }),
  one(1, { do: 'reset' }, { do: 'optOut' }),
  one(
    2,
    { do: 'consent', consent: 'denied' },
    { do: 'consent', consent: 'granted' },
    { do: 'consent', consent: 'granted' },
  ),
)
const gap = fc.constantFrom(
  300,
  300,
  3000,
  3000,
  20_000,
  31_000,
  31_000,
  10 * 60_000,
  hour,
  13 * hour,
  day,
  day,
  3 * day,
  15 * day,
  80 * day,
)

/** What a respondent does who answers, and loads the page again before the end. */
const reloading: fc.Arbitrary<Happening[]> = fc.constantFrom<Happening[]>(
  [{ do: 'answer' }, { do: 'visit' }],
  [{ do: 'answer' }, { do: 'visit' }, { do: 'complete' }],
)

/** Begins with a visit. What would happen while no page is open is left to the next one. */
const timeline: fc.Arbitrary<TimelineEntry[]> = fc
  .array(
    fc.tuple(
      gap,
      fc.oneof(
        { weight: 9, arbitrary: happening.map((each) => [each]) },
        { weight: 1, arbitrary: reloading },
      ),
      fc.integer({ min: 0, max: 19 }),
    ),
    { minLength: 12, maxLength: 24, size: 'max' },
  )
  .map((parts) => {
    const entries: TimelineEntry[] = [{ at: 0, do: 'visit' }]
    let at = 0
    for (const [span, happenings, luck] of parts) {
      at += span
      for (const each of happenings) entries.push({ at: (at += 700), ...each })
      if (luck > 0) continue
      entries.push({ at: at + 500, do: 'close' }, { at: at + 900, do: 'visit' })
      at += 900
    }
    return entries
  })

const why: Question = { id: 'why', kind: 'text', title: 'Why?', maxLength: 100 }
const which: Question = {
  id: 'which',
  kind: 'choice',
  title: 'Which?',
  options: ['a', 'b', 'c'].map((id) => ({ id, label: id })),
  shuffle: true,
}
const solved: Question = { id: 'solved', kind: 'yesno', title: 'Solved?', yes: 'Yes', no: 'No' }

/** Of each kind: on one page, one that ends by an answer, pages, and pages that an answer leaves out. */
const questions = fc.constantFrom<Question[] | undefined>(
  undefined,
  undefined,
  [score, why],
  [score, { ...why, when: { question: 'score', bands: ['detractor'] } }],
  [score, which, solved],
  [{ ...score, next: [{ when: { fact: 'answer.score', op: 'atLeast', value: 9 }, to: 'end' }] }, which, why],
)
const richer = surveys.chain((all) =>
  fc
    .array(fc.tuple(questions, fc.constantFrom(undefined, undefined, undefined, 5)), {
      minLength: all.length,
      maxLength: all.length,
    })
    .map((more) =>
      all.map((each, index): Survey => {
        const [asking, quota] = more[index] ?? []
        // As it was made, where nothing is changed: a copy is not marked as plain.
        if (!asking && !quota) return each
        return { ...each, questions: asking ?? each.questions, ...(quota && { quota }) }
      }),
    ),
)

const setting = fc.record({
  surveys: richer,
  limits: fc.option(limits, { freq: 2, nil: undefined }),
  seed: fc.nat(1e6),
  consent: fc.constantFrom('implied' as const, 'implied' as const, 'implied' as const, 'required' as const),
  isServed: fc.boolean(),
  timeline,
})

/** Ids by their order of appearance: both sides make as many, and not always in the same turn. */
function named(result: TimelineResult | Replayed): unknown {
  const known = new Map<string, string>()
  const { asks, refusals, followUps, memory, explanations } = result
  const told = explanations.map(({ survey: id, show, reason, until }) => ({ id, show, reason, until }))
  const text = JSON.stringify(sorted({ asks, refusals, followUps, memory, told }))
  return JSON.parse(
    text.replaceAll(/[0-9a-f]{12}-[0-9a-f]{3,4}-[0-9a-f]+/g, (id) => {
      if (!known.has(id)) known.set(id, `id-${known.size}`)
      return known.get(id) as string
    }),
  )
}

/** With the keys of all objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]),
  )
}

describe('the simulation and the browser', () => {
  it(`ask the same, refuse for the same reasons, and explain it alike, in ${numRuns} timelines`, async () => {
    let count = 0
    const seen = {
      asks: 0,
      refusals: 0,
      followUps: 0,
      resumed: 0,
      reasons: new Set<string>(),
      causes: new Set<string>(),
    }
    await fc.assert(
      fc.asyncProperty(setting, async (options) => {
        const { isServed, limits: cap, ...rest } = options
        const settings = cap && { limits: cap }
        const all: Survey[] = options.surveys
        const plain = all.filter(isPlain).map((each) => each.id)
        const expected = simulateTimeline({ ...rest, start, settings })
        const found = await replay({
          ...rest,
          start,
          settings,
          key: `pk_${++count}`,
          served: isServed ? { surveys: structuredClone(all), plain, settings } : undefined,
        })
        expect(found.errors).toEqual([])
        expect(named(found)).toEqual(named(expected))
        expect(found.memory?.visitor).toBe(expected.memory?.visitor)
        seen.asks += found.asks.length
        seen.refusals += found.refusals.length
        seen.followUps += found.followUps.length
        for (const { cause, resumed } of found.asks) {
          seen.resumed += resumed.length
          seen.causes.add(cause)
        }
        for (const each of [...found.refusals, ...found.explanations]) seen.reasons.add(each.reason ?? '')
      }),
      { numRuns, seed },
    )
    // They agree about something: showings, refusals, follow-ups and reloads of many kinds.
    if (numRuns < 100) return
    for (const many of [seen.asks, seen.refusals, seen.followUps]) expect(many).toBeGreaterThan(numRuns / 2)
    expect(seen.resumed).toBeGreaterThan(0)
    expect(seen.causes.size).toBeGreaterThan(4)
    expect(seen.reasons.size).toBeGreaterThan(8)
  }, 600_000)
})

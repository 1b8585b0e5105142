/** What both stores must count by columns as looking at each response counts it: random happenings, random questions, and the comparison. */
import { envelopeSchema } from '@earshot/contract/schema'
import fc from 'fast-check'
import { expect } from 'vitest'
import { countedQuestion } from '../core/countedQuestion.ts'
import { judge, readBatch } from '../core/ingest.ts'
import { createFacts, factNames } from '../core/peopleFacts.ts'
import { createTally, type Tallied } from '../core/tally.ts'
import { answer, envelope, moment, now, npsQuestion, npsSurvey, uuid } from '../fixtures.ts'
import { allMoments, pagesOf, suspectsOf } from '../http/counting.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { day } from '../core/time.ts'
import { cause } from './storeSuite.fixtures.ts'

/** What is asked of the columns. */
export type Plan = Parameters<NonNullable<EventStore['tally']>>[2]

/** The survey of the tests. */
export const survey = {
  ...npsSurvey,
  questions: [...npsSurvey.questions, cause],
  hidden: ['plan'],
  quota: 3,
}

const policy = { inline: 'refuse', most: 0 } as const
/** Every question here is of a number or a choice; `by` and `where` take all kinds of attributes. */
const names = [
  'channel',
  'variant',
  'hidden.plan',
  'answer.score',
  'answer.cause',
  'trait.tier',
  'supported',
  'handledBy',
]

/** Anything that changes what columns hold. */
export const happening = fc.record({
  what: fc.constantFrom(
    ...(['display', 'answer', 'answer', 'answer', 'complete', 'dismiss', 'identify', 'group'] as const),
    ...(['enquiry_opened', 'conversation_ended', 'erase', 'anonymise', 'retain', 'doubt', 'clear'] as const),
  ),
  response: fc.nat(5),
  visitor: fc.nat(2),
  person: fc.constantFrom(null, null, 'ann', 'visitor-1', 'a\\b\0'),
  // Several things happen at one time, and arrive in any order.
  hoursAgo: fc.constantFrom(1, 2, 6, 7, 25, 40),
  value: fc.constantFrom(0, 7, 10),
  question: fc.constantFrom('score', 'score', 'cause'),
  revision: fc.nat(2),
  variant: fc.constantFrom(undefined, 'a'),
  channel: fc.constantFrom('web', 'app'),
  tier: fc.constantFrom('pro', 'free', null),
})
/** One thing that happens. */
export type Step = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

const question = fc.record({
  basis: fc.constantFrom('all' as const, 'latest' as const),
  about: fc.constantFrom('score', 'cause', 'showings'),
  variant: fc.constantFrom(null, null, 'a'),
  from: fc.constantFrom(null, 30),
  to: fc.constantFrom(null, 4),
  by: fc.constantFrom(null, ...names),
  where: fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      value: fc.constantFrom('web', 'a', 'pro', '10', 'yes', null),
    }),
    { maxLength: 2 },
  ),
  suspects: fc.constantFrom('include' as const, 'exclude' as const),
})
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never

/** Reports are the same whichever order the rows of a sample, or segments without any answer, have. */
export const plain = ({ segments, ...rest }: Tallied): object => ({
  ...rest,
  segments: [...segments].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
})

/** Counts by looking at each response. */
export async function bruteForce(store: EventStore, site: number, plan: Plan): Promise<Tallied> {
  const without = await suspectsOf(store, site, survey.id, plan.suspects)
  const tally = createTally({ ...plan, without }, createFacts(await allMoments(store, site, factNames)))
  for await (const responses of pagesOf(store, site, { survey: survey.id }))
    for (const each of responses) tally.add(each)
  return tally.result()
}

/** Choices in the place of scores. */
const causes: Readonly<Record<number, string[]>> = { 0: [], 7: ['price', 'staff'], 10: ['staff'] }

function planOf(asked: Question): Plan {
  const at = (hours: number | null): number | null => (hours === null ? null : now - hours * 3_600_000)
  const from = at(asked.from)
  return {
    plan: {
      question:
        asked.about === 'showings' ? null : asked.about === 'cause' ? countedQuestion(cause) : npsQuestion,
      versions: [1],
      variant: asked.variant,
      basis: asked.basis,
    },
    from,
    to: at(asked.to),
    by: asked.by,
    where: asked.where,
    suspects: asked.suspects,
    before: from === null ? null : [from - day / 2, from],
    bounds: from === null ? [] : [from, from + 3_600_000 * 7, from + 3_600_000 * 9, at(asked.to) ?? now],
  }
}

/** Has it happen, as the event of that number. */
export async function happen(store: EventStore, site: number, each: Step, number: number): Promise<void> {
  const visitor = [`visitor-0`, 'visitor-1\\', uuid('event', 9999)][each.visitor] ?? ''
  const response = uuid('response', each.response)
  if (each.what === 'erase') await store.erase(site, visitor, now)
  else if (each.what === 'anonymise') await store.anonymise(site, visitor, now)
  else if (each.what === 'retain')
    await store.retain(site, now - 20 * 3_600_000, { after: null, limit: 100 }, now)
  else if (each.what === 'doubt') await store.doubt(site, [visitor], 0)
  else if (each.what === 'clear') await store.clearSuspect(site, response)
  else {
    const who = { visitor, person: each.person, at: moment(-each.hoursAgo * 3600) }
    const about = { ...who, response, variant: each.variant, context: { channel: each.channel } }
    const data = {
      display: { trigger: 'show', hidden: { plan: each.tier ?? 'none' } },
      answer: {
        question: each.question,
        value: each.question === 'score' ? each.value : causes[each.value],
        revision: each.revision,
      },
      complete: {},
      dismiss: { reason: 'close' },
      identify: { traits: { tier: each.tier } },
      group: { group: 'acme', traits: { tier: each.tier } },
      enquiry_opened: { name: 'enquiry_opened', props: { enquiry: 'e1' } },
      conversation_ended: {
        name: 'conversation_ended',
        props: {
          conversation: 'c1',
          outcome: 'resolved',
          handledBy: each.tier === 'pro' ? 'bot' : 'person',
        },
      },
    }[each.what]
    const type = each.what.includes('_') ? 'track' : each.what
    const isAbout = ['display', 'answer', 'complete', 'dismiss'].includes(type)
    const made = answer(number, 0, { ...(isAbout ? about : who), type, data })
    const { survey: _survey, surveyVersion: _version, response: _response, variant: _variant, ...bare } = made
    // What arrived a day ago is old for the retention, whenever it happened.
    const arrived = now - (each.hoursAgo % 2) * 24 * 3_600_000
    const body = envelopeSchema.parse(envelope('pk_1', [isAbout ? made : bare], { surveys: [] }))
    const batch = readBatch(body, arrived)
    const { rejected } = store.ingest
      ? await store.ingest(site, batch, policy, arrived)
      : (await store.append(site, batch, (known) => judge(batch, known, policy), arrived)).verdict
    expect(rejected).toEqual([])
  }
}

/** All of the survey, of all time. */
export const wholePlan = (basis: 'all' | 'latest', suspects: Plan['suspects'] = 'include'): Plan => ({
  plan: { question: npsQuestion, versions: [1], variant: null, basis },
  from: null,
  to: null,
  before: null,
  bounds: [],
  by: null,
  where: [],
  suspects,
})

/** A site in stores that share their data. */
export interface Place {
  site: number
  /** They take turns. */
  writers: readonly [EventStore, ...EventStore[]]
  /** Each of them is asked. */
  readers: readonly EventStore[]
  /** What must hold of the data besides. */
  check?(): Promise<unknown>
  end(): Promise<void>
}

/** Columns count what looking at each response counts, whatever happened in which order or at once, and whatever is asked. */
export async function assertCounted(open: () => Promise<Place>, runs: number): Promise<void> {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.array(happening, { minLength: 1, maxLength: 8 }),
          fc.array(question, { maxLength: 3 }),
          fc.boolean(),
        ),
        { minLength: 1, maxLength: 6 },
      ),
      async (rounds) => {
        const { site, writers, readers, check, end } = await open()
        try {
          let number = 0
          for (const [batch, questions, isAtOnce] of rounds) {
            const begin = (each: Step): Promise<void> =>
              happen(writers[number % writers.length] ?? writers[0], site, each, ++number)
            if (isAtOnce) await Promise.all(batch.map(begin))
            else for (const each of batch) await begin(each)
            for (const asked of questions) {
              const plan = planOf(asked)
              const expected = plain(await bruteForce(writers[0], site, plan))
              for (const each of readers) {
                const counted = await each.tally?.(site, survey.id, plan)
                expect(counted && plain(counted)).toEqual(expected)
              }
              compared++
            }
          }
          await check?.()
        } finally {
          await end()
        }
      },
    ),
    { numRuns: Number(process.env.EARSHOT_RUNS ?? runs) },
  )
  expect(compared).toBeGreaterThan(0)
}

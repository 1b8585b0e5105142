import { envelopeSchema } from '@earshot/contract/schema'
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { order } from '../../../../scripts/postgresDatabase.ts'
import { chunkSize } from '../core/columns.ts'
import { judge, readBatch } from '../core/ingest.ts'
import { createFacts, factNames } from '../core/peopleFacts.ts'
import { decidePut } from '../core/surveys.ts'
import { createTally, type Tallied } from '../core/tally.ts'
import {
  answer,
  envelope,
  moment,
  now,
  npsQuestion,
  npsSurvey,
  temporaryDatabase,
  uuid,
} from '../fixtures.ts'
import { allMoments, pagesOf, suspectsOf } from '../http/counting.ts'
import type { EventStore } from '../ports.ts'
import { createPostgresStore } from './postgres.ts'
import { follow, type Followed } from './postgresChanges.ts'
import { assertFolded } from './postgresSuite.ts'

const day = 86_400_000
const survey = { ...npsSurvey, hidden: ['plan'], quota: 3 }
/** Every question here is of a number or a choice; `by` and `where` take all kinds of attributes. */
const names = ['channel', 'variant', 'hidden.plan', 'answer.score', 'trait.tier', 'supported', 'handledBy']

const happening = fc.record({
  what: fc.constantFrom(
    ...(['display', 'answer', 'answer', 'answer', 'complete', 'dismiss', 'identify', 'group'] as const),
    ...(['enquiry_opened', 'conversation_ended', 'erase', 'retain', 'doubt', 'clear'] as const),
  ),
  response: fc.nat(5),
  visitor: fc.nat(2),
  person: fc.constantFrom(null, null, 'ann', 'visitor-1', 'a\\b\0'),
  // Several things happen at one time, and arrive in any order.
  hoursAgo: fc.constantFrom(1, 2, 6, 7, 25, 40),
  value: fc.constantFrom(0, 7, 10),
  revision: fc.nat(2),
  variant: fc.constantFrom(undefined, 'a'),
  channel: fc.constantFrom('web', 'app'),
  tier: fc.constantFrom('pro', 'free', null),
})
type Step = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

const question = fc.record({
  basis: fc.constantFrom('all' as const, 'latest' as const),
  isAboutShowings: fc.boolean(),
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
type Plan = Parameters<NonNullable<EventStore['tally']>>[2]

const stores: EventStore[] = []
afterEach(async () => {
  await Promise.all(stores.splice(0).map((each) => each.close()))
})

async function open(url: string): Promise<EventStore> {
  const store = await createPostgresStore(url)
  stores.push(store)
  return store
}

/** Reports are the same whichever order the rows of a sample, or segments without any answer, have. */
const plain = ({ segments, ...rest }: Tallied): object => ({
  ...rest,
  segments: [...segments].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
})

async function bruteForce(store: EventStore, site: number, plan: Plan): Promise<Tallied> {
  const without = await suspectsOf(store, site, survey.id, plan.suspects)
  const tally = createTally({ ...plan, without }, createFacts(await allMoments(store, site, factNames)))
  for await (const responses of pagesOf(store, site, { survey: survey.id }))
    for (const each of responses) tally.add(each)
  return tally.result()
}

function planOf(asked: Question): Plan {
  const at = (hours: number | null): number | null => (hours === null ? null : now - hours * 3_600_000)
  const from = at(asked.from)
  return {
    plan: {
      question: asked.isAboutShowings ? null : npsQuestion,
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

async function happen(store: EventStore, site: number, each: Step, number: number): Promise<void> {
  const visitor = [`visitor-0`, 'visitor-1\\', uuid('event', 9999)][each.visitor] ?? ''
  const response = uuid('response', each.response)
  if (each.what === 'erase') await store.erase(site, visitor, now)
  else if (each.what === 'retain')
    await store.retain(site, now - 20 * 3_600_000, { after: null, limit: 100 }, now)
  else if (each.what === 'doubt') await store.doubt(site, [visitor], 0)
  else if (each.what === 'clear') await store.clearSuspect(site, response)
  else {
    const who = { visitor, person: each.person, at: moment(-each.hoursAgo * 3600) }
    const about = { ...who, response, variant: each.variant, context: { channel: each.channel } }
    const data = {
      display: { trigger: 'show', hidden: { plan: each.tier ?? 'none' } },
      answer: { question: 'score', value: each.value, revision: each.revision },
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
    const policy = { inline: 'refuse', most: 0 } as const
    const { verdict } = await store.append(site, batch, (known) => judge(batch, known, policy), arrived)
    expect(verdict.rejected).toEqual([])
  }
}

const tables = ['events', 'responses', 'answers', 'moments', 'comments', 'suspects', 'places', 'counters']
const emptied = [...tables, 'completed', 'erased', 'score_days', 'response_days', 'late']
  .map((table) => `DELETE FROM earshot.${table}`)
  // As who deletes rows must.
  .concat('UPDATE earshot.range_changes SET count = count + 1')
  .join('; ')

it('columns count what looking at each response counts, whatever happened at which of several collectors, and whichever is asked', async () => {
  const url = await temporaryDatabase()
  const first = await open(url)
  const writers = [first, await open(url)]
  const { id: site } = await first.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  await first.putSurvey(site, survey, (stored) => decidePut(survey, stored), now)
  let compared = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.array(happening, { minLength: 1, maxLength: 8 }),
          fc.array(question, { maxLength: 3 }),
          fc.boolean(),
        ),
        { minLength: 1, maxLength: 5 },
      ),
      async (rounds) => {
        await order(url, emptied)
        // The responses of the test begin in one range of rows and go on in the next.
        await order(url, `SELECT setval('earshot.response_rows', ${chunkSize - 4})`)
        await order(url, `SELECT setval(pg_get_serial_sequence('earshot.moments', 'row'), ${chunkSize - 3})`)
        // A collector that was there from the start, and one that keeps what it had before all was emptied.
        const readers = [await createPostgresStore(url), first] as const
        try {
          let number = 0
          for (const [batch, questions, isAtOnce] of rounds) {
            const begin = (each: Step): Promise<void> =>
              happen(writers[number % 2] ?? first, site, each, ++number)
            if (isAtOnce) await Promise.all(batch.map(begin))
            else for (const each of batch) await begin(each)
            for (const asked of questions) {
              const plan = planOf(asked)
              const expected = plain(await bruteForce(first, site, plan))
              const counted = await Promise.all(
                readers.map(async (each) => each.tally?.(site, survey.id, plan)),
              )
              for (const each of counted) expect(each && plain(each)).toEqual(expected)
              compared++
            }
          }
          await assertFolded(url)
        } finally {
          await readers[0].close()
        }
      },
    ),
    { numRuns: Number(process.env.EARSHOT_RUNS ?? 40) },
  )
  expect(compared).toBeGreaterThan(0)
}, 300_000)

it('who is doubted, and who is found good, is known to every collector that keeps columns', async () => {
  const url = await temporaryDatabase()
  const one = await open(url)
  const other = await open(url)
  const { id: site } = await one.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  await one.putSurvey(site, npsSurvey, (stored) => decidePut(npsSurvey, stored), now)
  const [step] = fc.sample(happening, 1)
  if (!step) throw new Error('nothing happens')
  await happen(one, site, { ...step, what: 'answer', response: 1, visitor: 0, value: 7, hoursAgo: 1 }, 1)
  const plan: Plan = {
    plan: { question: npsQuestion, versions: [1], variant: null, basis: 'latest' },
    from: null,
    to: null,
    before: null,
    bounds: [],
    by: null,
    where: [],
    suspects: 'exclude',
  }
  const counted = async (): Promise<unknown> =>
    Promise.all(
      [one, other].map(async (each) => {
        const total = (await each.tally?.(site, npsSurvey.id, plan))?.total
        return total?.kind === 'scores' ? total.rows.length : null
      }),
    )
  expect(await counted()).toEqual([1, 1])
  await one.doubt(site, ['visitor-0'], 0)
  expect(await counted()).toEqual([0, 0])
  await other.clearSuspect(site, uuid('response', 1))
  expect(await counted()).toEqual([1, 1])
})

/** Few rows of each of many ranges. */
const perRange = 6
const place = fc.tuple(fc.nat(20), fc.nat(perRange - 1)).map(([range, row]) => range * chunkSize + row * 600)

it('what is read in steps is all of it, while others go on writing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(place, { maxLength: 60 }),
      fc.array(place, { maxLength: 20 }),
      async (start, later) => {
        const stored = new Set(start)
        const counts = new Map<number, number>()
        const kept = new Map<number, number[]>()
        const followed: Followed = { known: new Map(), next: 0 }
        const toggle = (row: number): void => {
          if (!stored.delete(row)) stored.add(row)
          const range = Math.floor(row / chunkSize)
          counts.set(range, (counts.get(range) ?? 0) + 1)
        }
        const step = (): Promise<boolean> =>
          follow(
            followed,
            counts,
            async (from, to, limit) =>
              [...stored]
                .filter((row) => row >= from && row < to)
                .toSorted((a, b) => a - b)
                .slice(0, limit)
                .map((row) => ({ row })),
            (range, rows) =>
              void kept.set(
                range,
                rows.map((each) => each.row),
              ),
            // A range has no more rows than a step, and the first reading takes several.
            { rows: perRange + 1, ranges: 2 },
          )
        for (const row of later) {
          await step()
          toggle(row)
        }
        while (!(await step()));
        const found = [...kept.values()].flat().toSorted((a, b) => a - b)
        expect(found).toEqual([...stored].toSorted((a, b) => a - b))
      },
    ),
  )
})

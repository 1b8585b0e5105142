import { envelopeSchema } from '@earshot/contract/schema'
import fc from 'fast-check'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { order } from '../../../../scripts/postgresDatabase.ts'
import { day } from '../core/time.ts'
import { readBatch } from '../core/ingest.ts'
import { decidePut } from '../core/surveys.ts'
import { createTally, type TallyPlan } from '../core/tally.ts'
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
import { pagesOf, suspectsOf } from '../http/counting.ts'
import { judge } from '../core/ingest.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { backTo11, closingStores } from './postgres.fixtures.ts'
import { createPostgresStore } from './postgres.ts'
import { dayStatements } from './postgresDays.ts'
import { assertFolded } from './postgresSuite.ts'

const midnight = now - (now % day)
const limited = { ...npsSurvey, quota: 2 }

const happening = fc.record({
  what: fc.constantFrom(
    'display',
    'answer',
    'answer',
    'complete',
    'dismiss',
    'erase',
    'retain',
    'doubt',
    'clear',
  ),
  response: fc.nat(4),
  // Two visitors may use one response id; then one of them is ignored.
  visitor: fc.nat(2),
  daysAgo: fc.nat(3),
  value: fc.nat(10),
  revision: fc.nat(2),
  variant: fc.constantFrom(undefined, 'a'),
})
type Step = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

const { open } = closingStores()

async function happen(store: EventStore, site: number, each: Step, number: number): Promise<unknown> {
  const visitor = `visitor-${each.visitor}`
  if (each.what === 'erase') return store.erase(site, visitor, now)
  if (each.what === 'retain') return store.retain(site, now - day, { after: null, limit: 100 }, now)
  if (each.what === 'doubt') return store.doubt(site, [visitor], 0)
  if (each.what === 'clear') return store.clearSuspect(site, uuid('response', each.response))
  const event = answer(number, 0, {
    type: each.what,
    visitor,
    response: uuid('response', each.response),
    at: moment(-each.daysAgo * 86_400),
    variant: each.variant,
    data: {
      display: { trigger: 'show' },
      answer: { question: 'score', value: each.value, revision: each.revision },
      complete: {},
      dismiss: { reason: 'close' },
    }[each.what],
  })
  // What arrived two days ago is old for the retention, whenever it happened.
  const arrived = now - (each.daysAgo % 2) * 2 * day
  const batch = readBatch(envelopeSchema.parse(envelope('pk_1', [event], { surveys: [] })), arrived)
  return store.append(site, batch, (known) => judge(batch, known, { inline: 'refuse', most: 0 }), arrived)
}

/** Empties a database, which is faster than making one. */
const emptied = `TRUNCATE earshot.events, earshot.responses, earshot.answers, earshot.suspects, earshot.places, earshot.counters,
  earshot.completed, earshot.erased, earshot.score_days, earshot.response_days, earshot.late, earshot.comments`

it('counts by day are what a recount gives, whatever comes to which of several collectors; and reports by them are those of each response', async () => {
  const url = await temporaryDatabase()
  const store = await open(url)
  const collectors = [store, await open(url)]
  const { id: site } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  let isQuota = false
  let compared = 0
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.array(happening, { minLength: 1, maxLength: 6 }), { maxLength: 6 }),
      fc.array(
        fc.record({
          from: fc.constantFrom(null, 0, 1, 2),
          to: fc.constantFrom(null, 0, 1),
          beyond: fc.constantFrom(0, 0, 3_600_000),
          variant: fc.constantFrom(null, null, 'a'),
          isAboutShowings: fc.boolean(),
          suspects: fc.constantFrom('include' as const, 'exclude' as const),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      async (hasQuota, batches, questions) => {
        await order(url, emptied)
        if (hasQuota !== isQuota) {
          await order(url, 'DELETE FROM earshot.surveys')
          isQuota = hasQuota
        }
        const survey = hasQuota ? limited : npsSurvey
        await store.putSurvey(site, survey, (stored) => decidePut(survey, stored), now)
        let number = 0
        for (const batch of batches)
          await Promise.all(
            batch.map((each) => happen(collectors[number % 2] ?? store, site, each, ++number)),
          )
        await assertFolded(url)
        for (const { from, to, beyond, variant, isAboutShowings, suspects } of questions) {
          const start = from === null ? null : midnight - (from + 1) * day
          const end = to === null ? null : midnight - (to - 1) * day + beyond
          const plan: TallyPlan = {
            plan: {
              question: isAboutShowings ? null : npsQuestion,
              versions: [1],
              variant,
              basis: 'all',
            },
            from: start,
            to: end,
            by: null,
            where: [],
            before: start === null ? null : [start - day, start],
            bounds:
              start === null || end === null || end < start
                ? []
                : [
                    ...Array.from(
                      { length: Math.ceil((end - start) / day) },
                      (_, index) => start + index * day,
                    ),
                    end,
                  ],
            without: await suspectsOf(store, site, survey.id, suspects),
          }
          const tally = createTally(plan, () => null)
          for await (const responses of pagesOf(store, site, { survey: survey.id }))
            for (const each of responses) tally.add(each)
          const byDay = await store.tallyDays?.(site, survey.id, { ...plan, suspects })
          expect(byDay).toEqual(tally.result())
          compared++
        }
      },
    ),
    { numRuns: Number(process.env.EARSHOT_RUNS ?? 60) },
  )
  expect(compared).toBeGreaterThan(0)
}, 240_000)

it('several collectors add to the same days at once, and none waits in a circle', async () => {
  const url = await temporaryDatabase()
  const collectors = await Promise.all([1, 2, 3].map(() => open(url)))
  const { id: site } = await (collectors[0] as EventStore).saveSite(
    () => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }),
    now,
  )
  await collectors[0]?.putSurvey(site, npsSurvey, (stored) => decidePut(npsSurvey, stored), now)
  const steps = fc.sample(
    happening.filter(({ what }) => what === 'answer' || what === 'display'),
    { numRuns: 400, seed: 7 },
  )
  await Promise.all(
    steps.map((each, index) =>
      // Only the same few responses, whose folds meet, and the same few days, in any order.
      happen(collectors[index % 3] as EventStore, site, { ...each, response: index % 50 }, index + 1),
    ),
  )
  await assertFolded(url)
  const { shown } = await (collectors[0] as EventStore).responseCounts(site, {
    survey: npsSurvey.id,
    suspects: 'include',
  })
  expect(shown).toBe(50)
})

it('nothing of what somebody answered is left in them who is erased, whichever collector counted it', async () => {
  const url = await temporaryDatabase()
  const one = await open(url)
  const other = await open(url)
  const { id: site } = await one.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  await one.putSurvey(site, npsSurvey, (stored) => decidePut(npsSurvey, stored), now)
  const step = {
    what: 'answer',
    response: 1,
    visitor: 1,
    daysAgo: 1,
    value: 3,
    revision: 0,
    variant: 'a',
  } as const
  await happen(one, site, step, 1)
  await happen(other, site, { ...step, value: 8, revision: 1 }, 2)
  await other.erase(site, 'visitor-1', now)
  const rows = 'SELECT day FROM earshot.score_days UNION ALL SELECT day FROM earshot.response_days'
  expect(await order(url, rows)).toEqual([])
})

it('what was stored before there were such counts is counted when they are made', async () => {
  const url = await temporaryDatabase()
  const store = await createPostgresStore(url)
  const { id: site } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  await store.putSurvey(site, limited, (stored) => decidePut(limited, stored), now)
  for (const [index, each] of fc.sample(happening, { numRuns: 60, seed: 3 }).entries())
    if (each.what !== 'erase') await happen(store, site, { ...each, response: index % 20 }, index + 1)
  await store.close()
  await order(
    url,
    `${backTo11}; DROP TABLE earshot.score_days, earshot.response_days, earshot.range_changes;
     ALTER TABLE earshot.unsubscribed DROP COLUMN reason; UPDATE earshot.meta SET version = 8`,
  )
  await (await createPostgresStore(url)).close()
  await assertFolded(url)
  const [row] = await order<Record<string, unknown>>(
    url,
    'SELECT sum(shown)::int AS shown, sum(over_quota)::int AS over FROM earshot.response_days',
  )
  expect(Number(row?.shown)).toBeGreaterThan(5)
  expect(Number(row?.over)).toBeGreaterThan(0)
})

it('are found by their keys', async () => {
  const url = await temporaryDatabase()
  const store = await open(url)
  await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off')
  const planOf = async (statement: string, values: unknown[]): Promise<string> =>
    (await client.query(`EXPLAIN ${statement}`, values)).rows
      .map((row: Record<string, unknown>) => String(row['QUERY PLAN']))
      .join('\n')
  const period = [1, 2, day, 2 * day, null, null]
  const plans = [
    await planOf(dayStatements.scores, [1, 'nps', 'score', [1], null, false, ...period]),
    await planOf(dayStatements.responses, [1, 'nps', null, false, ...period]),
  ]
  await client.end()
  for (const plan of plans) {
    expect(plan).toMatch(/Index Cond: \(\(site = 1\) AND \(survey = 'nps'::text\).*\(day >= .*\(day < /)
    // Nothing is read for a rest that there is not.
    expect(plan).not.toMatch(/answers_by_time|responses_by_time/)
  }
})

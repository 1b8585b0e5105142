import fc from 'fast-check'
import { expect, it } from 'vitest'
import { order } from '../../../../scripts/postgresDatabase.ts'
import { chunkSize } from '../core/columns.ts'
import { decidePut } from '../core/surveys.ts'
import { now, npsSurvey, temporaryDatabase, uuid } from '../fixtures.ts'
import { assertCounted, happen, happening, survey, wholePlan } from './columns.fixtures.ts'
import { createPostgresStore } from './postgres.ts'
import { closingStores } from './postgres.fixtures.ts'
import { follow, type Followed } from './postgresChanges.ts'
import { assertFolded } from './postgresSuite.ts'

const { open } = closingStores()

const tables = ['events', 'responses', 'answers', 'moments', 'comments', 'suspects', 'places', 'counters']
const emptied = [...tables, 'completed', 'erased', 'score_days', 'response_days', 'late']
  .map((table) => `DELETE FROM earshot.${table}`)
  // As who deletes rows must.
  .concat('UPDATE earshot.range_changes SET count = count + 1')
  .join('; ')

it('columns count what looking at each response counts, whatever happened at which of several collectors, and whichever is asked', async () => {
  const url = await temporaryDatabase()
  const first = await open(url)
  const writers = [first, await open(url)] as const
  const { id: site } = await first.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  await first.putSurvey(site, survey, (stored) => decidePut(survey, stored), now)
  await assertCounted(async () => {
    await order(url, emptied)
    // The responses of the test begin in one range of rows and go on in the next.
    await order(url, `SELECT setval('earshot.response_rows', ${chunkSize - 4})`)
    await order(url, `SELECT setval(pg_get_serial_sequence('earshot.moments', 'row'), ${chunkSize - 3})`)
    // A collector that was there from the start, and one that keeps what it had before all was emptied.
    const late = await createPostgresStore(url)
    return { site, writers, readers: [late, first], check: () => assertFolded(url), end: () => late.close() }
  }, 40)
}, 300_000)

it('who is doubted, and who is found good, is known to every collector that keeps columns', async () => {
  const url = await temporaryDatabase()
  const one = await open(url)
  const other = await open(url)
  const { id: site } = await one.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  await one.putSurvey(site, npsSurvey, (stored) => decidePut(npsSurvey, stored), now)
  const [step] = fc.sample(happening, 1)
  if (!step) throw new Error('nothing happens')
  await happen(
    one,
    site,
    { ...step, what: 'answer', question: 'score', response: 1, visitor: 0, value: 7, hoursAgo: 1 },
    1,
  )
  const plan = wholePlan('latest', 'exclude')
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

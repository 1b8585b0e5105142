/** Counts how often ranges of rows have changed in PostgreSQL, by which whoever keeps rows in memory knows which ones to read again. */
import { chunkSize } from '../core/columns.ts'
import type { Ask } from './postgresPool.ts'

/**
 * The step of the schema that brings the table.
 *
 * A range is 4,096 rows of responses; below zero, -1 less the range, of moments. Who stores, changes or deletes one adds to its
 * range in the same transaction, in a row of the collector's own, so that collectors do not wait for each other: whoever sees
 * the same sum sees the same rows.
 */
export const changeTables: string = `
  CREATE TABLE earshot.range_changes (
    site integer NOT NULL,
    range bigint NOT NULL,
    slot integer NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (site, range, slot)
  ) WITH (fillfactor = 70);
`

/** The slot of who adds outside of the transactions of groups, and so must not wait for what those have locked. */
export const loneSlot = -1

/** Number of the range of moments of a row. */
const momentRange = '-1 - (row >> 12)'

/**
 * A statement that adds to the ranges of rows; ranges in one order, so that nobody waits in a circle.
 *
 * @param rows where the column `row` is from, as it stands behind `FROM`
 * @param slot as SQL
 */
export const addChanges = (rows: string, site: string, slot: string, of: 'responses' | 'moments'): string =>
  `INSERT INTO earshot.range_changes (site, range, slot, count)
   SELECT DISTINCT ${site}::int, ${of === 'moments' ? momentRange : 'row >> 12'} AS range, ${slot}::int, 1
   FROM ${rows} ORDER BY range
   ON CONFLICT (site, range, slot) DO UPDATE SET count = range_changes.count + 1`

/** How often ranges have changed, by their numbers. */
export async function readChanges(
  ask: Ask,
  site: number,
): Promise<{ responses: Map<number, number>; moments: Map<number, number> }> {
  const rows = await ask(
    'SELECT range, sum(count)::bigint AS count FROM earshot.range_changes WHERE site = $1 GROUP BY range',
    [site],
  )
  const found = { responses: new Map<number, number>(), moments: new Map<number, number>() }
  for (const row of rows) {
    const [range, count] = [Number(row.range), Number(row.count)]
    if (range >= 0) found.responses.set(range, count)
    else found.moments.set(-1 - range, count)
  }
  return found
}

/** What is known of the rows that somebody keeps. */
export interface Followed {
  /** By range: how often it had changed when it was read. */
  known: Map<number, number>
  /** Where the first reading goes on; null when it is done. */
  next: number | null
}

/**
 * Rows, and ranges, that are read in one step; then others have their turn. The one row more tells that the range before it is
 * complete: without it that range would be read again.
 */
const atOnce = { rows: 4 * chunkSize + 1, ranges: 4 }

/**
 * Reads what has changed, or a part of it.
 *
 * @param counts how often the ranges have changed, as of the moment that `read` reads of
 * @param read rows in the order of their numbers, from the first bound up to and without the second
 * @param put takes all rows of a range
 * @param most rows of a step of the first reading, more than a range has, and ranges of any later one
 * @returns whether that is all
 */
export async function follow<Row extends { row: number }>(
  followed: Followed,
  counts: ReadonlyMap<number, number>,
  read: (from: number, to: number, limit: number) => Promise<Row[]>,
  put: (range: number, rows: Row[]) => void,
  most: { rows: number; ranges: number } = atOnce,
): Promise<boolean> {
  const { known, next } = followed
  if (next !== null) {
    const rows = await read(next, Number.MAX_SAFE_INTEGER, most.rows)
    const ranges = new Map<number, Row[]>()
    for (const each of rows) {
      const range = Math.floor(each.row / chunkSize)
      const own = ranges.get(range)
      if (own) own.push(each)
      else ranges.set(range, [each])
    }
    const last = Math.floor((rows.at(-1)?.row ?? 0) / chunkSize)
    const isAll = rows.length < most.rows
    // There may be more rows of the last one.
    if (!isAll) ranges.delete(last)
    const end = isAll ? Infinity : last
    for (const [range, count] of counts) if (range * chunkSize >= next && range < end) known.set(range, count)
    for (const [range, own] of ranges) put(range, own)
    followed.next = isAll ? null : last * chunkSize
    return isAll && staleOf(known, counts).length === 0
  }
  const stale = staleOf(known, counts)
  for (const range of stale.slice(0, most.ranges)) {
    put(range, await read(range * chunkSize, (range + 1) * chunkSize, chunkSize))
    known.set(range, counts.get(range) ?? 0)
  }
  return stale.length <= most.ranges
}

function staleOf(known: ReadonlyMap<number, number>, counts: ReadonlyMap<number, number>): number[] {
  const stale: number[] = []
  for (const [range, count] of counts) if ((known.get(range) ?? 0) !== count) stale.push(range)
  for (const [range, count] of known) if (count !== 0 && !counts.has(range)) stale.push(range)
  return stale.toSorted((a, b) => a - b)
}

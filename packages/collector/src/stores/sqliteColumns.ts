/** Keeps the responses of surveys as columns in memory, brings them up to date with SQLite before each report, and counts by them. */
import type { DatabaseSync } from 'node:sqlite'
import { createFactColumns, type ColumnMoment, type FactColumns } from '../core/columnFacts.ts'
import { chunkSize, createSurveyColumns, type ColumnRow, type SurveyColumns } from '../core/columns.ts'
import { tallyColumns, type ColumnPlan } from '../core/columnTally.ts'
import { factNames, momentsFor } from '../core/peopleFacts.ts'
import type { Tallied } from '../core/tally.ts'
import type { CountStore } from '../ports/countStore.ts'
import { keepWithin } from './keptColumns.ts'
import { columnHead, personIdentity, readColumnRows, tableSeed, visitorIdentity } from './packedColumns.ts'
import { explained } from './sqliteError.ts'
import { bytesToId } from './sqliteId.ts'

const bump = (rows: string): string =>
  `INSERT INTO response_changes ${rows} ON CONFLICT (range) DO UPDATE SET count = count + 1;`
const ofSuspect = (which: string): string =>
  bump(`SELECT row >> 12, 1 FROM responses WHERE site = ${which}.site AND id = ${which}.response`)

/** The step of the schema that brings the table. */
export const columnTables: string = `
  -- How often responses of a range of 4,096 rows have changed after they were stored; -1: how often moments were deleted.
  -- By it whoever keeps responses in memory knows which ones to read again.
  CREATE TABLE response_changes (range INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
  CREATE TRIGGER responses_changed AFTER UPDATE ON responses BEGIN ${bump('VALUES (OLD.row >> 12, 1)')} END;
  CREATE TRIGGER responses_deleted AFTER DELETE ON responses BEGIN ${bump('VALUES (OLD.row >> 12, 1)')} END;
  CREATE TRIGGER moments_deleted AFTER DELETE ON moments BEGIN ${bump('VALUES (-1, 1)')} END;
  CREATE TRIGGER suspects_inserted AFTER INSERT ON suspects BEGIN ${ofSuspect('NEW')} END;
  CREATE TRIGGER suspects_changed AFTER UPDATE ON suspects BEGIN ${ofSuspect('NEW')} END;
  CREATE TRIGGER suspects_deleted AFTER DELETE ON suspects BEGIN ${ofSuspect('OLD')} END;
`

const top = -2

/** The next step of the schema. */
export const columnTops: string = `
  -- SQLite gives the highest row numbers out again once their rows are gone; whoever keeps rows would take a new one for a
  -- known one. In the range -2 stands the highest number of a row that was deleted from the top.
  CREATE TRIGGER responses_topped AFTER DELETE ON responses
    WHEN OLD.row > (SELECT ifnull(max(row), 0) FROM responses)
  BEGIN
    INSERT INTO response_changes VALUES (${top}, OLD.row)
      ON CONFLICT (range) DO UPDATE SET count = max(count, excluded.count);
  END;
`

/** The number of the next row where SQLite would give one out again, else null: it chooses then. */
export const nextRow: string = `(SELECT count + 1 FROM response_changes
  WHERE range = ${top} AND count > (SELECT ifnull(max(row), 0) FROM responses))`

/** Most responses that are kept, of all surveys; some 40 bytes each. Of a survey with more nothing is. */
const mostKept = 30_000_000
/** Most moments that are kept of a site. */
const mostMoments = 5_000_000
/** Ranges, and moments, that are read in one go; then others have their turn. */
const rangesAtOnce = 8
const momentsAtOnce = 5000
/** Rows in one piece of bytes: SQLite makes none of more than 1 GB, and a response may have 1 MB. */
const rowsAtOnce = 512

const moments = -1

interface Kept {
  columns: SurveyColumns
  /** By range: how often it had changed when it was read. */
  known: Map<number, number>
  /** Ranges to be read; none of their rows is kept. */
  stale: Set<number>
  /** The highest row there ever was. */
  last: number
}

interface KeptMoments {
  all: ColumnMoment[]
  known: number
  last: number
  facts: FactColumns
}

const noFacts = createFactColumns([])

/** Prepares the statements once; nothing is read before the first report that needs it. */
export function createSqliteColumns(database: DatabaseSync): Required<Pick<CountStore, 'tally'>> {
  const lastRow = database.prepare(
    'SELECT row FROM responses INDEXED BY responses_by_survey WHERE site = ? AND survey = ? ORDER BY row DESC LIMIT 1',
  )
  const count = database.prepare(
    'SELECT count(*) AS count FROM responses INDEXED BY responses_by_survey WHERE site = ? AND survey = ?',
  )
  const changes = database.prepare('SELECT range, count FROM response_changes')
  const doubted = `EXISTS (SELECT 1 FROM suspects AS s WHERE s.site = r.site AND s.response = r.id AND s.cleared = 0)`
  const rowsOf = database.prepare(
    `SELECT CAST(group_concat(part, '') AS BLOB) AS bytes FROM (
       SELECT ${columnHead('row', 'over_quota', doubted, 'id')} || body AS part
       FROM responses AS r INDEXED BY responses_by_survey
       WHERE site = ? AND survey = ? AND row >= ? AND row < ? ORDER BY row)`,
  )
  const idOf = database.prepare('SELECT id FROM responses WHERE row = ?')
  const momentsOf = database.prepare(
    `SELECT row, name, visitor, person, at, data FROM moments
     WHERE site = ? AND row > ? AND name IN (SELECT value FROM json_each(?)) ORDER BY row LIMIT ?`,
  )
  const kept = new Map<string, Kept>()
  const keptMoments = new Map<number, KeptMoments>()

  const keptOf = (site: number, survey: string): Kept | null => {
    const key = `${site} ${survey}`
    const found = kept.get(key)
    kept.delete(key)
    if (!found && Number(count.get(site, survey)?.count) > mostKept) return null
    const columns =
      found?.columns ??
      createSurveyColumns((row) => {
        const id = idOf.get(row)?.id
        return id instanceof Uint8Array ? bytesToId(id) : ''
      }, tableSeed())
    const entry: Kept = found ?? { columns, known: new Map(), stale: new Set(), last: -1 }
    // The last of the map is the one that was used last.
    kept.set(key, entry)
    keepWithin(kept, key, mostKept)
    return entry
  }

  /** Reads what has changed, or a part of it; false where there is more. */
  const follow = (entry: Kept, site: number, survey: string): boolean => {
    const last = Number(lastRow.get(site, survey)?.row ?? -1)
    const now = new Map(changes.all().map((each) => [Number(each.range), Number(each.count)]))
    const { columns, known, stale } = entry
    for (const [range, seen] of known)
      if ((now.get(range) ?? 0) !== seen) {
        // Before anything is read: answers are put in order by the ids of rows that are kept, and these may be gone.
        columns.put(range, [])
        known.delete(range)
        stale.add(range)
      }
    if (last > entry.last)
      for (let range = Math.floor((entry.last + 1) / chunkSize); range * chunkSize <= last; range++)
        stale.add(range)
    // No number is given out twice, so what is not in a stale range is either known or above the last.
    entry.last = Math.max(entry.last, last)
    let left = rangesAtOnce
    for (const range of stale) {
      if (left-- === 0) return false
      const start = range * chunkSize
      const rows: ColumnRow[] = []
      for (let from = start; from < start + chunkSize; from += rowsAtOnce) {
        const bytes = rowsOf.get(site, survey, from, from + rowsAtOnce)?.bytes as Uint8Array | null
        if (bytes) rows.push(...readColumnRows(bytes, start))
      }
      columns.put(range, rows)
      known.set(range, now.get(range) ?? 0)
      stale.delete(range)
    }
    return true
  }

  /** The same for moments; null where they are too many. */
  const followMoments = (site: number): KeptMoments | 'more' | null => {
    const deleted = changes.all().find((each) => each.range === moments)
    const known = Number(deleted?.count ?? 0)
    let entry = keptMoments.get(site)
    if (entry?.known !== known) entry = { all: [], known, last: 0, facts: noFacts }
    keptMoments.set(site, entry)
    const rows = momentsOf.all(site, entry.last, JSON.stringify(factNames), momentsAtOnce)
    for (const { row, name, visitor, person, at, data } of rows) {
      entry.all.push({
        name: String(name),
        visitor: visitorIdentity(visitor),
        person: typeof person === 'string' ? personIdentity(person) : null,
        at: Number(at),
        data: JSON.parse(String(data)) as Record<string, unknown>,
      })
      entry.last = Number(row)
    }
    if (entry.all.length > mostMoments) return null
    if (rows.length === momentsAtOnce) return 'more'
    if (rows.length > 0) entry.facts = createFactColumns(entry.all)
    return entry
  }

  /** One step; undefined where more is to be read. */
  const attempt = (site: number, survey: string, plan: ColumnPlan): Tallied | null | undefined => {
    const entry = keptOf(site, survey)
    if (!entry) return null
    const isDone = follow(entry, site, survey)
    const found = momentsFor(plan.by, plan.where).length > 0 ? followMoments(site) : { facts: noFacts }
    if (found === null) return null
    return isDone && found !== 'more' ? tallyColumns(entry.columns, plan, found.facts) : undefined
  }

  return {
    async tally(site, survey, plan) {
      for (;;) {
        // All that is read in one step is of one moment; it may be inside a transaction that has just begun.
        const result = await explained(() => {
          database.exec('SAVEPOINT tally')
          try {
            return attempt(site, survey, plan)
          } finally {
            database.exec('RELEASE tally')
          }
        })
        if (result !== undefined) return result
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
      }
    },
  }
}

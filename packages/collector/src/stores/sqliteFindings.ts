/** Keeps moments of people, texts to be searched, and what came late in SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import type { AnswerEvent, Scalar } from '@earshot/contract'
import { lateOf, momentOf } from '../core/moments.ts'
import type { StoredEvent, StoredResponse } from '../core/project.ts'
import { commentOf } from '../core/search.ts'
import type { ArrivalStore, FindingStore } from '../ports/findingStore.ts'
import type { ResponseFilter } from '../ports/responseStore.ts'
import { explained } from './sqliteError.ts'
import { idToBytes, keyToVisitor, visitorToKey } from './sqliteId.ts'
import { bounds } from './bounds.ts'
import { twice } from './sqliteReports.ts'
import { eventColumns, eventKinds, readEvent, readResponse, readStored, statusNumbers } from './sqliteRows.ts'

/** Gives the statements of the step below the functions that they call. */
export function offerFindings(database: DatabaseSync): void {
  const event = (row: unknown[]): ReturnType<typeof momentOf> => {
    const [id, response, visitor, person, receivedAt, shift, body] = row
    return momentOf(readEvent({ id, response, visitor, person, received_at: receivedAt, shift, body }))
  }
  const options = { varargs: true, deterministic: true } as const
  database.function('moment_name', options, (...row) => event(row)?.name ?? null)
  database.function('moment_at', options, (...row) => event(row)?.at ?? null)
  database.function('moment_data', options, (...row) => JSON.stringify(event(row)?.data ?? {}))
  database.function('comment_of', options, (id, body) => commentOf(readStored({ id, body })) || null)
}

const whole = 'id, response, visitor, person, received_at, shift, body'

/** The step of the schema that brings the tables. */
export const findingTables: string = `
  -- Life-cycle events, and what was told about people: events of which reports on customers are made. They go with the event.
  CREATE TABLE moments (
    row INTEGER PRIMARY KEY,
    site INTEGER NOT NULL,
    event BLOB NOT NULL,
    name TEXT NOT NULL,
    visitor ANY NOT NULL,
    person TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (site, event)
  ) STRICT;
  CREATE INDEX moments_by_name ON moments (site, name, row);
  CREATE TRIGGER moments_gone AFTER DELETE ON events WHEN OLD.kind IN (7, 8, 9)
  BEGIN
    DELETE FROM moments WHERE site = OLD.site AND event = OLD.id;
  END;
  INSERT INTO moments (site, event, name, visitor, person, at, data)
    SELECT site, id, moment_name(${whole}), visitor, person, moment_at(${whole}), moment_data(${whole})
    FROM events WHERE kind IN (7, 8, 9) AND moment_name(${whole}) IS NOT NULL ORDER BY row;

  -- What was written in a response, as it is searched, under the row of the response.
  CREATE TABLE comments (
    row INTEGER PRIMARY KEY,
    text TEXT NOT NULL
  ) STRICT;
  CREATE VIRTUAL TABLE comments_index
    USING fts5(text, content = 'comments', content_rowid = 'row', tokenize = 'trigram case_sensitive 1');
  INSERT INTO comments_index (comments_index, rank) VALUES ('secure-delete', 1);
  CREATE TRIGGER comments_inserted AFTER INSERT ON comments
  BEGIN
    INSERT INTO comments_index (rowid, text) VALUES (NEW.row, NEW.text);
  END;
  CREATE TRIGGER comments_deleted AFTER DELETE ON comments
  BEGIN
    INSERT INTO comments_index (comments_index, rowid, text) VALUES ('delete', OLD.row, OLD.text);
  END;
  CREATE TRIGGER comments_gone AFTER DELETE ON responses
  BEGIN
    DELETE FROM comments WHERE row = OLD.row;
  END;
  INSERT INTO comments
    SELECT row, comment_of(id, body) FROM responses WHERE answers > 0 AND comment_of(id, body) IS NOT NULL;

  -- How many events of an hour arrived in a later one, in hours since 1970.
  CREATE TABLE late (
    site INTEGER NOT NULL,
    survey TEXT NOT NULL,
    hour INTEGER NOT NULL,
    arrived INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (site, survey, hour, arrived)
  ) STRICT, WITHOUT ROWID;
`

/** Follows what is written, inside a transaction which the caller opened. */
export interface SqliteFindings {
  /** An event was stored. */
  stored(site: number, event: StoredEvent): void
  /** A response was folded and stored. */
  folded(site: number, id: Uint8Array, response: StoredResponse, isNew: boolean): void
}

/** Prepares the statements of writers once. */
export function createSqliteFindings(database: DatabaseSync): SqliteFindings {
  const putMoment = database.prepare(
    `INSERT INTO moments (site, event, name, visitor, person, at, data) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, event) DO NOTHING`,
  )
  const addLate = database.prepare(
    `INSERT INTO late VALUES (?, ?, ?, ?, 1)
     ON CONFLICT (site, survey, hour, arrived) DO UPDATE SET count = count + 1`,
  )
  const rowOf = database.prepare(
    `SELECT r.row AS row, c.text AS text FROM responses AS r LEFT JOIN comments AS c ON c.row = r.row
     WHERE r.site = ? AND r.id = ?`,
  )
  const put = database.prepare('INSERT INTO comments VALUES (?, ?)')
  const drop = database.prepare('DELETE FROM comments WHERE row = ?')
  return {
    stored(site, stored) {
      const moment = momentOf(stored)
      if (moment) {
        const { name, visitor, person, at, data } = moment
        const event = idToBytes(stored.event.id)
        putMoment.run(site, event, name, visitorToKey(visitor), person, at, JSON.stringify(data))
      }
      const late = lateOf(stored)
      if (late) addLate.run(site, late.survey, late.hour, late.arrived)
    },
    folded(site, id, response, isNew) {
      const text = commentOf(response)
      if (text === '' && isNew) return
      const found = rowOf.get(site, id)
      if (!found || (found.text ?? '') === text) return
      const row = Number(found.row)
      if (found.text !== null) drop.run(row)
      if (text !== '') put.run(row, text)
    },
  }
}

const latest = Number.MAX_SAFE_INTEGER
/** Shorter ones are in no index of three letters. */
const isIndexed = (term: string): boolean => Array.from(term).length >= 3
const filtered = `r.site = ?1 AND (?2 IS NULL OR r.survey = ?2) AND (?3 IS NULL OR r.status = ?3)
  AND (?4 IS NULL OR r.variant = ?4) AND r.first_at >= ?5 AND r.first_at < ?6 AND r.row < ?7
  AND NOT EXISTS (SELECT 1 FROM json_each(?9) AS term WHERE instr(c.text, term.value) = 0)`

/** Prepares the statements of readers once. */
export function createSqliteFindingReads(database: DatabaseSync): FindingStore & ArrivalStore {
  const moments = database.prepare(
    `SELECT row, name, visitor, person, at, data FROM moments
     WHERE site = ? AND row > ? AND at < ? AND name IN (SELECT value FROM json_each(?)) ORDER BY row LIMIT ?`,
  )
  const byIndex = database.prepare(
    `SELECT r.row AS row, r.id AS id, r.body AS body, r.over_quota AS over_quota
     FROM comments_index CROSS JOIN comments AS c CROSS JOIN responses AS r
     WHERE comments_index MATCH ?10 AND comments_index.rowid < ?7 AND c.row = comments_index.rowid AND r.row = c.row
       AND ${filtered} ORDER BY comments_index.rowid DESC LIMIT ?8`,
  )
  const byText = database.prepare(
    `SELECT r.row AS row, r.id AS id, r.body AS body, r.over_quota AS over_quota
     FROM comments AS c CROSS JOIN responses AS r
     WHERE c.row < ?7 AND r.row = c.row AND ${filtered} ORDER BY c.row DESC LIMIT ?8`,
  )
  const late = database.prepare(
    `SELECT hour, arrived, count FROM late WHERE site = ? AND survey = ? AND hour >= ? AND hour < ?`,
  )
  const bound = (site: number, filter: ResponseFilter): (string | number | null)[] => {
    const [variant] = twice(filter.variant)
    const status = filter.status === undefined ? null : statusNumbers[filter.status]
    return [site, filter.survey ?? null, status, variant, ...bounds(filter)]
  }
  const arrivals = database.prepare(
    `SELECT row, ${eventColumns} FROM events NOT INDEXED
     WHERE row > ? AND site = ? AND kind = ${eventKinds.answer} ORDER BY row LIMIT ?`,
  )
  const lastRow = database.prepare('SELECT max(row) AS row FROM events')
  return {
    arrivals: (site, { after, limit }) =>
      explained(() => {
        if (after === null) return { rows: [], last: Number(lastRow.get()?.row ?? 0) }
        const rows = arrivals
          .all(after, site, limit)
          .map((row) => ({ row: Number(row.row), ...readEvent<AnswerEvent>(row) }))
        // The numbers of the last events are given out again once those are deleted.
        return { rows, last: rows.at(-1)?.row ?? Math.min(after, Number(lastRow.get()?.row ?? 0)) }
      }),
    moments: (site, { names, to }, { after, limit }) =>
      explained(() =>
        moments.all(site, after, to ?? latest, JSON.stringify(names), limit).map((row) => ({
          row: Number(row.row),
          name: String(row.name),
          visitor: keyToVisitor(row.visitor),
          person: row.person as string | null,
          at: Number(row.at),
          data: JSON.parse(String(row.data)) as Record<string, Scalar>,
        })),
      ),
    search: (site, terms, filter, { before = latest, limit }) =>
      explained(() => {
        const indexed = terms.filter(isIndexed)
        const given = [...bound(site, filter), before, limit, JSON.stringify(terms)]
        const match = indexed.map((each) => `"${each.replaceAll('"', '""')}"`).join(' AND ')
        const rows = match === '' ? byText.all(...given) : byIndex.all(...given, match)
        return rows.map((row) => ({ row: Number(row.row), response: readResponse(row) }))
      }),
    late: (site, survey, { from, to }) =>
      explained(() =>
        late
          .all(site, survey, Math.floor(from / 3_600_000), Math.ceil(to / 3_600_000))
          .map((row) => ({ hour: Number(row.hour), arrived: Number(row.arrived), count: Number(row.count) })),
      ),
  }
}

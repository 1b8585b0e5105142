/** Keeps responses that are doubted apart in SQLite, and counts without them. */
import type { DatabaseSync } from 'node:sqlite'
import type { SurveyEvent } from '@earshot/contract'
import type { StoredEvent, StoredResponse } from '../core/project.ts'
import { suspicionsOf, type Suspicion } from '../core/suspicion.ts'
import { parseMoment } from '../core/time.ts'
import { isUuid } from '../core/text.ts'
import type { CountStore, ResponseCounts } from '../ports/countStore.ts'
import type { SuspectStore } from '../ports/suspectStore.ts'
import type { CommitGroup } from './commitGroup.ts'
import { explained } from './sqliteError.ts'
import { bytesToId, idToBytes, visitorToKey } from './sqliteId.ts'
import { bounds } from './bounds.ts'
import { twice } from './sqliteReports.ts'
import { scoresOf } from './sqliteScores.ts'
import { readStored } from './sqliteRows.ts'

/** The step of the schema that brings the table. */
export const suspectTables = `
  -- Responses that look as if no person had given them, and why.
  CREATE TABLE suspects (
    site INTEGER NOT NULL,
    response BLOB NOT NULL,
    survey TEXT NOT NULL,
    variant TEXT,
    first_at INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    -- Somebody has found it good: 0 or 1.
    cleared INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (site, response)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX suspects_by_time ON suspects (site, survey, first_at, variant) WHERE cleared = 0;
`

/** Follows what becomes of responses, inside a transaction which the caller opened. */
export interface SqliteSuspects {
  /** A response was folded; null when nothing is left of it. */
  follow(
    site: number,
    id: Uint8Array,
    response: StoredResponse | null,
    events: readonly StoredEvent<SurveyEvent>[],
    isNew: boolean,
  ): void
  /** A response came in a burst. */
  mark(site: number, id: Uint8Array): void
}

/** Prepares the statements of writers once. */
export function createSqliteSuspects(database: DatabaseSync): SqliteSuspects {
  const one = database.prepare('SELECT reasons, cleared FROM suspects WHERE site = ? AND response = ?')
  const put = database.prepare(
    `INSERT INTO suspects (site, response, survey, variant, first_at, reasons) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, response) DO UPDATE SET survey = excluded.survey, variant = excluded.variant,
       first_at = excluded.first_at, reasons = excluded.reasons`,
  )
  const drop = database.prepare('DELETE FROM suspects WHERE site = ? AND response = ?')
  const mark = database.prepare(
    `INSERT INTO suspects (site, response, survey, variant, first_at, reasons)
     SELECT site, id, survey, variant, first_at, '["burst"]' FROM responses WHERE site = ? AND id = ?
     ON CONFLICT (site, response) DO UPDATE SET reasons =
       iif(reasons LIKE '["burst"%', reasons, replace(reasons, '[', '["burst",'))`,
  )
  return {
    follow(site, id, response, events, isNew) {
      const old = isNew ? undefined : one.get(site, id)
      if (!response) {
        if (old) drop.run(site, id)
        return
      }
      const before = old ? (JSON.parse(String(old.reasons)) as Suspicion[]) : []
      const reasons = [...before.filter((each) => each === 'burst'), ...suspicionsOf(response, events)]
      const { survey, variant, firstAt } = response
      if (reasons.length > 0)
        put.run(site, id, survey, variant, parseMoment(firstAt) ?? 0, JSON.stringify(reasons))
      else if (old?.cleared === 0) drop.run(site, id)
    },
    mark: (site, id) => void mark.run(site, id),
  }
}

const doubted = 's.site = ? AND s.survey = ? AND s.cleared = 0'

/** Prepares the statements of readers once; `reports` count all. */
export function createSqliteSuspectReads(
  database: DatabaseSync,
  group: CommitGroup,
  reports: Pick<CountStore, 'scores' | 'responseCounts'>,
  { mark }: Pick<SqliteSuspects, 'mark'>,
): SuspectStore & Pick<CountStore, 'scores' | 'responseCounts'> {
  const any = database.prepare(`SELECT 1 FROM suspects AS s WHERE ${doubted} LIMIT 1`)
  // Their answers are not looked up in the order in which reports read them, but in the responses themselves.
  const responses = database.prepare(
    `SELECT r.id AS id, r.body AS body FROM suspects AS s CROSS JOIN responses AS r
     WHERE ${doubted} AND (? IS NULL OR s.variant = ?)
       AND r.site = s.site AND r.id = s.response AND r.answers > 0 AND r.over_quota = 0
       AND r.version IN (SELECT value FROM json_each(?))`,
  )
  // Whoever is doubted has no part in what the others said last. Ties go as in the report on all of them.
  const latestOfOthers = database.prepare(
    `SELECT score, count(*) AS count FROM (
       SELECT score, row_number() OVER (PARTITION BY who ORDER BY at DESC, response DESC) AS place FROM answers AS a
       WHERE site = ? AND survey = ? AND question = ? AND at >= ? AND at < ?
         AND version IN (SELECT value FROM json_each(?)) AND (? IS NULL OR variant = ?)
         AND NOT EXISTS (SELECT 1 FROM suspects AS s
           WHERE s.site = a.site AND s.response = a.response AND s.cleared = 0)
     ) WHERE place = 1 GROUP BY score ORDER BY score`,
  )
  const counts = database.prepare(
    `SELECT count(*) AS shown, count(*) FILTER (WHERE r.answers > 0) AS answered,
       count(*) FILTER (WHERE r.status = 2 AND r.answers > 0) AS completed,
       count(*) FILTER (WHERE r.closed = 1) AS dismissed
     FROM suspects AS s CROSS JOIN responses AS r
     WHERE ${doubted} AND s.first_at >= ? AND s.first_at < ? AND (? IS NULL OR s.variant = ?)
       AND r.site = s.site AND r.id = s.response AND r.over_quota = 0`,
  )
  const number = database.prepare(
    `SELECT count(*) AS count FROM suspects AS s
     WHERE ${doubted} AND s.first_at >= ? AND s.first_at < ? AND (? IS NULL OR s.variant = ?)`,
  )
  const list = database.prepare(
    `SELECT * FROM suspects WHERE site = ? AND (? IS NULL OR survey = ?) AND first_at >= ? AND first_at < ?
     ORDER BY first_at DESC, response LIMIT ?`,
  )
  // The number of an answer is that of sqliteRows.ts.
  const answered = database.prepare(
    `SELECT DISTINCT response FROM events INDEXED BY events_by_visitor
     WHERE site = ? AND visitor = ? AND kind = 1 AND received_at >= ?`,
  )
  const clear = database.prepare('UPDATE suspects SET cleared = 1 WHERE site = ? AND response = ?')

  return {
    scores: async (site, query) => {
      const all = query.suspects === 'include' || (await explained(() => !any.get(site, query.survey)))
      if (all) return reports.scores(site, query)
      const { survey, question, versions, variant, basis } = query
      if (basis === 'latest')
        return explained(() =>
          latestOfOthers
            .all(site, survey, question, ...bounds(query), JSON.stringify(versions), ...twice(variant))
            .map((row) => ({ score: Number(row.score), count: Number(row.count) })),
        )
      const [from, to] = bounds(query)
      const less = await explained(() => {
        const found = new Map<number, number>()
        for (const row of responses.iterate(site, survey, ...twice(variant), JSON.stringify(versions)))
          for (const { question: asked, score, at } of scoresOf(readStored(row)))
            if (asked === question && at >= from && at < to) found.set(score, (found.get(score) ?? 0) + 1)
        return found
      })
      const rows = await reports.scores(site, query)
      return rows
        .map(({ score, count }) => ({ score, count: count - (less.get(score) ?? 0) }))
        .filter(({ count }) => count > 0)
    },
    async responseCounts(site, filter) {
      const all = await reports.responseCounts(site, filter)
      if (filter.suspects === 'include') return all
      return explained(() => {
        const row = counts.get(site, filter.survey, ...bounds(filter), ...twice(filter.variant))
        const less = row as unknown as ResponseCounts
        return {
          shown: all.shown - less.shown,
          answered: all.answered - less.answered,
          completed: all.completed - less.completed,
          dismissed: all.dismissed - less.dismissed,
        }
      })
    },
    suspects: (site, filter) =>
      explained(() =>
        Number(number.get(site, filter.survey, ...bounds(filter), ...twice(filter.variant))?.count ?? 0),
      ),
    listSuspects: (site, filter, limit) =>
      explained(() =>
        list.all(site, ...twice(filter.survey), ...bounds(filter), limit).map((row) => ({
          response: bytesToId(row.response as Uint8Array),
          survey: String(row.survey),
          reasons: JSON.parse(String(row.reasons)) as Suspicion[],
          firstAt: Number(row.first_at),
          isCleared: row.cleared === 1,
        })),
      ),
    doubt: (site, visitors, since) =>
      group.run(() => {
        for (const visitor of visitors)
          for (const { response } of answered.all(site, visitorToKey(visitor), since))
            mark(site, response as Uint8Array)
      }),
    clearSuspect: (site, response) =>
      group.run(() => isUuid(response) && clear.run(site, idToBytes(response)).changes === 1),
  }
}

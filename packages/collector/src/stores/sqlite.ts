/** The store of one machine: a SQLite file, or memory for tests. */
/// <reference lib="es2024.arraybuffer" />
import type { DatabaseSync } from 'node:sqlite'
import type { SiteSettings, SurveyEvent } from '@earshot/contract'
import { readWatched, tellTaken } from '../core/asUsual.ts'
import { judge as judgeBatch, receiptFor, type Known, type Verdict } from '../core/ingest.ts'
import { decidePlace } from '../core/places.ts'
import type { SurveyName } from '../core/surveys.ts'
import { isUuid } from '../core/text.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { ResponseFilter, ResponseRow } from '../ports/responseStore.ts'
import type { Log } from '../ports/world.ts'
import { createCommitGroup, type GroupHooks } from './commitGroup.ts'
import { createLogSync, type LogSync } from './logSync.ts'
import { packedLines } from './packedLines.ts'
import { createSqliteAccess } from './sqliteAccess.ts'
import { createSqliteAppend, lostName, readSurvey, selectNames } from './sqliteAppend.ts'
import { createSqliteAudit } from './sqliteAudit.ts'
import { createSqliteCases, createSqliteCaseWrites } from './sqliteCases.ts'
import { createSqliteColumns } from './sqliteColumns.ts'
import { createSqliteDays } from './sqliteDays.ts'
import { createAnonymise } from './sqliteAnonymise.ts'
import { createErase, createLogCleaner } from './sqliteErase.ts'
import { explained } from './sqliteError.ts'
import { createSqliteFindingReads, createSqliteFindings } from './sqliteFindings.ts'
import { idToBytes } from './sqliteId.ts'
import { createPutJobs, createSqliteJobs } from './sqliteJobs.ts'
import { createSqlitePlaces } from './sqlitePlaces.ts'
import { bounds } from './bounds.ts'
import { createSqliteReports, twice } from './sqliteReports.ts'
import { createRefold, selectEvents } from './sqliteResponses.ts'
import { readEvent, readResponse, statusNumbers } from './sqliteRows.ts'
import { createSqliteMail } from './sqliteMail.ts'
import { createSqliteNotes } from './sqliteNotes.ts'
import { createSqlitePeople } from './sqlitePeople.ts'
import { createSqliteSuspectReads, createSqliteSuspects } from './sqliteSuspects.ts'
import { openDatabase, openReader, openWriter } from './sqliteSchema.ts'

// A missing filter is bound as null and then limits nothing. The survey has statements of its own. The way to the rows
// is prescribed, since the planner cannot know that a page is short and would rather read and sort everything.
const byRow = 'responses NOT INDEXED'
const bySurvey = 'responses INDEXED BY responses_by_survey'
const filters = `(? IS NULL OR status = ?) AND (? IS NULL OR variant = ?) AND first_at >= ? AND first_at < ?`
const latest = Number.MAX_SAFE_INTEGER

const utf8 = new TextDecoder()

/** A store that does all that any store can. */
export type SqliteStore = Required<Omit<EventStore, 'ready' | 'measures' | 'tallyDays'>>

/** The rows of a query on responses one after another, as `packedLines` takes them. */
const linesFrom = (rows: string): string =>
  `SELECT CAST(group_concat(id || iif(over_quota = 1, x'01', x'00') || body, '') AS BLOB) AS bytes,
     count(*) AS count, max(row) AS row FROM (${rows})`

/**
 * Opens the store and makes its tables when they are missing.
 *
 * @param path of the database file, or `:memory:`
 * @param log told what the operator should know about the file
 * @throws when the file is no Earshot database, is damaged, or was written by a newer program
 * @example
 * const store = createSqliteStore('./earshot-data/earshot.sqlite')
 */
export function createSqliteStore(path: string, log?: Log): SqliteStore {
  return storeIn(openDatabase(path, log))
}

/**
 * Opens a database that another store has opened and looked at, to write a second way.
 *
 * @param most writes per transaction
 */
export function createSqliteWriter(path: string, most: number): SqliteStore {
  const database = openWriter(path)
  return storeIn(database, most, createLogSync(database, path))
}

/** Opens a database that another store keeps open; all that writes is refused. */
export function createSqliteReader(path: string): SqliteStore {
  return storeIn(openReader(path))
}

function storeIn(database: DatabaseSync, most?: number, disk: LogSync | null = null): SqliteStore {
  const places = createSqlitePlaces(database)
  const days = createSqliteDays(database)
  const suspects = createSqliteSuspects(database)
  const findings = createSqliteFindings(database)
  const refold = createRefold(database, places.follow, days, suspects, findings)
  const { append, storeSurvey, removed, ...hooks } = createSqliteAppend(database, refold, suspects, findings)
  const groupHooks: GroupHooks = {
    begun: () => {
      hooks.begun()
      places.begun()
    },
    finish: () => {
      hooks.finish()
      days.flush()
    },
    undone: () => {
      hooks.undone()
      days.forget()
    },
  }
  const group = createCommitGroup(database, undefined, most, groupHooks, disk)
  const erase = createErase(database, refold)
  const anonymise = createAnonymise(database, erase, refold, suspects)
  const cleaner = createLogCleaner(database)
  const putJobs = createPutJobs(database)
  const caseWrites = createSqliteCaseWrites(database)

  const allSurveys = database.prepare('SELECT body, source FROM surveys WHERE site = ? ORDER BY id, version')
  const surveyVersions = database.prepare(
    'SELECT body, source FROM surveys WHERE site = ? AND id = ? ORDER BY version',
  )
  const surveyNames = database.prepare(selectNames)
  // SQLite takes the other columns from the row that has the maximum (https://www.sqlite.org/lang_select.html#bareagg).
  const latestServed = database.prepare(
    `SELECT body, source, max(version) FROM surveys WHERE site = ? AND source = 'served' GROUP BY id ORDER BY id`,
  )
  const oneSource = database.prepare('SELECT source FROM surveys WHERE site = ? AND id = ? AND version = ?')
  const oneUse = database.prepare(
    'SELECT 1 FROM responses WHERE site = ? AND survey = ? AND version = ? LIMIT 1',
  )
  const dropVersion = database.prepare('DELETE FROM surveys WHERE site = ? AND id = ? AND version = ?')
  const newestOfAll = database.prepare(
    `SELECT row, id, body, over_quota FROM ${byRow} WHERE site = ? AND ${filters} AND row < ? ORDER BY row DESC LIMIT ?`,
  )
  const newestOfSurvey = database.prepare(
    `SELECT row, id, body, over_quota FROM ${bySurvey} WHERE site = ? AND survey = ? AND ${filters} AND row < ?
     ORDER BY row DESC LIMIT ?`,
  )
  const oldestOfAll = database.prepare(
    `SELECT row, id, body, over_quota FROM ${byRow} WHERE site = ? AND ${filters} AND row > ? ORDER BY row LIMIT ?`,
  )
  const oldestOfSurvey = database.prepare(
    `SELECT row, id, body, over_quota FROM ${bySurvey} WHERE site = ? AND survey = ? AND ${filters} AND row > ?
     ORDER BY row LIMIT ?`,
  )
  const linesOfAll = database.prepare(
    linesFrom(
      `SELECT row, id, body, over_quota FROM ${byRow} WHERE site = ? AND ${filters} AND row > ? ORDER BY row LIMIT ?`,
    ),
  )
  const linesOfSurvey = database.prepare(
    linesFrom(`SELECT row, id, body, over_quota FROM ${bySurvey} WHERE site = ? AND survey = ? AND ${filters} AND row > ?
     ORDER BY row LIMIT ?`),
  )
  const oneResponse = database.prepare('SELECT id, body, over_quota FROM responses WHERE site = ? AND id = ?')
  const eventsOf = database.prepare(selectEvents)
  const oneSettings = database.prepare('SELECT body FROM settings WHERE site = ?')
  const putSettings = database.prepare(
    `INSERT INTO settings (site, body, updated_at) VALUES (?, ?, ?)
     ON CONFLICT (site) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at`,
  )
  const counters = database.prepare('SELECT name, value FROM counters WHERE site = ?')
  const counter = database.prepare('SELECT value FROM counters WHERE site = ? AND name = ?')
  const totals = database.prepare(
    `SELECT (SELECT count(*) FROM events WHERE site = ?) AS events,
            (SELECT count(*) FROM responses WHERE site = ?) AS responses`,
  )

  const reports = createSqliteReports(database)
  const readRows = (rows: Record<string, unknown>[]): ResponseRow[] =>
    rows.map((row) => ({ row: Number(row.row), response: readResponse(row) }))
  const bound = (filter: ResponseFilter): (string | number | null)[] => {
    const status = filter.status === undefined ? null : statusNumbers[filter.status]
    return [status, status, ...twice(filter.variant), ...bounds(filter)]
  }

  const readNewest: EventStore['newest'] = (site, filter, { before = latest, limit }) =>
    explained(() =>
      readRows(
        filter.survey === undefined
          ? newestOfAll.all(site, ...bound(filter), before, limit)
          : newestOfSurvey.all(site, filter.survey, ...bound(filter), before, limit),
      ),
    )
  const readOldest: EventStore['oldest'] = (site, filter, { after, limit }) =>
    explained(() =>
      readRows(
        filter.survey === undefined
          ? oldestOfAll.all(site, ...bound(filter), after, limit)
          : oldestOfSurvey.all(site, filter.survey, ...bound(filter), after, limit),
      ),
    )

  return {
    ...createSqliteAccess(database, group),
    ...createSqliteAudit(database, group),
    append: (site, batch, judge, at) => group.run(() => append(site, batch, judge, at)),
    async ingest(site, batch, policy, at) {
      const judged = (known: Known): Verdict => judgeBatch(batch, known, policy)
      const { verdict, inserted } = await group.run(() => append(site, batch, judged, at, true))
      return receiptFor(verdict, inserted)
    },
    // Read when its turn comes, since what was read takes ten times the room of what came.
    take: (site, key, body, policy, at, watched) =>
      group.run(() => {
        const batch = readWatched(utf8.decode(body), key, at, watched)
        if (!batch) return null
        const { verdict, inserted } = append(
          site,
          batch,
          (known) => judgeBatch(batch, known, policy),
          at,
          true,
        )
        return tellTaken(verdict, inserted)
      }),
    settings: (site) =>
      explained(() => {
        const row = oneSettings.get(site)
        return row ? (JSON.parse(String(row.body)) as SiteSettings) : null
      }),
    putSettings: (site, settings, at) =>
      group.run(() => void putSettings.run(site, JSON.stringify(settings), at)),
    takePlace: (site, ask, decide, at) => group.run(() => places.take(site, ask, decide, at)),
    place: (site, ask, quota, at) =>
      group.run(() => places.take(site, ask, (facts) => decidePlace(ask, facts, quota, at), at)),
    async erase(site, visitor, at) {
      const { events, others } = await group.run(() => {
        removed()
        return erase(site, visitor, at)
      })
      if (events + others > 0) cleaner.clean()
      return events
    },
    async anonymise(site, visitor, at) {
      const { others, ...done } = await group.run(() => {
        removed()
        return anonymise(site, visitor, at)
      })
      if (done.events + others > 0) cleaner.clean()
      return done
    },
    surveys: (site, id) =>
      explained(() =>
        (id === undefined ? allSurveys.all(site) : surveyVersions.all(site, id)).map(readSurvey),
      ),
    surveyNames: (site) => explained(() => surveyNames.all(site) as unknown as SurveyName[]),
    servedSurveys: (site) => explained(() => latestServed.all(site).map((row) => readSurvey(row).survey)),
    putSurvey: (site, survey, decide, at) =>
      group.run(() => {
        const decision = decide(surveyVersions.all(site, survey.id).map(readSurvey))
        if (decision.kind === 'created') storeSurvey(site, decision.survey, 'served', at)
        return decision
      }),
    dropSurvey: (site, id, version) =>
      group.run(() => {
        const row = oneSource.get(site, id, version)
        if (!row) return 'unknown'
        if (row.source === 'served') return 'served'
        if (oneUse.get(site, id, version)) return 'used'
        dropVersion.run(site, id, version)
        removed()
        return 'dropped'
      }),
    newest: readNewest,
    oldest: readOldest,
    lines: (site, filter, { after, limit, room }) =>
      explained(() => {
        const { bytes, count, row } =
          (filter.survey === undefined
            ? linesOfAll.get(site, ...bound(filter), after, limit)
            : linesOfSurvey.get(site, filter.survey, ...bound(filter), after, limit)) ?? {}
        const packed = (bytes ?? new Uint8Array()) as Uint8Array<ArrayBuffer>
        const lines = packedLines(packed, room)
        // Given back now: memory outside of the heap is looked after so seldom that an export would hold 60 MB of it.
        packed.buffer.transfer(0)
        return { bytes: lines, count: Number(count), row: Number(row ?? after) }
      }),
    response: (site, id) =>
      explained(() => {
        const row = isUuid(id) ? oneResponse.get(site, idToBytes(id)) : undefined
        return row ? readResponse(row) : null
      }),
    events: (site, response) =>
      explained(() =>
        isUuid(response)
          ? eventsOf.all(site, idToBytes(response)).map((row) => readEvent<SurveyEvent>(row))
          : [],
      ),
    ...createSqliteFindingReads(database),
    ...createSqlitePeople(database, group, refold, cleaner),
    ...createSqliteJobs(database, group, putJobs, caseWrites.open),
    ...createSqliteCases(database, group, caseWrites, putJobs),
    ...createSqliteMail(database, group, cleaner),
    ...createSqliteNotes(database, group, cleaner),
    ...reports,
    ...createSqliteColumns(database),
    ...createSqliteSuspectReads(database, group, reports, suspects),
    lost: (site, survey) => explained(() => Number(counter.get(site, lostName(survey))?.value ?? 0)),
    stats: (site) =>
      explained(() => {
        const named = new Map(counters.all(site).map((row) => [row.name, Number(row.value)]))
        const { events, responses } = totals.get(site, site) ?? {}
        return {
          accepted: named.get('accepted') ?? 0,
          duplicates: named.get('duplicates') ?? 0,
          rejected: named.get('rejected') ?? 0,
          lost: named.get('lost') ?? 0,
          events: Number(events),
          responses: Number(responses),
        }
      }),
    async close() {
      await group.drain()
      cleaner.close()
      disk?.close()
      database.close()
    },
  }
}

/** Writes a judged batch into SQLite: events, definitions and counters. */
import type { DatabaseSync } from 'node:sqlite'
import type { LossEvent, Survey, SurveyEvent } from '@earshot/contract'
import type { Batch, Known, Verdict } from '../core/ingest.ts'
import { isSurveyEvent, type StoredEvent } from '../core/project.ts'
import { surveyKey, type StoredSurvey, type SurveySource } from '../core/surveys.ts'
import type { Millis } from '../core/time.ts'
import type { Appended } from '../ports/eventStore.ts'
import type { GroupHooks } from './commitGroup.ts'
import type { SqliteFindings } from './sqliteFindings.ts'
import { createSqliteEventJobs } from './sqliteJobs.ts'
import { hashOf, idToBytes, visitorToKey } from './sqliteId.ts'
import type { Refold } from './sqliteResponses.ts'
import { eventKinds, packEvent } from './sqliteRows.ts'
import type { SqliteSuspects } from './sqliteSuspects.ts'

/** Writes that run inside a transaction which the caller opened. */
export interface SqliteAppend extends Required<GroupHooks> {
  /**
   * @param mayAskTwice whether `judge` may be asked twice: then it is told of no stored ids at first, since the insert
   * finds them too; only where it refuses something they are looked up
   */
  append(
    site: number,
    batch: Batch,
    judge: (known: Known) => Verdict,
    at: Millis,
    mayAskTwice?: boolean,
  ): Appended
  storeSurvey(site: number, survey: Survey, source: SurveySource, at: Millis): void
  /** To be called when a visitor is erased or a definition is removed: what follows in the transaction must know it. */
  removed(): void
}

/** Names of all definitions of a site. */
export const selectNames = 'SELECT id, version, source FROM surveys WHERE site = ? ORDER BY id, version'

/** The counter of events of a survey that devices gave up. */
export const lostName = (survey: string): string => `lost:${survey}`

/** Whether a visitor is gone. */
export const selectErased = 'SELECT 1 FROM erased WHERE site = ? AND visitor = ?'

/**
 * Prepares the statements once.
 *
 * What is looked up for nearly every event is remembered: definitions until somebody changes one, and for one transaction
 * whether anybody was erased at all. Counters are summed up and written once for each transaction.
 *
 * @param refold makes the response of an id anew from its events
 */
export function createSqliteAppend(
  database: DatabaseSync,
  refold: Refold,
  suspects: Pick<SqliteSuspects, 'mark'>,
  findings: Pick<SqliteFindings, 'stored'>,
): SqliteAppend {
  const definitions = new Map<string, StoredSurvey>()
  const changes = new Map<number, Record<'accepted' | 'duplicates' | 'rejected', number>>()
  let version: unknown
  let hasErased = true
  const hasEvent = database.prepare('SELECT 1 FROM events WHERE site = ? AND id = ?')
  const isErased = database.prepare(selectErased)
  const anyErased = database.prepare('SELECT 1 FROM erased LIMIT 1')
  // Changes with each commit of another connection (https://www.sqlite.org/pragma.html#pragma_data_version).
  const dataVersion = database.prepare('PRAGMA data_version')
  const oneSurvey = database.prepare(
    'SELECT body, source FROM surveys WHERE site = ? AND id = ? AND version = ?',
  )
  const hasSurvey = database.prepare('SELECT 1 FROM surveys WHERE site = ? AND id = ? LIMIT 1')
  const surveyNames = database.prepare(selectNames)
  const countEvents = database.prepare('SELECT count(*) AS count FROM events WHERE site = ? AND response = ?')
  const putSurvey = database.prepare(
    `INSERT INTO surveys (site, id, version, source, body, updated_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, id, version) DO UPDATE SET
       source = excluded.source, body = excluded.body, updated_at = excluded.updated_at`,
  )
  const insertEvent = database.prepare(
    `INSERT INTO events (site, id, response, kind, visitor, person, received_at, shift, follow_up, cancelled, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, id) DO NOTHING`,
  )
  const eventJobs = createSqliteEventJobs(database)
  const count = database.prepare(
    `INSERT INTO counters (site, name, value) VALUES (?, ?, ?)
     ON CONFLICT (site, name) DO UPDATE SET value = value + excluded.value`,
  )

  const definition = (site: number, id: string, wanted: number): StoredSurvey | undefined => {
    const key = `${site}/${surveyKey(id, wanted)}`
    const known = definitions.get(key)
    if (known) return known
    const row = oneSurvey.get(site, id, wanted)
    if (!row) return undefined
    if (definitions.size >= mostRemembered) definitions.clear()
    const read = readSurvey(row)
    definitions.set(key, read)
    return read
  }

  const storedIds = (site: number, batch: Batch): Known['ids'] => {
    const ids = new Set<string>()
    for (const id of batch.ids) if (hasEvent.get(site, idToBytes(id))) ids.add(id)
    return ids
  }

  const lookUp = (site: number, batch: Batch, ids: Known['ids']): Known => {
    const surveys = new Map<string, StoredSurvey>()
    for (const { id, version: wanted } of batch.surveys) {
      const found = definition(site, id, wanted)
      if (found) surveys.set(surveyKey(id, wanted), found)
    }
    const names = surveys.size < batch.surveys.length ? surveyNames.all(site) : []
    const counts = new Map<string, number>()
    for (const id of batch.responses) counts.set(id, Number(countEvents.get(site, idToBytes(id))?.count ?? 0))
    return {
      ids,
      counts,
      erased: hasErased ? new Set(batch.visitors.filter((each) => isErased.get(site, hashOf(each)))) : none,
      surveys,
      names: names as unknown as Known['names'],
    }
  }

  const storeEvent = (site: number, { event, at, receivedAt, occurredAt }: StoredEvent): boolean => {
    const response = isSurveyEvent(event) ? event.response : null
    const settled = event.type === 'followup' && settles.has(event.data.state) ? event.data : null
    const { changes: written } = insertEvent.run(
      site,
      idToBytes(event.id),
      response === null ? null : idToBytes(response),
      eventKinds[event.type],
      visitorToKey(event.visitor),
      event.person,
      receivedAt,
      occurredAt - at,
      settled && settled.followUp,
      settled && (settled.state === 'cancelled' ? 1 : 0),
      packEvent(event, response),
    )
    return written === 1
  }

  const countLoss = (site: number, { data }: LossEvent): void => {
    for (const each of Object.values(data.events)) count.run(site, 'lost', each)
    // Names come from anybody who has the public key, so only those of surveys that are known take room.
    for (const [survey, each] of Object.entries(data.surveys))
      if (hasSurvey.get(site, survey)) count.run(site, lostName(survey), each)
  }

  const storeSurvey: SqliteAppend['storeSurvey'] = (site, survey, source, at) => {
    putSurvey.run(site, survey.id, survey.version, source, JSON.stringify(survey), at)
    definitions.clear()
  }

  return {
    storeSurvey,
    append(site, batch, judge, at, mayAskTwice = false) {
      // A definition is stored for an event that is accepted, so it must not be one that is stored already.
      const isHopeful = mayAskTwice && batch.declared.size === 0
      const known = lookUp(site, batch, isHopeful ? none : storedIds(site, batch))
      let verdict = judge(known)
      if (isHopeful && verdict.rejected.length + verdict.dropped.length > 0)
        verdict = judge({ ...known, ids: storedIds(site, batch) })
      const inserted = new Set<string>()
      const touched = new Map<string, StoredEvent<SurveyEvent>[]>()
      for (const survey of verdict.surveys) storeSurvey(site, survey, 'inline', at)
      for (const { stored } of verdict.accepted) {
        if (!storeEvent(site, stored)) continue
        inserted.add(stored.event.id)
        if (!batch.isPast) eventJobs.stored(site, stored.event, stored.receivedAt)
        findings.stored(site, stored)
        if (stored.event.type === 'loss') countLoss(site, stored.event)
        if (!isAboutSurvey(stored)) continue
        const { response } = stored.event
        const events = touched.get(response)
        if (events) events.push(stored)
        else touched.set(response, [stored])
      }
      for (const [response, events] of touched)
        refold(site, idToBytes(response), at, known.counts.get(response) === 0 ? events : undefined)
      if (batch.bursts?.size)
        for (const [response, events] of touched)
          if (events.some(({ event }) => batch.bursts?.has(event.visitor)))
            suspects.mark(site, idToBytes(response))
      const counts = changes.get(site) ?? { accepted: 0, duplicates: 0, rejected: 0 }
      changes.set(site, counts)
      counts.accepted += inserted.size
      counts.duplicates += verdict.duplicates.length + verdict.accepted.length - inserted.size
      counts.rejected += verdict.rejected.length
      return { verdict, inserted }
    },
    removed() {
      hasErased = true
      definitions.clear()
    },
    begun() {
      eventJobs.begun()
      hasErased = anyErased.get() !== undefined
      const now = dataVersion.get()?.data_version
      if (now !== version) definitions.clear()
      version = now
    },
    finish() {
      for (const [site, counts] of changes)
        for (const [name, value] of Object.entries(counts)) if (value !== 0) count.run(site, name, value)
      changes.clear()
    },
    undone() {
      changes.clear()
      definitions.clear()
    },
  }
}

const none: ReadonlySet<string> = new Set()

/** Most definitions that are remembered; the owner's are few, and inline ones bounded. */
const mostRemembered = 500

/** States of a follow-up in which it is not to be asked any more. */
const settles: ReadonlySet<string> = new Set(['answered', 'cancelled'])

function isAboutSurvey(stored: StoredEvent): stored is StoredEvent<SurveyEvent> {
  return isSurveyEvent(stored.event)
}

/** A row of `surveys` as the core knows it. */
export function readSurvey(row: Record<string, unknown>): StoredSurvey {
  return { survey: JSON.parse(String(row.body)) as Survey, source: row.source as SurveySource }
}

/** Writes a judged batch into SQLite: events, definitions, the responses that follow from them, and the counters. */
import type { DatabaseSync } from 'node:sqlite'
import type { FeedbackEvent, Survey, SurveyEvent } from '@earshot/contract'
import type { Batch, Known, Verdict } from '../core/ingest.ts'
import { ignoredBy, isSurveyEvent, project, type StoredEvent, type StoredResponse } from '../core/project.ts'
import { surveyKey, type StoredSurvey, type SurveySource } from '../core/surveys.ts'
import { parseMoment, type Millis } from '../core/time.ts'
import type { Appended } from '../ports.ts'
import { idToBytes } from './sqliteId.ts'

/** Writes that run inside a transaction which the caller opened. */
export interface SqliteAppend {
  append(site: number, batch: Batch, judge: (known: Known) => Verdict, at: Millis): Appended
  storeSurvey(site: number, survey: Survey, source: SurveySource, at: Millis): void
}

/** Names of all definitions of a site. */
export const selectNames = 'SELECT id, version, source FROM surveys WHERE site = ? ORDER BY id, version'

/** The events of one response, in the order of arrival. */
export const selectEvents =
  'SELECT at, received_at, occurred_at, body FROM events WHERE site = ? AND response = ? ORDER BY row'

/** Prepares the statements once. */
export function createSqliteAppend(database: DatabaseSync): SqliteAppend {
  const hasEvent = database.prepare('SELECT 1 FROM events WHERE site = ? AND id = ?')
  const oneSurvey = database.prepare(
    'SELECT body, source FROM surveys WHERE site = ? AND id = ? AND version = ?',
  )
  const surveyNames = database.prepare(selectNames)
  const countEvents = database.prepare('SELECT count(*) AS count FROM events WHERE site = ? AND response = ?')
  const putSurvey = database.prepare(
    `INSERT INTO surveys (site, id, version, source, body, updated_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, id, version) DO UPDATE SET
       source = excluded.source, body = excluded.body, updated_at = excluded.updated_at`,
  )
  const insertEvent = database.prepare(
    `INSERT INTO events (site, id, response, type, survey, version, at, received_at, occurred_at, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, id) DO NOTHING`,
  )
  const eventsOf = database.prepare(selectEvents)
  const putResponse = database.prepare(
    `INSERT INTO responses (site, id, survey, version, status, answers, closed, first_at, ignored, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, id) DO UPDATE SET survey = excluded.survey, version = excluded.version,
       status = excluded.status, answers = excluded.answers, closed = excluded.closed,
       first_at = excluded.first_at, ignored = excluded.ignored, body = excluded.body`,
  )
  const dropAnswers = database.prepare('DELETE FROM answers WHERE site = ? AND response = ?')
  const putAnswer = database.prepare(
    `INSERT INTO answers (site, response, question, survey, version, who, score, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const count = database.prepare(
    `INSERT INTO counters (site, name, value) VALUES (?, ?, ?)
     ON CONFLICT (site, name) DO UPDATE SET value = value + excluded.value`,
  )

  const lookUp = (site: number, batch: Batch): Known => {
    const surveys = new Map<string, StoredSurvey>()
    for (const { id, version } of batch.surveys) {
      const row = oneSurvey.get(site, id, version)
      if (row) surveys.set(surveyKey(id, version), readSurvey(row))
    }
    const names = surveys.size < batch.surveys.length ? surveyNames.all(site) : []
    return {
      ids: new Set(batch.ids.filter((id) => hasEvent.get(site, idToBytes(id)))),
      counts: new Map(
        batch.responses.map((id) => [id, Number(countEvents.get(site, idToBytes(id))?.count ?? 0)]),
      ),
      surveys,
      names: names as unknown as Known['names'],
    }
  }

  const storeEvent = (site: number, stored: StoredEvent): boolean => {
    const { event, at, receivedAt, occurredAt } = stored
    const about = isSurveyEvent(event) ? event : null
    const { changes } = insertEvent.run(
      site,
      idToBytes(event.id),
      about && idToBytes(about.response),
      event.type,
      about && about.survey,
      about && about.surveyVersion,
      at,
      receivedAt,
      occurredAt,
      JSON.stringify(event),
    )
    return changes === 1
  }

  const storeResponse = (
    site: number,
    id: Uint8Array,
    response: StoredResponse,
    events: readonly StoredEvent<SurveyEvent>[],
  ): void => {
    const answers = Object.entries(response.answers)
    const { survey, version, status } = response
    const closed = response.dismissedAt !== null && response.completedAt === null ? 1 : 0
    const firstAt = parseMoment(response.firstAt) ?? 0
    const body = JSON.stringify(response)
    const ignored = ignoredBy(response, events)
    putResponse.run(site, id, survey, version, status, answers.length, closed, firstAt, ignored, body)
    dropAnswers.run(site, id)
    // The prefix keeps a person apart from a visitor who has the same text as id.
    const who = response.person === null ? `v:${response.visitor}` : `p:${response.person}`
    for (const [question, { value, at }] of answers) {
      const score = typeof value === 'number' ? value : null
      putAnswer.run(site, id, question, survey, version, who, score, parseMoment(at) ?? 0)
    }
  }

  const storeSurvey: SqliteAppend['storeSurvey'] = (site, survey, source, at) => {
    putSurvey.run(site, survey.id, survey.version, source, JSON.stringify(survey), at)
  }

  return {
    storeSurvey,
    append(site, batch, judge, at) {
      const verdict = judge(lookUp(site, batch))
      const inserted = new Set<string>()
      const touched = new Set<string>()
      for (const survey of verdict.surveys) storeSurvey(site, survey, 'inline', at)
      for (const { stored } of verdict.accepted) {
        if (!storeEvent(site, stored)) continue
        inserted.add(stored.event.id)
        if (isSurveyEvent(stored.event)) touched.add(stored.event.response)
      }
      for (const response of touched) {
        const id = idToBytes(response)
        const events = eventsOf.all(site, id).map((row) => readEvent<SurveyEvent>(row))
        const projected = project(events)
        if (projected) storeResponse(site, id, projected, events)
      }
      count.run(site, 'accepted', inserted.size)
      count.run(site, 'duplicates', verdict.duplicates.length + verdict.accepted.length - inserted.size)
      count.run(site, 'rejected', verdict.rejected.length)
      return { verdict, inserted }
    },
  }
}

/** A row of `events` as the core knows it. */
export function readEvent<Event extends FeedbackEvent>(row: Record<string, unknown>): StoredEvent<Event> {
  return {
    event: JSON.parse(String(row.body)) as Event,
    at: Number(row.at),
    receivedAt: Number(row.received_at),
    occurredAt: Number(row.occurred_at),
  }
}

/** A row of `surveys` as the core knows it. */
export function readSurvey(row: Record<string, unknown>): StoredSurvey {
  return { survey: JSON.parse(String(row.body)) as Survey, source: row.source as SurveySource }
}

/** Keeps the responses in SQLite what the fold of their events is. */
import type { DatabaseSync } from 'node:sqlite'
import type { FeedbackEvent, SurveyEvent } from '@earshot/contract'
import {
  ignoredBy,
  isPutOff,
  project,
  type KeptResponse,
  type StoredEvent,
  type StoredResponse,
} from '../core/project.ts'
import { parseMoment, type Millis } from '../core/time.ts'
import type { SqlitePlaces } from './sqlitePlaces.ts'

/** Makes the response of an id anew from its events, inside a transaction which the caller opened. */
export type Refold = (site: number, id: Uint8Array, at: Millis) => void

/** The events of one response, in the order of arrival. */
export const selectEvents =
  'SELECT at, received_at, occurred_at, body FROM events WHERE site = ? AND response = ? ORDER BY row'

/**
 * Prepares the statements once.
 *
 * @param follow says what becomes of the place of a response
 */
export function createRefold(database: DatabaseSync, follow: SqlitePlaces['follow']): Refold {
  const eventsOf = database.prepare(selectEvents)
  const putResponse = database.prepare(
    `INSERT INTO responses
       (site, id, survey, version, status, answers, closed, first_at, ignored, variant, follow_up, over_quota, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, id) DO UPDATE SET survey = excluded.survey, version = excluded.version,
       status = excluded.status, answers = excluded.answers, closed = excluded.closed,
       first_at = excluded.first_at, ignored = excluded.ignored, variant = excluded.variant,
       follow_up = excluded.follow_up, over_quota = excluded.over_quota, body = excluded.body`,
  )
  const dropResponse = database.prepare('DELETE FROM responses WHERE site = ? AND id = ?')
  const dropAnswers = database.prepare('DELETE FROM answers WHERE site = ? AND response = ?')
  const putAnswer = database.prepare(
    `INSERT INTO answers (site, response, question, survey, version, who, score, at, variant)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )

  const store = (
    site: number,
    id: Uint8Array,
    response: StoredResponse,
    events: readonly StoredEvent<SurveyEvent>[],
    at: Millis,
  ): void => {
    const answers = Object.entries(response.answers)
    const { survey, version, status, variant } = response
    const closed = response.dismissedAt !== null && response.completedAt === null ? 1 : 0
    const isOver = closed === 1 || isPutOff(response, events)
    const isOverQuota = follow(site, id, { survey, status, isOver }, at)
    putResponse.run(
      site,
      id,
      survey,
      version,
      status,
      answers.length,
      closed,
      parseMoment(response.firstAt) ?? 0,
      ignoredBy(response, events),
      variant,
      response.followUp,
      isOverQuota ? 1 : 0,
      JSON.stringify(response),
    )
    // Reports count the rows of answers, and what is beyond the quota is not to be counted.
    if (isOverQuota) return
    // The prefix keeps a person apart from a visitor who has the same text as id.
    const who = response.person === null ? `v:${response.visitor}` : `p:${response.person}`
    for (const [question, { value, at: answeredAt }] of answers) {
      // A number field may hold what is on no scale, and what no whole number of SQLite can hold.
      const score = Number.isSafeInteger(value) ? (value as number) : null
      putAnswer.run(site, id, question, survey, version, who, score, parseMoment(answeredAt) ?? 0, variant)
    }
  }

  return (site, id, at) => {
    const events = eventsOf.all(site, id).map((row) => readEvent<SurveyEvent>(row))
    const response = project(events)
    dropAnswers.run(site, id)
    if (response) store(site, id, response, events, at)
    else dropResponse.run(site, id)
  }
}

/** A row of `responses` as readers get it; `body` and `over_quota`. */
export function readResponse(row: Record<string, unknown>): KeptResponse {
  return { ...(JSON.parse(String(row.body)) as StoredResponse), overQuota: row.over_quota === 1 }
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

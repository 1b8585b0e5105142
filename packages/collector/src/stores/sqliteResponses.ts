/** Keeps the responses in SQLite what the fold of their events is. */
import type { DatabaseSync } from 'node:sqlite'
import type { FeedbackEvent, SurveyEvent } from '@earshot/contract'
import { ignoredBy, project, type StoredEvent, type StoredResponse } from '../core/project.ts'
import { parseMoment } from '../core/time.ts'

/** Makes the response of an id anew from its events, inside a transaction which the caller opened. */
export type Refold = (site: number, id: Uint8Array) => void

/** The events of one response, in the order of arrival. */
export const selectEvents =
  'SELECT at, received_at, occurred_at, body FROM events WHERE site = ? AND response = ? ORDER BY row'

/** Prepares the statements once. */
export function createRefold(database: DatabaseSync): Refold {
  const eventsOf = database.prepare(selectEvents)
  const putResponse = database.prepare(
    `INSERT INTO responses
       (site, id, survey, version, status, answers, closed, first_at, ignored, variant, follow_up, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, id) DO UPDATE SET survey = excluded.survey, version = excluded.version,
       status = excluded.status, answers = excluded.answers, closed = excluded.closed,
       first_at = excluded.first_at, ignored = excluded.ignored, variant = excluded.variant,
       follow_up = excluded.follow_up, body = excluded.body`,
  )
  const dropResponse = database.prepare('DELETE FROM responses WHERE site = ? AND id = ?')
  const dropAnswers = database.prepare('DELETE FROM answers WHERE site = ? AND response = ?')
  const putAnswer = database.prepare(
    `INSERT INTO answers (site, response, question, survey, version, who, score, at, variant)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const dropPlace = database.prepare('DELETE FROM places WHERE site = ? AND survey = ? AND response = ?')

  const store = (
    site: number,
    id: Uint8Array,
    response: StoredResponse,
    events: readonly StoredEvent<SurveyEvent>[],
  ): void => {
    const answers = Object.entries(response.answers)
    const { survey, version, status, variant } = response
    const closed = response.dismissedAt !== null && response.completedAt === null ? 1 : 0
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
      JSON.stringify(response),
    )
    // The prefix keeps a person apart from a visitor who has the same text as id.
    const who = response.person === null ? `v:${response.visitor}` : `p:${response.person}`
    for (const [question, { value, at }] of answers) {
      // A number field may hold what is on no scale, and what no whole number of SQLite can hold.
      const score = Number.isSafeInteger(value) ? (value as number) : null
      putAnswer.run(site, id, question, survey, version, who, score, parseMoment(at) ?? 0, variant)
    }
    // Completed, the response itself takes the place; closed, it gives the place back.
    if (status === 'completed' || closed === 1) dropPlace.run(site, survey, id)
  }

  return (site, id) => {
    const events = eventsOf.all(site, id).map((row) => readEvent<SurveyEvent>(row))
    const response = project(events)
    dropAnswers.run(site, id)
    if (response) store(site, id, response, events)
    else dropResponse.run(site, id)
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

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
import type { CountedAnswer, CountedResponse, SqliteDays } from './sqliteDays.ts'
import type { SqlitePlaces } from './sqlitePlaces.ts'
import type { SqliteSuspects } from './sqliteSuspects.ts'

/**
 * Makes the response of an id anew from its events, inside a transaction which the caller opened.
 *
 * @param all its events, where they are known to be all there are; else they are read
 */
export type Refold = (
  site: number,
  id: Uint8Array,
  at: Millis,
  all?: readonly StoredEvent<SurveyEvent>[],
) => void

/** The events of one response, in the order of arrival. */
export const selectEvents =
  'SELECT at, received_at, occurred_at, body FROM events WHERE site = ? AND response = ? ORDER BY row'

/**
 * Prepares the statements once.
 *
 * @param follow says what becomes of the place of a response
 * @param suspects told of each fold
 * @param days counts what is stored, and what no longer is
 */
export function createRefold(
  database: DatabaseSync,
  follow: SqlitePlaces['follow'],
  days: SqliteDays,
  suspects: SqliteSuspects,
): Refold {
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
  const countedResponse = database.prepare(
    'SELECT survey, variant, first_at, answers, status, closed, over_quota, ignored FROM responses WHERE site = ? AND id = ?',
  )
  const countedAnswers = database.prepare(
    `SELECT survey, question, version, variant, at, score FROM answers
     WHERE site = ? AND response = ? AND score IS NOT NULL`,
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
    const firstAt = parseMoment(response.firstAt) ?? 0
    const ignored = ignoredBy(response, events)
    const overQuota = isOverQuota ? 1 : 0
    putResponse.run(
      site,
      id,
      survey,
      version,
      status,
      answers.length,
      closed,
      firstAt,
      ignored,
      variant,
      response.followUp,
      overQuota,
      JSON.stringify(response),
    )
    const counted = { site, survey, variant, firstAt, status, closed, overQuota, ignored }
    days.response(1, { ...counted, answers: answers.length })
    // Reports count the rows of answers, and what is beyond the quota is not to be counted.
    if (isOverQuota) return
    // The prefix keeps a person apart from a visitor who has the same text as id.
    const who = response.person === null ? `v:${response.visitor}` : `p:${response.person}`
    for (const [question, { value, at: answeredAt }] of answers) {
      // A number field may hold what is on no scale, and what no whole number of SQLite can hold.
      const score = Number.isSafeInteger(value) ? (value as number) : null
      const answered = parseMoment(answeredAt) ?? 0
      putAnswer.run(site, id, question, survey, version, who, score, answered, variant)
      if (score !== null) days.answer(1, { site, survey, question, version, variant, at: answered, score })
    }
  }

  const uncount = (site: number, id: Uint8Array): void => {
    const row = countedResponse.get(site, id)
    if (!row) return
    const { first_at: firstAt, over_quota: overQuota, ...counted } = row
    days.response(-1, { ...counted, site, firstAt, overQuota } as unknown as CountedResponse)
    for (const answer of countedAnswers.all(site, id))
      days.answer(-1, { ...answer, site } as unknown as CountedAnswer)
  }

  return (site, id, at, all) => {
    const events = all ?? eventsOf.all(site, id).map((row) => readEvent<SurveyEvent>(row))
    const response = project(events)
    // Of a response whose events are all new nothing is stored.
    if (!all) {
      uncount(site, id)
      dropAnswers.run(site, id)
    }
    if (response) store(site, id, response, events, at)
    else if (!all) dropResponse.run(site, id)
    suspects.follow(site, id, response, events, all !== undefined)
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

/** Keeps the responses in SQLite what the fold of their events is. */
import type { DatabaseSync } from 'node:sqlite'
import type { SurveyEvent } from '@earshot/contract'
import { ignoredBy, isPutOff, project, type StoredEvent, type StoredResponse } from '../core/project.ts'
import { parseMoment, type Millis } from '../core/time.ts'
import { nextRow } from './sqliteColumns.ts'
import type { SqliteDays } from './sqliteDays.ts'
import type { SqliteFindings } from './sqliteFindings.ts'
import { visitorToKey } from './sqliteId.ts'
import type { SqlitePlaces } from './sqlitePlaces.ts'
import { eventColumns, packResponse, readEvent, readStored, statusNumbers, statusOf } from './sqliteRows.ts'
import { scoresOf } from './sqliteScores.ts'
import type { SqliteSuspects } from './sqliteSuspects.ts'

/**
 * Makes the response of an id anew from its events, inside a transaction which the caller opened.
 *
 * @param all its events, where they are known to be all there are; else they are read
 * @param isOverQuota whether it is completed beyond the quota, where that was decided before
 */
export type Refold = (
  site: number,
  id: Uint8Array,
  at: Millis,
  all?: readonly StoredEvent<SurveyEvent>[],
  isOverQuota?: boolean,
) => void

/** The events of one response, in the order of arrival. */
export const selectEvents: string = `SELECT ${eventColumns} FROM events WHERE site = ? AND response = ? ORDER BY row`

/**
 * Prepares the statements once.
 *
 * @param follow says what becomes of the place of a response
 * @param suspects told of each fold
 * @param findings told of each response that was stored
 * @param days counts what is stored, and what no longer is
 */
export function createRefold(
  database: DatabaseSync,
  follow: SqlitePlaces['follow'],
  days: SqliteDays,
  suspects: SqliteSuspects,
  findings: Pick<SqliteFindings, 'folded'>,
): Refold {
  const eventsOf = database.prepare(selectEvents)
  const putResponse = database.prepare(
    `INSERT INTO responses (row, site, id, survey, version, status, answers, closed, first_at, ignored, variant, over_quota,
       follow_up, visitor, person, body)
     VALUES (${nextRow}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, id) DO UPDATE SET survey = excluded.survey, version = excluded.version,
       status = excluded.status, answers = excluded.answers, closed = excluded.closed,
       first_at = excluded.first_at, ignored = excluded.ignored, variant = excluded.variant,
       over_quota = excluded.over_quota, follow_up = excluded.follow_up, visitor = excluded.visitor,
       person = excluded.person, body = excluded.body`,
  )
  const oneResponse = database.prepare(
    'SELECT id, survey, version, variant, first_at, answers, status, closed, over_quota, ignored, body FROM responses WHERE site = ? AND id = ?',
  )
  const dropResponse = database.prepare('DELETE FROM responses WHERE site = ? AND id = ?')
  const dropAnswer = database.prepare(
    'DELETE FROM answers WHERE site = ? AND survey = ? AND question = ? AND at = ? AND response = ?',
  )
  const putAnswer = database.prepare(
    `INSERT INTO answers (site, survey, question, at, response, version, score, who, variant)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )

  const store = (
    site: number,
    id: Uint8Array,
    response: StoredResponse,
    events: readonly StoredEvent<SurveyEvent>[],
    at: Millis,
    decided?: boolean,
  ): void => {
    const { survey, version, status, variant, followUp } = response
    const closed = response.dismissedAt !== null && response.completedAt === null ? 1 : 0
    const isOver = closed === 1 || isPutOff(response, events)
    const isOverQuota = decided ?? follow(site, id, { survey, status, isOver }, at)
    const firstAt = parseMoment(response.firstAt) ?? 0
    const ignored = ignoredBy(response, events)
    const overQuota = isOverQuota ? 1 : 0
    const answers = Object.keys(response.answers).length
    const visitor = visitorToKey(response.visitor)
    putResponse.run(
      site,
      id,
      survey,
      version,
      statusNumbers[status],
      answers,
      closed,
      firstAt,
      ignored,
      variant,
      overQuota,
      followUp,
      followUp === null ? null : visitor,
      followUp === null ? null : response.person,
      packResponse(response),
    )
    days.response(1, { site, survey, variant, firstAt, status, closed, overQuota, ignored, answers })
    // Reports count the rows of answers, and what is beyond the quota is not to be counted.
    if (isOverQuota) return
    // The letter keeps a person apart from a visitor who has the same text as id.
    const who =
      response.person !== null
        ? `p:${response.person}`
        : visitor instanceof Uint8Array
          ? visitor
          : `v:${visitor}`
    for (const { question, score, at: answered } of scoresOf(response)) {
      putAnswer.run(site, survey, question, answered, id, version, score, who, variant)
      days.answer(1, { site, survey, question, version, variant, at: answered, score })
    }
  }

  /** Takes back what is counted of a response, and its rows of answers. */
  const uncount = (site: number, id: Uint8Array): void => {
    const row = oneResponse.get(site, id)
    if (!row) return
    const survey = String(row.survey)
    const version = Number(row.version)
    const variant = row.variant === null ? null : String(row.variant)
    const firstAt = Number(row.first_at)
    const overQuota = Number(row.over_quota)
    const answers = Number(row.answers)
    const counted = { site, survey, variant, firstAt, answers, closed: Number(row.closed), overQuota }
    days.response(-1, { ...counted, status: statusOf(row.status), ignored: Number(row.ignored) })
    if (overQuota === 1) return
    for (const { question, score, at } of scoresOf(readStored(row))) {
      dropAnswer.run(site, survey, question, at, id)
      days.answer(-1, { site, survey, question, version, variant, at, score })
    }
  }

  return (site, id, at, all, isOverQuota) => {
    const events = all ?? eventsOf.all(site, id).map((row) => readEvent<SurveyEvent>(row))
    const response = project(events)
    // Of a response whose events are all new nothing is stored.
    if (!all) uncount(site, id)
    if (response) {
      store(site, id, response, events, at, isOverQuota)
      findings.folded(site, id, response, all !== undefined)
    } else if (!all) dropResponse.run(site, id)
    suspects.follow(site, id, response, events, all !== undefined)
  }
}

/** Counts what reports stand on in SQLite: by whole days from the counts that are kept, for other times from an index. */
import type { DatabaseSync } from 'node:sqlite'
import type { CountStore, ResponseCounts, ScoreCount } from '../ports/countStore.ts'
import type { ResponseFilter } from '../ports/responseStore.ts'
import { bounds, earliest, latest } from './bounds.ts'
import { explained } from './sqliteError.ts'
import { day } from '../core/time.ts'

const counted = `site = ? AND survey = ? AND question = ? AND at >= ? AND at < ?
  AND version IN (SELECT value FROM json_each(?)) AND (? IS NULL OR variant = ?)`
/** Counts answers by score, for each basis of a report. */
export const scoreStatements: Readonly<Record<'all' | 'latest', string>> = {
  all: `SELECT score, count(*) AS count FROM answers WHERE ${counted} GROUP BY score ORDER BY score`,
  // Ties in time go by response id, so that the same rows always give the same report.
  latest: `SELECT score, count(*) AS count FROM (
      SELECT score, row_number() OVER (PARTITION BY who ORDER BY at DESC, response DESC) AS place
      FROM answers WHERE ${counted}
    ) WHERE place = 1 GROUP BY score ORDER BY score`,
}

/** Counts what was completed beyond the quota. */
export const overQuotaStatement = `SELECT count(*) AS count FROM responses
  WHERE site = ? AND survey = ? AND first_at >= ? AND first_at < ? AND (? IS NULL OR variant = ?) AND over_quota = 1`

const ofDays = 'site = ? AND survey = ? AND day >= ? AND day < ? AND (? IS NULL OR variant = ?)'
/** The same from the counts by day, for all answers in a period of whole days. */
export const dayStatements: Readonly<Record<'scores' | 'responses' | 'overQuota' | 'ignored', string>> = {
  scores: `SELECT score, sum(count) AS count FROM score_days
    WHERE site = ? AND survey = ? AND question = ? AND day >= ? AND day < ?
      AND version IN (SELECT value FROM json_each(?)) AND (? IS NULL OR variant = ?) GROUP BY score ORDER BY score`,
  responses: `SELECT coalesce(sum(shown), 0) AS shown, coalesce(sum(answered), 0) AS answered,
      coalesce(sum(completed), 0) AS completed, coalesce(sum(dismissed), 0) AS dismissed
    FROM response_days WHERE ${ofDays}`,
  overQuota: `SELECT coalesce(sum(over_quota), 0) AS count FROM response_days WHERE ${ofDays}`,
  ignored: `SELECT coalesce(sum(ignored), 0) AS ignored FROM response_days WHERE ${ofDays}`,
}

type Period = Pick<ResponseFilter, 'from' | 'to'>

/** A filter that is bound twice; null limits nothing. */
export function twice(variant: string | undefined): [string | null, string | null] {
  return [variant ?? null, variant ?? null]
}

/** The same in days since 1970, or null when it begins or ends within one. */
function daysOf({ from, to }: Period): [number, number] | null {
  if ((from ?? 0) % day !== 0 || (to ?? 0) % day !== 0) return null
  return [from === undefined ? earliest : from / day, to === undefined ? latest : to / day]
}

/** Prepares the statements once. */
export function createSqliteReports(
  database: DatabaseSync,
): Pick<CountStore, 'scores' | 'responseCounts' | 'overQuota' | 'ignored'> {
  const allScores = database.prepare(scoreStatements.all)
  const latestScores = database.prepare(scoreStatements.latest)
  const countResponses = database.prepare(
    `SELECT count(*) AS shown,
       count(*) FILTER (WHERE answers > 0) AS answered,
       count(*) FILTER (WHERE status = 2 AND answers > 0) AS completed,
       count(*) FILTER (WHERE closed = 1) AS dismissed
     FROM responses WHERE site = ? AND survey = ? AND first_at >= ? AND first_at < ? AND (? IS NULL OR variant = ?)
       AND over_quota = 0`,
  )
  const countOverQuota = database.prepare(overQuotaStatement)
  const sumIgnored = database.prepare(
    `SELECT coalesce(sum(ignored), 0) AS ignored FROM responses
     WHERE site = ? AND survey = ? AND first_at >= ? AND first_at < ? AND ignored > 0`,
  )
  const dayScores = database.prepare(dayStatements.scores)
  const dayResponses = database.prepare(dayStatements.responses)
  const dayOverQuota = database.prepare(dayStatements.overQuota)
  const dayIgnored = database.prepare(dayStatements.ignored)

  return {
    scores: (site, query) =>
      explained(() => {
        const { survey, question, basis, variant } = query
        const days = basis === 'all' ? daysOf(query) : null
        const versions = JSON.stringify(query.versions)
        const statement = days ? dayScores : basis === 'latest' ? latestScores : allScores
        const wanted = [survey, question, ...(days ?? bounds(query)), versions, ...twice(variant)]
        const rows = statement.all(site, ...wanted)
        return rows.map((row): ScoreCount => ({ score: Number(row.score), count: Number(row.count) }))
      }),
    responseCounts: (site, filter) =>
      explained(() => {
        const days = daysOf(filter)
        const statement = days ? dayResponses : countResponses
        const row = statement.get(site, filter.survey, ...(days ?? bounds(filter)), ...twice(filter.variant))
        return { ...row } as unknown as ResponseCounts
      }),
    overQuota: (site, filter) =>
      explained(() => {
        const days = daysOf(filter)
        const statement = days ? dayOverQuota : countOverQuota
        const row = statement.get(site, filter.survey, ...(days ?? bounds(filter)), ...twice(filter.variant))
        return Number(row?.count ?? 0)
      }),
    ignored: (site, filter) =>
      explained(() => {
        const days = daysOf(filter)
        const row = days
          ? dayIgnored.get(site, filter.survey, ...days, null, null)
          : sumIgnored.get(site, filter.survey, ...bounds(filter))
        return Number(row?.ignored ?? 0)
      }),
  }
}

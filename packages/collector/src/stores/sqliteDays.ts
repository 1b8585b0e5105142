/** Keeps the counts by day of the SQLite store, which reports over whole days are read from. */
import type { DatabaseSync } from 'node:sqlite'
import type { Millis } from '../core/time.ts'

/** An answer with a score, as it is counted. */
export interface CountedAnswer {
  site: number
  survey: string
  question: string
  version: number
  variant: string | null
  at: Millis
  score: number
}

/** A response, as it is counted. */
export interface CountedResponse {
  site: number
  survey: string
  variant: string | null
  firstAt: Millis
  answers: number
  status: string
  /** 0 or 1. */
  closed: number
  /** 0 or 1. */
  overQuota: number
  ignored: number
}

/** Changes are summed up and written once for each transaction, since many are about the same day and score. */
export interface SqliteDays {
  /** Counts an answer (1) or takes it back (-1). */
  answer(change: 1 | -1, answer: CountedAnswer): void
  /** Counts a response (1) or takes it back (-1). */
  response(change: 1 | -1, response: CountedResponse): void
  /** Writes the changes; inside the transaction of what was counted. */
  flush(): void
  /** Forgets changes that were not written. */
  forget(): void
}

/** Days since 1970 of a column in milliseconds, rounded down also before. */
const dayOf = (column: string): string =>
  `(${column} - ((${column} % 86400000) + 86400000) % 86400000) / 86400000`

/** What the tables of days hold, counted anew from all answers and responses. */
export const recounts: Readonly<Record<'score_days' | 'response_days', string>> = {
  score_days: `SELECT site, survey, question, ${dayOf('at')} AS day, version, coalesce(variant, '') AS variant, score,
      count(*) AS count FROM answers GROUP BY 1, 2, 3, 4, 5, 6, 7`,
  response_days: `SELECT site, survey, ${dayOf('first_at')} AS day, coalesce(variant, '') AS variant,
      sum(over_quota = 0) AS shown,
      sum(over_quota = 0 AND answers > 0) AS answered,
      sum(over_quota = 0 AND answers > 0 AND status = 2) AS completed,
      sum(over_quota = 0 AND closed = 1) AS dismissed,
      sum(over_quota) AS over_quota,
      sum(ignored) AS ignored
    FROM responses GROUP BY 1, 2, 3, 4`,
}

const day: Millis = 86_400_000

type Key = (string | number)[]

/** Changes of one row of `response_days`. */
interface DayCounts {
  key: Key
  shown: number
  answered: number
  completed: number
  dismissed: number
  overQuota: number
  ignored: number
}

/** Prepares the statements once. */
export function createSqliteDays(database: DatabaseSync): SqliteDays {
  const addScores = database.prepare(
    `INSERT INTO score_days VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, survey, question, day, version, variant, score) DO UPDATE SET count = count + excluded.count`,
  )
  const dropScores = database.prepare(
    `DELETE FROM score_days WHERE site = ? AND survey = ? AND question = ? AND day = ? AND version = ? AND variant = ?
       AND score = ? AND count = 0`,
  )
  const addResponses = database.prepare(
    `INSERT INTO response_days VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, survey, day, variant) DO UPDATE SET shown = shown + excluded.shown,
       answered = answered + excluded.answered, completed = completed + excluded.completed,
       dismissed = dismissed + excluded.dismissed, over_quota = over_quota + excluded.over_quota,
       ignored = ignored + excluded.ignored`,
  )
  const dropResponses = database.prepare(
    `DELETE FROM response_days WHERE site = ? AND survey = ? AND day = ? AND variant = ? AND shown = 0 AND over_quota = 0`,
  )
  const scores = new Map<string, { key: Key; count: number }>()
  const responses = new Map<string, DayCounts>()

  return {
    answer(change, { site, survey, question, version, variant, at, score }) {
      const date = Math.floor(at / day)
      // No part but the last may contain a line feed: the others are numbers and identifiers.
      const name = `${site}\n${survey}\n${question}\n${date}\n${version}\n${score}\n${variant ?? ''}`
      const entry = scores.get(name)
      if (entry) entry.count += change
      else
        scores.set(name, {
          key: [site, survey, question, date, version, variant ?? '', score],
          count: change,
        })
    },
    response(change, { site, survey, variant, firstAt, answers, status, closed, overQuota, ignored }) {
      const date = Math.floor(firstAt / day)
      const name = `${site}\n${survey}\n${date}\n${variant ?? ''}`
      const entry = responses.get(name) ?? {
        key: [site, survey, date, variant ?? ''],
        shown: 0,
        answered: 0,
        completed: 0,
        dismissed: 0,
        overQuota: 0,
        ignored: 0,
      }
      responses.set(name, entry)
      entry.ignored += change * ignored
      if (overQuota === 1) {
        entry.overQuota += change
        return
      }
      entry.shown += change
      if (answers > 0) entry.answered += change
      if (answers > 0 && status === 'completed') entry.completed += change
      entry.dismissed += change * closed
    },
    flush() {
      for (const { key, count } of scores.values()) {
        if (count === 0) continue
        addScores.run(...key, count)
        if (count < 0) dropScores.run(...key)
      }
      for (const { key, shown, answered, completed, dismissed, overQuota, ignored } of responses.values()) {
        const counts = [shown, answered, completed, dismissed, overQuota, ignored]
        if (counts.every((each) => each === 0)) continue
        addResponses.run(...key, ...counts)
        if (counts.some((each) => each < 0)) dropResponses.run(...key)
      }
      scores.clear()
      responses.clear()
    },
    forget() {
      scores.clear()
      responses.clear()
    },
  }
}

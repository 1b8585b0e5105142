/** Keeps the counts by day of the SQLite store, which reports over whole days are read from. */
import type { DatabaseSync } from 'node:sqlite'
import { createDayChanges, type DayChanges } from '../core/days.ts'

/** Changes are summed up and written once for each transaction, since many are about the same day and score. */
export interface SqliteDays extends Pick<DayChanges, 'answer' | 'response'> {
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
  const changes = createDayChanges()

  return {
    answer: changes.answer,
    response: changes.response,
    flush() {
      const { scores, responses } = changes.take()
      for (const { site, survey, question, day, version, variant, score, count } of scores) {
        const key = [site, survey, question, day, version, variant, score]
        addScores.run(...key, count)
        if (count < 0) dropScores.run(...key)
      }
      for (const each of responses) {
        const key = [each.site, each.survey, each.day, each.variant]
        const { shown, answered, completed, dismissed, overQuota, ignored } = each
        const counts = [shown, answered, completed, dismissed, overQuota, ignored]
        addResponses.run(...key, ...counts)
        if (counts.some((count) => count < 0)) dropResponses.run(...key)
      }
    },
    forget: () => void changes.take(),
  }
}

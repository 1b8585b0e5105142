/** Finds in SQLite work by what it belongs to. */
import type { JobFilter, JobState } from '../core/jobs.ts'
import { filterSql, listed, orderOf } from './jobRow.ts'

/** The step that brings by what it belongs to work is found. Of what is there already the body says it; see `aboutOf`. */
export const jobAbouts: string = `
  ALTER TABLE jobs ADD COLUMN about_response TEXT;
  ALTER TABLE jobs ADD COLUMN about_case TEXT;
  ALTER TABLE jobs ADD COLUMN about_rule TEXT;
  UPDATE jobs SET
    about_response = coalesce(json_extract(body, '$.response'), json_extract(body, '$.followUp.response')),
    about_case = CASE kind WHEN 'tell' THEN json_extract(body, '$.case')
      ELSE coalesce(json_extract(body, '$.case.id'), json_extract(body, '$.told.case')) END,
    about_rule = coalesce(json_extract(body, '$.rule'), json_extract(body, '$.followUp.rule'))
    WHERE kind NOT IN ('event', 'watch');
  CREATE INDEX jobs_by_response ON jobs (site, about_response, row) WHERE about_response IS NOT NULL;
  CREATE INDEX jobs_by_case ON jobs (site, about_case, row) WHERE about_case IS NOT NULL;
  CREATE INDEX jobs_by_rule ON jobs (site, about_rule, row) WHERE about_rule IS NOT NULL;
`

/** The statement that lists work; its parameters are the site, a row, a state, those of the filter, and the most rows. */
export function listSql(filter: JobFilter, state: JobState | null): { sql: string; values: string[] } {
  const among = {
    sql: (column: string) => `${column} IN (SELECT value FROM json_each(?))`,
    value: (values: readonly string[]) => JSON.stringify(values),
  }
  const conditions = filterSql(filter, among)
  return {
    sql: `SELECT * FROM jobs WHERE site = ? AND ${listed(state)} AND row < ?
       AND state = coalesce(?, state)${conditions.map((each) => ` AND ${each.sql}`).join('')} ORDER BY ${orderOf(filter)} DESC LIMIT ?`,
    values: conditions.map((each) => each.value),
  }
}

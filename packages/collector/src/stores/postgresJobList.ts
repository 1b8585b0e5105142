/** Finds in PostgreSQL work by what it belongs to. */
import type { JobFilter, JobKind, JobState } from '../core/jobs.ts'
import { aboutColumns, aboutRow, filterSql, listed, orderOf } from './jobRow.ts'
import type { Ask } from './postgresPool.ts'
import { keyText } from './postgresText.ts'

/** The step that brings by what it belongs to work is found. What is there already is added by `fillAbouts`. */
export const jobAbouts = `
  ALTER TABLE earshot.jobs ADD COLUMN about_response text COLLATE "C";
  ALTER TABLE earshot.jobs ADD COLUMN about_case text COLLATE "C";
  ALTER TABLE earshot.jobs ADD COLUMN about_rule text COLLATE "C";
  CREATE INDEX jobs_by_response ON earshot.jobs (site, about_response, row) WHERE about_response IS NOT NULL;
  CREATE INDEX jobs_by_case ON earshot.jobs (site, about_case, row) WHERE about_case IS NOT NULL;
  CREATE INDEX jobs_by_rule ON earshot.jobs (site, about_rule, row) WHERE about_rule IS NOT NULL;
`

/** Jobs per step of the filling. */
const step = 1000

/** Says of what was put down before there were the columns what it belongs to; inside the transaction that brings them. */
export async function fillAbouts(ask: Ask): Promise<void> {
  for (let after = 0; ;) {
    const rows = await ask(
      `SELECT row, kind, body FROM earshot.jobs WHERE row > $1 AND kind NOT IN ('event', 'watch') ORDER BY row LIMIT $2`,
      [after, step],
    )
    for (const { row, kind, body } of rows)
      await ask(`UPDATE earshot.jobs SET (${aboutColumns}) = ($2::text, $3::text, $4::text) WHERE row = $1`, [
        row,
        ...aboutRow({ kind: kind as JobKind, body: JSON.parse(String(body)) as unknown }, keyText),
      ])
    if (rows.length < step) break
    after = Number(rows.at(-1)?.row)
  }
}

/** The statement that lists work; its parameters are the site, a row, a state, the most rows, and those of the filter. */
export function listSql(
  filter: JobFilter,
  state: JobState | null,
): { sql: string; values: (string | readonly string[])[] } {
  const among = {
    sql: (column: string) => `${column} = ANY (?::text[])`,
    value: (values: readonly string[]) => values,
  }
  const conditions = filterSql(filter, among, keyText)
  const own = conditions.map((each, index) => ` AND ${each.sql.replace('?', `$${index + 5}`)}`)
  return {
    sql: `SELECT * FROM earshot.jobs WHERE site = $1 AND ${listed(state)} AND row < $2
       AND state = coalesce($3::text, state)${own.join('')} ORDER BY ${orderOf(filter)} DESC LIMIT $4`,
    values: conditions.map((each) => each.value),
  }
}

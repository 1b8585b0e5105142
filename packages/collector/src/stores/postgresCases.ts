/** Keeps cases and their histories in PostgreSQL. */
import type { Case, CaseDecision, CaseEntry, CaseStep } from '../core/cases.ts'
import type { NewJob } from '../core/jobs.ts'
import type { Millis } from '../core/time.ts'
import type { CaseStore } from '../ports/caseStore.ts'
import { caseColumns, caseRow } from './caseRow.ts'
import type { Ask, Postgres } from './postgresPool.ts'
import { keyText } from './postgresText.ts'

/** The step of the schema that brings the tables; see `caseTables` of the SQLite store. */
export const caseTables = `
  CREATE TABLE earshot.cases (
    row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site integer NOT NULL,
    id text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    role text COLLATE "C",
    owner text COLLATE "C",
    survey text COLLATE "C",
    response text COLLATE "C",
    visitor text COLLATE "C" NOT NULL,
    person text COLLATE "C",
    due_at bigint,
    opened_at bigint NOT NULL,
    closed_at bigint,
    changed_at bigint NOT NULL,
    body text NOT NULL,
    UNIQUE (site, id)
  );
  CREATE INDEX cases_by_row ON earshot.cases (site, row);
  CREATE INDEX cases_open ON earshot.cases (site, row) WHERE state <> 'closed';
  CREATE INDEX cases_by_visitor ON earshot.cases (site, visitor);
  CREATE INDEX cases_by_person ON earshot.cases (site, person) WHERE person IS NOT NULL;
  CREATE INDEX cases_by_response ON earshot.cases (site, response) WHERE response IS NOT NULL;

  CREATE TABLE earshot.case_entries (
    site integer NOT NULL,
    id text COLLATE "C" NOT NULL,
    number integer NOT NULL,
    visitor text COLLATE "C" NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (site, id, number)
  );
  CREATE INDEX case_entries_by_visitor ON earshot.case_entries (site, visitor);
`

/** Opens a case; inside a transaction. */
export async function openCase(ask: Ask, site: number, step: CaseStep): Promise<void> {
  const marks = caseColumns.map((_, index) => `$${index + 3}`)
  const made = await ask(
    `INSERT INTO earshot.cases (site, id, ${caseColumns.join(', ')}) VALUES ($1, $2, ${marks.join(', ')})
     ON CONFLICT (site, id) DO NOTHING RETURNING 1`,
    [site, keyText(step.case.id), ...caseRow(step.case, keyText)],
  )
  if (made.length > 0) await addEntry(ask, site, step)
}

async function addEntry(ask: Ask, site: number, { case: { id, visitor }, entry }: CaseStep): Promise<void> {
  await ask(
    'INSERT INTO earshot.case_entries (site, id, number, visitor, body) VALUES ($1, $2, $3, $4, $5)',
    [site, keyText(id), entry.number, keyText(visitor ?? ''), JSON.stringify(entry)],
  )
}

/** Deletes cases of which nothing was heard since a moment; inside a transaction. */
export async function dropOldCases(ask: Ask, site: number, before: Millis): Promise<void> {
  await ask(
    `DELETE FROM earshot.case_entries WHERE site = $1 AND id IN
       (SELECT id FROM earshot.cases WHERE site = $1 AND changed_at < $2)`,
    [site, before],
  )
  await ask('DELETE FROM earshot.cases WHERE site = $1 AND changed_at < $2', [site, before])
}

/**
 * The methods of the store.
 *
 * @param addJobs puts work down, inside the same transaction
 */
export function createPostgresCases(
  { read, transaction }: Postgres,
  addJobs: (ask: Ask, site: number, jobs: readonly NewJob[], at: Millis) => Promise<void>,
): CaseStore {
  return {
    async cases(site, filter, { before = Number.MAX_SAFE_INTEGER, limit }) {
      const { state, role, owner, survey, response, who, dueBefore, since, sight } = filter
      const values: unknown[] = [site, before, limit]
      const parts: string[] = ['site = $1', 'row < $2']
      const mark = (value: string | number): string => {
        values.push(typeof value === 'string' ? keyText(value) : value)
        return `$${values.length}`
      }
      if (state === 'open') parts.push(`state <> 'closed'`)
      else if (state !== undefined) parts.push(`state = ${mark(state)}`)
      if (role !== undefined) parts.push(`role = ${mark(role)}`)
      if (owner === null) parts.push('owner IS NULL')
      else if (owner !== undefined) parts.push(`owner = ${mark(owner)}`)
      if (survey !== undefined) parts.push(`survey = ${mark(survey)}`)
      if (response !== undefined) parts.push(`response = ${mark(response)}`)
      if (who !== undefined) parts.push(`(person = ${mark(who)} OR visitor = ${mark(who)})`)
      if (dueBefore !== undefined) parts.push(`state <> 'closed' AND due_at < ${mark(dueBefore)}`)
      if (since !== undefined)
        parts.push(`(state <> 'closed' OR opened_at >= ${mark(since)} OR closed_at >= ${mark(since)})`)
      if (sight) parts.push(`(role = ${mark(sight.role)} OR owner = ${mark(sight.owner)})`)
      const rows = await read(
        `SELECT row, body FROM earshot.cases WHERE ${parts.join(' AND ')} ORDER BY row DESC LIMIT $3`,
        values,
      )
      return rows.map((row) => ({ row: Number(row.row), ...readCase(row) }))
    },
    async case(site, id) {
      const [row] = await read('SELECT body FROM earshot.cases WHERE site = $1 AND id = $2', [
        site,
        keyText(id),
      ])
      return row ? readCase(row) : null
    },
    async caseEntries(site, id) {
      const rows = await read(
        'SELECT body FROM earshot.case_entries WHERE site = $1 AND id = $2 ORDER BY number',
        [site, keyText(id)],
      )
      return rows.map((row) => JSON.parse(String(row.body)) as CaseEntry)
    },
    changeCase: (site, id, decide, at) =>
      transaction({ site, mode: 'shared' }, async (ask): Promise<CaseDecision | null> => {
        const [row] = await ask('SELECT body FROM earshot.cases WHERE site = $1 AND id = $2 FOR UPDATE', [
          site,
          keyText(id),
        ])
        if (!row) return null
        const decision = decide(readCase(row))
        if (!decision.ok) return decision
        const set = caseColumns.map((each, index) => `${each} = $${index + 3}`)
        await ask(`UPDATE earshot.cases SET ${set.join(', ')} WHERE site = $1 AND id = $2`, [
          site,
          keyText(id),
          ...caseRow(decision.case, keyText),
        ])
        await addEntry(ask, site, decision)
        await addJobs(ask, site, decision.jobs ?? [], at)
        return decision
      }),
  }
}

const readCase = (row: Record<string, unknown>): Case => JSON.parse(String(row['body'])) as Case

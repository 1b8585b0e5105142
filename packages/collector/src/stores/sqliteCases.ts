/** Keeps cases and their histories in SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import type { Case, CaseEntry, CaseStep } from '../core/cases.ts'
import type { NewJob } from '../core/jobs.ts'
import type { Millis } from '../core/time.ts'
import type { CaseStore } from '../ports/caseStore.ts'
import { caseColumns, caseRow } from './caseRow.ts'
import type { CommitGroup } from './commitGroup.ts'
import { explained } from './sqliteError.ts'

/** The step of the schema that brings the tables. The columns are what is asked for; the body has all of the case. */
export const caseTables: string = `
  CREATE TABLE cases (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    role TEXT,
    owner TEXT,
    survey TEXT,
    response TEXT,
    visitor TEXT NOT NULL,
    person TEXT,
    due_at INTEGER,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    changed_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (site, id)
  ) STRICT;
  CREATE INDEX cases_by_row ON cases (site, row);
  CREATE INDEX cases_open ON cases (site, row) WHERE state <> 'closed';
  CREATE INDEX cases_by_visitor ON cases (site, visitor);
  CREATE INDEX cases_by_person ON cases (site, person) WHERE person IS NOT NULL;
  CREATE INDEX cases_by_response ON cases (site, response) WHERE response IS NOT NULL;

  -- Lines of the history, with what was noted.
  CREATE TABLE case_entries (
    site INTEGER NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    visitor TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (site, id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX case_entries_by_visitor ON case_entries (site, visitor);
`

/** Opens a case; inside a transaction which the caller opened. */
export type OpenCase = (site: number, step: CaseStep) => boolean

/** Writes cases; inside a transaction which the caller opened. */
export interface CaseWrites {
  open: OpenCase
  change(site: number, step: CaseStep): void
}

/** Prepares the statements once. */
export function createSqliteCaseWrites(database: DatabaseSync): CaseWrites {
  const columns = caseColumns.join(', ')
  const add = database.prepare(
    `INSERT INTO cases (site, id, ${columns}) VALUES (?, ?, ${caseColumns.map(() => '?').join(', ')})
     ON CONFLICT (site, id) DO NOTHING`,
  )
  const put = database.prepare(
    `UPDATE cases SET ${caseColumns.map((each) => `${each} = ?`).join(', ')} WHERE site = ? AND id = ?`,
  )
  const addEntry = database.prepare(
    'INSERT INTO case_entries (site, id, number, visitor, body) VALUES (?, ?, ?, ?, ?)',
  )
  const write = (site: number, { case: { id, visitor }, entry }: CaseStep): void =>
    void addEntry.run(site, id, entry.number, visitor ?? '', JSON.stringify(entry))
  return {
    open(site, step) {
      const isNew = Number(add.run(site, step.case.id, ...caseRow(step.case)).changes) > 0
      if (isNew) write(site, step)
      return isNew
    },
    change(site, step) {
      put.run(...caseRow(step.case), site, step.case.id)
      write(site, step)
    },
  }
}

/** Deletes what there is of a visitor, or of cases of which nothing was heard since a moment; inside a transaction. */
export function createSqliteCaseDrops(database: DatabaseSync): {
  /** @returns how many rows there were */
  ofVisitor(site: number, visitor: string): number
  before(site: number, at: Millis): void
} {
  const entriesOf = database.prepare('DELETE FROM case_entries WHERE site = ? AND visitor = ?')
  const casesOf = database.prepare('DELETE FROM cases WHERE site = ? AND visitor = ?')
  const oldEntries = database.prepare(
    'DELETE FROM case_entries WHERE site = ?1 AND id IN (SELECT id FROM cases WHERE site = ?1 AND changed_at < ?2)',
  )
  const oldCases = database.prepare('DELETE FROM cases WHERE site = ? AND changed_at < ?')
  return {
    ofVisitor: (site, visitor) =>
      Number(entriesOf.run(site, visitor).changes) + Number(casesOf.run(site, visitor).changes),
    before(site, at) {
      oldEntries.run(site, at)
      oldCases.run(site, at)
    },
  }
}

const latest = Number.MAX_SAFE_INTEGER

/**
 * The methods of the store.
 *
 * @param putJobs puts work down, inside the same transaction
 */
export function createSqliteCases(
  database: DatabaseSync,
  group: CommitGroup,
  writes: CaseWrites,
  putJobs: (site: number, jobs: readonly NewJob[], at: Millis) => void,
): CaseStore {
  const one = database.prepare('SELECT body FROM cases WHERE site = ? AND id = ?')
  const entries = database.prepare('SELECT body FROM case_entries WHERE site = ? AND id = ? ORDER BY number')
  const read = (site: number, id: string): Case | null => {
    const row = one.get(site, id)
    return row ? (JSON.parse(String(row.body)) as Case) : null
  }
  return {
    cases: (site, filter, { before = latest, limit }) =>
      explained(() => {
        const { state, role, owner, survey, response, who, dueBefore, since, sight } = filter
        const parts: string[] = ['site = ?', 'row < ?']
        const values: (string | number)[] = [site, before]
        const want = (part: string, ...given: (string | number)[]): void => {
          parts.push(part)
          values.push(...given)
        }
        if (state === 'open') want(`state <> 'closed'`)
        else if (state !== undefined) want('state = ?', state)
        if (role !== undefined) want('role = ?', role)
        if (owner === null) want('owner IS NULL')
        else if (owner !== undefined) want('owner = ?', owner)
        if (survey !== undefined) want('survey = ?', survey)
        if (response !== undefined) want('response = ?', response)
        if (who !== undefined) want('(person = ? OR visitor = ?)', who, who)
        if (dueBefore !== undefined) want(`state <> 'closed' AND due_at < ?`, dueBefore)
        if (since !== undefined) want(`(state <> 'closed' OR opened_at >= ? OR closed_at >= ?)`, since, since)
        if (sight) want('(role = ? OR owner = ?)', sight.role, sight.owner)
        return database
          .prepare(`SELECT row, body FROM cases WHERE ${parts.join(' AND ')} ORDER BY row DESC LIMIT ?`)
          .all(...values, limit)
          .map((row) => ({ row: Number(row.row), ...(JSON.parse(String(row.body)) as Case) }))
      }),
    case: (site, id) => explained(() => read(site, id)),
    caseEntries: (site, id) =>
      explained(() => entries.all(site, id).map((row) => JSON.parse(String(row.body)) as CaseEntry)),
    changeCase: (site, id, decide, at) =>
      group.run(() => {
        const stored = read(site, id)
        if (!stored) return null
        const decision = decide(stored)
        if (decision.ok) {
          writes.change(site, decision)
          putJobs(site, decision.jobs ?? [], at)
        }
        return decision
      }),
  }
}

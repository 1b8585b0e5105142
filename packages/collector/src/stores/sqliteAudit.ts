/** Keeps in SQLite what admins did. */
import type { DatabaseSync } from 'node:sqlite'
import type { AuditEntry, AuditStore } from '../ports/auditStore.ts'
import type { CommitGroup } from './commitGroup.ts'
import { explained } from './sqliteError.ts'

/** The step of the schema that brings the table. The database itself refuses to change or delete an entry. */
export const auditTables = `
  CREATE TABLE audit (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    site INTEGER,
    action TEXT NOT NULL,
    about TEXT,
    status INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_site ON audit (site, row);
  CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
  BEGIN
    SELECT raise(ABORT, 'the log of what admins did is only added to');
  END;
  CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
  BEGIN
    SELECT raise(ABORT, 'the log of what admins did is only added to');
  END;
`

/** Prepares the statements once. */
export function createSqliteAudit(database: DatabaseSync, group: CommitGroup): AuditStore {
  const add = database.prepare(
    'INSERT INTO audit (at, who, site, action, about, status) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const ofAll = database.prepare('SELECT * FROM audit WHERE row < ? ORDER BY row DESC LIMIT ?')
  const ofSite = database.prepare('SELECT * FROM audit WHERE site = ? AND row < ? ORDER BY row DESC LIMIT ?')
  return {
    record: ({ at, who, site, action, about, status }) =>
      group.run(() => void add.run(at, who, site, action, about, status)),
    recorded: (site, { before = Number.MAX_SAFE_INTEGER, limit }) =>
      explained(() => {
        const rows = site === null ? ofAll.all(before, limit) : ofSite.all(site, before, limit)
        return rows.map((row) => ({ ...row }) as unknown as AuditEntry & { row: number })
      }),
  }
}

/** Keeps in PostgreSQL what admins did. */
import type { AuditEntry, AuditStore } from '../ports/auditStore.ts'
import type { Ask } from './postgresPool.ts'

/** The step of the schema that brings the table; see `auditTables` of the SQLite store. */
export const auditTables = `
  CREATE TABLE earshot.audit (
    row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    who text COLLATE "C" NOT NULL,
    site integer,
    action text COLLATE "C" NOT NULL,
    about text,
    status integer NOT NULL
  );
  CREATE INDEX audit_by_site ON earshot.audit (site, row);
  CREATE FUNCTION earshot.only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'the log of what admins did is only added to';
  END $$;
  CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE ON earshot.audit
    FOR EACH ROW EXECUTE FUNCTION earshot.only_added_to();
`

/** Adds and reads entries. */
export function createPostgresAudit(read: Ask): AuditStore {
  return {
    async record({ at, who, site, action, about, status }) {
      await read(
        'INSERT INTO earshot.audit (at, who, site, action, about, status) VALUES ($1, $2, $3, $4, $5, $6)',
        [at, who, site, action, about, status],
      )
    },
    async recorded(site, { before = Number.MAX_SAFE_INTEGER, limit }) {
      const rows = await read(
        `SELECT row, at, who, site, action, about, status FROM earshot.audit
         WHERE ($1::int IS NULL OR site = $1) AND row < $2 ORDER BY row DESC LIMIT $3`,
        [site, before, limit],
      )
      return rows as unknown as (AuditEntry & { row: number })[]
    },
  }
}

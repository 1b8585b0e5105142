/** Keeps in SQLite what mail needs: addresses, who wants none, and the secrets of links. */
import type { DatabaseSync } from 'node:sqlite'
import { mailLane, type LinkSecret, type MailAddress, type Unsubscribed } from '../core/mail.ts'
import type { MailStore } from '../ports/mailStore.ts'
import type { CommitGroup } from './commitGroup.ts'
import { readJob } from './jobRow.ts'
import type { LogCleaner } from './sqliteErase.ts'
import { explained } from './sqliteError.ts'

/** The step of the schema that brings the tables. */
export const mailTables: string = `
  CREATE TABLE mail_secrets (
    site INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('link', 'names')),
    secret TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    until INTEGER,
    PRIMARY KEY (site, kind, secret)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX mail_secrets_now ON mail_secrets (site, kind) WHERE until IS NULL;

  CREATE TABLE addresses (
    site INTEGER NOT NULL,
    person TEXT NOT NULL,
    email TEXT NOT NULL,
    locale TEXT,
    who TEXT NOT NULL,
    mail TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (site, person)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX addresses_by_name ON addresses (site, who);

  -- Of who was erased the hidden names alone are left.
  CREATE TABLE unsubscribed (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL,
    who TEXT NOT NULL,
    mail TEXT,
    person TEXT,
    by TEXT NOT NULL CHECK (by IN ('link', 'admin')),
    at INTEGER NOT NULL,
    UNIQUE (site, who)
  ) STRICT;
  CREATE INDEX unsubscribed_by_mail ON unsubscribed (site, mail) WHERE mail IS NOT NULL;
  CREATE INDEX unsubscribed_by_person ON unsubscribed (site, person) WHERE person IS NOT NULL;

  CREATE INDEX mail_ended ON jobs (ended_at) WHERE kind = 'mail' AND ended_at IS NOT NULL;
`

/** The step that brings why somebody is on the list. */
export const unsubscribedReasons: string = `ALTER TABLE unsubscribed ADD COLUMN reason TEXT;`

const latest = Number.MAX_SAFE_INTEGER

/**
 * Prepares the statements once.
 *
 * @param cleaner has what was deleted taken out of the log too
 */
export function createSqliteMail(
  database: DatabaseSync,
  group: CommitGroup,
  cleaner: Pick<LogCleaner, 'clean'>,
): MailStore {
  const secrets = database.prepare(
    'SELECT kind, secret, until FROM mail_secrets WHERE site = ? ORDER BY until IS NOT NULL, until DESC',
  )
  const addSecret = database.prepare(
    'INSERT INTO mail_secrets (site, kind, secret, made_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const endSecret = database.prepare(
    `UPDATE mail_secrets SET until = ? WHERE site = ? AND kind = 'link' AND until IS NULL`,
  )
  const address = database.prepare('SELECT * FROM addresses WHERE site = ? AND person = ?')
  const putAddress = database.prepare(
    `INSERT INTO addresses (site, person, email, locale, who, mail, at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, person) DO UPDATE SET email = excluded.email, locale = excluded.locale, who = excluded.who,
       mail = excluded.mail, at = excluded.at`,
  )
  const dropAddress = database.prepare('DELETE FROM addresses WHERE site = ? AND person = ?')
  const named = database.prepare('SELECT person FROM addresses WHERE site = ? AND who = ? LIMIT 1')
  const isThere = database.prepare(
    `SELECT EXISTS (SELECT 1 FROM unsubscribed WHERE site = ?1 AND who = ?2)
       OR EXISTS (SELECT 1 FROM unsubscribed WHERE site = ?1 AND mail = ?3) AS found`,
  )
  const add = database.prepare(
    `INSERT INTO unsubscribed (site, who, mail, person, by, at, reason) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, who) DO UPDATE SET mail = coalesce(mail, excluded.mail)`,
  )
  const stop = database.prepare(
    `UPDATE jobs SET state = 'stopped', reason = 'unsubscribed', ended_at = ?, owner = NULL
     WHERE site = ? AND lane = ? AND kind = 'mail' AND state = 'waiting'`,
  )
  const remove = database.prepare('DELETE FROM unsubscribed WHERE site = ? AND who = ?')
  const listed = database.prepare(
    'SELECT * FROM unsubscribed WHERE site = ? AND row < ? ORDER BY row DESC LIMIT ?',
  )
  const found = database.prepare(
    `SELECT * FROM unsubscribed WHERE site = ? AND row < ? AND (instr(lower(person), lower(?)) > 0 OR mail = ?)
     ORDER BY row DESC LIMIT ?`,
  )
  const dropJobs = database.prepare(
    `DELETE FROM jobs WHERE site = ?1 AND kind = 'mail' AND lane IN
       (SELECT 'mail/' || who FROM addresses WHERE site = ?1 AND person = ?2)`,
  )
  const hide = database.prepare(
    'UPDATE unsubscribed SET person = NULL, reason = NULL WHERE site = ? AND person = ?',
  )
  const oneJob = database.prepare('SELECT * FROM jobs WHERE site = ? AND row = ?')
  const hold = database.prepare(
    `UPDATE jobs SET body = ?, until = ? WHERE row = ? AND owner = ? AND state = 'waiting'`,
  )

  return {
    mailSecrets: (site, fresh, at) =>
      group.run(() => {
        if (secrets.all(site).length === 0) {
          addSecret.run(site, 'link', fresh.link, at)
          addSecret.run(site, 'names', fresh.names, at)
        }
        const rows = secrets.all(site)
        const links = rows.flatMap(({ kind, secret, until }): LinkSecret[] =>
          kind === 'link' ? [{ secret: String(secret), until: until as number | null }] : [],
        )
        return { links, names: String(rows.find((each) => each.kind === 'names')?.secret) }
      }),
    rotateLinkSecret: (site, secret, { at, until }) =>
      group.run(() => {
        endSecret.run(until, site)
        addSecret.run(site, 'link', secret, at)
      }),
    mailAddress: (site, person) =>
      explained(() => {
        const row = address.get(site, person)
        return row ? readAddress(row) : null
      }),
    putMailAddress: (site, { person, email, locale, who, mail, at }) =>
      group.run(() => void putAddress.run(site, person, email, locale, who, mail, at)),
    async dropMailAddress(site, person) {
      const isDropped = await group.run(() => Number(dropAddress.run(site, person).changes) > 0)
      if (isDropped) cleaner.clean()
      return isDropped
    },
    personNamed: (site, who) => explained(() => (named.get(site, who)?.person as string | undefined) ?? null),
    isUnsubscribed: (site, who, mail) => explained(() => Number(isThere.get(site, who, mail)?.found) === 1),
    unsubscribe: (site, { who, mail, person, by, at, reason = null }) =>
      group.run(() => {
        add.run(site, who, mail, person, by, at, reason)
        stop.run(at, site, mailLane(who))
      }),
    resubscribe: (site, who) => group.run(() => Number(remove.run(site, who).changes) > 0),
    unsubscribed: (site, { before = latest, limit, find }) =>
      explained(() =>
        (find ? found.all(site, before, find.person, find.mail, limit) : listed.all(site, before, limit)).map(
          readUnsubscribed,
        ),
      ),
    async forgetMail(site, person) {
      const forgotten = await group.run(() =>
        [dropJobs, dropAddress, hide].reduce((sum, each) => sum + Number(each.run(site, person).changes), 0),
      )
      if (forgotten > 0) cleaner.clean()
    },
    job: (site, row) =>
      explained(() => {
        const only = oneJob.get(site, row)
        return only ? readJob(only, (key) => key) : null
      }),
    holdJob: (row, owner, body, until) =>
      group.run(() => Number(hold.run(JSON.stringify(body), until, row, owner).changes) > 0),
  }
}

/** A row of `addresses`, of any store. */
export function readAddress(row: Record<string, unknown>): MailAddress {
  const { person, email, locale, who, mail, at } = row as Record<string, string>
  return {
    person: String(person),
    email: String(email),
    locale: locale ?? null,
    who: String(who),
    mail: String(mail),
    at: Number(at),
  }
}

/** A row of `unsubscribed`, of any store. */
export function readUnsubscribed(found: Record<string, unknown>): Unsubscribed & { row: number } {
  const { row, who, mail, person, by, at, reason } = found as Record<string, string>
  return {
    row: Number(row),
    who: String(who),
    mail: mail ?? null,
    person: person ?? null,
    by: by as Unsubscribed['by'],
    at: Number(at),
    ...(typeof reason === 'string' && { reason }),
  }
}

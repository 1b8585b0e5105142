/** Keeps sites, keys and tokens in SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import { makeKeyring, recordName, startKeys, type Keyring } from '../core/keyring.ts'
import { sessionIdle, sessionSpan } from '../core/session.ts'
import type { AccessStore } from '../ports/accessStore.ts'
import { changeStartSite, readRecord, startSite, writeRecord } from './accessRecord.ts'
import type { CommitGroup } from './commitGroup.ts'
import { explained } from './sqliteError.ts'

/**
 * The step of the schema that brings the tables. Few and small things, which are read all at once: a row has a kind, a name
 * and a body. The first row counts the changes, so that nobody reads the others in vain.
 */
export const accessTables = `
  CREATE TABLE access (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, name)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO access VALUES ('change', '', '0');
  INSERT INTO access SELECT 'site', id, json_object('id', id, 'name', iif(id = 1, 'main', 'site ' || id),
    'createdAt', created_at) FROM sites;
  INSERT INTO access SELECT 'key', write_key, json_object('key', write_key, 'site', id, 'name', 'first',
    'origins', NULL, 'rate', NULL, 'main', json('true'), 'createdAt', created_at, 'revokedAt', NULL) FROM sites;
  INSERT INTO access SELECT 'token', 'tok_' || substr(lower(hex(token_hash)), 1, 12),
    json_object('id', 'tok_' || substr(lower(hex(token_hash)), 1, 12), 'site', NULL, 'name', 'first', 'role', 'admin',
      'hash', lower(hex(token_hash)), 'main', json('true'), 'createdAt', created_at, 'expiresAt', NULL,
      'revokedAt', NULL) FROM sites;

  -- Who is signed in, by the hash of the secret in the cookie.
  CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- When keys and tokens were used last.
  CREATE TABLE uses (name TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- Of a site only its number is left, which other tables refer to.
  CREATE TABLE bare_sites (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL) STRICT;
  INSERT INTO bare_sites SELECT id, created_at FROM sites;
  DROP TABLE sites;
  ALTER TABLE bare_sites RENAME TO sites;
`

/** Prepares the statements once. */
export function createSqliteAccess(database: DatabaseSync, group: CommitGroup): AccessStore {
  const countChanges = database.prepare("SELECT body FROM access WHERE kind = 'change'")
  const all = database.prepare("SELECT kind, body FROM access WHERE kind <> 'change' ORDER BY kind, name")
  const put = database.prepare(
    'INSERT INTO access VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body',
  )
  const putSite = database.prepare('INSERT INTO sites VALUES (?, ?) ON CONFLICT (id) DO NOTHING')
  const addChange = database.prepare("UPDATE access SET body = body + 1 WHERE kind = 'change'")
  const putUse = database.prepare(
    'INSERT INTO uses VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = max(at, excluded.at)',
  )
  const allUses = database.prepare('SELECT name, at FROM uses')
  const putSession = database.prepare(
    'INSERT INTO sessions VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET used_at = excluded.used_at',
  )
  const touch = database.prepare('UPDATE sessions SET used_at = max(used_at, ?) WHERE hash = ?')
  const oneSession = database.prepare('SELECT * FROM sessions WHERE hash = ?')
  const dropSession = database.prepare('DELETE FROM sessions WHERE hash = ?')
  const dropOver = database.prepare('DELETE FROM sessions WHERE created_at <= ? OR used_at <= ?')
  // Among the counters of the site. A day has five digits until the year 2243, so names go in the order of the days.
  const addDaily = database.prepare(
    `INSERT INTO counters VALUES (?, 'daily:' || ? || ':' || ?, ?)
     ON CONFLICT (site, name) DO UPDATE SET value = value + excluded.value RETURNING value`,
  )
  const dropDaily = database.prepare(
    "DELETE FROM counters WHERE site = ? AND name >= 'daily:' AND name < 'daily:' || ? || ':'",
  )
  const allDaily = database.prepare(
    `SELECT substr(name, length('daily:' || ?2 || ':') + 1) AS key, value FROM counters
     WHERE site = ?1 AND name >= 'daily:' || ?2 || ':' AND name < 'daily:' || ?2 || ';'`,
  )
  let known: { count: unknown; ring: Keyring } | undefined

  const read = (): Keyring =>
    makeKeyring(all.all().map((row) => readRecord(String(row.kind), String(row.body))))
  // Not inside a transaction, which may be undone.
  const remember = (): Keyring => {
    const count = countChanges.get()?.body
    if (!known || known.count !== count) known = { count, ring: read() }
    return known.ring
  }
  const change: AccessStore['changeAccess'] = (decide) =>
    group.run(() => {
      const { result, put: records } = decide(read())
      for (const record of records) {
        if (record.kind === 'site') putSite.run(record.id, record.createdAt)
        put.run(record.kind, recordName(record), writeRecord(record))
      }
      if (records.length > 0) addChange.run()
      return result
    })

  return {
    site: () =>
      explained(() => {
        const keys = startKeys(remember())
        return keys && startSite(keys)
      }),
    saveSite: (decide, at) => change((ring) => changeStartSite(ring, decide, at)),
    keyring: () => explained(remember),
    changeAccess: change,
    markUsed: (uses) =>
      group.run(() => {
        for (const [name, at] of uses) putUse.run(name, at)
      }),
    saveSession: ({ hash, token, createdAt, usedAt }) =>
      group.run(() => {
        dropOver.run(usedAt - sessionSpan, usedAt - sessionIdle)
        putSession.run(hash, token, createdAt, usedAt)
      }),
    countDaily: (site, key, day, events) =>
      group.run(() => {
        dropDaily.run(site, String(day))
        return Number(addDaily.get(site, String(day), key, events)?.value)
      }),
    daily: (site, day) =>
      explained(
        () => new Map(allDaily.all(site, String(day)).map((row) => [String(row.key), Number(row.value)])),
      ),
    touchSession: (hash, usedAt) => group.run(() => void touch.run(usedAt, hash)),
    session: (hash) =>
      explained(() => {
        const row = oneSession.get(hash)
        const [createdAt, usedAt] = [Number(row?.created_at), Number(row?.used_at)]
        return row ? { hash, token: String(row.token), createdAt, usedAt } : null
      }),
    endSession: (hash) => group.run(() => void dropSession.run(hash)),
    uses: () => explained(() => new Map(allUses.all().map((row) => [String(row.name), Number(row.at)]))),
  }
}

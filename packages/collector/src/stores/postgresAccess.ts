/** Keeps sites, keys and tokens in PostgreSQL. */
import { makeKeyring, recordName, startKeys, type Keyring } from '../core/keyring.ts'
import { sessionIdle, sessionSpan } from '../core/session.ts'
import type { AccessStore } from '../ports/accessStore.ts'
import { changeStartSite, readRecord, startSite, writeRecord } from './accessRecord.ts'
import type { Ask, Postgres } from './postgresPool.ts'
import { createShared } from './postgresQueue.ts'

/** The step of the schema that brings the tables; see `accessTables` of the SQLite store. */
export const accessTables = `
  CREATE TABLE earshot.access (
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (kind, name)
  );
  INSERT INTO earshot.access SELECT 'site', id::text,
    json_build_object('id', id, 'name', CASE id WHEN 1 THEN 'main' ELSE 'site ' || id END, 'createdAt', created_at)
    FROM earshot.sites;
  INSERT INTO earshot.access SELECT 'key', write_key, json_build_object('key', write_key, 'site', id, 'name', 'first',
    'origins', NULL, 'rate', NULL, 'main', true, 'createdAt', created_at, 'revokedAt', NULL) FROM earshot.sites;
  INSERT INTO earshot.access SELECT 'token', 'tok_' || left(encode(token_hash, 'hex'), 12),
    json_build_object('id', 'tok_' || left(encode(token_hash, 'hex'), 12), 'site', NULL, 'name', 'first', 'role', 'admin',
      'hash', encode(token_hash, 'hex'), 'main', true, 'createdAt', created_at, 'expiresAt', NULL, 'revokedAt', NULL)
    FROM earshot.sites;
  INSERT INTO earshot.access VALUES ('change', '', '0');

  CREATE TABLE earshot.sessions (
    hash text COLLATE "C" PRIMARY KEY,
    token text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint NOT NULL
  );

  CREATE TABLE earshot.uses (name text COLLATE "C" PRIMARY KEY, at bigint NOT NULL);

  ALTER TABLE earshot.sites DROP COLUMN write_key, DROP COLUMN token_hash;
`

/** Reads and changes access; a change has all sites for itself. */
export function createPostgresAccess(postgres: Postgres): AccessStore {
  const { read } = postgres
  let known: { count: number; ring: Keyring } | undefined

  const readRing = async (ask: Ask): Promise<Keyring> => {
    const rows = await ask("SELECT kind, body FROM earshot.access WHERE kind <> 'change' ORDER BY kind, name")
    return makeKeyring(rows.map((row) => readRecord(String(row.kind), String(row.body))))
  }
  const remember = createShared(async () => {
    // What is read behind the count may be newer, and is then read once more; it is never older.
    const [row] = await read("SELECT body FROM earshot.access WHERE kind = 'change'")
    const count = Number(row?.body ?? 0)
    if (!known || known.count !== count) known = { count, ring: await readRing(read) }
    return known.ring
  })
  const change: AccessStore['changeAccess'] = (decide) =>
    postgres.transaction({ site: 0, mode: 'exclusive' }, async (ask) => {
      const { result, put } = decide(await readRing(ask))
      for (const record of put) {
        if (record.kind === 'site')
          await ask('INSERT INTO earshot.sites (id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
            record.id,
            record.createdAt,
          ])
        await ask(
          `INSERT INTO earshot.access VALUES ($1, $2, $3)
           ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body`,
          [record.kind, recordName(record), writeRecord(record)],
        )
      }
      if (put.length > 0)
        await ask(
          `INSERT INTO earshot.access VALUES ('change', '', '1')
           ON CONFLICT (kind, name) DO UPDATE SET body = (access.body::bigint + 1)::text`,
        )
      return result
    })

  return {
    async site() {
      const keys = startKeys(await remember())
      return keys && startSite(keys)
    },
    saveSite: (decide, at) => change((ring) => changeStartSite(ring, decide, at)),
    keyring: remember,
    changeAccess: change,
    async markUsed(uses) {
      await read(
        `INSERT INTO earshot.uses SELECT * FROM unnest($1::text[], $2::bigint[])
         ON CONFLICT (name) DO UPDATE SET at = greatest(uses.at, excluded.at)`,
        [[...uses.keys()], [...uses.values()]],
      )
    },
    async saveSession({ hash, token, createdAt, usedAt }) {
      await read('DELETE FROM earshot.sessions WHERE created_at <= $1 OR used_at <= $2', [
        usedAt - sessionSpan,
        usedAt - sessionIdle,
      ])
      await read(
        `INSERT INTO earshot.sessions VALUES ($1, $2, $3, $4)
         ON CONFLICT (hash) DO UPDATE SET used_at = excluded.used_at`,
        [hash, token, createdAt, usedAt],
      )
    },
    async countDaily(site, key, day, events) {
      await read(
        "DELETE FROM earshot.counters WHERE site = $1 AND name >= 'daily:' AND name < 'daily:' || $2 || ':'",
        [site, String(day)],
      )
      const [row] = await read(
        `INSERT INTO earshot.counters (site, name, slot, value) VALUES ($1, 'daily:' || $2 || ':' || $3, 0, $4)
         ON CONFLICT (site, name, slot) DO UPDATE SET value = counters.value + excluded.value RETURNING value`,
        [site, String(day), key, events],
      )
      return Number(row?.value)
    },
    async daily(site, day) {
      const prefix = `daily:${day}:`
      const rows = await read(
        'SELECT name, value FROM earshot.counters WHERE site = $1 AND name >= $2 AND name < $3',
        [site, prefix, `daily:${day};`],
      )
      return new Map(rows.map((row) => [String(row.name).slice(prefix.length), Number(row.value)]))
    },
    async touchSession(hash, usedAt) {
      await read('UPDATE earshot.sessions SET used_at = greatest(used_at, $2) WHERE hash = $1', [
        hash,
        usedAt,
      ])
    },
    async session(hash) {
      const [row] = await read('SELECT token, created_at, used_at FROM earshot.sessions WHERE hash = $1', [
        hash,
      ])
      if (!row) return null
      return {
        hash,
        token: String(row.token),
        createdAt: Number(row.created_at),
        usedAt: Number(row.used_at),
      }
    },
    async endSession(hash) {
      await read('DELETE FROM earshot.sessions WHERE hash = $1', [hash])
    },
    async uses() {
      const rows = await read('SELECT name, at FROM earshot.uses')
      return new Map(rows.map((row) => [String(row.name), Number(row.at)]))
    },
  }
}

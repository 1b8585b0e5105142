/** Brings into a restored database what must not get older by it: who is let in, and what admins did. */
import { DatabaseSync } from 'node:sqlite'
import type { Millis } from '../core/time.ts'

/**
 * Sites, keys, tokens and privacy are as they are in the database that is replaced, so that no token that was revoked since
 * opens anything again, and no page has a key that nobody knows. Nobody is signed in. The log of what admins did goes on where
 * that one ends, if it is the same log, and with the restore itself.
 *
 * @param from the database that is replaced; null when there is none. One that cannot be read is left out
 * @param to the restored one, with the tables of today
 */
export function carryOver(from: string | null, to: string, now: Millis): void {
  const { access, audit } = from === null ? nothing : read(from, lastOf(to))
  const database = new DatabaseSync(to)
  try {
    database.exec('BEGIN IMMEDIATE')
    const putSite = database.prepare('INSERT INTO sites VALUES (?, ?) ON CONFLICT (id) DO NOTHING')
    const put = database.prepare(
      'INSERT INTO access VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body',
    )
    for (const { kind, name, body } of access) {
      if (kind === 'site') putSite.run(Number(name), Number((JSON.parse(String(body)) as Site).createdAt))
      put.run(kind ?? '', name ?? '', body ?? '')
    }
    database.exec("DELETE FROM sessions; UPDATE access SET body = body + 1 WHERE kind = 'change'")
    const add = database.prepare(
      'INSERT INTO audit (at, who, site, action, about, status) VALUES (?, ?, ?, ?, ?, ?)',
    )
    for (const { at, who, site, action, about, status } of audit)
      add.run(at ?? 0, who ?? '', site ?? null, action ?? '', about ?? null, status ?? 0)
    add.run(now, 'cli', null, 'restore', null, 200)
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}

type Row = ReturnType<ReturnType<DatabaseSync['prepare']>['all']>[number]
interface Site {
  createdAt: number
}
interface Carried {
  access: Row[]
  audit: Row[]
}
const nothing: Carried = { access: [], audit: [] }

const newest = 'SELECT * FROM audit ORDER BY row DESC LIMIT 1'

/** The last entry of a log. */
function lastOf(path: string): Row | undefined {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return database.prepare(newest).get()
  } finally {
    database.close()
  }
}

function read(path: string, last: Row | undefined): Carried {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    const access = database.prepare("SELECT kind, name, body FROM access WHERE kind <> 'change'").all()
    const same = database.prepare('SELECT * FROM audit WHERE row = ?').get(last?.row ?? 0)
    const isSame = last === undefined || JSON.stringify(same) === JSON.stringify(last)
    const audit = database.prepare('SELECT * FROM audit WHERE row > ? ORDER BY row').all(last?.row ?? 0)
    return { access, audit: isSame ? audit : [] }
  } catch {
    // Damaged, or of a format that had neither; the restore says what could not be asked.
    return nothing
  } finally {
    database?.close()
  }
}

/** Opens a database file of any age, and brings it to the current tables. */
import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Log } from '../ports/world.ts'
import { offerFindings } from './sqliteFindings.ts'
import { offerFormat7 } from './sqliteFormat7.ts'
import { migrations, schemaVersion } from './sqliteMigrations.ts'

// WAL with FULL syncs once per commit. What is deleted is overwritten with zeros: erased must mean gone.
const settings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
`

// Each group touches the edges of a dozen trees: they stay in memory (32 MiB), and are brought from the log into the file
// only once for many groups (after 32 MiB). NORMAL leaves the sync of a commit to `createLogSync`, without which nothing is confirmed.
const settingsOfWriter = `
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -32768;
  PRAGMA wal_autocheckpoint = 8000;
`

/** A larger file is not checked at the start: reading it all would take minutes. */
const mostChecked = 1_000_000_000

/**
 * Opens a database and brings it to the current schema. Writes are synced to the disk before a commit returns.
 *
 * @param path of the file, or `:memory:`
 * @throws when the file is no Earshot database, is damaged, or was written by a newer program; it is left as it was
 * @example
 * const database = openDatabase('./earshot-data/earshot.sqlite')
 */
export function openDatabase(path: string, log?: Log): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    // SQLite would make the file as the umask says, and comments are personal data.
    if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
    database = new DatabaseSync(path)
    assertKnown(database, path)
    // Before the first write, so that the files which SQLite makes beside it are private too.
    if (path !== ':memory:') makePrivate(path)
    // A start may wait for another one that is making the tables.
    database.exec(`PRAGMA busy_timeout = 5000; ${settings}`)
    migrate(database)
    check(database, path, log)
    // Waiting blocks the whole process, so from here on the commit group waits, with timers.
    database.exec('PRAGMA busy_timeout = 100')
    return database
  } catch (error) {
    database?.close()
    if (error instanceof Error && /not a database|malformed/.test(error.message))
      throw new Error(
        `${path} is damaged or no SQLite database (${error.message}). Restore it from a backup, or start with another --data directory. Nothing was changed.`,
        { cause: error },
      )
    throw error
  }
}

/** Opens a database that a store has opened before, to write to it too. */
export function openWriter(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA busy_timeout = 100; ${settings} ${settingsOfWriter}`)
  return database
}

/** Opens a database that a store keeps open, to read from while that one writes. Nothing can be written through it. */
export function openReader(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true })
  database.exec('PRAGMA busy_timeout = 5000')
  return database
}

function makePrivate(path: string): void {
  for (const each of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(each)) chmodSync(each, 0o600)
}

function check(database: DatabaseSync, path: string, log: Log | undefined): void {
  const bytes = path === ':memory:' ? 0 : statSync(path).size
  if (bytes > mostChecked) {
    log?.info('the database is large, so it was not checked for damage', { bytes })
    return
  }
  const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check
  if (found !== 'ok') throw new Error(`malformed: ${String(found)}`)
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0)
}

function assertKnown(database: DatabaseSync, path: string): void {
  const version = versionOf(database)
  if (version > schemaVersion)
    throw new Error(
      `${path} was written by a newer Earshot (format ${version}; this program knows up to ${schemaVersion}). Start the newer program, or restore a backup that this one made. Nothing was changed.`,
    )
  if (version > 0) return
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.count
  if (tables !== 0)
    throw new Error(
      `${path} is a database of another program. Start with another --data directory. Nothing was changed.`,
    )
}

function migrate(database: DatabaseSync): void {
  if (versionOf(database) === schemaVersion) return
  offerFormat7(database)
  offerFindings(database)
  // A table that others refer to is made anew without a look at them (https://www.sqlite.org/lang_altertable.html#otheralter).
  database.exec('PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE')
  try {
    // Asked again under the lock: another process may have been here first.
    const from = versionOf(database)
    for (const step of migrations.slice(from)) database.exec(step)
    database.exec(`PRAGMA user_version = ${schemaVersion}`)
    if (database.prepare('PRAGMA foreign_key_check').get()) throw new Error('malformed: rows of no site')
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  } finally {
    database.exec('PRAGMA foreign_keys = ON')
  }
}

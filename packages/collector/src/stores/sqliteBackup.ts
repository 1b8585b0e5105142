/** Copies a SQLite database to a file while it is in use, and looks whether a file is a good copy. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './sqliteError.ts'
import { schemaVersion } from './sqliteMigrations.ts'

/** What is in a database. */
export interface Contents {
  /** Version of its tables. */
  format: number
  surveys: number
  events: number
  responses: number
  /** Visitors who are remembered as erased. */
  erased: number
  bytes: number
}

/**
 * Copies a database as it is at this moment, also while others write to it: `VACUUM INTO` reads one snapshot, which keeps no
 * writer waiting. The backup interface of SQLite would begin anew with every commit of another process, so under load it
 * would never end. The copy is checked and on the disk before it gets its name.
 *
 * @param force whether to replace a file that is there
 * @throws when there is nothing to copy, the copy is not good, or the file is there already; then nothing is left behind
 * @example
 * backupSqlite('./earshot-data/earshot.sqlite', './backups/monday.sqlite', false) // { format: 5, events: 812, … }
 */
export function backupSqlite(from: string, to: string, force: boolean): Contents {
  if (!existsSync(from)) throw new Error(`There is no database at ${from}, so there is nothing to back up.`)
  if (existsSync(to) && !force)
    throw new Error(`${to} is there already. Choose another name, or replace it with --force.`)
  const partial = `${to}.partial`
  rmSync(partial, { force: true })
  // Made here, as SQLite would make it as the umask says, and comments are personal data.
  closeSync(openSync(partial, 'wx', 0o600))
  try {
    const source = new DatabaseSync(from, { readOnly: true })
    try {
      source.exec('PRAGMA busy_timeout = 5000')
      source.prepare('VACUUM INTO ?').run(partial)
    } finally {
      source.close()
    }
    const contents = inspectSqlite(partial)
    sync(partial)
    renameSync(partial, to)
    sync(dirname(to))
    return contents
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/**
 * Reads a database through and counts what is in it. Nothing is written.
 *
 * @throws when it is none of ours, is damaged, does not agree with itself, or is newer than this program
 */
export function inspectSqlite(path: string): Contents {
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    database.exec('PRAGMA busy_timeout = 5000')
    return read(database, path)
  } catch (error) {
    if (isBusy(error)) throw new Error(`${path} is locked by another process.`, { cause: error })
    if (error instanceof Error && /not a database|malformed|disk image/.test(error.message))
      throw new Error(`${path} is damaged or no database: ${error.message}. Take another backup.`, {
        cause: error,
      })
    throw error
  } finally {
    database?.close()
  }
}

function read(database: DatabaseSync, path: string): Contents {
  const number = (statement: string): number =>
    Number(Object.values(database.prepare(statement).get() ?? {})[0] ?? 0)
  const format = number('PRAGMA user_version')
  const tables = new Set(
    database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map((row) => row.name),
  )
  if (format === 0 || !tables.has('events')) throw new Error(`${path} is no database of Earshot.`)
  if (format > schemaVersion)
    throw new Error(
      `${path} was written by a newer Earshot (format ${format}; this program knows up to ${schemaVersion}). Use the newer program.`,
    )
  const found = database.prepare('PRAGMA integrity_check(1)').get()?.integrity_check
  if (found !== 'ok') throw new Error(`malformed: ${String(found)}`)
  if (database.prepare('PRAGMA foreign_key_check').get())
    throw new Error('malformed: rows without their site')
  const orphans = number(
    'SELECT count(*) FROM responses WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.site = responses.site AND events.response = responses.id)',
  )
  if (orphans > 0) throw new Error(`malformed: ${orphans} responses without events`)
  return {
    format,
    surveys: number('SELECT count(*) FROM surveys'),
    events: number('SELECT count(*) FROM events'),
    responses: number('SELECT count(*) FROM responses'),
    erased: tables.has('erased') ? number('SELECT count(*) FROM erased') : 0,
    bytes: statSync(path).size,
  }
}

/** Has the system write a file, or the names in a directory, to the disk. */
export function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

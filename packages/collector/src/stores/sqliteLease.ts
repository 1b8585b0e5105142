/** Says who uses a directory of data: many collectors at a time, or one restore alone. The system forgets it when a process dies. */
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './sqliteError.ts'

/** Ends the use. */
export type Release = () => void

/**
 * Locks of SQLite on a tiny file of its own: they hold for processes and threads alike, on every system, and also when the
 * database itself is too damaged to be locked.
 */
const lockFile = 'earshot.lock'

function open(data: string): DatabaseSync {
  const path = join(data, lockFile)
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  chmodSync(path, 0o600)
  const database = new DatabaseSync(path)
  // Not WAL: there, readers would not keep the one off who wants to be alone.
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = DELETE')
  const version = database.prepare('PRAGMA user_version').get()?.user_version
  if (version !== 1) database.exec('CREATE TABLE IF NOT EXISTS lock (one INTEGER); PRAGMA user_version = 1')
  return database
}

/**
 * Says that the directory is in use. Others may use it too.
 *
 * @throws when it is being restored
 * @example
 * const release = shareData('./earshot-data')
 */
export function shareData(data: string): Release {
  return take(
    data,
    'BEGIN; SELECT count(*) FROM lock',
    `${data} is being restored at the moment. Wait until that is done.`,
  )
}

/**
 * Takes the directory for one alone.
 *
 * @throws when a collector or a command uses it
 */
export function takeData(data: string): Release {
  return take(
    data,
    'PRAGMA busy_timeout = 200; BEGIN EXCLUSIVE',
    `A collector or a command is using ${data}. Stop it first. Nothing was changed.`,
  )
}

function take(data: string, statement: string, refusal: string): Release {
  let database: DatabaseSync | undefined
  try {
    database = open(data)
    database.exec(statement)
  } catch (error) {
    database?.close()
    if (isBusy(error)) throw new Error(refusal, { cause: error })
    throw error
  }
  const held = database
  return () => held.close()
}

/** Syncs the log of a SQLite database beside the thread that writes it. */
import { closeSync, fdatasync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { storeFailure } from '../core/failure.ts'
import type { CommitSync } from './commitGroup.ts'

/** The log of one database. */
export interface LogSync extends CommitSync {
  close(): void
}

/**
 * Opens the log of a database that is open and in WAL mode. SQLite would sync it too, but the thread would wait for it; and
 * not every build of it knows that the data is enough, and the time of the last change needs no place on the disk.
 *
 * A commit is in the log whole or not at all: SQLite takes frames back up to the first one whose checksum is wrong. So once the
 * log is on the disk, all that was committed before the sync began is there for good. Before it writes the log anew from its
 * start, SQLite has brought all of it into the database and synced that (https://www.sqlite.org/wal.html).
 *
 * @param path of the database
 * @example
 * const { sync } = createLogSync(database, './earshot-data/earshot.sqlite')
 * database.exec('COMMIT')
 * await sync()
 */
export function createLogSync(database: DatabaseSync, path: string): LogSync {
  // SQLite locks nothing in this file, so closing it takes no lock away.
  const log = openSync(`${path}-wal`, 'r+')
  return {
    sync: () =>
      new Promise((resolve, reject) => {
        fdatasync(log, (error) => (error ? reject(error) : resolve()))
      }),
    mend() {
      const done = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
      if (done?.busy !== 0)
        throw storeFailure('store_unavailable', 'the log could not be brought into the database')
    },
    close: () => closeSync(log),
  }
}

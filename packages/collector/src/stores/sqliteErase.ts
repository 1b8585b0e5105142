/** Deletes a visitor from SQLite, and remembers who is gone. */
import type { DatabaseSync } from 'node:sqlite'
import { mostStrangers, strangerSpan } from '../core/erased.ts'
import type { Millis } from '../core/time.ts'
import { createSqliteCaseDrops } from './sqliteCases.ts'
import { hashOf, visitorToKey } from './sqliteId.ts'
import { createSqliteNoteDrops } from './sqliteNotes.ts'
import type { Refold } from './sqliteResponses.ts'

/** How much was deleted. */
export interface Erased {
  events: number
  /** Places, work, contacts, notes, and cases with their histories. */
  others: number
}

/** Deletes a visitor and says how much there was; inside a transaction which the caller opened. */
export type Erase = (site: number, visitor: string, at: Millis) => Erased

/** The statements that find the events of a visitor, and whom to forget. */
export const eraseStatements = {
  // Prescribed, since the planner would rather walk through all events that have a response.
  responses: `SELECT DISTINCT response FROM events INDEXED BY events_by_visitor
     WHERE site = ? AND visitor = ? AND response IS NOT NULL`,
  events: 'DELETE FROM events WHERE site = ? AND visitor = ?',
  forgetOld: 'DELETE FROM erased WHERE site = ? AND known = 0 AND at <= ?',
  strangers: 'SELECT count(*) AS count FROM erased WHERE site = ? AND known = 0',
  forgetFirst: `DELETE FROM erased WHERE site = ? AND visitor IN
     (SELECT visitor FROM erased WHERE site = ? AND known = 0 ORDER BY at LIMIT ?)`,
} as const

/**
 * Prepares the statements once.
 *
 * @param most visitors of whom there was no event
 */
export function createErase(database: DatabaseSync, refold: Refold, most: number = mostStrangers): Erase {
  const responsesOf = database.prepare(eraseStatements.responses)
  const dropEvents = database.prepare(eraseStatements.events)
  const dropPlaces = database.prepare('DELETE FROM places WHERE site = ? AND visitor = ?')
  const dropJobs = database.prepare('DELETE FROM jobs WHERE site = ? AND visitor = ?')
  const dropContacts = database.prepare('DELETE FROM contacts WHERE site = ? AND visitor = ?')
  const dropCases = createSqliteCaseDrops(database)
  const dropNotes = createSqliteNoteDrops(database)
  const remember = database.prepare(
    `INSERT INTO erased (site, visitor, at, known) VALUES (?, ?, ?, ?)
     ON CONFLICT (site, visitor) DO UPDATE SET known = max(known, excluded.known), kept = 0`,
  )
  const forgetOld = database.prepare(eraseStatements.forgetOld)
  const strangers = database.prepare(eraseStatements.strangers)
  const forgetFirst = database.prepare(eraseStatements.forgetFirst)
  return (site, visitor, at) => {
    const key = visitorToKey(visitor)
    const touched = responsesOf.all(site, key)
    const { changes } = dropEvents.run(site, key)
    // Others may have sent events under the same response id; what is theirs stays, and is folded without the visitor's.
    for (const { response } of touched) refold(site, response as Uint8Array, at)
    const others =
      [dropPlaces, dropJobs, dropContacts].reduce(
        (sum, drop) => sum + Number(drop.run(site, visitor).changes),
        0,
      ) +
      dropCases.ofVisitor(site, visitor) +
      dropNotes.ofVisitor(site, visitor)
    remember.run(site, hashOf(visitor), at, changes > 0 ? 1 : 0)
    forgetOld.run(site, at - strangerSpan)
    const beyond = Number(strangers.get(site)?.count) - most
    if (beyond > 0) forgetFirst.run(site, site, beyond)
    return { events: Number(changes), others }
  }
}

/** Takes what was deleted out of the write-ahead log too, where old pages stay until they are overwritten. */
export interface LogCleaner {
  /** Now if nobody is reading, else as soon as that is so. */
  clean(): void
  /** Tries no more: whoever closes the database last takes the log away. */
  close(): void
}

/** After which it is tried again, in milliseconds. */
const again = 1000

/** Makes the cleaner of a database. */
export function createLogCleaner(database: DatabaseSync): LogCleaner {
  let timer: NodeJS.Timeout | undefined
  const clean = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (isCleaned(database)) return
    // A reader needs the log, perhaps in another process.
    timer = setTimeout(clean, again)
    timer.unref()
  }
  return { clean, close: () => clearTimeout(timer) }
}

function isCleaned(database: DatabaseSync): boolean {
  try {
    return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy !== 1
  } catch {
    // The visitor is erased all the same, and says nothing about a log that is busy.
    return false
  }
}

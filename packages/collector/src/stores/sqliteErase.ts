/** Deletes a visitor from SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import type { Millis } from '../core/time.ts'
import { hashOf } from './sqliteId.ts'
import type { Refold } from './sqliteResponses.ts'

/** Deletes a visitor and says how many events there were; inside a transaction which the caller opened. */
export type Erase = (site: number, visitor: string, at: Millis) => number

/** The statements that find the events of a visitor. */
export const eraseStatements = {
  // Prescribed, since the planner would rather walk through all events that have a response.
  responses: `SELECT DISTINCT response FROM events INDEXED BY events_by_visitor
     WHERE site = ? AND json_extract(body, '$.visitor') = ? AND response IS NOT NULL`,
  events: "DELETE FROM events WHERE site = ? AND json_extract(body, '$.visitor') = ?",
} as const

/** Prepares the statements once. */
export function createErase(database: DatabaseSync, refold: Refold): Erase {
  const responsesOf = database.prepare(eraseStatements.responses)
  const dropEvents = database.prepare(eraseStatements.events)
  const dropPlaces = database.prepare('DELETE FROM places WHERE site = ? AND visitor = ?')
  const remember = database.prepare(
    'INSERT INTO erased (site, visitor, at) VALUES (?, ?, ?) ON CONFLICT (site, visitor) DO NOTHING',
  )
  return (site, visitor, at) => {
    const touched = responsesOf.all(site, visitor)
    const { changes } = dropEvents.run(site, visitor)
    // Others may have sent events under the same response id; what is theirs stays, and is folded without the visitor's.
    for (const { response } of touched) refold(site, response as Uint8Array)
    dropPlaces.run(site, visitor)
    remember.run(site, hashOf(visitor), at)
    return Number(changes)
  }
}

/**
 * Takes what was deleted out of the write-ahead log too, where old pages stay until they are overwritten. A reader in
 * another process may hinder it; then it is left to a later checkpoint.
 */
export function cleanLog(database: DatabaseSync): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // The visitor is erased all the same, and says nothing about a log that is busy.
  }
}

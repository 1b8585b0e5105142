/** Finds the visitors of a person in SQLite. */
import { DatabaseSync } from 'node:sqlite'
import { keyToVisitor, visitorToKey } from './sqliteId.ts'

/** A visitor, and how many events there are. */
export interface VisitorEvents {
  visitor: string
  events: number
}

/**
 * Lists who is meant by an id: the visitor who has it, and all visitors who sent an event under this person.
 *
 * @example
 * visitorsOf('./earshot-data/earshot.sqlite', 'customer-17') // [{ visitor: '4f1c…', events: 12 }]
 */
export function visitorsOf(path: string, id: string): VisitorEvents[] {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    database.exec('PRAGMA busy_timeout = 5000')
    // A file of an older program is looked at as it is.
    const isPacked = Number(database.prepare('PRAGMA user_version').get()?.user_version) >= 7
    const visitor = isPacked ? 'visitor' : "json_extract(body, '$.visitor')"
    const person = isPacked ? 'person' : "json_extract(body, '$.person')"
    return database
      .prepare(
        `SELECT ${visitor} AS visitor, count(*) AS events FROM events
         WHERE ${visitor} = ?1 OR ${visitor} IN (SELECT ${visitor} FROM events WHERE ${person} = ?2) GROUP BY 1`,
      )
      .all(isPacked ? visitorToKey(id) : id, id)
      .map((row) => ({ visitor: keyToVisitor(row.visitor), events: Number(row.events) }))
      .toSorted((a, b) => (a.visitor < b.visitor ? -1 : 1))
  } finally {
    database.close()
  }
}

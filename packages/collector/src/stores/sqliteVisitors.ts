/** Finds the visitors of a person in SQLite. */
import { DatabaseSync } from 'node:sqlite'

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
    return database
      .prepare(
        `SELECT json_extract(body, '$.visitor') AS visitor, count(*) AS events FROM events
         WHERE json_extract(body, '$.visitor') = ?1 OR json_extract(body, '$.visitor') IN
           (SELECT json_extract(body, '$.visitor') FROM events WHERE json_extract(body, '$.person') = ?1)
         GROUP BY 1 ORDER BY 1`,
      )
      .all(id)
      .map((row) => ({ visitor: String(row.visitor), events: Number(row.events) }))
  } finally {
    database.close()
  }
}

/** Takes places of surveys in SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import { placeHold, type PlaceAsk, type PlaceDecision, type PlaceFacts } from '../core/places.ts'
import type { Millis } from '../core/time.ts'
import { selectErased } from './sqliteAppend.ts'
import { hashOf, idToBytes } from './sqliteId.ts'

/** Runs inside a transaction which the caller opened, so that of two who ask at once the second sees the place of the first. */
export type TakePlace = (
  site: number,
  ask: PlaceAsk,
  most: number,
  decide: (facts: PlaceFacts) => PlaceDecision,
  at: Millis,
) => PlaceDecision['place']

/** The statements that say whether a follow-up is settled, and whether somebody has opted out. */
export const placeStatements = {
  answered: `SELECT 1 FROM responses WHERE site = ? AND survey = ? AND follow_up = ? AND id <> ?
       AND (answers > 0 OR status = 'completed')
       AND (json_extract(body, '$.visitor') = ? OR json_extract(body, '$.person') = ?) LIMIT 1`,
  // The event that tells of an answer in the very response that asks does not speak against it.
  told: `SELECT 1 FROM events WHERE site = ? AND type = 'followup' AND json_extract(body, '$.data.followUp') = ?
       AND (json_extract(body, '$.data.state') = 'cancelled' OR
            (json_extract(body, '$.data.state') = 'answered' AND response <> ?)) LIMIT 1`,
  visitorOut: `SELECT 1 FROM events WHERE site = ? AND json_extract(body, '$.visitor') = ? AND type = 'optout' LIMIT 1`,
  personOut: `SELECT 1 FROM events WHERE site = ? AND json_extract(body, '$.person') = ? AND type = 'optout' LIMIT 1`,
  // No further than the quota, however many there are.
  completed: `SELECT count(*) AS count FROM
       (SELECT 1 FROM responses WHERE site = ? AND survey = ? AND status = 'completed' LIMIT ?)`,
} as const

/** Prepares the statements once. */
export function createTakePlace(database: DatabaseSync): TakePlace {
  const isErased = database.prepare(selectErased)
  const answered = database.prepare(placeStatements.answered)
  const told = database.prepare(placeStatements.told)
  const visitorOut = database.prepare(placeStatements.visitorOut)
  const personOut = database.prepare(placeStatements.personOut)
  const completed = database.prepare(placeStatements.completed)
  const isCompleted = database.prepare(
    "SELECT 1 FROM responses WHERE site = ? AND id = ? AND survey = ? AND status = 'completed'",
  )
  const dropOld = database.prepare('DELETE FROM places WHERE site = ? AND survey = ? AND until <= ?')
  const own = database.prepare('SELECT until FROM places WHERE site = ? AND survey = ? AND response = ?')
  const another = database.prepare(
    'SELECT 1 FROM places WHERE site = ? AND visitor = ? AND survey = ? AND until > ? AND response <> ? LIMIT 1',
  )
  const held = database.prepare('SELECT count(*) AS count FROM places WHERE site = ? AND survey = ?')
  const put = database.prepare(
    `INSERT INTO places (site, survey, response, visitor, until) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (site, survey, response) DO UPDATE SET until = excluded.until`,
  )

  return (site, { survey, response, visitor, person, followUp }, most, decide, at) => {
    const id = idToBytes(response)
    dropOld.run(site, survey, at - placeHold)
    const row = own.get(site, survey, id)
    const { place, until } = decide({
      isErased: isErased.get(site, hashOf(visitor)) !== undefined,
      isOptedOut:
        visitorOut.get(site, visitor) !== undefined ||
        (person !== null && personOut.get(site, person) !== undefined),
      isSettled:
        followUp !== undefined &&
        (answered.get(site, survey, followUp, id, visitor, person) !== undefined ||
          told.get(site, followUp, id) !== undefined),
      isCompleted: isCompleted.get(site, id, survey) !== undefined,
      held: row ? Number(row.until) : null,
      hasAnother: another.get(site, visitor, survey, at, id) !== undefined,
      taken: Number(completed.get(site, survey, most)?.count) + Number(held.get(site, survey)?.count),
    })
    if (until !== null) put.run(site, survey, id, visitor, until)
    return place
  }
}

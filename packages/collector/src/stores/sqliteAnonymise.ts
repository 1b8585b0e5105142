/** Erases a visitor from SQLite and keeps the counts: puts responses of nobody in the place of the visitor's. */
import { randomBytes, randomInt } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { anonymise, type Anonymised, type Countable } from '../core/anonymise.ts'
import { isSurveyEvent, type StoredEvent, type StoredResponse } from '../core/project.ts'
import type { Suspicion } from '../core/suspicion.ts'
import { parseMoment, type Millis } from '../core/time.ts'
import { readSurvey } from './sqliteAppend.ts'
import { eraseStatements, type Erase } from './sqliteErase.ts'
import { hashOf, idToBytes, visitorToKey } from './sqliteId.ts'
import type { Refold } from './sqliteResponses.ts'
import { eventKinds, packEvent, readStored } from './sqliteRows.ts'
import type { SqliteSuspects } from './sqliteSuspects.ts'

/** Erases a visitor and says what was kept; inside a transaction which the caller opened. */
export type Anonymise = (site: number, visitor: string, at: Millis) => Anonymised & { others: number }

/** A response of the visitor, as it stands before. */
interface Known extends Countable {
  row: number
  isOverQuota: boolean
}

const day: Millis = 86_400_000

/** Whether a visitor was erased before, and what was kept then. */
const keptBefore = 'SELECT known, kept FROM erased WHERE site = ? AND visitor = ?'

/**
 * A number for an event of nobody, among those that arrived: in no order, and before all that ever did. So it is no news to
 * anybody, and its place says nothing.
 */
export function rowOfNobody(): number {
  return -randomInt(2 ** 40, 2 ** 47)
}

/** Prepares the statements once. */
export function createAnonymise(
  database: DatabaseSync,
  erase: Erase,
  refold: Refold,
  suspects: Pick<SqliteSuspects, 'mark'>,
): Anonymise {
  const responsesOf = database.prepare(eraseStatements.responses)
  const oneResponse = database.prepare(
    `SELECT r.row AS row, r.id AS id, r.body AS body, r.over_quota AS over_quota, s.reasons AS reasons, s.cleared AS cleared
     FROM responses AS r LEFT JOIN suspects AS s ON s.site = r.site AND s.response = r.id WHERE r.site = ? AND r.id = ?`,
  )
  const oneSurvey = database.prepare(
    'SELECT body, source FROM surveys WHERE site = ? AND id = ? AND version = ?',
  )
  const before = database.prepare(keptBefore)
  const keep = database.prepare('UPDATE erased SET kept = 1 WHERE site = ? AND visitor = ?')
  const insertEvent = database.prepare(
    `INSERT INTO events (row, site, id, response, kind, visitor, person, received_at, shift, follow_up, cancelled, body)
     VALUES (?, ?, ?, ?, ?, ?, NULL, ?, 0, NULL, NULL, ?)`,
  )
  const hasRow = database.prepare('SELECT 1 FROM events WHERE row = ?')
  const place = createPlacing(database)

  const known = (site: number, visitor: string, id: Uint8Array): Known[] => {
    const found = oneResponse.get(site, id)
    if (!found) return []
    const response = readStored(found)
    // Of others stays what is theirs.
    if (response.visitor !== visitor) return []
    const definition = oneSurvey.get(site, response.survey, response.version)
    const isDoubted = found.reasons !== null && found.cleared === 0
    return [
      {
        response,
        survey: definition && readSurvey(definition).survey,
        reasons: isDoubted ? (JSON.parse(String(found.reasons)) as Suspicion[]) : [],
        row: Number(found.row),
        isOverQuota: found.over_quota === 1,
      },
    ]
  }

  const freeRow = (): number => {
    for (;;) {
      const row = rowOfNobody()
      if (!hasRow.get(row)) return row
    }
  }

  const storeEvent = (site: number, { event, receivedAt }: StoredEvent): void => {
    const response = isSurveyEvent(event) ? event.response : null
    insertEvent.run(
      freeRow(),
      site,
      idToBytes(event.id),
      response === null ? null : idToBytes(response),
      eventKinds[event.type],
      visitorToKey(event.visitor),
      receivedAt,
      packEvent(event, response),
    )
  }

  return (site, visitor, at) => {
    const earlier = before.get(site, hashOf(visitor))
    const all = responsesOf
      .all(site, visitorToKey(visitor))
      .flatMap(({ response }) => known(site, visitor, response as Uint8Array))
    const { events, others } = erase(site, visitor, at)
    // Who was deleted whole once stays so, also when a backup comes back.
    if (!earlier || earlier.known === 0 || earlier.kept === 1) keep.run(site, hashOf(visitor))
    let keptEvents = 0
    for (const each of all) {
      const made = anonymise(each, at, randomBytes)
      const [first] = made
      if (!first) continue
      for (const event of made) storeEvent(site, event)
      const id = idToBytes(first.event.response)
      refold(site, id, at, made, each.isOverQuota)
      if (each.reasons.includes('burst')) suspects.mark(site, id)
      place(site, id, each)
      keptEvents += made.length
    }
    return { events, others, keptResponses: all.length, keptEvents }
  }
}

/**
 * Puts a new response in the list of those that arrived, where another one of the survey stands whose day is the same, not after
 * the place of the one that is gone; the other one takes that. So its place tells no more than the day. An export that is under
 * way goes up the list: it may meet the other one twice, and never misses it.
 */
function createPlacing(
  database: DatabaseSync,
): (site: number, id: Uint8Array, gone: { row: number; response: StoredResponse }) => void {
  const isTaken = database.prepare('SELECT 1 FROM responses WHERE row = ?')
  const another = database.prepare(
    `SELECT row FROM responses INDEXED BY responses_by_time WHERE site = ? AND survey = ? AND first_at >= ? AND first_at < ?
       AND row <= ? ORDER BY random() LIMIT 1`,
  )
  const move = database.prepare('UPDATE responses SET row = ? WHERE row = ?')
  const put = database.prepare('UPDATE responses SET row = ? WHERE site = ? AND id = ?')
  const textOf = database.prepare('SELECT text FROM comments WHERE row = ?')
  const dropText = database.prepare('DELETE FROM comments WHERE row = ?')
  const putText = database.prepare('INSERT INTO comments VALUES (?, ?)')
  return (site, id, { row, response: { survey, firstAt } }) => {
    // What others have sent under its id stands there now.
    if (isTaken.get(row)) return
    const from = Math.floor((parseMoment(firstAt) ?? 0) / day) * day
    const found = another.get(site, survey, from, from + day, row)
    if (!found) {
      put.run(row, site, id)
      return
    }
    const taken = Number(found.row)
    move.run(row, taken)
    const text = textOf.get(taken)
    if (text) {
      dropText.run(taken)
      putText.run(row, text.text as string)
    }
    put.run(taken, site, id)
  }
}

/** Takes places of surveys in SQLite, and keeps them in step with what is heard of their responses. */
import type { DatabaseSync } from 'node:sqlite'
import {
  heardOf,
  isOverQuota,
  placeHold,
  type PlaceAsk,
  type PlaceDecision,
  type PlaceFacts,
} from '../core/places.ts'
import type { ResponseStatus } from '../core/project.ts'
import type { Millis } from '../core/time.ts'
import { selectErased } from './sqliteAppend.ts'
import { hashOf, idToBytes, visitorToKey } from './sqliteId.ts'
import { statusOf } from './sqliteRows.ts'

/** A response as far as its place hangs on it. */
export interface Progressed {
  survey: string
  status: ResponseStatus
  /** Closed or put off, so that nobody is answering it. */
  isOver: boolean
}

/** What runs inside a transaction which the caller opened, so that of two who ask at once the second sees the place of the first. */
export interface SqlitePlaces {
  /** To be called when a transaction has begun: whether there is any place at all is asked once for all its responses. */
  begun(): void
  take(
    site: number,
    ask: PlaceAsk,
    decide: (facts: PlaceFacts) => PlaceDecision,
    at: Millis,
  ): PlaceDecision['place']
  /**
   * Ends, prolongs or uses the place of a response whose events have changed. To be called before the response is stored.
   *
   * @returns whether it is completed beyond the quota
   */
  follow(site: number, id: Uint8Array, response: Progressed, at: Millis): boolean
}

type Who = 'visitor' | 'person'

// Written as its index is, or it would not be found by it. The response that asks does not speak against itself.
const answered = (who: Who): string =>
  `SELECT 1 FROM responses WHERE site = ? AND survey = ? AND follow_up = ? AND ${who} = ?
       AND id <> ? AND (answers > 0 OR status = 2) LIMIT 1`
// Only what is told of the same visitor or person counts: identities that name a case are shared by all whom it concerns,
// and whoever knows one could otherwise silence the others.
const told = (who: Who): string =>
  `SELECT 1 FROM events WHERE site = ? AND follow_up = ? AND ${who} = ? AND (cancelled = 1 OR response <> ?) LIMIT 1`

type PlaceStatement =
  | 'answeredByVisitor'
  | 'answeredByPerson'
  | 'toldByVisitor'
  | 'toldByPerson'
  | 'visitorOut'
  | 'personOut'
  | 'completed'
  | 'held'
  | 'heldBy'
  | 'dropFree'
  | 'dropOthers'
  | 'quota'

/** The statements that say whether a follow-up is settled, whether somebody has opted out, and how much is taken. */
export const placeStatements: Readonly<Record<PlaceStatement, string>> = {
  answeredByVisitor: answered('visitor'),
  answeredByPerson: answered('person'),
  toldByVisitor: told('visitor'),
  toldByPerson: told('person'),
  visitorOut:
    'SELECT 1 FROM events INDEXED BY optouts_by_visitor WHERE site = ? AND visitor = ? AND kind = 6 LIMIT 1',
  personOut: 'SELECT 1 FROM events WHERE site = ? AND person = ? AND kind = 6 LIMIT 1',
  completed: 'SELECT count FROM completed WHERE site = ? AND survey = ?',
  held: 'SELECT count FROM held WHERE site = ? AND survey = ?',
  heldBy: 'SELECT count(*) AS count FROM places WHERE site = ? AND visitor = ? AND survey = ?',
  dropFree: 'DELETE FROM places WHERE site = ? AND survey = ? AND free <= ?',
  dropOthers:
    'DELETE FROM places INDEXED BY places_by_visitor WHERE site = ? AND visitor = ? AND survey = ? AND response <> ?',
  quota: `SELECT json_extract(body, '$.quota') AS quota FROM surveys
       WHERE site = ? AND id = ? AND source = 'served' ORDER BY version DESC LIMIT 1`,
}

/** Prepares the statements once. */
export function createSqlitePlaces(database: DatabaseSync): SqlitePlaces {
  const isErased = database.prepare(selectErased)
  const answeredByVisitor = database.prepare(placeStatements.answeredByVisitor)
  const answeredByPerson = database.prepare(placeStatements.answeredByPerson)
  const toldByVisitor = database.prepare(placeStatements.toldByVisitor)
  const toldByPerson = database.prepare(placeStatements.toldByPerson)
  const visitorOut = database.prepare(placeStatements.visitorOut)
  const personOut = database.prepare(placeStatements.personOut)
  const completed = database.prepare(placeStatements.completed)
  const known = database.prepare('SELECT survey, status, over_quota FROM responses WHERE site = ? AND id = ?')
  const quotaOf = database.prepare(placeStatements.quota)
  const dropFree = database.prepare(placeStatements.dropFree)
  const dropOthers = database.prepare(placeStatements.dropOthers)
  const drop = database.prepare('DELETE FROM places WHERE site = ? AND survey = ? AND response = ?')
  const own = database.prepare('SELECT until FROM places WHERE site = ? AND survey = ? AND response = ?')
  const another = database.prepare(
    'SELECT 1 FROM places WHERE site = ? AND visitor = ? AND survey = ? AND until > ? AND response <> ? LIMIT 1',
  )
  const held = database.prepare(placeStatements.held)
  const heldBy = database.prepare(placeStatements.heldBy)
  const put = database.prepare(
    `INSERT INTO places (site, survey, response, visitor, until, free) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (site, survey, response) DO UPDATE SET until = excluded.until, free = excluded.free`,
  )
  const prolong = database.prepare(
    'UPDATE places SET free = until + ? WHERE site = ? AND survey = ? AND response = ?',
  )

  const any = database.prepare('SELECT 1 FROM places LIMIT 1')
  let hasAny = true

  /** Completed responses that count, and places. */
  const takenOf = (site: number, survey: string): number =>
    Number(completed.get(site, survey)?.count ?? 0) + Number(held.get(site, survey)?.count ?? 0)

  const take: SqlitePlaces['take'] = (site, asked, decide, at) => {
    const { survey, response, visitor, person, followUp } = asked
    const id = idToBytes(response)
    dropFree.run(site, survey, at)
    const row = own.get(site, survey, id)
    const before = known.get(site, id)
    const status = before?.survey === survey ? statusOf(before.status) : null
    const key = visitorToKey(visitor)
    const { place, lease } = decide({
      isErased: isErased.get(site, hashOf(visitor)) !== undefined,
      isOptedOut:
        visitorOut.get(site, key) !== undefined ||
        (person !== null && personOut.get(site, person) !== undefined),
      isSettled:
        followUp !== undefined &&
        (answeredByVisitor.get(site, survey, followUp, key, id) !== undefined ||
          toldByVisitor.get(site, followUp, key, id) !== undefined ||
          (person !== null &&
            (answeredByPerson.get(site, survey, followUp, person, id) !== undefined ||
              toldByPerson.get(site, followUp, person, id) !== undefined))),
      isCompleted: status === 'completed',
      held: row ? Number(row.until) : null,
      hasAnother: another.get(site, visitor, survey, at, id) !== undefined,
      taken: takenOf(site, survey) - Number(heldBy.get(site, visitor, survey)?.count),
      heard: heardOf(status),
    })
    if (lease) {
      dropOthers.run(site, visitor, survey, id)
      put.run(site, survey, id, visitor, lease.until, lease.free)
      hasAny = true
    }
    return place
  }

  const isBeyond = (site: number, id: Uint8Array, survey: string, at: Millis): boolean => {
    const found = quotaOf.get(site, survey)?.quota
    const quota = typeof found === 'number' ? found : null
    if (quota === null) return false
    dropFree.run(site, survey, at)
    const isHeld = own.get(site, survey, id) !== undefined
    // Who holds a place need not be counted.
    const taken = isHeld ? 0 : takenOf(site, survey)
    return isOverQuota({ quota, isHeld, taken })
  }

  return {
    begun() {
      hasAny = any.get() !== undefined
    },
    take,
    follow(site, id, { survey, status, isOver }, at) {
      if (status !== 'completed') {
        if (!hasAny) return false
        if (isOver) drop.run(site, survey, id)
        else prolong.run(placeHold[heardOf(status)], site, survey, id)
        return false
      }
      const before = known.get(site, id)
      const wasCompleted = before?.survey === survey && statusOf(before.status) === 'completed'
      const isOverNow = wasCompleted ? before.over_quota === 1 : isBeyond(site, id, survey, at)
      // The response itself takes the place from now on.
      if (hasAny) drop.run(site, survey, id)
      return isOverNow
    },
  }
}

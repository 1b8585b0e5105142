/** Finds everything of a person in SQLite, and deletes what is old. */
import type { DatabaseSync } from 'node:sqlite'
import { isWished, type HistoryWish } from '../core/history.ts'
import { isSurveyEvent, type StoredEvent } from '../core/project.ts'
import { isUuid } from '../core/text.ts'
import type { Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { KnownVisitor, PeopleStore } from '../ports/peopleStore.ts'
import type { CommitGroup } from './commitGroup.ts'
import { createSqliteCaseDrops } from './sqliteCases.ts'
import { createSqliteNoteDrops } from './sqliteNotes.ts'
import type { LogCleaner } from './sqliteErase.ts'
import { explained } from './sqliteError.ts'
import { bytesToId, idToBytes, keyToVisitor, visitorToKey } from './sqliteId.ts'
import type { Refold } from './sqliteResponses.ts'
import { eventColumns, eventKinds, readEvent } from './sqliteRows.ts'

/** The events of one kind of a visitor, in the order of arrival. */
const ofKind = (kind: string): string =>
  `events INDEXED BY events_by_visitor WHERE site = ?1 AND visitor = ?2 AND kind = ${kind}`

/** The statements that find what a person did without a look at anything else. */
export const peopleStatements: Readonly<
  Record<'events' | 'devices' | 'since' | 'snoozes' | 'settled', string>
> = {
  // The index has the kinds one after the other, so that of each the first ones are taken.
  events: `SELECT row, ${eventColumns} FROM events WHERE row IN (SELECT row FROM (${Object.values(eventKinds)
    .map((kind) => `SELECT * FROM (SELECT row FROM ${ofKind(`${kind} AND row > ?3`)} ORDER BY row LIMIT ?4)`)
    .join(' UNION ALL ')}) ORDER BY row LIMIT ?4) ORDER BY row`,
  // From one visitor to the next, however much each has sent.
  devices: `WITH RECURSIVE device (visitor) AS (
      SELECT min(visitor) FROM events WHERE site = ?1 AND person = ?2
      UNION ALL SELECT (SELECT min(e.visitor) FROM events AS e WHERE e.site = ?1 AND e.person = ?2 AND e.visitor > device.visitor)
        FROM device WHERE device.visitor IS NOT NULL)
    SELECT visitor FROM device WHERE visitor IS NOT NULL`,
  // What arrived before something that arrived before a moment did so, too.
  since: `SELECT ${eventColumns} FROM ${ofKind('?3')} AND row > coalesce(
      (SELECT row FROM ${ofKind('?3')} AND received_at < ?4 ORDER BY row DESC LIMIT 1), 0) ORDER BY row`,
  snoozes: `SELECT ${eventColumns} FROM events WHERE site = ?1 AND visitor = ?2 AND response = ?3 AND kind = ${eventKinds.snooze}`,
  settled: `SELECT ${eventColumns} FROM events INDEXED BY settled_by_visitor
    WHERE site = ?1 AND visitor = ?2 AND follow_up = ?3`,
}

/** Clocks are set back now and then, and with them the order in which things seem to have arrived. */
const slack: Millis = 3_600_000

/** Finds what is wanted of one visitor. Nothing happens after it has arrived, so what arrived before a moment need not be read. */
function createHappened(
  database: DatabaseSync,
): (site: number, visitor: string | Uint8Array, wish: HistoryWish) => StoredEvent[] {
  const since = database.prepare(peopleStatements.since)
  const settled = database.prepare(peopleStatements.settled)
  const snoozes = database.prepare(peopleStatements.snoozes)
  return (site, visitor, wish) => {
    const { optouts, zones, displays, answers, tracks, followUp, snoozed } = wish
    const spans: [number, Millis | null][] = [
      [eventKinds.optout, optouts ? earliest : null],
      [eventKinds.identify, zones ? earliest : null],
      [eventKinds.display, displays],
      [eventKinds.answer, answers && answers.since],
      [eventKinds.track, tracks && tracks.since],
    ]
    const rows = spans.flatMap(([kind, from]) =>
      from === null ? [] : since.all(site, visitor, kind, from - slack),
    )
    if (followUp !== null) rows.push(...settled.all(site, visitor, followUp))
    if (snoozed !== null && isUuid(snoozed)) rows.push(...snoozes.all(site, visitor, idToBytes(snoozed)))
    return rows.map((row) => readEvent(row)).filter((each) => isWished(wish, each))
  }
}

const earliest: Millis = Number.MIN_SAFE_INTEGER / 2

/** Prepares the statements once. */
export function createSqlitePeople(
  database: DatabaseSync,
  group: CommitGroup,
  refold: Refold,
  cleaner: Pick<LogCleaner, 'clean'>,
): PeopleStore & Pick<EventStore, 'retain'> {
  const visitors = database.prepare(
    `SELECT visitor FROM events WHERE site = ?1 AND visitor = ?2
     UNION SELECT visitor FROM events WHERE site = ?1 AND person = ?3`,
  )
  const allEvents = database.prepare(
    `SELECT ${eventColumns} FROM events INDEXED BY events_by_visitor WHERE site = ? AND visitor = ?`,
  )
  const events = database.prepare(peopleStatements.events)
  const devices = database.prepare(peopleStatements.devices)
  const happened = createHappened(database)
  const newest = database.prepare(
    `SELECT row, visitor, received_at FROM events WHERE site = ? AND row < ? AND row >= ? ORDER BY row DESC`,
  )
  const end = database.prepare('SELECT coalesce(max(row), 0) AS row FROM events')
  const places = database.prepare('SELECT survey, response, until FROM places WHERE site = ? AND visitor = ?')
  // In the order of arrival, so the old ones are the first.
  const oldest = database.prepare(
    'SELECT row, response, received_at FROM events WHERE site = ? AND row > ? ORDER BY row LIMIT ?',
  )
  const heardOf = database.prepare(
    'SELECT max(received_at) AS at FROM events WHERE site = ? AND response = ?',
  )
  const dropResponse = database.prepare('DELETE FROM events WHERE site = ? AND response = ?')
  const dropPlaces = database.prepare('DELETE FROM places WHERE site = ? AND response = ?')
  const dropJobs = database.prepare(`DELETE FROM jobs WHERE site = ? AND state <> 'waiting' AND made_at < ?`)
  const dropContacts = database.prepare('DELETE FROM contacts WHERE site = ? AND at < ?')
  const dropCases = createSqliteCaseDrops(database)
  const dropNotes = createSqliteNoteDrops(database)
  const dropEvent = database.prepare('DELETE FROM events WHERE row = ?')
  const hasResponse = database.prepare('SELECT 1 FROM responses WHERE site = ? AND id = ?')

  const known = (site: number, visitor: string): KnownVisitor => {
    const responses = new Set<string>()
    const found = { visitor, events: 0, responses: 0, firstAt: Infinity, lastAt: -Infinity }
    for (const row of allEvents.iterate(site, visitorToKey(visitor))) {
      const { event, occurredAt } = readEvent(row)
      found.events++
      if (isSurveyEvent(event)) responses.add(event.response)
      found.firstAt = Math.min(found.firstAt, occurredAt)
      found.lastAt = Math.max(found.lastAt, occurredAt)
    }
    return { ...found, responses: responses.size }
  }

  return {
    visitorsOf: (site, id) =>
      explained(() =>
        visitors
          .all(site, visitorToKey(id), id)
          .map((row) => known(site, keyToVisitor(row.visitor)))
          .toSorted((a, b) => (a.visitor < b.visitor ? -1 : 1)),
      ),
    devicesOf: (site, person) =>
      explained(() => devices.all(site, person).map((row) => keyToVisitor(row.visitor))),
    happened: (site, among, wish) =>
      explained(() => among.flatMap((each) => happened(site, visitorToKey(each), wish))),
    eventsOf: (site, visitor, { after, limit }) =>
      explained(() =>
        events
          .all(site, visitorToKey(visitor), after, limit)
          .map((row) => ({ row: Number(row.row), ...readEvent(row) })),
      ),
    heardOf: (site, { before, limit }) =>
      explained(() => {
        const until = before ?? Number(end.get()?.row) + 1
        const from = Math.max(1, until - limit)
        const rows = newest.all(site, until, from)
        return {
          visitors: [...new Set(rows.map((row) => keyToVisitor(row.visitor)))],
          at: rows.length === 0 ? null : Math.min(...rows.map((row) => Number(row.received_at))),
          next: from > 1 ? from : null,
        }
      }),
    placesOf: (site, visitor) =>
      explained(() =>
        places.all(site, visitor).map((row) => ({
          survey: String(row.survey),
          response: bytesToId(row.response as Uint8Array),
          until: Number(row.until),
        })),
      ),
    async retain(site, before, { after, limit }, at) {
      const step = await group.run(() => {
        const rows = oldest.all(site, Number(after ?? Number.MIN_SAFE_INTEGER), limit)
        const old = rows.filter((row) => Number(row.received_at) < before)
        const done = new Set<string>()
        const sum = { events: 0, responses: 0 }
        for (const { row, response } of old) {
          if (response === null) {
            sum.events += Number(dropEvent.run(row as number).changes)
            continue
          }
          const id = response as Uint8Array
          const name = Buffer.from(id).toString('hex')
          if (done.has(name)) continue
          done.add(name)
          if (Number(heardOf.get(site, id)?.at) >= before) continue
          if (hasResponse.get(site, id)) sum.responses++
          sum.events += Number(dropResponse.run(site, id).changes)
          dropPlaces.run(site, id)
          refold(site, id, at)
        }
        const last = rows.at(-1)
        // What is of nobody stands before the first row, in no order.
        const hasMore = rows.length === limit && (old.length > 0 || Number(last?.row) < 0)
        if (!hasMore) {
          dropJobs.run(site, before)
          dropContacts.run(site, before)
          dropCases.before(site, before)
          dropNotes.before(site, before)
        }
        return { ...sum, next: hasMore && last ? String(last.row) : null }
      })
      if (step.next === null) cleaner.clean()
      return step
    },
  }
}

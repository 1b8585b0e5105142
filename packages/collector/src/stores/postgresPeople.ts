/** Finds everything of a person in PostgreSQL, and deletes what is old. */
import type { FeedbackEvent } from '@earshot/contract'
import { isWished } from '../core/history.ts'
import type { StoredEvent } from '../core/project.ts'
import { isUuid } from '../core/text.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { PeopleStore } from '../ports/peopleStore.ts'
import { dropOldCases } from './postgresCases.ts'
import { dropOldNotes } from './postgresNotes.ts'
import { foldAnew } from './postgresErase.ts'
import { forgetMoments } from './postgresFindings.ts'
import { readEvent } from './postgresLookup.ts'
import { monthAt } from './postgresMonth.ts'
import type { Ask } from './postgresPool.ts'
import { keyText, keyTextOf, textOfKey } from './postgresText.ts'

/** Reads outside of transactions. */
export function createPeopleReads(read: Ask): PeopleStore {
  return {
    async visitorsOf(site, id) {
      const rows = await read(
        `SELECT visitor, count(*) AS events, count(DISTINCT response) AS responses, min(occurred_at) AS first_at,
           max(occurred_at) AS last_at FROM earshot.events
         WHERE site = $1 AND (visitor = $2 OR visitor IN
           (SELECT visitor FROM earshot.events WHERE site = $1 AND person = $2))
         GROUP BY visitor ORDER BY visitor`,
        [site, keyText(id)],
      )
      return rows.map((row) => ({
        visitor: textOfKey(String(row.visitor)),
        events: Number(row.events),
        responses: Number(row.responses),
        firstAt: Number(row.first_at),
        lastAt: Number(row.last_at),
      }))
    },
    async devicesOf(site, person) {
      const rows = await read(
        `WITH RECURSIVE device (visitor) AS (
           SELECT min(visitor) FROM earshot.events WHERE site = $1 AND person = $2
           UNION ALL SELECT (SELECT min(e.visitor) FROM earshot.events AS e
             WHERE e.site = $1 AND e.person = $2 AND e.visitor > device.visitor)
             FROM device WHERE device.visitor IS NOT NULL)
         SELECT visitor FROM device WHERE visitor IS NOT NULL`,
        [site, keyText(person)],
      )
      return rows.map((row) => textOfKey(String(row.visitor)))
    },
    async happened(site, visitors, wish) {
      const { optouts, zones, displays, answers, tracks, followUp, snoozed } = wish
      const since = { optout: optouts || null, identify: zones || null, display: displays } as const
      const rest = { answer: answers?.since ?? null, track: tracks?.since ?? null } as const
      const response = snoozed !== null && isUuid(snoozed) ? snoozed : null
      const settling = { followup: followUp, snooze: response } as const
      const types = Object.entries({ ...since, ...rest, ...settling }).flatMap(([type, wanted]) =>
        wanted === null ? [] : [type],
      )
      if (types.length === 0) return []
      const rows = await read(
        `SELECT at, received_at, occurred_at, body FROM earshot.events
         WHERE site = $1 AND visitor = ANY ($2::text[]) AND type = ANY ($3::text[])
           AND occurred_at >= CASE type WHEN 'display' THEN $4::bigint WHEN 'answer' THEN $5::bigint
             WHEN 'track' THEN $6::bigint ELSE occurred_at END
           AND (type <> 'followup' OR follow_up = $7) AND (type <> 'snooze' OR response = $8::uuid)
           AND (type <> 'answer' OR survey = ANY ($9::text[]))`,
        [
          site,
          visitors.map(keyText),
          types,
          displays,
          answers?.since ?? null,
          tracks?.since ?? null,
          keyTextOf(followUp),
          response,
          (answers?.surveys ?? []).map(keyText),
        ],
      )
      return rows.map((row) => readEvent(row) as StoredEvent).filter((each) => isWished(wish, each))
    },
    async eventsOf(site, visitor, { after, limit }) {
      const rows = await read(
        `SELECT row, at, received_at, occurred_at, body FROM earshot.events
         WHERE site = $1 AND visitor = $2 AND row > $3 ORDER BY row LIMIT $4`,
        [site, keyText(visitor), after, limit],
      )
      return rows.map((row) => ({
        row: Number(row.row),
        ...readEvent(row),
        event: JSON.parse(row.body as string) as FeedbackEvent,
      }))
    },
    async heardOf(site, { before, limit }) {
      const until =
        before ?? Number((await read('SELECT last_value FROM earshot.arrivals'))[0]?.last_value) + 1
      const from = Math.max(1, until - limit)
      const rows = await read(
        `SELECT row, visitor, received_at FROM earshot.events WHERE site = $1 AND row < $2 AND row >= $3
         ORDER BY row DESC`,
        [site, until, from],
      )
      return {
        visitors: [...new Set(rows.map((row) => textOfKey(String(row.visitor))))],
        at: rows.length === 0 ? null : Math.min(...rows.map((row) => Number(row.received_at))),
        next: from > 1 ? from : null,
      }
    },
    async placesOf(site, visitor) {
      const rows = await read(
        'SELECT survey, response, until FROM earshot.places WHERE site = $1 AND visitor = $2',
        [site, keyText(visitor)],
      )
      return rows.map((row) => ({
        survey: String(row.survey),
        response: String(row.response),
        until: Number(row.until),
      }))
    },
  }
}

/** Deletes a part of what is old; inside a transaction which has the site for itself. */
export async function retain(
  ask: Ask,
  site: number,
  slot: number,
  before: number,
  { after, limit }: { after: string | null; limit: number },
  at: number,
): Promise<Awaited<ReturnType<EventStore['retain']>>> {
  // What arrived before a month was made in it or before, give or take a clock: whole partitions are left out by it. Ids of
  // months to come are of clocks that are wrong, or made up.
  const rows = await ask(
    `SELECT id, response, received_at FROM earshot.events
     WHERE site = $1 AND (month <= $2 OR month > $6) AND received_at < $3
       AND ($4::uuid IS NULL OR id > $4::uuid) ORDER BY id LIMIT $5`,
    [site, monthAt(before) + 1, before, after, limit, monthAt(at)],
  )
  const responses = [...new Set(rows.map((row) => row.response))].filter((each) => each !== null) as string[]
  const old = await ask(
    `SELECT response FROM earshot.events WHERE site = $1 AND response = ANY($2::uuid[])
     GROUP BY response HAVING max(received_at) < $3`,
    [site, responses, before],
  )
  const gone = old.map((row) => String(row.response))
  const [shown] = await ask(
    'SELECT count(*) AS count FROM earshot.responses WHERE site = $1 AND id = ANY($2::uuid[]) AND row IS NOT NULL',
    [site, gone],
  )
  const alone = rows.filter((row) => row.response === null).map((row) => String(row.id))
  const deleted = await ask(
    `DELETE FROM earshot.events WHERE site = $1 AND (response = ANY($2::uuid[]) OR id = ANY($3::uuid[]))
     RETURNING response`,
    [site, gone, alone],
  )
  await forgetMoments(ask, site, slot, { events: alone })
  await ask('DELETE FROM earshot.places WHERE site = $1 AND response = ANY($2::uuid[])', [site, gone])
  if (deleted.length > 0) await foldAnew(ask, site, slot, deleted, at)
  const last = rows.length === limit ? rows.at(-1) : undefined
  if (!last) {
    await ask(`DELETE FROM earshot.jobs WHERE site = $1 AND state <> 'waiting' AND made_at < $2`, [
      site,
      before,
    ])
    await ask('DELETE FROM earshot.contacts WHERE site = $1 AND at < $2', [site, before])
    await dropOldCases(ask, site, before)
    await dropOldNotes(ask, site, before)
  }
  return { events: deleted.length, responses: Number(shown?.count), next: last ? String(last.id) : null }
}

/** Erases a visitor from PostgreSQL and keeps the counts: puts responses of nobody in the place of the visitor's. */
import { randomBytes } from 'node:crypto'
import type { SurveyEvent } from '@earshot/contract'
import { anonymise as anonymiseResponse, type Anonymised } from '../core/anonymise.ts'
import type { StoredEvent, StoredResponse } from '../core/project.ts'
import type { Suspicion } from '../core/suspicion.ts'
import { parseMoment, type Millis } from '../core/time.ts'
import { addChanges } from './postgresChanges.ts'
import { erase } from './postgresErase.ts'
import { dropEventJobs } from './postgresJobs.ts'
import { readSurvey } from './postgresLookup.ts'
import { refold, type Ground, type Head } from './postgresPlan.ts'
import type { Ask, Row } from './postgresPool.ts'
import { followSuspects } from './postgresSuspects.ts'
import { keyText } from './postgresText.ts'
import { write } from './postgresWrite.ts'
import { rowOfNobody } from './sqliteAnonymise.ts'
import { hashOf } from './sqliteId.ts'

const day: Millis = 86_400_000

/** Erases a visitor and says what was kept; inside a transaction which has the site for itself. The other parameters are those of `erase`. */
export async function anonymise(
  ask: Ask,
  site: number,
  slot: number,
  visitor: string,
  at: Millis,
): Promise<Anonymised> {
  const who = hashOf(visitor)
  const [earlier] = await ask('SELECT known, kept FROM earshot.erased WHERE site = $1 AND visitor = $2', [
    site,
    who,
  ])
  const rows = await ask(
    `SELECT r.row AS row, r.body AS body, r.over_quota AS over_quota, s.reasons AS reasons, s.cleared AS cleared,
       d.body AS survey, d.source AS source
     FROM earshot.responses AS r
     LEFT JOIN earshot.suspects AS s ON s.site = r.site AND s.response = r.id
     LEFT JOIN earshot.surveys AS d ON d.site = r.site AND d.id = r.survey AND d.version = r.version
     WHERE r.site = $1 AND r.visitor = $2 AND r.row IS NOT NULL AND r.id = ANY (ARRAY(
       SELECT DISTINCT response FROM earshot.events WHERE site = $1 AND visitor = $2 AND response IS NOT NULL))
     ORDER BY r.id`,
    [site, keyText(visitor)],
  )
  const events = await erase(ask, site, slot, visitor, at)
  // Who was deleted whole once stays so, also when a backup comes back.
  if (!earlier || earlier.known === false || earlier.kept === true)
    await ask('UPDATE earshot.erased SET kept = true WHERE site = $1 AND visitor = $2', [site, who])
  const made = rows.flatMap((row) => madeOf(row, at))
  if (made.length > 0) await store(ask, site, slot, made)
  return {
    events,
    keptResponses: made.length,
    keptEvents: made.reduce((sum, { head }) => sum + head.events.length, 0),
  }
}

/** A response of nobody, and where the one stood in whose place it is. */
interface Made {
  head: Head
  isBurst: boolean
  row: number
  response: StoredResponse
}

function madeOf(row: Row, at: Millis): Made[] {
  const response = JSON.parse(String(row.body)) as StoredResponse
  const reasons = row.cleared === false ? (row.reasons as Suspicion[]) : []
  const survey = row.survey === null ? undefined : readSurvey({ body: row.survey, source: row.source }).survey
  const events: StoredEvent<SurveyEvent>[] = anonymiseResponse({ response, survey, reasons }, at, randomBytes)
  const id = events[0]?.event.response
  if (id === undefined) return []
  const head: Head = {
    id,
    before: 0,
    events,
    response: null,
    isOverQuota: false,
    stored: { response: null, isOverQuota: false, ignored: 0 },
  }
  refold(head, noGround(), at, row.over_quota === true)
  return [{ head, isBurst: reasons.includes('burst'), row: Number(row.row), response }]
}

/** Places and quotas have no part in it: what counted counts. */
const noGround = (): Ground => ({
  quotas: new Map(),
  completed: new Map(),
  heldByOthers: new Map(),
  own: new Map(),
  swept: new Map(),
})

async function store(ask: Ask, site: number, slot: number, made: readonly Made[]): Promise<void> {
  const heads = made.map((each) => each.head)
  const events = heads.flatMap((each) => each.events)
  await write(ask, site, slot, { events, heads, ground: noGround(), counters: { events: events.length } })
  await dropEventJobs(
    ask,
    site,
    events.map((each) => each.event.id),
  )
  const bursts = new Set(made.filter((each) => each.isBurst).map((each) => each.head.id))
  await followSuspects(ask, site, heads, bursts, true)
  await number(
    ask,
    site,
    events.map(({ event }) => ({ id: event.id, row: rowOfNobody() })),
  )
  for (const each of made) await place(ask, site, slot, each)
}

/** Gives events other numbers among those that arrived. */
export async function number(
  ask: Ask,
  site: number,
  rows: readonly { id: string; row: number }[],
): Promise<void> {
  await ask(
    `UPDATE earshot.events AS e SET row = given.row FROM unnest($2::uuid[], $3::bigint[]) AS given (id, row)
     WHERE e.site = $1 AND e.id = given.id`,
    [site, rows.map((each) => each.id), rows.map((each) => each.row)],
  )
}

/** See `createPlacing` of the SQLite store. */
async function place(
  ask: Ask,
  site: number,
  slot: number,
  { head, row, response: { survey, firstAt } }: Made,
): Promise<void> {
  // What others have sent under its id stands there now.
  const taken = await ask('SELECT 1 FROM earshot.responses WHERE site = $1 AND row = $2', [site, row])
  if (taken.length > 0) return
  const from = Math.floor((parseMoment(firstAt) ?? 0) / day) * day
  const [other] = await ask(
    `SELECT id, row FROM earshot.responses WHERE site = $1 AND survey = $2 AND first_at >= $3 AND first_at < $4
       AND row <= $5 ORDER BY random() LIMIT 1`,
    [site, keyText(survey), from, from + day, row],
  )
  const moves: [unknown, number][] = other
    ? [
        [other.id, row],
        [head.id, Number(other.row)],
      ]
    : [[head.id, row]]
  for (const [id, to] of moves) {
    await ask('UPDATE earshot.responses SET row = $3 WHERE site = $1 AND id = $2', [site, id, to])
    await ask('UPDATE earshot.comments SET row = $3 WHERE site = $1 AND response = $2', [site, id, to])
  }
  await ask(
    addChanges('earshot.responses WHERE site = $1 AND id = ANY($3::uuid[])', '$1', '$2', 'responses'),
    [site, slot, moves.map(([id]) => id)],
  )
}

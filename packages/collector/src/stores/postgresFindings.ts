/** Keeps moments of people, texts to be searched, and what came late in PostgreSQL. */
import type { AnswerEvent, Scalar } from '@earshot/contract'
import { lateOf, momentOf } from '../core/moments.ts'
import type { KeptResponse, StoredEvent, StoredResponse } from '../core/project.ts'
import { commentOf, gramsOf } from '../core/search.ts'
import type { ArrivalStore, FindingStore } from '../ports/findingStore.ts'
import { addChanges } from './postgresChanges.ts'
import { readEvent } from './postgresLookup.ts'
import type { Head } from './postgresPlan.ts'
import type { Ask, Row } from './postgresPool.ts'
import { keyText, keyTextOf, textOfKey } from './postgresText.ts'

/** The step of the schema that brings the tables; see `findingTables` of the SQLite store. What is stored already is added by `fillFindings`. */
export const findingTables: string = `
  CREATE TABLE earshot.moments (
    site integer NOT NULL,
    event uuid NOT NULL,
    row bigint GENERATED ALWAYS AS IDENTITY,
    name text COLLATE "C" NOT NULL,
    visitor text COLLATE "C" NOT NULL,
    person text COLLATE "C",
    at bigint NOT NULL,
    data text NOT NULL,
    PRIMARY KEY (site, event)
  );
  CREATE INDEX moments_by_row ON earshot.moments (site, row);
  CREATE INDEX moments_by_visitor ON earshot.moments (site, visitor);

  -- The grams are each two characters of the text that stand beside each other: an index that needs no extension.
  CREATE TABLE earshot.comments (
    site integer NOT NULL,
    response uuid NOT NULL,
    text text NOT NULL,
    grams text[] COLLATE "C" NOT NULL,
    PRIMARY KEY (site, response)
  );
  CREATE INDEX comments_by_grams ON earshot.comments USING gin (grams);

  -- What is new is found by its number, which rises with the place in the file.
  CREATE INDEX arrivals_by_row ON earshot.events USING brin (row) WITH (pages_per_range = 16, autosummarize = on);

  -- Several rows by the collector that adds to them; the count is the sum.
  CREATE TABLE earshot.late (
    site integer NOT NULL,
    survey text COLLATE "C" NOT NULL,
    hour integer NOT NULL,
    arrived integer NOT NULL,
    slot integer NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (site, survey, hour, arrived, slot)
  );
`

/** The step of the schema that has comments in the order of their responses. What is stored already is put in it by `fillCommentRows`. */
export const commentRows: string = `
  ALTER TABLE earshot.comments ADD COLUMN row bigint;
  CREATE INDEX comments_by_row ON earshot.comments (site, row);
`

/** Puts comments that were stored before in the order of their responses; inside the transaction that brings it. */
export async function fillCommentRows(ask: Ask): Promise<void> {
  for (const { id: site } of await ask('SELECT id FROM earshot.sites ORDER BY id'))
    for (let after: unknown = null; ;) {
      const rows = await ask(
        `SELECT response FROM earshot.comments WHERE site = $1 AND ($2::uuid IS NULL OR response > $2::uuid)
         ORDER BY response LIMIT $3`,
        [site, after, step],
      )
      await ask(
        `UPDATE earshot.comments AS c SET row = r.row FROM earshot.responses AS r
         WHERE c.site = $1 AND c.response = ANY($2::uuid[]) AND r.site = c.site AND r.id = c.response`,
        [site, rows.map((each) => each.response)],
      )
      after = rows.at(-1)?.response
      if (rows.length < step) break
    }
}

/** Rows per step of the filling. */
const step = 1000

/** Makes the rows of what was stored before there were the tables; inside the transaction that brings them. */
export async function fillFindings(ask: Ask): Promise<void> {
  for (let after = 0; ;) {
    const rows = await ask(
      `SELECT site, row, at, received_at, occurred_at, body FROM earshot.events
       WHERE type IN ('identify', 'group', 'track') AND row > $1 ORDER BY row LIMIT $2`,
      [after, step],
    )
    for (const site of new Set(rows.map((row) => Number(row.site))))
      await putMoments(
        ask,
        site,
        0,
        rows.filter((row) => Number(row.site) === site).map((row) => readEvent(row) as StoredEvent),
      )
    if (rows.length < step) break
    after = Number(rows.at(-1)?.row)
  }
  for (let after = 0; ;) {
    const rows = await ask(
      'SELECT site, id, row, body FROM earshot.responses WHERE answers > 0 AND row > $1 ORDER BY row LIMIT $2',
      [after, step],
    )
    for (const row of rows)
      await putComment(ask, Number(row.site), String(row.id), JSON.parse(String(row.body)) as StoredResponse)
    if (rows.length < step) break
    after = Number(rows.at(-1)?.row)
  }
}

/** Writes what events and responses tell; inside the transaction that writes them. */
export async function writeFindings(
  ask: Ask,
  site: number,
  slot: number,
  { events, heads }: { events: readonly StoredEvent[]; heads: readonly Head[] },
): Promise<void> {
  await putMoments(ask, site, slot, events)
  const lates = new Map<string, [string, number, number, number]>()
  for (const each of events) {
    const late = lateOf(each)
    if (!late) continue
    const key = `${late.survey} ${late.hour} ${late.arrived}`
    const known = lates.get(key) ?? [keyText(late.survey), late.hour, late.arrived, 0]
    known[3] += 1
    lates.set(key, known)
  }
  // In one order, so that two collectors wait for each other and never in a circle.
  for (const [, [survey, hour, arrived, count]] of [...lates].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    await ask(
      `INSERT INTO earshot.late AS old (site, survey, hour, arrived, slot, count) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (site, survey, hour, arrived, slot) DO UPDATE SET count = old.count + excluded.count`,
      [site, survey, hour, arrived, slot, count],
    )
  for (const { id, response, stored } of heads) {
    const before = stored.response ? commentOf(stored.response) : ''
    const now = response ? commentOf(response) : ''
    if (before === now) continue
    if (response && now !== '') await putComment(ask, site, id, response)
    else await ask('DELETE FROM earshot.comments WHERE site = $1 AND response = $2', [site, id])
  }
}

/** Forgets the moments of events that are gone, or of a visitor. */
export async function forgetMoments(
  ask: Ask,
  site: number,
  slot: number,
  { events = [], visitor = null }: { events?: readonly string[]; visitor?: string | null },
): Promise<void> {
  for (const [condition, value] of [
    ['event = ANY($3::uuid[])', events.length > 0 ? events : null],
    ['visitor = $3', keyTextOf(visitor)],
  ])
    if (value !== null)
      await ask(
        `WITH gone AS (DELETE FROM earshot.moments WHERE site = $1 AND ${String(condition)} RETURNING row)
         ${addChanges('gone', '$1', '$2', 'moments')}`,
        [site, slot, value],
      )
}

async function putMoments(
  ask: Ask,
  site: number,
  slot: number,
  events: readonly StoredEvent[],
): Promise<void> {
  const found = events.flatMap((each) => {
    const moment = momentOf(each)
    return moment ? [{ id: each.event.id, ...moment }] : []
  })
  if (found.length === 0) return
  // Numbered in the order of arrival.
  await ask(
    `WITH put AS (INSERT INTO earshot.moments (site, event, name, visitor, person, at, data)
       SELECT $1, event, name, visitor, person, at, data
       FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[])
         WITH ORDINALITY AS given (event, name, visitor, person, at, data, place)
       ORDER BY place ON CONFLICT (site, event) DO NOTHING RETURNING row)
     ${addChanges('put', '$1', '$2', 'moments')}`,
    [
      site,
      slot,
      found.map((each) => each.id),
      found.map((each) => each.name),
      found.map((each) => keyText(each.visitor)),
      found.map((each) => keyTextOf(each.person)),
      found.map((each) => each.at),
      found.map((each) => JSON.stringify(each.data)),
    ],
  )
}

async function putComment(ask: Ask, site: number, id: string, response: StoredResponse): Promise<void> {
  const text = keyText(commentOf(response))
  if (text === '') return
  await ask(
    `INSERT INTO earshot.comments (site, response, row, text, grams)
     SELECT site, id, row, $3, $4::text[] FROM earshot.responses WHERE site = $1 AND id = $2
     ON CONFLICT (site, response) DO UPDATE SET row = excluded.row, text = excluded.text, grams = excluded.grams`,
    [site, id, text, gramsOf(text)],
  )
}

const latest = Number.MAX_SAFE_INTEGER
/** So many numbers may be under way at a time. */
const slack = 1000

/** Comments that are looked at before the index is asked. */
const looked = 2000

/** Responses of comments, which come with the newest first; those behind the last that is wanted are not read. */
const responsesOf = (comments: string): string =>
  `WITH found AS MATERIALIZED (${comments})
   SELECT r.row, r.body, r.over_quota FROM (SELECT row, response FROM found ORDER BY row DESC) AS c
     CROSS JOIN LATERAL (SELECT row, body, over_quota FROM earshot.responses
       WHERE site = $1 AND id = c.response AND row IS NOT NULL AND ($2::text IS NULL OR survey = $2)
         AND ($3::text IS NULL OR status = $3) AND ($4::text IS NULL OR variant = $4)
         AND first_at >= $5 AND first_at < $6 LIMIT 1) AS r
   ORDER BY c.row DESC LIMIT $8`

/** Both find the same, as long as there are as many as are wanted among the newest comments. */
const searchStatements = {
  newest: responsesOf(
    `SELECT row, response FROM (SELECT row, response, text FROM earshot.comments
       WHERE site = $1 AND row < $7 ORDER BY row DESC LIMIT ${looked}) AS newest WHERE text LIKE ALL ($9::text[])`,
  ),
  all: responsesOf(
    `SELECT row, response FROM earshot.comments
     WHERE site = $1 AND row < $7 AND grams @> $10::text[] AND text LIKE ALL ($9::text[])`,
  ),
} as const

/** Reads outside of transactions. */
export function createFindingReads(read: Ask): FindingStore & ArrivalStore {
  return {
    async arrivals(site, { after, limit }) {
      if (after === null) {
        const [end] = await read('SELECT last_value FROM earshot.arrivals')
        return { rows: [], last: Number(end?.last_value ?? 0) }
      }
      // Numbers are given before the commit, so a lower one may become visible after a higher one.
      const rows = await read(
        `SELECT row, at, received_at, occurred_at, body FROM earshot.events
         WHERE row > $1 AND site = $2 AND type = 'answer' ORDER BY row LIMIT $3`,
        [after - slack, site, limit + slack],
      )
      const found = rows.map((row) => ({
        row: Number(row.row),
        ...readEvent(row),
        event: JSON.parse(String(row.body)) as AnswerEvent,
      }))
      return { rows: found, last: Math.max(after, found.at(-1)?.row ?? 0) }
    },
    async moments(site, { names, to }, { after, limit }) {
      const rows = await read(
        `SELECT row, name, visitor, person, at, data FROM earshot.moments
         WHERE site = $1 AND row > $2 AND at < $3 AND name = ANY($4::text[]) ORDER BY row LIMIT $5`,
        [site, after, to ?? latest, names, limit],
      )
      return rows.map((row) => ({
        row: Number(row.row),
        name: String(row.name),
        visitor: textOfKey(String(row.visitor)),
        person: typeof row.person === 'string' ? textOfKey(row.person) : null,
        at: Number(row.at),
        data: JSON.parse(String(row.data)) as Record<string, Scalar>,
      }))
    },
    async search(site, terms, filter, { before = latest, limit }) {
      const given = [
        site,
        keyTextOf(filter.survey),
        keyTextOf(filter.status),
        keyTextOf(filter.variant),
        filter.from ?? Number.MIN_SAFE_INTEGER,
        filter.to ?? latest,
        before,
        limit,
        terms.map((each) => `%${keyText(each).replaceAll(/[\\%_]/g, '\\$&')}%`),
      ]
      // What many have said is among the newest comments; only what few have said is worth an index.
      const newest = await read(searchStatements.newest, given)
      if (newest.length === limit) return newest.map(readRow)
      const grams = [...new Set(terms.flatMap((each) => gramsOf(keyText(each))))]
      const rows = await read(searchStatements.all, [...given, grams])
      return rows.map(readRow)
    },
    async late(site, survey, { from, to }) {
      const rows = await read(
        `SELECT hour, arrived, sum(count)::bigint AS count FROM earshot.late
         WHERE site = $1 AND survey = $2 AND hour >= $3 AND hour < $4 GROUP BY hour, arrived`,
        [site, keyText(survey), Math.floor(from / 3_600_000), Math.ceil(to / 3_600_000)],
      )
      return rows.map((row) => ({
        hour: Number(row.hour),
        arrived: Number(row.arrived),
        count: Number(row.count),
      }))
    },
  }
}

function readRow(row: Row): { row: number; response: KeptResponse } {
  const response = JSON.parse(String(row.body)) as StoredResponse
  return { row: Number(row.row), response: { ...response, overQuota: row.over_quota === true } }
}

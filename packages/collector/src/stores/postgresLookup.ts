/** Reads what a group of requests needs to know, in as few questions as possible. */
import type { SurveyEvent } from '@earshot/contract'
import type { Batch } from '../core/ingest.ts'
import type { StoredEvent, StoredResponse } from '../core/project.ts'
import { surveyKey, type StoredSurvey, type SurveyName, type SurveySource } from '../core/surveys.ts'
import type { Millis } from '../core/time.ts'
import { bytesArray, plainArray } from './postgresArray.ts'
import { monthOf } from './postgresMonth.ts'
import type { Ground, Head, HeldPlace } from './postgresPlan.ts'
import type { Ask, Row } from './postgresPool.ts'
import { keyText } from './postgresText.ts'
import { hashOf } from './sqliteId.ts'

/** What the database knows of all that a group names. */
export interface Found {
  /** Event ids that are stored. */
  ids: Set<string>
  /** By id: responses of which there are events. */
  heads: Map<string, Head>
  /** Visitors who are gone. */
  erased: ReadonlySet<string>
  /** By survey key. */
  surveys: Map<string, StoredSurvey>
  /** All names; empty when every definition was found. */
  names: SurveyName[]
  ground: Ground
  /** Whether any response of the site is doubted. */
  hasSuspects: boolean
}

// Each id is looked up by itself (LATERAL with LIMIT cannot be turned into another join), because the planner thinks that a
// site is a small part of a table that it has not counted yet, and would rather read all of it.
const byId = (ids: string, columns: string, table: string, where: string, limit = 1): string =>
  `FROM unnest(${ids}) AS asked (id) CROSS JOIN LATERAL
    (SELECT ${columns} FROM earshot.${table} WHERE site = $1 AND ${where} LIMIT ${limit}) AS found`
const question = `SELECT
  (SELECT array_agg(asked.id) FROM unnest($2::uuid[], $3::int[]) AS asked (id, month) CROSS JOIN LATERAL
    (SELECT 1 FROM earshot.events WHERE site = $1 AND id = asked.id AND month = asked.month LIMIT 1) AS found) AS ids,
  (SELECT array_agg(asked.id) ${byId('$4::bytea[]', '1', 'erased', 'visitor = asked.id')}) AS erased,
  (SELECT json_agg(json_build_object('body', body, 'source', source)) FROM earshot.surveys
    WHERE site = $1 AND (id, version) IN (SELECT * FROM unnest($5::text[], $6::int[]))) AS surveys,
  (SELECT json_agg(found) ${byId('$7::uuid[]', 'id, events, months, ignored, body, over_quota', 'responses', 'id = asked.id')}) AS heads,
  (SELECT json_agg(found) ${byId('$7::uuid[]', 'response, survey, until, free', 'places', 'response = asked.id', 100)}) AS places,
  EXISTS (SELECT 1 FROM earshot.surveys WHERE site = $1 AND quota IS NOT NULL) AS has_quotas,
  EXISTS (SELECT 1 FROM earshot.suspects WHERE site = $1) AS has_suspects`

/**
 * Looks up what the batches need.
 *
 * @param at when places are judged
 */
export async function lookUp(ask: Ask, site: number, batches: readonly Batch[], at: Millis): Promise<Found> {
  const ids = new Set(batches.flatMap((each) => each.ids))
  const visitors = [...new Set(batches.flatMap((each) => each.visitors))]
  const hashes = visitors.map(hashOf)
  const surveys = new Map(
    batches.flatMap((each) => each.surveys).map((each) => [surveyKey(each.id, each.version), each]),
  )
  const responses = [...new Set(batches.flatMap((each) => each.responses))]
  const [row = {}] = await ask(question, [
    site,
    plainArray([...ids]),
    plainArray([...ids].map(monthOf)),
    bytesArray(hashes),
    [...surveys.values()].map((each) => keyText(each.id)),
    [...surveys.values()].map((each) => each.version),
    plainArray(responses),
  ])
  const gone = new Set(((row.erased ?? []) as Buffer[]).map(hexOf))
  const found = ((row.surveys ?? []) as Row[]).map(readSurvey)
  const heads = await readHeads(ask, site, (row.heads ?? []) as Row[])
  // Most sites have no quota at all, and then nothing more is to be known.
  const named = [...surveys.values()].map((each) => each.id)
  const wanted = row.has_quotas === true ? namedWith(named, heads) : []
  return {
    ids: new Set(readIds(row.ids)),
    heads,
    erased: new Set(visitors.filter((_, index) => gone.has(hexOf(hashes[index])))),
    surveys: new Map(found.map((each) => [surveyKey(each.survey.id, each.survey.version), each])),
    names: found.length < surveys.size ? await readNames(ask, site) : [],
    hasSuspects: row.has_suspects === true,
    ground: await readGround(ask, site, wanted, responses, (row.places ?? []) as Row[], at),
  }
}

/** Surveys whose quotas a fold of these responses may hang on. */
export function namedWith(surveys: Iterable<string>, heads: ReadonlyMap<string, Head>): string[] {
  const all = new Set(surveys)
  for (const { response, events } of heads.values()) {
    if (response) all.add(response.survey)
    for (const { event } of events) all.add(event.survey)
  }
  return [...all]
}

/** A bound that no response reaches; the planner needs one. */
const mostRead = 100_000

/** Reads the events of heads; `rows` have id, events, months, ignored, body and over_quota. */
export async function readHeads(ask: Ask, site: number, rows: readonly Row[]): Promise<Map<string, Head>> {
  const heads = new Map<string, Head>()
  for (const row of rows) {
    const response = row.body === null ? null : (JSON.parse(row.body as string) as StoredResponse)
    const stored = { response, isOverQuota: row.over_quota === true }
    const id = row.id as string
    const ignored = Number(row.ignored ?? 0)
    heads.set(id, { id, before: row.events as number, events: [], ...stored, stored: { ...stored, ignored } })
  }
  if (heads.size === 0) return heads
  const months = [...new Set(rows.flatMap((each) => each.months as number[]))]
  const events = await ask(
    `SELECT found.* ${byId(
      '$3::uuid[]',
      'row, response, at, received_at, occurred_at, body',
      'events',
      'month = ANY($2::int[]) AND response = asked.id',
      mostRead,
    )} ORDER BY found.row`,
    [site, months, [...heads.keys()]],
  )
  for (const row of events) heads.get(row.response as string)?.events.push(readEvent(row))
  return heads
}

/** Reads quotas, and what counts against them; `places` are those of the responses. */
export async function readGround(
  ask: Ask,
  site: number,
  surveys: readonly string[],
  responses: readonly string[],
  places: readonly Row[],
  at: Millis,
): Promise<Ground> {
  const own = new Map<string, HeldPlace[]>()
  for (const row of places) {
    const held = own.get(row.response as string) ?? []
    const { survey, until, free } = row as unknown as HeldPlace
    own.set(row.response as string, [...held, { survey, until, free }])
  }
  const ground: Ground = {
    quotas: new Map(),
    completed: new Map(),
    heldByOthers: new Map(),
    own,
    swept: new Map(),
  }
  if (surveys.length === 0) return ground
  const rows = await ask(
    `SELECT id, quota,
       (SELECT coalesce(sum(count), 0)::bigint FROM earshot.completed WHERE site = $1 AND survey = id) AS completed,
       (SELECT count(*) FROM earshot.places
         WHERE site = $1 AND survey = id AND free > $3 AND response <> ALL ($4::uuid[])) AS held
     FROM (SELECT DISTINCT ON (id) id, quota FROM earshot.surveys
       WHERE site = $1 AND id = ANY($2::text[]) AND source = 'served' ORDER BY id, version DESC) AS served
     WHERE quota IS NOT NULL`,
    [site, surveys, at, responses],
  )
  return {
    ...ground,
    quotas: new Map(rows.map((each) => [String(each.id), Number(each.quota)])),
    completed: new Map(rows.map((each) => [String(each.id), Number(each.completed)])),
    heldByOthers: new Map(rows.map((each) => [String(each.id), Number(each.held)])),
  }
}

/** Names of all definitions, in the order of id and version. */
export async function readNames(ask: Ask, site: number): Promise<SurveyName[]> {
  const rows = await ask(
    'SELECT id, version, source FROM earshot.surveys WHERE site = $1 ORDER BY id, version',
    [site],
  )
  return rows as unknown as SurveyName[]
}

/** A row of `surveys` as the core knows it. */
export function readSurvey(row: Row): StoredSurvey {
  return {
    survey: JSON.parse(row.body as string) as StoredSurvey['survey'],
    source: row.source as SurveySource,
  }
}

/** A row of `events` as the core knows it. */
export function readEvent(row: Row): StoredEvent<SurveyEvent> {
  return {
    event: JSON.parse(row.body as string) as SurveyEvent,
    at: Number(row.at),
    receivedAt: Number(row.received_at),
    occurredAt: Number(row.occurred_at),
  }
}

// The driver has no parser for lists of ids, and gives their text: {…,…}
function readIds(value: unknown): string[] {
  if (Array.isArray(value)) return value as string[]
  return typeof value === 'string' && value.length > 2 ? value.slice(1, -1).split(',') : []
}

function hexOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex')
}

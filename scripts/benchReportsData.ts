/** The data of the benchmark of reports: the same responses, by the same formulas, as rows of a store, of plain SQL, and of DuckDB. */
import { DatabaseSync } from 'node:sqlite'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { StoredResponse } from '../packages/collector/src/core/project.ts'
import { formatMoment } from '../packages/collector/src/core/time.ts'
import { recounts } from '../packages/collector/src/stores/sqliteDays.ts'
import { idToBytes, visitorToKey } from '../packages/collector/src/stores/sqliteId.ts'
import { packResponse } from '../packages/collector/src/stores/sqliteRows.ts'

const day = 86_400_000
/** Answers lie in the year before it. */
export const now: number = Date.UTC(2026, 10, 21)
/** The moment from which on there are answers. */
export const start: number = now - 365 * day
/** Responses of one transaction. */
const step = 100_000

/** Milliseconds between two responses. */
export const stepOf = (responses: number): number => (365 * day - 2000) / responses
const channels = ['web', 'app', 'email'] as const
export const plans = ['free', 'pro', 'team', 'enterprise'] as const
const said = ['slow', 'fast', 'fine', 'late and the box was open'] as const

const hex = (number: number): string => number.toString(16).padStart(12, '0')
/** The visitor of a number; who answered before has the number of that answer. */
const visitorOf = (who: number): string => `018f0000-0000-7000-8000-${hex(who)}`
const whoOf = (index: number): number => (index % 7 === 0 && index > 0 ? index - 3 : index)

interface Made {
  response: StoredResponse
  at: number
  score: number
  comment: string | null
}

/** What is the response of a number. */
export function make(index: number, responses: number): Made {
  const at = Math.floor(start + index * stepOf(responses))
  const moment = formatMoment(at)
  const score = (index * 7919) % 11
  const comment =
    index % 20 === 0 ? `delivery of order ${index % 1000} was ${said[(index / 20) % 4] ?? ''}` : null
  const answered = { revision: 0, at: moment }
  const isCompleted = index % 4 === 0
  const response: StoredResponse = {
    id: `018f0001-0000-7000-8000-${hex(index)}`,
    survey: 'nps',
    version: 1,
    status: isCompleted ? 'completed' : 'partial',
    visitor: visitorOf(whoOf(index)),
    person: null,
    session: `018f0002-0000-7000-8000-${hex(index)}`,
    channel: channels[index % 3] ?? '',
    touchpoint: `page-${index % 8}`,
    stage: null,
    locale: 'de',
    url: 'https://shop.example/checkout/thanks',
    variant: null,
    trigger: null,
    followUp: null,
    hidden: null,
    layout: null,
    wording: null,
    displayedAt: null,
    answers: {
      score: { value: score, ...answered },
      ...(comment === null ? {} : { why: { value: comment, ...answered } }),
    },
    completedAt: isCompleted ? moment : null,
    dismissedAt: null,
    dismissReason: null,
    firstAt: moment,
    lastAt: moment,
  }
  return { response, at, score, comment }
}

/** A packed response, of which only who it is of and when it was differ. */
interface Template {
  bytes: Buffer
  visitor: number
  session: number
  time: number
}

/** Seven bits in each byte, the lowest first, as `packJson` writes a moment; those of our year all have six. */
function timeBytes(at: number): Buffer {
  const bytes = Buffer.alloc(6)
  let rest = at * 2
  for (let index = 0; index < 6; index++) {
    bytes[index] = (rest % 0x80) + (index < 5 ? 0x80 : 0)
    rest = Math.floor(rest / 0x80)
  }
  return bytes
}

/** Packs a response; those without a comment are made of the packed one of the same answers, since packing millions takes long. */
function createPacker(): (index: number, made: Made) => Uint8Array {
  const templates = new Map<number, Template>()
  return (index, { response, at, comment }) => {
    if (comment !== null) return packResponse(response)
    const key = index % (11 * 24)
    let template = templates.get(key)
    if (!template) {
      const bytes = Buffer.from(packResponse(response))
      const [visitor, session] = [response.visitor, response.session].map(idToBytes)
      const first = bytes.indexOf(visitor ?? '')
      const found = {
        bytes,
        visitor: first,
        session: bytes.indexOf(session ?? '', first + 16),
        time: bytes.indexOf(timeBytes(at)),
      }
      if (Math.min(found.visitor, found.session, found.time) < 0) return packResponse(response)
      template = found
      templates.set(key, template)
    }
    template.bytes.set(idToBytes(response.visitor), template.visitor)
    template.bytes.set(idToBytes(response.session), template.session)
    template.bytes.set(timeBytes(at), template.time)
    return template.bytes
  }
}

/** Fills the tables of a store that are behind reports. Events are left out: no report reads them. */
export function fillSqlite(file: string, responses: number): void {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; PRAGMA cache_size = -400000')
  const site = Number(database.prepare('SELECT id FROM sites').get()?.id)
  const putResponse = database.prepare(
    `INSERT INTO responses (site, id, survey, version, status, answers, closed, first_at, ignored, over_quota, body)
     VALUES (${site}, ?, 'nps', 1, ?, ?, 0, ?, 0, 0, ?)`,
  )
  const putAnswer = database.prepare(
    `INSERT INTO answers (site, survey, question, at, response, version, score, who) VALUES (${site}, 'nps', 'score', ?, ?, 1, ?, ?)`,
  )
  const putComment = database.prepare('INSERT INTO comments VALUES (?, ?)')
  const putMoment = database.prepare(
    `INSERT INTO moments (site, event, name, visitor, person, at, data) VALUES (${site}, ?, 'identify', ?, NULL, ?, ?)`,
  )
  const pack = createPacker()
  // Indexes and triggers are made again when all is there.
  const aside = database
    .prepare(
      "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND tbl_name IN ('responses', 'comments') AND sql IS NOT NULL",
    )
    .all()
  for (const { type, name } of aside) database.exec(`DROP ${String(type)} ${String(name)}`)
  for (let first = 0; first < responses; first += step) {
    database.exec('BEGIN')
    for (let index = first; index < Math.min(responses, first + step); index++) {
      const made = make(index, responses)
      const { response, at, score, comment } = made
      const id = idToBytes(response.id)
      const body = pack(index, made)
      const { lastInsertRowid } = putResponse.run(
        id,
        response.status === 'completed' ? 2 : 1,
        comment === null ? 1 : 2,
        at,
        body,
      )
      putAnswer.run(at, id, score, visitorToKey(response.visitor))
      if (comment !== null) putComment.run(lastInsertRowid, comment)
      if (index % 10 === 1)
        putMoment.run(id, visitorToKey(visitorOf(index)), start - 1, JSON.stringify({ plan: planOf(index) }))
    }
    database.exec('COMMIT')
  }
  for (const { sql } of aside) database.exec(String(sql))
  database.exec("INSERT INTO comments_index (comments_index) VALUES ('rebuild')")
  for (const [table, sql] of Object.entries(recounts))
    database.exec(`DELETE FROM ${table}; INSERT INTO ${table} ${sql}`)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); ANALYZE')
  database.close()
}

/** All comments that there are of so many responses, each once. */
export const commentsOf = (responses: number): string[] => {
  const found = new Set<string>()
  // They repeat after 4,000.
  for (let index = 0; index < Math.min(responses, 4000); index += 20)
    found.add(make(index, responses).comment ?? '')
  return [...found]
}

/** The trait that was told. */
export const planOf = (index: number): string => plans[Math.floor(index / 10) % 4] ?? ''

/** The rows by which the same questions are asked in plain SQL, of numbers `i` from 0 on. */
export const rawColumns = (
  responses: number,
  floor: (value: string) => string,
  list: (...each: string[]) => string,
): string =>
  `i, ${floor(`${start} + i * CAST(${stepOf(responses)} AS DOUBLE PRECISION)`)} AS t, (i * 7919) % 11 AS score,
   CASE WHEN i % 7 = 0 AND i > 0 THEN i - 3 ELSE i END AS who, ${list('i % 3', ...channels)} AS channel,
   'page-' || CAST(i % 8 AS TEXT) AS touchpoint, CASE WHEN i % 4 = 0 THEN 2 ELSE 1 END AS status,
   CASE WHEN i % 20 = 0 THEN 'delivery of order ' || CAST(i % 1000 AS TEXT) || ' was ' || ${list('i / 20 % 4', ...said)} END AS comment`

/** Chooses a text by a number, in SQL. */
export const cases = (index: string, ...texts: string[]): string =>
  `CASE ${index} ${texts.map((text, each) => `WHEN ${each} THEN '${text}'`).join(' ')} END`

/** Plain tables of the same in another SQLite file, with the index that such a question is given by hand. */
export function fillRaw(file: string, responses: number): void {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;
    CREATE TABLE raw AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${responses})
      SELECT ${rawColumns(responses, (value) => `CAST(${value} AS INTEGER)`, cases)} FROM n;
    CREATE TABLE traits AS SELECT i AS who, ${cases('i / 10 % 4', ...plans)} AS plan FROM raw WHERE i % 10 = 1;
    CREATE INDEX raw_by_time ON raw (t, score, status); CREATE UNIQUE INDEX traits_by_who ON traits (who); ANALYZE`)
  database.close()
}

/** The same in DuckDB. */
export async function fillDuck(duck: DuckDBConnection, responses: number): Promise<void> {
  const columns = rawColumns(responses, (value) => `CAST(floor(${value}) AS BIGINT)`, cases)
  await duck.run(
    `CREATE TABLE raw AS SELECT ${columns.replaceAll('i / 20', 'i // 20')} FROM range(${responses}) AS n(i)`,
  )
  await duck.run(
    `CREATE TABLE traits AS SELECT i AS who, ${cases('i // 10 % 4', ...plans)} AS plan FROM raw WHERE i % 10 = 1`,
  )
}

/** Brings all that a SQLite store has into an empty PostgreSQL database, in one transaction. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { FeedbackEvent, SurveyEvent } from '@earshot/contract'
import type { Millis } from '../core/time.ts'
import type { Log } from '../ports/world.ts'
import { number } from './postgresAnonymise.ts'
import { createMonths, monthOf } from './postgresMonth.ts'
import type { Ground, Head } from './postgresPlan.ts'
import { createPostgres, type Ask } from './postgresPool.ts'
import { openSchema } from './postgresSchema.ts'
import { addressOf, keyText } from './postgresText.ts'
import { write } from './postgresWrite.ts'
import { bytesToId } from './sqliteId.ts'
import { eventColumns, readEvent, readStored } from './sqliteRows.ts'
import { openReader } from './sqliteSchema.ts'

/** What was brought. */
export interface Moved {
  sites: number
  surveys: number
  events: number
  responses: number
}

/** How far it is: rows of a table so far. */
export type MoveProgress = (table: string, rows: number) => void

/**
 * Tables of the same name on both sides, whose rows go over one by one, in an order in which each finds what it refers to.
 * Work and plans come after the events, because a new event makes work where there is a plan, and those have theirs already.
 */
export const copiedTables = [
  'sites',
  'access',
  'sessions',
  'uses',
  'audit',
  'settings',
  'surveys',
  'places',
  'erased',
  'suspects',
  'counters',
  'late',
  'outbound',
  'jobs',
  'contacts',
  'cases',
  'case_entries',
  'notes',
  'note_answers',
  'mail_secrets',
  'addresses',
  'unsubscribed',
] as const

/** Tables of SQLite that hold what follows from others, and are made anew. */
export const derivedTables = [
  'events',
  'responses',
  'answers',
  'moments',
  'comments',
  'completed',
  'held',
  'score_days',
  'response_days',
  'response_changes',
] as const

/** What PostgreSQL has and SQLite does not, as SQL over the row that was `given`. */
const added: Readonly<Record<string, readonly (readonly [column: string, sql: string])[]>> = {
  surveys: [['quota', `CASE given.source WHEN 'served' THEN (given.body::json ->> 'quota')::int END`]],
  counters: [['slot', '0']],
  late: [['slot', '0']],
}

/** Rows of a step: some megabytes. */
const step = 1000
/** The rows of counters that `write` adds to. */
const slot = 0
const noGround: Ground = {
  quotas: new Map(),
  completed: new Map(),
  heldByOthers: new Map(),
  own: new Map(),
  swept: new Map(),
}

/**
 * Brings everything over: sites, keys, tokens, surveys, events, responses, cases, mail, work that waits, and who was erased.
 * Nothing is in the database before all of it is, and the file stays as it is.
 *
 * @param path of the SQLite file, of the current format, which nobody writes to meanwhile
 * @param url of a database in which no collector has run yet
 * @throws when the database has a site already, cannot be reached, or does not hold in the end what the file holds
 * @example
 * await moveToPostgres('./earshot-data/earshot.sqlite', 'postgres://earshot@localhost/earshot', Date.now())
 */
export async function moveToPostgres(
  path: string,
  url: string,
  now: Millis,
  options: { log?: Log; told?: MoveProgress } = {},
): Promise<Moved> {
  const { log, told = () => undefined } = options
  const file = openReader(path)
  // A single statement writes a step, and the commit has all of it to sync.
  const postgres = createPostgres(url, { statement: 60_000, commit: 600_000 })
  try {
    await openSchema(postgres, addressOf(url), log)
    await assertEmpty(postgres.read, url)
    await createMonths(postgres, log).ensure(monthsOf(file), now)
    return await postgres.transaction({ site: 0, mode: 'exclusive' }, async (ask) => {
      await assertEmpty(ask, url)
      const isBefore = (table: string): boolean =>
        copiedTables.indexOf(table as never) < copiedTables.indexOf('counters')
      for (const table of copiedTables.filter(isBefore)) await copy(file, ask, table, told)
      const sites = file.prepare('SELECT id FROM sites ORDER BY id').all()
      for (const { id } of sites) {
        await bringEvents(file, ask, Number(id), told)
        await bringResponses(file, ask, Number(id), told)
      }
      // It was counted along the way; the file knows of what is gone since, too.
      await ask('DELETE FROM earshot.late')
      for (const table of copiedTables.filter((each) => !isBefore(each))) await copy(file, ask, table, told)
      return await compare(file, ask)
    })
  } finally {
    file.close()
    await postgres.close()
  }
}

async function assertEmpty(ask: Ask, url: string): Promise<void> {
  const [row] = await ask('SELECT count(*) AS sites FROM earshot.sites')
  if (Number(row?.sites) > 0)
    throw new Error(
      `${addressOf(url)} has a site already, and two collections of answers cannot be made one. Name an empty database. Nothing was changed.`,
    )
}

function* monthsOf(file: DatabaseSync): Generator<number> {
  const known = new Set<number>()
  for (const { id } of file.prepare('SELECT id FROM events').iterate()) {
    const month = monthOf(bytesToId(id as Uint8Array))
    if (!known.has(month)) yield month
    known.add(month)
  }
}

/** In the order of arrival, which their numbers tell. */
async function bringEvents(file: DatabaseSync, ask: Ask, site: number, told: MoveProgress): Promise<void> {
  const some = file.prepare(
    `SELECT row, ${eventColumns} FROM events WHERE site = ? AND row > ? ORDER BY row LIMIT ${step}`,
  )
  let done = 0
  // What is of nobody stands before the first row.
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const rows = some.all(site, after)
    const last = rows.at(-1)
    if (!last) return
    after = Number(last.row)
    const events = rows.map((row) => readEvent<FeedbackEvent>(row))
    await write(ask, site, slot, { events, heads: [], ground: noGround, counters: { events: events.length } })
    const ofNobody = rows.flatMap((row) =>
      Number(row.row) < 0 ? [{ id: bytesToId(row.id as Uint8Array), row: Number(row.row) }] : [],
    )
    if (ofNobody.length > 0) await number(ask, site, ofNobody)
    told('events', (done += rows.length))
  }
}

/** Responses in the order of their numbers, and behind them the ids of which only events without a showing are known. */
async function bringResponses(file: DatabaseSync, ask: Ask, site: number, told: MoveProgress): Promise<void> {
  const eventsOf = file.prepare(
    `SELECT ${eventColumns} FROM events WHERE site = ? AND response = ? ORDER BY row`,
  )
  const some = file.prepare(
    `SELECT row, id, body, over_quota FROM responses WHERE site = ? AND row > ? ORDER BY row LIMIT ${step}`,
  )
  const others = file.prepare(
    `SELECT DISTINCT response AS id FROM events AS e WHERE site = ?1 AND response > ?2
       AND NOT EXISTS (SELECT 1 FROM responses AS r WHERE r.site = ?1 AND r.id = e.response) ORDER BY 1 LIMIT ${step}`,
  )
  const headOf = (row: Record<string, unknown>): Head => ({
    id: bytesToId(row.id as Uint8Array),
    before: 0,
    events: eventsOf.all(site, row.id as Uint8Array).map((each) => readEvent<SurveyEvent>(each)),
    response: row.body === undefined ? null : readStored(row),
    isOverQuota: row.over_quota === 1,
    stored: { response: null, isOverQuota: false, ignored: 0 },
  })
  const put = (rows: Record<string, unknown>[]): Promise<void> =>
    write(ask, site, slot, { events: [], heads: rows.map(headOf), ground: noGround, counters: {} })
  let done = 0
  for (let after = 0; ;) {
    const rows = some.all(site, after)
    const last = rows.at(-1)
    if (!last) break
    after = Number(last.row)
    await put(rows)
    told('responses', (done += rows.length))
  }
  for (let after = new Uint8Array(); ;) {
    const rows = others.all(site, after)
    const last = rows.at(-1)
    if (!last) return
    after = last.id as Uint8Array<ArrayBuffer>
    await put(rows)
  }
}

interface Column {
  name: string
  type: string
  /** Compared byte by byte, and written as `keyText` writes it. */
  isKey: boolean
  isNumbered: boolean
}

async function columnsOf(file: DatabaseSync, ask: Ask, table: string): Promise<Column[]> {
  const own = file.prepare('SELECT name FROM pragma_table_info(?)').all(table)
  const theirs = await ask(
    `SELECT column_name AS name, data_type AS type, collation_name AS collation, is_identity AS numbered
     FROM information_schema.columns WHERE table_schema = 'earshot' AND table_name = $1 ORDER BY ordinal_position`,
    [table],
  )
  const names = new Set(own.map((each) => String(each.name)))
  const missing = theirs
    .map((each) => String(each.name))
    .filter((name) => !names.has(name) && !added[table]?.some(([column]) => column === name))
  const found = theirs.filter((each) => names.has(String(each.name)))
  if (missing.length > 0 || found.length < names.size)
    throw new Error(`the table ${table} has other columns in the file and in the database`)
  return found.map(({ name, type, collation, numbered }) => ({
    name: String(name),
    type: String(type),
    isKey: collation === 'C',
    isNumbered: numbered === 'YES',
  }))
}

/** A value of SQLite as the driver takes it. */
function valueOf(value: SQLOutputValue, { type, isKey }: Column): unknown {
  if (value === null) return null
  if (value instanceof Uint8Array) return type === 'uuid' ? bytesToId(value) : Buffer.from(value)
  if (type === 'boolean') return Number(value) === 1
  if (type === 'integer' || type === 'bigint') return Number(value)
  // A list stands in the file as JSON, and goes as text because lists of lists must be of one length.
  if (type === 'ARRAY')
    return `{${(JSON.parse(String(value)) as string[]).map((each) => JSON.stringify(each)).join(',')}}`
  return isKey ? keyText(String(value)) : String(value)
}

async function copy(file: DatabaseSync, ask: Ask, table: string, told: MoveProgress): Promise<void> {
  const columns = await columnsOf(file, ask, table)
  const more = added[table] ?? []
  const names = columns.map((each) => each.name)
  const unlist = ({ type }: Column): string => (type === 'ARRAY' ? 'text' : type)
  const statement = `INSERT INTO earshot.${table} (${[...names, ...more.map(([name]) => name)].join(', ')})
    ${columns.some((each) => each.isNumbered) ? 'OVERRIDING SYSTEM VALUE' : ''}
    SELECT ${[
      ...columns.map((each) => `given.${each.name}${each.type === 'ARRAY' ? '::text[]' : ''}`),
      ...more.map(([, sql]) => sql),
    ].join(', ')}
    FROM unnest(${columns.map((each, index) => `$${index + 1}::${unlist(each)}[]`).join(', ')}) AS given (${names.join(', ')})
    ${table === 'access' ? 'ON CONFLICT (kind, name) DO UPDATE SET body = (excluded.body::bigint + 1)::text' : ''}`
  let rows: Record<string, SQLOutputValue>[] = []
  let done = 0
  const flush = async (): Promise<void> => {
    if (rows.length === 0) return
    await ask(
      statement,
      columns.map((column) => rows.map((row) => valueOf(row[column.name] ?? null, column))),
    )
    told(table, (done += rows.length))
    rows = []
  }
  for (const row of file.prepare(`SELECT ${names.join(', ')} FROM ${table}`).iterate()) {
    rows.push(row)
    if (rows.length === step) await flush()
  }
  await flush()
  const numbered = columns.find((each) => each.isNumbered)
  if (numbered && done > 0)
    await ask(
      `SELECT setval(pg_get_serial_sequence('earshot.${table}', '${numbered.name}'), max(${numbered.name})) FROM earshot.${table}`,
    )
}

/** Rows of PostgreSQL for which there is one in the file. */
const sameOf: Readonly<Record<string, string>> = {
  responses: 'WHERE row IS NOT NULL',
  answers: 'WHERE score IS NOT NULL',
  counters: "WHERE name NOT IN ('events', 'responses')",
}

/** @throws when something of the file is not there */
async function compare(file: DatabaseSync, ask: Ask): Promise<Moved> {
  const counts = new Map<string, number>()
  for (const table of [...copiedTables, 'events', 'responses', 'moments', 'comments', 'answers']) {
    const [theirs] = await ask(`SELECT count(*) AS count FROM earshot.${table} ${sameOf[table] ?? ''}`)
    const own = Number(file.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count)
    if (Number(theirs?.count) !== own)
      throw new Error(
        `${table} has ${own} rows in the file and ${String(theirs?.count)} in the database. Nothing was changed; please tell us.`,
      )
    counts.set(table, own)
  }
  const of = (table: string): number => counts.get(table) ?? 0
  return { sites: of('sites'), surveys: of('surveys'), events: of('events'), responses: of('responses') }
}

/** Keeps the responses of surveys as columns in memory, brings them up to date with PostgreSQL before each report, and counts by them. */
import { createFactColumns, type ColumnMoment, type FactColumns } from '../core/columnFacts.ts'
import { columnRowOf } from '../core/columnRow.ts'
import { chunkSize, createSurveyColumns, type ColumnRow, type SurveyColumns } from '../core/columns.ts'
import { tallyColumns, type ColumnPlan } from '../core/columnTally.ts'
import type { Identity } from '../core/identities.ts'
import { factNames, momentsFor } from '../core/peopleFacts.ts'
import type { StoredResponse } from '../core/project.ts'
import type { Tallied } from '../core/tally.ts'
import type { CountStore } from '../ports/countStore.ts'
import { keepWithin } from './keptColumns.ts'
import { identityAt, personIdentity, tableSeed, visitorIdentity } from './packedColumns.ts'
import { writeUuid } from './packJson.ts'
import { follow, readChanges, type Followed } from './postgresChanges.ts'
import type { Ask, Copy, Postgres } from './postgresPool.ts'
import { keyText, literal, textOfKey, whole } from './postgresText.ts'
import { bytesToId } from './sqliteId.ts'

/** Most responses that are kept, of all surveys; some 60 bytes each. Of a survey with more nothing is. */
export const mostKept = 20_000_000
/** Most moments that are kept of a site. */
const mostMoments = 5_000_000

/** What counts by columns. */
export interface ColumnsStore extends Required<Pick<CountStore, 'tally'>> {
  /** Reads what a report needs before one is asked for. */
  warm(site: number, survey: string): Promise<void>
}

interface Kept extends Followed {
  columns: SurveyColumns
  ids: Ids
}

interface KeptMoments extends Followed {
  ranges: Map<number, ColumnMoment[]>
  size: number
  facts: FactColumns
  /** Rows have changed since the facts were made of them. */
  isOutdated: boolean
}

/** A response as it is read, with the id by which of two answers of one time one is the later. */
type ReadRow = ColumnRow & { id: Identity }

const momentsOf = `SELECT row, name, visitor, person, at, data FROM earshot.moments
  WHERE site = $1 AND row >= $2 AND row < $3 AND name = ANY($4::text[]) ORDER BY row LIMIT $5`

/**
 * Begins without any; nothing is read before the first report that needs it.
 *
 * Each collector keeps columns of its own, and finds what others have written by `range_changes`. All that a step reads is of
 * one moment, and what is counted is of the moment of the last step.
 */
export function createPostgresColumns({ snapshot }: Pick<Postgres, 'snapshot'>): ColumnsStore {
  const kept = new Map<string, Kept>()
  const keptMoments = new Map<number, KeptMoments>()
  /** Surveys with more responses than are kept. */
  const tooLarge = new Set<string>()
  let turn: Promise<unknown> = Promise.resolve()

  const keptOf = (key: string): Kept => {
    const ids = createIds()
    const entry = kept.get(key) ?? {
      known: new Map<number, number>(),
      next: 0,
      ids,
      columns: createSurveyColumns(ids.of, tableSeed()),
    }
    // The last of the map is the one that was used last.
    kept.delete(key)
    kept.set(key, entry)
    return entry
  }

  /** Gives up those that were not used for the longest time; false where the one is too large by itself. */
  const makeRoom = (key: string): boolean => {
    if (keepWithin(kept, key, mostKept) <= mostKept) return true
    kept.delete(key)
    tooLarge.add(key)
    return false
  }

  const momentsOfSite = (site: number): KeptMoments => {
    const entry = keptMoments.get(site) ?? {
      known: new Map<number, number>(),
      next: 0,
      size: 0,
      ranges: new Map<number, ColumnMoment[]>(),
      facts: createFactColumns([]),
      isOutdated: false,
    }
    keptMoments.set(site, entry)
    return entry
  }

  /** One step of what is known of a survey; null where it is too large, undefined where more is to be read. */
  const follows = async (
    copy: Copy,
    site: number,
    survey: string,
    changes: ReadonlyMap<number, number>,
  ): Promise<SurveyColumns | null | undefined> => {
    const key = `${site} ${survey}`
    const entry = keptOf(key)
    const isDone = await follow(
      entry,
      changes,
      (from, to, limit) => readRows(copy, site, survey, from, to, limit),
      (range, rows) => {
        entry.ids.put(range, rows)
        entry.columns.put(range, rows)
      },
    )
    if (!makeRoom(key)) return null
    return isDone ? entry.columns : undefined
  }

  /** One step of what is known of people; null where it is too much, undefined where more is to be read. */
  const followsPeople = async (
    ask: Ask,
    site: number,
    changes: ReadonlyMap<number, number>,
  ): Promise<FactColumns | null | undefined> => {
    const people = momentsOfSite(site)
    const isAll = await follow(
      people,
      changes,
      (from, to, limit) => readMoments(ask, site, from, to, limit),
      (range, rows) => {
        people.isOutdated = true
        people.size += rows.length - (people.ranges.get(range)?.length ?? 0)
        if (rows.length > 0) people.ranges.set(range, rows)
        else people.ranges.delete(range)
      },
    )
    if (people.size > mostMoments) {
      keptMoments.delete(site)
      return null
    }
    if (!isAll) return undefined
    if (people.isOutdated) {
      const ranges = [...people.ranges].toSorted(([a], [b]) => a - b)
      people.facts = createFactColumns(ranges.flatMap(([, rows]) => rows))
      people.isOutdated = false
    }
    return people.facts
  }

  /** One step; undefined where more is to be read. */
  const attempt = async (
    ask: Ask,
    copy: Copy,
    site: number,
    survey: string,
    plan: ColumnPlan,
  ): Promise<Tallied | null | undefined> => {
    const changes = await readChanges(ask, site)
    const columns = await follows(copy, site, survey, changes.responses)
    if (!columns) return columns
    if (momentsFor(plan.by, plan.where).length === 0)
      return tallyColumns(columns, plan, createFactColumns([]))
    const facts = await followsPeople(ask, site, changes.moments)
    return facts && tallyColumns(columns, plan, facts)
  }

  /** One step at a time, since a step changes what the next one goes by. */
  const inTurn = async <Result>(
    step: (ask: Ask, copy: Copy) => Promise<Result | undefined>,
  ): Promise<Result> => {
    for (;;) {
      const own = turn.then(() => snapshot(step))
      turn = own.catch(() => undefined)
      const result = await own
      if (result !== undefined) return result
    }
  }

  return {
    async tally(site, survey, plan) {
      return inTurn(async (ask, copy) =>
        tooLarge.has(`${site} ${survey}`) ? null : attempt(ask, copy, site, survey, plan),
      )
    },
    async warm(site, survey) {
      await inTurn(async (ask, copy) => {
        const { responses } = await readChanges(ask, site)
        return tooLarge.has(`${site} ${survey}`) ? null : follows(copy, site, survey, responses)
      })
      await inTurn(async (ask) => followsPeople(ask, site, (await readChanges(ask, site)).moments))
    },
  }
}

/** Where the fields of a row are that have one size, and where the length of its body is, behind the begin of the first. */
const places = { row: 4, overQuota: 16, doubted: 21, id: 26, size: 42, body: 46 } as const

/** By bytes, since a text of all bodies of a step would take more time to make than to read; and there is no bound on its length. */
async function readRows(
  copy: Copy,
  site: number,
  survey: string,
  from: number,
  to: number,
  limit: number,
): Promise<ReadRow[]> {
  const rows: ReadRow[] = []
  await copy(
    `SELECT r.row, r.over_quota, s.response IS NOT NULL, r.id, r.body FROM earshot.responses AS r
       LEFT JOIN earshot.suspects AS s ON s.site = r.site AND s.response = r.id AND NOT s.cleared
     WHERE r.site = ${whole(site)} AND r.survey = ${literal(keyText(survey))} AND r.row >= ${whole(from)}
       AND r.row < ${whole(to)} ORDER BY r.row LIMIT ${whole(limit)}`,
    (bytes, start) => rows.push(readRow(bytes, start)),
  )
  return rows
}

function readRow(bytes: Buffer, start: number): ReadRow {
  const body = start + places.body
  const text = bytes.toString('utf8', body, body + bytes.readInt32BE(start + places.size))
  const row = columnRowOf(JSON.parse(text) as StoredResponse, {
    row: Number(bytes.readBigInt64BE(start + places.row)),
    isOverQuota: bytes[start + places.overQuota] === 1,
    isDoubted: bytes[start + places.doubted] === 1,
    visitorIdentity: identityOf,
    personIdentity,
  })
  return Object.assign(row, { id: identityAt(bytes, start + places.id) })
}

async function readMoments(
  ask: Ask,
  site: number,
  from: number,
  to: number,
  limit: number,
): Promise<(ColumnMoment & { row: number })[]> {
  const rows = await ask(momentsOf, [site, from, to, factNames, limit])
  return rows.map((row) => ({
    row: Number(row.row),
    name: String(row.name),
    visitor: identityOf(textOfKey(String(row.visitor))),
    person: typeof row.person === 'string' ? personIdentity(textOfKey(row.person)) : null,
    at: Number(row.at),
    data: JSON.parse(String(row.data)) as Record<string, unknown>,
  }))
}

const scratch = Buffer.alloc(16)

function identityOf(visitor: string): Identity {
  return writeUuid(visitor, scratch, 0) ? identityAt(scratch, 0) : visitorIdentity(visitor)
}

interface Ids {
  /** The id of the response of a row. */
  of(row: number): string
  put(range: number, rows: readonly ReadRow[]): void
}

/** Keeps the ids of responses, 16 bytes each. */
function createIds(): Ids {
  const ranges = new Map<number, { rows: Uint16Array; parts: Int32Array }>()
  return {
    of(row) {
      const range = ranges.get(Math.floor(row / chunkSize))
      const index = range?.rows.indexOf(row % chunkSize) ?? -1
      if (!range || index < 0) return ''
      for (let part = 0; part < 4; part++) scratch.writeInt32BE(range.parts[index * 4 + part] ?? 0, part * 4)
      return bytesToId(scratch)
    },
    put(range, rows) {
      if (rows.length === 0) {
        ranges.delete(range)
        return
      }
      const parts = new Int32Array(rows.length * 4)
      for (const [index, { id }] of rows.entries())
        for (let part = 0; part < 4; part++) parts[index * 4 + part] = id[part] ?? 0
      ranges.set(range, { rows: Uint16Array.from(rows, ({ row }) => row % chunkSize), parts })
    },
  }
}

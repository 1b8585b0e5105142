/** The reading half of the PostgreSQL store: responses, events, counters. */
import type { KeptResponse, StoredResponse } from '../core/project.ts'
import { isUuid } from '../core/text.ts'
import type { CountStore } from '../ports/countStore.ts'
import type { ResponseFilter, ResponseRow, ResponseStore } from '../ports/responseStore.ts'
import { bounds, earliest, latest } from './bounds.ts'
import { readEvent } from './postgresLookup.ts'
import { createCopiedLines } from './postgresCopy.ts'
import type { Postgres, Row } from './postgresPool.ts'
import { keyText, keyTextOf, literal, whole } from './postgresText.ts'
import { lostName } from './sqliteAppend.ts'

/** What `createReads` answers. */
type Reads = Required<ResponseStore> & Pick<CountStore, 'lost' | 'stats'>

// A missing filter is bound as null and then limits nothing. Statements are planned with their values, so such a condition
// is gone before an index is chosen.
const filters = `site = $1 AND row IS NOT NULL AND ($2::text IS NULL OR survey = $2) AND ($3::text IS NULL OR status = $3)
  AND ($4::text IS NULL OR variant = $4) AND first_at >= $5 AND first_at < $6`

/** The same as text, since COPY takes no parameters. */
function conditionsOf(site: number, { survey, status, variant, from, to }: ResponseFilter): string {
  const is = (column: string, value: string | undefined): string =>
    value === undefined ? '' : ` AND ${column} = ${literal(keyText(value))}`
  return `site = ${whole(site)} AND row IS NOT NULL${is('survey', survey)}${is('status', status)}${is('variant', variant)}
    AND first_at >= ${whole(from ?? earliest)} AND first_at < ${whole(to ?? latest)}`
}

/** Reads outside of transactions. */
export function createReads({ read, copy }: Pick<Postgres, 'read' | 'copy'>): Reads {
  const filterOf = (site: number, filter: ResponseFilter): unknown[] => [
    site,
    keyTextOf(filter.survey),
    keyTextOf(filter.status),
    keyTextOf(filter.variant),
    ...bounds(filter),
  ]

  return {
    async newest(site, filter, { before, limit }) {
      const rows = await read(
        `SELECT row, body, over_quota FROM earshot.responses WHERE ${filters} AND row < $7 ORDER BY row DESC LIMIT $8`,
        [...filterOf(site, filter), before ?? latest, limit],
      )
      return rows.map(readRow)
    },
    async oldest(site, filter, { after, limit }) {
      const rows = await read(
        `SELECT row, body, over_quota FROM earshot.responses WHERE ${filters} AND row > $7 ORDER BY row LIMIT $8`,
        [...filterOf(site, filter), after, limit],
      )
      return rows.map(readRow)
    },
    async lines(site, filter, { after, limit, room }) {
      const lines = createCopiedLines(room)
      await copy(
        `SELECT body, over_quota, row FROM earshot.responses
         WHERE ${conditionsOf(site, filter)} AND row > ${whole(after)} ORDER BY row LIMIT ${whole(limit)}`,
        lines.take,
      )
      return { bytes: lines.bytes(), count: lines.count(), row: lines.row() ?? after }
    },
    async response(site, id) {
      if (!isUuid(id)) return null
      const [row] = await read(
        'SELECT body, over_quota FROM earshot.responses WHERE site = $1 AND id = $2 AND row IS NOT NULL',
        [site, id],
      )
      return row ? readResponse(row) : null
    },
    async events(site, response) {
      if (!isUuid(response)) return []
      const rows = await read(
        `SELECT at, received_at, occurred_at, body FROM earshot.events
         WHERE site = $1 AND response = $2 ORDER BY earshot.events.row`,
        [site, response],
      )
      return rows.map(readEvent)
    },
    async lost(site, survey) {
      const [row] = await read(
        'SELECT coalesce(sum(value), 0)::bigint AS value FROM earshot.counters WHERE site = $1 AND name = $2',
        [site, lostName(keyText(survey))],
      )
      return Number(row?.value)
    },
    async stats(site) {
      const rows = await read(
        'SELECT name, sum(value)::bigint AS value FROM earshot.counters WHERE site = $1 GROUP BY name',
        [site],
      )
      const named = new Map(rows.map((row) => [row.name, Number(row.value)]))
      const of = (name: string): number => named.get(name) ?? 0
      return {
        accepted: of('accepted'),
        duplicates: of('duplicates'),
        rejected: of('rejected'),
        lost: of('lost'),
        events: of('events'),
        responses: of('responses'),
      }
    },
  }
}

function readRow(row: Row): ResponseRow {
  return { row: Number(row.row), response: readResponse(row) }
}

function readResponse(row: Row): KeptResponse {
  return { ...(JSON.parse(row.body as string) as StoredResponse), overQuota: row.over_quota === true }
}

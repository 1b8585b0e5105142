/** `GET /v1/export`: all responses as CSV or NDJSON, streamed in batches so that memory stays constant. */
import { csvColumns, csvHeader, csvResponse, type CsvColumns } from '../../core/csv.ts'
import type { KeptResponse } from '../../core/project.ts'
import type { EventStore, ResponseFilter } from '../../ports.ts'
import { checkQuery } from '../query.ts'
import type { Deps, Route } from '../route.ts'
import type { Streams } from '../streams.ts'

/** Responses per read. No read outlives its batch, so an export of hours holds no lock and no old snapshot. */
const batchSize = 200
/** Responses per read where the store itself makes the lines. */
const linesSize = 1000

const types = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson' } as const

/** The routes of this file. */
export function exportRoutes({ store, clock, streams }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/export',
      access: 'admin',
      need: 'export',
      async handle(call) {
        const checked = await checkQuery(call, store, ['format', 'survey', 'variant', 'from', 'to'])
        if (!checked.ok) return checked.response
        const { format = 'csv', ...filter } = checked.query
        const from = { store, site: call.site.id, filter, streams }
        const body =
          format === 'csv'
            ? csvStream(from, await columnsOf(store, call.site.id, filter.survey))
            : stream(from, '', linesOf(from) ?? rowsOf(from, (each) => `${JSON.stringify(each)}\n`))
        const day = new Date(clock.now()).toISOString().slice(0, 10)
        return new Response(body, {
          headers: {
            'content-type': types[format],
            'content-disposition': `attachment; filename="earshot-${day}.${format}"`,
          },
        })
      },
    },
  ]
}

interface Source {
  store: EventStore
  site: number
  filter: ResponseFilter
  streams: Streams
}

async function columnsOf(store: EventStore, site: number, survey: string | undefined): Promise<CsvColumns> {
  return csvColumns((await store.surveys(site, survey)).map((each) => each.survey))
}

function csvStream(source: Source, columns: CsvColumns): ReadableStream<Uint8Array> {
  return stream(
    source,
    csvHeader(columns),
    rowsOf(source, (each) => csvResponse(each, columns)),
  )
}

/** What is read at a time: bytes, the row of the last response, and whether there is more. */
type Read = (after: number) => Promise<{ bytes: Uint8Array; row: number; hasMore: boolean }>

/** The lines as the store makes them, where it does. */
function linesOf({ store, site, filter }: Source): Read | null {
  const lines = store.lines?.bind(store)
  if (!lines) return null
  return async (after) => {
    const { bytes, count, row } = await lines(site, filter, { after, limit: linesSize })
    return { bytes, row, hasMore: count === linesSize }
  }
}

function rowsOf({ store, site, filter }: Source, line: (response: KeptResponse) => string): Read {
  const encoder = new TextEncoder()
  return async (after) => {
    const rows = await store.oldest(site, filter, { after, limit: batchSize })
    return {
      bytes: encoder.encode(rows.map((each) => line(each.response)).join('')),
      row: rows.at(-1)?.row ?? after,
      hasMore: rows.length === batchSize,
    }
  }
}

function stream({ streams }: Source, header: string, read: Read): ReadableStream<Uint8Array> {
  let after = 0
  let ended = (): void => undefined
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        ended = streams.begin(() => controller.error(new Error('the collector is shutting down')))
        if (header) controller.enqueue(new TextEncoder().encode(header))
      },
      async pull(controller) {
        try {
          const { bytes, row, hasMore } = await read(after)
          after = row
          if (bytes.byteLength > 0) controller.enqueue(bytes)
          if (hasMore) return
          controller.close()
        } catch (error) {
          ended()
          throw error
        }
        ended()
      },
      cancel: () => ended(),
    },
    // Nothing is read ahead of the client.
    { highWaterMark: 0 },
  )
}

/** `GET /v1/export`: all responses as CSV or NDJSON, streamed in batches so that memory stays constant. */
import { csvColumns, csvHeader, csvResponse, type CsvColumns } from '../../core/csv.ts'
import type { KeptResponse } from '../../core/project.ts'
import type { EventStore } from '../../ports/eventStore.ts'
import type { ResponseFilter } from '../../ports/responseStore.ts'
import { checkQuery } from '../query.ts'
import type { Deps, Route } from '../route.ts'
import { pageBytes, streamPages, type ReadPage } from '../pages.ts'
import type { Streams } from '../streams.ts'

/** Responses per read. No read outlives its batch, so an export of hours holds no lock and no old snapshot. */
const batchSize = 200
/** Where the store itself makes the lines: the first that are read, and the most. */
const firstLines = 100
const mostLines = 2000
/** Bytes of lines that are made anew at a time, which holds up requests. */
const rewrittenBytes = 128 * 1024

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
            : streamPages(
                streams,
                '',
                linesOf(from, pageBytes) ?? rowsOf(from, (each) => `${JSON.stringify(each)}\n`),
              )
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
  const line = (response: KeptResponse): string => csvResponse(response, columns)
  const lines = linesOf(source, rewrittenBytes)
  return streamPages(
    source.streams,
    csvHeader(columns),
    lines ? rewritten(lines, line) : rowsOf(source, line),
  )
}

/** Each line in another way. */
function rewritten(read: ReadPage, line: (response: KeptResponse) => string): ReadPage {
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()]
  let lines: ArrayBuffer | undefined
  return async (after, room) => {
    const { bytes, row, hasMore } = await read(after, lines)
    lines = bytes.buffer
    // No line has another line end in it.
    const rows = decoder.decode(bytes).split('\n').slice(0, -1)
    const text = rows.map((each) => line(JSON.parse(each) as KeptResponse)).join('')
    // A unit of UTF-16 has no more than three bytes in UTF-8.
    const most = text.length * 3
    const into = new Uint8Array(
      room && room.byteLength >= most ? room : new ArrayBuffer(Math.max(most, pageBytes)),
    )
    return { bytes: into.subarray(0, encoder.encodeInto(text, into).written), row, hasMore }
  }
}

/** The lines as the store makes them, where it does; so many that a page is about as large as it should be. */
function linesOf({ store, site, filter }: Source, wanted: number): ReadPage | null {
  const lines = store.lines?.bind(store)
  if (!lines) return null
  let limit = firstLines
  return async (after, room) => {
    const asked = limit
    const { bytes, count, row } = await lines(site, filter, { after, limit: asked, room })
    const fit = count === 0 ? asked : Math.floor((wanted * count) / bytes.byteLength)
    limit = Math.min(Math.max(fit, 1), asked * 2, mostLines)
    return { bytes, row, hasMore: count === asked }
  }
}

function rowsOf({ store, site, filter }: Source, line: (response: KeptResponse) => string): ReadPage {
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

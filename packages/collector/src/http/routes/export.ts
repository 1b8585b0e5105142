/** `GET /v1/export`: all responses as CSV or NDJSON, streamed in batches so that memory stays constant. */
import { csvHeader, csvResponse } from '../../core/csv.ts'
import type { StoredResponse } from '../../core/project.ts'
import type { EventStore, ResponseFilter } from '../../ports.ts'
import { checkQuery } from '../query.ts'
import type { Deps, Route } from '../route.ts'

/** Responses per read. No read outlives its batch, so an export of hours holds no lock and no old snapshot. */
const batchSize = 200

const types = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson' } as const

/** The routes of this file. */
export function exportRoutes({ store, clock }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/export',
      access: 'admin',
      async handle(call) {
        const checked = await checkQuery(call, store, ['format', 'survey', 'from', 'to'])
        if (!checked.ok) return checked.response
        const { format = 'csv', ...filter } = checked.query
        const ids = checked.surveys.flatMap(({ survey }) => survey.questions.map((each) => each.id))
        const questions = [...new Set(ids)]
        const body =
          format === 'csv'
            ? stream(store, call.site.id, filter, csvHeader(questions), (each) =>
                csvResponse(each, questions),
              )
            : stream(store, call.site.id, filter, '', (each) => `${JSON.stringify(each)}\n`)
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

function stream(
  store: EventStore,
  site: number,
  filter: ResponseFilter,
  header: string,
  line: (response: StoredResponse) => string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let after = 0
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (header) controller.enqueue(encoder.encode(header))
      },
      async pull(controller) {
        const rows = await store.oldest(site, filter, { after, limit: batchSize })
        const last = rows.at(-1)
        if (last) {
          after = last.row
          controller.enqueue(encoder.encode(rows.map((each) => line(each.response)).join('')))
        }
        if (rows.length < batchSize) controller.close()
      },
    },
    // Nothing is read ahead of the client.
    { highWaterMark: 0 },
  )
}

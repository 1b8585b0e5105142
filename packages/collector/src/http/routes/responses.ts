/** `GET /v1/responses`: the stored responses, page by page, and one response with its events. */
import { ignoredBy } from '../../core/project.ts'
import { formatMoment } from '../../core/time.ts'
import { problem } from '../errors.ts'
import { checkQuery } from '../query.ts'
import { json, type Deps, type Route } from '../route.ts'

const defaultPage = 50

/** The routes of this file. */
export function responseRoutes({ store }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/responses',
      access: 'admin',
      need: 'responses',
      async handle(call) {
        const known = ['survey', 'status', 'variant', 'from', 'to', 'limit', 'cursor'] as const
        const checked = await checkQuery(call, store, known)
        if (!checked.ok) return checked.response
        const { limit = defaultPage, cursor, ...filter } = checked.query
        // One more than asked tells whether there is a next page.
        const rows = await store.newest(call.site.id, filter, { before: cursor, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const last = rows.length > limit ? page.at(-1) : undefined
        return json({ responses: page.map((each) => each.response), next: last ? String(last.row) : null })
      },
    },
    {
      method: 'GET',
      path: '/v1/responses/{id}',
      access: 'admin',
      need: 'responses',
      async handle({ site, params }) {
        const id = (params.id ?? '').toLowerCase()
        const events = await store.events(site.id, id)
        if (events.length === 0) return problem(404, 'unknown_response', 'No response has this id.')
        const response = await store.response(site.id, id)
        return json({
          // Null when the events only tell of a follow-up that was planned.
          response,
          // Of the events below: those that another visitor sent under the same id.
          ignored: response ? ignoredBy(response, events) : 0,
          events: events.map(({ event, receivedAt, occurredAt }) => ({
            event,
            receivedAt: formatMoment(receivedAt),
            occurredAt: formatMoment(occurredAt),
          })),
        })
      },
    },
  ]
}

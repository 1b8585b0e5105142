/** `/v1/suspects`: responses that look as if no person had given them, and the word that one is good. */
import { formatMoment } from '../../core/time.ts'
import { problem } from '../errors.ts'
import { checkQuery } from '../query.ts'
import { json, type Deps, type Route } from '../route.ts'

const defaultPage = 50

/** The routes of this file. */
export function suspectRoutes({ store }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/suspects',
      access: 'admin',
      need: 'responses',
      async handle(call) {
        const checked = await checkQuery(call, store, ['survey', 'from', 'to', 'limit'])
        if (!checked.ok) return checked.response
        const { limit = defaultPage, ...filter } = checked.query
        const found = await store.listSuspects(call.site.id, filter, limit)
        return json({ suspects: found.map((each) => ({ ...each, firstAt: formatMoment(each.firstAt) })) })
      },
    },
    {
      method: 'DELETE',
      path: '/v1/suspects/{id}',
      access: 'admin',
      need: 'define',
      async handle({ site, params }) {
        const isThere = await store.clearSuspect(site.id, (params.id ?? '').toLowerCase())
        return isThere
          ? new Response(null, { status: 204 })
          : problem(404, 'unknown_response', 'No response with this id is doubted.')
      },
    },
  ]
}

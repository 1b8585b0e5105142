/** `GET /v1/audit`: what admins did, newest first. */
import { readQuery } from '../../core/query.ts'
import { formatMoment } from '../../core/time.ts'
import { problem } from '../errors.ts'
import { json, type Deps, type Route } from '../route.ts'

const defaultPage = 50

/** The routes of this file. A token of one site sees what was done there; one of all sites, everything. */
export function auditRoutes({ store }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/audit',
      access: 'admin',
      need: 'manage',
      async handle({ url, token }) {
        const read = readQuery(url.searchParams, ['limit', 'cursor'])
        if (!read.ok) return problem(400, 'invalid_query', `In the query, ${read.message}.`)
        const { limit = defaultPage, cursor } = read.query
        const rows = await store.recorded(token.site, { before: cursor, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const last = rows.length > limit ? page.at(-1) : undefined
        return json({
          entries: page.map(({ at, who, site, action, about, status }) => ({
            at: formatMoment(at),
            who,
            site,
            action,
            about,
            status,
          })),
          next: last ? String(last.row) : null,
        })
      },
    },
  ]
}

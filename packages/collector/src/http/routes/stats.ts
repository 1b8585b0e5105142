/** `GET /v1/stats`: how much was accepted, sent twice and refused, and how much is stored. */
import { json, type Deps, type Route } from '../route.ts'

/** The routes of this file. */
export function statsRoutes({ store }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/stats',
      access: 'admin',
      need: 'numbers',
      handle: async ({ site }) => json(await store.stats(site.id)),
    },
  ]
}

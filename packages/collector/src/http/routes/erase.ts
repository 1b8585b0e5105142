/** `POST /v1/erase`: deletes everything of a visitor who withdrew consent, or all but the counts. */
import { eraseRequestSchema } from '@earshot/contract/schema'
import { json, type Deps, type Route } from '../route.ts'
import { readSigned } from '../signed.ts'

/**
 * The routes of this file.
 *
 * Who knows the id of a visitor is that visitor: it is random, and never leaves the browser but to the collector. What
 * others sent for the same person stays. Asking again changes nothing.
 */
export function eraseRoutes(deps: Deps): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/erase',
      access: 'browser',
      async handle(call) {
        const read = await readSigned(call, eraseRequestSchema, deps)
        if (!read.ok) return read.response
        const { visitor, keep } = read.value
        const headers = { 'cache-control': 'no-store' }
        if (keep === undefined) {
          const erased = await deps.store.erase(read.site.id, visitor, deps.clock.now())
          return json({ erased }, 200, headers)
        }
        const done = await deps.store.anonymise(read.site.id, visitor, deps.clock.now())
        return json({ erased: done.events, keep, keptResponses: done.keptResponses }, 200, headers)
      },
    },
  ]
}

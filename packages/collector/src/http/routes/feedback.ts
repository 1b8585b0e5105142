/** `POST /v1/feedback`: takes events and answers with a receipt once they are on the disk. */
import { envelopeSchema } from '@earshot/contract/schema'
import { judge, readBatch, receiptFor } from '../../core/ingest.ts'
import { firstIssue } from '../../core/issues.ts'
import { readBody } from '../body.ts'
import { problem } from '../errors.ts'
import { json, type Deps, type Route } from '../route.ts'

// text/plain makes it a simple request: no preflight, and sendBeacon can send it.
const types = ['application/json', 'text/plain']

/** The routes of this file. */
export function feedbackRoutes({ store, clock, policy }: Deps): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/feedback',
      access: 'browser',
      async handle({ request, site, memory }) {
        const body = await readBody(request, memory, types)
        if (!body.ok) return body.response
        const envelope = envelopeSchema.safeParse(body.value)
        if (!envelope.success) {
          const { path, message } = firstIssue(envelope.error, body.value)
          return problem(400, 'invalid_envelope', path ? `At ${path}: ${message}.` : `The body: ${message}.`)
        }
        if (envelope.data.key !== site.writeKey) return unknownKey()
        const now = clock.now()
        const batch = readBatch(envelope.data, now)
        const done = await store.append(site.id, batch, (known) => judge(batch, known, policy), now)
        return json(receiptFor(done.verdict, done.inserted), 200, { 'cache-control': 'no-store' })
      },
    },
  ]
}

/** The answer to a key that no site has. */
export function unknownKey(): Response {
  return problem(
    401,
    'unknown_key',
    'No site has this write key. The collector prints its key (pk_…) at the start.',
  )
}

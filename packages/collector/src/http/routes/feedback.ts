/** `POST /v1/feedback`: takes events and answers with a receipt once they are on the disk. */
import { envelopeSchema } from '@earshot/contract/schema'
import { judge, readBatch, receiptFor } from '../../core/ingest.ts'
import { json, type Deps, type Route } from '../route.ts'
import { readSigned } from '../signed.ts'

/** The routes of this file. */
export function feedbackRoutes({ store, clock, policy }: Deps): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/feedback',
      access: 'browser',
      async handle(call) {
        const read = await readSigned(call, envelopeSchema, false)
        if (!read.ok) return read.response
        const { id } = call.site
        const now = clock.now()
        const batch = readBatch(read.value, now)
        const done = await store.append(id, batch, (known) => judge(batch, known, policy), now)
        return json(receiptFor(done.verdict, done.inserted), 200, { 'cache-control': 'no-store' })
      },
    },
  ]
}

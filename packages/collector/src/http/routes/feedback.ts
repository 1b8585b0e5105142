/** `POST /v1/feedback`: takes events and answers with a receipt once they are on the disk. */
import type { Receipt } from '@earshot/contract'
import { envelopeSchema } from '@earshot/contract/schema'
import { judge, readBatch, receiptFor, type Batch } from '../../core/ingest.ts'
import type { Millis } from '../../core/time.ts'
import { json, type Deps, type Route } from '../route.ts'
import { readSigned } from '../signed.ts'

/** The routes of this file. */
export function feedbackRoutes(deps: Deps): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/feedback',
      access: 'browser',
      async handle(call) {
        const read = await readSigned(call, envelopeSchema, deps, false)
        if (!read.ok) return read.response
        const now = deps.clock.now()
        const receipt = await storeBatch(deps, read.site.id, readBatch(read.value, now), now)
        return json(receipt, 200, { 'cache-control': 'no-store' })
      },
    },
  ]
}

/** Has a batch judged and stored. */
export async function storeBatch(
  { store, policy }: Pick<Deps, 'store' | 'policy'>,
  site: number,
  batch: Batch,
  at: Millis,
): Promise<Receipt> {
  if (store.ingest) return store.ingest(site, batch, policy, at)
  const { verdict, inserted } = await store.append(site, batch, (known) => judge(batch, known, policy), at)
  return receiptFor(verdict, inserted)
}

/** `POST /v1/feedback`: takes events and answers with a receipt once they are on the disk. */
import type { Receipt } from '@earshot/contract'
import { envelopeSchema } from '@earshot/contract/schema'
import type { InlinePolicy } from '../../core/admit.ts'
import { judge, readBatch, receiptFor, type Batch } from '../../core/ingest.ts'
import type { Site } from '../../core/keyring.ts'
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
        const receipt = await storeBatch(deps, read.site, readBatch(read.value, now), now, call.network)
        return json(receipt, 200, { 'cache-control': 'no-store' })
      },
    },
  ]
}

/** What holds for the events of a site. */
export function policyOf({ policy: own }: Pick<Site, 'policy'>, policy: InlinePolicy): InlinePolicy {
  if (!own || own.scrub.length + own.patterns.length === 0) return policy
  return { ...policy, redact: { scrub: own.scrub, patterns: own.patterns } }
}

/** Has a batch judged and stored. */
export async function storeBatch(
  { store, policy, metrics, bursts }: Pick<Deps, 'store' | 'policy' | 'metrics' | 'bursts'>,
  from: Pick<Site, 'id' | 'policy'>,
  batch: Batch,
  at: Millis,
  network: string | null,
): Promise<Receipt> {
  const site = from.id
  const own = policyOf(from, policy)
  batch.bursts = bursts.look(site, batch, network)
  const receipt = await take()
  countLosses(batch, receipt, metrics)
  return receipt

  async function take(): Promise<Receipt> {
    if (store.ingest) return store.ingest(site, batch, own, at)
    const { verdict, inserted } = await store.append(site, batch, (known) => judge(batch, known, own), at)
    return receiptFor(verdict, inserted)
  }
}

/** What devices gave up is in the store too; here it is seen as it comes. */
function countLosses({ candidates }: Batch, { accepted }: Receipt, metrics: Deps['metrics']): void {
  for (const { sentId, result } of candidates) {
    if ('flaw' in result || result.stored.event.type !== 'loss' || !accepted.includes(sentId)) continue
    const { reason, events } = result.stored.event.data
    metrics.lost(
      reason,
      Object.values(events).reduce((sum, each) => sum + each, 0),
    )
  }
}

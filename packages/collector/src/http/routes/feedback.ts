/** `POST /v1/feedback`: takes events and answers with a receipt once they are on the disk. */
import type { Receipt } from '@earshot/contract'
import { envelopeSchema } from '@earshot/contract/schema'
import type { InlinePolicy } from '../../core/admit.ts'
import { locate } from '../../core/country.ts'
import { judge, readBatch, receiptFor, type Batch } from '../../core/ingest.ts'
import type { Site, WriteKey } from '../../core/keyring.ts'
import type { Millis } from '../../core/time.ts'
import type { Caller } from '../caller.ts'
import { tooMany } from '../limits.ts'
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
        const receipt = await storeDaily(deps, read, readBatch(read.value, now), now, call)
        if (receipt instanceof Response) return receipt
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

/** Has a batch judged and stored, as far as its key may bring events today; else gives the answer to that. */
async function storeDaily(
  deps: Pick<Deps, 'store' | 'policy' | 'metrics' | 'bursts' | 'log' | 'daily'>,
  { site, key }: { site: Pick<Site, 'id' | 'policy'>; key: WriteKey },
  batch: Batch,
  at: Millis,
  caller: Caller,
): Promise<Receipt | Response> {
  if (key.daily === null) return storeBatch(deps, site, batch, at, caller)
  const { daily, metrics } = deps
  const events = batch.candidates.length
  const wait = await daily.take(key, events)
  if (wait > 0) {
    metrics.limited('day')
    return tooMany(wait, 'daily_quota_reached')
  }
  let fresh = 0
  try {
    const receipt = await storeBatch(deps, site, batch, at, caller)
    fresh = receipt.accepted.length
    return receipt
  } finally {
    daily.settle(key, events, fresh)
  }
}

/** Has a batch judged and stored. */
export async function storeBatch(
  deps: Pick<Deps, 'store' | 'policy' | 'metrics' | 'bursts' | 'log'>,
  from: Pick<Site, 'id' | 'policy'>,
  batch: Batch,
  at: Millis,
  { network, country }: Caller,
): Promise<Receipt> {
  const { store, policy, metrics, bursts } = deps
  const site = from.id
  const own = policyOf(from, policy)
  batch.bursts = bursts.look(site, batch, network)
  if (country !== null) locate(batch, country)
  const receipt = await take()
  countLosses(batch, receipt, metrics)
  followDoubts(deps)
  return receipt

  async function take(): Promise<Receipt> {
    if (store.ingest) return store.ingest(site, batch, own, at)
    const { verdict, inserted } = await store.append(site, batch, (known) => judge(batch, known, own), at)
    return receiptFor(verdict, inserted)
  }
}

/** Has the first visitors of a flood doubted too. Behind what is stored, so that they are there; nobody waits for it. */
export function followDoubts({ store, bursts, log }: Pick<Deps, 'store' | 'bursts' | 'log'>): void {
  for (const { site, visitors, since } of bursts.due())
    store
      .doubt(site, visitors, since)
      .catch((error: unknown) => log.error('the first answers of a flood could not be kept apart', error))
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

/** Notices when many new visitors answer from one network, as a program does that makes them up. */
import { createLimiter, type Limit } from '../core/limiter.ts'
import type { Batch } from '../core/ingest.ts'
import type { Clock } from '../ports.ts'

/** Looks at batches. */
export interface Bursts {
  /** The visitors of a batch who came in a burst, if there are any; their answers are kept apart. */
  look(site: number, batch: Batch, network: string | null): ReadonlySet<string> | undefined
  /** Whether anything is looked for in this network. */
  isWatching(network: string | null): boolean
  /** The same for a visitor who answers. */
  isBurst(site: number, visitor: string, network: string | null): boolean
}

/** Networks, and visitors, that are remembered. */
const most = 50_000

/**
 * Makes the watch of one collector.
 *
 * @param visitors who may begin to answer from one network at once, and again within ten minutes; 0: any number
 * @example
 * const bursts = createBursts(clock, 30)
 */
export function createBursts(clock: Clock, visitors: number): Bursts {
  const networks = createLimiter(most)
  const limit: Limit = { perMinute: visitors / 10, burst: visitors }
  const known = new Map<string, boolean>()
  const isWatching: Bursts['isWatching'] = (network) => visitors > 0 && network !== null
  const isBurst: Bursts['isBurst'] = (site, visitor, network) => {
    if (!isWatching(network)) return false
    const name = `${site} ${visitor}`
    const isIn = known.get(name) ?? networks.take(`${site} ${network}`, limit, clock.now()) > 0
    known.delete(name)
    known.set(name, isIn)
    const [oldest] = known.size > most ? known.keys() : []
    if (oldest !== undefined) known.delete(oldest)
    return isIn
  }
  return {
    isWatching,
    isBurst,
    look(site, { candidates }, network) {
      if (!isWatching(network)) return undefined
      let found: Set<string> | undefined
      for (const { result } of candidates) {
        if ('flaw' in result || result.stored.event.type !== 'answer') continue
        const { visitor } = result.stored.event
        if (isBurst(site, visitor, network)) (found ??= new Set()).add(visitor)
      }
      return found
    },
  }
}

/** Notices when many new visitors answer from one network, as a program does that makes them up. */
import { createLimiter, type Limit } from '../core/limiter.ts'
import type { Batch } from '../core/ingest.ts'
import type { Millis } from '../core/time.ts'
import type { Clock } from '../ports/world.ts'

/** Looks at batches. */
export interface Bursts {
  /** The visitors of a batch who came in a burst, if there are any; their answers are kept apart. */
  look(site: number, batch: Batch, network: string | null): ReadonlySet<string> | undefined
  /** Whether anything is looked for in this network. */
  isWatching(network: string | null): boolean
  /** The same for a visitor who answers. */
  isBurst(site: number, visitor: string, network: string | null): boolean
  /** Who was let through before it showed that the network floods. To be asked when a batch is stored; each is told of for as long as the flood goes on, once a minute. */
  due(): readonly Doubt[]
}

/** Visitors whose answers are to be kept apart, though they are stored already. */
export interface Doubt {
  site: number
  visitors: readonly string[]
  /** What they answered before is not meant. */
  since: Millis
}

/** Networks, and visitors, that are remembered. */
const most = 50_000
/** Networks of which it is remembered who was let through: with 30 visitors each, some 20 MB. */
const mostGates = 5000
const minute: Millis = 60_000
/** Within which as many visitors may begin again. */
const span: Millis = 10 * minute
/** How many times the visitors that may begin have to be too many, for all of them to be doubted. */
const flood = 2

/** What is remembered of a network. */
interface Gate {
  site: number
  /** Who was let through, and when. */
  through: { visitor: string; at: Millis }[]
  /** How many were not, in this flood or burst. */
  beyond: number
  /** When the last of them came. */
  last: Millis
  /** When it was told last who is to be doubted. */
  told: Millis
}

/**
 * Makes the watch of one collector.
 *
 * A school, or a shop, sends a few too many; those are doubted, and nobody before them is. A program that makes visitors up sends
 * very many: then nobody of that network is believed, also not the first ones, until it is quiet again.
 *
 * @param visitors who may begin to answer from one network at once, and again within ten minutes; 0: any number
 * @example
 * const bursts = createBursts(clock, 30)
 */
export function createBursts(clock: Clock, visitors: number): Bursts {
  const networks = createLimiter(most)
  const limit: Limit = { perMinute: visitors / 10, burst: visitors }
  const known = new Map<string, boolean>()
  const gates = new Map<string, Gate>()
  let doubts: Doubt[] = []
  const isWatching: Bursts['isWatching'] = (network) => visitors > 0 && network !== null

  /** Whether a new visitor is doubted. */
  const judge = (site: number, visitor: string, network: string | null): boolean => {
    const name = `${site} ${network}`
    const now = clock.now()
    const isBeyond = networks.take(name, limit, now) > 0
    const gate = gates.get(name) ?? { site, through: [], beyond: 0, last: -Infinity, told: -Infinity }
    keep(gates, name, gate, mostGates)
    if (now - gate.last >= span) gate.beyond = 0
    if (isBeyond) {
      gate.beyond++
      gate.last = now
    } else gate.through.push({ visitor, at: now })
    gate.through = gate.through.filter((each) => now - each.at < span).slice(-2 * visitors)
    const isFlood = gate.beyond >= flood * visitors
    if (isFlood && now - gate.told >= minute) {
      gate.told = now
      doubts.push({ site, visitors: gate.through.map((each) => each.visitor), since: now - span })
    }
    return isBeyond || isFlood
  }

  const isBurst: Bursts['isBurst'] = (site, visitor, network) => {
    if (!isWatching(network)) return false
    const name = `${site} ${visitor}`
    const isIn = known.get(name) ?? judge(site, visitor, network)
    keep(known, name, isIn, most)
    return isIn
  }
  return {
    isWatching,
    isBurst,
    due() {
      if (doubts.length === 0) return doubts
      const due = doubts
      doubts = []
      return due
    },
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

/** Puts a value at the end of a map, whose first one goes when there are too many. */
function keep<Value>(map: Map<string, Value>, name: string, value: Value, size: number): void {
  map.delete(name)
  map.set(name, value)
  const [oldest] = map.size > size ? map.keys() : []
  if (oldest !== undefined) map.delete(oldest)
}

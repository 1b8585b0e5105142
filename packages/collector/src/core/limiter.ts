/** Token buckets: so many at once, and then so many a minute; any number of names in bounded memory. */
import type { Millis } from './time.ts'

/** How much one name may take. */
export interface Limit {
  perMinute: number
  /** At once, after a pause. */
  burst: number
}

/** Buckets by name. */
export interface Limiter {
  /**
   * Takes one from a bucket.
   *
   * @returns 0 when there was one; else after how many milliseconds there will be one
   */
  take(name: string, limit: Limit, now: Millis): Millis
  /** The same without taking it. */
  look(name: string, limit: Limit, now: Millis): Millis
  /** How many names are remembered. */
  size(): number
}

const minute: Millis = 60_000

/**
 * Makes buckets. All of them begin full.
 *
 * @param most names that are remembered. Beyond, the one that was used longest ago is forgotten: its bucket has had the most
 *   time to fill, and who is being refused is used all the time
 * @example
 * const limiter = createLimiter(10_000)
 * limiter.take('192.0.2.0/24', { perMinute: 60, burst: 10 }, now) // 0
 */
export function createLimiter(most: number): Limiter {
  const buckets = new Map<string, { left: number; at: Millis }>()

  const filled = (name: string, { perMinute, burst }: Limit, now: Millis): number => {
    const bucket = buckets.get(name)
    if (!bucket) return burst
    // A clock that is set back fills nothing, and takes nothing away.
    return Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / minute) * perMinute)
  }
  const wait = (left: number, { perMinute }: Limit): Millis =>
    left >= 1 ? 0 : Math.ceil(((1 - left) / perMinute) * minute)

  return {
    take(name, limit, now) {
      const left = filled(name, limit, now)
      const late = wait(left, limit)
      // A map keeps the order in which names came in, so the first one is the one that was used longest ago.
      buckets.delete(name)
      buckets.set(name, { left: late === 0 ? left - 1 : left, at: now })
      const [oldest] = buckets.size > most ? buckets.keys() : []
      if (oldest !== undefined) buckets.delete(oldest)
      return late
    },
    look: (name, limit, now) => wait(filled(name, limit, now), limit),
    size: () => buckets.size,
  }
}

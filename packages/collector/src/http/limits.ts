/** How many requests are taken: of a network, of a key, and of a network with a key. */
import { createLimiter, type Limit } from '../core/limiter.ts'
import type { WriteKey } from '../core/keyring.ts'
import type { Millis } from '../core/time.ts'
import type { Clock } from '../ports/world.ts'
import { problem } from './errors.ts'

/** Takes one request each, and gives how long it has to wait: 0 when it is let through, else milliseconds. */
export interface Limits {
  /** Of a page, before anything of it is read. */
  network(network: string | null): Millis
  /** Of a page whose key is known. */
  key(key: WriteKey, network: string | null): Millis
}

/** Networks and keys that are remembered, with at most 20 MB. */
const most = 100_000
/** The part of a key's rate that one network may take, so that nobody can use it up for all. */
const share = 4

const perMinute = (count: number): Limit => ({ perMinute: count, burst: Math.max(1, Math.ceil(count / 4)) })

/**
 * Makes the limits of one collector. Each collector counts by itself.
 *
 * @param requests a minute from one network; 0 for any number
 */
export function createLimits(clock: Clock, requests: number): Limits {
  const networks = createLimiter(most)
  const keys = createLimiter(most)
  const ofNetwork = perMinute(requests)
  return {
    network: (network) =>
      network === null || requests === 0 ? 0 : networks.take(network, ofNetwork, clock.now()),
    key(key, network) {
      if (key.rate === null) return 0
      const now = clock.now()
      const whole = perMinute(key.rate)
      const part = perMinute(Math.max(1, Math.ceil(key.rate / share)))
      const own = `${key.key} ${network}`
      // Who is refused for itself takes nothing from the others.
      const wait = network === null ? 0 : keys.look(own, part, now)
      if (wait > 0) return wait
      const late = keys.take(key.key, whole, now)
      if (late === 0 && network !== null) keys.take(own, part, now)
      return late
    },
  }
}

/** The answer to a request that has to wait, or whose key has brought all that it may on a day. */
export function tooMany(
  wait: Millis,
  code: 'rate_limited' | 'daily_quota_reached' = 'rate_limited',
): Response {
  return problem(
    429,
    code,
    code === 'rate_limited'
      ? 'Too many requests: nothing of this one was taken. Send the same again later.'
      : 'This key has brought as many events as it may on a day. Nothing of this request was taken; send the same again tomorrow (UTC).',
    { 'retry-after': String(Math.max(1, Math.ceil(wait / 1000))) },
  )
}

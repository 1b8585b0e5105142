/** Slows down who tries one token after the other. */
import { createLimiter, type Limit } from '../core/limiter.ts'
import type { Millis } from '../core/time.ts'
import type { Clock } from '../ports/world.ts'

/** Knows who guesses. */
export interface Guesses {
  /** After how many milliseconds a token may be tried; 0: now. One that was good lately may always. */
  wait(network: string | null, hash: string): Millis
  /** It opened something. */
  right(hash: string): void
  /** It opened nothing. The same one again is no new guess: some program has an old token. */
  wrong(network: string | null, hash: string): void
}

/** Hashes, and networks, that are remembered. */
const most = 10_000
const ofNetwork: Limit = { perMinute: 1, burst: 5 }
// Where networks are not known all people share this, and nobody is to lock out all of them.
const ofAll: Limit = { perMinute: 60, burst: 60 }

/**
 * Makes the memory of one collector.
 *
 * @example
 * const guesses = createGuesses(clock)
 */
export function createGuesses(clock: Clock): Guesses {
  const limiter = createLimiter(most)
  const tried = new Map<string, boolean>()
  const remember = (hash: string, isRight: boolean): void => {
    tried.delete(hash)
    tried.set(hash, isRight)
    const [oldest] = tried.size > most ? tried.keys() : []
    if (oldest !== undefined) tried.delete(oldest)
  }
  const limitOf = (network: string | null): Limit => (network === null ? ofAll : ofNetwork)
  return {
    wait: (network, hash) =>
      tried.has(hash) ? 0 : limiter.look(network ?? '', limitOf(network), clock.now()),
    right: (hash) => remember(hash, true),
    wrong(network, hash) {
      if (!tried.has(hash)) limiter.take(network ?? '', limitOf(network), clock.now())
      remember(hash, false)
    },
  }
}

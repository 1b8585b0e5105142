/** Random ids from the browser's cryptographic source, and chances for jitter. */
import type { Clock, Random } from '../ports.ts'

/** Ids are UUIDv7 (RFC 9562): 48 bits of time, then random, so that they sort by age. */
export function createRandom(clock: Clock): Random {
  return {
    id() {
      const time = clock.now().toString(16).padStart(12, '0')
      // Every 0 becomes any digit; the 8, of which only the lower two bits change, one of 8…b: the variant.
      const rest = '-7000-8000-000000000000'.replace(/[08]/g, (digit) => {
        const [byte] = crypto.getRandomValues(new Uint8Array(1)) as Iterable<number> as [number]
        return (+digit ^ (byte & (15 >> (+digit / 4)))).toString(16)
      })
      return time.replace(/.{4}$/, '-$&') + rest
    },
    chance: () => Math.random(),
  }
}

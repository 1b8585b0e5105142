/** Random ids from the browser's cryptographic source, and chances for jitter. */
import type { Clock, Random } from '../ports/world.ts'

/** Ids are UUIDv7 (RFC 9562): 48 bits of time, then random, so that they sort by age. */
export function createRandom(clock: Clock): Random {
  return {
    id() {
      const time = clock.now().toString(16).padStart(12, '0')
      // All at once: a page pays for each call, not for each byte.
      const bytes = crypto.getRandomValues(new Uint8Array(19))
      // The variant is one of 8…b; every other digit is any.
      bytes[3] = (bytes[3]! & 3) + 8
      let id = time.slice(0, 8) + '-' + time.slice(8) + '-7'
      bytes.forEach((byte, at) => (id += (at === 3 || at === 7 ? '-' : '') + (byte & 15).toString(16)))
      return id
    },
    chance: () => Math.random(),
  }
}

/** Random ids from the browser's cryptographic source, and chances for jitter. */
import type { Clock, Random } from '../ports.ts'

/** Ids are UUIDv7 (RFC 9562): 48 bits of time, then random, so that they sort by age. */
export function createRandom(clock: Clock): Random {
  return {
    id() {
      const random = [...crypto.getRandomValues(new Uint8Array(10))]
      // Version 7 in the upper half of the first byte, variant 10 in the upper two bits of the third.
      random[0] = 0x70 | ((random[0] as number) & 0x0f)
      random[2] = 0x80 | ((random[2] as number) & 0x3f)
      const tail = random.map((byte) => byte.toString(16).padStart(2, '0')).join('')
      const hex = clock.now().toString(16).padStart(12, '0') + tail
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    },
    chance: () => Math.random(),
  }
}

/** Random ids from the browser's cryptographic source, and chances for jitter. */
import type { Clock, Random } from '../ports.ts'

/** Ids are UUIDv7 (RFC 9562): 48 bits of time, then random, so that they sort by age. */
export function createRandom(clock: Clock): Random {
  return {
    id() {
      // With the upper bit set, each has all of its eight digits; that one is not used.
      const digits = Array.from(crypto.getRandomValues(new Uint32Array(3)), (number) =>
        (2 ** 32 + number).toString(16).slice(1),
      )
      const random = digits.join('')
      const time = clock.now().toString(16).padStart(12, '0')
      // The variant: 10 in the upper two bits. Its lower two are of a digit that is used nowhere else.
      const variant = '89ab'[Number(`0x${random[23]}`) & 3]
      return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(3, 6)}-${random.slice(6, 18)}`
    },
    chance: () => Math.random(),
  }
}

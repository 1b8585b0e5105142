/** Random ids from the browser's cryptographic source, and chances for jitter. */
import type { Clock, Random } from '../ports.ts'

/** Ids are UUIDv7 (RFC 9562): 48 bits of time, then random, so that they sort by age. */
export function createRandom(clock: Clock): Random {
  return {
    id() {
      const time = clock.now().toString(16).padStart(12, '0')
      const random = crypto.getRandomValues(new Uint8Array(36))
      const digit = (letter: string, place: number): string => {
        if (letter === 't') return time[place > 8 ? place - 1 : place] as string
        const bits = (random[place] as number) & 15
        // The variant: 10 in the upper two bits.
        return (letter === 'y' ? (bits & 3) | 8 : bits).toString(16)
      }
      return 'tttttttt-tttt-7xxx-yxxx-xxxxxxxxxxxx'.replace(/[txy]/g, digit)
    },
    chance: () => Math.random(),
  }
}

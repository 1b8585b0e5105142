/** Chance that is the same for the same seed. */

export interface Chance {
  /** A number in 0…1, 1 excluded. */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number
  /** True in that share of all cases. */
  of(share: number): boolean
  pick<Thing>(things: readonly Thing[]): Thing
  /** A chance of its own, so that a draw here moves none there. */
  split(): Chance
}

/** Mulberry32: small, quick, and good enough to shuffle. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    of: (share) => next() < share,
    pick: (things) => things[Math.floor(next() * things.length)] as (typeof things)[number],
    split: () => createChance(Math.floor(next() * 2 ** 32)),
  }
}

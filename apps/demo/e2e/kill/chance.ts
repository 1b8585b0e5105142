/** Chance that a seed repeats: which scenario, which moment. */

/** Numbers in 0…1 that follow from the seed (mulberry32). */
export type Chance = () => number

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A whole number from `least` to `most`. */
export const between = (chance: Chance, least: number, most: number): number =>
  least + Math.floor(chance() * (most - least + 1))

/** A copy in an order that chance decides. */
export function shuffled<Each>(list: readonly Each[], chance: Chance): Each[] {
  const copy = [...list]
  for (let last = copy.length - 1; last > 0; last--) {
    const other = between(chance, 0, last)
    ;[copy[last], copy[other]] = [copy[other] as Each, copy[last] as Each]
  }
  return copy
}

/** Chance and ids from a seed: the same seed gives the same ones, in every browser and in Node. */

/** Gives the next number in 0…1 (below 1). */
export type Chance = () => number

/** Numbers in 0…1 from a seed: mulberry32. */
export function createChance(seed: number): Chance {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A seed of its own for one of many, so that what one of them does is the same however many there are. */
export function seedOf(seed: number, index: number): number {
  return (Math.imul(seed ^ (seed >>> 16), 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
}

/** Where ids come from. */
export interface Ids {
  id(): string
  /** Runs a transaction on the memory. The first two ids in it are for the memory itself, which rarely needs them. */
  within<Result>(transaction: () => Result): Result
}

/**
 * Ids that sort by age, as the browser's do. They depend on the moment, and on how many were made in it, and not on
 * all that was made before: so two who do the same at the same time come to the same ids.
 */
export function createIds(now: () => number, seed: number): Ids {
  const next = createCount(now, seed, 4)
  // Apart from the others, so that who a visitor is does not hang on what else happened in that moment.
  const nextOfMemory = createCount(now, seed, 3)
  let left = 0
  return {
    id: () => (left-- > 0 ? nextOfMemory() : next()),
    within(transaction) {
      left = 2
      try {
        return transaction()
      } finally {
        left = 0
      }
    },
  }
}

function createCount(now: () => number, seed: number, width: number): () => string {
  const end = seed.toString(16)
  let moment = -1
  let begin = ''
  let count = 0
  return () => {
    if (now() === moment) count++
    else {
      moment = now()
      begin = moment.toString(16).padStart(12, '0')
      count = 0
    }
    return `${begin}-${count.toString(16).padStart(width, '0')}-${end}`
  }
}

/** A whole number from 0 to below `count`. */
export function drawIndex(chance: Chance, count: number): number {
  return Math.floor(chance() * count)
}

/** A span from an exponential distribution: the gap to the next of things that happen at random. */
export function drawGap(chance: Chance, mean: number): number {
  return -Math.log(1 - chance()) * mean
}

/** Sticky chance: numbers that look random and are always the same for the same visitor and purpose, in the browser and in Node. */

/**
 * A number in 0…1 (below 1) by a hash of visitor and purpose: FNV-1a over the UTF-16 units, then the finalizer of
 * MurmurHash3, which spreads the few bits in which two ids differ over all of the number.
 *
 * @example
 * chanceOf(visitor, 'sampling/nps-q4') < 0.25 // asked with a share of 25 %
 */
export function chanceOf(visitor: string, purpose: string): number {
  const text = `${purpose}/${visitor}`
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/**
 * Whether a visitor is among those who may be asked. A larger share holds all of a smaller one.
 *
 * @param share 0 to 1
 */
export function isSampled(visitor: string, survey: string, share: number): boolean {
  return chanceOf(visitor, `sampling/${survey}`) < share
}

/** Whether a visitor is never asked, to compare with. */
export function isHeldOut(visitor: string, share: number): boolean {
  return chanceOf(visitor, 'holdout') < share
}

/** The arm of an experiment that a visitor is in; undefined where there is none. */
export function variantOf<Arm extends { weight: number }>(
  visitor: string,
  survey: string,
  variants: readonly Arm[],
): Arm | undefined {
  let rest = chanceOf(visitor, `variant/${survey}`) * variants.reduce((sum, each) => sum + each.weight, 0)
  return variants.find((each) => (rest -= each.weight) < 0) ?? variants.at(-1)
}

/** The order of a list for one visitor, always the same. */
export function shuffled<Item extends { id: string }>(
  items: readonly Item[],
  visitor: string,
  purpose: string,
): Item[] {
  return items
    .map((item) => ({ item, rank: chanceOf(visitor, `order/${purpose}/${item.id}`) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

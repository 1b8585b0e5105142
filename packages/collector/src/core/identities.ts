/** Numbers identities: each gets the next whole number from 0 on, and is found again by its 128 bits. */

/** 128 bits that stand for a visitor or a person, in four whole numbers of 32. */
export type Identity = readonly [number, number, number, number]

/** The identities that there are. */
export interface Identities {
  /** How many there are. */
  size(): number
  /** The number of an identity, a new one where it is not known yet. */
  add(identity: Identity): number
  /** The number of an identity; -1 where it is not known. */
  find(identity: Identity): number
}

/**
 * Begins to number. Takes some 30 bytes for each identity.
 *
 * @param seed what nobody outside knows: else whoever makes a million ids up could have all of them stand in one place of the
 * table. It changes no number.
 * @example
 * createIdentities().add([1, 2, 3, 4]) // 0
 */
export function createIdentities(seed: Identity = [0, 0, 0, 0]): Identities {
  const [seedA, seedB, seedC, seedD] = seed
  let size = 0
  let keys = new Int32Array(4 * 1024)
  /** Number + 1; 0 where nothing is. Twice as long as there are identities, at least. */
  let places = new Int32Array(2048)

  const placeOf = (a: number, b: number, c: number, d: number): number => {
    const mask = places.length - 1
    let hash = Math.imul(a ^ seedA ^ Math.imul(b ^ seedB, 0x9e3779b1), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15) ^ Math.imul(c ^ seedC, 0xc2b2ae35) ^ d ^ seedD, 0x27d4eb2f)
    let place = (hash ^ (hash >>> 13)) & mask
    for (;;) {
      const number = places[place] ?? 0
      if (number === 0) return place
      const at = (number - 1) * 4
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return place
      place = (place + 1) & mask
    }
  }
  const grow = (): void => {
    const larger = new Int32Array(keys.length * 2)
    larger.set(keys)
    keys = larger
    places = new Int32Array(places.length * 2)
    for (let number = 0; number < size; number++) {
      const at = number * 4
      const place = placeOf(keys[at] ?? 0, keys[at + 1] ?? 0, keys[at + 2] ?? 0, keys[at + 3] ?? 0)
      places[place] = number + 1
    }
  }
  return {
    size: () => size,
    add([a, b, c, d]) {
      const [first, second, third, fourth] = [a | 0, b | 0, c | 0, d | 0]
      const found = placeOf(first, second, third, fourth)
      const known = places[found] ?? 0
      if (known > 0) return known - 1
      const at = size * 4
      keys[at] = first
      keys[at + 1] = second
      keys[at + 2] = third
      keys[at + 3] = fourth
      places[found] = ++size
      if (size * 4 === keys.length) grow()
      return size - 1
    },
    find: ([a, b, c, d]) => (places[placeOf(a | 0, b | 0, c | 0, d | 0)] ?? 0) - 1,
  }
}

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createIdentities, type Identity } from './identities.ts'

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const identity = fc.tuple(
  fc.constantFrom(0, 1, -1),
  word,
  fc.constantFrom(0, 7),
  word,
) satisfies fc.Arbitrary<Identity>

it('numbers each identity in the order of arrival and finds it again, whatever the seed', () => {
  fc.assert(
    fc.property(
      fc.array(identity, { maxLength: 3000, size: 'max' }),
      fc.tuple(word, word, word, word),
      (all, seed) => {
        const identities = createIdentities(seed)
        const numbers = new Map<string, number>()
        for (const each of all) {
          const key = each.join()
          expect(identities.find(each)).toBe(numbers.get(key) ?? -1)
          if (!numbers.has(key)) numbers.set(key, numbers.size)
          expect(identities.add(each)).toBe(numbers.get(key))
        }
        expect(identities.size()).toBe(numbers.size)
        for (const each of all) expect(identities.find(each)).toBe(numbers.get(each.join()))
      },
    ),
    { numRuns: 30 },
  )
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packBodies, packReceipts, unpackBodies, unpackReceipts, type BodyCall } from './packBodies.ts'

const policy = fc.constantFrom<BodyCall['policy']>(
  { inline: 'accept', most: 200 },
  { inline: 'refuse', most: 200 },
  { inline: 'accept', most: 200, redact: { scrub: ['email'], patterns: [] } },
  { inline: 'accept', most: 200, redact: { scrub: [], patterns: [] } },
)
const call: fc.Arbitrary<BodyCall> = fc.record({
  id: fc.nat(2 ** 31),
  site: fc.constantFrom(1, 2),
  key: fc.constantFrom('pk_a', 'pk_b'),
  policy,
  body: fc.uint8Array({ maxLength: 20 }),
  at: fc.nat(Number.MAX_SAFE_INTEGER),
  watched: fc.oneof(fc.constant(null), fc.record({ visitor: fc.option(fc.string()), isBurst: fc.boolean() })),
})

it('bodies come out as they went in, each with its own key, policy and visitor', () => {
  fc.assert(
    fc.property(fc.array(call), (calls) => {
      const found: BodyCall[] = []
      // As they arrive in another thread.
      unpackBodies(structuredClone(packBodies(calls)), (each) => found.push(each))
      expect(found).toEqual(calls)
    }),
  )
})

it('receipts come out as they went in', () => {
  const taken = fc.record({
    receipt: fc.string({ unit: 'grapheme' }),
    accepted: fc.nat(500),
    duplicates: fc.nat(500),
    rejected: fc.array(fc.string(), { maxLength: 3 }),
  })
  fc.assert(
    fc.property(fc.array(fc.record({ id: fc.nat(), taken })), (list) => {
      const found: typeof list = []
      unpackReceipts(structuredClone(packReceipts(list)), (id, each) =>
        found.push({ id, taken: { ...each, rejected: [...each.rejected] } }),
      )
      expect(found).toEqual(list)
    }),
  )
})

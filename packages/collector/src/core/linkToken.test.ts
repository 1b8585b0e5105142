import { createHmac, timingSafeEqual } from 'node:crypto'
import { languages } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bindingOf,
  hiddenName,
  readLink,
  signLink,
  siteIn,
  type LinkBody,
  type LinkTools,
} from './linkToken.ts'

const tools: LinkTools = {
  mac: (key, data) => createHmac('sha256', key).update(data).digest(),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
}
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const common = { site: fc.nat(2 ** 32 - 1), language: fc.constantFrom(...languages) }
const bodies: fc.Arbitrary<LinkBody> = fc.oneof(
  fc.record({
    kind: fc.constant('survey' as const),
    ...common,
    row: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
    binding: bytes(8),
    expires: fc.nat(2 ** 32 - 1).map((minutes) => minutes * 60_000),
  }),
  fc.record({ kind: fc.constant('unsubscribe' as const), ...common, who: bytes(16), mail: bytes(16) }),
)
const plain = (body: LinkBody | null): unknown => body && JSON.parse(JSON.stringify(body))

describe('signed links', () => {
  it('say what was signed, with a key that is new or one that is still good, and need no escape', () => {
    fc.assert(
      fc.property(bodies, bytes(32), bytes(32), (body, key, other) => {
        const token = signLink(body, key, tools)
        expect(token).toMatch(/^[\w-]{54,72}$/)
        expect(siteIn(token)).toBe(body.site)
        expect(plain(readLink(token, () => [other, key], tools))).toEqual(plain(body))
        fc.pre(!Buffer.from(key).equals(other))
        expect(readLink(token, () => [other], tools)).toBe(null)
        expect(readLink(token, () => [], tools)).toBe(null)
      }),
    )
  })

  it('are refused with any bit flipped, cut, lengthened, or spelled otherwise', () => {
    fc.assert(
      fc.property(bodies, bytes(32), fc.nat(), fc.nat(7), (body, key, place, bit) => {
        const token = signLink(body, key, tools)
        const read = (text: string): LinkBody | null => readLink(text, () => [key], tools)
        const flipped = Buffer.from(token, 'base64url')
        const index = place % flipped.length
        flipped[index] = (flipped[index] ?? 0) ^ (1 << bit)
        expect(read(flipped.toString('base64url'))).toBe(null)
        expect(read(token.slice(0, -1))).toBe(null)
        expect(read(`${token}A`)).toBe(null)
        expect(read(`${token}=`)).toBe(null)
        const letter = token[place % token.length] ?? ''
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        const next = letters[(letters.indexOf(letter) + 1) % 64] ?? ''
        const at = place % token.length
        expect(read(token.slice(0, at) + next + token.slice(at + 1))).toBe(null)
      }),
    )
  })

  it('are no text that somebody made up', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(readLink(text, () => [new Uint8Array(32)], tools)).toBe(null)
      }),
    )
  })

  it('are bound to one follow-up, one person and one survey', () => {
    const key = new Uint8Array(32)
    const about = { id: 'nps/call/1', person: 'ann', survey: 'nps' }
    const names = [about, { ...about, id: 'x' }, { ...about, person: 'ännä😀' }, { ...about, survey: 'y' }]
    const found = names.map((each) => Buffer.from(bindingOf(each, key, tools.mac)).toString('hex'))
    expect(new Set(found).size).toBe(4)
    const hidden = hiddenName('person', 'ännä😀', key, tools.mac)
    const wanted = createHmac('sha256', key).update('person\nännä😀').digest().subarray(0, 16)
    expect(Buffer.from(hidden)).toEqual(wanted)
  })
})

import { describe, expect, it } from 'vitest'
import { isExactOrigin } from './auth.ts'
import { addToken, changeStart, findToken, makeKeyring, type AccessRecord } from './keyring.ts'

const hash = (digit: string): string => digit.repeat(64)
const equal = (a: string, b: string): boolean => a === b

describe('findToken', () => {
  it('looks at every token, whichever fits, so that time tells nothing', () => {
    const records = ['1', '2', '3'].flatMap((digit) => {
      const token = { site: null, name: digit, role: 'viewer', hash: hash(digit), expiresAt: null } as const
      return addToken(makeKeyring([]), token, 0).put
    })
    const ring = makeKeyring(records)
    for (const wanted of ['1', '3', '9']) {
      const seen: string[] = []
      const found = findToken(ring, hash(wanted), 0, (a, b) => {
        seen.push(a)
        return a === b
      })
      expect([wanted, found?.name ?? null, seen.length]).toEqual([wanted, wanted === '9' ? null : wanted, 3])
    }
  })
  it('finds none that is revoked or past its time', () => {
    const token = { site: null, name: 'a', role: 'viewer', hash: hash('1'), expiresAt: 10 } as const
    const ring = makeKeyring(addToken(makeKeyring([]), token, 0).put)
    expect(findToken(ring, hash('1'), 9, equal)?.name).toBe('a')
    expect(findToken(ring, hash('1'), 10, equal)).toBeNull()
  })
})

it('a start gives no site a key that another one has', () => {
  const first = makeKeyring(
    changeStart(makeKeyring([]), () => ({ writeKey: 'pk_a', tokenHash: hash('1') }), 0).put,
  )
  const ring = makeKeyring([
    ...first.sites.map((each): AccessRecord => ({ kind: 'site', ...each })),
    { kind: 'site', id: 2, name: 'b', createdAt: 0 },
    { kind: 'key', ...first.writeKeys[0]!, key: 'pk_b', site: 2 },
  ])
  expect(() => changeStart(ring, () => ({ writeKey: 'pk_b' }), 1)).toThrow(/another site/)
})

it.each([
  ['https://shop.example', true],
  ['http://localhost:5173', true],
  ['https://[::1]:8443', true],
  ['capacitor://localhost', true],
  ['chrome-extension://abcdef', true],
  ['null', true],
  ['https://shop.example/', false],
  ['https://shop.example:443', false],
  ['http://shop.example:80', false],
  ['https://*.shop.example', false],
  ['https://Shop.example', false],
  ['https://a@shop.example', false],
  ['shop.example', false],
  ['*', false],
])('isExactOrigin(%j) is %s', (origin, expected) => {
  expect(isExactOrigin(origin)).toBe(expected)
})

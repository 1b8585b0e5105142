import type { AddressMatch } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesAddress, parameterOf, parseAddress } from './address.ts'

const runs = { numRuns: Number(process.env['EARSHOT_RUNS'] ?? 500) }
const url = 'https://shop.example/a/b?x=1&y=2#top'

describe('matchesAddress', () => {
  it.each<[boolean, AddressMatch['match'], string]>([
    [true, 'exact', '/a/b'],
    [false, 'exact', '/a'],
    [true, 'exact', '/a/b?x=1&y=2'],
    [false, 'exact', '/a/b?x=1'],
    [true, 'exact', '/a/b#top'],
    [true, 'exact', '/a/b?x=1&y=2#top'],
    [true, 'exact', 'https://shop.example/a/b'],
    [false, 'exact', 'https://other.example/a/b'],
    [true, 'prefix', '/a'],
    [false, 'prefix', '/b'],
    [true, 'prefix', '/a/b?x='],
    [true, 'prefix', 'https://shop.example/'],
    [true, 'glob', '/a/*'],
    [false, 'glob', '/*'],
    [true, 'glob', '/**'],
    [true, 'glob', 'https://*.example/a/*'],
    [true, 'pattern', '^/a/'],
    [true, 'pattern', 'b$'],
    [false, 'pattern', 'shop'],
  ])('%s for %s %s', (wanted, match, value) => {
    expect(matchesAddress(url, [{ match, value }])).toBe(wanted)
  })
  it('takes any page where no address is named, and one of several', () => {
    expect(matchesAddress(url, undefined)).toBe(true)
    expect(matchesAddress(url, [])).toBe(true)
    const other: AddressMatch = { match: 'exact', value: '/z' }
    expect(matchesAddress(url, [other])).toBe(false)
    expect(matchesAddress(url, [other, { match: 'prefix', value: '/a' }])).toBe(true)
  })
  it('sees the route of an app that keeps it in the fragment', () => {
    expect(matchesAddress('https://a.example/#/pay', [{ match: 'prefix', value: '/#/pay' }])).toBe(true)
  })
})

describe('parseAddress', () => {
  it('agrees with URL', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
        const real = new URL(text)
        const { origin, path, query, fragment } = parseAddress(real.href)
        expect([path, query === '?' ? '' : query, fragment === '#' ? '' : fragment]).toEqual([
          real.pathname,
          real.search,
          real.hash,
        ])
        expect(origin).toContain(real.host)
      }),
      runs,
    )
  })
  it('loses nothing of any text, and takes time in proportion', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(Object.values(parseAddress(text)).join('')).toBe(text)
      }),
      runs,
    )
    expect(parseAddress('?'.repeat(1_000_000)).query).toHaveLength(1_000_000)
  })
})

describe('parameterOf', () => {
  it('agrees with URLSearchParams', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string())), (pairs) => {
        const query = `?${new URLSearchParams(pairs).toString()}`
        for (const name of ['a', 'b', 'c'])
          expect(parameterOf(query, name)).toBe(new URLSearchParams(query).get(name) || undefined)
      }),
      runs,
    )
  })
  it('takes a broken escape as it stands, and an empty value for none', () => {
    expect(parameterOf('?a=%zz', 'a')).toBe('%zz')
    expect(parameterOf('?a=&b=1', 'a')).toBeUndefined()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJson } from './json.ts'
import { cleanText, cleanValue, cutText, nearestName } from './text.ts'

describe('cleanText', () => {
  it('removes NUL and control characters and keeps tab and line feed', () => {
    expect(cleanText('a\u0000b\u0007c\u001fd\te\nf\r\ng')).toBe('abcd\te\nf\ng')
  })
  it('puts U+FFFD for lone surrogates and keeps pairs', () => {
    expect(cleanText('\ud800x\udc00😀\ud83d')).toBe('\ufffdx\ufffd😀\ufffd')
  })
  it.each([
    'Größe, naïve, Łódź',
    'Ελληνικά',
    'Русский',
    'עברית \u200fRTL\u200e',
    'العربية',
    'हिन्दी क्ष',
    'ไทย',
    '中文，日本語、한국어',
    '👩‍👩‍👧‍👦🏳️‍🌈 e\u0301',
    'a\u00a0b\u2028c',
    '',
  ])('leaves %j as it is', (text) => expect(cleanText(text)).toBe(text))
  it('always gives text that survives UTF-8', () => {
    const anything = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    })
    fc.assert(
      fc.property(anything, (text) => {
        const clean = cleanText(text)
        expect(new TextDecoder().decode(new TextEncoder().encode(clean))).toBe(clean)
        expect(cleanText(clean)).toBe(clean)
      }),
      { numRuns: 500 },
    )
  })
})

describe('cleanValue', () => {
  it('cleans keys and values at any depth', () => {
    expect(cleanValue({ 'a\u0000': ['b\u0000', { c: 'd\u0000', e: 1, f: null, g: true }] })).toEqual({
      a: ['b', { c: 'd', e: 1, f: null, g: true }],
    })
  })
  it('keeps a key __proto__ as a key', () => {
    const clean = cleanValue(JSON.parse('{"__proto__":{"polluted":1}}')) as object
    expect(Object.getPrototypeOf(clean)).toBe(Object.prototype)
    expect(Object.keys(clean)).toEqual(['__proto__'])
    expect('polluted' in {}).toBe(false)
  })
})

describe('cutText', () => {
  it('never splits a pair', () => {
    expect(cutText('ab😀', 3)).toBe('ab')
    expect(cutText('ab😀', 4)).toBe('ab😀')
    expect(cutText('abc', 2)).toBe('ab')
  })
})

describe('nearestName', () => {
  it.each([
    ['nps-q5', ['nps-q4', 'csat'], 'nps-q4'],
    ['NPS-Q4', ['nps-q4'], 'nps-q4'],
    ['checkout', ['check-out', 'support'], 'check-out'],
    ['billing', ['nps', 'csat'], undefined],
    ['a'.repeat(33), ['a'.repeat(32)], undefined],
    ['x', [], undefined],
  ])('finds for %s among %j: %s', (name, known, near) => expect(nearestName(name, known)).toBe(near))
})

describe('readJson', () => {
  it('takes 32 levels and refuses 33, before parsing', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    expect(readJson(nested(32)).ok).toBe(true)
    expect(readJson(nested(33))).toEqual({ ok: false, message: expect.stringContaining('deeper than 32') })
    expect(readJson('['.repeat(500_000))).toEqual({ ok: false, message: expect.stringContaining('deeper') })
  })
  it('does not count brackets inside strings', () => {
    expect(readJson(JSON.stringify({ a: '[{'.repeat(50), b: '\\"['.repeat(50) })).ok).toBe(true)
  })
  it('says what is wrong with the rest', () => {
    expect(readJson('{"a":')).toEqual({ ok: false, message: expect.stringMatching(/JSON/) })
    expect(readJson('').ok).toBe(false)
  })
})

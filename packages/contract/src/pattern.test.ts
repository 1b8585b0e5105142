import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  compilePattern,
  findsPattern,
  patternFlaw,
  patternSize,
  patternSpans,
  runPattern,
} from './pattern.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 500)
vi.setConfig({ testTimeout: 60_000 + 100 * numRuns })

/** Patterns of the subset, made from their grammar. */
const pattern = fc.letrec<{ either: string; sequence: string; piece: string; atom: string }>((tie) => ({
  either: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((ways) => ways.join('|')),
  sequence: fc.array(tie('piece'), { maxLength: 3 }).map((parts) => parts.join('')),
  piece: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B') },
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          tie('atom'),
          fc.constantFrom(
            '',
            '',
            '',
            '*',
            '+',
            '?',
            '{2}',
            '{0}',
            '{1,}',
            '{0,2}',
            '{1,3}',
            '*?',
            '+?',
            '??',
            '{1,2}?',
          ),
        )
        .map((parts) => parts.join('')),
    },
  ),
  atom: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'B', 'c', '7', '_', ' ', 'é', '-', '/', '}', ']', ':', ',', '😀'),
    fc.constantFrom(
      '.',
      '\\d',
      '\\D',
      '\\w',
      '\\W',
      '\\s',
      '\\S',
      '\\t',
      '\\n',
      '\\.',
      '\\*',
      '\\\\',
      '\\/',
      '\\-',
    ),
    fc.constantFrom(
      '[a-c]',
      '[^a-c]',
      '[A-F0-9]',
      '[^\\d]',
      '[\\w.-]',
      '[\\s\\S]',
      '[(|)*]',
      '[\\]]',
      '[É]',
      '[^é-ü]',
    ),
    tie('either').map((inner) => `(${inner})`),
    tie('either').map((inner) => `(?:${inner})`),
  ),
})).either

const text = fc
  .array(fc.constantFrom(...'aAbBcCfF79_ éÉ-/.*(|)\\}]:,ü\t\n'.split(''), '😀'), { maxLength: 9 })
  .map((signs) => signs.join(''))

describe('compilePattern', () => {
  it('finds what RegExp finds, for every pattern of the subset', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        expect(patternFlaw(source)).toBeNull()
        expect(compilePattern(source)(subject)).toBe(new RegExp(source, 'i').test(subject))
      }),
      { numRuns },
    )
  })
  it('matches as a whole what RegExp matches as a whole', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        const whole = new RegExp(`^(?:${source})$`, 'i').test(subject)
        expect(compilePattern(source, { whole: true })(subject)).toBe(whole)
      }),
      { numRuns },
    )
  })
  it('finds nothing by a bad pattern, and throws nothing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), text, (source, subject) => {
        const isSound = patternFlaw(source) === null
        const found = compilePattern(source)(subject)
        if (!isSound) expect(found).toBe(false)
        else expect(found).toBe(new RegExp(source, 'i').test(subject))
      }),
      { numRuns },
    )
  })
  it('keeps patterns that differ in "whole" apart', () => {
    expect(compilePattern('b')('abc')).toBe(true)
    expect(compilePattern('b', { whole: true })('abc')).toBe(false)
    expect(compilePattern('b')('abc')).toBe(true)
  })
  it('is right after more patterns than it keeps', () => {
    const sources = Array.from({ length: 250 }, (_, index) => `^x{${index % 100}}${index}$`)
    for (const [index, source] of [...sources, ...sources].entries()) {
      const number = index % 250
      expect(compilePattern(source)('x'.repeat(number % 100) + number)).toBe(true)
    }
  })
})

describe('the steps it takes', () => {
  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(x*)*y',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(a|aa)+$',
    '(.*)(.*)(.*)(.*)(.*)z',
    '(a?){50}a{50}z',
    '(?:(?:a*)*)*b',
  ])('grow with the text and no faster: %s', (source) => {
    const few = runPattern(source, 'a'.repeat(10_000), true)
    const many = runPattern(source, 'a'.repeat(20_000), true)
    expect(many.steps).toBeLessThan(few.steps * 2.01)
    expect(many.steps).toBeLessThan(20_001 * 2000)
    const anywhere = runPattern(`${source}!`, 'x'.repeat(20_000), false)
    expect(anywhere.steps).toBeLessThan(20_001 * 2000)
  })
  it('stay within states times characters whatever the pattern', () => {
    fc.assert(
      fc.property(pattern, fc.nat(200), (source, length) => {
        const { steps } = runPattern(source, 'ab'.repeat(length), false)
        expect(steps).toBeLessThanOrEqual(2001 * (2 * length + 1))
      }),
      { numRuns },
    )
  })
})

describe('patternFlaw', () => {
  it.each([
    ['a**', '"*" (character 2)', 'nothing to repeat'],
    ['+a', '"+" (character 0)', 'nothing to repeat'],
    ['^*', '"*" (character 1)', 'nothing to repeat'],
    ['a|*', '"*" (character 2)', 'nothing to repeat'],
    ['{2}', '"{2}" (character 0)', 'nothing to repeat'],
    ['a{,2}', '"{" (character 1)', 'a quantifier is'],
    ['a{3,2}', '"{3,2}" (character 1)', 'runs backwards'],
    ['a{101}', '"{101}" (character 1)', 'counts to 100'],
    ['a{1,101}', '"{1,101}" (character 1)', 'counts to 100'],
    ['[abc', '"[" (character 0)', 'class is empty or not closed'],
    ['x[]', '"[" (character 1)', 'class is empty or not closed'],
    ['x[z-a]', '"[z-a]" (character 1)', 'range in the class'],
    ['(a', 'at the end', 'not closed'],
    ['a)', '")" (character 1)', 'closes no group'],
    ['(?=a)', '(character 1)', 'no lookaround'],
    ['(?<n>a)', '(character 1)', 'no lookaround'],
    ['(a)\\1', '"\\" (character 3)', 'backreference'],
    ['\\u0041', '"\\" (character 0)', 'no such escape'],
    ['a\\', '"\\" (character 1)', 'no such escape'],
    ['((a{100}){100}){100}', '', 'over 2000 states'],
    ['(((){100}){100}){100}', '', 'over 2000 states'],
    ['('.repeat(101) + ')'.repeat(101), '', 'deeper than 100'],
    ['('.repeat(100_000), '', 'deeper than 100'],
    ['a'.repeat(2001), '', 'over 2000 states'],
  ])('says where and what is wrong (%#)', (source, where, what) => {
    expect(patternFlaw(source)).toContain(where)
    expect(patternFlaw(source)).toContain(what)
  })
  it.each(['', 'a|', '(a{5}){100}', '('.repeat(100) + ')'.repeat(100), '[^]a]', '\\d{6}'])(
    'finds nothing wrong (%#)',
    (source) => expect(patternFlaw(source)).toBeNull(),
  )
})

describe('findsPattern', () => {
  it.each([
    ['/shop/*', '/shop/cart', true],
    ['/shop/*', '/shop/cart/2', false],
    ['/shop/**', '/shop/cart/2', true],
    ['/shop/*/edit', '/shop/2/edit', true],
    ['/shop', '/shop/cart', false],
    ['/SHOP/*', '/shop/Cart', true],
    ['/a?b=*', '/a?b=1', true],
    ['/a?b=*', '/ab=1', false],
    ['**.html', '/x/y.html', true],
    ['**.html', '/x/y-html', false],
    ['/[x](y)+{2}^$|\\', '/[x](y)+{2}^$|\\', true],
    ['https://*.example.com/**', 'https://shop.example.com/a/b', true],
    ['**', 'a\nb', true],
  ])('glob %s on %s', (glob, subject, wanted) => {
    expect(findsPattern({ glob }, subject)).toBe(wanted)
  })
  it('reads a glob as what stands there', () => {
    const plain = fc.array(fc.constantFrom(...'aA/?.+$^()[]{}|\\-é'.split('')), { maxLength: 12 })
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        const [glob, subject] = [a.join(''), b.join('')]
        expect(findsPattern({ glob }, glob)).toBe(true)
        expect(findsPattern({ glob }, subject)).toBe(glob.toLowerCase() === subject.toLowerCase())
        expect(findsPattern({ glob: `${glob}**` }, glob + subject)).toBe(true)
        expect(findsPattern({ glob: `${glob}*` }, glob + subject)).toBe(!subject.includes('/'))
      }),
      { numRuns },
    )
  })
  it('finds a pattern anywhere', () => {
    expect(findsPattern({ pattern: 'ErRor \\d+' }, 'an error 42 came')).toBe(true)
    expect(findsPattern({ pattern: '[' }, '[')).toBe(false)
  })
})

describe('patternSpans', () => {
  it.each<[pattern: string, text: string, covered: string]>([
    ['\\d{6}', 'order 123456 and 654321!', 'order ###### and ######!'],
    ['[A-Z]{2}-\\d+', 'our AB-12, your cd-345', 'our #####, your ######'],
    ['\\bada\\b', 'Ada, adana and ADA', '###, adana and ###'],
    ['a|ab|abc', 'xabcx', 'x###x'],
    ['(?:ab)+', 'ababa', '####a'],
    ['a*', 'baab', 'b##b'],
    ['', 'abc', 'abc'],
    ['a**', 'aaa', 'aaa'],
    ['^.*$', 'one line', '########'],
    ['aa', 'aaa', '###'],
  ])('%j in %j', (source, given, covered) => {
    const marked = given.split('')
    for (const [start, end] of patternSpans(source, given)) marked.fill('#', start, end)
    expect(marked.join('')).toBe(covered)
  })
  it('finds a part if and only if the pattern is found, at random', () => {
    const piece = fc.constantFrom('a', 'b', '[ab]', '.', '\\d', 'a?', 'b*', '(a|b)', '(?:ab)+', '\\b')
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 12 }),
        (pieces, written) => {
          const source = pieces.join('')
          const global = new RegExp(source, 'gi')
          const spans = patternSpans(source, written)
          // Every match of the browser lies within a part that was found.
          for (const { 0: match, index } of written.matchAll(global))
            if (match !== '')
              expect(spans.some(([start, end]) => start <= index && index + match.length <= end)).toBe(true)
        },
      ),
    )
  })
  it('takes time in proportion to the text, also where others hang', () => {
    const long = `${'a'.repeat(20_000)}!`
    expect(patternSpans('(a+)+$', long)).toEqual([])
    expect(patternSpans('(a|a)*b', long)).toEqual([])
    expect(patternSize('(a+)+$')).toBeLessThan(10)
    expect([patternSize('a{100}'), patternSize('a**')]).toEqual([101, 0])
  })
})

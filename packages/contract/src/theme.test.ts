import { describe, expect, it } from 'vitest'
import { settingsSchema } from './schema.ts'
import { colorPattern, fontPattern } from './theme.ts'

describe('colours', () => {
  it.each([
    '#fff',
    '#1D4ED8',
    'rgb(1,2,3)',
    'RGB( 10% 20.5% .5% )',
    'hsl(-30deg, 50%, 50%)',
    'hsl(210 50 50)',
    'oklch(0.6 0.2 250)',
    'oklch(60% 30% 250deg)',
    'oklch(  60%  ,  30%   250deg  )',
  ])('takes %s', (text) => {
    expect(colorPattern.test(text)).toBe(true)
  })
  it.each([
    '',
    'red',
    '#ffff',
    '#ff',
    '#ffffffff',
    '#fff;',
    '#fff\n',
    'rgb(1,2)',
    'rgb(1,2,3,4)',
    'rgb(1 2 3 / 50%)',
    'rgba(1,2,3,.5)',
    'rgb(1deg 2 3)',
    'rgb(1e9 2 3)',
    'rgb(var(--x) 2 3)',
    'hsl(1 2 3);x:url(//a)',
    'oklch(from red l c h)',
    `rgb(${'9'.repeat(400)},0,0)`,
  ])('refuses %j', (text) => {
    expect(colorPattern.test(text)).toBe(false)
  })
  it('are told from a long text of spaces before anybody has to wait', () => {
    // By the square of its length this would take many times as long as a test may.
    expect(colorPattern.test(`rgb(1${' '.repeat(2 ** 17)}`)).toBe(false)
  })
})

describe('fonts', () => {
  it.each([
    'Inter',
    '-apple-system, BlinkMacSystemFont, "Segoe UI", sans-serif',
    "'Source Sans 3' , serif",
    'Noto Sans JP',
    'Größe, "メイリオ"',
    'Initial Sans',
  ])('takes %s', (text) => {
    expect(fontPattern.test(text)).toBe(true)
  })
  it.each([
    '',
    'x;color:red',
    'x}body{display:none',
    'url(//example.com/a.woff)',
    '"a',
    'a"b"',
    '\'a"',
    '"a\\"',
    '"a\n"',
    'a\\3b',
    'a/**/',
    'a,',
    'a,,b',
    'Source Sans 3',
    'var(--x)',
    'a!important',
    'inherit',
    'Unset',
    '</style>',
    '@import',
  ])('refuses %j', (text) => {
    expect(fontPattern.test(text)).toBe(false)
  })
  it('refuses what is long without trying everything', () => {
    expect(fontPattern.test(`${'a '.repeat(20_000)};`)).toBe(false)
    expect(fontPattern.test(`${'"a", '.repeat(20_000)};`)).toBe(false)
    expect(colorPattern.test(`rgb(${' '.repeat(20_000)};`)).toBe(false)
  })
})

describe('a theme in the settings', () => {
  it.each<[string, object]>([
    ['scheme', { scheme: 'sepia' }],
    ['accent', { accent: 'red' }],
    ['dark.text', { dark: { text: '#ffff' } }],
    ['radius', { radius: 25 }],
    ['radius', { radius: '4px' }],
    ['size', { size: 13 }],
    ['size', { size: Number.NaN }],
    ['font', { font: 'x;}' }],
    ['font', { font: 'x'.repeat(201) }],
    ['density', { density: 'toString' }],
  ])('is refused with its place: %s', (path, theme) => {
    const { error } = settingsSchema.safeParse({ theme })
    expect(error?.issues.map((each) => each.path.join('.'))).toEqual([`theme.${path}`])
  })
})

import type { Theme } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { checkTheme } from './check.ts'
import { contrast, hex, readColor, withContrast, type Color } from './color.ts'
import { themeCss } from './main.ts'

const color = (text: string): Color => readColor(text)!
const changesOf = (theme: unknown) => checkTheme(theme as Theme).changes

describe('contrast', () => {
  it.each([
    ['#000', '#fff', 21],
    ['#fff', '#fff', 1],
    ['#767676', '#fff', 4.54],
    ['#777777', '#fff', 4.48],
    ['#949494', '#fff', 3.03],
    ['#ff0000', '#fff', 4],
    ['#0000ff', '#fff', 8.59],
  ])('of %s to %s is %f, either way round', (one, other, ratio) => {
    expect(contrast(color(one), color(other))).toBeCloseTo(ratio, 2)
    expect(contrast(color(other), color(one))).toBeCloseTo(ratio, 2)
  })
})

describe('a colour', () => {
  it.each([
    ['#06c', '#0066cc'],
    ['#ABCDEF', '#abcdef'],
    ['rgb(1, 2, 255)', '#0102ff'],
    ['rgb(100% 0% 50%)', '#ff0080'],
    ['rgb(-5 300 12.4)', '#00ff0c'],
    ['hsl(0 100% 50%)', '#ff0000'],
    ['hsl(-240 100% 25%)', '#008000'],
    ['HSL(210deg, 50%, 40%)', '#336699'],
    ['hsl(570 50 40)', '#336699'],
  ])('%s is %s', (text, is) => {
    expect(hex(color(text))).toBe(is)
  })
  it.each([
    // The examples of CSS Color 4, which are rounded themselves.
    ['oklch(40.1% 0.123 21.57)', '#7d2329'],
    ['oklch(59.69% 0.156 49.77)', '#c65d06'],
    ['oklch(1 0 0)', '#ffffff'],
    ['oklch(0 0.4 20)', '#000000'],
    ['oklch(62.8% 0.2577 29.23)', '#ff0000'],
    ['oklch(51.975% 0.17686 142.495)', '#008000'],
  ])('%s is %s, but for one step in 255', (text, is) => {
    for (const [index, part] of color(text).entries())
      expect(Math.abs(part - color(is)[index]!)).toBeLessThanOrEqual(1)
  })
  it('that no screen can show loses chroma, not its hue', () => {
    const [red, green, blue] = color('oklch(0.7 0.4 145)')
    expect(green).toBeGreaterThan(180)
    expect(Math.max(red, blue)).toBeLessThan(90)
  })
  it('with too little contrast moves by as little as is needed, whatever is nearer', () => {
    expect(hex(withContrast(color('#777'), color('#fff'), 4.5))).toBe('#767676')
    expect(hex(withContrast(color('#888'), color('#000'), 4.5))).toBe('#888888')
    expect(hex(withContrast(color('#666'), color('#000'), 4.5))).toBe('#757575')
    expect(contrast(withContrast(color('#777'), color('#777'), 4.5), color('#777'))).toBeCloseTo(4.5, 1)
  })
})

describe('themeCss', () => {
  it('is nothing for nothing', () => {
    for (const theme of [{}, { scheme: 'auto' }, { dark: {} }] as const) expect(themeCss(theme)).toBe('')
  })
  it('leaves colours alone where only sizes are given', () => {
    expect(themeCss({ radius: 0, size: 17, font: 'Inter, serif', density: 'compact' })).toBe(
      '.card.card{--_radius:0px;--_size:17px;--_gap:12px;--_font:Inter, serif}',
    )
  })
  it('has both schemes, the dark one where the system has it', () => {
    expect(themeCss({ accent: '#06c' })).toMatch(
      /^\.card\.card\{color-scheme:light;--_bg:#ffffff;[^{}]*--_accent:#0066cc;--_on-accent:#ffffff;[^{}]*\}@media\(prefers-color-scheme:dark\)\{\.card\.card\{color-scheme:dark;--_bg:#1c2027;[^{}]*\}\}$/,
    )
  })
  it.each(['light', 'dark'] as const)('has one scheme where it is %s always', (scheme) => {
    expect(themeCss({ scheme })).toMatch(
      new RegExp(`^\\.card\\.card\\{color-scheme:${scheme};[^{}]*--_flaw:#\\w{6}\\}$`),
    )
  })
  it('forced dark takes the colours for it, and the others as they are', () => {
    const css = themeCss({ scheme: 'dark', accent: '#fff', background: '#000', dark: { background: '#111' } })
    expect(css).toContain('--_bg:#111111')
    expect(css).toContain('--_accent:#ffffff;--_on-accent:#000000')
  })
  it('makes what the dark scheme lacks: a lighter accent, a dark ground of the same hue, light letters', () => {
    const [light, dark] = themeCss({ accent: '#1d4ed8', background: '#fff7ed', text: '#7c2d12' }).split(
      '@media',
    )
    expect(light).toContain('--_bg:#fff7ed;--_ink:#7c2d12')
    const [, ground = '', ink = ''] = /--_bg:(.*?);--_ink:(.*?);/.exec(dark!) ?? []
    expect(contrast(color(ground), color('#fff'))).toBeGreaterThan(14)
    expect(contrast(color(ink), color('#000'))).toBeGreaterThan(14)
    // Warm, as what they were made from.
    for (const [red, , blue] of [color(ground), color(ink)]) expect(red).toBeGreaterThan(blue)
    const accent = color(/--_accent:(.*?);/.exec(dark!)![1]!)
    expect(contrast(accent, color(ground))).toBeGreaterThanOrEqual(4.5)
  })
  it('leaves a background that is dark already', () => {
    expect(themeCss({ background: '#0b1020' }).match(/scheme:dark;--_bg:#0b1020/g)).toHaveLength(2)
  })
  it.each([
    'red;}',
    '#fff;--_bg:red',
    '#fff}body{display:none',
    'url(//example.com/x)',
    'rgb(1 2 3);background:url(//example.com)',
    'var(--x)',
    'expression(alert(1))',
    '"',
    '\\',
    '\n',
    '/*',
    '</style><script>',
    'x;}',
    '"a',
    'a\\3b b',
    'constructor',
    '__proto__',
    'toString',
    '4px;}',
    ['#fff;}'],
    { toString: () => '#fff;}' },
    Number.NaN,
    Infinity,
    -1,
    1e9,
    null,
    true,
    Symbol('x'),
  ])('takes nothing of a hostile value: %s', (value) => {
    // These two are names that a font may have, and harmless.
    const isName = value === 'constructor' || value === '__proto__' || value === 'toString'
    for (const name of ['accent', 'background', 'text', 'scheme', 'radius', 'size', 'font', 'density']) {
      const theme = { [name]: value } as unknown as Theme
      const isFont = name === 'font' && isName
      expect(themeCss(theme)).toBe(isFont ? `.card.card{--_font:${String(value)}}` : '')
      expect(changesOf(theme)).toHaveLength(isFont ? 0 : 1)
    }
    expect(themeCss({ dark: value as never })).toBe('')
    for (const name of ['accent', 'background', 'text'])
      expect(themeCss({ dark: { [name]: value as never } })).toBe('')
  })
})

describe('checkTheme', () => {
  it('has nothing to say of what is used as it is', () => {
    expect(changesOf({ accent: '#06C', dark: { accent: '#9cf', text: undefined }, radius: 4 })).toEqual([])
  })
  it('says where, what is wrong, and what is used', () => {
    expect(changesOf({ accent: '#ff0', background: '#fff' })).toEqual([
      {
        at: 'accent',
        used: expect.stringMatching(/^#\w{6}$/) as string,
        message: expect.stringMatching(
          /^accent: #ffff00 has a contrast of 1\.07 to the background #ffffff and needs 3, so #\w{6} is used$/,
        ) as string,
      },
    ])
    expect(changesOf({ accent: 'blue', acent: '#00f', dark: { text: '#222', link: 1 } })).toMatchObject(
      [
        { at: 'accent', used: null, message: /"blue" is not a colour/ },
        { at: 'acent', used: null },
        { at: 'dark.link', used: null },
        { at: 'dark.text' },
      ].map((each) => ({ ...each, message: expect.any(String) as string })),
    )
  })
  it('says of a forced scheme only what it uses', () => {
    expect(changesOf({ scheme: 'dark', accent: '#111', dark: { accent: '#9cf' } })).toEqual([])
    expect(changesOf({ scheme: 'dark', accent: '#111' })).toMatchObject([{ at: 'accent' }])
    expect(changesOf({ scheme: 'light', dark: { accent: '#111' } })).toEqual([])
  })
  it.each([null, 'dark', 7, []])('says that %j is no theme', (value) => {
    expect(checkTheme(value as unknown as Theme)).toMatchObject({
      css: '',
      changes: [{ at: '', used: null }],
    })
  })
})

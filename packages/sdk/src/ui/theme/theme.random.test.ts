import type { Theme, ThemeColors } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkTheme } from './check.ts'
import { contrast, hex, readColor, type Color } from './color.ts'
import { themeCss } from './main.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 500)

const whole = (most: number) => fc.integer({ min: 0, max: most })
const anyColor = fc.oneof(
  whole(0xffffff).map((all) => `#${all.toString(16).padStart(6, '0')}`),
  whole(0xfff).map((all) => `#${all.toString(16).padStart(3, '0')}`),
  // Grays are where black and white are equally far.
  whole(255).map((part) => `rgb(${part}, ${part}, ${part})`),
  fc.tuple(whole(360), whole(100), whole(100)).map(([h, s, l]) => `hsl(${h} ${s}% ${l}%)`),
  fc.tuple(whole(100), whole(40), whole(360)).map(([l, c, h]) => `oklch(${l}% ${c / 100} ${h})`),
)
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const colors = { accent: maybe(anyColor), background: maybe(anyColor), text: maybe(anyColor) }
const anyTheme: fc.Arbitrary<Theme> = fc.record({
  ...colors,
  scheme: fc.constantFrom('light', 'dark', 'auto', undefined),
  dark: maybe(fc.record(colors)),
})

type Tokens = Record<string, string>
/** The tokens of each scheme that a theme makes. */
const schemesOf = (css: string): Tokens[] =>
  [...css.matchAll(/color-scheme:([^}]*)/g)].map(([, rule = '']) =>
    Object.fromEntries(
      [...rule.matchAll(/--_([\w-]+):(#[\da-f]{6})(?=;|$)/g)].map(([, name, value]) => [name, value]),
    ),
  )
const read = (text: string | undefined): Color => readColor(text)!
const tokenOf = { accent: 'accent', background: 'bg', text: 'ink' } as const
const names = ['accent', 'background', 'text'] as const

const hold = (property: (theme: Theme, schemes: Tokens[]) => void): void =>
  fc.assert(
    fc.property(anyTheme, (theme) => property(theme, schemesOf(themeCss(theme)))),
    { numRuns },
  )
const isColored = ({ dark, ...light }: Theme): boolean =>
  names.some((name) => light[name] ?? dark?.[name]) || ['light', 'dark'].includes(light.scheme!)

// A machine may be busy, and the runs may be many.
describe('whatever the theme', { timeout: 30_000 + numRuns * 100 }, () => {
  it('has the schemes that it needs, each with every colour', () => {
    hold((theme, schemes) => {
      const count = theme.scheme === 'light' || theme.scheme === 'dark' ? 1 : 2
      expect(schemes).toHaveLength(isColored(theme) ? count : 0)
      for (const tokens of schemes)
        expect(Object.keys(tokens)).toEqual(['bg', 'ink', 'soft', 'line', 'accent', 'on-accent', 'flaw'])
    })
  })
  it('all can be read, and all be seen', () => {
    hold((_theme, schemes) => {
      for (const tokens of schemes) {
        const ratio = (name: string, ground: string): number =>
          contrast(read(tokens[name]), read(tokens[ground]))
        for (const name of ['ink', 'soft', 'flaw'])
          expect(ratio(name, 'bg'), name).toBeGreaterThanOrEqual(4.5)
        expect(ratio('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5)
        for (const name of ['accent', 'line']) expect(ratio(name, 'bg'), name).toBeGreaterThanOrEqual(3)
      }
    })
  })
  it('an accent that was made for the dark scheme can be read as text', () => {
    hold((theme, [, dark]) => {
      if (dark && !theme.dark?.accent)
        expect(contrast(read(dark['accent']), read(dark['bg']))).toBeGreaterThanOrEqual(4.5)
    })
  })
  it('a given colour that passes is left as it is, and one that does not is told of', () => {
    hold((theme, schemes) => {
      const { changes } = checkTheme(theme)
      const check = (given: ThemeColors | undefined, around: string, tokens: Tokens): void => {
        for (const name of names) {
          if (!given?.[name]) continue
          const color = read(given[name])
          const needed = { accent: 3, background: 0, text: 4.5 }[name]
          const passes = contrast(color, read(tokens['bg'])) >= needed
          const used = tokens[tokenOf[name]]
          expect(used === hex(color)).toBe(passes)
          const told = changes.filter((each) => each.at === around + name)
          expect(told.map((each) => each.used)).toEqual(passes ? [] : [used])
        }
      }
      const [first, second] = schemes
      if (!first) return
      if (theme.scheme === 'dark') check(theme.dark, 'dark.', first)
      else check(theme, '', first)
      if (second) check(theme.dark, 'dark.', second)
    })
  })
  it('what comes of it comes of itself again, and nothing is changed any more', () => {
    hold((theme, schemes) => {
      const [first, second] = schemes
      if (!first) return
      const corrected = (given: ThemeColors | undefined, tokens: Tokens | undefined): ThemeColors =>
        Object.fromEntries(names.flatMap((name) => (given?.[name] ? [[name, tokens?.[tokenOf[name]]]] : [])))
      const again: Theme =
        theme.scheme === 'dark'
          ? { ...theme, ...corrected({ ...theme, ...definedOf(theme.dark) }, first), dark: {} }
          : {
              ...theme,
              ...corrected(theme, first),
              dark: { ...corrected({ ...definedOf(theme), ...definedOf(theme.dark) }, second) },
            }
      expect(schemesOf(themeCss(again))).toEqual(schemes)
      expect(checkTheme(again).changes).toEqual([])
    })
  })
  it('what is moved keeps its hue', () => {
    hold((theme, [tokens]) => {
      if (!theme.accent || !tokens || theme.scheme === 'dark') return
      const [before, after] = [read(theme.accent), read(tokens['accent'])]
      // Where there is little colour, rounding to whole numbers turns it.
      if (Math.min(spread(before), spread(after)) < 60) return
      const turn = Math.abs(hueOf(before) - hueOf(after))
      expect(Math.min(turn, 360 - turn)).toBeLessThan(40)
    })
  })
})

const definedOf = (given: ThemeColors | undefined): ThemeColors =>
  Object.fromEntries(names.flatMap((name) => (given?.[name] ? [[name, given[name]]] : [])))
const spread = (color: Color): number => Math.max(...color) - Math.min(...color)
/** The hue of HSL, which is no part of the product. */
function hueOf([red, green, blue]: Color): number {
  return (Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue) * 180) / Math.PI
}

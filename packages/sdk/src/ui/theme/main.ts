/** A theme as rules of the card's style sheet, in colours that can be read. A lazy chunk of its own, for sites that set one. */
import { fontPattern, type Theme, type ThemeColors } from '@earshot/contract'
import { readColor } from './color.ts'
import { darkened, declare, readable, type Own } from './palette.ts'

const densities = ['compact', 'normal', 'roomy']
const gaps = [12, 16, 22]

// Wins over the card's own rules wherever they stand, also over those in a media query.
const rule = (declarations: string): string => `.card.card{${declarations}}`

/** The colours that were understood, and no others. */
function colorsOf(given: ThemeColors | undefined): Own {
  const own: Own = {}
  for (const name of ['accent', 'background', 'text'] as const) {
    const color = readColor(given?.[name])
    if (color) own[name] = color
  }
  return own
}

const pixels = (name: string, value: unknown, least: number, most: number): string =>
  typeof value === 'number' && value >= least && value <= most ? `--_${name}:${value}px;` : ''

/**
 * The rules that a theme adds to the card's style sheet. Whatever the theme is, nothing gets into them but what was
 * understood: colours are written anew, numbers are numbers, and a font is a list of names. `checkTheme` tells what
 * was not.
 *
 * @example
 * themeCss({ radius: 4 }) // '.card.card{--_radius:4px;}'
 */
export function themeCss({ scheme, dark, density, font, radius, size, ...colors }: Theme): string {
  const own = colorsOf(colors)
  const ownDark = colorsOf(dark)
  const others =
    pixels('radius', radius, 0, 24) +
    pixels('size', size, 14, 20) +
    pixels('gap', gaps[densities.indexOf(density!)], 0, 24) +
    (typeof font === 'string' && fontPattern.test(font) ? `--_font:${font}` : '')
  const css = others && rule(others)
  if (scheme === 'light') return css + rule(declare(false, own))
  if (scheme === 'dark') return css + rule(declare(true, { ...own, ...ownDark }))
  if (!Object.keys({ ...own, ...ownDark })[0]) return css
  const inDark = declare(true, { ...darkened(own), ...ownDark }, ownDark.accent ? undefined : readable)
  return `${css}${rule(declare(false, own))}@media(prefers-color-scheme:dark){${rule(inDark)}}`
}

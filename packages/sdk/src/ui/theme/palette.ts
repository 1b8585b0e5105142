/** The colours of the card in one scheme: those that are given, the standard ones for the others, and all of them such that they can be read. */
import type { ThemeColors } from '@earshot/contract'
import { asLightAs, black, hex, isDark, mixed, readColor, white, withContrast, type Color } from './color.ts'

/** The given colours of one scheme. */
export type Own = { [Name in keyof ThemeColors]?: Color | undefined }

/** What is read needs it, by WCAG 2. */
export const readable = 4.5
/** What only has to be seen: lines, rings, what is chosen. */
export const visible = 3

/** Without a theme: background, ink, soft ink, lines, accent, what is wrong. */
type Standard = readonly [Color, Color, Color, Color, Color, Color]
const standardOf = (colors: string): Standard => colors.split(' ').map(readColor) as never
const light = standardOf('#fff #191d24 #59626f #7d8694 #1d4ed8 #b3261e')
const dark = standardOf('#1c2027 #eef1f5 #a9b2bf #7d8694 #93b4ff #ffb4ab')

/** Colours for the dark scheme, made from those of the light one. What suits the dark already stays as it is. */
export function darkened({ accent, background, text }: Own): Own {
  const like = (color: Color | undefined, model: Color): Color | undefined =>
    color && isDark(color) !== isDark(model) ? asLightAs(color, model) : color
  return { accent, background: like(background, dark[0]), text: like(text, dark[1]) }
}

/** The declarations of a scheme. */
export function declare(
  isDarkScheme: boolean,
  { accent, background, text }: Own,
  accentNeeds: number = visible,
): string {
  const bg = background ?? (isDarkScheme ? dark : light)[0]
  // On a ground of one's own, what suits it.
  const [, ink, soft, line, tint, flaw] = isDark(bg) ? dark : light
  const letters = withContrast(text ?? ink, bg, readable)
  const button = withContrast(accent ?? tint, bg, accentNeeds)
  const colors = {
    bg,
    ink: letters,
    soft: withContrast(text || background ? mixed(letters, bg) : soft, bg, readable),
    line: withContrast(line, bg, visible),
    accent: button,
    'on-accent': isDark(button) ? white : black,
    flaw: withContrast(flaw, bg, readable),
  }
  return Object.entries(colors).reduce(
    (css, [name, color]) => `${css};--_${name}:${hex(color)}`,
    `color-scheme:${isDark(bg) ? 'dark' : 'light'}`,
  )
}

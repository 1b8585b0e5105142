/** What is wrong with a theme, for whoever writes one: what is ignored, and which colours are changed, by how much they lack. For tools; no page loads it. */
import type { Theme, ThemeColors } from '@earshot/contract'
import { contrast, hex, readColor } from './color.ts'
import { themeCss } from './main.ts'
import { readable, visible } from './palette.ts'

/** Something in a theme that is not used as it was given. */
export interface ThemeChange {
  /** Which option: `accent`, `dark.text`. */
  at: string
  /** The colour that is used instead; null where the option is ignored. */
  used: string | null
  /** What is wrong, and what is used, in a sentence. */
  message: string
}

/** What comes of a theme. */
export interface CheckedTheme {
  /** The rules that it adds to the card's style sheet. */
  css: string
  /** Empty where all of it is used as it is. */
  changes: ThemeChange[]
}

const colorWords = 'a colour: "#rgb", "#rrggbb", "rgb(…)", "hsl(…)" or "oklch(…)", without transparency'
const colorNames = { accent: colorWords, background: colorWords, text: colorWords }
const optionNames = {
  ...colorNames,
  scheme: '"light", "dark" or "auto"',
  dark: 'an object with "accent", "background" or "text"',
  radius: 'a number from 0 to 24',
  size: 'a number from 14 to 20',
  font: 'names of fonts with commas between them, in quotes where a word begins with a digit',
  density: '"compact", "normal" or "roomy"',
} satisfies Record<keyof Theme, string>

const tokens = [
  ['accent', 'accent', visible],
  ['background', 'bg', 1],
  ['text', 'ink', readable],
] as const

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The rules of a theme, and what in it is not used as it was given.
 *
 * @example
 * checkTheme({ accent: '#ff0' }).changes[0]?.message
 * // 'accent: #ffff00 has a contrast of 1.07 to the background #ffffff and needs 3, so #9a9a06 is used'
 */
export function checkTheme(theme: Theme): CheckedTheme {
  const ignored = (at: string, why: string): ThemeChange => ({
    at,
    used: null,
    message: `${at || 'the theme'}: ${why}, so it is ignored`,
  })
  if (!isObject(theme)) return { css: '', changes: [ignored('', `${found(theme)} is not an object`)] }
  const css = themeCss(theme)
  const changes: ThemeChange[] = []

  const checkOptions = (options: object, allowed: Readonly<Record<string, string>>, around: string): void => {
    for (const [name, value] of Object.entries(options) as [string, unknown][]) {
      const at = around + name
      if (!Object.hasOwn(allowed, name))
        changes.push(ignored(at, `there is no such option beside ${Object.keys(allowed).join(', ')}`))
      else if (name === 'dark' && isObject(value)) checkOptions(value, colorNames, 'dark.')
      else if (value !== undefined && !isUnderstood(name, value))
        changes.push(ignored(at, `${found(value)} is not ${allowed[name]}`))
    }
  }
  checkOptions(theme, optionNames, '')

  const { scheme, dark, ...light } = theme
  const rules = css.match(/color-scheme[^}]*/g) ?? []
  const checkColors = (colors: ThemeColors | undefined, around: string, inRule: string): void => {
    for (const [name, token, needed] of tokens) {
      const color = readColor(colors?.[name])
      const used = tokenOf(inRule, token)
      const ground = readColor(tokenOf(inRule, 'bg'))
      if (!color || !ground || hex(color) === used) continue
      // Rounded down: what lacks a little is not to look like enough.
      const ratio = Math.floor(contrast(color, ground) * 100) / 100
      const message = `${around}${name}: ${hex(color)} has a contrast of ${ratio} to the background ${hex(ground)} and needs ${needed}, so ${used} is used`
      changes.push({ at: around + name, used, message })
    }
  }
  if (scheme === 'dark') {
    const [only = ''] = rules
    checkColors(dark, 'dark.', only)
    const others = tokens.filter(([name]) => !readColor(dark?.[name])).map(([name]) => [name, light[name]])
    checkColors(Object.fromEntries(others) as ThemeColors, '', only)
  } else {
    const [inLight = '', inDark = ''] = rules
    checkColors(light, '', inLight)
    if (inDark) checkColors(dark, 'dark.', inDark)
  }
  return { css, changes }
}

/** Whether something comes of an option that stands alone: so this cannot tell otherwise than what a page does. */
const isUnderstood = (name: string, value: unknown): boolean =>
  value === 'auto' ? name === 'scheme' : themeCss({ [name]: value }) !== ''

const tokenOf = (rule: string, token: string): string =>
  new RegExp(`--_${token}:([^;]*)`).exec(rule)?.[1] ?? ''

/** A value in a few characters. */
function found(value: unknown): string {
  if (typeof value === 'string') return `"${value.slice(0, 60)}${value.length > 60 ? '…' : ''}"`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

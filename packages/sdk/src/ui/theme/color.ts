/** Colours: read, told apart by contrast, and moved in lightness as the eye sees it. */
import { colorPattern } from '@earshot/contract'

/** Red, green and blue, whole numbers from 0 to 255: what a screen has. */
export type Color = readonly [number, number, number]

export const white: Color = [255, 255, 255]
export const black: Color = [0, 0, 0]

const map = (color: Color, change: (part: number, index: number) => number): Color =>
  color.map(change) as never

const share = (value: number): number => Math.min(Math.max(value, 0), 1)

const byte = (value: number): number => Math.round(share(value) * 255)

const times = (rows: readonly Color[], [x, y, z]: Color): Color =>
  rows.map(([a, b, c]) => a * x + b * y + c * z) as never

// The matrices of OKLab (https://bottosson.github.io/posts/oklab), to five digits, with the sums that keep gray gray.
const toCones: readonly Color[] = [
  [0.41222, 0.53633, 0.05145],
  [0.2119, 0.6807, 0.1074],
  [0.0883, 0.28172, 0.62998],
]
const toLab: readonly Color[] = [
  [0.21045, 0.79362, -0.00407],
  [1.978, -2.42859, 0.45059],
  [0.0259, 0.78277, -0.80867],
]
const fromLab: readonly Color[] = [
  [1, 0.39634, 0.2158],
  [1, -0.10556, -0.06385],
  [1, -0.08948, -1.29149],
]
const fromCones: readonly Color[] = [
  [4.07674, -3.30771, 0.23097],
  [-1.26844, 2.60976, -0.34132],
  [-0.0042, -0.70341, 1.70761],
]

const linear = (color: Color): Color =>
  map(color, (part) => (part > 10 ? ((part / 255 + 0.055) / 1.055) ** 2.4 : part / 3294.6))

const labOf = (color: Color): Color => times(toLab, map(times(toCones, linear(color)), Math.cbrt))

/** The colour of this lightness and hue, with as much of the chroma as a screen can show. */
function ofLab(lightness: number, a: number, b: number, chroma = +(lightness > 0 && lightness < 1)): Color {
  const light = times(
    fromCones,
    map(times(fromLab, [share(lightness), a * chroma, b * chroma]), (part) => part ** 3),
  )
  const most = Math.max(...light)
  // What is outside by less than can be seen is cut off.
  return chroma > 0 && (most > 1.01 || Math.min(...light) < most * -0.01)
    ? ofLab(lightness, a, b, chroma - 0.02)
    : map(light, (part) => byte(part > 0.00313 ? 1.055 * part ** (1 / 2.4) - 0.055 : 12.92 * part))
}

/** The colour that a text means; none where it means none. One that no screen has comes as the nearest that they have. */
export function readColor(text: unknown): Color | undefined {
  if (typeof text !== 'string' || !colorPattern.test(text)) return undefined
  if (text[0] === '#') {
    const all = parseInt((text[4] ? text : text.replace(/\w/g, '$&$&')).slice(1), 16)
    return [all >> 16, (all >> 8) & 255, all & 255]
  }
  const parts = text.match(/[+-]?\d*\.?\d+%?/g)!
  /** A part as a share of what is whole where it has no per cent. */
  const of = (index: number, whole: number): number =>
    parseFloat(parts[index]!) / (parts[index]!.endsWith('%') ? 100 : whole)
  if (/^r/i.test(text)) return map(black, (_part, index) => byte(of(index, 255)))
  if (/^h/i.test(text)) {
    const lightness = share(of(2, 100))
    const reach = share(of(1, 100)) * Math.min(lightness, 1 - lightness)
    return map([0, 8, 4], (part) => {
      const place = (((of(0, 30) + part) % 12) + 12) % 12
      return byte(lightness - reach * Math.max(Math.min(place - 3, 9 - place, 1), -1))
    })
  }
  const chroma = Math.max(of(1, 0.4) * 0.4, 0)
  const hue = of(2, 180) * Math.PI
  return ofLab(of(0, 1), chroma * Math.cos(hue), chroma * Math.sin(hue))
}

/** As the style sheet has it. */
export const hex = ([red, green, blue]: Color): string =>
  `#${((1 << 24) | (red << 16) | (green << 8) | blue).toString(16).slice(1)}`

const luminance = (color: Color): number => times([[0.2126, 0.7152, 0.0722]], linear(color))[0]

/**
 * Contrast as WCAG 2 has it, from 1 to 21.
 *
 * @example
 * contrast([118, 118, 118], [255, 255, 255]) // 4.54
 */
export function contrast(one: Color, other: Color): number {
  const ratio = (luminance(one) + 0.05) / (luminance(other) + 0.05)
  return Math.max(ratio, 1 / ratio)
}

/** Whether white is read better on it than black. */
export const isDark = (ground: Color): boolean => luminance(ground) < Math.sqrt(1.05 * 0.05) - 0.05

/** Between the two, nearer to the first. */
export const mixed = (color: Color, other: Color): Color =>
  map(color, (part, index) => Math.round(part * 0.7 + other[index]! * 0.3))

/** The same hue in the lightness of another colour. */
export const asLightAs = (color: Color, other: Color): Color => {
  const [, a, b] = labOf(color)
  return ofLab(labOf(other)[0], a, b)
}

/**
 * The colour itself where it has that contrast, at most 4.5; else the nearest lightness of it that has. Black or white
 * has it on any ground, so there is one.
 */
export function withContrast(color: Color, ground: Color, ratio: number): Color {
  const [lightness, a, b] = labOf(color)
  let found = color
  for (let step = 0; contrast(found, ground) < ratio; step++)
    // Up and down by turns: 0, -1, 1, -2, 2 …
    found = ofLab(lightness + (step % 2 ? -step - 1 : step) / 500, a, b)
  return found
}

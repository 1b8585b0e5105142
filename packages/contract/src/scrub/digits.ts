/** Rows of digits in a text, for those who look for numbers. */

/** Part of a text, from one index up to another, which is not in it. */
export type Span = readonly [start: number, end: number]

/** A row of digits as it stands in a text, as long as it is. */
export interface Digits {
  text: string
  start: number
  end: number
}

export function digitsIn(text: string): Digits[] {
  return [...text.matchAll(/[0-9]+/g)].map(({ 0: digits, index }) => ({
    text: digits,
    start: index,
    end: index + digits.length,
  }))
}

/**
 * The same length with plain digits, spaces, hyphens and letters: people write them in many scripts and widths, and a
 * number is a number in all of them.
 */
export function plain(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => {
    if (/[\uff01-\uff5e]/.test(unit)) return String.fromCharCode(unit.charCodeAt(0) - 0xfee0)
    if (/\p{Nd}/u.test(unit)) return String(valueOf(unit.charCodeAt(0)))
    if (/\p{Zs}/u.test(unit)) return ' '
    return /[\p{Pd}\u2212]/u.test(unit) ? '-' : unit
  })
}

/** In Unicode the ten digits of a script stand in a row. */
function valueOf(code: number): number {
  let value = 0
  while (/\p{Nd}/u.test(String.fromCharCode(code - value - 1))) value++
  return value % 10
}

/** Part of a word in the alphabet of ids and codes. A letter of a script without spaces is none. */
export function isWord(unit: string | undefined): boolean {
  return unit !== undefined && /\w/.test(unit)
}

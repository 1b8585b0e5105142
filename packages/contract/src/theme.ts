/** How the card looks: the colours, sizes and letters that a site gives it, and which texts are colours and fonts. */

/** Colours of the card: `#rgb`, `#rrggbb`, `rgb(…)`, `hsl(…)` or `oklch(…)`, without transparency. */
export interface ThemeColors {
  /** Of buttons, of what is chosen, and of the ring around what has the focus. */
  accent?: string | undefined
  background?: string | undefined
  text?: string | undefined
}

/** How the card looks. Colours that could not be read well are changed as little as makes them readable. */
export interface Theme extends ThemeColors {
  /** `auto` is what the visitor's system has, and the default. */
  scheme?: 'light' | 'dark' | 'auto' | undefined
  /** Colours for the dark scheme. Those that are missing are made from the others. */
  dark?: ThemeColors | undefined
  /** Of the corners, 0 to 24 px; default 12. */
  radius?: number | undefined
  /** Of letters, 14 to 20 px; default 15. */
  size?: number | undefined
  /** A list as CSS has it, of fonts that the page or the system has: `Inter, "Source Sans 3", sans-serif`. */
  font?: string | undefined
  /** Space between the parts, default `normal`. */
  density?: 'compact' | 'normal' | 'roomy' | undefined
}

/**
 * Which texts are colours of a theme.
 *
 * @example
 * colorPattern.test('oklch(62% 0.19 259)') // true
 */
export const colorPattern: RegExp = new RegExp(
  String.raw`^(?:#(?:[\da-f]{3}|[\da-f]{6})|rgb\( *N%?,N%?,N%? *\)|hsl\( *N(?:deg)?,N%?,N%? *\)|oklch\( *N%?,N%?,N(?:deg)? *\))$`
    // Spaces belong to one part only, or a text of nothing else would take the square of its length.
    .replaceAll(',', '(?: *, *| +)')
    .replaceAll('N', String.raw`[+-]?\d{0,9}\.?\d{1,20}`),
  'i',
)

const quoted = String.raw`[\p{L}\p{N} ._&+-]+`
const word = String.raw`-?[\p{L}_][\p{L}\p{N}_-]*`

/**
 * Which texts are lists of fonts: names of letters and digits, in quotes where one of their words begins with a digit.
 * Nothing in them can end a declaration or load anything.
 *
 * @example
 * fontPattern.test('Inter, "Source Sans 3", sans-serif') // true
 * fontPattern.test('x; background: url(//example.com)') // false
 */
export const fontPattern: RegExp = new RegExp(
  `^(?!(?:inherit|initial|unset|default|revert|revert-layer)$)F(?: *, *F)*$`.replaceAll(
    'F',
    `(?:"${quoted}"|'${quoted}'|${word}(?: +${word})*)`,
  ),
  'iu',
)

/** The looks that a site wants for its cards, as rules. A lazy chunk. */

/** @param theme values of the card's custom properties, by name: `{ accent: '#7a1fa2' }` */
export function themeCss(theme: object): string {
  const values = Object.entries(theme).map(([name, value]) => `--${name}:${String(value)}`)
  // Twice, to count for more than the card's own rule.
  return `.card.card{${values.join(';')}}`
}

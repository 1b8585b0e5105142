/** What is chosen in the gallery, as it stands in the address. */

export interface Choice {
  /** Id of a type or a state; empty for all of them. */
  type: string
  state: string
  language: string
  /** Empty for that of the device. */
  scheme: '' | 'light' | 'dark'
  /** Direction of the page around the card; empty for that of the language. */
  dir: '' | 'ltr' | 'rtl'
  width: number
}

export const widths = [320, 360, 520, 768] as const

export function readChoice(search: string): Choice {
  const query = new URLSearchParams(search)
  const one = <Value extends string>(name: string, values: readonly Value[], preset: Value): Value =>
    values.find((each) => each === query.get(name)) ?? preset
  return {
    type: query.get('type') ?? '',
    state: query.get('state') ?? 'asked',
    language: query.get('language') ?? 'en',
    scheme: one('scheme', ['light', 'dark'], '' as never),
    dir: one('dir', ['ltr', 'rtl'], '' as never),
    width: widths.find((each) => String(each) === query.get('width')) ?? 360,
  }
}

export function queryOf(choice: Choice): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(choice)) query.set(name, String(value))
  return query.toString()
}

/** The direction that a language is written in. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return /^(ar|he)\b/.test(language) ? 'rtl' : 'ltr'
}

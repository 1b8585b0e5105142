/** Languages: which there are words for, and which of several is the best for somebody. */

/** BCP 47 tags of the languages that the card and the standard texts come in. */
export const languages = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt-BR',
  'nl',
  'pl',
  'sv',
  'cs',
  'tr',
  'ru',
  'ar',
  'he',
  'zh-Hans',
  'ja',
  'ko',
  'hi',
] as const

/** One of the languages that the card and the standard texts come in. */
export type Language = (typeof languages)[number]

/**
 * A language tag as it is written by the book; undefined where it is none.
 *
 * @example
 * canonicalTag('PT-br') // 'pt-BR'
 */
export function canonicalTag(tag: string): string | undefined {
  return localeOf(tag)?.toString()
}

/**
 * The best of `available` for somebody who wants `wanted`, most wanted first; undefined where nothing fits. Another
 * region will do where nothing is closer, another language or another script never: who wants `pt-PT` may get `pt-BR`,
 * who wants `zh-TW` does not get `zh-Hans`. What is no language tag is passed over.
 *
 * @example
 * matchLanguage(['de-AT', 'en'], ['en', 'de']) // 'de'
 */
export function matchLanguage<Tag extends string>(
  wanted: readonly string[],
  available: readonly Tag[],
): Tag | undefined {
  const there = available.flatMap((tag) => {
    const parts = partsOf(tag)
    return parts ? [{ tag, ...parts }] : []
  })
  for (const tag of wanted) {
    const want = partsOf(tag)
    if (!want) continue
    let best: Tag | undefined
    let most = -1
    for (const each of there) {
      if (each.language !== want.language || each.script !== want.script) continue
      const fit =
        each.base === want.base
          ? 4
          : // The longest beginning, as RFC 4647 looks it up. No tag has a hundred characters.
            want.base.startsWith(`${each.base}-`)
            ? 3 + each.base.length / 100
            : each.region === want.region
              ? 2
              : each.hasRegion
                ? 0
                : 1
      if (fit <= most) continue
      best = each.tag
      most = fit
    }
    if (best !== undefined) return best
  }
  return undefined
}

interface Parts {
  /** Without extensions: calendars and the like make no other words. */
  base: string
  language: string
  /** The likely one where none is written: `zh-TW` is written in `Hant`. */
  script: string | undefined
  region: string | undefined
  hasRegion: boolean
}

/** Of the languages above, which are compared each time; what is likely takes some time to find out. */
const known = new Map<string, Parts | undefined>()

function partsOf(tag: string): Parts | undefined {
  if (!(languages as readonly string[]).includes(tag)) return readParts(tag)
  if (!known.has(tag)) known.set(tag, readParts(tag))
  return known.get(tag)
}

function readParts(tag: string): Parts | undefined {
  const locale = localeOf(tag)
  if (!locale) return undefined
  // Browsers send the macrolanguage for the one of its two languages that is meant.
  const base = locale.baseName.replace(/^no\b/, 'nb')
  // Not `locale.language`, which some engines leave undefined where others say `und`.
  const language = base.split('-')[0]!
  if (language === 'und') return undefined
  const { script, region } = locale.maximize()
  return {
    base,
    language,
    script,
    region,
    hasRegion: locale.region !== undefined,
  }
}

function localeOf(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag)
  } catch {
    return undefined
  }
}

/** In which language somebody is written to, and the survey in its words. */
import {
  builtInText,
  canonicalTag,
  inLanguage,
  languages,
  matchLanguage,
  wordsMissing,
  type BuiltInText,
  type Language,
  type Survey,
} from '@earshot/contract'
import builtIn from './builtInWords.json' with { type: 'json' }
import type { Texts } from './followUpPlan.ts'
import { mailWords, type MailWords } from './mailWords.ts'

/** What the pages of a survey say besides it. */
export type PageWords = (typeof builtIn)['en']['page']

interface BuiltIn {
  version: number
  page: PageWords
  texts: Readonly<Record<BuiltInText['key'], string>>
}
const all: Readonly<Record<Language, BuiltIn>> = builtIn

/** The words of one language. */
export interface Spoken {
  /** The one of those there are words for. */
  language: Language
  dir: 'ltr' | 'rtl'
  mail: MailWords
  page: PageWords
}

/** A survey in the language of somebody. */
export interface SpokenSurvey extends Spoken {
  /** Its `locale` is the language that it is in. */
  survey: Survey
  /** As it is stored with a showing: `de@1`. */
  wording: string
}

/** Scripts that run from right to left and are in use. */
const rightToLeft = /^(?:Arab|Hebr|Syrc|Thaa|Nkoo|Adlm|Rohg)$/

function directionOf(tag: string): 'ltr' | 'rtl' {
  const canonical = canonicalTag(tag)
  const script = canonical && new Intl.Locale(canonical).maximize().script
  return script && rightToLeft.test(script) ? 'rtl' : 'ltr'
}

/**
 * The words for somebody who reads these languages, most wanted first.
 *
 * @example
 * spokenIn(['pt-PT', 'en']).language // 'pt-BR'
 */
export function spokenIn(wanted: readonly string[]): Spoken {
  const language = matchLanguage(wanted, languages) ?? 'en'
  return { language, dir: directionOf(language), mail: mailWords[language], page: all[language].page }
}

/**
 * A survey in the most wanted language that all of it can be said in, and each of the texts beside it; else in its own.
 *
 * @param texts that go with it, each by language
 */
export function spokenSurvey(
  survey: Survey,
  wanted: readonly string[],
  texts: readonly Texts[] = [],
): SpokenSurvey {
  const { locale, translations } = survey
  const others = [...Object.keys(translations ?? {}), ...languages]
  const among = [locale, ...others.filter((tag) => canonicalTag(tag) !== canonicalTag(locale))].filter(
    (tag) =>
      texts.every((each) => matchLanguage([tag], Object.keys(each)) !== undefined) &&
      (tag === locale || wordsMissing(survey, tag).length === 0),
  )
  const tag = matchLanguage(wanted, among) ?? locale
  const words = spokenIn([tag])
  const { texts: builtInTexts, version } = all[words.language]
  const translate = (text: string): string | undefined => {
    const known = builtInText(text)
    // Put in by a function, since a `$` in a name would mean something in a text.
    return known && builtInTexts[known.key].replaceAll('{name}', () => known.name)
  }
  return {
    ...words,
    dir: directionOf(tag),
    survey: tag === locale ? survey : inLanguage(survey, tag, translate),
    wording: `${tag}@${version}`,
  }
}

/** The text for a language: its own, else English, else the first. */
export function textIn(texts: Texts, tag: string): string | undefined {
  const tags = Object.keys(texts)
  const found = matchLanguage([tag], tags) ?? (tags.includes('en') ? 'en' : tags[0])
  return found === undefined ? undefined : texts[found]
}

/** Puts the sender into a text. */
export function named(text: string, name: string): string {
  return text.replaceAll('{name}', () => name)
}

/**
 * The languages that the header `accept-language` asks for, most wanted first.
 *
 * @example
 * acceptedLanguages('de;q=0.5, fr') // ['fr', 'de']
 */
export function acceptedLanguages(header: string | null): string[] {
  return (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((each) => {
      const [tag = '', ...rest] = each.split(';').map((part) => part.trim())
      const weight = rest.find((part) => part.startsWith('q='))?.slice(2)
      return { tag, weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ tag, weight }) => /^[a-z]{2,3}(?:-[a-z0-9]+)*$/i.test(tag) && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map((each) => each.tag)
}

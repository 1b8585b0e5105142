/** Brings a survey into the language of a respondent. */
import {
  canonicalTag,
  inLanguage,
  languages,
  matchLanguage,
  standardText,
  type Survey,
  wordsMissing,
} from '@earshot/contract'
import { english as englishCard } from '../ui/strings.ts'
import type { LanguageFiles, LanguageWords, Worded, WordSurvey } from './words.ts'

/** What is needed of a language. English has no standard texts: they are written in it. */
type Needed = Pick<LanguageWords, 'tag' | 'version' | 'card'> & Partial<LanguageWords>

const english: Needed = { tag: 'en', version: 1, card: englishCard }

/** @param files how to get each language */
export function createWordSurvey(files: LanguageFiles): WordSurvey {
  return async (survey, wanted) => {
    const tag = bestLanguage(survey, wanted)
    const known = matchLanguage([tag], languages)
    if (known === undefined || known === 'en') return worded(survey, tag, english)
    try {
      return worded(survey, tag, (await files[known]()).words)
    } catch {
      return worded(survey, survey.locale, english)
    }
  }
}

/**
 * The most wanted of the languages that the whole survey can be shown in; otherwise its own.
 *
 * @param among first its own and those of its translations: of two that fit as well, the first is taken
 */
function bestLanguage(survey: Survey, wanted: readonly string[], among = languagesOf(survey)): string {
  const tag = matchLanguage(wanted, among)
  if (tag === undefined || tag === survey.locale) return survey.locale
  return wordsMissing(survey, tag).length === 0
    ? tag
    : bestLanguage(
        survey,
        wanted,
        among.filter((each) => each !== tag),
      )
}

function languagesOf({ locale, translations }: Survey): string[] {
  // The standard texts are English already.
  const others = [...Object.keys(translations ?? {}), ...languages.filter((tag) => tag !== 'en')]
  return [locale, ...others.filter((tag) => canonicalTag(tag) !== canonicalTag(locale))]
}

function worded(
  survey: Survey,
  tag: string,
  { version, card, kinds, standard, ...language }: Needed,
): Worded {
  const translate = (text: string): string | undefined => {
    const known = standard && standardText(text)
    // Put in by a function, since a `$` in a name would mean something in a text.
    return known && standard[known.key].replaceAll('{name}', () => known.name)
  }
  return {
    survey: tag === survey.locale ? survey : inLanguage(survey, tag, translate),
    words: { tag, dir: directionOf(tag), card, kinds: kinds && { ...kinds, tag: language.tag } },
    wording: `${tag}@${version}`,
  }
}

/** Scripts that run from right to left and are in use. */
const rightToLeft = /^(Arab|Hebr|Syrc|Thaa|Nkoo|Adlm|Rohg)$/

function directionOf(tag: string): 'ltr' | 'rtl' {
  const canonical = canonicalTag(tag)
  const script = canonical && new Intl.Locale(canonical).maximize().script
  return script && rightToLeft.test(script) ? 'rtl' : 'ltr'
}

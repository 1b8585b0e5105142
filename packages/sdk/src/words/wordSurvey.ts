/** Brings a survey into the language of a respondent. */
import {
  canonicalTag,
  inLanguage,
  languages,
  matchLanguage,
  standardText,
  type Survey,
  wordsMissingBut,
} from '@earshot/contract'
import { english as englishCard } from '../ui/strings.ts'
import type { LanguageFiles, LanguageWords, Templates, Worded, WordSurvey } from './words.ts'

/** What is needed of a language. English has no built-in texts: they are written in it. */
type Needed = Pick<LanguageWords, 'tag' | 'version' | 'card' | 'kinds'>

const english: Omit<Needed, 'kinds'> = { tag: 'en', version: 1, card: englishCard }

/** Gives the built-in text of a language, by key. */
type Known = Templates['builtInText']

/**
 * @param files how to get each language
 * @param templates how to get what the templates say besides; asked for where the standard texts do not suffice
 */
export function createWordSurvey(files: LanguageFiles, templates: () => Promise<Templates>): WordSurvey {
  return async (survey, wanted) => {
    try {
      const more = isEnough(survey, wanted) ? undefined : await templates().catch(() => undefined)
      const known = more?.builtInText ?? standardText
      const tag = bestLanguage(survey, wanted, known)
      const language = matchLanguage([tag], languages)
      if (language === undefined || language === 'en') return worded(survey, tag, english)
      const needsMore = more && wordsMissingBut(survey, tag, standardText).length > 0
      const [{ words }, texts] = await Promise.all([
        files[language](),
        needsMore && more.files[language]().then((file) => file.texts),
      ])
      const inside: Readonly<Record<string, string>> = { ...words.standard, ...texts }
      return worded(survey, tag, words, (text) => {
        const found = known(text)
        // Put in by a function, since a `$` in a name would mean something in a text.
        return found && inside[found.key]?.replaceAll('{name}', () => found.name)
      })
    } catch {
      return worded(survey, survey.locale, english)
    }
  }
}

/** Whether the standard texts alone bring it into the language that is wanted most. */
function isEnough(survey: Survey, wanted: readonly string[]): boolean {
  const most = matchLanguage(wanted, languagesOf(survey)) ?? survey.locale
  return bestLanguage(survey, wanted, standardText) === most
}

/**
 * The most wanted of the languages that the whole survey can be shown in; otherwise its own.
 *
 * @param among first its own and those of its translations: of two that fit as well, the first is taken
 */
function bestLanguage(
  survey: Survey,
  wanted: readonly string[],
  known: Known,
  among = languagesOf(survey),
): string {
  const tag = matchLanguage(wanted, among)
  if (tag === undefined || tag === survey.locale) return survey.locale
  return wordsMissingBut(survey, tag, known).length === 0
    ? tag
    : bestLanguage(
        survey,
        wanted,
        known,
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
  { version, card, ...language }: Omit<Needed, 'kinds'> & Partial<Needed>,
  translate: (text: string) => string | undefined = () => undefined,
): Worded {
  const kinds = language.kinds && { ...language.kinds, tag: language.tag }
  return {
    survey: tag === survey.locale ? survey : inLanguage(survey, tag, translate),
    words: { tag, dir: directionOf(tag), card, kinds },
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

/** A survey in another language: its own translation before the one that is built in, and never half of it. */
import { canonicalTag, languages, matchLanguage } from './language.ts'
import type { Question } from './question.ts'
import type { Survey, SurveyWords, Wording } from './survey.ts'
import { builtInText } from './templateText.ts'

/** Fields of a question that a respondent reads. */
const questionTexts = ['title', 'low', 'high', 'yes', 'no', 'text', 'label', 'hint', 'other'] as const

/** What a text that the survey does not translate becomes; undefined where it is none that is built in. */
type Standard = (text: string) => string | undefined

/**
 * Where a survey has no words in a language, dotted as in `translations`: `questions.why.title`. The language can be
 * shown when there are none.
 *
 * @example
 * wordsMissing(nps({ id: 'nps', name: 'Acme', question: 'Like it?' }), 'de') // ['questions.score.title']
 */
export function wordsMissing(survey: Survey, tag: string): string[] {
  return wordsMissingBut(survey, tag, builtInText)
}

/**
 * The same for who knows other texts than all that are built in.
 *
 * @param known gives something for a text that need not be translated
 */
export function wordsMissingBut(survey: Survey, tag: string, known: (text: string) => unknown): string[] {
  const isKnown = isEnglish(survey.locale) && matchLanguage([tag], languages) !== undefined
  const standard: Standard = (text) => (isKnown && known(text) ? text : undefined)
  const { missing } = translate(survey, tag, standard)
  // The words of all arms, for which of them a respondent gets must not hang on the language.
  for (const { id: arm, wording, translations } of survey.variants ?? [])
    for (const [id, words] of Object.entries(wording ?? {}))
      for (const field of Object.keys(words) as (keyof Wording)[]) {
        const text = words[field]
        const translated = own(own(translations, tag), id)?.[field]
        if (text !== undefined && translated === undefined && isWord(text) && !standard(text))
          missing.push(`variants.${arm}.${id}.${field}`)
      }
  return missing
}

/**
 * A survey in another language. Its `locale` says so, and its `translations` are left out.
 *
 * @param tag as it stands in `translations`, or a language of the standard texts
 * @param standard gives the standard texts in that language
 */
export function inLanguage(
  survey: Survey,
  tag: string,
  standard: (text: string) => string | undefined,
): Survey {
  return { ...translate(survey, tag, standard).survey, locale: tag, translations: undefined }
}

/** Whether a survey's texts are English, as the standard ones are. */
function isEnglish(locale: string): boolean {
  return canonicalTag(locale)?.split('-')[0] === 'en'
}

function translate(survey: Survey, tag: string, standard: Standard): { survey: Survey; missing: string[] } {
  const missing: string[] = []
  const put = (text: string, words: string | undefined, at: string): string => {
    const translated = words ?? (isWord(text) ? standard(text) : text)
    if (translated === undefined) missing.push(at)
    return translated ?? text
  }
  const words: SurveyWords = own(survey.translations, tag) ?? {}
  const questions = survey.questions.map((question): Question => {
    const { id } = question
    const wordsOf = own(words.questions, id)
    const texts = question as Partial<Record<(typeof questionTexts)[number], string>>
    const translated = questionTexts.flatMap((field) => {
      const text = texts[field]
      if (text === undefined) return []
      // In a card, a survey has the words of one arm already. An arm that words something otherwise does so in all languages.
      const arm = survey.variants?.find(({ wording }) => own(wording, id)?.[field as keyof Wording] === text)
      const said = arm ? own(own(arm.translations, tag), id)?.[field as keyof Wording] : wordsOf?.[field]
      return [[field, put(text, said, `questions.${id}.${field}`)]]
    })
    const worded = { ...question, ...Object.fromEntries(translated) } as Question
    if (worded.kind !== 'choice') return worded
    const options = worded.options.map((each) => ({
      ...each,
      label: put(each.label, own(wordsOf?.options, each.id), `questions.${id}.options.${each.id}`),
    }))
    return { ...worded, options }
  })
  const { title, text } = survey.thanks
  const thanks = {
    title: put(title, words.thanks?.title, 'thanks.title'),
    ...(text !== undefined && { text: put(text, words.thanks?.text, 'thanks.text') }),
  }
  return { survey: { ...survey, questions, thanks }, missing }
}

/** Whether there is something to translate: numbers and signs are the same in all languages. */
const isWord = (text: string): boolean => /\p{L}/u.test(text)

/** The value of a key that comes from outside, and may be one that every object has. */
function own<Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined
}

/** What a card says in one language, and a survey in the words of one. */
import type { BuiltInText, Language, StandardKey, Survey, TemplateKey } from '@earshot/contract'
import type { KindStrings } from '../ui/kinds/strings.ts'
import type { Strings } from '../ui/strings.ts'

/** All that a card says besides the survey. */
export interface Words {
  /** BCP 47 tag of what stands on the card: its `lang`. */
  tag: string
  dir: 'ltr' | 'rtl'
  card: Strings
  /** Of paged surveys; without them in English, which comes with each type of question. */
  kinds?: KindStrings | undefined
}

/** A survey as it is shown, and what is around it. */
export interface Worded {
  /** Its `locale` is the language that it is shown in. */
  survey: Survey
  words: Words
  /** Which wording it is, for example `de@1`: language and version of its built-in texts. Stored with the display. */
  wording: string
}

/**
 * Finds the best language for a respondent and brings its words. Never rejects: what cannot be fetched is answered with
 * the survey as it is written, in the words that are there.
 *
 * @param wanted BCP 47 tags, most wanted first
 */
export type WordSurvey = (survey: Survey, wanted: readonly string[]) => Promise<Worded>

/** The built-in words of one language, in a file of its own that is fetched when somebody reads them. */
export interface LanguageWords {
  tag: Language
  /** Raised with every change of a text, also of a template: what was asked in other words shall be told apart. */
  version: number
  /** Whether somebody whose first language it is has read every text, also of the templates. */
  reviewed: boolean
  card: Strings
  kinds: Omit<KindStrings, 'tag'>
  /** The standard texts; `{name}` stands where the grammar of the language wants the name. */
  standard: Readonly<Record<StandardKey, string>>
}

/** How to get the words of each language. English is there with the card. */
export type LanguageFiles = Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ words: LanguageWords }>>>

/** What the templates say besides, in one language: a file of its own, for those who are asked with it. */
export type TemplateWords = Readonly<Record<TemplateKey, string>>

/** All that is needed to know the texts of templates, and how to get them in each language. */
export interface Templates {
  builtInText(text: string): BuiltInText | undefined
  files: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ texts: TemplateWords }>>>
}

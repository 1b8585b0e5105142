/** What a card says in one language, and a survey in the words of one. */
import type { Survey } from '@earshot/contract'
import type { KindStrings } from '../ui/kinds/strings.ts'
import type { Strings } from '../ui/strings.ts'

/** All that a card says besides the survey. */
export interface Words {
  /** BCP 47 tag. */
  tag: string
  dir: 'ltr' | 'rtl'
  card: Strings
  kinds: KindStrings
}

/** A survey as it is shown, and what is around it. */
export interface Worded {
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

/** Puts a survey together: what was said otherwise before what is the default, and nothing that is undefined. */
import { isPlain, type Question, type Recontact, type Survey } from '@earshot/contract'
import { markPlain } from './plain.ts'

/** What every builder and template takes: an id, a name, and any field of the survey to say it otherwise. */
export interface SurveyFields extends Partial<Omit<Survey, 'id' | 'questions' | 'recontact'>> {
  /** Stable name, 1–64 of `A–Z a–z 0–9 . _ -`. */
  id: string
  /** Name of the company or product, as it stands in the question. */
  name: string
  /** Days before the same person may see it again. What is left out keeps its default. */
  recontact?: Partial<Recontact> | undefined
}

/** What a builder adds: the questions, and what holds unless it is said otherwise. */
export interface SurveyDefaults extends Partial<Omit<Survey, 'id' | 'questions' | 'recontact'>> {
  questions: Question[]
  recontact: Recontact
}

/** Days for what is asked of a person about the whole relation. */
export const seldom: Readonly<Recontact> = { answered: 90, dismissed: 30, shown: 7 }
/** Days for what is asked about one thing that happened. */
export const often: Readonly<Recontact> = { answered: 30, dismissed: 30, shown: 7 }

const mends = {
  id: 'a stable name such as "nps-q4"',
  name: 'the company or product as it stands in the question',
}

/** Fields that are left out where nobody says anything. */
const optional = [
  'translations',
  'followUps',
  'targeting',
  'sampling',
  'variants',
  'tenure',
  'transactional',
  'quota',
  'hidden',
  'layout',
  'into',
  'touchpoint',
  'stage',
  'purpose',
  'owner',
] as const

/**
 * A survey of these questions.
 *
 * @throws TypeError when `id` or `name` is missing
 */
export function makeSurvey(options: SurveyFields, defaults: SurveyDefaults): Survey {
  for (const field of ['id', 'name'] as const) {
    // The name stands in the question: without it respondents would be asked about "undefined".
    if (!options[field]) throw new TypeError(`Earshot: a survey needs "${field}", ${mends[field]}`)
  }
  const entries = optional.map((field) => [field, options[field] ?? defaults[field]] as const)
  const survey: Survey = {
    id: options.id,
    version: options.version ?? 1,
    locale: options.locale ?? 'en',
    questions: defaults.questions,
    thanks: options.thanks ??
      defaults.thanks ?? { title: 'Thank you', text: 'Your feedback helps us get better.' },
    triggers: options.triggers ?? defaults.triggers ?? [],
    recontact: { ...defaults.recontact, ...known(Object.entries(options.recontact ?? {})) },
    ...known(entries),
  }
  return isPlain(survey) ? markPlain(survey) : survey
}

function known<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

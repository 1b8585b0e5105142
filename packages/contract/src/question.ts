/** What can be asked: every kind of question, and what is said beside it. */
import type { Rule } from './rule.ts'

/**
 * Which customer-experience metric a scale feeds.
 *
 * - `nps`: likelihood to recommend, 0–10.
 * - `enps`: the same asked of staff. Never mixed with what customers say.
 * - `csat`: satisfaction.
 * - `ces1`: Customer Effort Score 1.0, effort put forth, 1–5, **low is good**.
 * - `ces2`: Customer Effort Score 2.0, agreement with "made it easy", 1–7, high is good.
 * - `rating`: a scale that feeds no standard metric, for example an emotion.
 *
 * The two CES versions are different metrics and are never put on one axis.
 */
export type Metric = 'nps' | 'enps' | 'csat' | 'ces1' | 'ces2' | 'rating'

/**
 * The group a score falls into. NPS: detractor, passive, promoter. CES: hard, neutral, easy.
 * CSAT: dissatisfied, neutral, satisfied. Rating: low, middle, high.
 */
export type Band =
  | 'detractor'
  | 'passive'
  | 'promoter'
  | 'hard'
  | 'neutral'
  | 'easy'
  | 'dissatisfied'
  | 'satisfied'
  | 'low'
  | 'middle'
  | 'high'

/** What an answer may be: a number of a scale or a number field, a text, yes or no, or the ids of choices. */
export type AnswerValue = number | string | boolean | string[]

/** Where to go after a question: the first whose `when` holds; without one, the next question. */
export interface Jump {
  when?: Rule | undefined
  /** Id of a later question, or `end`. */
  to: string
}

/** What every question has. */
export interface QuestionBase {
  /** Unique in the survey. */
  id: string
  /**
   * The question itself, as the respondent reads it. `{{trait.first_name|there}}` puts a fact in its place, and what
   * stands after the bar where it is not known.
   */
  title: string
  /** Asked only if this holds. */
  when?: Rule | undefined
  /** Whether it cannot be skipped; default false. The first scale needs none: without its answer there is no response. */
  required?: boolean | undefined
  next?: Jump[] | undefined
  /** Name of a trait that answers the question: where it is known, nobody is asked. */
  known?: string | undefined
}

/** One row of equally spaced whole numbers, `min` to `max`, both included. */
export interface ScaleQuestion extends QuestionBase {
  kind: 'scale'
  metric: Metric
  /** Lowest answer, a whole number. */
  min: number
  /** Highest answer, a whole number above `min`. */
  max: number
  /** Answers that count as the good band (promoter, easy, satisfied). Stored, so that a report never has to guess. */
  positive: number[]
  /** Answers that count as the bad band (detractor, hard, dissatisfied). The rest is the middle. */
  negative: number[]
  /** Words at the lowest answer. */
  low: string
  /** Words at the highest answer. */
  high: string
  /** How the scale is drawn, default `numbers`. Thumbs need two answers, faces two, three or five. */
  look?: 'numbers' | 'stars' | 'faces' | 'thumbs' | undefined
}

/** A free-text question. */
export interface TextQuestion extends QuestionBase {
  kind: 'text'
  /** Most characters (UTF-16 units) the field takes, 1–5,000. */
  maxLength: number
  /** Fewest characters of an answer, default none. */
  minLength?: number | undefined
  /** `long` (default) has several lines; `number` gives a number. */
  input?: 'long' | 'short' | 'email' | 'number' | undefined
  /** Lowest and highest number, both included, for `number`. */
  least?: number | undefined
  most?: number | undefined
  /** What an answer must look like as a whole, in the syntax of `compilePattern`. */
  pattern?: string | undefined
  /** What to tell who wrote something else: `Six digits, for example 123456`. */
  hint?: string | undefined
}

/** One choice. Answers hold its id, never its label. */
export interface Option {
  /** Unique in the question. */
  id: string
  label: string
}

/** A list to choose from: one, or several. The answer holds the ids of the chosen. */
export interface ChoiceQuestion extends QuestionBase {
  kind: 'choice'
  options: Option[]
  /** Whether several may be chosen; default false. */
  multiple?: boolean | undefined
  /** Fewest and most choices of several. */
  least?: number | undefined
  most?: number | undefined
  /** Label of a last choice with a text field; its id is `other`. */
  other?: string | undefined
  /**
   * Ids of the choices that count as the good outcome, `other` among them: reports show the share of those who chose one of
   * them. Default none; then whoever asks for the report says which choices are meant.
   */
  positive?: string[] | undefined
  /** Whether each visitor gets an order of their own, always the same; it is stored with the answer. `other` stays last. */
  shuffle?: boolean | undefined
}

/** Yes or no. */
export interface YesNoQuestion extends QuestionBase {
  kind: 'yesno'
  yes: string
  no: string
  /** `resolution`: solved at first contact. `contact`: may we get in touch. */
  purpose?: 'resolution' | 'contact' | undefined
}

/** Something to read. No answer is stored. */
export interface StatementQuestion extends QuestionBase {
  kind: 'statement'
  text?: string | undefined
}

/**
 * Somewhere to go, for example a page for public reviews. The answer is `true` when it was followed.
 *
 * @example
 * { kind: 'link', id: 'tell', title: 'Would you tell others?', href: 'https://reviews.example', label: 'Write a review', purpose: 'review' }
 */
export interface LinkQuestion extends QuestionBase {
  kind: 'link'
  text?: string | undefined
  /**
   * `review`: others are told in public. It is offered to everybody who is asked, whatever the score: neither a
   * condition nor a jump stands before it. `help`: it leads to no reviews, for example to the help desk, and may hang on
   * an answer. Without it, only answers may not decide who comes to it.
   */
  purpose?: 'review' | 'help' | undefined
  /** `https://…`, or a path of the page's own site. */
  href: string
  label: string
}

/** One question of a survey, told apart by `kind`. */
export type Question =
  | ScaleQuestion
  | TextQuestion
  | ChoiceQuestion
  | YesNoQuestion
  | StatementQuestion
  | LinkQuestion

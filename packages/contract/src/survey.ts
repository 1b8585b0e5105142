/** What a survey is: the definition that a site owner writes, the collector serves and the SDK shows. */

/**
 * Which customer-experience metric a scale feeds.
 *
 * - `nps`: likelihood to recommend, 0–10.
 * - `csat`: satisfaction.
 * - `ces1`: Customer Effort Score 1.0, effort put forth, 1–5, **low is good**.
 * - `ces2`: Customer Effort Score 2.0, agreement with "made it easy", 1–7, high is good.
 *
 * The two CES versions are different metrics and are never put on one axis.
 */
export type Metric = 'nps' | 'csat' | 'ces1' | 'ces2'

/**
 * The group a score falls into. NPS: detractor, passive, promoter. CES: hard, neutral, easy.
 * CSAT: dissatisfied, neutral, satisfied.
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

/** A question is asked only when an earlier scale question was answered inside one of these bands. */
export interface Condition {
  /** Id of the scale question that decides. */
  question: string
  /** Bands that let the question be asked. */
  bands: Band[]
}

/** One row of equally spaced whole numbers, `min` to `max`, both included. */
export interface ScaleQuestion {
  kind: 'scale'
  /** Unique in the survey. */
  id: string
  metric: Metric
  /** Lowest answer, a whole number. */
  min: number
  /** Highest answer, a whole number above `min`. */
  max: number
  /** Answers that count as the good band (promoter, easy, satisfied). Stored, so that a report never has to guess. */
  positive: number[]
  /** Answers that count as the bad band (detractor, hard, dissatisfied). The rest is the middle. */
  negative: number[]
  /** The question itself, as the respondent reads it. */
  title: string
  /** Words at the lowest answer. */
  low: string
  /** Words at the highest answer. */
  high: string
  when?: Condition | undefined
}

/** A free-text question. Never required. */
export interface TextQuestion {
  kind: 'text'
  /** Unique in the survey. Two text questions for different bands have different ids. */
  id: string
  title: string
  /** Most characters (UTF-16 units) the field takes, 1–5,000. */
  maxLength: number
  when?: Condition | undefined
}

/** One question of a survey, told apart by `kind`. */
export type Question = ScaleQuestion | TextQuestion

/**
 * What makes an eligible survey appear by itself. Several triggers are alternatives.
 * `earshot.show(id)` works with any survey, also with one that has no trigger.
 */
export type Trigger =
  | {
      on: 'event'
      /** Name given to `earshot.track(name)`. */
      name: string
    }
  | {
      on: 'page'
      /** Seconds after the page view (a load or a navigation inside the app). */
      delay: number
    }

/** Days (24 h of elapsed time) before the same person may see the same survey again. */
export interface Recontact {
  /** After at least one answer. */
  answered: number
  /** After the card was closed without an answer. */
  dismissed: number
  /** After it was shown and neither answered nor closed. */
  shown: number
}

/** A survey: one or more questions, when they are asked, and what is said at the end. */
export interface Survey {
  /** Stable name, 1–64 of `A–Z a–z 0–9 . _ -`. Answers are filed under it. */
  id: string
  /** Whole number from 1. Raise it when a question, a scale or its bands change. */
  version: number
  /** BCP 47 tag of the language that the texts are written in. */
  locale: string
  /** Asked in this order; the first is a scale. */
  questions: Question[]
  /** Shown after the last answer. */
  thanks: {
    title: string
    text?: string | undefined
  }
  triggers: Trigger[]
  recontact: Recontact
  /** Where in the customer's day this is asked, for example `checkout`. */
  touchpoint?: string | undefined
  /** Customer-journey stage, for example `purchase`. */
  stage?: string | undefined
}

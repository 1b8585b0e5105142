/** What a survey is: the definition that a site owner writes, the collector serves and the SDK shows. */
import type { FollowUpRule } from './followUp.ts'
import type { Question } from './question.ts'
import type { Rule } from './rule.ts'
import type { Theme } from './theme.ts'
import type { Trigger } from './trigger.ts'

/** Days (24 h of elapsed time) before the same person may see the same survey again. */
export interface Recontact {
  /** After at least one answer. */
  answered: number
  /** After the card was closed without an answer. */
  dismissed: number
  /** After it was shown and neither answered nor closed. */
  shown: number
  /** After "ask me later", default 7. */
  snoozed?: number | undefined
  /** Shown so many times since the last answer: never again. At most 50; default no bound. */
  most?: number | undefined
}

/**
 * Where a survey appears: in a corner of the screen, as a part of the page (`inline`), in the middle before everything
 * else (`modal`), behind a tab at the edge (`tab`), or as a page of its own (`page`).
 */
export type Layout =
  | 'bottom-end'
  | 'bottom-start'
  | 'top-end'
  | 'top-start'
  | 'inline'
  | 'modal'
  | 'tab'
  | 'page'

/** Other words for one question. */
export interface Wording {
  title?: string | undefined
  low?: string | undefined
  high?: string | undefined
}

/** The texts of one question in another language. */
export interface QuestionWords extends Wording {
  /** Of a statement or a link. */
  text?: string | undefined
  /** Of a link. */
  label?: string | undefined
  /** Of a question with two answers. */
  yes?: string | undefined
  no?: string | undefined
  /** What to tell who wrote something that does not fit. */
  hint?: string | undefined
  /** Label of the last choice, with a text field. */
  other?: string | undefined
  /** Labels of choices, by id. */
  options?: Record<string, string> | undefined
}

/** A survey in another language. A text may be left out if it is one of `standardTexts` or `templateTexts`, which come translated. */
export interface SurveyWords {
  /** By question id. */
  questions?: Record<string, QuestionWords> | undefined
  thanks?: { title?: string | undefined; text?: string | undefined } | undefined
}

/** One arm of an experiment: what it changes, and how many of those who are asked get it. */
export interface Variant {
  /** Unique in the survey; stored with every event of the response. */
  id: string
  /** Relative to the weights of the others, above 0. */
  weight: number
  /** Other words, by question id. */
  wording?: Record<string, Wording> | undefined
  /**
   * The same words in the languages of the survey's `translations`: by BCP 47 tag, then by question id. In a language
   * that lacks a word of one arm, no arm is shown, so that arms differ in nothing but what they are to differ in.
   */
  translations?: Record<string, Record<string, Wording>> | undefined
  /** Instead of the survey's triggers: another time to ask. */
  triggers?: Trigger[] | undefined
  layout?: Layout | undefined
}

/** A survey: one or more questions, when they are asked, of whom, and what is said at the end. */
export interface Survey {
  /** Stable name, 1–64 of `A–Z a–z 0–9 . _ -`. Answers are filed under it. */
  id: string
  /** Whole number from 1. Raise it when a question, a scale or its bands change. */
  version: number
  /** BCP 47 tag of the language that the texts are written in. */
  locale: string
  /**
   * Asked in this order. Where only the first has no `when`, and all are number scales and texts without more to them,
   * they stand on one page; otherwise each has its own.
   */
  questions: Question[]
  /** Shown after the last answer. */
  thanks: {
    title: string
    text?: string | undefined
  }
  /** The survey in other languages, by BCP 47 tag. A language that lacks a text is not shown: a card is in one language. */
  translations?: Record<string, SurveyWords> | undefined
  /** What makes it appear now. */
  triggers: Trigger[]
  /** What makes it appear later. */
  followUps?: FollowUpRule[] | undefined
  /** Who is asked. A fact that is not known speaks against. */
  targeting?: Rule | undefined
  /** Share of those who may be asked, above 0 to 1, by a hash of visitor and survey: the same visitor always gets the same answer. */
  sampling?: number | undefined
  /** Arms of an experiment, by the same kind of hash. */
  variants?: Variant[] | undefined
  recontact: Recontact
  /** Days since the first visit before this may be asked, default 0. */
  tenure?: number | undefined
  /** About something that has just happened: asked also inside the quiet period over all surveys. Caps hold all the same. */
  transactional?: boolean | undefined
  /** Most completed responses that count. The collector leases a place before each showing, and marks what comes too late. */
  quota?: number | undefined
  /** Names of values that the site gives by `show(id, { hidden })` and that are stored with the response. */
  hidden?: string[] | undefined
  /** Default `bottom-end`. */
  layout?: Layout | undefined
  /** CSS selector of the element that it is put into, with the layout `inline`. `show(id, { into })` may name another. */
  into?: string | undefined
  /** Where in the customer's day this is asked, for example `checkout`. */
  touchpoint?: string | undefined
  /** Customer-journey stage, for example `purchase`. */
  stage?: string | undefined
  /** What the answers are for, in a sentence for colleagues. */
  purpose?: string | undefined
  /** Who acts on the answers, for example `support`. */
  owner?: string | undefined
}

/** How often one person may be asked, over all surveys of a site. */
export interface Limits {
  /** Days after any survey was shown before another one is, default 14. Transactional surveys are exempt. */
  quiet?: number | undefined
  /** Most surveys on one page view, from 1; default no bound of its own. */
  perPage?: number | undefined
  /** Most surveys in one visit, 1 to 50; default 1. */
  perSession?: number | undefined
  /** Most surveys in 24 hours, 1 to 50; default no bound of its own. */
  perDay?: number | undefined
  /** Share of visitors who are never asked, 0 to below 1, to compare with; default 0. */
  holdout?: number | undefined
}

/** What may be scrubbed from free text. Cards must pass the Luhn check, IBANs their checksum. */
export type Scrub = 'email' | 'card' | 'iban' | 'phone'

/** What leaves the page besides the answers. */
export interface Privacy {
  /** Scrubbed from free text before it is stored; default nothing. */
  scrub?: Scrub[] | undefined
  /** Parameters of the address's query that are kept; default none. */
  query?: string[] | undefined
  /** Whether the address's fragment is kept; default not. */
  fragment?: boolean | undefined
}

/** What holds for all surveys of a site. */
export interface SiteSettings {
  limits?: Limits | undefined
  privacy?: Privacy | undefined
  theme?: Theme | undefined
}

/** What those who draw their own get of a survey, and how it runs underneath. */
import type { AnswerValue, Question, Survey } from '@earshot/contract'
import type { Flow, FlowInput, FlowStep } from '../core/flow.ts'
import type { Showing } from '../core/model.ts'

/** Why an answer is not taken, or a survey does not go on. Nothing was recorded. */
export interface HeadlessFlaw {
  /**
   * - `missing`: the question needs an answer.
   * - `misfit`: the value is none that the question takes.
   * - `not-asked`: the question is not one that is asked now.
   * - `ended`: the survey is over.
   */
  code: 'missing' | 'misfit' | 'not-asked' | 'ended'
  /** Id of the question. */
  question?: string | undefined
  /** What was found and what is wanted, for a developer. */
  message: string
}

/** A question in the words that its respondent reads, with its choices in the order of this visitor. */
export type HeadlessQuestion = Question & {
  /** Whether the survey goes on only with an answer. */
  required: boolean
}

/** A survey at one moment. Never changed: another moment is another object. */
export interface HeadlessState {
  /** `ask` → `saving` (ended by the respondent, not stored yet) → `thanks` → `closed`. */
  stage: Flow['stage']
  /** What is asked now, in order: one question where each has a page of its own. */
  questions: readonly HeadlessQuestion[]
  /** What was answered so far, by question. */
  answers: Readonly<Record<string, AnswerValue>>
  /** What was written beside the choice `other`, by question. */
  others: Readonly<Record<string, string>>
  /** Number of the page, and of all pages where no answer can change it; null where there is one page. */
  progress: { at: number; of?: number | undefined } | null
  canGoBack: boolean
  /** Whether `next()` ends the survey, as far as can be told from the answers so far. */
  isLast: boolean
  /** What the last call was refused for; null after one that was not. */
  flaw: HeadlessFlaw | null
  /** What to say at the end. */
  thanks: Readonly<Survey['thanks']>
  /** Whether the last attempt to deliver failed: what is answered is kept and will be sent. */
  offline: boolean
}

/** One showing of a survey that the site draws. No call throws, and after the end none does anything. */
export interface HeadlessSurvey {
  readonly id: string
  /** Of this showing. */
  readonly response: string
  /** The survey in the words of its variant, texts not filled. */
  readonly survey: Survey
  /** How it stands: the same object until something changes. */
  state(): HeadlessState
  /**
   * Calls after every change; the result stops it.
   *
   * @example
   * const state = useSyncExternalStore(survey.subscribe, survey.state)
   */
  subscribe(listener: () => void): () => void
  /**
   * Tells that the respondent sees it. With the element that it is drawn in: as soon as half of that was visible for a
   * second, as for the card. Without: now, or when the page is no longer hidden. An answer tells it, too.
   */
  displayed(element?: Element): void
  /**
   * Records the answer to a question that is asked now; it is stored at once, and may be changed. An empty text or list
   * takes away an answer that is not needed. On one page, the answer to the last open question ends the survey.
   *
   * @returns null, or why it is not taken
   * @example
   * const flaw = survey.answer('score', 9)
   */
  answer(question: string, value: AnswerValue, more?: { other?: string | undefined }): HeadlessFlaw | null
  /**
   * Goes on, with or without an answer; after the last question the survey is complete.
   *
   * @returns null, or why it stays: this question needs an answer
   */
  next(): HeadlessFlaw | null
  /** One question back, where each has a page of its own. What was answered stays recorded. */
  back(): void
  /**
   * Records texts for questions that are asked now, and ends the survey past all that need not be answered. If one of
   * the texts does not fit, nothing is recorded.
   *
   * @returns null, or why it did not end
   * @example
   * const flaw = survey.finish({ reason: textarea.value })
   */
  finish(texts?: Readonly<Record<string, string>>): HeadlessFlaw | null
  /** Closes it: before the end that is a dismissal, after the thanks it is the end of the showing. */
  dismiss(): void
  /** Closes it and asks again later, by default after the survey's `recontact.snoozed`. */
  snooze(days?: number): void
}

/** Draws a survey; the result takes it away, when it is over or called off. What throws was not shown. */
export type OnSurvey = (survey: HeadlessSurvey) => void | (() => void)

/** What differs between a survey on one page and one with pages. */
export interface Way {
  start(showing: Showing, offline: boolean): Flow
  step(flow: Flow, input: FlowInput): FlowStep
  look(flow: Flow): Pick<HeadlessState, 'questions' | 'progress' | 'canGoBack' | 'isLast'>
  /** A value as its question takes it, and what is wrong with it, null for nothing. */
  judge(
    question: Question,
    value: unknown,
    other: unknown,
  ): { value: AnswerValue | null; wrong: string | null }
  /** Whether an empty value may be told, to take an answer away. */
  takesEmpty: boolean
  /** How to go on. */
  onward(flow: Flow): Untimed
}

/** An input before the time is put on. */
export type Untimed = FlowInput extends infer Each
  ? Each extends FlowInput
    ? Omit<Each, 'at'>
    : never
  : never

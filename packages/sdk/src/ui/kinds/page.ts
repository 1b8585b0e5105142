/** What the drawing of one page gets. Its `h` is that of the card, since two copies of Preact would not fit together. */
import type { AnswerValue, Question } from '@earshot/contract'
import type { h as preactH } from 'preact'
import type { Flow } from '../../core/flow.ts'
import type { KindStrings } from './strings.ts'

/** What is chosen or typed and not yet recorded. */
export interface Draft {
  value: AnswerValue
  other?: string | undefined
}

export interface Page<Kind extends Question = Question> {
  h: typeof preactH
  flow: Flow
  question: Kind
  strings: KindStrings
  /** Puts facts into a text. */
  fill(text: string): string
  /** What stands in the controls. */
  value: AnswerValue | undefined
  other: string
  /** Whether it must be answered, as far as the respondent is told. */
  required: boolean
  /** Whether it has a flaw, and the ids of what is said of the field. */
  invalid: boolean
  describedBy: string | undefined
  /** Changes what stands in the controls. */
  set(draft: Draft): void
  /** An answer that needs no confirmation when it was pointed at: by keys, arrows choose on their way. */
  choose(value: AnswerValue): void
  /** Records an answer and goes on. */
  take(value: AnswerValue): void
}

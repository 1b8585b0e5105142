/** What the drawing of one page gets, and what the file of one type of question gives. The `h` is that of the card, since two copies of Preact would not fit together. */
import type { AnswerValue, compilePattern, Question } from '@earshot/contract'
import type { ComponentChild, h as preactH } from 'preact'
import type { Flow } from '../../core/flow.ts'
import type { Voice } from './voice.ts'
import type { KindStrings } from './strings.ts'

/** What is chosen or typed and not yet recorded. */
export interface Draft {
  value: AnswerValue
  other?: string | undefined
}

export interface Page<Asked extends Question = Question> extends Voice {
  h: typeof preactH
  flow: Flow
  question: Asked
  /** Puts facts into a text. */
  fill(text: string): string
  /** The question in words. */
  title: string
  /** What stands in the controls. */
  value: AnswerValue | undefined
  other: string
  /** Whether it must be answered, as far as the respondent is told. */
  required: boolean
  /** What a field says of itself: whether it has a flaw, and where that is said. */
  aria: AriaWords
  /** Changes what stands in the controls. */
  set(draft: Draft): void
  /** An answer that needs no confirmation when it was pointed at: by keys, arrows choose on their way. */
  choose(value: AnswerValue): void
  /** Records an answer and goes on. */
  take(value: AnswerValue): void
  /** What a group of radio buttons says of itself. */
  group: AriaWords & { role: 'radiogroup' }
  /** The question: above a group, and above what is only read. It takes the focus on a new page, so that it is read first. */
  legend: preactH.JSX.Element
  heading: preactH.JSX.Element
  /** One answer of a row. */
  tile(answer: number | boolean, content: ComponentChild, isOn?: boolean, name?: string): preactH.JSX.Element
  /** A whole scale; every answer by its sign, for what it is worth from 0 to 1. */
  scale(
    drawSign: (share: number) => preactH.JSX.Element,
    isOn?: (score: number) => boolean,
  ): preactH.JSX.Element
  /** A sign on a field of 24 by 24, for the eye only. */
  mark(path: string, transform?: string): preactH.JSX.Element
}

export interface AriaWords {
  'aria-required': true | undefined
  'aria-invalid': true | undefined
  'aria-describedby': string | undefined
}

/**
 * One type of question, or one look of the scale. Each has a file of its own, which is loaded where it is asked; so it
 * imports nothing that other files have, and is given what all of them need.
 */
export interface Kind<Asked extends Question = Question> {
  /** Rules besides those of every page. */
  css?: string
  /** English words that nobody else says. */
  words?: Partial<KindStrings>
  draw(page: Page<Asked>): preactH.JSX.Element
  /**
   * Whether the collector would take an answer. A look of the scale leaves that to the scale.
   *
   * @param compile how patterns are read, for which conditions have the code already
   */
  fits?(
    question: Asked,
    value: AnswerValue,
    other: string | undefined,
    compile: typeof compilePattern,
  ): boolean
  /** In which order the choices were seen, where it is the visitor's own. */
  orderOf?(flow: Flow, question: Asked): string[] | undefined
  /** What was typed, as a value; null is none. */
  typed?(question: Asked, typed: string): AnswerValue | null
  /** What is wrong, where it is more than that nothing is chosen. */
  flaw?(question: Asked, flaw: NonNullable<Flow['flaw']>, voice: Voice): string
}

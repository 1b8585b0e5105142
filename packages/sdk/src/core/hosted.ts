/** What a page behind a link of a message keeps on the device: what was answered there and is not delivered yet, and where its respondent is. */
import type { AnswerValue, Survey, Theme } from '@earshot/contract'
import type { Instant } from './time.ts'

/** An answer that stands. */
export interface HostedAnswer {
  value: AnswerValue
  other?: string | undefined
  revision: number
}

/** What the collector says of the page. */
export interface HostedState {
  response: string
  /** In the language of the link. */
  survey: Survey
  /** By question. */
  answers: Readonly<Record<string, HostedAnswer>>
  /** What the link has chosen, which nobody has confirmed yet. */
  chosen: {
    question: string
    value: AnswerValue
    other?: string | undefined
    /** Whether nothing is left to ask after it. */
    isLast: boolean
  } | null
  isDone: boolean
  thanks: { title: string; text?: string | undefined }
  /** Who asks. */
  name: string
  theme?: Theme | undefined
}

/** What was done on the page. */
export type HostedAct = { at: Instant } & (
  | { question: string; value: AnswerValue; other?: string; order?: string[]; revision: number }
  | { end: true }
)

/** What is kept of one link. */
export interface HostedRow {
  /** When it changed last. */
  at: Instant
  /** Not delivered yet, oldest first. */
  acts: readonly HostedAct[]
  answers: HostedState['answers']
  /** Questions that were skipped or only read. */
  passed: readonly string[]
  isDone: boolean
}

/** Of a link that is new here. */
export const emptyRow: HostedRow = { at: 0 as Instant, acts: [], answers: {}, passed: [], isDone: false }

/** Adds what was done. */
export function withAct(row: HostedRow, act: HostedAct): HostedRow {
  const next = { ...row, at: act.at, acts: [...row.acts, act] }
  if ('end' in act) return { ...next, isDone: true }
  const { question, value, other, revision } = act
  return { ...next, answers: { ...row.answers, [question]: { value, other, revision } } }
}

/** Adds a question that was left without an answer. */
export function withPassed(row: HostedRow, question: string, at: Instant): HostedRow {
  return { ...row, at, passed: [...row.passed.filter((each) => each !== question), question] }
}

/**
 * What stands after the collector told how it stands there. It may be behind, and another device may be ahead: of each
 * answer the later revision stands, and of two alike the one that is not delivered yet. When all is over and delivered,
 * no answer is kept.
 *
 * @param delivered what the collector has taken with this
 */
export function withState(
  row: HostedRow,
  { answers, isDone }: Pick<HostedState, 'answers' | 'isDone'>,
  delivered: readonly HostedAct[],
): HostedRow {
  // Another tab may have added something meanwhile, or delivered the same.
  const taken = new Set(delivered.map((each) => JSON.stringify(each)))
  const acts = row.acts.filter((each) => !taken.has(JSON.stringify(each)))
  const isOpen = (id: string): boolean => acts.some((each) => 'question' in each && each.question === id)
  const merged = { ...row.answers }
  for (const [id, told] of Object.entries(answers)) {
    const own = Object.hasOwn(merged, id) ? merged[id] : undefined
    if (!own || told.revision > own.revision || (told.revision === own.revision && !isOpen(id)))
      merged[id] = told
  }
  // Only its word on the end itself takes the end back.
  const isEnded = isDone || (row.isDone && !delivered.some((each) => 'end' in each))
  return isEnded && !acts[0]
    ? { ...emptyRow, at: row.at, isDone: true }
    : { ...row, acts, answers: merged, isDone: isEnded }
}

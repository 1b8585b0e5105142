/** Whether an answer fits its question; the browser and the collector judge alike. */
import { choiceFlaw, idsOf, maxOtherLength } from './choiceFlaw.ts'
import type { AnswerEvent, RejectionCode } from './event.ts'
import { compilePattern } from './pattern.ts'
import type { ChoiceQuestion, Question, TextQuestion } from './question.ts'
import { isOnScale } from './rules.ts'
import { textFlaw } from './textFlaw.ts'

/** Why an answer does not fit. */
export interface AnswerFlaw {
  code: Extract<RejectionCode, 'score_out_of_range' | 'wrong_answer_type'>
  /** What was found and what the question takes, for a developer. */
  message: string
  /** Where in the event, dotted: `data.value`. */
  path: string
}

/** What there is instead of what is wanted; null when it fits. The first is where, unless it is the value. */
type Judged = null | { wanted: string; field?: 'other' | 'order'; range?: boolean }

/**
 * What is wrong with an answer; null when it fits. Whether the question was due, and whether it may be skipped, is not
 * asked here: an answer that was given is kept.
 *
 * @example
 * answerFlaw(question, { value: 11 }) // { code: 'score_out_of_range', message: 'found 11; question "score" takes …', path: 'data.value' }
 */
export function answerFlaw(
  question: Question,
  data: Pick<AnswerEvent['data'], 'value' | 'other' | 'order'>,
): AnswerFlaw | null {
  const { value, other, order } = data
  let judged: Judged = judgeValue(question, value)
  if (!judged && other !== undefined) {
    const isOther = question.kind === 'choice' && Array.isArray(value) && value.includes('other')
    if (!isOther) judged = { wanted: 'such a text only beside the choice "other"', field: 'other' }
    else if (typeof other !== 'string' || other.length > maxOtherLength)
      judged = { wanted: `a text of at most ${maxOtherLength} characters`, field: 'other' }
  }
  if (!judged && order !== undefined && !(question.kind === 'choice' && isOrder(question, order)))
    judged = { wanted: 'an order that names each option once, and nothing else', field: 'order' }
  if (!judged) return null
  const { wanted, field = 'value', range } = judged
  return {
    code: range ? 'score_out_of_range' : 'wrong_answer_type',
    message: `found ${shown(data[field])}; question "${question.id}" takes ${wanted}`,
    path: `data.${field}`,
  }
}

function judgeValue(question: Question, value: unknown): Judged {
  switch (question.kind) {
    case 'scale':
      return isOnScale(question, value)
        ? null
        : {
            wanted: `a whole number from ${question.min} to ${question.max}`,
            range: typeof value === 'number',
          }
    case 'text':
      return judgeText(question, value)
    case 'choice':
      return judgeChoice(question, value)
    case 'yesno':
      return typeof value === 'boolean' ? null : { wanted: 'true or false' }
    case 'link':
      return value === true ? null : { wanted: 'true' }
    case 'statement':
      return { wanted: 'no answer: it is only read' }
  }
}

/** What a text or number is missing, in words. */
function judgeText(question: TextQuestion, value: unknown): Judged {
  const { least = -Infinity, most = Infinity, minLength = 0, maxLength, pattern } = question
  switch (textFlaw(question, value, compilePattern)) {
    case 'number':
      return { wanted: `a number${bounds(least, most)}`, range: typeof value === 'number' }
    case 'type':
      return { wanted: 'a text' }
    case 'length':
      return { wanted: `a text of ${minLength} to ${maxLength} characters, not ${String(value).length}` }
    case 'email':
      return { wanted: 'an address such as ada@example.com' }
    case 'pattern':
      return { wanted: `a text that as a whole fits ${pattern}` }
    case null:
      return null
  }
}

function judgeChoice(question: ChoiceQuestion, value: unknown): Judged {
  const flaw = choiceFlaw(question, value)
  if (flaw === 'ids') {
    const ids = idsOf(question).map((id) => `"${id}"`)
    return { wanted: `a list of some of ${ids.join(', ')}, each once` }
  }
  const { least = 0, most = Infinity } = question.multiple ? question : { least: 1, most: 1 }
  return flaw && { wanted: `a list of choices${bounds(least, most)}, not ${(value as unknown[]).length}` }
}

function isOrder({ options }: ChoiceQuestion, order: unknown): boolean {
  return (
    Array.isArray(order) && order.length === options.length && options.every(({ id }) => order.includes(id))
  )
}

const bounds = (least: number, most: number): string =>
  (least > -Infinity ? `, at least ${least}` : '') + (most < Infinity ? `, at most ${most}` : '')

/** A value in a few characters. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

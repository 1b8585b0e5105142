/** What an answer on a page may be: the order of its choices, what was typed as a value, and whether there must be one. */
import { answerFlaw, shuffled, type AnswerValue, type ChoiceQuestion, type Question } from '@earshot/contract'
import type { Flow } from './flow.ts'
import { own } from './pageRoute.ts'

/** The choices as this visitor sees them, always in the same order. `other` is not among them: it stays last. */
export function choicesOf(
  { survey, facts = {}, response }: Pick<Flow, 'survey' | 'facts' | 'response'>,
  { id, options, shuffle }: ChoiceQuestion,
): ChoiceQuestion['options'] {
  const visitor = String(own(facts, 'visitor.id') ?? response)
  return shuffle ? shuffled(options, visitor, `${survey.id}/${id}`) : options
}

/** What was typed into a field, as a value. A number may be written with a comma; null is none. */
export function typedValue(question: Question, typed: string): AnswerValue | null {
  const text = typed.trim()
  if (!text || question.kind !== 'text' || question.input !== 'number') return text
  const number = Number(text.replace(',', '.'))
  return Number.isFinite(number) ? number : null
}

/** True for what counts as nothing: a field or a list that is empty. */
export function isEmpty(value: AnswerValue | undefined): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

/** Whether a page can only be left with an answer. Reading needs none, nor can anybody be sent to another page. */
export function mustAnswer(
  { survey }: Pick<Flow, 'survey'>,
  { id, kind, required = false }: Question,
): boolean {
  if (kind === 'statement' || kind === 'link') return false
  // Without its first scale there is no response.
  return required || id === survey.questions.find((each) => each.kind === 'scale')?.id
}

/** Whether the collector would take it. */
export function fits(question: Question, value: AnswerValue, other?: string): boolean {
  return !answerFlaw(question, { value, other })
}

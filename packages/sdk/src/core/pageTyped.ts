/** What was typed into a field, as a value. A file of its own, because the card loads it only with such a question. */
import type { AnswerValue, Question } from '@earshot/contract'

/** A number may be written with a comma; null is none. */
export function typedValue(question: Question, typed: string): AnswerValue | null {
  const text = typed.trim()
  if (!text || question.kind !== 'text' || question.input !== 'number') return text
  const number = Number(text.replace(',', '.'))
  return Number.isFinite(number) ? number : null
}

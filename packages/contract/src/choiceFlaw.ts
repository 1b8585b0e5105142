/** Which demand of a choice question a value does not meet. A file of its own, because the browser loads it only with such a question. */
import type { ChoiceQuestion } from './question.ts'

/** Most characters of what is written beside the choice `other`. */
export const maxOtherLength = 500

/** The demand that is not met: each id once and of those that there are, as many as wanted; null when it fits. */
export function choiceFlaw(question: ChoiceQuestion, value: unknown): 'ids' | 'count' | null {
  const ids = idsOf(question)
  if (!Array.isArray(value) || new Set(value).size !== value.length || !value.every((id) => ids.includes(id)))
    return 'ids'
  const { least = 0, most = Infinity } = question.multiple ? question : { least: 1, most: 1 }
  return value.length < least || value.length > most ? 'count' : null
}

/** All that can be chosen. */
export function idsOf({ options, other }: ChoiceQuestion): string[] {
  const ids = options.map((each) => each.id)
  return other === undefined ? ids : [...ids, 'other']
}

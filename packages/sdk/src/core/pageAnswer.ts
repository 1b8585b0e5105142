/** What counts as an answer. */
import type { AnswerValue } from '@earshot/contract'

/** True for what counts as nothing: a field or a list that is empty. */
export function isEmpty(value: AnswerValue | undefined): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

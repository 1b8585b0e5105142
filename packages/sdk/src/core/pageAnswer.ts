/** What counts as an answer, and whether there must be one. */
import type { AnswerValue, Question } from '@earshot/contract'
import type { Flow } from './flow.ts'

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

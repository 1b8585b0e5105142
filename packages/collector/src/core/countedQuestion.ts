/** Which questions reports count, and what of them: scales by their scores, choices and yes or no by what was chosen. */
import type { Option, Question, ScaleQuestion } from '@earshot/contract'

/** A question with choices, as reports count it; yes and no are two choices. */
export interface ChosenQuestion {
  kind: 'choice' | 'yesno'
  id: string
  options: Option[]
  /** The choices whose share is the number of the report; empty where neither the survey nor the caller names any. */
  positive: string[]
}

/** A question that reports count. */
export type CountedQuestion = ScaleQuestion | ChosenQuestion

/**
 * The question as reports count it.
 *
 * @param choices ids of the choices that are meant, in place of those that the survey calls positive
 * @returns null where it is not counted: texts and links have themes and single answers, and statements have none
 * @example
 * countedQuestion({ kind: 'yesno', id: 'solved', title: 'Solved?', yes: 'Yes', no: 'No' })
 * // { kind: 'yesno', id: 'solved', options: [{ id: 'true', label: 'Yes' }, { id: 'false', label: 'No' }], positive: ['true'] }
 */
export function countedQuestion(question: Question, choices: readonly string[] = []): CountedQuestion | null {
  const { kind, id } = question
  if (kind === 'scale') return question
  if (kind === 'yesno') {
    const options = [
      { id: 'true', label: question.yes },
      { id: 'false', label: question.no },
    ]
    return { kind, id, options, positive: choices.length > 0 ? [...choices] : ['true'] }
  }
  if (kind !== 'choice') return null
  const { options, other, positive = [] } = question
  return {
    kind,
    id,
    options: [...options, ...(other === undefined ? [] : [{ id: 'other', label: other }])],
    positive: choices.length > 0 ? [...choices] : positive,
  }
}

/** What was chosen, of an answer as text. No id has a bar in it. */
export const chosenIn = (text: string | null): string[] => (text === null ? [] : text.split('|'))

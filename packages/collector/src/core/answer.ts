/** Checks one answer against the survey that it answers. */
import { answerFlaw, type AnswerEvent, type RejectionCode, type Survey } from '@earshot/contract'
import { nearestName } from './text.ts'

/** Why an event is refused; a `Rejection` of the contract without the id. */
export interface Flaw {
  code: RejectionCode
  message: string
  /** Dotted, from the event: `data.value`. */
  path: string
}

/**
 * What is wrong with an answer, or null. The question must exist, and the answer must fit it by the rule that the browser
 * goes by too. Whether the question was due is the browser's business: an answer that was given is kept.
 *
 * @example
 * checkAnswer(survey, { question: 'score', value: 11, revision: 0 })?.code // 'score_out_of_range'
 */
export function checkAnswer(survey: Survey, data: AnswerEvent['data']): Flaw | null {
  const question = survey.questions.find((each) => each.id === data.question)
  if (question) return answerFlaw(question, data)
  const ids = survey.questions.map((each) => each.id)
  const near = nearestName(data.question, ids)
  return {
    code: 'unknown_question',
    message: `survey "${survey.id}" version ${survey.version} has no question "${data.question}"; ${near ? `did you mean "${near}"?` : `it has ${ids.map((id) => `"${id}"`).join(', ')}`}`,
    path: 'data.question',
  }
}

/** Checks one answer against the survey that it answers. */
import { isOnScale, type AnswerEvent, type RejectionCode, type Survey } from '@earshot/contract'
import { describeValue } from './issues.ts'
import { nearestName } from './text.ts'

/** Why an event is refused; a `Rejection` of the contract without the id. */
export interface Flaw {
  code: RejectionCode
  message: string
  /** Dotted, from the event: `data.value`. */
  path: string
}

/**
 * What is wrong with an answer, or null. The question must exist; a scale takes a whole number on it, a text
 * question takes a text within its `maxLength`. Whether the question was due is the browser's business: an answer
 * that was given is kept.
 *
 * @example
 * checkAnswer(survey, { question: 'score', value: 11, revision: 0 })?.code // 'score_out_of_range'
 */
export function checkAnswer(survey: Survey, data: AnswerEvent['data']): Flaw | null {
  const question = survey.questions.find((each) => each.id === data.question)
  const where = `question "${data.question}" of survey "${survey.id}"`
  if (!question) {
    const ids = survey.questions.map((each) => each.id)
    const near = nearestName(data.question, ids)
    return {
      code: 'unknown_question',
      message: `survey "${survey.id}" version ${survey.version} has no question "${data.question}"; ${near ? `did you mean "${near}"?` : `it has ${ids.map((id) => `"${id}"`).join(', ')}`}`,
      path: 'data.question',
    }
  }
  const { value } = data
  const wrongType = (wanted: string): Flaw => ({
    code: 'wrong_answer_type',
    message: `found ${describeValue(value)}; ${where} takes ${wanted}`,
    path: 'data.value',
  })
  if (question.kind === 'text') {
    if (typeof value !== 'string') return wrongType('a text')
    if (value.length <= question.maxLength) return null
    return {
      code: 'invalid_event',
      message: `the text has ${value.length} characters; ${where} takes at most ${question.maxLength}`,
      path: 'data.value',
    }
  }
  if (typeof value !== 'number') return wrongType(`a whole number from ${question.min} to ${question.max}`)
  if (isOnScale(question, value)) return null
  return {
    code: 'score_out_of_range',
    message: `score ${value} is not on the scale ${question.min}–${question.max} of ${where}`,
    path: 'data.value',
  }
}

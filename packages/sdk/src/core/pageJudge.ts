/** Judges answers of every type of question: for whoever has them all. A card has the judgement of each with its type. */
import { answerFlaw } from '@earshot/contract'
import { orderOf } from './pageChoices.ts'
import type { AnswerJudge } from './pages.ts'

export const judgeAll: AnswerJudge = {
  fits: (question, value, other) => !answerFlaw(question, { value, other }),
  orderOf: (flow, question) => (question.kind === 'choice' ? orderOf(flow, question) : undefined),
}

/** A survey on one page: a scale, and the open text that follows from its answer. */
import { isOnScale, type AnswerValue } from '@earshot/contract'
import { openQuestions, startFlow, stepFlow } from '../core/flow.ts'
import type { Way } from './model.ts'

export const plainWay: Way = {
  start: startFlow,
  step: stepFlow,
  takesEmpty: false,
  look: (flow) => ({
    // Without its scale there is no response.
    questions: openQuestions(flow).map((each) => ({ ...each, required: each.kind === 'scale' })),
    progress: null,
    canGoBack: false,
    isLast: true,
  }),
  judge(question, given) {
    if (question.kind === 'scale') {
      const { min, max } = question
      const wrong = isOnScale(question, given) ? null : `takes a whole number from ${min} to ${max}`
      return { value: given as AnswerValue, wrong }
    }
    const value = typeof given === 'string' ? given.trim() : null
    const most = question.kind === 'text' ? question.maxLength : 0
    const isFit = value !== null && value.length <= most
    return { value, wrong: isFit ? null : `takes a text of at most ${most} characters` }
  },
  onward: () => ({ type: 'finish', texts: {} }),
}

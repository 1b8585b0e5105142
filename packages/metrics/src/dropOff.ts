/** Where a survey loses those who began it, question by question. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkCounts, checkPart, levelOf } from './input.ts'
import { percentOf } from './proportion.ts'

/** What became of those who came to a question. */
export interface QuestionCounts {
  question: string
  /** Saw the question. */
  seen: number
  /** Did not complete, and this question was the last that they saw. */
  last: number
}

/** Loss at one question; values in percent, with Wilson's interval. */
export interface QuestionDropOff {
  question: string
  /** last / seen: how likely the question ends the survey for those who come to it. */
  ofSeen: Estimate
  /** last / all who began: its part of the drop-off of the survey, which these sum up to. */
  ofStarted: Estimate
}

/**
 * Drop-off by question: who did not complete is counted at the last question seen.
 *
 * Intervals: Wilson 1927, JASA 22, 209–212. With jumps not everybody sees each question, so `seen` is a base of its own and
 * not what the question before left over. A base of 0: null with a reason. `last` above `seen`, more lost than began, or
 * counts that are not whole numbers from 0: a RangeError.
 *
 * @param started - How many answered at least one question.
 * @param questions - In the order in which they are to be shown.
 * @param options - Confidence level (0.95).
 * @example
 * dropOff(50, [{ question: 'score', seen: 50, last: 5 }, { question: 'why', seen: 40, last: 10 }])[1]?.ofSeen.value // 25
 */
export function dropOff(
  started: number,
  questions: readonly QuestionCounts[],
  options: LevelOptions = {},
): QuestionDropOff[] {
  const level = levelOf('dropOff()', options)
  let lost = 0
  checkCounts('dropOff()', { started })
  for (const { question, seen, last } of questions) {
    checkCounts('dropOff()', { [`seen of ${question}`]: seen, [`last of ${question}`]: last })
    checkPart('dropOff()', `last of ${question}`, last, 'seen', seen)
    lost += last
  }
  checkPart('dropOff()', 'the sum of last', lost, 'started', started)
  return questions.map(({ question, seen, last }) => ({
    question,
    ofSeen: percentOf(last, seen, level, 'Nobody saw this question.'),
    ofStarted: percentOf(last, started, level, 'There is no answer.'),
  }))
}

/** Response, completion, drop-off and dismiss rates from counts of showings. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkCounts, checkPart, levelOf } from './input.ts'
import { percentOf } from './proportion.ts'

/** How often a survey was shown, and what became of it. One showing counts once in each. */
export interface ResponseCounts {
  /** Seen: at least half of the card visible for a second. The base is never "sent" or "eligible". */
  shown: number
  /** At least one question answered. */
  answered: number
  /** Answered to the end. */
  completed: number
  /** Closed before the end, with or without an answer. */
  dismissed: number
}

/** What `response` gives back; every value is in percent, 0 to 100, with Wilson's interval. */
export interface ResponseResult {
  /** answered / shown. */
  response: Estimate
  /** completed / shown: the response rate that leaves partial answers out. */
  completeResponse: Estimate
  /** completed / answered. */
  completion: Estimate
  /** (answered - completed) / answered. */
  dropOff: Estimate
  /** dismissed / shown. */
  dismiss: Estimate
}

/**
 * Rates of a survey: response (answered of shown), completion (completed of answered), drop-off (the rest of it), dismiss
 * (closed of shown).
 *
 * Response counts partial answers, as AAPOR's RR2 does (Standard Definitions); `completeResponse` counts complete ones only,
 * as RR1 does; both over those who saw the survey. Intervals: Wilson 1927, JASA 22, 209–212.
 *
 * A base of 0 gives null with a reason. Whoever answered was shown the survey: if the display event is missing (lost, or
 * still on its way), count the response as shown. So `answered` or `dismissed` above `shown`, `completed` above
 * `answered`, and counts that are not whole numbers from 0 are RangeErrors.
 *
 * @param counts - Showings by what became of them.
 * @param options - Confidence level (0.95).
 * @example
 * response({ shown: 200, answered: 50, completed: 40, dismissed: 90 }).response.value // 25
 */
export function response(counts: ResponseCounts, options: LevelOptions = {}): ResponseResult {
  const { shown, answered, completed, dismissed } = counts
  checkCounts('response()', {
    'counts.shown': shown,
    'counts.answered': answered,
    'counts.completed': completed,
    'counts.dismissed': dismissed,
  })
  checkPart(
    'response()',
    'counts.answered',
    answered,
    'counts.shown',
    shown,
    'Count every response that has an answer as shown.',
  )
  checkPart(
    'response()',
    'counts.dismissed',
    dismissed,
    'counts.shown',
    shown,
    'Count every response that was closed as shown.',
  )
  checkPart(
    'response()',
    'counts.completed',
    completed,
    'counts.answered',
    answered,
    'Count every completed response as answered.',
  )
  const level = levelOf('response()', options)
  const nobodySaw = 'The survey was shown to nobody.'
  const nobodyAnswered = 'There is no answer.'
  return {
    response: percentOf(answered, shown, level, nobodySaw),
    completeResponse: percentOf(completed, shown, level, nobodySaw),
    completion: percentOf(completed, answered, level, nobodyAnswered),
    dropOff: percentOf(answered - completed, answered, level, nobodyAnswered),
    dismiss: percentOf(dismissed, shown, level, nobodySaw),
  }
}

/** Response, completion, drop-off and dismiss rates from counts of showings. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkCounts, levelOf, reject } from './input.ts'
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
 * Response counts partial answers, as AAPOR's RR2 does (Standard Definitions; RR1 would count complete ones only), over
 * those who saw the survey. Intervals: Wilson 1927, JASA 22, 209–212.
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
  checkPart('answered', answered, 'shown', shown, 'Count every response that has an answer as shown.')
  checkPart('dismissed', dismissed, 'shown', shown, 'Count every response that was closed as shown.')
  checkPart('completed', completed, 'answered', answered, 'Count every completed response as answered.')
  const level = levelOf('response()', options)
  const nobodySaw = 'The survey was shown to nobody.'
  const nobodyAnswered = 'There is no answer.'
  return {
    response: percentOf(answered, shown, level, nobodySaw),
    completion: percentOf(completed, answered, level, nobodyAnswered),
    dropOff: percentOf(answered - completed, answered, level, nobodyAnswered),
    dismiss: percentOf(dismissed, shown, level, nobodySaw),
  }
}

/** Throws a RangeError when a part is larger than its whole. */
function checkPart(part: string, count: number, whole: string, base: number, mend: string): void {
  if (count > base) reject('response()', `counts.${part} (${count}) is above counts.${whole} (${base})`, mend)
}

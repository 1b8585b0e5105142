/** Decides when something that is wanted again and again is done: at once the first time, then after a while, and never unseen. */

/** What is known. Moments are milliseconds of any clock that only goes on. */
export interface Throttle {
  /** When it was done last; null before the first time. */
  at: number | null
  /** Whether it was wanted since. */
  isOwed: boolean
  /** Whether nobody sees it now. */
  isHidden: boolean
}

/** What happened: it is wanted, a wait is over, or the page went out of sight or came back. */
export type ThrottleInput = 'wanted' | 'due' | 'hidden' | 'shown'

/** What comes of it. */
export interface ThrottleStep {
  state: Throttle
  /** Whether it is to be done now. */
  isDone: boolean
  /** In how many milliseconds to say `due`; null where there is nothing to wait for. */
  wait: number | null
}

/** Nothing was wanted yet. */
export const atRest: Throttle = { at: null, isOwed: false, isHidden: false }

/**
 * One step. What was wanted last is always done in the end. Whoever comes back to the page gets it at once: while it was hidden
 * nothing was heard.
 *
 * @param every shortest time between two, in milliseconds
 * @example
 * stepThrottle(atRest, 'wanted', 0, 2000).isDone // true
 */
export function stepThrottle(
  state: Throttle,
  input: ThrottleInput,
  now: number,
  every: number,
): ThrottleStep {
  if (input === 'hidden') return { state: { ...state, isHidden: true }, isDone: false, wait: null }
  const isHidden = input === 'shown' ? false : state.isHidden
  const isOwed = input !== 'due' || state.isOwed
  if (isHidden || !isOwed) return { state: { ...state, isHidden, isOwed }, isDone: false, wait: null }
  const left = state.at === null || input === 'shown' ? 0 : state.at + every - now
  return left <= 0
    ? { state: { at: now, isOwed: false, isHidden }, isDone: true, wait: null }
    : { state: { ...state, isHidden, isOwed }, isDone: false, wait: left }
}

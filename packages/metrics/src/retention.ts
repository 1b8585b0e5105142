/** Retention over a period: the share of customers at its start who are customers at its end. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { levelOf } from './input.ts'
import { movesOf, type PeriodCounts, type PeriodMoves } from './period.ts'
import { percentOf } from './proportion.ts'

/** What `retention` gives back. */
export interface RetentionResult extends PeriodMoves {
  /** (E - N) / S in percent, with Wilson's interval. */
  retention: Estimate
}

/**
 * Customer retention rate: (E - N) / S, in percent, where S are customers at the start, E at the end, and N new ones.
 *
 * The standard formula; a difference of two counts, as some texts have it, is no rate. Who came back during the period was
 * not kept, so they are left out as new ones are. Interval: Wilson 1927, JASA 22, 209–212. `retention` and `churn` of the same
 * counts sum up to 100.
 *
 * Nobody at the start: null with a reason. Counts that cannot be, or are not whole numbers from 0: a RangeError.
 *
 * @param counts - Customers of the period.
 * @param options - Confidence level (0.95).
 * @example
 * retention({ start: 100, end: 110, joined: 30 }).retention.value // 80
 */
export function retention(counts: PeriodCounts, options: LevelOptions = {}): RetentionResult {
  const moves = movesOf('retention()', counts)
  const level = levelOf('retention()', options)
  return {
    retention: percentOf(moves.retained, moves.start, level, 'There was no customer at the start.'),
    ...moves,
  }
}

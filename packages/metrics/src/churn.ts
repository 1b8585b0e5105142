/** Churn over a period: the share of customers at its start who are lost at its end. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { levelOf } from './input.ts'
import { movesOf, type PeriodCounts, type PeriodMoves } from './period.ts'
import { percentOf } from './proportion.ts'

/** What `churn` gives back. */
export interface ChurnResult extends PeriodMoves {
  /** Lost / S in percent, with Wilson's interval. */
  churn: Estimate
  /** (E - S) / S in percent: what some call churn, with its sign turned. New customers hide lost ones in it. Null without a start. */
  netGrowth: number | null
}

/**
 * Customer churn rate: customers lost / customers at the start, in percent, which is 100 minus `retention` of the same counts.
 *
 * Interval: Wilson 1927, JASA 22, 209–212. Who came back is a count of its own (`reactivated`) and makes up for nobody who was
 * lost. The formula (start - end) / start leaves new customers in and may be negative; it is given as `netGrowth`.
 *
 * Nobody at the start: null with a reason. Counts that cannot be, or are not whole numbers from 0: a RangeError. Compare two
 * groups with `compareShares`.
 *
 * @param counts - Customers of the period.
 * @param options - Confidence level (0.95).
 * @example
 * churn({ start: 100, end: 110, joined: 30 }).churn.value // 20
 */
export function churn(counts: PeriodCounts, options: LevelOptions = {}): ChurnResult {
  const moves = movesOf('churn()', counts)
  const level = levelOf('churn()', options)
  const { start, end, lost } = moves
  return {
    churn: percentOf(lost, start, level, 'There was no customer at the start.'),
    netGrowth: start === 0 ? null : (100 * (end - start)) / start,
    ...moves,
  }
}

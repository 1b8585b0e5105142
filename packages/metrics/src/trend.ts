/** A metric over time: each period with its interval, and the change from the period before. */
import type { Comparison } from './compare.ts'
import type { Estimate } from './estimate.ts'

/** Counts of one period, e.g. a month. */
export interface Period<Counts> {
  /** Name of the period, e.g. '2026-11'. */
  period: string
  counts: Counts
}

/** A period of a trend. */
export interface TrendPoint {
  period: string
  estimate: Estimate
  /** This period minus the last one before it that has a value; null for the first of them and for one without a value. */
  change: Comparison | null
  /** The period with which it is compared, null for none. */
  since: string | null
}

/** How a trend is made of counts. */
export interface TrendMetric<Counts> {
  estimate: (counts: Counts) => Estimate
  /** First minus second. */
  compare: (one: Counts, other: Counts) => Comparison
}

/**
 * The trend of a metric: an estimate for each period, and its change with interval and p.
 *
 * Whether two periods differ is told by the interval of the change; two intervals that overlap do not tell it (Schenker &
 * Gentleman 2001, The American Statistician 55, 182–186). Periods must have nobody in common, or nearly so. A period without
 * answers stays in its place with a reason, and the next one is compared with the last that had some.
 *
 * @param periods - In order of time.
 * @param metric - The functions of the metric, e.g. `nps` and `compareNps`.
 * @example
 * trend([{ period: 'a', counts: { count: 5, n: 10 } }, { period: 'b', counts: { count: 8, n: 10 } }], { estimate: proportion, compare: compareShares })[1]?.change?.difference.value // 30
 */
export function trend<Counts>(periods: readonly Period<Counts>[], metric: TrendMetric<Counts>): TrendPoint[] {
  let last: Period<Counts> | null = null
  return periods.map((each) => {
    const estimate = metric.estimate(each.counts)
    const hasValue = estimate.value !== null
    const earlier = hasValue ? last : null
    if (hasValue) last = each
    return {
      period: each.period,
      estimate,
      change: earlier && metric.compare(each.counts, earlier.counts),
      since: earlier && earlier.period,
    }
  })
}

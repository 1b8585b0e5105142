/** Splits reports on customers by what was known of them when the period began: each group with its own base and interval. */
import { compareEstimates, type Comparison, type Estimate } from '@earshot/metrics'
import { mainNumber, type CustomerQuestion } from './customerNumbers.ts'
import type { Moment } from './moments.ts'

/** One group. */
export interface CustomerSegment {
  /** Null: it is not known of them. */
  value: string | null
  /** Without value and interval where it is hidden. */
  estimate: Estimate
  /** It stands on fewer than the minimum. */
  isHidden: boolean
  /** This group minus all others together, at the level 1 − 0.05 / groups (Bonferroni); null where one side is too small. */
  rest: Comparison | null
}

/** The groups of a report. */
export interface CustomerSegments {
  by: string
  /** The largest first. */
  rows: CustomerSegment[]
  /** How many groups there are beyond these rows. */
  more: number
}

/** What is said beside the groups. */
export const splitNote =
  'Groups are of what was known of customers when the period began. Differences are associations, at the level 1 − 0.05 / groups.'

/** Most groups that are shown. */
const mostSegments = 20

/**
 * The groups, each as if nobody else were there, and against all others.
 *
 * @param groups moments of the vocabulary by the value of their customers
 * @param minimum groups of a smaller n are hidden
 */
export function segmentCustomers(
  question: CustomerQuestion,
  by: string,
  groups: ReadonlyMap<string | null, readonly Moment[]>,
  minimum: number,
): CustomerSegments {
  const all = [...groups]
    .map(([value, moments]) => ({ value, moments, known: mainNumber(question, moments, {}) }))
    .filter(({ known }) => known.n > 0)
    .toSorted((a, b) => b.known.n - a.known.n || (String(a.value) < String(b.value) ? -1 : 1))
  const level = 1 - 0.05 / Math.max(1, all.length)
  const rows = all.slice(0, mostSegments).map(({ value, moments, known }): CustomerSegment => {
    const isHidden = known.n < minimum
    const { n, level: usual, method } = known
    return {
      value,
      estimate: isHidden
        ? { value: null, interval: null, n, level: usual, method, reason: `Fewer than ${minimum}.` }
        : known,
      isHidden,
      rest: isHidden ? null : restOf(value, moments),
    }
  })
  return { by, rows, more: all.length - rows.length }

  function restOf(value: string | null, moments: readonly Moment[]): Comparison | null {
    const others = all.filter((each) => each.value !== value).flatMap((each) => [...each.moments])
    const rest = mainNumber(question, others, { level })
    return rest.n < minimum ? null : compareEstimates(mainNumber(question, moments, { level }), rest)
  }
}

/** Expansion: how the revenue of customers at the start of a period has changed at its end. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { levelOf } from './input.ts'
import { percentOf } from './proportion.ts'
import { ratioEstimate } from './ratio.ts'
import { checkValues } from './sample.ts'

/** Recurring revenue of one customer, e.g. per month. */
export interface Revenue {
  /** At the start; who pays nothing then is no customer yet and is left out. */
  before: number
  /** At the end, 0 for who has left. */
  after: number
}

/** What `expansion` gives back; values in percent. */
export interface ExpansionResult {
  /** Customers who pay more than before / customers at the start, with Wilson's interval. */
  expanded: Estimate
  /** Added revenue / revenue at the start. */
  added: Estimate
  /** Revenue at the end / revenue at the start: "net revenue retention", may be above 100. */
  netRevenueRetention: Estimate
  /** The same without what was added: "gross revenue retention", at most 100. */
  grossRevenueRetention: Estimate
}

/**
 * Expansion of the customers at the start: how many pay more, how much they add, and net and gross revenue retention.
 *
 * Rates of revenue are ratios of two totals over the same customers; interval by linearization, Cochran 1977, Sampling
 * Techniques, section 6.4, with Student's t. It is rough below some 30 customers, or where one pays most.
 *
 * No customer at the start: null with a reason. One customer, or all alike: a value without interval. An amount that is not a
 * finite number from 0: a RangeError.
 *
 * @param customers - Each once.
 * @param options - Confidence level (0.95).
 * @example
 * expansion([{ before: 100, after: 130 }, { before: 100, after: 0 }, { before: 200, after: 200 }]).netRevenueRetention.value // 82.5
 */
export function expansion(customers: readonly Revenue[], options: LevelOptions = {}): ExpansionResult {
  const level = levelOf('expansion()', options)
  for (const [index, { before, after }] of customers.entries())
    checkValues(
      'expansion()',
      { [`customers[${index}].before`]: before, [`customers[${index}].after`]: after },
      0,
    )
  const base = customers.filter(({ before }) => before > 0)
  const empty = 'There was no customer at the start.'
  const share = (of: (customer: Revenue) => number, highest: number): Estimate =>
    ratioEstimate(
      base.map((customer) => ({ over: of(customer), under: customer.before })),
      100,
      level,
      [0, highest],
      empty,
    )
  return {
    expanded: percentOf(base.filter(({ before, after }) => after > before).length, base.length, level, empty),
    added: share(({ before, after }) => Math.max(0, after - before), Infinity),
    netRevenueRetention: share(({ after }) => after, Infinity),
    grossRevenueRetention: share(({ before, after }) => Math.min(before, after), 100),
  }
}

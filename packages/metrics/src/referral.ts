/** Referral rate: how much comes by recommendation. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkCounts, checkPart, levelOf } from './input.ts'
import { percentOf } from './proportion.ts'

/** Purchases of a period, and who made them. */
export interface ReferralCounts {
  purchases: number
  /** Of them, marked as referred. */
  referred: number
  /** People with a purchase in the period. */
  customers: number
  /** Of them, with at least one referred purchase in it. */
  referredCustomers: number
}

/** What `referral` gives back; values in percent, with Wilson's interval. */
export interface ReferralResult {
  /** Referred purchases / all purchases of the period. */
  ofPurchases: Estimate
  /** Customers with a referred purchase / all customers of the period. */
  ofCustomers: Estimate
}

/**
 * Referral rate: referred purchases / all purchases of a period, and the same by customer. Name the base beside the value.
 *
 * Interval: Wilson 1927, JASA 22, 209–212. It takes purchases to be independent; where few people buy often, the rate by
 * customer is the safer one.
 *
 * No purchase: null with a reason. Parts above their wholes, more customers than purchases, or counts that are not whole
 * numbers from 0: a RangeError.
 *
 * @param counts - Of one period.
 * @param options - Confidence level (0.95).
 * @example
 * referral({ purchases: 400, referred: 10, customers: 250, referredCustomers: 10 }).ofPurchases.value // 2.5
 */
export function referral(counts: ReferralCounts, options: LevelOptions = {}): ReferralResult {
  const { purchases, referred, customers, referredCustomers } = counts
  checkCounts('referral()', {
    'counts.purchases': purchases,
    'counts.referred': referred,
    'counts.customers': customers,
    'counts.referredCustomers': referredCustomers,
  })
  checkPart('referral()', 'counts.referred', referred, 'counts.purchases', purchases)
  checkPart('referral()', 'counts.customers', customers, 'counts.purchases', purchases)
  checkPart('referral()', 'counts.referredCustomers', referredCustomers, 'counts.customers', customers)
  checkPart('referral()', 'counts.referredCustomers', referredCustomers, 'counts.referred', referred)
  const level = levelOf('referral()', options)
  return {
    ofPurchases: percentOf(referred, purchases, level, 'There is no purchase.'),
    ofCustomers: percentOf(referredCustomers, customers, level, 'There is no customer.'),
  }
}

/** Makes of moments what reports on customers stand on: subscriptions, enquiries, purchases, trials and days of activity. */
import { lifecycle, type LifecycleName } from '@earshot/contract'
import type {
  CustomerHistory,
  Issue,
  PeriodCounts,
  ReferralCounts,
  Revenue,
  Spell,
  Ticket,
  Trial,
} from '@earshot/metrics'
import type { Moment } from './moments.ts'
import { day, type Millis } from './time.ts'

/** A month, on the average of 400 years. */
export const month: Millis = 30.436875 * day

/** A time with a subscription. */
interface Subscription {
  from: Millis
  /** Null while it goes on. */
  to: Millis | null
  /** What was paid per month, from which time on. */
  amounts: { at: Millis; amount: number }[]
}

/** All of one customer, in the order of time. */
export interface Customer {
  subscriptions: Subscription[]
  /** First contact with support. */
  contactAt: Millis | null
  purchases: { at: Millis; referred: boolean; margin: number }[]
  trials: Millis[]
  /** First life-cycle event of any kind. */
  firstAt: Millis
  /** When the customer was active. */
  active: Millis[]
}

const activity: ReadonlySet<string> = new Set<LifecycleName>([
  lifecycle.active,
  lifecycle.signedUp,
  lifecycle.trialStarted,
  lifecycle.purchased,
])
const contact: ReadonlySet<string> = new Set<LifecycleName>([
  lifecycle.enquiryOpened,
  lifecycle.enquiryContacted,
  lifecycle.conversationEnded,
])

const amountOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null

/**
 * The customers, by the site's own id of the person, or by the visitor where none is known. The two are not joined.
 *
 * What cannot be in the order in which it is told is left out: the end of a subscription that never began, a second beginning.
 */
export function customersOf(moments: Iterable<Moment>): Map<string, Customer> {
  const sorted = [...moments].toSorted((a, b) => a.at - b.at)
  const customers = new Map<string, Customer>()
  for (const { name, visitor, person, at, data } of sorted) {
    const who = person === null ? `v:${visitor}` : `p:${person}`
    const customer = customers.get(who) ?? {
      subscriptions: [],
      contactAt: null,
      purchases: [],
      trials: [],
      firstAt: at,
      active: [],
    }
    customers.set(who, customer)
    const current = customer.subscriptions.at(-1)
    const running = current && current.to === null ? current : undefined
    const amount = amountOf(data.amount)
    if (activity.has(name)) customer.active.push(at)
    if (contact.has(name)) customer.contactAt ??= at
    if (name === lifecycle.subscriptionStarted && !running)
      customer.subscriptions.push({ from: at, to: null, amounts: amount === null ? [] : [{ at, amount }] })
    if (name === lifecycle.subscriptionChanged && running && amount !== null)
      running.amounts.push({ at, amount })
    if (name === lifecycle.subscriptionEnded && running) running.to = at
    if (name === lifecycle.trialStarted) customer.trials.push(at)
    if (name === lifecycle.purchased) {
      const margin = typeof data.margin === 'number' && Number.isFinite(data.margin) ? data.margin : amount
      customer.purchases.push({ at, referred: data.referred === true, margin: margin ?? 0 })
    }
  }
  return customers
}

/** Whether somebody has a subscription at a moment. */
function hasAt({ subscriptions }: Customer, at: Millis): boolean {
  return subscriptions.some((each) => each.from < at && (each.to === null || each.to >= at))
}

/** Who had a subscription at the start of a period and at its end. */
export function periodOf(customers: Iterable<Customer>, from: Millis, to: Millis): PeriodCounts {
  const counts = { start: 0, end: 0, joined: 0, reactivated: 0 }
  for (const each of customers) {
    const [atStart, atEnd] = [hasAt(each, from), hasAt(each, to)]
    if (atStart) counts.start += 1
    if (!atEnd) continue
    counts.end += 1
    if (atStart) continue
    const wasCustomer = each.subscriptions.some((one) => one.from < from)
    if (wasCustomer) counts.reactivated += 1
    else counts.joined += 1
  }
  return counts
}

/** Recurring revenue at the start and at the end, of those who had a subscription with an amount at the start. */
export function revenuesOf(customers: Iterable<Customer>, from: Millis, to: Millis): Revenue[] {
  const amountAt = (customer: Customer, at: Millis): number => {
    const running = customer.subscriptions.find(
      (each) => each.from < at && (each.to === null || each.to >= at),
    )
    return running?.amounts.findLast((each) => each.at < at)?.amount ?? 0
  }
  return [...customers].flatMap((each) => {
    const before = amountAt(each, from)
    return before > 0 ? [{ before, after: amountAt(each, to) }] : []
  })
}

/** Purchases of a period. */
export function referralsOf(customers: Iterable<Customer>, from: Millis, to: Millis): ReferralCounts {
  const counts = { purchases: 0, referred: 0, customers: 0, referredCustomers: 0 }
  for (const { purchases } of customers) {
    const own = purchases.filter(({ at }) => at >= from && at < to)
    const referred = own.filter((each) => each.referred).length
    counts.purchases += own.length
    counts.referred += referred
    if (own.length > 0) counts.customers += 1
    if (referred > 0) counts.referredCustomers += 1
  }
  return counts
}

/** Trials that began in a period; what is paid is the first subscription or purchase after. */
export function trialsOf(customers: Iterable<Customer>, from: Millis, to: Millis): Trial[] {
  return [...customers].flatMap(({ trials, subscriptions, purchases }) => {
    const paid = [...subscriptions.map((each) => each.from), ...purchases.map((each) => each.at)]
    return trials
      .filter((at) => at >= from && at < to)
      .map((startedAt) => {
        const after = paid.filter((at) => at >= startedAt)
        return { startedAt, paidAt: after.length > 0 ? Math.min(...after) : null }
      })
  })
}

/** Lives of customers with a subscription, from its first beginning to its last end, in periods of `unit`. */
export function historiesOf(customers: Iterable<Customer>, now: Millis, unit: Millis): CustomerHistory[] {
  return [...customers].flatMap(({ subscriptions, purchases, contactAt }) => {
    const begun = subscriptions.filter((each) => each.from < now)
    const [first, last] = [begun[0], begun.at(-1)]
    if (!first || !last) return []
    const isLost = last.to !== null && last.to <= now
    const [from, to] = [first.from, isLost && last.to !== null ? last.to : now]
    const contacted = contactAt !== null && contactAt <= to ? Math.max(from, contactAt) : null
    const payments = purchases
      .filter(({ at }) => at >= from && at <= to)
      .map(({ at, margin }) => ({ at: at / unit, margin }))
    return [
      {
        from: from / unit,
        to: to / unit,
        lost: isLost,
        contactAt: contacted === null ? null : contacted / unit,
        payments,
      },
    ]
  })
}

/** The same as whole spells, in months. */
export function spellsOf(customers: Iterable<Customer>, now: Millis): Spell[] {
  return historiesOf(customers, now, month).map(({ from, to, lost, payments }) => ({
    periods: to - from,
    margin: payments.reduce((sum, each) => sum + each.margin, 0),
    lost,
  }))
}

/** All that is told of one enquiry. */
export interface Enquiry {
  openedAt: Millis
  /** When the customer got in touch about it. */
  contacts: Millis[]
  answeredAt: Millis | null
  resolutions: Millis[]
  reopenings: Millis[]
  isSolvable: boolean
}

/** Enquiries by their id, opened in a period; what was told before one was opened is left out. */
export function enquiriesOf(moments: Iterable<Moment>, from: Millis, to: Millis): Enquiry[] {
  const enquiries = new Map<string, Enquiry>()
  for (const { name, at, data } of [...moments].toSorted((a, b) => a.at - b.at)) {
    if (typeof data.enquiry !== 'string' && typeof data.enquiry !== 'number') continue
    const id = String(data.enquiry)
    const known = enquiries.get(id)
    if (!known && name === lifecycle.enquiryOpened)
      enquiries.set(id, {
        openedAt: at,
        contacts: [at],
        answeredAt: null,
        resolutions: [],
        reopenings: [],
        isSolvable: data.solvable !== false,
      })
    if (!known) continue
    if (data.solvable === false) known.isSolvable = false
    if (name === lifecycle.enquiryContacted || name === lifecycle.enquiryReopened) known.contacts.push(at)
    if (name === lifecycle.enquiryAnswered) known.answeredAt ??= at
    if (name === lifecycle.enquiryResolved) known.resolutions.push(at)
    if (name === lifecycle.enquiryReopened && known.resolutions.length > 0) known.reopenings.push(at)
  }
  return [...enquiries.values()].filter(({ openedAt }) => openedAt >= from && openedAt < to)
}

/** The enquiries as first-contact resolution takes them. */
export function issuesOf(enquiries: readonly Enquiry[]): Issue[] {
  return enquiries.map(({ contacts, resolutions, isSolvable }) => ({
    contacts,
    resolvedAt: resolutions[0] ?? null,
    solvable: isSolvable,
  }))
}

/** The enquiries as resolution times take them, in units of `unit`. */
export function ticketsOf(enquiries: readonly Enquiry[], unit: Millis): Ticket[] {
  return enquiries.map(({ openedAt, answeredAt, resolutions, reopenings }) => {
    const last = resolutions.at(-1)
    const isOpen = last === undefined || reopenings.some((at) => at > last)
    return {
      createdAt: openedAt / unit,
      resolvedAt: isOpen ? null : last / unit,
      reopened: reopenings.length,
      answeredAt: answeredAt === null ? null : answeredAt / unit,
    }
  })
}

/** Makes reports on customers of what happened in their lives: each number with its definition, its base and its interval. */
import {
  churn,
  cohorts,
  compareLifetimes,
  compareShares,
  dayOf,
  fcrFromSurvey,
  lifetimeValue,
  returning,
  splitAtContact,
  type Estimate,
  type PersonDays,
} from '@earshot/metrics'
import { activeDays } from './activeDays.ts'
import { customersOf, historiesOf, month, periodOf, type Customer } from './customers.ts'
import { customerNumbers, type CustomerMetric, type CustomerQuestion } from './customerNumbers.ts'
import type { CustomerSegments } from './customerSegments.ts'
import type { Moment } from './moments.ts'
import { day, formatMoment } from './time.ts'
import { cutPeriod } from './zone.ts'

/** What is said where only some customers were chosen. */
const narrowed =
  'Of those who met the conditions when the period began; of whom nothing was known by then, as it was first told in it.'

/** Body of `GET /v1/reports/{metric}` about customers. */
export interface CustomerReport {
  metric: CustomerMetric
  definitionId: string
  from: string
  to: string
  timezone: string
  /** In days; null where there is none. */
  window: number | null
  /** The number of the report. */
  estimate: Estimate
  unit: 'percent' | 'hours' | 'amount'
  /** Everything else that belongs beside it. */
  result: object
  /** Split by what was known of customers when the period began; null where that was not asked for. */
  segments: CustomerSegments | null
  definition: string
  notes: string[]
}

type Made = Pick<CustomerReport, 'definitionId' | 'estimate' | 'unit' | 'result' | 'definition'> & {
  notes?: string[]
}

/** Most days of which activity is counted one by one. */
const mostDays = 400
const windowed: readonly CustomerMetric[] = ['fcr', 'trial']

/**
 * Makes the report.
 *
 * @param moments all of the vocabulary that happened before `to`
 */
export function buildCustomerReport(question: CustomerQuestion, moments: readonly Moment[]): CustomerReport {
  const { metric, from, to, timezone, window } = question
  const { notes = [], ...made } = makers[metric](question, moments)
  return {
    metric,
    ...made,
    from: formatMoment(from),
    to: formatMoment(to),
    timezone,
    window: windowed.includes(metric) ? window : null,
    segments: null,
    notes: question.isNarrowed ? [...notes, narrowed] : notes,
  }
}

const makers: Readonly<
  Record<CustomerMetric, (question: CustomerQuestion, moments: readonly Moment[]) => Made>
> = {
  retention(question, moments) {
    const result = customerNumbers.retention.of(question, moments)
    const customers = [...customersOf(moments).values()]
    return {
      definitionId: 'retention-period',
      estimate: customerNumbers.retention.main(result),
      unit: 'percent',
      result: { ...result, days: daysOf(customers, question) },
      definition:
        'Retention: subscribers at the start of the period who are subscribers at its end, of those at its start. Days: people who came back on the Nth day (or from it on) after their first, of those who have had so many days.',
    }
  },
  churn(question, moments) {
    const { from, to } = question
    const result = customerNumbers.churn.of(question, moments)
    const customers = [...customersOf(moments).values()]
    const isSupported = ({ contactAt }: Customer): boolean => contactAt !== null && contactAt < from
    const groups = [customers.filter(isSupported), customers.filter((each) => !isSupported(each))].map(
      (group) => {
        const { churn: estimate, lost, start } = churn(periodOf(group, from, to))
        return { estimate, part: { count: lost, n: start } }
      },
    )
    const [supported, others] = groups
    return {
      definitionId: 'churn',
      estimate: customerNumbers.churn.main(result),
      unit: 'percent',
      result: {
        ...result,
        bySupport: supported &&
          others && {
            supported: supported.estimate,
            others: others.estimate,
            comparison: compareShares(supported.part, others.part),
          },
      },
      definition:
        'Churn: subscribers at the start of the period who are none at its end, of those at its start. It is 100 minus retention.',
      notes: [
        'Supported are those who had a contact with support before the period began. It is an association, not an effect of support.',
      ],
    }
  },
  expansion(question, moments) {
    const result = customerNumbers.expansion.of(question, moments)
    return {
      definitionId: 'net-revenue-retention',
      estimate: customerNumbers.expansion.main(result),
      unit: 'percent',
      result,
      definition:
        'Net revenue retention: what subscribers of the start pay per month at the end, of what they paid at the start. Of those whose amount is known.',
    }
  },
  fcr(question, moments) {
    const { window, answers } = question
    const contacts = customerNumbers.fcr.of(question, moments)
    return {
      definitionId: 'fcr-contacts',
      estimate: customerNumbers.fcr.main(contacts),
      unit: 'percent',
      result: { contacts: { ...contacts, window }, survey: fcrFromSurvey(answers), answers },
      definition: `First-contact resolution: enquiries opened in the period, resolved after one contact and not raised again within ${window} days, of those whose days are over. Beside it what customers answered, on a base of its own.`,
    }
  },
  resolution(question, moments) {
    const result = customerNumbers.resolution.of(question, moments)
    return {
      definitionId: 'resolution-time',
      estimate: customerNumbers.resolution.main(result),
      unit: 'hours',
      result,
      definition:
        'Resolution time: median hours from the opening of an enquiry to its last resolution, of those opened in the period that are resolved now; mean and 90th percentile beside it. Open ones are in no time.',
    }
  },
  referral(question, moments) {
    const result = customerNumbers.referral.of(question, moments)
    return {
      definitionId: 'referral-purchases',
      estimate: customerNumbers.referral.main(result),
      unit: 'percent',
      result,
      definition:
        'Referral rate: purchases marked as referred, of all purchases of the period; beside it the same by customer.',
    }
  },
  active(question, moments) {
    const { from, to, timezone } = question
    const counted = customerNumbers.active.of(question, moments)
    const { activity, ...result } = counted
    const spans = cutPeriod(from, to, 'day', timezone, mostDays) ?? []
    return {
      definitionId: 'stickiness',
      estimate: customerNumbers.active.main(counted),
      unit: 'percent',
      result: {
        ...result,
        days: activeDays(
          activity,
          spans.map(({ from: start }) => dayOf(start, timezone)),
        ).map((each, index) => ({ name: spans[index]?.name, ...each })),
      },
      definition:
        'Active people on the last day of the period, in the 7 and in the 30 days that end with it. Stickiness: the mean daily count of the 30 days, of the monthly count.',
    }
  },
  trial(question, moments) {
    const { window } = question
    const result = customerNumbers.trial.of(question, moments)
    return {
      definitionId: 'trial-conversion',
      estimate: customerNumbers.trial.main(result),
      unit: 'percent',
      result,
      definition: `Trial to paid: trials of the period paid within ${window} days, of those whose ${window} days are over at its end. One that still runs is no failure.`,
    }
  },
  lifetime(question, moments) {
    const { to, now } = question
    const histories = historiesOf(customersOf(moments).values(), Math.min(now, to), month)
    const { before, after } = splitAtContact(histories)
    const result = customerNumbers.lifetime.of(question, moments)
    return {
      definitionId: 'lifetime-value',
      estimate: customerNumbers.lifetime.main(result),
      unit: 'amount',
      result: {
        ...result,
        bySupport: {
          supported: lifetimeValue(after).lifetimeValue,
          others: lifetimeValue(before).lifetimeValue,
          comparison: compareLifetimes(after, before),
        },
      },
      definition:
        'Lifetime value: margin of purchases per month, divided by churn per month, over all subscribers until the end of the period. With support: the time from the first contact on; the time before belongs to the others.',
      notes: ['It is an association, not an effect of support.'],
    }
  },
}

/** Who came back, by days after the first: the curve, and the cohorts of weeks. */
function daysOf(customers: readonly Customer[], { from, to, now, timezone }: CustomerQuestion): object {
  const rules = [{ on: 1 }, { on: 7 }, { on: 30 }, { onOrAfter: 30 }] as const
  const through = dayOf(Math.min(to, now), timezone) - 1
  const people = customers
    .filter(({ firstAt }) => firstAt >= from && firstAt < to)
    .map(({ firstAt, active: times }): PersonDays => {
      const first = dayOf(firstAt, timezone)
      return { first, active: [...new Set(times.map((at) => dayOf(at, timezone)))] }
    })
  const table = cohorts(people, [...rules], 7, through)
  const nameOf = (days: number): string => formatMoment(days * day).slice(0, 10)
  return {
    through: nameOf(through),
    rules: rules.map((rule) => ({ ...rule, ...returning(people, rule, through) })),
    cohorts: table.rows.map(({ begins, ...each }) => ({ begins: nameOf(begins), ...each })),
  }
}

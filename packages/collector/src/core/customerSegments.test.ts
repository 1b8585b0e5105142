import { lifecycle, lifecycleNames, type Scalar } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choose, groupsOf, ofChosen } from './customerChoice.ts'
import { customerMetrics, type CustomerMetric } from './customerNumbers.ts'
import { buildCustomerReport } from './customerReport.ts'
import { segmentCustomers } from './customerSegments.ts'
import type { Moment } from './moments.ts'
import { day } from './time.ts'

const [from, to] = [40 * day, 80 * day]
const question = (metric: CustomerMetric): Parameters<typeof buildCustomerReport>[0] => ({
  metric,
  from,
  to,
  now: 90 * day,
  timezone: 'UTC',
  window: metric === 'trial' ? 10 : 7,
  answers: { yes: 0, no: 0 },
})

const moment: fc.Arbitrary<Moment> = fc
  .record({
    name: fc.constantFrom('identify', ...lifecycleNames),
    who: fc.integer({ min: 1, max: 6 }),
    at: fc.integer({ min: 0, max: 85 }),
    plan: fc.constantFrom<Scalar | undefined>('pro', 'free', undefined),
    enquiry: fc.constantFrom<Scalar>('e1', 'e2', 'e3'),
    amount: fc.integer({ min: 1, max: 50 }),
  })
  .map(({ name, who, at, plan, enquiry, amount }) => ({
    name,
    visitor: `v${who}`,
    person: who % 2 === 0 ? `p${who}` : null,
    at: at * day,
    data: {
      ...(plan !== undefined && { plan }),
      ...(name.startsWith('enquiry') && { enquiry }),
      ...(name === lifecycle.conversationEnded && { handledBy: who > 3 ? 'bot' : 'person' }),
      amount,
      referred: amount > 25,
    },
  }))

describe('each group of a report on customers', () => {
  it('is what the report says of these customers alone, for every metric and attribute', () => {
    fc.assert(
      fc.property(
        fc.array(moment, { minLength: 1, maxLength: 80 }),
        fc.constantFrom(...customerMetrics),
        fc.constantFrom('trait.plan', 'supported', 'handledBy'),
        (moments, metric, by) => {
          const groups = groupsOf(moments, { by, from, to }, () => true)
          const { rows, more } = segmentCustomers(question(metric), by, groups, 1)
          expect(more).toBe(0)
          for (const [value] of groups) {
            const isChosen = choose(moments, { where: [{ name: by, value }], from, to })
            const alone = buildCustomerReport(question(metric), ofChosen(moments, isChosen))
            const row = rows.find((each) => each.value === value)
            // Nobody of a group counts in this report: it has no row.
            if (row) expect(row.estimate).toEqual(alone.estimate)
            else expect(alone.estimate.n).toBe(0)
          }
          const sizes = rows.map((each) => each.estimate.n)
          expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
        },
      ),
    )
  })

  it('is set beside all others, at a level for as many looks, and hidden where it is small', () => {
    const life = (person: string, name: string, at: number): Moment => ({
      name,
      visitor: person,
      person,
      at: at * day,
      data: name === 'identify' ? { plan: person[0] ?? '' } : {},
    })
    const people = (plan: string, count: number, lost: number): Moment[] =>
      Array.from({ length: count }, (_, index) => `${plan}${index}`).flatMap((each, index) => [
        life(each, 'identify', 1),
        life(each, lifecycle.subscriptionStarted, 2),
        ...(index < lost ? [life(each, lifecycle.subscriptionEnded, 50)] : []),
      ])
    const moments = [...people('a', 60, 30), ...people('b', 40, 4), ...people('c', 9, 0)]
    const groups = groupsOf(moments, { by: 'trait.plan', from, to }, () => true)
    const { rows } = segmentCustomers(question('churn'), 'trait.plan', groups, 10)
    const [first, second, third] = rows
    expect(rows.map(({ value, isHidden, estimate: { n } }) => [value, n, isHidden])).toEqual([
      ['a', 60, false],
      ['b', 40, false],
      ['c', 9, true],
    ])
    expect(third).toMatchObject({ rest: null, estimate: { value: null, interval: null } })
    expect(first?.estimate.value).toBe(50)
    expect(first?.rest).toMatchObject({
      sizes: [60, 49],
      difference: { value: 50 - (100 * 4) / 49, level: 1 - 0.05 / 3 },
    })
    expect(first?.rest?.difference.interval?.[0]).toBeGreaterThan(0)
    expect(second?.rest?.difference.interval?.[1]).toBeLessThan(0)
  })
})

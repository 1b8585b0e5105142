import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expansion } from './expansion.ts'
import { compareLifetimes, lifetimeValue, type Spell, splitAtContact } from './lifetime.ts'
import { ratioEstimate } from './ratio.ts'
import { sampleMean } from './sample.ts'

const amount = fc.nat(200)
const whole = [-Infinity, Infinity] as const
const spell: fc.Arbitrary<Spell> = fc.record({
  periods: amount,
  margin: fc.integer({ min: -50, max: 900 }),
  lost: fc.boolean(),
})

describe('ratioEstimate', () => {
  it('is the mean where every denominator is 1', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 30 }), (values) => {
        const got = ratioEstimate(
          values.map((over) => ({ over, under: 1 })),
          1,
          0.95,
          whole,
          '',
        )
        const wanted = sampleMean(values, 0.95, whole, '')
        expect(got.value).toBeCloseTo(wanted.value!, 9)
        if (!wanted.interval) return
        expect(got.interval![0]).toBeCloseTo(wanted.interval[0], 7)
        expect(got.interval![1]).toBeCloseTo(wanted.interval[1], 7)
      }),
      { numRuns: 300 },
    )
  })
  it('has nearly the error of the jackknife', () => {
    const parts = Array.from({ length: 60 }, (_, index) => ({
      over: (index * 37) % 101,
      under: 50 + ((index * 53) % 29),
    }))
    const ratio = (some: typeof parts): number =>
      some.reduce((sum, { over }) => sum + over, 0) / some.reduce((sum, { under }) => sum + under, 0)
    const left = parts.map((_, out) => ratio(parts.filter((__, index) => index !== out)))
    const middle = left.reduce((sum, each) => sum + each, 0) / left.length
    const jackknife = Math.sqrt((59 / 60) * left.reduce((sum, each) => sum + (each - middle) ** 2, 0))
    const [low, high] = ratioEstimate(parts, 1, 0.95, whole, '').interval!
    // t for 59 degrees is 2.000995.
    expect((high - low) / 2 / 2.000995 / jackknife).toBeCloseTo(1, 2)
  })
})

describe('expansion', () => {
  it('tells how many pay more, how much, and both revenue retentions', () => {
    const got = expansion([
      { before: 100, after: 130 },
      { before: 100, after: 0 },
      { before: 200, after: 200 },
      { before: 0, after: 500 },
    ])
    expect(got.expanded).toMatchObject({ value: 100 / 3, n: 3, method: 'wilson' })
    expect(got.added.value).toBe(7.5)
    expect(got.netRevenueRetention).toMatchObject({ value: 82.5, n: 3, method: 'ratio-t' })
    expect(got.grossRevenueRetention.value).toBe(75)
  })
  it('adds up: net is gross and what was added; gross is at most 100', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ before: amount, after: amount }), { maxLength: 20 }), (customers) => {
        const { added, netRevenueRetention: net, grossRevenueRetention: gross } = expansion(customers)
        if (net.value === null) {
          expect(net.reason).toMatch(/no customer/)
          return
        }
        expect(net.value).toBeCloseTo(gross.value! + added.value!, 9)
        expect(gross.value).toBeLessThanOrEqual(100)
        if (gross.interval) expect(gross.interval[1]).toBeLessThanOrEqual(100)
        if (net.interval) expect(net.interval[0]).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 300 },
    )
  })
  it('has no interval for one customer or for all alike, and refuses what is no amount', () => {
    expect(expansion([{ before: 5, after: 6 }]).netRevenueRetention).toMatchObject({
      value: 120,
      interval: null,
      reason: expect.any(String),
    })
    expect(
      expansion([
        { before: 5, after: 10 },
        { before: 10, after: 20 },
      ]).netRevenueRetention,
    ).toMatchObject({ value: 200, interval: null, reason: expect.stringMatching(/same ratio/) })
    expect(() => expansion([{ before: -1, after: 6 }])).toThrow(/customers\[0\]\.before is -1/)
    expect(() => expansion([{ before: 1, after: NaN }])).toThrow(RangeError)
  })
})

describe('lifetimeValue', () => {
  it('is margin per period over churn per period', () => {
    const got = lifetimeValue([
      { periods: 10, margin: 200, lost: true },
      { periods: 30, margin: 600, lost: false },
    ])
    expect(got).toMatchObject({
      churnPerPeriod: 1 / 40,
      marginPerPeriod: 20,
      lifetimeValue: { value: 800, n: 2 },
      realised: { value: 400 },
    })
  })
  it('is the sum of a customer who stays with constant odds, discounted', () => {
    const spells = [
      { periods: 100, margin: 1000, lost: true },
      { periods: 100, margin: 1000, lost: true },
    ]
    // 10 a period, a hazard of 0.01 and a discount of 0.01: the integral of 10 e^(-0.02 t) from 0.
    const step = 0.01
    let sum = 0
    for (let at = step / 2; at < 2000; at += step) sum += 10 * Math.exp(-0.02 * at) * step
    expect(lifetimeValue(spells, { discount: 0.01 }).lifetimeValue.value).toBeCloseTo(sum, 3)
    expect(lifetimeValue(spells).lifetimeValue.value).toBe(1000)
  })
  it('has nothing while nobody was lost, and says why', () => {
    const stays = [{ periods: 10, margin: 200, lost: false }]
    expect(lifetimeValue(stays).lifetimeValue).toMatchObject({
      value: null,
      interval: null,
      n: 1,
      reason: expect.stringMatching(/Nobody was lost/),
    })
    expect(lifetimeValue(stays, { discount: 0.1 }).lifetimeValue.value).toBeCloseTo(200, 9)
    expect(lifetimeValue([])).toMatchObject({
      churnPerPeriod: null,
      marginPerPeriod: null,
      lifetimeValue: { value: null, reason: 'There is no customer.' },
    })
  })
  it('compares two groups as their difference, and mirrors', () => {
    const spells = fc
      .array(spell, { minLength: 2, maxLength: 20 })
      .filter((all) => all.some(({ lost }) => lost))
    fc.assert(
      fc.property(spells, spells, (one, other) => {
        const { difference, p } = compareLifetimes(one, other)
        const wanted = lifetimeValue(one).lifetimeValue.value! - lifetimeValue(other).lifetimeValue.value!
        expect(difference.value).toBeCloseTo(wanted, 6)
        if (!difference.interval) return
        const [low, high] = difference.interval
        expect(compareLifetimes(other, one).difference.interval![0]).toBeCloseTo(-high, 6)
        expect(p! < 0.05).toBe(low > 0 || high < 0)
      }),
      { numRuns: 300 },
    )
  })
  it('compares nothing with a group that has no value', () => {
    const some = [{ periods: 1, margin: 1, lost: true }]
    expect(compareLifetimes(some, [])).toMatchObject({
      p: null,
      difference: { value: null, reason: 'There is no customer.' },
    })
    expect(compareLifetimes([{ ...some[0]!, lost: false }], some).difference.reason).toMatch(
      /Nobody was lost/,
    )
    expect(compareLifetimes(some, some)).toMatchObject({
      p: null,
      difference: { value: 0, interval: null, reason: expect.any(String) },
    })
  })
  it.each([
    [{ periods: -1, margin: 0, lost: true }, 0, /spells\[0\]\.periods is -1/],
    [{ periods: 1, margin: NaN, lost: true }, 0, /margin is NaN/],
    [{ periods: 1, margin: 1, lost: true }, -0.1, /discount is -0\.1/],
  ])('refuses %o with a discount of %f', (one, discount, message) => {
    expect(() => lifetimeValue([one], { discount })).toThrow(RangeError)
    expect(() => lifetimeValue([one], { discount })).toThrow(message)
  })
})

describe('splitAtContact', () => {
  it('leaves the time before the contact with the group without', () => {
    const payments = [1, 4, 9].map((at) => ({ at, margin: 10 }))
    expect(splitAtContact([{ from: 0, to: 12, lost: true, contactAt: 4, payments }])).toStrictEqual({
      before: [{ periods: 4, margin: 10, lost: false }],
      after: [{ periods: 8, margin: 20, lost: true }],
    })
    expect(splitAtContact([{ from: 2, to: 12, lost: true, contactAt: null, payments: [] }])).toStrictEqual({
      before: [{ periods: 10, margin: 0, lost: true }],
      after: [],
    })
    expect(
      splitAtContact([{ from: 2, to: 12, lost: false, contactAt: 2, payments: [] }]).before,
    ).toStrictEqual([])
  })
  it('loses no time, no margin and no loss', () => {
    const customer = fc
      .record({
        from: amount,
        length: amount,
        share: fc.option(fc.integer({ min: 0, max: 10 })),
        lost: fc.boolean(),
        paid: fc.array(fc.integer({ min: 0, max: 10 })),
      })
      .map(({ from, length, share, lost, paid }) => ({
        from,
        to: from + 10 * length,
        lost,
        contactAt: share === null ? null : from + share * length,
        payments: paid.map((at) => ({ at: from + at * length, margin: 3 })),
      }))
    fc.assert(
      fc.property(fc.array(customer, { maxLength: 9 }), (all) => {
        const { before, after } = splitAtContact(all)
        const spells = [...before, ...after]
        const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
        expect(total(spells.map(({ periods }) => periods))).toBe(total(all.map(({ from, to }) => to - from)))
        expect(total(spells.map(({ margin }) => margin))).toBe(
          3 * total(all.map(({ payments }) => payments.length)),
        )
        expect(spells.filter(({ lost }) => lost)).toHaveLength(all.filter(({ lost }) => lost).length)
      }),
      { numRuns: 300 },
    )
  })
  it('refuses what happened outside', () => {
    const base = { from: 0, to: 5, lost: false, contactAt: null, payments: [] }
    expect(() => splitAtContact([{ ...base, contactAt: 6 }])).toThrow(/customers\[0\] has the time 6/)
    expect(() => splitAtContact([{ ...base, payments: [{ at: -1, margin: 1 }] }])).toThrow(/time -1/)
    expect(() => splitAtContact([{ ...base, to: -1 }])).toThrow(/customers\[0\]\.to is -1/)
  })
})

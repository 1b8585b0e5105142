import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cesScale } from './ces.ts'
import { csat, csatScale } from './csat.ts'
import { dropOff } from './dropOff.ts'
import type { Estimate } from './estimate.ts'
import { mean } from './mean.ts'
import { withhold } from './minimum.ts'
import { proportion } from './proportion.ts'
import { referral } from './referral.ts'
import { response } from './response.ts'
import { trial } from './trial.ts'

describe('proportion and mean', () => {
  it('are those of the other metrics, checked', () => {
    expect(proportion({ count: 81, n: 263 }, { level: 0.9 })).toMatchObject({
      n: 263,
      level: 0.9,
      method: 'wilson',
    })
    expect(proportion({ count: 0, n: 0 })).toMatchObject({ value: null, reason: 'The base is empty.' })
    expect(() => proportion({ count: 3, n: 2 })).toThrow(/part\.count \(3\) is above part\.n \(2\)/)
    expect(() => proportion({ count: NaN, n: 2 })).toThrow(RangeError)
    const bars = [
      { score: 4, count: 5 },
      { score: 5, count: 5 },
    ]
    expect(mean(bars, { min: 1, max: 5 })).toStrictEqual(csat(bars, csatScale(5)).mean)
    expect(() => mean(bars, { min: 1, max: 4 })).toThrow(/mean\(\): distribution\[1\]\.score/)
  })
})

describe('scales', () => {
  it.each([
    [2, [2]],
    [3, [3]],
    [4, [3, 4]],
    [5, [4, 5]],
    [6, [5, 6]],
    [7, [6, 7]],
    [10, [9, 10]],
  ])('of %i points take %o for satisfied', (points, positive) => {
    const scale = csatScale(points)
    expect(scale).toStrictEqual({ min: 1, max: points, positive })
    const one = Array.from({ length: points }, (_, index) => ({ score: index + 1, count: 1 }))
    expect(csat(one, scale).percent.value).toBe((100 * positive.length) / points)
    expect(csat(one, scale).rescaled).toBe(50)
  })
  it.each([0, 1, 8, 9, 11, 2.5, NaN])('of %f points have no usual set', (points) => {
    expect(() => csatScale(points)).toThrow(RangeError)
  })
  it('of effort run in opposite directions', () => {
    expect(cesScale(1)).toStrictEqual({ version: 1, min: 1, max: 5, positive: [1, 2], negative: [4, 5] })
    expect(cesScale(2)).toStrictEqual({
      version: 2,
      min: 1,
      max: 7,
      positive: [5, 6, 7],
      negative: [1, 2, 3],
    })
    expect(() => cesScale(3 as 1)).toThrow(RangeError)
  })
})

describe('response', () => {
  it('has a rate of complete answers beside that of all: 20 and 25 percent', () => {
    const got = response({ shown: 200, answered: 50, completed: 40, dismissed: 90 })
    expect(got.completeResponse).toMatchObject({ value: 20, n: 200 })
    expect(got.response).toMatchObject({ value: 25, n: 200 })
  })
  // Winningtemp's help prints 85, the mean of two groups at 100 and 70 percent; their counts together are 41 of 50.
  it('is pooled by counts: 41 of 50 are 82 percent', () => {
    expect(response({ shown: 50, answered: 41, completed: 41, dismissed: 0 }).response.value).toBe(82)
  })
})

describe('dropOff', () => {
  const questions = [
    { question: 'score', seen: 50, last: 5 },
    { question: 'why', seen: 40, last: 10 },
    { question: 'mail', seen: 0, last: 0 },
  ]
  it('tells the loss of those who saw a question, and of all who began', () => {
    const got = dropOff(50, questions)
    expect(got.map(({ ofSeen }) => ofSeen.value)).toStrictEqual([10, 25, null])
    expect(got.map(({ ofStarted }) => ofStarted.value)).toStrictEqual([10, 20, 0])
    expect(got[2]!.ofSeen.reason).toBe('Nobody saw this question.')
    const whole = response({ shown: 90, answered: 50, completed: 35, dismissed: 0 }).dropOff.value
    expect(got.reduce((sum, each) => sum + each.ofStarted.value!, 0)).toBe(whole)
    expect(dropOff(0, [])).toStrictEqual([])
  })
  it.each([
    [50, { question: 'a', seen: 4, last: 5 }, /last of a \(5\) is above seen \(4\)/],
    [4, { question: 'a', seen: 9, last: 5 }, /sum of last \(5\) is above started \(4\)/],
    [-1, { question: 'a', seen: 9, last: 0 }, /started is -1/],
    [9, { question: 'a', seen: 1.5, last: 0 }, /seen of a is 1\.5/],
  ])('refuses %i started and %o', (started, question, message) => {
    expect(() => dropOff(started, [question])).toThrow(RangeError)
    expect(() => dropOff(started, [question])).toThrow(message)
  })
})

describe('referral', () => {
  it('has two bases', () => {
    const got = referral({ purchases: 400, referred: 10, customers: 250, referredCustomers: 8 })
    expect(got.ofPurchases).toMatchObject({ value: 2.5, n: 400 })
    expect(got.ofCustomers).toMatchObject({ value: 3.2, n: 250 })
    const none = referral({ purchases: 0, referred: 0, customers: 0, referredCustomers: 0 })
    expect(none.ofPurchases).toMatchObject({ value: null, reason: 'There is no purchase.' })
    expect(none.ofCustomers).toMatchObject({ value: null, reason: 'There is no customer.' })
  })
  it.each([
    [{ purchases: 1, referred: 2, customers: 1, referredCustomers: 1 }, /counts\.referred \(2\)/],
    [{ purchases: 1, referred: 1, customers: 2, referredCustomers: 1 }, /counts\.customers \(2\)/],
    [{ purchases: 9, referred: 3, customers: 2, referredCustomers: 3 }, /above counts\.customers/],
    [{ purchases: 9, referred: 1, customers: 5, referredCustomers: 2 }, /above counts\.referred/],
    [{ purchases: 9, referred: -1, customers: 5, referredCustomers: 2 }, /is -1/],
  ])('refuses %o', (counts, message) => {
    expect(() => referral(counts)).toThrow(RangeError)
    expect(() => referral(counts)).toThrow(message)
  })
})

describe('trial', () => {
  it('counts matured trials only, paid in time', () => {
    const got = trial(
      [
        { startedAt: 0, paidAt: 14 },
        { startedAt: 0, paidAt: 14.5 },
        { startedAt: 1, paidAt: null },
        { startedAt: 16, paidAt: 31 },
        { startedAt: 17, paidAt: 18 },
        { startedAt: 20, paidAt: null },
      ],
      14,
      30,
    )
    expect(got).toMatchObject({ conversion: { value: 25, n: 4, method: 'wilson' }, pending: 2, late: 1 })
  })
  it('never changes afterwards for a cohort that is mature, whatever its trials do', () => {
    const trials = fc.array(
      fc
        .record({ startedAt: fc.nat(50), after: fc.option(fc.nat(60)) })
        .map(({ startedAt, after }) => ({ startedAt, paidAt: after === null ? null : startedAt + after })),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(trials, fc.integer({ min: 1, max: 20 }), fc.nat(90), (all, window, now) => {
        const got = trial(all, window, now)
        expect(got.pending + got.conversion.n).toBe(all.length)
        const mature = all.filter(({ startedAt }) => startedAt + window <= now)
        const paid = mature.filter(
          ({ startedAt, paidAt }) => paidAt !== null && paidAt - startedAt <= window,
        ).length
        if (mature.length === 0) expect(got.conversion.reason).toBe('No trial has come to its end.')
        else expect(got.conversion.value).toBe((100 * paid) / mature.length)
        expect(trial(mature, window, now + 999).conversion).toStrictEqual(got.conversion)
        const known = all.map((each) =>
          each.paidAt !== null && each.paidAt > now ? { ...each, paidAt: null } : each,
        )
        expect(trial(known, window, now)).toStrictEqual(got)
      }),
      { numRuns: 500 },
    )
  })
  it.each([
    [{ startedAt: 5, paidAt: 4 }, 14, /paidAt is 4.*from 5/],
    [{ startedAt: NaN, paidAt: null }, 14, /startedAt is NaN/],
    [{ startedAt: 5, paidAt: null }, 0, /window is 0/],
    [{ startedAt: 5, paidAt: null }, Infinity, /window is Infinity/],
  ])('refuses %o with a window of %f', (one, window, message) => {
    expect(() => trial([one], window, 30)).toThrow(RangeError)
    expect(() => trial([one], window, 30)).toThrow(message)
  })
})

describe('withhold', () => {
  it('shows a group from the minimum on, and says why not below', () => {
    const of = (n: number): Estimate => proportion({ count: 1, n })
    expect(withhold(of(10))).toStrictEqual(of(10))
    expect(withhold(of(9))).toMatchObject({
      value: null,
      interval: null,
      n: 9,
      reason: expect.stringMatching(/than 10/),
    })
    expect(withhold(of(9), 9)).toStrictEqual(of(9))
    const empty = proportion({ count: 0, n: 0 })
    expect(withhold(empty)).toStrictEqual(empty)
    expect(() => withhold(empty, -1)).toThrow(/minimum is -1/)
  })
})

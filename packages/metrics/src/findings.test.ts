import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alert } from './alert.ts'
import { compareNps, compareShares } from './compare.ts'
import { correlation } from './correlation.ts'
import { drivers } from './drivers.ts'
import { pareto } from './pareto.ts'
import { proportion } from './proportion.ts'
import { trend } from './trend.ts'

const part = fc.integer({ min: 0, max: 300 }).chain((n) => fc.record({ count: fc.nat(n), n: fc.constant(n) }))

describe('trend', () => {
  it('skips what has no value, and says with what it compares', () => {
    const points = trend(
      [
        { period: 'a', counts: { count: 5, n: 10 } },
        { period: 'b', counts: { count: 0, n: 0 } },
        { period: 'c', counts: { count: 8, n: 10 } },
      ],
      { estimate: proportion, compare: compareShares },
    )
    expect(points.map(({ period, since }) => [period, since])).toStrictEqual([
      ['a', null],
      ['b', null],
      ['c', 'a'],
    ])
    expect(points[1]).toMatchObject({ estimate: { value: null, reason: expect.any(String) }, change: null })
    expect(points[2]!.change!.difference.value).toBe(30)
  })
  it('has the estimate and the comparison of its metric at each point', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (all) => {
        const periods = all.map((counts, index) => ({ period: String(index), counts }))
        const points = trend(periods, { estimate: proportion, compare: compareShares })
        for (const [index, point] of points.entries()) {
          expect(point.estimate).toStrictEqual(proportion(all[index]!))
          const earlier = all.findLastIndex(({ n }, at) => at < index && n > 0)
          const isCompared = all[index]!.n > 0 && earlier >= 0
          expect(point.since).toBe(isCompared ? String(earlier) : null)
          expect(point.change).toStrictEqual(isCompared ? compareShares(all[index]!, all[earlier]!) : null)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('alert', () => {
  it('fires just where the interval leaves out 0 and both groups are large enough', () => {
    fc.assert(
      fc.property(part, part, fc.nat(60), (one, other, minimum) => {
        const comparison = compareShares(one, other)
        const { interval } = comparison.difference
        const wanted =
          one.n >= minimum && other.n >= minimum && interval !== null && interval[0] * interval[1] > 0
        expect(alert(comparison, { minimum }).fires).toBe(wanted)
        const ways = [
          alert(comparison, { minimum, direction: 'fall' }),
          alert(comparison, { minimum, direction: 'rise' }),
        ]
        expect(ways.filter(({ fires }) => fires)).toHaveLength(wanted ? 1 : 0)
      }),
      { numRuns: 500 },
    )
  })
  it('says why', () => {
    const few = { detractors: 0, passives: 0, promoters: 9 }
    const many = { detractors: 90, passives: 5, promoters: 5 }
    const more = { detractors: 5, passives: 5, promoters: 90 }
    expect(alert(compareNps(few, many))).toStrictEqual({ fires: false, reason: 'too-few' })
    expect(alert(compareNps(many, more))).toStrictEqual({ fires: true, reason: 'fall' })
    expect(alert(compareNps(more, many))).toStrictEqual({ fires: true, reason: 'rise' })
    expect(alert(compareNps(more, many), { direction: 'fall' })).toStrictEqual({
      fires: false,
      reason: 'other-direction',
    })
    expect(alert(compareNps(more, more))).toStrictEqual({ fires: false, reason: 'not-significant' })
    const alike = { detractors: 0, passives: 0, promoters: 20 }
    expect(alert(compareNps(alike, alike, { method: 'wald' }))).toStrictEqual({
      fires: false,
      reason: 'no-interval',
    })
    expect(alert(compareShares({ count: 0, n: 0 }, { count: 0, n: 0 }), { minimum: 0 }).reason).toBe(
      'no-interval',
    )
  })
  it('refuses what is no minimum and no direction', () => {
    const comparison = compareShares({ count: 1, n: 2 }, { count: 1, n: 2 })
    expect(() => alert(comparison, { minimum: 0.5 })).toThrow(/minimum is 0\.5/)
    expect(() => alert(comparison, { direction: 'up' as 'rise' })).toThrow(/direction is up/)
  })
})

describe('pareto', () => {
  it('orders themes, cumulates mentions, and marks the vital few', () => {
    const comments = [
      ...Array.from({ length: 8 }, () => ['price']),
      ['price', 'staff'],
      ['staff', 'staff'],
      ['parking'],
      [],
    ]
    const rows = pareto(comments, { threshold: 75 })
    expect(rows.map(({ theme, count, vital }) => [theme, count, vital])).toStrictEqual([
      ['price', 9, true],
      ['staff', 2, false],
      ['parking', 1, false],
    ])
    expect(rows.map(({ cumulative }) => cumulative)).toStrictEqual([75, (100 * 11) / 12, 100])
    expect(rows.map(({ covered }) => covered)).toStrictEqual([75, (100 * 10) / 12, (100 * 11) / 12])
    expect(rows[0]!.ofComments).toMatchObject({ value: 75, n: 12, method: 'wilson' })
    expect(pareto(comments, { threshold: 76 }).map(({ vital }) => vital)).toStrictEqual([true, true, false])
    expect(pareto([[], []])).toStrictEqual([])
  })
  it('agrees with brute force, in any order of the comments', () => {
    const comments = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), { maxLength: 4 }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(comments, (all) => {
        const rows = pareto(all)
        expect(pareto(all.toReversed())).toStrictEqual(rows)
        const mentions = all.reduce((sum, themes) => sum + new Set(themes).size, 0)
        expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(mentions)
        for (const [index, row] of rows.entries()) {
          expect(row.count).toBe(all.filter((themes) => themes.some((theme) => theme === row.theme)).length)
          const above = rows.slice(0, index + 1)
          expect(row.cumulative).toBeCloseTo(
            above.reduce((sum, { ofMentions }) => sum + ofMentions, 0),
            9,
          )
          const names = above.map(({ theme }) => theme)
          const covered = all.filter((themes) =>
            themes.some((theme) => names.some((name) => name === theme)),
          ).length
          expect(row.covered).toBeCloseTo((100 * covered) / all.length, 9)
          const next = rows[index + 1]
          if (next)
            expect(row.count > next.count || (row.count === next.count && row.theme < next.theme)).toBe(true)
        }
        if (rows.length > 0) expect(rows.at(-1)!.cumulative).toBe(100)
      }),
      { numRuns: 500 },
    )
  })
  it.each([0, 101, NaN])('refuses a threshold of %f', (threshold) => {
    expect(() => pareto([], { threshold })).toThrow(RangeError)
  })
})

describe('correlation', () => {
  // Anscombe 1973, The American Statistician 27, 17–21, data set 1; R: cor.test() prints 0.8164205, 0.4243912 to 0.9506933.
  it('gives the published one of Anscombe', () => {
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    const { estimate, p } = correlation(
      x.map((each, index) => [each, y[index]!] as const),
      0.95,
    )
    expect(estimate).toMatchObject({ n: 11, method: 'fisher-z' })
    expect(estimate.value).toBeCloseTo(0.8164205, 7)
    expect(estimate.interval![0]).toBeCloseTo(0.4243912, 7)
    expect(estimate.interval![1]).toBeCloseTo(0.9506933, 7)
    expect(p).toBeCloseTo(0.0021696288730788, 12)
  })
  it('has no value without spread, and no interval for few pairs', () => {
    expect(correlation([], 0.95)).toMatchObject({
      p: null,
      estimate: { value: null, reason: 'There is no pair.' },
    })
    const flat = [
      [1, 2],
      [1, 3],
    ] as const
    expect(correlation(flat, 0.95)).toMatchObject({
      p: null,
      estimate: { value: null, reason: expect.stringMatching(/vary/) },
    })
    expect(
      correlation(
        [
          [1, 2],
          [2, 3],
          [3, 3],
        ],
        0.95,
      ).estimate,
    ).toMatchObject({ interval: null, reason: expect.stringMatching(/four/) })
    const line = [1, 2, 3, 4, 5].map((each) => [each, 2 * each] as const)
    expect(correlation(line, 0.95)).toMatchObject({
      p: 0,
      estimate: { value: 1, interval: null, reason: expect.stringMatching(/perfect/) },
    })
  })
})

describe('drivers', () => {
  const rating = fc.integer({ min: 1, max: 10 })
  const rows = fc.array(fc.record({ outcome: rating, ratings: fc.tuple(rating, rating, rating) }), {
    minLength: 6,
    maxLength: 25,
  })
  /** R² of a least squares fit, by normal equations on centred data. */
  const fitted = (columns: readonly (readonly number[])[], outcome: readonly number[]): number => {
    const centre = (values: readonly number[]): number[] => {
      const middle = values.reduce((sum, value) => sum + value, 0) / values.length
      return values.map((value) => value - middle)
    }
    const product = (one: readonly number[], other: readonly number[]): number =>
      one.reduce((sum, value, index) => sum + value * other[index]!, 0)
    let rest = centre(outcome)
    const total = product(rest, rest)
    const basis: number[][] = []
    for (const column of columns) {
      let own = centre(column)
      for (const each of basis) {
        const factor = product(own, each) / product(each, each)
        own = own.map((value, index) => value - factor * each[index]!)
      }
      basis.push(own)
      const factor = product(rest, own) / product(own, own)
      rest = rest.map((value, index) => value - factor * own[index]!)
    }
    return 1 - product(rest, rest) / total
  }
  it('share out R² as the mean over all orders of least squares fits', () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]
    fc.assert(
      fc.property(rows, (all) => {
        const got = drivers(['0', '1', '2'], all)
        fc.pre(got.explained !== null && got.explained > 0.01)
        const outcome = all.map((row) => row.outcome)
        const of = (some: readonly number[]): number =>
          fitted(
            some.map((driver) => all.map(({ ratings }) => ratings[driver]!)),
            outcome,
          )
        const gains = [0, 0, 0]
        for (const order of orders)
          for (const [at, driver] of order.entries())
            gains[driver]! += (of(order.slice(0, at + 1)) - (at === 0 ? 0 : of(order.slice(0, at)))) / 6
        expect(got.explained).toBeCloseTo(of([0, 1, 2]), 6)
        for (const { name, importance } of got.drivers)
          expect(importance).toBeCloseTo((100 * gains[Number(name)]!) / got.explained, 3)
        expect(got.drivers.reduce((sum, { importance }) => sum + importance!, 0)).toBeCloseTo(100, 6)
        const order = got.drivers.map(({ importance }) => importance!)
        expect(order).toStrictEqual(order.toSorted((one, other) => other - one))
      }),
      { numRuns: 200 },
    )
  })
  it('take who left one out for the others, and have no importance where it cannot be told', () => {
    const some = [
      { outcome: 1, ratings: [1, null] },
      { outcome: 2, ratings: [2, 5] },
      { outcome: 4, ratings: [3, 4] },
      { outcome: 4, ratings: [5, 4] },
    ]
    const got = drivers(['a', 'b'], some)
    expect(got).toMatchObject({ complete: 3, explained: null })
    const a = got.drivers.find(({ name }) => name === 'a')!
    expect(a).toMatchObject({ importance: null, correlation: { n: 4 }, mean: { value: 2.75 } })
    // One rating is twice another.
    const twice = [1, 2, 4, 3, 6].map((each, index) => ({
      outcome: (index * 7) % 5,
      ratings: [each, 2 * each],
    }))
    expect(drivers(['a', 'b'], twice)).toMatchObject({ explained: null, complete: 5 })
    expect(drivers(['a'], [])).toMatchObject({
      complete: 0,
      drivers: [{ correlation: { value: null }, mean: { reason: 'Nobody rated it.' } }],
    })
  })
  it.each([
    [[], [], /0 drivers/],
    [Array<string>(13).fill('a'), [], /13 drivers/],
    [['a'], [{ outcome: 1, ratings: [] }], /rows\[0\] has 0 ratings/],
    [['a'], [{ outcome: NaN, ratings: [1] }], /outcome is NaN/],
    [['a'], [{ outcome: 1, ratings: [Infinity] }], /a rating of rows\[0\]/],
  ])('refuse %o with %o', (names, some, message) => {
    expect(() => drivers(names, some)).toThrow(RangeError)
    expect(() => drivers(names, some)).toThrow(message)
  })
})

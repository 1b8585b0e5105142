/** The difference between two groups that have nobody in common, with its interval and its p. */
import { checkedBars, type ScoreCount, type Scale, totalOf } from './distribution.ts'
import { type Estimate, type LevelOptions, withInterval, withoutValue } from './estimate.ts'
import { checkCounts, checkPart, levelOf, reject } from './input.ts'
import { sumOf } from './mean.ts'
import type { NpsCounts } from './nps.ts'
import { percentOf, type Part } from './proportion.ts'
import { normalQuantile } from './quantile.ts'
import { checkValues, summaryOf } from './sample.ts'
import { normalTail } from './tail.ts'
import { welch } from './welch.ts'

/** Two groups beside each other. It shows an association; whether one is the cause of the other it cannot tell. */
export interface Comparison {
  /** First minus second, with its interval; its `n` is that of both groups. */
  difference: Estimate
  /** How likely at least such a difference is where there is none, two-sided, 0 to 1; null where none can be computed. */
  p: number | null
  /** How `p` is computed: 'pooled-z', 'adjusted-wald', 'wald', 'welch'. */
  test: string
  /** Sizes of the first and the second group. */
  sizes: readonly [number, number]
}

/** Two shares beside each other. */
export interface ShareComparison extends Comparison {
  /** First share over second ("relative risk"), 1 for no difference. */
  ratio: Estimate
}

/** Settings of `compareNps`. */
export interface CompareNpsOptions extends LevelOptions {
  /** Default `adjusted-wald`. */
  method?: 'adjusted-wald' | 'wald'
}

const nobody = 'One of the groups is empty.'

/**
 * Two shares, such as the churn of two groups: their difference in points of a percent, and their ratio.
 *
 * Difference: Newcombe 1998, Statistics in Medicine 17, 873–890, method 10, made of the two Wilson intervals. p: the z test
 * with the pooled share, which is Pearson's chi-squared test without correction. Ratio: Katz et al. 1978, Biometrics 34,
 * 469–474, on the logarithm. These are three methods, so near the border p and the interval may disagree; decide by the
 * interval.
 *
 * An empty group: null with a reason. Nobody or everybody counted in both: p is 1. No ratio over a share of 0. Counts that
 * are not whole numbers from 0, or above their `n`: a RangeError.
 *
 * @param one - Count and size of the first group.
 * @param other - Count and size of the second group.
 * @param options - Confidence level (0.95).
 * @example
 * compareShares({ count: 56, n: 70 }, { count: 48, n: 80 }).difference.interval // [5.24…, 33.38…]
 */
export function compareShares(one: Part, other: Part, options: LevelOptions = {}): ShareComparison {
  for (const [name, { count, n }] of Object.entries({ one, other })) {
    checkCounts('compareShares()', { [`${name}.count`]: count, [`${name}.n`]: n })
    checkPart('compareShares()', `${name}.count`, count, `${name}.n`, n)
  }
  const level = levelOf('compareShares()', options)
  const n = one.n + other.n
  const sizes = [one.n, other.n] as const
  const base = { n, level, method: 'newcombe' }
  const first = percentOf(one.count, one.n, level, nobody)
  const second = percentOf(other.count, other.n, level, nobody)
  if (first.value === null || second.value === null || !first.interval || !second.interval)
    return {
      difference: withoutValue(base, nobody),
      p: null,
      test: 'pooled-z',
      sizes,
      ratio: withoutValue({ ...base, method: 'log' }, nobody),
    }
  const difference = first.value - second.value
  const down = Math.hypot(first.value - first.interval[0], second.interval[1] - second.value)
  const up = Math.hypot(first.interval[1] - first.value, second.value - second.interval[0])
  const crossed = one.count * other.n - other.count * one.n
  const counted = one.count + other.count
  const spread = counted * (n - counted) * one.n * other.n
  return {
    difference: withInterval(
      { ...base, value: (100 * crossed) / (one.n * other.n) },
      [difference - down, difference + up],
      [-100, 100],
    ),
    p: spread === 0 ? 1 : normalTail(crossed * Math.sqrt(n / spread)),
    test: 'pooled-z',
    sizes,
    ratio: ratioOfShares(one, other, level),
  }
}

/** One share over another, with the interval of Katz. */
function ratioOfShares(one: Part, other: Part, level: number): Estimate {
  const base = { n: one.n + other.n, level, method: 'log' }
  if (other.count === 0) return withoutValue(base, 'The second share is 0, and nothing can be divided by it.')
  const value = (one.count * other.n) / (other.count * one.n)
  if (one.count === 0)
    return { ...base, value, interval: null, reason: 'The first share is 0, which has no logarithm.' }
  const variance = 1 / one.count - 1 / one.n + 1 / other.count - 1 / other.n
  if (one.count === one.n && other.count === other.n)
    return {
      ...base,
      value,
      interval: null,
      reason: 'Both shares are whole, so the interval would have no width.',
    }
  const factor = Math.exp(normalQuantile(level) * Math.sqrt(variance))
  return { ...base, value, interval: [value / factor, value * factor] }
}

/**
 * Two Net Promoter Scores: first minus second, in points from -200 to 200.
 *
 * Difference ± z √(v₁/n₁ + v₂/n₂), with the variances of `nps`. `adjusted-wald`, the default, adds 3/4, 3/2 and 3/4 answers
 * to each group and moves the centre with them (Rocks 2016, arXiv 1601.07235; MeasuringU 2021, "How to statistically compare
 * two Net Promoter Scores"); `wald` adds none. p comes of the same error, so it is below 0.05 just when the interval at 95
 * percent leaves out 0. The value is always the difference of the two scores as they are shown.
 *
 * An empty group: null with a reason. By `wald`, all answers of each group in one: no interval and no p, with a reason.
 *
 * @param one - People of the first group.
 * @param other - People of the second group.
 * @param options - Method and confidence level (0.95).
 * @example
 * compareNps({ detractors: 20, passives: 30, promoters: 50 }, { detractors: 30, passives: 30, promoters: 40 }).difference.value // 20
 */
export function compareNps(one: NpsCounts, other: NpsCounts, options: CompareNpsOptions = {}): Comparison {
  const groups = { one, other }
  for (const [name, group] of Object.entries(groups))
    checkCounts('compareNps()', {
      [`${name}.detractors`]: group.detractors,
      [`${name}.passives`]: group.passives,
      [`${name}.promoters`]: group.promoters,
      [`the sum of ${name}`]: sizeOf(group),
    })
  const method = options.method ?? 'adjusted-wald'
  if (method !== 'adjusted-wald' && method !== 'wald')
    reject('compareNps()', `options.method is ${String(method)}`, 'Pass one of adjusted-wald, wald.')
  const level = levelOf('compareNps()', options)
  const sizes = [sizeOf(one), sizeOf(other)] as const
  const base = { n: sizes[0] + sizes[1], level, method }
  const result = (difference: Estimate, p: number | null): Comparison => ({
    difference,
    p,
    test: method,
    sizes,
  })
  if (sizes[0] === 0 || sizes[1] === 0) return result(withoutValue(base, nobody), null)
  const net = (group: NpsCounts): number => group.promoters - group.detractors
  const value = (100 * (net(one) * sizes[1] - net(other) * sizes[0])) / (sizes[0] * sizes[1])
  const added = method === 'wald' ? 0 : 0.75
  const [first, second] = [moments(one, added), moments(other, added)]
  const error = Math.sqrt(first.variance + second.variance)
  if (error === 0)
    return result(
      {
        ...base,
        value,
        interval: null,
        reason:
          'All answers of each group are alike, so the Wald interval would have no width; use adjusted-wald.',
      },
      null,
    )
  const centre = first.centre - second.centre
  const reach = normalQuantile(level) * error
  const interval = [100 * (centre - reach), 100 * (centre + reach)] as const
  return result(withInterval({ ...base, value }, interval, [-200, 200]), normalTail(centre / error))
}

function sizeOf({ detractors, passives, promoters }: NpsCounts): number {
  return detractors + passives + promoters
}

/** Mean of the answers coded 1, 0 and -1, and the variance of that mean. */
function moments(group: NpsCounts, added: number): { centre: number; variance: number } {
  const size = sizeOf(group) + 4 * added
  const centre = (group.promoters - group.detractors) / size
  const spread = (group.promoters + group.detractors + 2 * added) / size - centre * centre
  return { centre, variance: spread <= 0 ? 0 : spread / size }
}

/**
 * Two means of scores on one scale, such as those of CSAT or CES: first minus second, in scale points.
 *
 * Welch 1947, Biometrika 34, 28–35, which does not take the spreads to be equal; interval and p by Student's t with the
 * degrees of freedom of Satterthwaite. Never compare two scales, nor CES 1.0 with 2.0.
 *
 * An empty group: null with a reason. A group of one, or no spread in both: a difference without interval or p.
 *
 * @param one - Answers of the first group by score.
 * @param other - Answers of the second group by score.
 * @param scale - The scale of both.
 * @param options - Confidence level (0.95).
 * @example
 * compareMeans([{ score: 5, count: 8 }, { score: 3, count: 2 }], [{ score: 4, count: 9 }, { score: 1, count: 1 }], { min: 1, max: 5 }).difference.value // 0.9
 */
export function compareMeans(
  one: readonly ScoreCount[],
  other: readonly ScoreCount[],
  scale: Scale,
  options: LevelOptions = {},
): Comparison {
  const [first, second] = [one, other].map((rows) => {
    const bars = checkedBars('compareMeans()', rows, scale)
    const n = totalOf(bars)
    const sum = sumOf(bars)
    return {
      n,
      sum,
      squares: bars.reduce((all, { score, count }) => all + count * (score - sum / n) ** 2, 0),
    }
  }) as [Moments, Moments]
  const reach = scale.max - scale.min
  return welch(first, second, levelOf('compareMeans()', options), [-reach, reach])
}

type Moments = Parameters<typeof welch>[0]

/**
 * Two means of measured values, such as times to a solution or amounts: first minus second, in their unit. As `compareMeans`.
 *
 * @param one - Values of the first group, finite numbers in any order.
 * @param other - Values of the second group.
 * @param options - Confidence level (0.95).
 * @example
 * compareValues([4, 6, 8], [1, 2, 3]).difference.value // 4
 */
export function compareValues(
  one: readonly number[],
  other: readonly number[],
  options: LevelOptions = {},
): Comparison {
  const [first, second] = Object.entries({ one, other }).map(([name, values]) => {
    for (const [index, value] of values.entries())
      checkValues('compareValues()', { [`${name}[${index}]`]: value })
    const { n, mean, squares } = summaryOf(values)
    return { n, sum: n * mean, squares }
  }) as [Moments, Moments]
  return welch(first, second, levelOf('compareValues()', options), [-Infinity, Infinity])
}

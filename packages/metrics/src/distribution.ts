/** How often each score of a scale was given, and what follows from it without any model: size, share, median. */
import { checkCounts, checkSet, reject } from './input.ts'

/** One bar of a distribution. */
export interface ScoreCount {
  /** A whole number on the scale. */
  score: number
  /** How many gave it, a whole number from 0. */
  count: number
}

/** Lowest and highest score that can be given, both whole numbers. */
export interface Scale {
  min: number
  max: number
}

/**
 * The bars in ascending order, after a check: whole scores on the scale, each at most once, with whole counts from 0.
 * Scores without a row count 0. Anything else is a RangeError.
 *
 * @param where - The function that was called, for the message.
 * @param distribution - Bars in any order.
 * @param scale - The scale that they belong to.
 * @example
 * checkedBars('csat()', [{ score: 5, count: 2 }, { score: 4, count: 1 }], { min: 1, max: 5 }) // 4 first
 */
export function checkedBars(
  where: string,
  distribution: readonly ScoreCount[],
  scale: Scale,
): readonly ScoreCount[] {
  if (!Number.isInteger(scale.min) || !Number.isInteger(scale.max) || scale.max <= scale.min)
    reject(
      where,
      `scale runs from ${scale.min} to ${scale.max}`,
      'Pass two whole numbers with min below max.',
    )
  const seen = new Set<number>()
  for (const [index, { score, count }] of distribution.entries()) {
    checkSet(where, `distribution[${index}].score`, [score], scale)
    checkCounts(where, { [`distribution[${index}].count`]: count })
    if (seen.has(score))
      reject(
        where,
        `distribution has two rows for score ${score}`,
        'Add their counts, so that each score has one row.',
      )
    seen.add(score)
  }
  const bars = distribution.toSorted((one, other) => one.score - other.score)
  checkCounts(where, { 'the sum of all counts': totalOf(bars) })
  return bars
}

/**
 * How many answers there are.
 *
 * @example
 * totalOf([{ score: 4, count: 1 }, { score: 5, count: 2 }]) // 3
 */
export function totalOf(bars: readonly ScoreCount[]): number {
  return bars.reduce((sum, bar) => sum + bar.count, 0)
}

/**
 * How many answers fall into a set of scores.
 *
 * @example
 * countIn([{ score: 4, count: 1 }, { score: 5, count: 2 }], [5]) // 2
 */
export function countIn(bars: readonly ScoreCount[], scores: readonly number[]): number {
  return totalOf(bars.filter((bar) => scores.includes(bar.score)))
}

/**
 * The middle answer; with an even number of answers, halfway between the two middle ones. Null without answers.
 *
 * @param bars - Bars in ascending order.
 * @example
 * medianOf([{ score: 4, count: 1 }, { score: 5, count: 1 }]) // 4.5
 */
export function medianOf(bars: readonly ScoreCount[]): number | null {
  const n = totalOf(bars)
  if (n === 0) return null
  const lower = scoreAt(bars, Math.floor((n - 1) / 2))
  const upper = scoreAt(bars, Math.floor(n / 2))
  return (lower + upper) / 2
}

/** Score of the answer with this place, from 0, when all answers are put in order. */
function scoreAt(bars: readonly ScoreCount[], place: number): number {
  let passed = 0
  for (const { score, count } of bars) {
    passed += count
    if (passed > place) return score
  }
  throw new RangeError(`scoreAt(): there is no answer at place ${place}. Ask below the number of answers.`)
}

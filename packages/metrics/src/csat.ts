/** Customer satisfaction from a distribution of scores: share of satisfied answers, and the mean beside it. */
import { checkedBars, countIn, medianOf, type ScoreCount, type Scale, totalOf } from './distribution.ts'
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkSet, levelOf, reject } from './input.ts'
import { meanOf, sumOf } from './mean.ts'
import { percentOf } from './proportion.ts'

/** A satisfaction scale and the scores that count as satisfied. */
export interface CsatScale extends Scale {
  /** The set stored with the survey, e.g. `[4, 5]` on 1–5. At least one score. */
  positive: readonly number[]
}

/** What `csat` gives back. */
export interface CsatResult {
  /** Share of satisfied answers among all, percent, with Wilson's interval. */
  percent: Estimate
  /** Mean in scale points, with the t interval. Name the scale beside it: "mean on 1–5". */
  mean: Estimate
  /** In scale points; halfway between the two middle answers of an even number; null without answers. */
  median: number | null
  /** The mean moved to 0–100, to compare scales of different length; null without answers. Not a percentage. */
  rescaled: number | null
  /** The scale that was passed in. */
  scale: CsatScale
  /** How many were satisfied. */
  positiveCount: number
}

/** Positive sets by number of points: the default of each scale, for a survey to store. */
const positiveSets: Readonly<Record<number, readonly number[]>> = {
  2: [2],
  3: [3],
  4: [3, 4],
  5: [4, 5],
  6: [5, 6],
  7: [6, 7],
  10: [9, 10],
}

/**
 * The scale from 1 to `points` with its usual positive set: 2 of 2, 3 of 3, 3–4 of 4, 4–5 of 5, 5–6 of 6, 6–7 of 7, 9–10 of 10.
 *
 * Vendors differ: some take 5–7 of 7. So store what this gives with the survey, or another set, and never look it up again
 * when the answers are there.
 *
 * @param points - 2, 3, 4, 5, 6, 7 or 10; a RangeError otherwise.
 * @example
 * csatScale(10) // { min: 1, max: 10, positive: [9, 10] }
 */
export function csatScale(points: number): CsatScale {
  const positive = positiveSets[points]
  if (!positive)
    return reject(
      'csatScale()',
      `points is ${String(points)}`,
      `Pass one of ${Object.keys(positiveSets).join(', ')}.`,
    )
  return { min: 1, max: points, positive }
}

/**
 * Customer satisfaction: percent of answers in the positive set among all answers, and mean, median and rescaled mean.
 *
 * Which scores are positive differs by vendor (4–5 of 5, 9–10 of 10, …), so it is read from the survey and never guessed.
 * Percent: Wilson 1927, JASA 22, 209–212. Mean: Student 1908, Biometrika 6, 1–25, interval cut off at the scale's ends.
 * Rescaled: 100 · (mean - min) / (max - min).
 *
 * No answers: null with a reason. One answer, or all alike: a mean without interval, with a reason. A row off the scale,
 * two rows for a score, a count that is not a whole number from 0, an empty positive set: a RangeError.
 *
 * @param distribution - Answers by score, in any order; a score without a row counts 0.
 * @param scale - Ends of the scale and its positive set.
 * @param options - Confidence level (0.95).
 * @example
 * csat([{ score: 5, count: 9 }, { score: 4, count: 4 }, { score: 3, count: 3 }, { score: 2, count: 2 },
 *   { score: 1, count: 1 }], { min: 1, max: 5, positive: [4, 5] }).percent.value // 68.42… (13 of 19)
 */
export function csat(
  distribution: readonly ScoreCount[],
  scale: CsatScale,
  options: LevelOptions = {},
): CsatResult {
  const bars = checkedBars('csat()', distribution, scale)
  checkSet('csat()', 'scale.positive', scale.positive, scale)
  if (scale.positive.length === 0)
    reject(
      'csat()',
      'scale.positive is empty',
      'Name the scores that count as satisfied, e.g. [4, 5] on 1 to 5.',
    )
  const level = levelOf('csat()', options)
  const n = totalOf(bars)
  const positiveCount = countIn(bars, scale.positive)
  return {
    percent: percentOf(positiveCount, n, level, 'There is no answer.'),
    mean: meanOf(bars, scale, level),
    median: medianOf(bars),
    rescaled: n === 0 ? null : (100 * (sumOf(bars) - n * scale.min)) / (n * (scale.max - scale.min)),
    scale,
    positiveCount,
  }
}

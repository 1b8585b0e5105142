/** Customer Effort Score, versions 1.0 and 2.0, which run in opposite directions and are never mixed. */
import { checkedBars, countIn, medianOf, type ScoreCount, type Scale, totalOf } from './distribution.ts'
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkSet, levelOf, reject } from './input.ts'
import { meanOf } from './mean.ts'
import { percentOf } from './proportion.ts'
import { shareDifference } from './trinomial.ts'

/** An effort scale, and the scores that count as easy and as hard. */
export interface CesScale extends Scale {
  /** 1: "how much effort", low is good. 2: "made it easy", high is good. */
  version: 1 | 2
  /** Scores that count as easy, as stored with the survey: `[1, 2]` in 1.0 on 1–5, `[5, 6, 7]` in 2.0 on 1–7. */
  positive: readonly number[]
  /** Scores that count as hard; may be empty. */
  negative: readonly number[]
}

/** What `ces` gives back. */
export interface CesResult {
  version: 1 | 2
  /** How to read the mean. The shares read the same in both versions. */
  direction: 'lower-is-better' | 'higher-is-better'
  /** Share of easy answers among all, percent, with Wilson's interval. */
  percentEasy: Estimate
  /** Share of hard answers among all, percent, with Wilson's interval. */
  percentHard: Estimate
  /** %easy - %hard, in points from -100 to 100, with the adjusted Wald interval. */
  netEasy: Estimate
  /** Mean in scale points, with the t interval. */
  mean: Estimate
  /** In scale points; halfway between the two middle answers of an even number; null without answers. */
  median: number | null
  /** The scale that was passed in. */
  scale: CesScale
}

/**
 * The published scale of a version: 1.0 is effort on 1–5, where 1–2 are easy and 4–5 hard; 2.0 is agreement on 1–7, where 5–7
 * are easy and 1–3 hard.
 *
 * Some count only 6–7 as easy. So store what this gives with the survey, or another set.
 *
 * @param version - 1 or 2; a RangeError otherwise.
 * @example
 * cesScale(1) // { version: 1, min: 1, max: 5, positive: [1, 2], negative: [4, 5] }
 */
export function cesScale(version: 1 | 2): CesScale {
  const scale: CesScale =
    version === 1
      ? { version, min: 1, max: 5, positive: [1, 2], negative: [4, 5] }
      : { version, min: 1, max: 7, positive: [5, 6, 7], negative: [1, 2, 3] }
  checkScale(scale)
  return scale
}

/**
 * Customer Effort Score: shares of easy and hard answers, their difference, and mean and median in scale points.
 *
 * 1.0: Dixon, Freeman & Toman, "Stop trying to delight your customers", Harvard Business Review, July 2010 (effort, 1–5,
 * low is good). 2.0: CEB (now Gartner) 2013 (agreement with "made it easy", 1–7, high is good; the score is the share of
 * 5–7). Shares: Wilson 1927. Net easy: easy and hard are shares of one multinomial, so the variance is
 * p + m - (p - m)² over n as in NPS, with the adjusted Wald interval of Rocks 2016, arXiv 1601.07235. Mean: Student 1908.
 *
 * No answers: null with a reason. One answer, or all alike: a mean without interval, with a reason. A row off the scale,
 * two rows for a score, a score that is both easy and hard, an empty positive set, a count that is not a whole number
 * from 0: a RangeError.
 *
 * @param distribution - Answers by score, in any order; a score without a row counts 0.
 * @param scale - Version, ends of the scale, easy and hard sets.
 * @param options - Confidence level (0.95).
 * @example
 * ces([{ score: 7, count: 6 }, { score: 4, count: 2 }, { score: 2, count: 2 }],
 *   { version: 2, min: 1, max: 7, positive: [5, 6, 7], negative: [1, 2, 3] }).netEasy.value // 40
 */
export function ces(
  distribution: readonly ScoreCount[],
  scale: CesScale,
  options: LevelOptions = {},
): CesResult {
  const bars = checkedBars('ces()', distribution, scale)
  checkScale(scale)
  const level = levelOf('ces()', options)
  const n = totalOf(bars)
  const easy = countIn(bars, scale.positive)
  const hard = countIn(bars, scale.negative)
  const empty = 'There is no answer.'
  return {
    version: scale.version,
    direction: scale.version === 1 ? 'lower-is-better' : 'higher-is-better',
    percentEasy: percentOf(easy, n, level, empty),
    percentHard: percentOf(hard, n, level, empty),
    netEasy: shareDifference(
      { plus: easy, minus: hard, neither: n - easy - hard },
      'adjusted-wald',
      level,
      empty,
    ),
    mean: meanOf(bars, scale, level),
    median: medianOf(bars),
    scale,
  }
}

/** Throws a RangeError unless the version is known and each score is easy, hard or neither. */
function checkScale({ version, min, max, positive, negative }: CesScale): void {
  if (version !== 1 && version !== 2)
    reject(
      'ces()',
      `scale.version is ${String(version)}`,
      'Pass 1 (effort, low is good) or 2 (ease, high is good).',
    )
  checkSet('ces()', 'scale.positive', positive, { min, max })
  checkSet('ces()', 'scale.negative', negative, { min, max })
  if (positive.length === 0)
    reject(
      'ces()',
      'scale.positive is empty',
      'Name the scores that count as easy, e.g. [5, 6, 7] on 1 to 7.',
    )
  const both = positive.find((score) => negative.includes(score))
  if (both !== undefined)
    reject('ces()', `score ${both} is in scale.positive and in scale.negative`, 'Leave it in one of them.')
}

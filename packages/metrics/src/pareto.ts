/** Theme Pareto: which few themes make up most of what was written. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { levelOf, reject } from './input.ts'
import { percentOf } from './proportion.ts'

/** Settings of `pareto`. */
export interface ParetoOptions extends LevelOptions {
  /** Percent of mentions that the vital few make up together, above 0 to 100. Default 80. */
  threshold?: number
}

/** One theme. */
export interface ParetoTheme {
  theme: string
  /** Comments that mention it. */
  count: number
  /** Comments that mention it / all comments, in percent, with Wilson's interval: "of those who wrote". */
  ofComments: Estimate
  /** count / all mentions, in percent. */
  ofMentions: number
  /** Mentions of this theme and all above it / all mentions, in percent. */
  cumulative: number
  /** Comments that mention this theme or one above it / all comments, in percent. */
  covered: number
  /** Whether it is needed to reach the threshold. */
  vital: boolean
}

/**
 * Themes by how often they are mentioned, the most frequent first, with their share of the comments and the cumulative share
 * of all mentions.
 *
 * Juran 1951, Quality Control Handbook: the vital few. A comment may have several themes, so shares of comments sum up to more
 * than 100 and the cumulative share is one of mentions. Comments without a theme stay in the base. It tells of those who wrote
 * and of nobody else, so show it as such. Equal counts go by the code units of the name. Interval: Wilson 1927.
 *
 * @param comments - For each comment its themes; one named twice in a comment counts once.
 * @param options - Confidence level (0.95), threshold (80).
 * @example
 * pareto([['price'], ['price', 'staff'], [], ['price']])[0]?.ofComments.value // 75
 */
export function pareto(comments: readonly (readonly string[])[], options: ParetoOptions = {}): ParetoTheme[] {
  const level = levelOf('pareto()', options)
  const { threshold = 80 } = options
  if (!(threshold > 0 && threshold <= 100))
    reject('pareto()', `options.threshold is ${String(threshold)}`, 'Pass a percentage above 0, up to 100.')
  const mentions = new Map<string, number[]>()
  for (const [index, themes] of comments.entries())
    for (const theme of new Set(themes)) {
      const known = mentions.get(theme)
      if (known) known.push(index)
      else mentions.set(theme, [index])
    }
  const all = [...mentions.values()].reduce((sum, { length }) => sum + length, 0)
  const covered = new Set<number>()
  let passed = 0
  return [...mentions]
    .toSorted(([one, first], [other, second]) => second.length - first.length || (one < other ? -1 : 1))
    .map(([theme, inComments]) => {
      const vital = 100 * passed < threshold * all
      passed += inComments.length
      for (const index of inComments) covered.add(index)
      return {
        theme,
        count: inComments.length,
        ofComments: percentOf(inComments.length, comments.length, level, 'There is no comment.'),
        ofMentions: (100 * inComments.length) / all,
        cumulative: (100 * passed) / all,
        covered: (100 * covered.size) / comments.length,
        vital,
      }
    })
}

/** What a difference means, by its interval. */
import type { Comparison } from '../api/shapes.ts'

/** What a change means. */
export type Verdict = 'better' | 'worse' | 'chance' | 'unknown'

/** Judged by the interval of the difference, as the definitions have it: where 0 is inside, it may be chance. */
export function verdictOf({ difference: { value, interval } }: Comparison, lowerIsBetter: boolean): Verdict {
  if (value === null || !interval) return 'unknown'
  if (interval[0] <= 0 && interval[1] >= 0) return 'chance'
  return value > 0 === lowerIsBetter ? 'worse' : 'better'
}

/** In words. */
export const verdictTexts: Readonly<Record<Verdict, string>> = {
  better: 'better; more than chance',
  worse: 'worse; more than chance',
  chance: 'may be chance',
  unknown: 'cannot be judged',
}

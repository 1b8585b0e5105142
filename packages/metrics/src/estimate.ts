/** What every function here gives back: a value with its interval, its base and its method, or the reason for having none. */

/** A number computed from a sample, with how sure one may be of it. */
export interface Estimate {
  /** Full precision, never rounded; null when it cannot be computed. */
  value: number | null
  /** Lower and upper end, or null. */
  interval: readonly [number, number] | null
  /** How many answers the value stands on. */
  n: number
  /** Confidence level, e.g. 0.95. */
  level: number
  /** e.g. 'adjusted-wald', 'score', 'wald', 'wilson', 't'. */
  method: string
  /** Why value or interval is null, in words; absent otherwise. */
  reason?: string
}

/** Settings that every metric takes. */
export interface LevelOptions {
  /** Confidence level of the intervals, above 0 and below 1. Default 0.95. */
  level?: number
}

/** Confidence level when none is given. */
export const defaultLevel = 0.95

/**
 * An estimate with neither value nor interval.
 *
 * @param base - Sample size, level and method that the estimate would have had.
 * @param reason - Why there is no value, in words.
 * @example
 * withoutValue({ n: 0, level: 0.95, method: 'wilson' }, 'Nobody answered.').value // null
 */
export function withoutValue(base: Pick<Estimate, 'n' | 'level' | 'method'>, reason: string): Estimate {
  return { value: null, interval: null, ...base, reason }
}

/**
 * An estimate with its interval cut off at the ends of the metric's range, where an approximation may overshoot.
 *
 * @param base - Value, sample size, level and method.
 * @param interval - Lower and upper end, in the unit of the value.
 * @param range - Lowest and highest value that the metric can take.
 * @example
 * withInterval({ value: 100, n: 4, level: 0.95, method: 'adjusted-wald' }, [12, 130], [-100, 100]).interval // [12, 100]
 */
export function withInterval(
  base: Pick<Estimate, 'value' | 'n' | 'level' | 'method'>,
  interval: readonly [number, number],
  range: readonly [number, number],
): Estimate {
  const [lowest, highest] = range
  const clamp = (end: number): number => Math.min(highest, Math.max(lowest, end))
  return { ...base, interval: [clamp(interval[0]), clamp(interval[1])] }
}

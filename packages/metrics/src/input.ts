/** Checks of what a caller passes in: a wrong count is a mistake in a program, so it throws and says how to mend it. */
import { defaultLevel, type LevelOptions } from './estimate.ts'

/**
 * Throws a RangeError that says where, what, and how to mend it.
 *
 * @example
 * reject('nps()', 'counts.promoters is -1', 'Pass a whole number from 0.')
 */
export function reject(where: string, what: string, mend: string): never {
  throw new RangeError(`${where}: ${what}. ${mend}`)
}

/**
 * Takes only whole numbers from 0 to 2^53 - 1; anything else, also NaN and strings, is a RangeError.
 *
 * @param where - The function that was called, for the message.
 * @param counts - Counts by the name they have for the caller.
 * @example
 * checkCounts('nps()', { 'counts.promoters': 3 })
 */
export function checkCounts(where: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isSafeInteger(count) || count < 0)
      reject(where, `${name} is ${String(count)}`, 'Pass how many were counted: a whole number from 0.')
  }
}

/**
 * The confidence level asked for, 0.95 if none; a RangeError unless it lies strictly between 0 and 1.
 *
 * @example
 * levelOf('nps()', { level: 0.9 }) // 0.9
 */
export function levelOf(where: string, options: LevelOptions = {}): number {
  const level = options.level ?? defaultLevel
  if (!(typeof level === 'number' && level > 0 && level < 1))
    reject(
      where,
      `options.level is ${String(level)}`,
      'Pass a share above 0 and below 1: 0.95 for 95 percent.',
    )
  return level
}

/**
 * Takes only a set of scores that lie on the scale. A score that is named twice counts once.
 *
 * @param name - What the set is called for the caller, for the message.
 * @example
 * checkSet('csat()', 'scale.positive', [4, 5], { min: 1, max: 5 })
 */
export function checkSet(
  where: string,
  name: string,
  scores: readonly number[],
  scale: { min: number; max: number },
): void {
  for (const score of scores) {
    if (!Number.isInteger(score) || score < scale.min || score > scale.max)
      reject(
        where,
        `${name} has ${String(score)}, which is not on the scale ${scale.min} to ${scale.max}`,
        'List whole numbers of the scale only, the set that is stored with the survey.',
      )
  }
}

/**
 * Throws a RangeError when a part is larger than its whole.
 *
 * @example
 * checkPart('proportion()', 'part.count', 3, 'part.n', 4)
 */
export function checkPart(
  where: string,
  part: string,
  count: number,
  whole: string,
  base: number,
  mend: string = 'Count each of the part in the whole too.',
): void {
  if (count > base) reject(where, `${part} (${count}) is above ${whole} (${base})`, mend)
}

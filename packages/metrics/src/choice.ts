/** Shares of the choices of a question, each with Wilson's interval, and the share of those that count as the good outcome. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkCounts, levelOf, reject } from './input.ts'
import { percentOf } from './proportion.ts'

/** How often exactly these were chosen together. */
export interface ChoiceCount {
  /** Ids of the chosen; none is an answer too, where several could have been chosen. */
  chosen: readonly string[]
  /** How many answered so, a whole number from 0. */
  count: number
}

/** Which choices there are, and which of them count. */
export interface Choices {
  /** Their ids, in the order of the result. */
  all: readonly string[]
  /** Those that count as the good outcome. At least one, all of them in `all`. */
  positive: readonly string[]
}

/** One choice. */
export interface ChoiceShare {
  id: string
  /** How many chose it. */
  count: number
  /** Of all who answered, percent, with Wilson's interval. */
  share: Estimate
}

/** What `choice` gives back. */
export interface ChoiceResult {
  /** Of those who chose one of `positive` or several: percent of all who answered, with Wilson's interval. */
  percent: Estimate
  /** How many they are. */
  positiveCount: number
  /** Each choice, in the order of `all`. Where several may be chosen, the shares sum up to more than 100. */
  choices: ChoiceShare[]
}

/**
 * A question with choices: which part of those who answered chose one of the positive ones, and which part chose each.
 *
 * Who chose several of the positive ones counts once. All shares are of those who answered, never of what was named. Wilson
 * 1927, JASA 22, 209–212: each interval holds for its own choice alone, so that two of them overlap or not says nothing about
 * their difference. Nobody answered: null with a reason. A count that is not a whole number from 0, an id that is none of the
 * choices, no positive choice: a RangeError.
 *
 * @param counts - Answers by what was chosen together, in any order.
 * @param choices - All choices, and the positive ones.
 * @param options - Confidence level (0.95).
 * @example
 * choice([{ chosen: ['yes'], count: 13 }, { chosen: ['partly'], count: 4 }, { chosen: ['no'], count: 2 }],
 *   { all: ['yes', 'partly', 'no'], positive: ['yes'] }).percent.value // 68.42… (13 of 19)
 */
export function choice(
  counts: readonly ChoiceCount[],
  { all, positive }: Choices,
  options: LevelOptions = {},
): ChoiceResult {
  const level = levelOf('choice()', options)
  if (positive.length === 0)
    reject('choice()', 'choices.positive is empty', 'Name the choices that count as the good outcome.')
  checkIds('choices.positive', positive, all)
  for (const [index, { chosen, count }] of counts.entries()) {
    checkCounts('choice()', { [`counts[${index}].count`]: count })
    checkIds(`counts[${index}].chosen`, chosen, all)
  }
  const sumOf = (of: (chosen: readonly string[]) => boolean): number =>
    counts.reduce((sum, { chosen, count }) => sum + (of(chosen) ? count : 0), 0)
  const n = sumOf(() => true)
  checkCounts('choice()', { 'the sum of all counts': n })
  const shareOf = (count: number): Estimate => percentOf(count, n, level, 'There is no answer.')
  const positiveCount = sumOf((chosen) => chosen.some((each) => positive.includes(each)))
  return {
    percent: shareOf(positiveCount),
    positiveCount,
    choices: all.map((id) => {
      const count = sumOf((chosen) => chosen.includes(id))
      return { id, count, share: shareOf(count) }
    }),
  }
}

function checkIds(name: string, ids: readonly string[], all: readonly string[]): void {
  for (const id of ids)
    if (!all.includes(id))
      reject('choice()', `${name} has "${id}", which is none of the choices`, `There are ${all.join(', ')}.`)
}

/** Driver analysis: which ratings go together with an outcome, and how much of it each of them accounts for. */
import { correlation, pearson } from './correlation.ts'
import type { Estimate, LevelOptions } from './estimate.ts'
import { levelOf, reject } from './input.ts'
import { checkValues, sampleMean } from './sample.ts'

/** What one person answered. */
export interface DriverRow {
  /** The outcome, e.g. the likelihood to recommend. */
  outcome: number
  /** Rating of each driver, in the order of the names; null where it was not answered. 0 and 1 for no and yes. */
  ratings: readonly (number | null)[]
}

/** One driver. */
export interface Driver {
  name: string
  /** Correlation with the outcome, -1 to 1, over those who rated it. */
  correlation: Estimate
  /** How likely at least such a correlation is where there is none; null where none can be computed. */
  p: number | null
  /** Mean rating ("performance"), with the t interval. */
  mean: Estimate
  /** Part of the explained variance that is due to it, in percent, over those who rated all; they sum up to 100. Or null. */
  importance: number | null
}

/** What `drivers` gives back. */
export interface DriversResult {
  /** The most important first; those without importance last, by their correlation. */
  drivers: Driver[]
  /** Explained / all variance of the outcome, 0 to 1, over those who rated all; null where it cannot be computed. */
  explained: number | null
  /** How many rated all. */
  complete: number
}

/** Each subset of drivers is a model, so there must not be many. */
const most = 12

/**
 * Driver analysis: the correlation of each rating with the outcome, its mean, and its share of the explained variance.
 *
 * Correlation: Pearson, with the interval of Fisher 1921. Importance: the gain in R² averaged over all orders in which the
 * drivers may enter a linear model (Lindeman, Merenda & Gold 1980; "lmg" in Grömping 2006, Journal of Statistical Software
 * 17 (1)), which shares out fairly what related drivers explain together. It shows an association, not what would happen if a
 * rating rose.
 *
 * Importance is null where fewer rated all than there are drivers and two more, where a rating is a sum of others or does not
 * vary, or where nothing is explained. No name, more than 12, a row of another length, or a number that is not finite: a
 * RangeError.
 *
 * @param names - Of the drivers, 1 to 12.
 * @param rows - One for each person who answered the outcome.
 * @param options - Confidence level (0.95).
 * @example
 * drivers(['speed'], [{ outcome: 1, ratings: [1] }, { outcome: 2, ratings: [3] }, { outcome: 4, ratings: [4] }]).drivers[0]?.importance // 100
 */
export function drivers(
  names: readonly string[],
  rows: readonly DriverRow[],
  options: LevelOptions = {},
): DriversResult {
  const level = levelOf('drivers()', options)
  checkRows(names, rows)
  const complete = rows.filter((row) => row.ratings.every((rating) => rating !== null))
  const { shares, explained } = importanceOf(names.length, complete)
  const found = names.map((name, index): Driver => {
    const pairs = rows.flatMap(({ outcome, ratings }): (readonly [number, number])[] => {
      const rating = ratings[index] ?? null
      return rating === null ? [] : [[rating, outcome]]
    })
    const { estimate, p } = correlation(pairs, level)
    const given = pairs.map(([rating]) => rating)
    return {
      name,
      correlation: estimate,
      p,
      mean: sampleMean(given, level, [-Infinity, Infinity], 'Nobody rated it.'),
      importance: shares?.[index] ?? null,
    }
  })
  const rank = (driver: Driver): number => driver.importance ?? -2 + Math.abs(driver.correlation.value ?? 0)
  return {
    drivers: found.toSorted((one, other) => rank(other) - rank(one)),
    explained,
    complete: complete.length,
  }
}

function checkRows(names: readonly string[], rows: readonly DriverRow[]): void {
  if (names.length < 1 || names.length > most)
    reject('drivers()', `${names.length} drivers are named`, `Name 1 to ${most}.`)
  for (const [index, { outcome, ratings }] of rows.entries()) {
    checkValues('drivers()', { [`rows[${index}].outcome`]: outcome })
    if (ratings.length !== names.length)
      reject(
        'drivers()',
        `rows[${index}] has ${ratings.length} ratings`,
        `Pass ${names.length}, null for none.`,
      )
    for (const rating of ratings)
      if (rating !== null) checkValues('drivers()', { [`a rating of rows[${index}]`]: rating })
  }
}

/** Shares of the explained variance in percent, and that variance; null where they cannot be computed. */
function importanceOf(
  size: number,
  rows: readonly DriverRow[],
): { shares: number[] | null; explained: number | null } {
  const nothing = { shares: null, explained: null }
  if (rows.length < size + 2) return nothing
  const columns = [...Array(size).keys()].map((at) => rows.map(({ ratings }) => ratings[at] ?? 0))
  columns.push(rows.map(({ outcome }) => outcome))
  const matrix = columns.map((one) =>
    columns.map((other) => pearson(one.map((value, row) => [value, other[row] ?? 0] as const))),
  )
  if (!matrix.every((line): line is number[] => line.every((cell) => cell !== null))) return nothing
  const explainedBy = Array.from({ length: 1 << size }, (_, subset) => squaredR(matrix, size, subset))
  if (explainedBy.some(Number.isNaN)) return nothing
  const explained = explainedBy.at(-1) ?? 0
  if (explained === 0) return { shares: null, explained }
  // Of all orders, this part has just the drivers of a subset of that size before the driver.
  const weights = [1 / size]
  for (let before = 1; before < size; before += 1)
    weights.push(((weights[before - 1] ?? 0) * before) / (size - before))
  const shares = [...Array(size).keys()].map((driver) => {
    let gain = 0
    for (const [subset, without] of explainedBy.entries())
      if (!(subset & (1 << driver)))
        gain += (weights[bitsOf(subset)] ?? 0) * ((explainedBy[subset | (1 << driver)] ?? 0) - without)
    return (100 * gain) / explained
  })
  return { shares, explained }
}

function bitsOf(subset: number): number {
  let bits = 0
  for (let rest = subset; rest > 0; rest >>= 1) bits += rest & 1
  return bits
}

/** R² of the outcome (last column) on a subset of drivers, by sweeping them out of the correlations; NaN if they are dependent. */
function squaredR(correlations: readonly (readonly number[])[], size: number, subset: number): number {
  const left = correlations.map((line) => [...line])
  for (let pivot = 0; pivot < size; pivot += 1) {
    if (!(subset & (1 << pivot))) continue
    const line = left[pivot] ?? []
    const own = line[pivot] ?? 0
    if (own < 1e-9) return NaN
    for (const [at, other] of left.entries()) {
      if (at === pivot) continue
      const factor = (other[pivot] ?? 0) / own
      for (const [column, cell] of line.entries()) other[column] = (other[column] ?? 0) - factor * cell
    }
  }
  return Math.max(0, Math.min(1, 1 - (left[size]?.[size] ?? 1)))
}

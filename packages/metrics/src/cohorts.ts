/** The cohort table: retention by day for people who began together. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { reject } from './input.ts'
import { type PersonDays, type ReturnRule, returning } from './returning.ts'

/** People who began in the same span of days. */
export interface Cohort {
  /** First day of the span. */
  begins: number
  /** How many began in it. */
  people: number
  /** One estimate for each rule, in its order. */
  cells: Estimate[]
}

/** What `cohorts` gives back. */
export interface CohortTable {
  /** Cohorts in the order of their days; spans in which nobody began are left out. */
  rows: Cohort[]
  /** The same over everybody: counts are pooled, so each cohort weighs as much as it has mature people. */
  all: Estimate[]
}

/**
 * The cohort table of retention: a row for each span of first days, a cell for each rule, and the pooled row.
 *
 * Each cell is `returning` over the people of its cohort, so people whose days are not over are in no base, and a cell that
 * nobody has reached is null with a reason. The pooled row is the average weighted by base, as in Amplitude's documentation;
 * it is not the mean of the rows.
 *
 * @param people - Everybody, each once.
 * @param rules - Days that count, one for each column.
 * @param span - Days in a cohort: 1 for a daily table, 7 for a weekly one. A whole number from 1.
 * @param through - Last day that is over.
 * @param options - Confidence level (0.95).
 * @example
 * cohorts([{ first: 0, active: [0, 1] }, { first: 1, active: [1] }, { first: 7, active: [7] }], [{ on: 1 }], 7, 8).rows.length // 2
 */
export function cohorts(
  people: readonly PersonDays[],
  rules: readonly ReturnRule[],
  span: number,
  through: number,
  options: LevelOptions = {},
): CohortTable {
  if (!Number.isSafeInteger(span) || span < 1)
    reject('cohorts()', `span is ${String(span)}`, 'Pass whole days from 1.')
  const cellsOf = (some: readonly PersonDays[]): Estimate[] =>
    rules.map((rule) => returning(some, rule, through, options).returned)
  const all = cellsOf(people)
  const members = new Map<number, PersonDays[]>()
  for (const person of people) {
    const begins = Math.floor(person.first / span) * span
    const together = members.get(begins)
    if (together) together.push(person)
    else members.set(begins, [person])
  }
  const rows = [...members]
    .toSorted(([one], [other]) => one - other)
    .map(([begins, some]) => ({ begins, people: some.length, cells: cellsOf(some) }))
  return { rows, all }
}

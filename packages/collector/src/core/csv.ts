/** Writes CSV (RFC 4180) that a spreadsheet shows and never runs. */
import type { AnswerValue, Scalar, Survey } from '@earshot/contract'
import type { KeptResponse } from './project.ts'
import { ownValue } from './text.ts'

/** What a cell may hold. */
type Cell = AnswerValue | Scalar

// A cell that starts like this may be taken for a formula; the second half are the full-width forms, which some
// spreadsheets treat alike (https://owasp.org/www-community/attacks/CSV_Injection).
const startsFormula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

// A spreadsheet that separates by something else (`;` in much of Europe) splits a cell there, and each part may be a
// formula. Quotes between do not hinder it.
const formulaAfterSeparator = /([;,\t\r\n])(?=["']*[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/**
 * One cell. Numbers stay numbers; yes and no are `true` and `false`; choices are their ids with `|` between, which no id can
 * contain; a text that could start a formula gets an apostrophe before it, also inside the
 * text after `;`, `,`, a tab or a line end; null is empty.
 *
 * @example
 * csvCell('=1+1') // "'=1+1"
 * csvCell('a;=1+1') // "a;'=1+1"
 * csvCell(-5) // '-5'
 * csvCell(['red', 'other']) // 'red|other'
 * csvCell('a "b"') // '"a ""b"""'
 */
export function csvCell(value: Cell): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const inside = (Array.isArray(value) ? value.join('|') : (value ?? '')).replace(
    formulaAfterSeparator,
    "$1'",
  )
  const text = startsFormula.test(inside) ? `'${inside}` : inside
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line with its end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

const columns = [
  'id',
  'survey',
  'version',
  'status',
  'visitor',
  'person',
  'session',
  'channel',
  'touchpoint',
  'stage',
  'locale',
  'url',
  'displayedAt',
  'completedAt',
  'dismissedAt',
  'dismissReason',
  'firstAt',
  'lastAt',
  'variant',
  'trigger',
  'followUp',
  'layout',
  'wording',
  'overQuota',
] as const satisfies (keyof KeptResponse)[]

/** The columns that hang on what the surveys ask. */
export interface CsvColumns {
  /** Names of hidden values. */
  hidden: string[]
  /** Ids of the questions that take an answer. */
  questions: string[]
  /** Ids of those with a choice `other`, whose text has a column of its own. */
  others: string[]
}

/**
 * The columns that the responses to these definitions need.
 *
 * @example
 * csvColumns([survey]) // { hidden: ['order'], questions: ['score', 'reason'], others: ['reason'] }
 */
export function csvColumns(surveys: readonly Survey[]): CsvColumns {
  const questions = surveys.flatMap((each) => each.questions)
  const ids = (list: readonly { id: string }[]): string[] => [...new Set(list.map((each) => each.id))]
  return {
    hidden: [...new Set(surveys.flatMap((each) => each.hidden ?? []))],
    questions: ids(questions.filter((each) => each.kind !== 'statement')),
    others: ids(questions.filter((each) => each.kind === 'choice' && each.other !== undefined)),
  }
}

/**
 * The header for an export: the fields of a response, then one column per hidden value, per question, per text beside the
 * choice `other`, and per question the moment of its answer.
 *
 * @example
 * csvHeader({ hidden: [], questions: ['score'], others: [] }) // 'id,survey,…,answers.score\r\n'
 */
export function csvHeader({ hidden, questions, others }: CsvColumns): string {
  return csvLine([
    ...columns,
    ...hidden.map((each) => `hidden.${each}`),
    ...questions.map((each) => `answers.${each}`),
    ...others.map((each) => `other.${each}`),
    ...questions.map((each) => `at.${each}`),
  ])
}

/** The line of one response under that header. */
export function csvResponse(response: KeptResponse, { hidden, questions, others }: CsvColumns): string {
  const cell = (place: unknown, ...path: string[]): Cell =>
    (path.reduce(ownValue, place) as Cell | undefined) ?? null
  return csvLine([
    ...columns.map((each) => response[each]),
    ...hidden.map((each) => cell(response.hidden, each)),
    ...questions.map((each) => cell(response.answers, each, 'value')),
    ...others.map((each) => cell(response.answers, each, 'other')),
    ...questions.map((each) => cell(response.answers, each, 'at')),
  ])
}

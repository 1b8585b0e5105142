/** Writes CSV (RFC 4180) that a spreadsheet shows and never runs. */
import type { StoredResponse } from './project.ts'

// A cell that starts like this may be taken for a formula; the second half are the full-width forms, which some
// spreadsheets treat alike (https://owasp.org/www-community/attacks/CSV_Injection).
const startsFormula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

// A spreadsheet that separates by something else (`;` in much of Europe) splits a cell there, and each part may be a
// formula. Quotes between do not hinder it.
const formulaAfterSeparator = /([;,\t\r\n])(?=["']*[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/**
 * One cell. Numbers stay numbers; a text that could start a formula gets an apostrophe before it, also inside the
 * text after `;`, `,`, a tab or a line end; null is empty.
 *
 * @example
 * csvCell('=1+1') // "'=1+1"
 * csvCell('a;=1+1') // "a;'=1+1"
 * csvCell(-5) // '-5'
 * csvCell('a "b"') // '"a ""b"""'
 */
export function csvCell(value: string | number | null): string {
  if (typeof value === 'number') return String(value)
  const inside = (value ?? '').replace(formulaAfterSeparator, "$1'")
  const text = startsFormula.test(inside) ? `'${inside}` : inside
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line with its end. */
export function csvLine(cells: readonly (string | number | null)[]): string {
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
] as const satisfies (keyof StoredResponse)[]

/**
 * The header for an export: the fields of a response, then one column per question.
 *
 * @example
 * csvHeader(['score']) // 'id,survey,…,answers.score\r\n'
 */
export function csvHeader(questions: readonly string[]): string {
  return csvLine([...columns, ...questions.map((each) => `answers.${each}`)])
}

/** The line of one response under that header. */
export function csvResponse(response: StoredResponse, questions: readonly string[]): string {
  const answer = (question: string): string | number | null =>
    Object.hasOwn(response.answers, question) ? (response.answers[question]?.value ?? null) : null
  return csvLine([...columns.map((each) => response[each]), ...questions.map(answer)])
}

/** Reads exports of our own: lines of JSON, and CSV. */
import { answerFlaw, type AnswerValue, type Cause, type Survey } from '@earshot/contract'
import { isAnonymous } from '../anonymise.ts'
import type { KeptResponse } from '../project.ts'
import { parseMoment, type Millis } from '../time.ts'
import { isRecord, isUuid } from '../text.ts'
import type { ImportedAnswer, ImportedRow, RowResult } from './row.ts'
import { readValue } from './value.ts'

const moment = (text: string | null | undefined): Millis | null => (text ? parseMoment(text) : null)
const some = (text: string | null | undefined): string | undefined => text || undefined

/** Whether a line of JSON is a response of ours. */
export function isOwnLine(value: unknown): boolean {
  return (
    isRecord(value) &&
    isRecord(value.answers) &&
    'survey' in value &&
    'version' in value &&
    'firstAt' in value
  )
}

/** A line of JSON of our export. */
export function readOwnLine(value: unknown, line: number): RowResult {
  const response = value as KeptResponse
  if (response.overQuota) return { line, skipped: 'completed beyond the quota' }
  const at = moment(response.firstAt)
  if (!isUuid(response.id) || at === null) return { line, flaw: 'it has no id or no "firstAt"' }
  const broken = Object.entries(response.answers).find(([, given]) => !isRecord(given))
  if (broken) return { line, flaw: `its answer to "${broken[0].slice(0, 50)}" has no value` }
  const answers = Object.entries(response.answers).map(
    ([question, { value: given, other, order, revision, at: answered }]): ImportedAnswer => ({
      question,
      value: given,
      other,
      order,
      revision,
      at: moment(answered) ?? undefined,
    }),
  )
  const { survey, version, visitor, person, session, channel } = response
  const texts = textsOf(response)
  return {
    row: {
      line,
      key: response.id,
      response: response.id,
      survey,
      version,
      at,
      answers,
      displayedAt: moment(response.displayedAt),
      completedAt: moment(response.completedAt),
      dismissedAt: moment(response.dismissedAt),
      dismissReason: response.dismissReason ?? undefined,
      visitor,
      person,
      session,
      channel,
      trigger: response.trigger ?? undefined,
      hidden: response.hidden ?? undefined,
      ...texts,
    },
  }
}

type Texts = 'variant' | 'followUp' | 'layout' | 'wording' | 'touchpoint' | 'stage' | 'locale' | 'url'

function textsOf(from: Readonly<Record<Texts, string | null | undefined>>): Pick<ImportedRow, Texts> {
  return {
    variant: some(from.variant),
    followUp: some(from.followUp),
    layout: some(from.layout),
    wording: some(from.wording),
    touchpoint: some(from.touchpoint),
    stage: some(from.stage),
    locale: some(from.locale),
    url: some(from.url),
  }
}

/**
 * The row without marks of what was written by people who are gone, where the question does not take a text of no letters: a
 * number, an address, or a text of so many.
 */
export function withoutMarks(
  result: RowResult,
  surveyOf: (id: string, version: number) => Survey | undefined,
): RowResult {
  if (!('row' in result) || !isAnonymous(result.row.visitor ?? '')) return result
  const { row } = result
  const questions = surveyOf(row.survey, row.version)?.questions ?? []
  const answers = row.answers.filter(({ question: id, value }) => {
    const question = value === '' ? questions.find((each) => each.id === id) : undefined
    return question === undefined || answerFlaw(question, { value }) === null
  })
  return { row: { ...row, answers } }
}

/** Whether the columns are those of our export. */
export function isOwnHeader(columns: readonly string[]): boolean {
  return ['id', 'survey', 'version', 'status', 'visitor', 'firstAt'].every((each) => columns.includes(each))
}

/** Takes back what the export puts before a text that a spreadsheet could run. */
const unquoted = (text: string): string =>
  text
    .replace(/^'(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/, '')
    .replaceAll(/([;,\t\r\n])'(?=["']*[=+\-@\uff1d\uff0b\uff0d\uff20])/g, '$1')

/** A line of CSV of our export. */
export function readOwnCells(
  given: Readonly<Record<string, string>>,
  line: number,
  surveyOf: (id: string, version: number) => Survey | undefined,
): RowResult {
  const cells = Object.fromEntries(Object.entries(given).map(([name, text]) => [name, unquoted(text)]))
  if (cells.overQuota === 'true') return { line, skipped: 'completed beyond the quota' }
  const { id = '', survey: name = '' } = cells
  const at = moment(cells.firstAt)
  const version = Number(cells.version)
  if (!isUuid(id) || at === null) return { line, flaw: 'it has no id or no "firstAt"' }
  const survey = surveyOf(name, version)
  if (!survey)
    return { line, flaw: `survey "${name}" has no version ${version} here; import it with --definition` }
  const answers: ImportedAnswer[] = []
  for (const question of survey.questions) {
    // An answer without a word has its time: somebody wrote nothing, or what was written is not known any more.
    const isBare = question.kind === 'text' && some(cells[`at.${question.id}`]) !== undefined
    const read =
      readValue(survey, question, cells[`answers.${question.id}`]) ?? (isBare ? { value: '' } : null)
    if (!read) continue
    if ('flaw' in read) return { line, flaw: read.flaw }
    const chosen: AnswerValue = read.value
    answers.push({
      question: question.id,
      value: chosen,
      other: some(cells[`other.${question.id}`]) ?? read.other,
      at: moment(cells[`at.${question.id}`]) ?? undefined,
    })
  }
  const hidden = Object.entries(cells).flatMap(([column, text]) =>
    column.startsWith('hidden.') && text !== '' ? [[column.slice(7), text] as const] : [],
  )
  return {
    row: {
      line,
      key: id,
      response: id,
      survey: name,
      version,
      at,
      answers,
      displayedAt: moment(cells.displayedAt),
      completedAt: moment(cells.completedAt),
      dismissedAt: moment(cells.dismissedAt),
      dismissReason: some(cells.dismissReason) as ImportedRow['dismissReason'],
      visitor: cells.visitor,
      person: cells.person || null,
      session: some(cells.session),
      channel: some(cells.channel),
      trigger: some(cells.trigger) as Cause | undefined,
      hidden: hidden.length > 0 ? Object.fromEntries(hidden) : undefined,
      ...textsOf(cells as Record<Texts, string | undefined>),
    },
  }
}

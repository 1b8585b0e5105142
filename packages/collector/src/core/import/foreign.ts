/** Reads rows of other programs: by columns that somebody names, and by what Delighted, Formbricks and PostHog call things. */
import type { Survey } from '@earshot/contract'
import { isRecord, ownValue } from '../text.ts'
import type { Millis } from '../time.ts'
import type { ImportedAnswer, ImportedRow, RowResult } from './row.ts'
import { isThumbs, readMoment, readValue, textOf } from './value.ts'

/** Where a file comes from. */
export type ForeignSource = 'csv' | 'ndjson' | 'delighted' | 'formbricks' | 'posthog'

/** One record of a file. */
export interface SourceRecord {
  /** From 1. */
  line: number
  fields: Readonly<Record<string, unknown>>
}

/** How records become responses. */
export interface Mapping {
  survey: Survey
  /** By question or attribute: the names that the file has for it. */
  map: Readonly<Record<string, string>>
  /** For files that tell no time. */
  at: Millis | null
}

/** Attributes that a record may have, with the names that they usually have. */
const usual: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'response id', 'uuid', '$survey_submission_id'],
  at: ['at', 'timestamp', 'created_at', 'created at', 'createdat', 'submitted_at', 'date', 'response date'],
  person: ['person', 'userid', 'user id', 'user_id', 'email', 'distinct_id', 'customer'],
  channel: ['channel', 'source'],
  touchpoint: ['touchpoint'],
  stage: ['stage'],
  locale: ['locale', 'language', '$survey_language'],
  url: ['url', 'meta.url', 'permalink page', '$current_url'],
  finished: ['finished', 'completed', '$survey_completed'],
}

/** Names that the first text question has elsewhere. */
const commentNames = ['comment', 'feedback', 'reason']
const scoreNames = ['score', 'rating', 'nps']

/** Columns that a message names. */
const mostNamed = 30

/** The records of a file as responses; of PostHog several records may be one. */
export function readForeign(
  source: ForeignSource,
  records: readonly SourceRecord[],
  mapping: Mapping,
): RowResult[] {
  const flat = records.map((each) => ({ line: each.line, fields: flatten(source, each.fields) }))
  const whole = source === 'posthog' ? submissions(flat) : flat
  const seen = new Map<string, number>()
  return whole.map((each) => readRecord(source, each, mapping, seen))
}

/**
 * What is wrong with a mapping, so that a slip in a name does not pass for a file without answers; null where it fits.
 *
 * @param columns - Those of the file; none where its records have names of their own, which may be left out.
 * @example
 * mapFlaw({ survey, map: { score: 'Nps score' } }, ['NPS'])
 * // 'the file has no column "Nps score", which is to be "score"; it has NPS'
 */
export function mapFlaw(
  { survey, map }: Pick<Mapping, 'survey' | 'map'>,
  columns: readonly string[],
): string | null {
  const known = [
    ...survey.questions.map(({ id }) => id),
    ...Object.keys(usual),
    ...(survey.hidden ?? []).map((name) => `hidden.${name}`),
  ]
  const there = new Set(columns.map(plain))
  for (const [name, column] of Object.entries(map)) {
    if (!known.includes(name))
      return `"${name}" is no question of the survey "${survey.id}", and nothing else that is mapped; there are ${listed(known)}`
    if (columns.length > 0 && !there.has(plain(column)))
      return `the file has no column "${column}", which is to be "${name}"; it has ${listed(columns)}`
  }
  return null
}

/** Names are the same whatever their case. */
const plain = (name: string): string => name.toLowerCase().trim()

/** Names with commas; of many the first. */
const listed = (names: readonly string[]): string =>
  names.length > mostNamed
    ? `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`
    : names.join(', ')

/** Nested objects as names with points; what sources nest for their answers is laid open. */
function flatten(source: ForeignSource, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const flat: Record<string, unknown> = {}
  const add = (name: string, value: unknown): void => {
    if (isRecord(value))
      for (const [key, each] of Object.entries(value)) add(name === '' ? key : `${name}.${key}`, each)
    else flat[name] = value
  }
  const { data, properties, person, ...rest } = fields
  add('', rest)
  if (source === 'formbricks' && isRecord(data)) add('', data)
  else if (data !== undefined) add('data', data)
  if (source === 'posthog' && isRecord(properties)) add('', properties)
  else if (properties !== undefined) add('properties', properties)
  // Delighted has the id of the person, or the whole of it.
  if (isRecord(person)) add('person', ownValue(person, 'id') ?? ownValue(person, 'email'))
  else if (person !== undefined) flat.person = person
  return flat
}

/** PostHog sends a submission again with each further answer: of each the latest that is not empty counts. */
function submissions(records: readonly SourceRecord[]): SourceRecord[] {
  const found = new Map<string, SourceRecord>()
  const timeOf = ({ fields }: SourceRecord): number => readMoment(fields.timestamp) ?? 0
  for (const each of records.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const { event } = each.fields
    if (event !== undefined && event !== 'survey sent') continue
    const key = textOf(each.fields.$survey_submission_id ?? each.fields.uuid ?? `line ${each.line}`)
    const known = found.get(key)
    const given = Object.entries(each.fields).filter(
      ([, value]) => value !== null && value !== undefined && value !== '',
    )
    // The first tells the time and the line.
    found.set(key, {
      line: known?.line ?? each.line,
      fields: {
        ...known?.fields,
        ...Object.fromEntries(given),
        timestamp: known?.fields.timestamp ?? each.fields.timestamp,
      },
    })
  }
  return [...found.values()].toSorted((a, b) => a.line - b.line)
}

function readRecord(
  source: ForeignSource,
  { line, fields }: SourceRecord,
  { survey, map, at: usualAt }: Mapping,
  seen: Map<string, number>,
): RowResult {
  const byName = new Map(Object.keys(fields).map((name) => [plain(name), name]))
  const fieldOf = (names: readonly string[]): unknown => {
    for (const each of names) {
      const name = byName.get(plain(each))
      const value = name === undefined ? undefined : fields[name]
      if (value !== undefined && value !== '' && value !== null) return value
    }
    return undefined
  }
  const attribute = (name: string): unknown =>
    fieldOf(map[name] === undefined ? (usual[name] ?? [name]) : [map[name]])
  const text = (name: string): string | undefined => {
    const value = attribute(name)
    return value === undefined ? undefined : textOf(value)
  }
  const given = attribute('at')
  const at = given === undefined ? usualAt : readMoment(given)
  if (at === null)
    return {
      line,
      flaw:
        given === undefined
          ? 'it has no time; name its column with --map at=COLUMN, or give one time for all with --at'
          : `its time is "${textOf(given).slice(0, 50)}", which cannot be read`,
    }
  const answers: ImportedAnswer[] = []
  for (const [index, question] of survey.questions.entries()) {
    const raw = fieldOf(
      map[question.id] === undefined ? namesOf(source, survey, index) : [map[question.id] ?? ''],
    )
    const read = readValue(survey, question, unreversed(source, question, raw))
    if (!read) continue
    if ('flaw' in read) return { line, flaw: read.flaw }
    answers.push({ question: question.id, value: read.value, other: read.other })
  }
  if (answers.length === 0) return { line, skipped: 'without an answer' }
  const hidden = (survey.hidden ?? []).flatMap((name) => {
    const value = attribute(`hidden.${name}`) ?? fieldOf([name])
    return value === undefined ? [] : [[name, textOf(value)] as const]
  })
  const finished = text('finished')
  const row: ImportedRow = {
    line,
    key: text('id') ?? unnamed(fields, seen),
    survey: survey.id,
    version: survey.version,
    at,
    answers,
    completedAt: finished === undefined || /^(?:true|yes|1)$/i.test(finished) ? at : null,
    person: text('person') ?? null,
    channel: text('channel'),
    touchpoint: text('touchpoint') ?? survey.touchpoint,
    stage: text('stage') ?? survey.stage,
    locale: text('locale'),
    url: text('url'),
    hidden: hidden.length > 0 ? Object.fromEntries(hidden) : undefined,
  }
  return { row }
}

/** Names that a source has for the question at a place. */
function namesOf(source: ForeignSource, survey: Survey, index: number): string[] {
  const question = survey.questions[index]
  if (!question) return []
  const { id, title, kind } = question
  const isFirst = survey.questions.findIndex((each) => each.kind === kind) === index
  return [
    id,
    ...(source === 'posthog'
      ? [`$survey_response_${id}`, index === 0 ? '$survey_response' : `$survey_response_${index}`]
      : []),
    // A table of Formbricks has the number and the words of each question.
    ...(source === 'formbricks' ? [`${index + 1}. ${title}`, title] : []),
    ...(kind === 'scale' && isFirst ? scoreNames : []),
    ...(kind === 'text' && isFirst ? commentNames : []),
  ]
}

/** PostHog writes 1 for thumbs up and 2 for down; everywhere else more is better. */
function unreversed(source: ForeignSource, question: Survey['questions'][number], raw: unknown): unknown {
  if (source !== 'posthog' || !isThumbs(question) || question.kind !== 'scale') return raw
  const text = textOf(raw).trim()
  return text === '1' ? question.max : text === '2' ? question.min : raw
}

/** What stands for the id of a record that has none: all that it holds, and which of several alike it is. */
function unnamed(fields: Readonly<Record<string, unknown>>, seen: Map<string, number>): string {
  const content = JSON.stringify(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const count = (seen.get(content) ?? 0) + 1
  seen.set(content, count)
  return `${content}#${count}`
}

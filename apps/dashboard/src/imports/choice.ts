/** What somebody says about a file: what is in it, to which survey it belongs, which column is what. */
import { lifecycleNames, type Metric } from '@earshot/contract'
import type { SurveySummary } from '../api/shapes.ts'
import type { FileIndex } from './parts.ts'

/** What is in a file. */
export type Content = 'table' | 'delighted' | 'formbricks' | 'posthog' | 'lifecycle' | 'own'

export const contents: readonly (readonly [Content, string])[] = [
  ['table', 'Answers, one to a row'],
  ['delighted', 'Answers of Delighted'],
  ['formbricks', 'Answers of Formbricks'],
  ['posthog', 'Answers of PostHog'],
  ['lifecycle', 'Life-cycle events'],
  ['own', 'An export of Earshot'],
]

/** Metrics that a survey may be made for, and what they are called. */
export const newMetrics: readonly (readonly [Metric, string])[] = [
  ['nps', 'NPS, 0 to 10'],
  ['enps', 'Employee NPS, 0 to 10'],
  ['csat', 'CSAT'],
  ['ces1', 'CES 1.0, 1 to 5'],
  ['ces2', 'CES 2.0, 1 to 7'],
]

/** All that is said about a file. */
export interface Choice {
  content: Content
  /** Id of a survey that is there; empty: a new one. */
  survey: string
  newId: string
  metric: string
  points: string
  /** The time of all rows, where the file tells none. */
  at: string
  /** What all rows tell, where a file of life-cycle events does not name it. */
  event: string
  /** By what is looked for, the column that has it; what is not there is found by its usual names. */
  map: Readonly<Record<string, string>>
}

export const noChoice: Choice = {
  content: 'table',
  survey: '',
  newId: '',
  metric: 'nps',
  points: '5',
  at: '',
  event: '',
  map: {},
}

/** Something that a column can be chosen for. */
export type Field = readonly [target: string, title: string]

const answerFields: readonly Field[] = [
  ['at', 'Time of the answer'],
  ['person', 'Person'],
  ['id', 'Id of the row'],
  ['channel', 'Channel'],
  ['touchpoint', 'Touchpoint'],
  ['stage', 'Journey stage'],
  ['locale', 'Language'],
  ['url', 'Page'],
  ['finished', 'Whether it was completed'],
]
const lifeFields: readonly Field[] = [
  ['name', 'Event'],
  ['at', 'Time'],
  ['person', 'Person'],
  ['visitor', 'Visitor, where no person is known'],
  ['id', 'Id of the row'],
  ['amount', 'Amount per month, or of a purchase'],
  ['margin', 'Margin of a purchase'],
  ['referred', 'Whether a purchase was referred'],
  ['enquiry', 'Id of the enquiry'],
  ['solvable', 'Whether the first level could solve it'],
  ['handledBy', 'Who handled the conversation'],
]

/** What columns can be chosen for. */
export function fieldsOf({ content, survey }: Choice, surveys: readonly SurveySummary[]): Field[] {
  if (content === 'own') return []
  if (content === 'lifecycle') return [...lifeFields]
  const known = surveys.find(({ id }) => id === survey)?.survey
  const questions: Field[] = known
    ? known.questions
        .filter(({ kind }) => kind !== 'statement')
        .map(({ id, title }) => [id, `“${title.slice(0, 60)}”`])
    : [
        ['score', 'Score'],
        ['comment', 'Comment'],
      ]
  const hidden = (known?.hidden ?? []).map((name): Field => [`hidden.${name}`, `Hidden value ${name}`])
  return [...questions, ...answerFields, ...hidden]
}

/** Words that a file may have for the events. */
export const eventFields: readonly Field[] = lifecycleNames.map((name) => [`event.${name}`, name])

/** What is missing before anything can be looked at; null where nothing is. */
export function missing({ content, survey, newId }: Choice): string | null {
  const isOfSurvey = content !== 'own' && content !== 'lifecycle'
  return isOfSurvey && survey === '' && newId.trim() === '' ? 'Give the new survey an id first.' : null
}

/** The choice as `POST /v1/import` takes it, without the text. */
export function requestOf(choice: Choice, kind: FileIndex['kind']): Record<string, unknown> {
  const { content, survey, newId, metric, points, at, event, map } = choice
  const plain = kind === 'csv' ? 'csv' : 'ndjson'
  if (content === 'own') return { source: plain }
  const given = Object.entries(map).filter(([, column]) => column !== '')
  const common = {
    ...(given.length > 0 && { map: Object.fromEntries(given) }),
    ...(at.trim() !== '' && { at: at.trim() }),
  }
  if (content === 'lifecycle') return { source: 'lifecycle', ...(event !== '' && { event }), ...common }
  return {
    source: content === 'table' ? plain : content,
    survey: survey === '' ? newId.trim() : survey,
    ...(survey === '' && { metric, ...(metric === 'csat' && { points: Number(points) }) }),
    ...common,
  }
}

/**
 * Guesses what is in a file.
 *
 * @param columns of CSV; empty for JSON
 * @param first the first record as text
 */
export function guess(columns: readonly string[], first: string): Content {
  const own = ['id', 'survey', 'version', 'visitor', 'firstAt']
  const has = (name: string): boolean => columns.includes(name) || first.includes(`"${name}":`)
  if (own.every(has)) return 'own'
  const all = `${columns.join(' ')} ${first}`
  if (/\$survey_|survey sent/.test(all)) return 'posthog'
  if (/survey_type|person_properties|delighted/i.test(all)) return 'delighted'
  if (/"surveyId"|Response ID/.test(all) && /"data"|"finished"|Finished/.test(all)) return 'formbricks'
  return lifecycleNames.some((name) => new RegExp(`(?:^|["',;\t:])${name}(?:["',;\t]|$)`).test(first))
    ? 'lifecycle'
    : 'table'
}

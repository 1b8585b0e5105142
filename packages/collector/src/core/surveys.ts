/** Rules about survey definitions: what they measure, and which new version may replace which. */
import type { Question, Survey } from '@earshot/contract'
import { isRecord } from './text.ts'

/** Where a definition came from: `served` by the owner through the collector, or `inline` with a request of the SDK. */
export type SurveySource = 'served' | 'inline'

/** A definition as the store keeps it. */
export interface StoredSurvey {
  survey: Survey
  source: SurveySource
}

/** Names one version of one survey. */
export interface SurveyKey {
  id: string
  version: number
}

/** Names one version of one survey, and says where it came from. */
export interface SurveyName extends SurveyKey {
  source: SurveySource
}

/** A survey key as one string. Neither part can contain the `@`. */
export function surveyKey(id: string, version: number): string {
  return `${id}@${version}`
}

/** What a question measures, as text: equal texts mean that answers may be counted together. */
export function measurementOf(question: Question): string {
  const { id, kind } = question
  if (kind === 'scale') {
    const sorted = (scores: readonly number[]): number[] => [...new Set(scores)].toSorted((a, b) => a - b)
    const { metric, min, max, positive, negative } = question
    return JSON.stringify([id, metric, min, max, sorted(positive), sorted(negative)])
  }
  if (kind === 'choice') {
    const options = question.options.map((each) => each.id).toSorted()
    return JSON.stringify([id, kind, question.multiple ?? false, options, question.other !== undefined])
  }
  return JSON.stringify([id, kind === 'text' && question.input === 'number' ? 'number' : kind])
}

/**
 * True when two definitions measure the same: same question ids, kinds, metrics, scales, bands and choices. Wording, order,
 * conditions, triggers and pauses may differ, and so may what is only read.
 *
 * @example
 * sameMeasurement(survey, { ...survey, locale: 'de' }) // true
 */
export function sameMeasurement(a: Survey, b: Survey): boolean {
  const all = (survey: Survey): string =>
    JSON.stringify(
      survey.questions
        .filter((each) => each.kind !== 'statement')
        .map(measurementOf)
        .toSorted(),
    )
  return all(a) === all(b)
}

/** True when two definitions, both as a schema gave them, are alike to the letter; another version of it may order the fields otherwise. */
export function sameContent(a: Survey, b: Survey): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
}

/** The same JSON value with the fields of all objects in the order of their names. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (!isRecord(value)) return value
  const fields = Object.entries(value).toSorted(([x], [y]) => (x < y ? -1 : 1))
  return Object.fromEntries(fields.map(([name, each]) => [name, ordered(each)]))
}

/** What to do with a survey that the owner puts. */
export type PutDecision =
  | { kind: 'created'; survey: Survey }
  | { kind: 'unchanged'; survey: Survey }
  | { kind: 'refused'; message: string }

/**
 * Judges a survey that the owner puts, given all stored versions of that id. The version must be the highest served one
 * plus 1 (1 for the first), or the content must be what is stored under that version already.
 *
 * Inline versions come from anybody who has the public key, so they never decide what the owner may put. One that
 * measures the same becomes the owner's, with the owner's wording. One that measures something else keeps its number,
 * because answers are filed under it; when it is in the way of the next version, any later free one will do.
 *
 * @example
 * decidePut({ ...survey, version: 2 }, [{ survey, source: 'served' }]) // { kind: 'created', … }
 */
export function decidePut(survey: Survey, stored: readonly StoredSurvey[]): PutDecision {
  const same = stored.find((each) => each.survey.version === survey.version)
  const served = stored.filter((each) => each.source === 'served').map((each) => each.survey.version)
  const next = Math.max(0, ...served) + 1
  const taken = new Set(stored.map((each) => each.survey.version))
  let free = next
  while (taken.has(free)) free++
  if (same?.source === 'served' && sameContent(same.survey, survey)) return { kind: 'unchanged', survey }
  if (same?.source === 'inline' && sameMeasurement(same.survey, survey)) return { kind: 'created', survey }
  if (!same && (survey.version === next || (survey.version > next && taken.has(next))))
    return { kind: 'created', survey }
  return {
    kind: 'refused',
    message: !same
      ? `version ${survey.version} is out of order; answers are filed by version, so put the change as version ${free}`
      : same.source === 'served'
        ? `version ${survey.version} is stored with other content; answers are filed by version, so put the change as version ${free}`
        : `version ${survey.version} came inline with other questions or scales, and answers are filed under it; use another version: ${free}`,
  }
}

/**
 * The version that stands for a survey: the latest served one, or the latest of all when none is served. What came
 * inline never hides what the owner put.
 */
export function standingVersion(versions: readonly StoredSurvey[]): StoredSurvey | undefined {
  const byVersion = versions.toSorted((a, b) => a.survey.version - b.survey.version)
  return byVersion.findLast((each) => each.source === 'served') ?? byVersion.at(-1)
}

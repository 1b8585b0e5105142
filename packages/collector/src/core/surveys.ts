/** Rules about survey definitions: what they measure, and which new version may replace which. */
import type { Question, Survey } from '@earshot/contract'

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

/** A survey key as one string. Neither part can contain the `@`. */
export function surveyKey(id: string, version: number): string {
  return `${id}@${version}`
}

/** What a question measures, as text: equal texts mean that answers may be counted together. */
export function measurementOf(question: Question): string {
  if (question.kind === 'text') return JSON.stringify([question.id, 'text'])
  const sorted = (scores: readonly number[]): number[] => [...new Set(scores)].toSorted((a, b) => a - b)
  const { id, metric, min, max, positive, negative } = question
  return JSON.stringify([id, metric, min, max, sorted(positive), sorted(negative)])
}

/**
 * True when two definitions measure the same: same question ids, kinds, metrics, scales and bands. Wording, order,
 * triggers and pauses may differ.
 *
 * @example
 * sameMeasurement(survey, { ...survey, locale: 'de' }) // true
 */
export function sameMeasurement(a: Survey, b: Survey): boolean {
  const all = (survey: Survey): string => JSON.stringify(survey.questions.map(measurementOf).toSorted())
  return all(a) === all(b)
}

/** True when two definitions, both as the schema gave them, are alike to the letter. */
export function sameContent(a: Survey, b: Survey): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** What to do with a survey that the owner puts. */
export type PutDecision =
  | { kind: 'created'; survey: Survey }
  | { kind: 'unchanged'; survey: Survey }
  | { kind: 'refused'; message: string }

/**
 * Judges a survey that the owner puts, given all stored versions of that id. The version must be the highest one
 * plus 1 (1 for the first), or the content must be what is stored under that version already.
 *
 * @example
 * decidePut({ ...survey, version: 2 }, [{ survey, source: 'served' }]) // { kind: 'created', … }
 */
export function decidePut(survey: Survey, stored: readonly StoredSurvey[]): PutDecision {
  const same = stored.find((each) => each.survey.version === survey.version)
  const next = Math.max(0, ...stored.map((each) => each.survey.version)) + 1
  if (same && sameContent(same.survey, survey))
    // Putting an inline definition word by word makes it a served one.
    return { kind: same.source === 'served' ? 'unchanged' : 'created', survey }
  if (survey.version === next) return { kind: 'created', survey }
  const problem = same
    ? `version ${survey.version} is stored with other content`
    : `version ${survey.version} is out of order`
  return {
    kind: 'refused',
    message: `${problem}; answers are filed by version, so put the change as version ${next}`,
  }
}

/** The latest served version of each survey, by id. */
export function latestServed(stored: readonly StoredSurvey[]): Survey[] {
  const latest = new Map<string, Survey>()
  for (const { survey, source } of stored) {
    const best = latest.get(survey.id)
    if (source === 'served' && (!best || best.version < survey.version)) latest.set(survey.id, survey)
  }
  return [...latest.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Says everything that is wrong with surveys at once, in words for those who write them. */
import { createReport, within, type Loose, type Path, type Report, type SurveyFlaw } from './check/report.ts'
import { checkSurvey } from './check/survey.ts'
import { checkComplete } from './check/translations.ts'
import { surveyShape } from './schema/survey.ts'
import { reportIssues } from './schema/translate.ts'
import { reportUnknownKeys } from './schema/unknownKeys.ts'
import type { Survey } from './survey.ts'

/** Suggestions for one call. */
const mostHints = 500
/** Rules stand 10 deep, two keys each, in a jump of a question. What is deeper was refused. */
const mostDepth = 40
/** No list that a survey has may be longer. */
const mostItems = 200

/**
 * All that is wrong with a survey; an empty list when nothing is. `surveySchema` accepts it exactly when no flaw is an
 * error.
 *
 * @example
 * validateSurvey({ ...survey, targetting: {} })[0]?.nearest // 'targeting'
 */
export function validateSurvey(value: unknown): SurveyFlaw[] {
  const report = createReport(mostHints)
  const survey = readLoosely([], report, value)
  checkSurvey(report, survey)
  checkComplete(report, survey)
  return sorted(report)
}

/**
 * All that is wrong with several surveys, each by itself and with each other: ids that stand twice, and follow-ups of
 * surveys that there are not.
 *
 * @example
 * validateSurveys([survey, survey])[0]?.path // '1.id'
 */
export function validateSurveys(value: unknown): SurveyFlaw[] {
  const report = createReport(mostHints)
  if (!Array.isArray(value)) {
    report.error({ at: [], found: value, allowed: 'a list of surveys' })
    return sorted(report)
  }
  const read = value.map((each, index) => readLoosely([index], report, each))
  const byId = new Map<string, Loose<Survey>>()
  for (const [index, survey] of read.entries()) {
    if (survey.id === undefined) continue
    if (byId.has(survey.id))
      report.error({
        at: [index, 'id'],
        found: survey.id,
        allowed: 'an id that no other survey has',
        problem: `is "${survey.id}", as is the id of an earlier survey`,
      })
    else byId.set(survey.id, survey)
  }
  for (const [index, survey] of read.entries()) {
    const inside = within(report, [index])
    checkSurvey(inside, survey, byId)
    checkComplete(inside, survey)
  }
  return sorted(report)
}

/** Reports what is wrong with the shape, and gives what is sound of the value. */
function readLoosely(around: Path, report: Report, value: unknown): Loose<Survey> {
  const inside = within(report, around)
  reportUnknownKeys(inside, surveyShape, value)
  const result = surveyShape.safeParse(value)
  if (result.success) return result.data
  const before = report.entries.length
  reportIssues(inside, result.error.issues, value)
  const unsound = new Set<string>()
  for (const { at, usable } of report.entries.slice(before))
    if (!usable) unsound.add(at.slice(around.length).join('.'))
  return soundPart(value, [], unsound) ?? {}
}

/** A copy without what is unsound. */
function soundPart(value: unknown, at: Path, unsound: ReadonlySet<string>): unknown {
  if (unsound.has(at.join('.')) || at.length > mostDepth) return undefined
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.slice(0, mostItems).map((each, index) => soundPart(each, [...at, index], unsound))
  // Without the key that says what it is, the schema has looked at none of its fields; others may refer to its id.
  const isUnread = ['kind', 'on'].some((key) => unsound.has([...at, key].join('.')))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => !isUnread || (key === 'id' && typeof each === 'string'))
      .map(([key, each]) => [key, soundPart(each, [...at, key], unsound)])
      .filter(([, each]) => each !== undefined),
  ) as unknown
}

/** Errors first, each kind in the order in which they were found. */
function sorted(report: Report): SurveyFlaw[] {
  const flaws = report.entries.map(({ flaw }) => flaw)
  return [
    ...flaws.filter(({ severity }) => severity === 'error'),
    ...flaws.filter(({ severity }) => severity === 'warning'),
  ]
}

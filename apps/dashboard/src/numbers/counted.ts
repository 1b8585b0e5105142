/** What the number of a question's report is of, in words. */
import type { Question, Survey } from '@earshot/contract'
import { metricNames } from '../api/reports.ts'
import { type ChoiceShare, choicesShape, type Report } from '../api/shapes.ts'
import { plainTitle } from './answers.ts'

/** The choices of a report, in the order in which they are asked; none of a scale, and none where the group is too small. */
export function choicesOf({ result }: Pick<Report, 'result'>): ChoiceShare[] {
  const read = choicesShape.safeParse(result)
  return read.success ? read.data.choices : []
}

/** Whether the collector makes a number of the question without being told more: its good outcome is known. */
export const isCounted = (question: Question): boolean =>
  question.kind === 'scale' ||
  question.kind === 'yesno' ||
  (question.kind === 'choice' && (question.positive?.length ?? 0) > 0)

/** What was asked: the title; the id where the definition is not known. */
export function askedIn(survey: Survey, { question }: Pick<Report, 'question'>): string {
  const asked = survey.questions.find((each) => each.id === question)
  return asked ? plainTitle(asked.title) : (question ?? survey.id)
}

/**
 * What a report counts, in a few words: its metric, or the choices whose share it is.
 *
 * @example
 * nameOf(report, survey) // 'CES 2.0', '“Yes”'
 */
export function nameOf(report: Report, survey: Survey): string {
  if (report.metric !== 'question' || report.scale)
    return metricNames[report.scale?.metric ?? report.metric] ?? report.metric
  const asked = survey.questions.find((each) => each.id === report.question)
  const good =
    asked?.kind === 'yesno'
      ? [asked.yes]
      : asked?.kind === 'choice'
        ? (asked.positive ?? []).map(
            (id) => asked.options.find((each) => each.id === id)?.label ?? asked.other ?? id,
          )
        : []
  return good.length > 0 ? good.map((label) => `“${plainTitle(label)}”`).join(' or ') : 'Share'
}

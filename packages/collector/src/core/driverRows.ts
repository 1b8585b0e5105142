/** Makes rows for the driver analysis of responses: the outcome, and beside it all else that was rated. */
import type { Question, ScaleQuestion, Survey } from '@earshot/contract'
import type { DriverRow } from '@earshot/metrics'
import type { KeptResponse } from './project.ts'
import { ownValue } from './text.ts'

/** Most ratings that an analysis takes. */
const mostDrivers = 12

/** The questions beside the outcome that were rated: scales, and yes or no as 1 and 0. */
export function driversOf(survey: Survey, outcome: ScaleQuestion): Question[] {
  return survey.questions
    .filter((each) => each.id !== outcome.id && (each.kind === 'scale' || each.kind === 'yesno'))
    .slice(0, mostDrivers)
}

/** The row of a response, or null where the outcome was not answered. */
export function driverRow(
  response: KeptResponse,
  outcome: ScaleQuestion,
  drivers: readonly Question[],
): DriverRow | null {
  const valueOf = (id: string): unknown => ownValue(ownValue(response.answers, id), 'value')
  const score = valueOf(outcome.id)
  if (typeof score !== 'number' || response.overQuota) return null
  const ratings = drivers.map(({ id }) => {
    const value = valueOf(id)
    return typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : null
  })
  return { outcome: score, ratings }
}

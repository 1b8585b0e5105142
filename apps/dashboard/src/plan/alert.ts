/** A number that a rule watches, while its rule is written. */
import type { Survey } from '@earshot/contract'
import { reportsOf } from '../api/reports.ts'
import type { Cause } from './plan.ts'

/** The numbers there are, as reports name them. */
export const alertMetrics: readonly (readonly [metric: string, text: string])[] = [
  ['nps', 'NPS'],
  ['enps', 'eNPS'],
  ['csat', 'CSAT'],
  ['ces', 'CES'],
  ['response', 'response rate'],
]

/** What is watched of it. */
export type AlertWhat = 'fall' | 'rise' | 'either' | 'below' | 'above'

/** The numbers that a survey has; all of them where it is not known. */
export function metricsOf(survey: Survey | undefined): string[] {
  if (!survey) return alertMetrics.map(([metric]) => metric)
  const metrics = survey.questions.flatMap((each) => (each.kind === 'scale' ? each.metric : []))
  return [...reportsOf({ metrics }), 'response']
}

/** What of a number a cause watches. */
export function whatOf({ change, below, above }: Cause): AlertWhat {
  if (above !== undefined) return 'above'
  if (below !== undefined) return 'below'
  return change === 'rise' || change === 'either' ? change : 'fall'
}

/** The same number, and something else of it; a bound stays. */
export function watching(cause: Cause, what: AlertWhat): Cause {
  const { change: _, below, above, ...rest } = cause
  const bound = below ?? above ?? 0
  return what === 'below' || what === 'above' ? { ...rest, [what]: bound } : { ...rest, change: what }
}

/**
 * A first cause of this kind for a survey: that its number falls within a week.
 *
 * @param before what was watched of another survey, as far as it is kept
 */
export function firstAlert(survey: Survey | undefined, before?: Cause): Cause {
  const known = metricsOf(survey)
  const { metric, days = 7 } = before ?? {}
  const { question: _, ...kept } = before ?? { change: 'fall' }
  const next = metric !== undefined && known.includes(metric) ? metric : known[0]
  return { ...kept, on: 'alert', survey: survey?.id ?? before?.survey ?? '', metric: next ?? 'nps', days }
}

/** What happens to the number, in words. */
export function alertText(after: Cause): string {
  const { survey, metric, days } = after
  const name = alertMetrics.find(([each]) => each === metric)?.[1] ?? metric ?? '…'
  const what = whatOf(after)
  const span = days === 1 ? 'a day' : `${days ?? '…'} days`
  const of = `${name} of ${survey || '…'}`
  if (what === 'below' || what === 'above') return `${of} in ${span} is ${what} ${after[what] ?? '…'}`
  const deed = { fall: 'falls', rise: 'rises', either: 'changes' }[what]
  return `${of} ${deed} against the ${days === 1 ? 'day' : `${days ?? '…'} days`} before`
}

/** What the routes of reports have in common: the reading of their query, and the choice of what is counted. */
import { readConditions, type Condition } from '../core/attributes.ts'
import { readQuery, type Query } from '../core/query.ts'
import { planReport, type ReportMetric, type ReportPlan } from '../core/reportPlan.ts'
import { may, type Role } from '../core/roles.ts'
import type { StoredSurvey } from '../core/surveys.ts'
import { problem } from './errors.ts'
import type { AdminCall, Deps } from './route.ts'

/** Groups of fewer answers are not shown, where nothing else is asked for. */
export const defaultMinimum: number = 10

/** What every such route takes. */
const reportParameters = [
  'survey',
  'from',
  'to',
  'variant',
  'suspects',
  'timezone',
  'where',
  'minimum',
] as const satisfies (keyof Query)[]

/** What a report of the metric takes besides. */
export function ownParameters(metric: ReportMetric): readonly (keyof Query)[] {
  if (metric === 'response') return []
  return metric === 'question' ? ['question', 'basis', 'choice'] : ['question', 'basis']
}

/** What is asked for. */
export interface ReportCall {
  query: Query
  plan: ReportPlan
  /** All versions of the survey. */
  stored: readonly StoredSurvey[]
  where: readonly Condition[]
  suspects: 'include' | 'exclude'
  timezone: string
  minimum: number
}

/** The call, or the refusal. */
export type ReadReportCall = { ok: true; asked: ReportCall } | { ok: false; response: Response }

/** A refusal of the query. */
export function badQuery(message: string): Response {
  return problem(400, 'invalid_query', `In the query, ${message}${message.endsWith('?') ? '' : '.'}`)
}

/** The refusal of a minimum that would show single people to those who may not see them; null where it may be asked for. */
export function minimumFlaw(minimum: number, role: Role): Response | null {
  if (minimum >= defaultMinimum || may(role, 'responses')) return null
  return problem(
    403,
    'minimum_too_low',
    `Groups of fewer than ${defaultMinimum} are shown only to those who may read single responses.`,
  )
}

/**
 * Reads the query of a report and plans it.
 *
 * @param more parameters that the route takes besides
 */
export async function readReportCall(
  metric: ReportMetric,
  { url, site, token }: AdminCall,
  store: Deps['store'],
  more: readonly (keyof Query)[],
): Promise<ReadReportCall> {
  const refuse = (response: Response): ReadReportCall => ({ ok: false, response })
  const read = readQuery(url.searchParams, [...reportParameters, ...more])
  if (!read.ok) return refuse(badQuery(read.message))
  const { query } = read
  const { minimum = defaultMinimum } = query
  const low = minimumFlaw(minimum, token.role)
  if (low) return refuse(low)
  const where = readConditions(query.where ?? [])
  if (typeof where === 'string') return refuse(badQuery(where))
  const stored = await store.surveys(site.id, query.survey)
  const names = stored.length > 0 ? [] : (await store.surveyNames(site.id)).map((each) => each.id)
  const planned = planReport(metric, query, stored, names)
  if (!planned.ok)
    return refuse(problem(planned.code === 'unknown_survey' ? 404 : 400, planned.code, planned.message))
  const { suspects = 'exclude', timezone = 'UTC' } = query
  return { ok: true, asked: { query, plan: planned.plan, stored, where, suspects, timezone, minimum } }
}

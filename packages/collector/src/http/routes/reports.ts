/** `GET /v1/reports/{metric}`: one metric of one survey, with interval, base and definition. */
import { readQuery } from '../../core/query.ts'
import { buildReport } from '../../core/report.ts'
import { planReport, type ReportMetric } from '../../core/reportPlan.ts'
import { problem } from '../errors.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'

const metrics: readonly ReportMetric[] = ['nps', 'enps', 'csat', 'ces', 'response']

/** The routes of this file. */
export function reportRoutes(deps: Deps): Route[] {
  return metrics.map((metric) => ({
    method: 'GET',
    path: `/v1/reports/${metric}`,
    access: 'admin',
    need: 'numbers',
    handle: (call) => report(metric, call, deps),
  }))
}

async function report(metric: ReportMetric, { url, site }: AdminCall, { store }: Deps): Promise<Response> {
  const parameters = ['survey', 'from', 'to', 'variant', 'suspects'] as const
  const read = readQuery(
    url.searchParams,
    metric === 'response' ? parameters : [...parameters, 'question', 'basis'],
  )
  if (!read.ok) return problem(400, 'invalid_query', `In the query, ${read.message}.`)
  const { from, to, suspects = 'exclude', ...wanted } = read.query
  const stored = await store.surveys(site.id, wanted.survey)
  const names = stored.length > 0 ? [] : (await store.surveyNames(site.id)).map((each) => each.id)
  const planned = planReport(metric, wanted, stored, names)
  if (!planned.ok)
    return problem(planned.code === 'unknown_survey' ? 404 : 400, planned.code, planned.message)
  const { plan } = planned
  const { survey, versions, question, basis } = plan
  const variant = plan.variant ?? undefined
  const counted = question
    ? {
        distribution: await store.scores(site.id, {
          survey,
          versions,
          question: question.id,
          variant,
          from,
          to,
          basis,
          suspects,
        }),
        counts: null,
      }
    : {
        distribution: [],
        counts: await store.responseCounts(site.id, { survey, from, to, variant, suspects }),
      }
  const ignored = await store.ignored(site.id, { survey, from, to })
  const overQuota = await store.overQuota(site.id, { survey, from, to, variant })
  const doubted = {
    count: await store.suspects(site.id, { survey, from, to, variant }),
    areIncluded: suspects === 'include',
  }
  const lost = await store.lost(site.id, survey)
  return json(
    buildReport(plan, { from: from ?? null, to: to ?? null, ignored, overQuota, lost, doubted, ...counted }),
  )
}

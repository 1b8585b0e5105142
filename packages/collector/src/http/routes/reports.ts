/** `GET /v1/reports/{metric}`: one metric of one survey, or one question, with interval, base and definition; by segments and over time. */
import { attributeFlaw } from '../../core/attributes.ts'
import { lateIn } from '../../core/moments.ts'
import { buildReport, type Report } from '../../core/report.ts'
import { buildChange, buildSegments, buildTrend } from '../../core/reportParts.ts'
import { countableQuestions, planReport, type ReportMetric } from '../../core/reportPlan.ts'
import { cutPeriod, periodBefore } from '../../core/zone.ts'
import { countAll, countDropOff } from '../counting.ts'
import { badQuery, ownParameters, readReportCall } from '../reportQuery.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'

const metrics: readonly ReportMetric[] = ['nps', 'enps', 'csat', 'ces', 'question', 'response']

/** Most intervals of one report. */
const mostIntervals = 400
/** Splits the responses of `response` not by an attribute, but by the question at which they end. */
const byQuestion = 'question'

/** Without a survey: a report of each that asks for the metric. */
const bySurvey = 'survey'

/** The routes of this file. */
export function reportRoutes(deps: Deps): Route[] {
  return metrics.map((metric) => ({
    method: 'GET',
    path: `/v1/reports/${metric}`,
    access: 'admin',
    need: 'numbers',
    async handle(call) {
      const { searchParams } = call.url
      const isOfEach =
        metric !== 'question' && searchParams.get('by') === bySurvey && !searchParams.has('survey')
      const isOfAll = metric === 'question' && searchParams.has('survey') && !searchParams.has('question')
      const made = isOfEach
        ? await reportOfEach(metric, call, deps)
        : isOfAll
          ? await reportOfAll(call, deps)
          : await report(metric, call, deps)
      return made instanceof Response ? made : json(made)
    },
  }))
}

/** The reports of all surveys that ask for the metric, in the order of their ids: what an overview needs, in one answer. */
async function reportOfEach(
  metric: ReportMetric,
  call: AdminCall,
  deps: Deps,
): Promise<Response | { metric: ReportMetric; reports: Report[] }> {
  if (call.url.searchParams.has('question')) return badQuery('"by=survey" goes with no "question"')
  const stored = await deps.store.surveys(call.site.id)
  const ids = [...new Set(stored.map((each) => each.survey.id))].toSorted()
  const asking = ids.filter((survey) => {
    const versions = stored.filter((each) => each.survey.id === survey)
    return planReport(metric, { survey }, versions, []).ok
  })
  return together(metric, asking, call, deps, (query, survey) => {
    query.delete('by')
    query.set('survey', survey)
  })
}

/** The reports of all questions of a survey whose good outcome is known, in their order: side by side, of the same respondents. */
async function reportOfAll(
  call: AdminCall,
  deps: Deps,
): Promise<Response | { metric: ReportMetric; reports: Report[] }> {
  const { searchParams } = call.url
  if (searchParams.has('choice')) return badQuery('"choice" needs "question"')
  const stored = await deps.store.surveys(call.site.id, searchParams.get('survey') ?? '')
  const questions = countableQuestions(stored)
  // Of a survey that there is not, or that asks nothing of the kind, the report of one says what is wrong.
  if (questions.length === 0) return (await report('question', call, deps)) as Response
  return together('question', questions, call, deps, (query, question) => query.set('question', question))
}

/** One report for each of the items, in their order. */
async function together(
  metric: ReportMetric,
  items: readonly string[],
  call: AdminCall,
  deps: Deps,
  ask: (query: URLSearchParams, item: string) => void,
): Promise<Response | { metric: ReportMetric; reports: Report[] }> {
  const made = await Promise.all(
    items.map((item) => {
      const url = new URL(call.url)
      ask(url.searchParams, item)
      return report(metric, { ...call, url }, deps)
    }),
  )
  const reports: Report[] = []
  for (const each of made) {
    // All are asked alike, so what is wrong with one is wrong with all.
    if (each instanceof Response) return each
    reports.push(each)
  }
  return { metric, reports }
}

async function report(
  metric: ReportMetric,
  call: AdminCall,
  { store, clock }: Deps,
): Promise<Response | Report> {
  const read = await readReportCall(metric, call, store, ['interval', 'by', ...ownParameters(metric)])
  if (!read.ok) return read.response
  const { plan, stored, where, suspects, timezone, minimum, query } = read.asked
  const { from, to, interval, by } = query
  const endsByQuestion = metric === 'response' && by === byQuestion
  const flaw = by === undefined || endsByQuestion ? null : attributeFlaw(by)
  if (flaw !== null) return badQuery(`"by": ${flaw}`)
  if (endsByQuestion && where.length > 0) return badQuery('"by=question" goes with no "where"')
  if (interval !== undefined && from === undefined) return badQuery('"interval" needs "from"')
  const end = to ?? clock.now()
  const spans = interval && from !== undefined ? cutPeriod(from, end, interval, timezone, mostIntervals) : []
  if (!spans) return badQuery(`there are more than ${mostIntervals} of this "interval" in the period`)

  const site = call.site.id
  const { survey, question } = plan
  const variant = plan.variant ?? undefined
  const before = from === undefined || end <= from ? null : periodBefore(from, end, timezone)
  const least = where.length > 0 ? minimum : 0
  const segmented = by === undefined || endsByQuestion ? null : by
  const asked = { site, plan, from, to, before, by: segmented, where, suspects }
  const bounds = spans.length === 0 ? [] : [...spans.map((each) => each.from), end]
  const counted = await countAll(store, { ...asked, bounds })
  const late = from !== undefined && interval ? await store.late(site, survey, { from, to: end }) : []
  const lates = spans.map((span) => lateIn(late, span.from, span.to))
  const facts = {
    from: from ?? null,
    to: to ?? null,
    total: counted.total,
    ignored: await store.ignored(site, { survey, from, to }),
    overQuota: await store.overQuota(site, { survey, from, to, variant }),
    lost: await store.lost(site, survey),
    doubted: {
      count: await store.suspects(site, { survey, from, to, variant }),
      areIncluded: suspects === 'include',
    },
  }
  return buildReport(plan, { timezone, where: query.where ?? [], minimum }, facts, {
    segments: segmented === null ? null : buildSegments(question, segmented, counted.segments, minimum),
    trend: interval
      ? buildTrend(question, interval, spans, counted.intervals, lates, { least, minimum })
      : null,
    change: before && buildChange(question, before, counted.total, counted.before, { least, minimum }),
    dropOff: endsByQuestion ? await countDropOff(store, asked, stored) : null,
  })
}

/** What numbers tell beside each other: two groups, what goes together with a score, and what answers are about. */
import { alert, drivers as driversOfRows, withhold, type Comparison } from '@earshot/metrics'
import { attributeFlaw } from '../../core/attributes.ts'
import { driverRow, driversOf } from '../../core/driverRows.ts'
import { barsOf, compareSamples, measureSample, showingsOf } from '../../core/measure.ts'
import { pooled } from '../../core/reportParts.ts'
import type { ReportMetric } from '../../core/reportPlan.ts'
import { standingVersion } from '../../core/surveys.ts'
import { emptySample, type Sample } from '../../core/tally.ts'
import { createThemes, readKeywords } from '../../core/themes.ts'
import { formatMoment, type Millis } from '../../core/time.ts'
import { countAll, pagesOf, suspectsOf } from '../counting.ts'
import { problem } from '../errors.ts'
import { isStopWord } from '../stopWords.ts'
import { badQuery, ownParameters, readReportCall, type ReportCall } from '../reportQuery.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'

const scored: readonly ReportMetric[] = ['nps', 'enps', 'csat', 'ces', 'question']

/** The routes of this file. */
export function findingRoutes({ store }: Deps): Route[] {
  const route = (path: string, handle: (call: AdminCall) => Promise<Response>): Route => ({
    method: 'GET',
    path,
    access: 'admin',
    need: 'numbers',
    handle,
  })
  return [
    route('/v1/reports/compare', (call) => compare(call, store)),
    route('/v1/reports/themes', (call) => themes(call, store)),
    route('/v1/reports/drivers', (call) => drivers(call, store)),
  ]
}

/** Takes `metric` out of the query of a call, since the others are read by what it says. */
function metricOf(
  call: AdminCall,
  usual: ReportMetric | null,
): { call: AdminCall; metric: ReportMetric } | null {
  const url = new URL(call.url)
  const given = url.searchParams.get('metric') ?? usual
  url.searchParams.delete('metric')
  const metric = [...scored, 'response' as const].find((each) => each === given)
  return metric ? { call: { ...call, url }, metric } : null
}

const wantedMetrics = 'metric must be one of nps, enps, csat, ces, question, response'

/** What all of these say about what they stand on. */
const frameOf = ({ plan, query, timezone, minimum }: ReportCall): object => ({
  survey: plan.survey,
  question: plan.question?.id ?? null,
  versions: plan.versions,
  from: momentOf(query.from),
  to: momentOf(query.to),
  timezone,
  where: query.where ?? [],
  minimum,
})
const momentOf = (moment: Millis | undefined): string | null =>
  moment === undefined ? null : formatMoment(moment)

async function compare(given: AdminCall, store: Deps['store']): Promise<Response> {
  const found = metricOf(given, null)
  if (!found) return badQuery(wantedMetrics)
  const { metric, call } = found
  const read = await readReportCall(metric, call, store, ['by', 'one', 'other', ...ownParameters(metric)])
  if (!read.ok) return read.response
  const { asked } = read
  const { plan, query, where, suspects, minimum } = asked
  const { by, one, other, from, to } = query
  if (by === undefined || one === undefined) return badQuery('"by" and "one" say which groups are meant')
  const flaw = attributeFlaw(by)
  if (flaw !== null) return badQuery(`"by": ${flaw}`)
  const { segments } = await countAll(store, {
    site: call.site.id,
    plan,
    from,
    to,
    before: null,
    bounds: [],
    by,
    where,
    suspects,
  })
  const empty = emptySample(plan.question)
  const first = one || null
  const sampleOf = (value: string | null): Sample => segments.get(value) ?? empty
  const rest = pooled([...segments].filter(([value]) => value !== first).map(([, each]) => each)) ?? empty
  const samples = [sampleOf(first), other === undefined ? rest : sampleOf(other || null)] as const
  const groups = samples.map((sample, index) => {
    const { estimate } = measureSample(plan.question, sample)
    const isHidden = estimate.n < minimum
    return {
      value: index === 0 ? first : other === undefined ? null : other || null,
      isRest: index === 1 && other === undefined,
      estimate: withhold(estimate, minimum),
      responses: estimate.n,
      distribution: plan.question && !isHidden ? barsOf(plan.question, sample) : [],
      counts: plan.question || isHidden ? null : showingsOf(sample),
      isHidden,
    }
  })
  const comparison: Comparison | null = groups.some((each) => each.isHidden)
    ? null
    : compareSamples(plan.question, ...samples)
  const { definitionId, unit, definition } = measureSample(plan.question, empty)
  return json({
    metric,
    definitionId,
    unit,
    ...frameOf(asked),
    basis: plan.basis,
    by,
    groups,
    comparison,
    alert: comparison && alert(comparison, { minimum }),
    definition,
    notes: [
      ...plan.notes,
      'This is an association. Whether one thing is the cause of the other, only an experiment with groups drawn by lot can tell.',
    ],
  })
}

async function themes(call: AdminCall, store: Deps['store']): Promise<Response> {
  const found = metricOf(call, 'response')
  if (!found || found.metric === 'question') return badQuery(wantedMetrics)
  const { metric } = found
  const read = await readReportCall(metric, found.call, store, ['question', 'band', 'keywords'])
  if (!read.ok) return read.response
  const { asked } = read
  const { query, stored, suspects, minimum, where, plan } = asked
  if (where.length > 0) return badQuery('"where" is not known here; use "band" and "variant"')
  const keywords = readKeywords(query.keywords ?? [])
  if (!keywords) return badQuery('"keywords" must be theme:word|word')
  const survey = standingVersion(stored)?.survey
  const question = survey?.questions.find(
    (each) =>
      (each.kind === 'choice' || each.kind === 'text') &&
      (query.question === undefined || each.id === query.question),
  )
  if (!survey || (question?.kind !== 'choice' && question?.kind !== 'text'))
    return problem(400, 'unknown_question', 'The survey has no such question with choices or a text.')
  const score = survey.questions.find((each) => each.kind === 'scale')
  const { band } = query
  if (band !== undefined && score?.kind !== 'scale') return badQuery('"band" needs a survey with a scale')
  const count = createThemes(
    question,
    keywords,
    band && score?.kind === 'scale' ? { question: score, band } : null,
    isStopWord,
  )
  const without = await suspectsOf(store, call.site.id, survey.id, suspects)
  const { from, to, variant } = query
  for await (const responses of pagesOf(store, call.site.id, { survey: survey.id, from, to, variant }))
    for (const each of responses) if (!without.has(each.id)) count.add(each)
  const { answers, themes: all } = count.result()
  const isHidden = answers < minimum
  return json({
    ...frameOf({ ...asked, plan: { ...plan, question: null } }),
    question: question.id,
    kind: question.kind,
    band: band ?? null,
    answers,
    isHidden,
    themes: isHidden ? [] : all,
    definition:
      'Share of the answers to this question that name a theme, with Wilson\u2019s interval, the most frequent first; cumulative: of all mentions. An answer may name several.',
    notes: [
      'Of those who answered this question, and of nobody else: who writes scores otherwise than who does not.',
    ],
  })
}

async function drivers(given: AdminCall, store: Deps['store']): Promise<Response> {
  const found = metricOf(given, 'nps')
  if (!found || found.metric === 'response' || found.metric === 'question')
    return badQuery('metric must be one of nps, enps, csat, ces')
  const { metric, call } = found
  const read = await readReportCall(metric, call, store, ['question'])
  if (!read.ok) return read.response
  const { asked } = read
  const { plan, query, stored, suspects, minimum, where } = asked
  if (where.length > 0) return badQuery('"where" is not known here')
  const survey = standingVersion(stored)?.survey
  const outcome = plan.question
  const rated = survey && outcome?.kind === 'scale' ? driversOf(survey, outcome) : []
  if (!survey || outcome?.kind !== 'scale' || rated.length === 0)
    return problem(400, 'no_drivers', 'The survey has no other scale, and no yes or no, beside the outcome.')
  const without = await suspectsOf(store, call.site.id, survey.id, suspects)
  const { from, to, variant } = query
  const rows = []
  for await (const responses of pagesOf(store, call.site.id, { survey: survey.id, from, to, variant }))
    for (const each of responses) {
      const isCounted = plan.versions.includes(each.version) && !without.has(each.id)
      const row = isCounted ? driverRow(each, outcome, rated) : null
      if (row) rows.push(row)
    }
  const isHidden = rows.length < minimum
  const result = isHidden
    ? null
    : driversOfRows(
        rated.map((each) => each.id),
        rows,
      )
  return json({
    metric,
    ...frameOf(asked),
    answers: rows.length,
    isHidden,
    complete: result?.complete ?? null,
    explained: result?.explained ?? null,
    drivers: result?.drivers ?? [],
    definition:
      'Correlation of each rating with the outcome (Pearson, interval of Fisher), and its part of the explained variance, averaged over all orders (Lindeman, Merenda and Gold).',
    notes: ['This is an association: it does not tell what would happen if a rating rose.'],
  })
}

/** `GET /v1/recommendations`: what the numbers advise, each with its data, its base and its interval. */
import { bandNames } from '@earshot/contract'
import { dayOf } from '@earshot/metrics'
import { createDropOffs } from '../../core/dropOffs.ts'
import { planReport, type ReportMetric, type ReportPlan } from '../../core/reportPlan.ts'
import { recommend, type Recommendation } from '../../core/recommend.ts'
import { standingVersion, type StoredSurvey } from '../../core/surveys.ts'
import { createTally } from '../../core/tally.ts'
import { createThemes, type ThemeCount } from '../../core/themes.ts'
import { formatMoment, type Millis } from '../../core/time.ts'
import { readQuery } from '../../core/query.ts'
import { periodBefore, startOfDay } from '../../core/zone.ts'
import { pagesOf, suspectsOf } from '../counting.ts'
import { badQuery, defaultMinimum } from '../reportQuery.ts'
import { isStopWord } from '../stopWords.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'

/** Length of the period, where none is asked for. */
const usualDays = 90
/** What segments are looked for. Languages are not: people of different languages use scales differently. */
const attributes = ['channel', 'touchpoint', 'stage', 'variant', 'url'] as const
// Staff are asked as customers are; what they say is a report of its own.
const metrics: readonly ReportMetric[] = ['nps', 'enps', 'csat', 'ces']

/** The routes of this file. */
export function recommendationRoutes({ store, clock }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/recommendations',
      access: 'admin',
      need: 'numbers',
      async handle({ url, site }: AdminCall) {
        const read = readQuery(url.searchParams, ['survey', 'from', 'to', 'timezone'])
        if (!read.ok) return badQuery(read.message)
        const { survey, timezone = 'UTC' } = read.query
        const to = read.query.to ?? clock.now()
        const from = read.query.from ?? startOfDay(dayOf(to, timezone) - usualDays, timezone)
        if (from >= to) return badQuery('"from" must be before "to"')
        const stored = await store.surveys(site.id, survey)
        const recommendations: Recommendation[] = []
        for (const id of new Set(stored.map((each) => each.survey.id))) {
          const versions = stored.filter((each) => each.survey.id === id)
          for (const plan of plansOf(versions))
            recommendations.push(...(await adviceFor(store, site.id, plan, versions, [from, to], timezone)))
        }
        return json({
          from: formatMoment(from),
          to: formatMoment(to),
          timezone,
          minimum: defaultMinimum,
          recommendations,
        })
      },
    },
  ]
}

/** The first question of each metric that the survey asks. */
function plansOf(versions: readonly StoredSurvey[]): ReportPlan[] {
  const survey = standingVersion(versions)?.survey
  return metrics.flatMap((metric) => {
    const planned = survey ? planReport(metric, { survey: survey.id }, versions, []) : null
    return planned?.ok && planned.plan.question ? [planned.plan] : []
  })
}

async function adviceFor(
  store: Deps['store'],
  site: number,
  plan: ReportPlan,
  versions: readonly StoredSurvey[],
  [from, to]: readonly [Millis, Millis],
  zone: string,
): Promise<Recommendation[]> {
  const { question, survey } = plan
  const definition = standingVersion(versions)?.survey
  if (question?.kind !== 'scale' || !definition) return []
  const before = periodBefore(from, to, zone)
  const common = {
    from,
    to,
    before,
    bounds: [],
    where: [],
    without: await suspectsOf(store, site, survey, 'exclude'),
  }
  const outside = (): null => null
  const total = createTally({ ...common, plan, by: null }, outside)
  const showings = createTally({ ...common, plan: { ...plan, question: null }, by: null }, outside)
  const segments = attributes.map((by) => ({ by, tally: createTally({ ...common, plan, by }, outside) }))
  const ends = createDropOffs(versions.map((each) => each.survey))
  const [band] = bandNames[question.metric]
  const asked =
    definition.questions.find((each) => each.kind === 'choice') ??
    definition.questions.find((each) => each.kind === 'text')
  const themes: ThemeCount | null =
    asked?.kind === 'choice' || asked?.kind === 'text'
      ? createThemes(asked, [], { question, band }, isStopWord)
      : null
  const [start, end] = [formatMoment(from), formatMoment(to)]
  for await (const responses of pagesOf(store, site, { survey, to }))
    for (const each of responses) {
      total.add(each)
      showings.add(each)
      for (const { tally } of segments) tally.add(each)
      if (each.firstAt < start || each.firstAt >= end || common.without.has(each.id)) continue
      ends.add(each)
      themes?.add(each)
    }
  const counted = total.result()
  const shown = showings.result()
  return recommend(
    {
      survey,
      question,
      total: counted.total,
      before: counted.before,
      segments: new Map(segments.map(({ by, tally }) => [by, tally.result().segments])),
      showings: shown.total,
      showingsBefore: shown.before,
      dropOff: ends.result(),
      themes: themes && asked ? { question: asked.id, ...themes.result() } : null,
    },
    defaultMinimum,
  )
}

/** The overview: every metric of every survey with answers, how many answer at all, and what came in last. */
import type { JSX } from 'preact'
import { LiveContext, useLive } from '../api/live.ts'
import { metricNames, readAll, readOfEach, reportsOf } from '../api/reports.ts'
import type { Reply } from '../api/request.ts'
import { type Counts, type Report, surveysShape, type SurveySummary } from '../api/shapes.ts'
import { useAsk, useLoad } from '../api/use.ts'
import { Funnel } from '../charts/funnel.tsx'
import { formatCount, formatInterval, formatShare, formatValue } from '../numbers/format.ts'
import { CustomerCard, hasData, useCustomerReports } from '../parts/customerCards.tsx'
import { AnswerList } from '../parts/answerList.tsx'
import { Link } from '../parts/link.tsx'
import { LiveMark } from '../parts/liveMark.tsx'
import { MetricCard } from '../parts/metricCard.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { PeriodPicker } from '../period/picker.tsx'
import { beforeText, type Period, periodText } from '../period/period.ts'
import { usePeriod } from '../period/use.ts'
import { useMay } from '../shell/session.ts'

/** A survey with what became of its showings, and its scores. */
interface Activity {
  survey: SurveySummary
  report: Report
  scores: readonly Report[]
}

export function Overview(): JSX.Element {
  const period = usePeriod()
  const surveys = useAsk('/v1/surveys', surveysShape)
  const live = useLive(useMay('responses'), null)
  return (
    <LiveContext.Provider value={live}>
      <Page
        title="Overview"
        lead={`${periodText(period)}, in ${period.zone.replaceAll('_', ' ')}.`}
        tools={
          <>
            <LiveMark />
            <PeriodPicker />
          </>
        }
      >
        <Ready asked={surveys}>
          {({ surveys: list }) =>
            list.length === 0 ? <NoSurveys /> : <Activities surveys={list} period={period} />
          }
        </Ready>
      </Page>
    </LiveContext.Provider>
  )
}

function NoSurveys(): JSX.Element {
  return (
    <Empty title="There is no survey yet">
      <Link page="editor">Make one</Link>, or let a page bring one along. As soon as somebody sees it, numbers
      stand here.
    </Empty>
  )
}

function Activities({ surveys, period }: { surveys: readonly SurveySummary[]; period: Period }): JSX.Element {
  const { bounds, zone } = period
  const metrics = [...new Set(surveys.flatMap(reportsOf))].toSorted()
  const key = `activity ${surveys.map((each) => each.id).join()} ${metrics.join()} ${bounds.from} ${bounds.to} ${zone}`
  const load = async (signal: AbortSignal): Promise<Reply<Activity[]>> => {
    const reply = await readAll(['response', ...metrics], (metric) => readOfEach(metric, period, signal))
    if (!reply.ok) return reply
    const [rates = [], ...scores] = reply.value
    return {
      ok: true,
      value: surveys.flatMap((survey) => {
        const own = ({ survey: id }: Report): boolean => id === survey.id
        const report = rates.find(own)
        return report ? [{ survey, report, scores: scores.flatMap((each) => each.filter(own)) }] : []
      }),
    }
  }
  const activities = useLoad(key, load, true)
  const mayRead = useMay('responses')
  return (
    <Ready asked={activities}>
      {(list) => {
        const active = list.filter(({ report }) => (report.counts?.shown ?? 0) > 0)
        return active.length === 0 ? (
          <div class="stack">
            <Empty title="Nobody was asked in this period">
              Choose a longer period above, or look whether the <Link page="surveys">surveys</Link> are shown
              where they should be.
            </Empty>
            {mayRead && <AnswerList />}
          </div>
        ) : (
          <div class="stack">
            <Metrics active={active} period={period} />
            <div class="pair">
              <Total active={active} />
              {mayRead && <AnswerList />}
            </div>
            <LifeCycle period={period} />
            <BySurvey active={active} />
          </div>
        )
      }}
    </Ready>
  )
}

/** Cards of the surveys with the most answers; a page of a hundred cards would be none. */
const mostCards = 12

interface MetricsProps {
  active: readonly Activity[]
  period: Period
}

function Metrics({ active, period }: MetricsProps): JSX.Element {
  const reports = active
    .toSorted((a, b) => (b.report.counts?.answered ?? 0) - (a.report.counts?.answered ?? 0))
    .flatMap(({ scores }) => scores)
    .slice(0, mostCards)
  return (
    <div class="cards">
      {reports.map((each) => (
        <MetricCard
          key={`${each.survey} ${each.metric}`}
          report={each}
          before={period.days && beforeText(period)}
        />
      ))}
    </div>
  )
}

function Total({ active }: { active: readonly Activity[] }): JSX.Element {
  const sum: Counts = { shown: 0, answered: 0, completed: 0, dismissed: 0 }
  for (const { report } of active)
    for (const name of ['shown', 'answered', 'completed', 'dismissed'] as const)
      sum[name] += report.counts?.[name] ?? 0
  const first = active[0]?.report
  return (
    <Funnel
      title="From showing to answer"
      counts={sum}
      definition={{
        text: `All surveys together: counts are added, rates are not averaged. ${first?.definition ?? ''}`,
      }}
    />
  )
}

/** Only where something is known of customers; the page of its own says how that comes about. */
function LifeCycle({ period }: { period: Period }): JSX.Element | null {
  const { value } = useCustomerReports(period)
  const told = value?.filter(hasData) ?? []
  if (told.length === 0) return null
  return (
    <section class="stack" aria-label="What becomes of customers">
      <h2>
        <Link page="customers">What becomes of customers</Link>
      </h2>
      <div class="cards small">
        {told.slice(0, 4).map((each) => (
          <CustomerCard key={each.metric} report={each} />
        ))}
      </div>
    </section>
  )
}

/** A row for each metric of each survey; a survey without any has one for its showings. */
interface Line {
  activity: Activity
  score: Report | null
}

function BySurvey({ active }: { active: readonly Activity[] }): JSX.Element {
  const lines = active.flatMap((activity): Line[] =>
    activity.scores.length === 0
      ? [{ activity, score: null }]
      : activity.scores.map((score) => ({ activity, score })),
  )
  const columns: Column<Line>[] = [
    {
      title: 'Survey',
      cell: ({ activity: { survey } }) => (
        <Link page="surveys" id={survey.id}>
          {survey.id}
        </Link>
      ),
    },
    {
      title: 'Metric',
      cell: ({ score }) =>
        score ? (metricNames[score.scale?.metric ?? score.metric] ?? score.metric) : 'none',
    },
    {
      title: 'Score',
      cell: ({ score }) =>
        score?.estimate.value == null ? 'none' : formatValue(score.estimate.value, score.unit),
      isNumber: true,
    },
    {
      title: 'Its 95 % interval',
      cell: ({ score }) =>
        score?.estimate.interval ? formatInterval(score.estimate.interval, score.unit) : 'none',
      isNumber: true,
    },
    { title: 'n', cell: ({ score }) => (score ? formatCount(score.estimate.n) : 'none'), isNumber: true },
    { title: 'Shown', cell: ({ activity }) => formatCount(countOf(activity, 'shown')), isNumber: true },
    { title: 'Answered', cell: ({ activity }) => formatCount(countOf(activity, 'answered')), isNumber: true },
    {
      title: 'Response rate',
      cell: ({ activity: { report } }) =>
        report.estimate.value === null
          ? 'none'
          : report.estimate.interval
            ? `${formatValue(report.estimate.value, 'percent')} (${formatInterval(report.estimate.interval, 'percent')})`
            : formatValue(report.estimate.value, 'percent'),
      isNumber: true,
    },
    {
      title: 'Completed of answered',
      cell: ({ activity }) => formatShare(countOf(activity, 'completed'), countOf(activity, 'answered')),
      isNumber: true,
    },
  ]
  return (
    <section class="panel" aria-label="Surveys of this period">
      <h2>Surveys of this period</h2>
      <Table
        caption="Surveys of this period"
        isCaptionHidden
        columns={columns}
        rows={lines}
        keyOf={({ activity, score }) => `${activity.survey.id} ${score?.metric}`}
      />
      <Together active={active} />
      <p class="soft section-title">
        Scores of different surveys are not averaged: they ask different people at different moments.
      </p>
    </section>
  )
}

const countOf = ({ report }: Activity, name: keyof Counts): number => report.counts?.[name] ?? 0

function Together({ active }: { active: readonly Activity[] }): JSX.Element {
  const sum = (name: keyof Counts): number => active.reduce((all, each) => all + countOf(each, name), 0)
  return (
    <p class="section-title">
      All together: shown {formatCount(sum('shown'))}, answered {formatCount(sum('answered'))} (
      {formatShare(sum('answered'), sum('shown'))}), completed {formatCount(sum('completed'))}. Counts are
      added, rates are of the sums.
    </p>
  )
}

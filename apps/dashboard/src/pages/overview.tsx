/** The overview: every metric of every survey with answers, how many answer at all, and what came in last. */
import type { JSX } from 'preact'
import { LiveContext, useLive } from '../api/live.ts'
import { readAll, readReport, reportsOf } from '../api/reports.ts'
import type { Reply } from '../api/request.ts'
import { type Counts, type Report, surveysShape, type SurveySummary } from '../api/shapes.ts'
import { useAsk, useKept, useLoad } from '../api/use.ts'
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

/** A survey with what became of its showings. */
interface Activity {
  survey: SurveySummary
  report: Report
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
  const { bounds } = period
  const key = `activity ${surveys.map((each) => each.id).join()} ${bounds.from} ${bounds.to}`
  const load = async (signal: AbortSignal): Promise<Reply<Activity[]>> => {
    const reply = await readAll(surveys, (each) =>
      readReport({ metric: 'response', survey: each.id }, period, signal),
    )
    if (!reply.ok) return reply
    return {
      ok: true,
      value: reply.value.flatMap((report, index) => {
        const survey = surveys[index]
        return survey ? [{ survey, report }] : []
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
  const wanted = active
    .toSorted((a, b) => (b.report.counts?.answered ?? 0) - (a.report.counts?.answered ?? 0))
    .flatMap(({ survey }) => reportsOf(survey).map((metric) => ({ metric, survey: survey.id })))
    .slice(0, mostCards)
  const { bounds } = period
  const key = `metrics ${JSON.stringify(wanted)} ${bounds.from} ${bounds.to}`
  const load = (signal: AbortSignal): Promise<Reply<Report[]>> =>
    readAll(wanted, (each) => readReport(each, period, signal))
  // One more answer may change the order, and with it the key.
  const reports = useKept(useLoad(key, load, true), `${bounds.from} ${bounds.to}`)
  return (
    <Ready asked={reports}>
      {(list) => (
        <div class="cards">
          {list.map((each) => (
            <MetricCard
              key={`${each.survey} ${each.metric}`}
              report={each}
              before={period.days && beforeText(period)}
            />
          ))}
        </div>
      )}
    </Ready>
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

function BySurvey({ active }: { active: readonly Activity[] }): JSX.Element {
  const columns: Column<Activity>[] = [
    {
      title: 'Survey',
      cell: ({ survey }) => (
        <Link page="surveys" id={survey.id}>
          {survey.id}
        </Link>
      ),
    },
    { title: 'Shown', cell: ({ report }) => formatCount(report.counts?.shown ?? 0), isNumber: true },
    { title: 'Answered', cell: ({ report }) => formatCount(report.counts?.answered ?? 0), isNumber: true },
    {
      title: 'Response rate',
      cell: ({ report: { estimate } }) =>
        estimate.value === null ? 'none' : formatValue(estimate.value, 'percent'),
      isNumber: true,
    },
    {
      title: '95 % interval',
      cell: ({ report: { estimate } }) =>
        estimate.interval ? formatInterval(estimate.interval, 'percent') : 'none',
      isNumber: true,
    },
    {
      title: 'Completed of answered',
      cell: ({ report: { counts } }) => (counts ? formatShare(counts.completed, counts.answered) : 'none'),
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
        rows={active}
        keyOf={({ survey }) => survey.id}
      />
    </section>
  )
}

/** Surveys: all of them, or one. */
import type { JSX } from 'preact'
import { useLoad, useAsk } from '../api/use.ts'
import { metricNames, readAll, readReport, titleOf } from '../api/reports.ts'
import type { Reply } from '../api/request.ts'
import { type Report, surveysShape, type SurveySummary } from '../api/shapes.ts'
import { formatCount, formatShare } from '../numbers/format.ts'
import { plainTitle } from '../numbers/answers.ts'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { PeriodPicker } from '../period/picker.tsx'
import { type Period, periodText } from '../period/period.ts'
import { usePeriod } from '../period/use.ts'
import { useMay } from '../shell/session.ts'
import type { PageProps } from '../shell/routes.tsx'
import { SurveyPage } from './survey.tsx'

export function Surveys({ id }: PageProps): JSX.Element {
  return id === null ? <SurveyTable /> : <SurveyPage id={id} />
}

function SurveyTable(): JSX.Element {
  const mayDefine = useMay('define')
  const period = usePeriod()
  const surveys = useAsk('/v1/surveys', surveysShape)
  return (
    <Page
      title="Surveys"
      lead={`What is asked, what for, and how many answered: ${periodText(period).toLowerCase()}.`}
      tools={
        <>
          <PeriodPicker />
          {mayDefine && (
            <Link page="editor" class="button">
              New survey
            </Link>
          )}
        </>
      }
    >
      <Ready asked={surveys}>
        {({ surveys: list }) =>
          list.length === 0 ? (
            <Empty title="There is no survey yet">
              {mayDefine ? (
                <Link page="editor">Make the first one</Link>
              ) : (
                'Somebody with the role analyst or admin can make one.'
              )}
            </Empty>
          ) : (
            <Rows surveys={list} period={period} />
          )
        }
      </Ready>
    </Page>
  )
}

function Rows({ surveys, period }: { surveys: readonly SurveySummary[]; period: Period }): JSX.Element {
  const { from, to } = period.bounds
  const ids = surveys.map((each) => each.id)
  const reports = useLoad(`activity ${ids.join()} ${from} ${to}`, (signal): Promise<Reply<Report[]>> =>
    readAll(ids, (survey) => readReport({ metric: 'response', survey }, period, signal)),
  )
  const countsOf = (survey: string): Report['counts'] =>
    reports.value?.find((each) => each.survey === survey)?.counts ?? null
  return (
    <section class="panel">
      {reports.fault && <Ready asked={reports}>{() => null}</Ready>}
      <Table<SurveySummary>
        caption="All surveys"
        columns={[
          {
            title: 'Survey',
            cell: ({ id, survey }) => (
              <>
                <Link page="surveys" id={id}>
                  {id}
                </Link>
                <br />
                <span class="soft">{plainTitle(titleOf(survey))}</span>
              </>
            ),
          },
          {
            title: 'Measures',
            cell: ({ metrics }) => metrics.map((each) => metricNames[each] ?? each).join(', ') || 'none',
          },
          { title: 'Purpose', cell: ({ survey }) => survey.purpose ?? <span class="soft">not said</span> },
          { title: 'Owner', cell: ({ survey }) => survey.owner ?? <span class="soft">not said</span> },
          { title: 'Version', cell: ({ version }) => version, isNumber: true },
          {
            title: 'Shown',
            cell: ({ id }) => formatCount(countsOf(id)?.shown ?? 0),
            isNumber: true,
          },
          {
            title: 'Answered',
            cell: ({ id }) => {
              const counts = countsOf(id)
              return counts && counts.shown > 0
                ? `${formatCount(counts.answered)} · ${formatShare(counts.answered, counts.shown)}`
                : '0'
            },
            isNumber: true,
          },
        ]}
        rows={surveys}
        keyOf={({ id }) => id}
      />
    </section>
  )
}

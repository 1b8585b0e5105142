/** One survey: its numbers, how they came about, who answered what, and what is asked. */
import type { JSX } from 'preact'
import { LiveContext, useLive } from '../api/live.ts'
import { readAll, readQuestions, readReport, reportsOf, titleOf } from '../api/reports.ts'
import { type Report, surveyHistoryShape, type SurveySummary } from '../api/shapes.ts'
import { useAsk, useLoad } from '../api/use.ts'
import { plainTitle } from '../numbers/answers.ts'
import { askedIn, choicesOf, isCounted, nameOf } from '../numbers/counted.ts'
import { LiveMark } from '../parts/liveMark.tsx'
import { MetricCard } from '../parts/metricCard.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import { SelectField } from '../parts/fields.tsx'
import { PeriodPicker } from '../period/picker.tsx'
import { beforeText, intervals, type Period, periodText, usualInterval } from '../period/period.ts'
import { usePeriod } from '../period/use.ts'
import { Choices } from '../charts/choices.tsx'
import { Distribution } from '../charts/distribution.tsx'
import { Funnel } from '../charts/funnel.tsx'
import { Together } from '../charts/together.tsx'
import { DropOffs } from '../charts/dropOffs.tsx'
import { TrendOf } from '../parts/trendOf.tsx'
import { setQuery, usePlace } from '../shell/place.ts'
import { useMay } from '../shell/session.ts'
import { Tabs } from '../parts/tabs.tsx'
import { Segments } from './segments.tsx'
import { Comments } from './comments.tsx'
import { Questions } from './questions.tsx'
import { useWhere, WhereFilter } from '../where/filter.tsx'
import { answerChoices } from '../where/where.ts'
import { ExportButtons } from '../parts/exportButtons.tsx'

export function SurveyPage({ id }: { id: string }): JSX.Element {
  const period = usePeriod()
  const { query } = usePlace()
  const history = useAsk(`/v1/surveys/${encodeURIComponent(id)}`, surveyHistoryShape, true)
  const view = query.get('view') ?? ''
  const where = useWhere()
  const live = useLive(useMay('responses'), id)
  const title = history.value ? plainTitle(titleOf(history.value.survey)) : id
  return (
    <LiveContext.Provider value={live}>
      <Page
        title={title}
        lead={
          <>
            <code>{id}</code>
            {history.value?.survey.purpose && `, ${history.value.survey.purpose}`}
            {history.value?.survey.owner && ` Owner: ${history.value.survey.owner}.`}
          </>
        }
        tools={
          <>
            <LiveMark />
            <PeriodPicker />
          </>
        }
      >
        <Tabs
          query={{ where }}
          label="Parts of this survey"
          page="surveys"
          id={id}
          current={view}
          tabs={[
            ['', 'Numbers'],
            ['segments', 'Segments'],
            ['comments', 'Comments'],
            ['questions', 'Questions and versions'],
          ]}
        />
        <Ready asked={history}>
          {(survey) =>
            view === 'segments' ? (
              <>
                <Which survey={survey} period={period} />
                <Segments survey={survey} period={period} />
              </>
            ) : view === 'comments' ? (
              <>
                {where.length > 0 && (
                  <p class="note">Themes are of all answers; conditions do not narrow them.</p>
                )}
                <Comments survey={survey} period={period} />
              </>
            ) : view === 'questions' ? (
              <Questions survey={survey} versions={survey.versions} />
            ) : (
              <>
                <Which survey={survey} period={period} />
                <Numbers survey={survey} period={period} />
              </>
            )
          }
        </Ready>
      </Page>
    </LiveContext.Provider>
  )
}

function Which({ survey, period }: { survey: SurveySummary; period: Period }): JSX.Element {
  return <WhereFilter choices={answerChoices(survey)} of="answers" period={period} survey={survey.id} />
}

function Numbers({ survey, period }: { survey: SurveySummary; period: Period }): JSX.Element {
  const { query } = usePlace()
  const where = useWhere()
  const { from, to } = period.bounds
  const chosen = query.get('interval')
  const interval = intervals.find((each) => each === chosen) ?? usualInterval(period)
  // A trend has to begin somewhere; what is empty at its beginning is left out.
  const whole: Period =
    from === null ? { ...period, bounds: { from: '2015-01-01T00:00:00.000Z', to } } : period
  const metrics = [...reportsOf(survey), 'response']
  // Others than the first of each metric: choices, yes or no, a second scale.
  const isMore = survey.survey.questions.filter(isCounted).length > metrics.length - 1
  const reports = useLoad(
    `${survey.id} ${metrics.join()} ${from} ${to} ${period.zone} ${interval} ${JSON.stringify(where)}`,
    async (signal) => {
      const common = { survey: survey.id, interval, where }
      const [found, more] = await Promise.all([
        readAll(metrics, (metric) =>
          // Where people stop is counted for all only.
          readReport(
            { ...common, metric, ...(metric === 'response' && where.length === 0 && { by: 'question' }) },
            whole,
            signal,
          ),
        ),
        isMore ? readQuestions(common, whole, signal) : ({ ok: true, value: [] } as const),
      ])
      if (!found.ok || more.ok)
        return found.ok && more.ok ? { ok: true, value: [...found.value, ...more.value] } : found
      return more
    },
    true,
  )
  return (
    <Ready asked={reports}>
      {(list) => {
        const asked = list.filter((each) => each.metric === 'question')
        const scored = list.filter((each) => each.metric !== 'response' && each.metric !== 'question')
        const beside = asked.filter((each) => scored.every(({ question }) => question !== each.question))
        const rate = list.find((each) => each.metric === 'response')
        if (!rate || (rate.counts?.shown ?? 0) === 0)
          return where.length > 0 ? (
            <Empty title="Nobody, or too few">
              Fewer than {rate?.minimum ?? 10} of those who were asked meet the conditions above: a number of
              so few tells little, and it may tell who said it. Take one away, or choose a longer period.
            </Empty>
          ) : (
            <Empty title="Nobody was asked in this period">
              Choose a longer period above ({periodText(period).toLowerCase()} is chosen), or look at what has
              to happen before it is shown, under “Questions and versions”.
            </Empty>
          )
        return (
          <div class="stack">
            <div class="cards">
              {[...inOrder([...scored, ...beside], survey), rate].map((each) => (
                <MetricCard
                  key={`${each.metric} ${each.question}`}
                  report={each}
                  before={period.days && beforeText(period)}
                  isLinked={false}
                  {...(asked.length > 1 &&
                    each.question !== null && {
                      about: { name: nameOf(each, survey.survey), asked: askedIn(survey.survey, each) },
                    })}
                />
              ))}
            </div>
            <div class="row">
              <SelectField
                label="Trend by"
                value={interval}
                options={intervals.map((each) => [each, each] as const)}
                onValue={(value) => setQuery({ interval: value })}
              />
              <ExportButtons survey={survey.id} period={period} />
            </div>
            <Together survey={survey.survey} reports={asked} />
            {inOrder([...scored, ...beside], survey).map((each) => (
              <Counted
                key={`${each.metric} ${each.question}`}
                report={each}
                survey={survey}
                isOneOfMany={asked.length > 1}
              />
            ))}
            <div class="pair">
              <Funnel
                title="From showing to answer"
                counts={rate.counts ?? { shown: 0, answered: 0, completed: 0, dismissed: 0 }}
                definition={{ text: rate.definition, notes: rate.notes }}
              />
              <TrendOf report={rate} title="Response rate over time" />
            </div>
            {rate.dropOff && rate.dropOff.length > 1 && <DropOffs survey={survey} report={rate} />}
          </div>
        )
      }}
    </Ready>
  )
}

/** In the order of the questions. */
function inOrder(reports: readonly Report[], { survey }: SurveySummary): Report[] {
  const place = ({ question }: Report): number => survey.questions.findIndex((each) => each.id === question)
  return reports.toSorted((a, b) => place(a) - place(b))
}

interface CountedProps {
  report: Report
  survey: SurveySummary
  isOneOfMany: boolean
}

function Counted({ report, survey, isOneOfMany }: CountedProps): JSX.Element {
  const name = nameOf(report, survey.survey)
  const asked = isOneOfMany ? askedIn(survey.survey, report) : null
  return (
    <div class="pair">
      {report.scale ? (
        <Distribution report={report} asked={asked} />
      ) : (
        <Choices report={report} choices={choicesOf(report)} asked={askedIn(survey.survey, report)} />
      )}
      <TrendOf report={report} title={asked === null ? `${name} over time` : `${name} over time: ${asked}`} />
    </div>
  )
}

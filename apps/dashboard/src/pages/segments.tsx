/** A metric by what is known of those who answered, and two groups beside each other. */
import type { JSX } from 'preact'
import { lowerIsBetter, metricNames, rangeOf, reportPath, reportsOf } from '../api/reports.ts'
import { type Report, reportShape, type Segment, type SurveySummary } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { SegmentPlot } from '../charts/segmentPlot.tsx'
import { verdictOf, verdictTexts } from '../numbers/change.ts'
import { changeUnit, formatChange, formatValue, valueText } from '../numbers/format.ts'
import { numberColumns } from '../parts/numberColumns.ts'
import { SelectField, TextField } from '../parts/fields.tsx'
import { Empty, Ready } from '../parts/states.tsx'
import type { Column } from '../parts/table.tsx'
import type { Period } from '../period/period.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import { useWhere } from '../where/filter.tsx'
import { attributesOf } from '../where/where.ts'
import { Comparison } from './comparison.tsx'

interface SegmentsProps {
  survey: SurveySummary
  period: Period
}

export function Segments({ survey, period }: SegmentsProps): JSX.Element {
  const { query } = usePlace()
  const where = useWhere()
  const metrics = [...reportsOf(survey), 'response']
  const metric = metrics.find((each) => each === query.get('metric')) ?? metrics[0] ?? 'response'
  const by = query.get('by') ?? 'touchpoint'
  const trait = by.startsWith('trait.') ? by.slice('trait.'.length) : ''
  const choices = attributesOf(survey)
  const isKnown = choices.some(([name]) => name === by)
  const isAsked = by !== 'trait.'
  const report = useAsk(
    isAsked ? reportPath({ metric, survey: survey.id, by, where }, period) : null,
    reportShape,
    true,
  )
  return (
    <div class="stack">
      <div class="filters">
        <SelectField
          label="Metric"
          value={metric}
          options={metrics.map((each) => [each, metricNames[each] ?? each] as const)}
          onValue={(next) => setQuery({ metric: next, one: null, other: null })}
        />
        <SelectField
          label="Split by"
          value={isKnown ? by : 'trait.'}
          options={[...choices, ['trait.', 'Trait of the person']]}
          onValue={(next) => setQuery({ by: next, one: null, other: null })}
        />
        {!isKnown && (
          <TextField
            label="Name of the trait"
            hint="As the page gives it, for example plan."
            value={trait}
            onText={(text) => setQuery({ by: `trait.${text.trim()}`, one: null, other: null })}
          />
        )}
      </div>
      {isAsked && (
        <Ready asked={report}>
          {(value) => <Found survey={survey} period={period} report={value} by={by} />}
        </Ready>
      )}
    </div>
  )
}

interface FoundProps extends SegmentsProps {
  report: Report
  by: string
}

function Found({ survey, period, report, by }: FoundProps): JSX.Element {
  const { rows, more } = report.segments ?? { rows: [], more: 0 }
  const told = rows.filter((each) => !each.isHidden)
  if (rows.length === 0)
    return (
      <Empty title="Nobody has answered in this period">
        Choose a longer period, fewer conditions, or another survey.
      </Empty>
    )
  return (
    <>
      <SegmentPlot
        title={`${metricNames[report.scale?.metric ?? report.metric] ?? report.metric} by ${by}`}
        report={report}
        rows={told}
        all={rows}
        range={rangeOf(report)}
        columns={columnsOf(report)}
        more={more}
      />
      {rows.length > told.length && (
        <p class="note">
          {rows.length - told.length} of {rows.length} {rows.length === 1 ? 'group' : 'groups'} with fewer
          than {report.minimum} answers {rows.length - told.length === 1 ? 'is' : 'are'} not shown: a number
          of so few tells little, and it may tell who said it. A longer period brings more of them.
        </p>
      )}
      {rows.length > 1 && <Comparison survey={survey} period={period} report={report} by={by} />}
    </>
  )
}

function columnsOf(report: Report): Column<Segment>[] {
  const { unit } = report
  return [
    { title: 'Group', cell: ({ value }) => valueText(value) },
    ...numberColumns(unit),
    {
      title: 'Share of n',
      cell: ({ share }) => (share === null ? '–' : formatValue(share, 'percent')),
      isNumber: true,
    },
    {
      title: 'Against all others',
      cell: ({ rest }) => {
        if (!rest || rest.difference.value === null) return 'not compared'
        const verdict = verdictOf(rest, lowerIsBetter(report))
        return `${formatChange(rest.difference.value, unit)} ${changeUnit(unit)}: ${verdictTexts[verdict]}`
      },
    },
  ]
}

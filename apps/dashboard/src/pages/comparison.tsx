/** Two groups beside each other: the difference, its interval, and whether it may be chance. */
import type { JSX } from 'preact'
import { lowerIsBetter } from '../api/reports.ts'
import { withQuery } from '../api/query.ts'
import { type Compare, compareShape, type Report, type SurveySummary } from '../api/shapes.ts'
import { useAsk } from '../api/use.ts'
import { verdictOf, verdictTexts } from '../numbers/change.ts'
import { changeUnit, formatChange, formatReach, valueText } from '../numbers/format.ts'
import { Definition } from '../parts/definition.tsx'
import { numberColumns } from '../parts/numberColumns.ts'
import { SelectField } from '../parts/fields.tsx'
import { Ready } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import type { Period } from '../period/period.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import { useWhere } from '../where/filter.tsx'

/** Stands for "all others" in the choice; no value begins with a space. */
const others = ' others'

interface ComparisonProps {
  survey: SurveySummary
  period: Period
  report: Report
  by: string
}

export function Comparison({ survey, period, report, by }: ComparisonProps): JSX.Element {
  const { query } = usePlace()
  const where = useWhere()
  const rows = report.segments?.rows ?? []
  const names = rows.map(({ value }) => value ?? '')
  const one = query.get('one') ?? names[0] ?? ''
  const other = query.get('other') ?? others
  const asked = useAsk(
    withQuery('/v1/reports/compare', {
      metric: report.metric,
      survey: survey.id,
      by,
      where,
      ...period.bounds,
      timezone: period.zone,
    }) + `&one=${encodeURIComponent(one)}${other === others ? '' : `&other=${encodeURIComponent(other)}`}`,
    compareShape,
    true,
  )
  const options = rows.map(({ value }) => [value ?? '', valueText(value)] as const)
  return (
    <section class="panel" aria-label="Comparison">
      <h2>Compare two groups</h2>
      <div class="filters">
        <SelectField
          label="First group"
          value={one}
          options={options}
          onValue={(next) => setQuery({ one: next })}
        />
        <SelectField
          label="Second group"
          value={other}
          options={[[others, 'All others'], ...options.filter(([value]) => value !== one)]}
          onValue={(next) => setQuery({ other: next === others ? null : next })}
        />
      </div>
      <Ready asked={asked}>{(value) => <Compared compare={value} report={report} />}</Ready>
    </section>
  )
}

function Compared({ compare, report }: { compare: Compare; report: Report }): JSX.Element {
  const { comparison, groups, unit, minimum } = compare
  const nameOf = (group: Compare['groups'][number]): string =>
    group.isRest ? 'All others' : valueText(group.value)
  return (
    <>
      {comparison && comparison.difference.value !== null ? (
        <p class={`change ${verdictOf(comparison, lowerIsBetter(report))}`}>
          <strong>{formatChange(comparison.difference.value, unit)}</strong> {changeUnit(unit)}:{' '}
          {verdictTexts[verdictOf(comparison, lowerIsBetter(report))]}
          {comparison.difference.interval && (
            <> (95 % interval {formatReach(comparison.difference.interval, unit)})</>
          )}
          . It shows what goes together, not what causes what.
        </p>
      ) : (
        <p class="soft">
          These two cannot be compared: a group of fewer than {minimum} answers is not shown.
        </p>
      )}
      <Table
        caption="The two groups"
        isCaptionHidden
        columns={[{ title: 'Group', cell: nameOf }, ...numberColumns(unit)]}
        rows={groups}
        keyOf={(group) => `${group.isRest} ${group.value}`}
      />
      <Definition of="the comparison" text={compare.definition} notes={compare.notes} />
    </>
  )
}

/** The trend of a report. */
import type { JSX } from 'preact'
import { rangeOf } from '../api/reports.ts'
import type { Report } from '../api/shapes.ts'
import { Trend } from '../charts/trend.tsx'

export function TrendOf({ report, title }: { report: Report; title: string }): JSX.Element {
  const points = report.trend?.points ?? []
  const first = points.findIndex((each) => each.estimate.n > 0)
  const revised = points.filter((each) => each.isRevised).length
  const notes =
    revised > 0
      ? [
          `${revised} ${revised === 1 ? 'part has' : 'parts have'} changed after the end: answers arrived late and count where they belong.`,
        ]
      : []
  return (
    <Trend
      title={title}
      points={points
        .slice(Math.max(first, 0))
        .map(({ name, estimate, isRevised }) => ({ name, estimate, isRevised }))}
      interval={report.trend?.interval ?? 'day'}
      unit={report.unit}
      range={rangeOf(report)}
      definition={{ text: report.definition, notes }}
    />
  )
}

/** Groups below each other: the value of each as a dot on the bar of its interval. */
import type { JSX } from 'preact'
import type { Report, Segment } from '../api/shapes.ts'
import { formatValue, valueText } from '../numbers/format.ts'
import type { Column } from '../parts/table.tsx'
import { cut } from './dropOffs.tsx'
import { DotRows } from './dotRows.tsx'
import { Figure } from './figure.tsx'
import { along, axisOf } from './scale.ts'
import { useWidth } from './width.ts'

interface PlotProps {
  title: string
  report: Report
  /** Groups that are large enough to be shown. */
  rows: readonly Segment[]
  /** All of them, for the table. */
  all: readonly Segment[]
  range: readonly [number, number]
  columns: readonly Column<Segment>[]
  /** How many groups there are besides. */
  more: number
}

export function SegmentPlot({ title, report, rows, all, range, columns, more }: PlotProps): JSX.Element {
  const [ref, width] = useWidth()
  const { unit } = report
  const ends = rows.flatMap(({ estimate: { value, interval } }) => [value ?? 0, ...(interval ?? [])])
  const axis = axisOf(ends.length > 0 ? ends : [...range], range)
  const x = (value: number): number => 4 + along(axis, value) * (width - 8)
  return (
    <Figure<Segment>
      title={title}
      caption={captionOf(rows, report, more)}
      columns={columns}
      rows={all}
      keyOf={({ value }) => String(value)}
      definition={{ text: report.definition, notes: report.notes }}
    >
      {rows.length > 0 && (
        <DotRows
          svg={ref}
          width={width}
          x={x}
          ticks={axis.ticks}
          unit={unit}
          rows={rows.map(({ value, estimate, responses }) => ({
            key: String(value),
            label: cut(valueText(value), Math.floor(width / 8) - 16),
            estimate,
            responses,
          }))}
        />
      )}
    </Figure>
  )
}

function captionOf(rows: readonly Segment[], { unit }: Report, more: number): string {
  if (rows.length === 0) return 'No group is large enough to be shown.'
  const sorted = rows.toSorted((a, b) => (b.estimate.value ?? 0) - (a.estimate.value ?? 0))
  const [top, last] = [sorted[0], sorted.at(-1)]
  const said = (each: Segment | undefined): string =>
    `${valueText(each?.value ?? null)} with ${formatValue(each?.estimate.value ?? 0, unit)}`
  const rest = more > 0 ? ` ${more} more are left out.` : ''
  if (rows.length === 1) return `One group is large enough: ${said(top)}.${rest}`
  return `Highest is ${said(top)}, lowest ${said(last)}. The bar is the 95 % interval; whether two groups differ is told by the comparison, not by the bars.${rest}`
}

/** Groups below each other: the value of each as a dot on the bar of its interval. */
import type { JSX } from 'preact'
import type { Report, Segment } from '../api/shapes.ts'
import { formatCount, formatValue, valueText } from '../numbers/format.ts'
import type { Column } from '../parts/table.tsx'
import { cut } from './dropOffs.tsx'
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

const row = 44
const bottom = 24

export function SegmentPlot({ title, report, rows, all, range, columns, more }: PlotProps): JSX.Element {
  const [ref, width] = useWidth()
  const { unit } = report
  const ends = rows.flatMap(({ estimate: { value, interval } }) => [value ?? 0, ...(interval ?? [])])
  const axis = axisOf(ends.length > 0 ? ends : [...range], range)
  const x = (value: number): number => 4 + along(axis, value) * (width - 8)
  const height = row * rows.length + bottom
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
        <svg class="chart" ref={ref} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          {axis.ticks.map((tick, index) => (
            <g key={tick}>
              {rows.map(({ value }, place) => (
                <line
                  key={String(value)}
                  class="grid"
                  x1={x(tick)}
                  x2={x(tick)}
                  y1={row * place + 22}
                  y2={row * place + 38}
                />
              ))}
              <text
                class={`label ${index === 0 ? 'start' : index === axis.ticks.length - 1 ? 'end' : ''}`}
                x={x(tick)}
                y={height - 6}
              >
                {formatValue(tick, unit)}
              </text>
            </g>
          ))}
          {rows.map(({ value, estimate, responses }, index) => {
            const middle = row * index + 30
            return (
              <g key={String(value)}>
                <text class="label start strong" x="0" y={row * index + 16}>
                  {cut(valueText(value), Math.floor(width / 8) - 16)}
                </text>
                <text class="label end" x={width} y={row * index + 16}>
                  {formatValue(estimate.value ?? 0, unit)} · n {formatCount(responses)}
                </text>
                {estimate.interval && (
                  <rect
                    class="band"
                    x={x(estimate.interval[0])}
                    y={middle - 4}
                    width={Math.max(1, x(estimate.interval[1]) - x(estimate.interval[0]))}
                    height="8"
                    rx="4"
                  />
                )}
                <circle class="dot" cx={x(estimate.value ?? 0)} cy={middle} r="4" />
              </g>
            )
          })}
        </svg>
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

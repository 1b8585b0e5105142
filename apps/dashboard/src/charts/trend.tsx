/** A metric over time, with the band of its interval. */
import type { JSX } from 'preact'
import type { Estimate } from '../api/shapes.ts'
import { formatCount, formatInterval, formatValue, type Unit } from '../numbers/format.ts'
import { formatPart } from '../period/period.ts'
import { along, axisOf } from './scale.ts'
import { Figure } from './figure.tsx'
import { useWidth } from './width.ts'

/** A part of the period. */
export interface TrendPoint {
  /** As the collector names it: `2026-11-21`, of months `2026-11`, of years `2026`. */
  name: string
  estimate: Estimate
  /** Whether answers arrived after its end. */
  isRevised: boolean
}

interface TrendProps {
  title: string
  points: readonly TrendPoint[]
  /** How long each of them is: `day`, `week`, … */
  interval: string
  unit: Unit
  /** Ends of the metric. */
  range: readonly [number, number]
  definition: { text: string; notes?: readonly string[] }
}

const height = 220
const left = 44
const right = 12
const top = 14
const bottom = 30

/** Gaps stay gaps: where nobody answered, there is no line. */
export function Trend({ title, points, interval, unit, range, definition }: TrendProps): JSX.Element {
  const [ref, width] = useWidth()
  const told = points.filter((each) => each.estimate.value !== null)
  const ends = told.flatMap(({ estimate }) => [estimate.value ?? 0, ...(estimate.interval ?? [])])
  const axis = axisOf(ends.length > 0 ? ends : [...range], range)
  const x = (index: number): number =>
    left + (points.length < 2 ? 0.5 : index / (points.length - 1)) * (width - left - right)
  const y = (value: number): number => height - bottom - along(axis, value) * (height - top - bottom)
  const runs = runsOf(points)
  return (
    <Figure<TrendPoint>
      title={title}
      caption={captionOf(told, interval, unit)}
      columns={[
        {
          title: interval === 'day' ? 'Day' : `First day of the ${interval}`,
          cell: (point) => `${formatPart(point.name)}${point.isRevised ? ', revised' : ''}`,
        },
        {
          title: 'Value',
          cell: ({ estimate: { value } }) => (value === null ? 'none' : formatValue(value, unit)),
          isNumber: true,
        },
        {
          title: '95 % interval',
          cell: ({ estimate }) => (estimate.interval ? formatInterval(estimate.interval, unit) : 'none'),
          isNumber: true,
        },
        { title: 'n', cell: (point) => formatCount(point.estimate.n), isNumber: true },
      ]}
      rows={points}
      keyOf={(point) => point.name}
      definition={definition}
    >
      <svg class="chart" ref={ref} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {axis.ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
            <text class="label end" x={left - 8} y={y(tick) + 4}>
              {formatValue(tick, unit)}
            </text>
          </g>
        ))}
        {runs.map((run) => (
          <path key={`band ${run[0]}`} class="band" d={bandPath(run, points, x, y)} />
        ))}
        {runs.map((run) => (
          <path
            key={`line ${run[0]}`}
            class="line"
            d={run
              .map(
                (index, at) => `${at === 0 ? 'M' : 'L'}${x(index)} ${y(points[index]?.estimate.value ?? 0)}`,
              )
              .join('')}
          />
        ))}
        {points.map(({ name, estimate: { value } }, index) =>
          value === null ? null : (
            <circle key={name} class="dot" cx={x(index)} cy={y(value)} r={points.length > 40 ? 2 : 3} />
          ),
        )}
        {labelled(points.length, width).map((index) => (
          <text
            key={index}
            class={`label ${index === 0 ? 'start' : index === points.length - 1 ? 'end' : ''}`}
            x={index === 0 ? left : index === points.length - 1 ? width - right : x(index)}
            y={height - 8}
          >
            {formatPart(points[index]?.name ?? '')}
          </text>
        ))}
      </svg>
    </Figure>
  )
}

/** Neighbours that have a value, by their places. */
function runsOf(points: readonly TrendPoint[]): number[][] {
  const runs: number[][] = []
  let run: number[] = []
  for (const [index, { estimate }] of points.entries()) {
    if (estimate.value === null) {
      run = []
      continue
    }
    if (run.length === 0) runs.push(run)
    run.push(index)
  }
  return runs
}

function bandPath(
  run: readonly number[],
  points: readonly TrendPoint[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const endsAt = (index: number): readonly [number, number] => {
    const { value, interval: ends } = points[index]?.estimate ?? { value: 0, interval: null }
    return ends ?? [value ?? 0, value ?? 0]
  }
  const upper = run.map((index) => `${x(index)} ${y(endsAt(index)[1])}`)
  const lower = run.toReversed().map((index) => `${x(index)} ${y(endsAt(index)[0])}`)
  return `M${[...upper, ...lower].join('L')}Z`
}

/** First, last, and one between where there is room. */
function labelled(count: number, width: number): number[] {
  if (count < 2) return count === 1 ? [0] : []
  return count < 5 || width < 400 ? [0, count - 1] : [0, Math.floor((count - 1) / 2), count - 1]
}

function captionOf(told: readonly TrendPoint[], interval: string, unit: Unit): string {
  const [first, last] = [told[0], told.at(-1)]
  if (!first || !last || first.estimate.value === null || last.estimate.value === null)
    return 'Nobody has answered in this period.'
  if (first === last)
    return `There are answers in one ${interval} only, ${formatPart(first.name)}. Choose a longer period to see a change.`
  const said = (point: TrendPoint): string =>
    `${formatValue(point.estimate.value ?? 0, unit)} (n ${formatCount(point.estimate.n)})`
  return `By ${interval}: ${said(first)} at first, ${formatPart(first.name)}; ${said(last)} at last, ${formatPart(last.name)}. The band is the 95 % interval of each.`
}

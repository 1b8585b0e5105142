/** Rows below each other on one axis: the value of each as a dot on the bar of its interval. */
import type { JSX, Ref } from 'preact'
import type { Report } from '../api/shapes.ts'
import { formatCount, formatValue } from '../numbers/format.ts'

interface DotRow extends Pick<Report, 'estimate' | 'responses'> {
  key: string
  /** As much of it as there is room for. */
  label: string
}

interface DotRowsProps {
  svg: Ref<SVGSVGElement>
  width: number
  /** Where a value is. */
  x(value: number): number
  ticks: readonly number[]
  unit: Report['unit']
  rows: readonly DotRow[]
}

const row = 44
const bottom = 24

export function DotRows({ svg, width, x, ticks, unit, rows }: DotRowsProps): JSX.Element {
  const height = row * rows.length + bottom
  return (
    <svg class="chart" ref={svg} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {ticks.map((tick, index) => (
        <g key={tick}>
          {rows.map(({ key }, place) => (
            <line
              key={key}
              class="grid"
              x1={x(tick)}
              x2={x(tick)}
              y1={row * place + 22}
              y2={row * place + 38}
            />
          ))}
          <text
            class={`label ${index === 0 ? 'start' : index === ticks.length - 1 ? 'end' : ''}`}
            x={x(tick)}
            y={height - 6}
          >
            {formatValue(tick, unit)}
          </text>
        </g>
      ))}
      {rows.map(({ key, label, estimate, responses }, index) => {
        const middle = row * index + 30
        return (
          <g key={key}>
            <text class="label start strong" x="0" y={row * index + 16}>
              {label}
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
  )
}

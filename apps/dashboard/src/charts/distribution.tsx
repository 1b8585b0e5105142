/** How often each score was given. */
import type { JSX } from 'preact'
import type { Report } from '../api/shapes.ts'
import { formatCount, formatShare } from '../numbers/format.ts'
import { sideOf } from '../numbers/bands.ts'
import { Figure } from './figure.tsx'
import { useWidth } from './width.ts'

type Bar = Report['distribution'][number]

const height = 168
const floor = 140
const top = 18

interface DistributionProps {
  report: Report
  /** What was asked, where several questions stand below each other. */
  asked?: string | null
}

/** Bars with their counts above them; bands are told apart by colour and by pattern, and named below. */
export function Distribution({ report, asked = null }: DistributionProps): JSX.Element {
  const bars = report.distribution
  const all = bars.reduce((sum, each) => sum + each.count, 0)
  const most = Math.max(...bars.map((each) => each.count), 1)
  const [ref, width] = useWidth()
  const step = width / bars.length
  const bands = bandsOf(bars)
  return (
    <Figure<Bar>
      title={asked === null ? 'Distribution' : `Distribution: ${asked}`}
      caption={captionOf(bars, all)}
      columns={[
        { title: 'Score', cell: (bar) => bar.score },
        { title: 'Group', cell: (bar) => bar.band },
        { title: 'Answers', cell: (bar) => formatCount(bar.count), isNumber: true },
        { title: 'Share', cell: (bar) => formatShare(bar.count, all), isNumber: true },
      ]}
      rows={bars}
      keyOf={(bar) => String(bar.score)}
      definition={{ text: report.definition, notes: report.notes }}
    >
      <svg class="chart" ref={ref} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {bars.map(({ score, count, band }, index) => {
          const tall = (count / most) * (floor - top)
          const x = index * step
          return (
            <g key={score}>
              <rect
                class={`bar ${sideOf(band)}`}
                x={x + step * 0.12}
                y={floor - Math.max(tall, count > 0 ? 1.5 : 0)}
                width={step * 0.76}
                height={Math.max(tall, count > 0 ? 1.5 : 0)}
                rx={Math.min(4, step * 0.1)}
              />
              <text class="value" x={x + step / 2} y={floor - tall - 5}>
                {count > 0 ? formatShare(count, all).replace(' %', '') : ''}
              </text>
              <text class="label" x={x + step / 2} y={height - 8}>
                {score}
              </text>
            </g>
          )
        })}
        <line class="axis" x1="0" x2={width} y1={floor} y2={floor} />
      </svg>
      <ul class="legend">
        {bands.map(({ band, count, scores }) => (
          <li key={band}>
            <span class={`swatch ${sideOf(band)}`} aria-hidden="true" />
            {band} ({scores}): {formatCount(count)}, {formatShare(count, all)}
          </li>
        ))}
      </ul>
    </Figure>
  )
}

/** Groups from bad to good, with the scores that belong to them. */
function bandsOf(bars: readonly Bar[]): { band: string; count: number; scores: string }[] {
  const found = new Map<string, Bar[]>()
  for (const bar of bars) found.set(bar.band, [...(found.get(bar.band) ?? []), bar])
  return [...found]
    .map(([band, list]) => {
      const scores = list.map((each) => each.score)
      const [first = 0, last = first] = [scores[0], scores.at(-1)]
      return {
        band,
        count: list.reduce((sum, each) => sum + each.count, 0),
        scores: first === last ? String(first) : `${first} to ${last}`,
      }
    })
    .toSorted((a, b) => order.indexOf(sideOf(a.band)) - order.indexOf(sideOf(b.band)))
}

const order: readonly string[] = ['bad', 'middle', 'good']

function captionOf(bars: readonly Bar[], all: number): string {
  if (all === 0) return 'Nobody has answered in this period.'
  const commonest = bars.reduce((best, each) => (each.count > best.count ? each : best))
  return `${formatCount(all)} ${all === 1 ? 'answer' : 'answers'}. The most frequent score is ${commonest.score}, given by ${formatShare(commonest.count, all)}. The figures over the bars are percent.`
}

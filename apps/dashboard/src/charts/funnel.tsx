/** From the showing of a survey to its end: how many came how far. */
import type { JSX } from 'preact'
import type { Counts } from '../api/shapes.ts'
import { formatCount, formatShare } from '../numbers/format.ts'
import { Figure } from './figure.tsx'
import { useWidth } from './width.ts'

interface Step {
  name: string
  count: number
  /** Of what the share is. */
  of: string
  base: number
}

const row = 44

export function Funnel({
  title,
  counts,
  definition,
}: {
  title: string
  counts: Counts
  definition: { text: string; notes?: readonly string[] }
}): JSX.Element {
  const [ref, width] = useWidth()
  const { shown, answered, completed, dismissed } = counts
  const steps: Step[] = [
    { name: 'Shown', count: shown, of: 'of shown', base: shown },
    { name: 'Answered', count: answered, of: 'of shown', base: shown },
    { name: 'Completed', count: completed, of: 'of answered', base: answered },
    { name: 'Closed early', count: dismissed, of: 'of shown', base: shown },
  ]
  return (
    <Figure<Step>
      title={title}
      caption={
        shown === 0
          ? 'Nothing was shown in this period.'
          : `Of ${formatCount(shown)} showings, ${formatShare(answered, shown)} led to an answer; of those who answered, ${formatShare(completed, answered)} went on to the end.`
      }
      columns={[
        { title: 'Step', cell: (step) => step.name },
        { title: 'Showings', cell: (step) => formatCount(step.count), isNumber: true },
        {
          title: 'Share',
          cell: (step) => `${formatShare(step.count, step.base)} ${step.of}`,
          isNumber: true,
        },
      ]}
      rows={steps}
      keyOf={(step) => step.name}
      definition={definition}
    >
      <svg class="chart" ref={ref} viewBox={`0 0 ${width} ${row * steps.length}`} aria-hidden="true">
        {steps.map(({ name, count, of, base }, index) => (
          <g key={name}>
            <text class="label start strong" x="0" y={row * index + 14}>
              {name}
            </text>
            <text class="label end" x={width} y={row * index + 14}>
              {formatCount(count)}
              {index > 0 && ` · ${formatShare(count, base)} ${of}`}
            </text>
            <rect class="track" x="0" y={row * index + 22} width={width} height="8" rx="4" />
            <rect
              class={`bar ${index === 3 ? 'middle' : 'good'}`}
              x="0"
              y={row * index + 22}
              width={shown === 0 ? 0 : (count / shown) * width}
              height="8"
              rx="4"
            />
          </g>
        ))}
      </svg>
    </Figure>
  )
}

/** At which question people stop. */
import type { JSX } from 'preact'
import type { DropOff, Report, SurveySummary } from '../api/shapes.ts'
import { formatCount, formatInterval, formatValue } from '../numbers/format.ts'
import { plainTitle } from '../numbers/answers.ts'
import { Figure } from './figure.tsx'
import { useWidth } from './width.ts'

const row = 48

interface DropOffsProps {
  survey: SurveySummary
  report: Report
}

export function DropOffs({ survey, report }: DropOffsProps): JSX.Element {
  const [ref, width] = useWidth()
  const rows = report.dropOff ?? []
  const titleOf = (id: string): string =>
    plainTitle(survey.survey.questions.find((each) => each.id === id)?.title ?? id)
  const worst = rows
    .filter((each) => each.ofSeen.value !== null)
    .reduce<DropOff | null>(
      (best, each) => ((each.ofSeen.value ?? 0) > (best?.ofSeen.value ?? 0) ? each : best),
      null,
    )
  const share = ({ ofSeen }: DropOff): string =>
    ofSeen.value === null ? 'none came here' : formatValue(ofSeen.value, 'percent')
  return (
    <Figure<DropOff>
      title="Where people stop"
      caption={
        worst
          ? `Most stop at “${titleOf(worst.question)}”: ${share(worst)} of the ${formatCount(worst.ofSeen.n)} who came to it.`
          : 'Nobody who began has stopped.'
      }
      columns={[
        { title: 'Question', cell: (each) => titleOf(each.question) },
        { title: 'Came to it', cell: (each) => formatCount(each.ofSeen.n), isNumber: true },
        { title: 'Stopped there', cell: share, isNumber: true },
        {
          title: '95 % interval',
          cell: ({ ofSeen }) => (ofSeen.interval ? formatInterval(ofSeen.interval, 'percent') : 'none'),
          isNumber: true,
        },
      ]}
      rows={rows}
      keyOf={(each) => each.question}
      definition={{
        text: 'Of those who came to a question, the share who answered nothing after it and did not finish.',
      }}
    >
      <svg class="chart" ref={ref} viewBox={`0 0 ${width} ${row * rows.length}`} aria-hidden="true">
        {rows.map((each, index) => (
          <g key={each.question}>
            <text class="label start strong" x="0" y={row * index + 14}>
              {cut(titleOf(each.question), Math.floor((width - 110) / 7))}
            </text>
            <text class="label end" x={width} y={row * index + 14}>
              {share(each)} of {formatCount(each.ofSeen.n)}
            </text>
            <rect class="track" x="0" y={row * index + 22} width={width} height="8" rx="4" />
            <rect
              class="bar bad"
              x="0"
              y={row * index + 22}
              width={((each.ofSeen.value ?? 0) / 100) * width}
              height="8"
              rx="4"
            />
          </g>
        ))}
      </svg>
    </Figure>
  )
}

/** A text with at most so many letters. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.max(1, most - 1)).trimEnd()}…` : text
}

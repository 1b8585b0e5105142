/** How many chose what, in the order in which it is asked. */
import type { JSX } from 'preact'
import type { ChoiceShare, Report } from '../api/shapes.ts'
import { plainTitle } from '../numbers/answers.ts'
import { formatCount, formatInterval, formatValue } from '../numbers/format.ts'
import { cut } from './dropOffs.tsx'
import { Figure } from './figure.tsx'
import { useWidth } from './width.ts'

const row = 44

interface ChoicesProps {
  report: Report
  choices: readonly ChoiceShare[]
  /** What was asked. */
  asked: string
}

/** Each choice as a bar of its share; the good ones are told apart by colour and by a word. */
export function Choices({ report, choices, asked }: ChoicesProps): JSX.Element {
  const [ref, width] = useWidth()
  const share = (each: ChoiceShare): string =>
    each.share.value === null ? 'none' : formatValue(each.share.value, 'percent')
  return (
    <Figure<ChoiceShare>
      title={`Choices: ${asked}`}
      caption={captionOf(choices, report)}
      columns={[
        { title: 'Choice', cell: (each) => plainTitle(each.label) },
        { title: 'Counts as', cell: (each) => (each.isPositive ? 'good' : 'other') },
        { title: 'Answers', cell: (each) => formatCount(each.count), isNumber: true },
        { title: 'Share', cell: share, isNumber: true },
        {
          title: '95 % interval',
          cell: (each) => (each.share.interval ? formatInterval(each.share.interval, 'percent') : '–'),
          isNumber: true,
        },
      ]}
      rows={choices}
      keyOf={(each) => each.id}
      definition={{ text: report.definition, notes: report.notes }}
    >
      {choices.length > 0 && (
        <svg class="chart" ref={ref} viewBox={`0 0 ${width} ${row * choices.length}`} aria-hidden="true">
          {choices.map((each, index) => (
            <g key={each.id}>
              <text class="label start strong" x="0" y={row * index + 14}>
                {cut(
                  `${plainTitle(each.label)}${each.isPositive ? ' (good)' : ''}`,
                  Math.floor((width - 120) / 7),
                )}
              </text>
              <text class="label end" x={width} y={row * index + 14}>
                {share(each)} · {formatCount(each.count)}
              </text>
              <rect class="track" x="0" y={row * index + 22} width={width} height="10" rx="5" />
              <rect
                class={`bar ${each.isPositive ? 'good' : 'middle'}`}
                x="0"
                y={row * index + 22}
                width={((each.share.value ?? 0) / 100) * width}
                height="10"
                rx="5"
              />
            </g>
          ))}
        </svg>
      )}
    </Figure>
  )
}

function captionOf(choices: readonly ChoiceShare[], { responses, minimum, estimate }: Report): string {
  if (responses === 0) return 'Nobody has answered this in this period.'
  const [first] = choices
  if (!first || estimate.value === null)
    return `Fewer than ${minimum} answered this; a group this small is not shown.`
  const top = choices.reduce((best, each) => (each.count > best.count ? each : best), first)
  return `${formatCount(responses)} ${responses === 1 ? 'answer' : 'answers'}. Most chose “${plainTitle(top.label)}”: ${formatValue(top.share.value ?? 0, 'percent')}.`
}

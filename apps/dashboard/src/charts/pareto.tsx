/** Themes, the most frequent first, with the share that they make up together. */
import type { JSX } from 'preact'
import type { Themes } from '../api/shapes.ts'
import { formatCount, formatInterval, formatValue } from '../numbers/format.ts'
import { cut } from './dropOffs.tsx'
import { Figure } from './figure.tsx'
import { useWidth } from './width.ts'

type Theme = Themes['themes'][number]

const row = 36
const most = 12

export function Pareto({ themes }: { themes: Themes }): JSX.Element {
  const [ref, width] = useWidth()
  const rows = themes.themes.slice(0, most)
  const [top] = rows
  const left = Math.min(180, width * 0.36)
  const room = width - left - 60
  const largest = Math.max(...rows.map((each) => each.count), 1)
  return (
    <Figure<Theme>
      title="What they are about"
      caption={
        top
          ? `Of ${formatCount(themes.answers)} who answered this, ${formatValue(top.ofComments.value ?? 0, 'percent')} name “${top.label}”, more than anything else. The themes marked with a dot make up the first 80 % of all that was named.`
          : ''
      }
      columns={[
        { title: 'Theme', cell: (each) => each.label },
        { title: 'Answers', cell: (each) => formatCount(each.count), isNumber: true },
        {
          title: 'Of those who wrote',
          cell: (each) => formatValue(each.ofComments.value ?? 0, 'percent'),
          isNumber: true,
        },
        {
          title: '95 % interval',
          cell: ({ ofComments: { interval } }) => (interval ? formatInterval(interval, 'percent') : '–'),
          isNumber: true,
        },
        {
          title: 'Of all that was named',
          cell: (each) => formatValue(each.ofMentions, 'percent'),
          isNumber: true,
        },
        { title: 'Together so far', cell: (each) => formatValue(each.cumulative, 'percent'), isNumber: true },
      ]}
      rows={themes.themes}
      keyOf={(each) => each.theme}
      definition={{ text: themes.definition, notes: themes.notes }}
    >
      <svg class="chart" ref={ref} viewBox={`0 0 ${width} ${row * rows.length}`} aria-hidden="true">
        {rows.map((each, index) => {
          const middle = row * index + row / 2
          const long = (each.count / largest) * room
          return (
            <g key={each.theme}>
              {each.vital && <circle class="point" cx="4" cy={middle} r="3" />}
              <text class="label start strong" x="14" y={middle + 4}>
                {cut(each.label, Math.floor(left / 8))}
              </text>
              <rect class="bar good" x={left} y={middle - 7} width={long} height="14" rx="4" />
              <text class="label start" x={left + long + 8} y={middle + 4}>
                {formatValue(each.ofComments.value ?? 0, 'percent')}
              </text>
            </g>
          )
        })}
      </svg>
    </Figure>
  )
}

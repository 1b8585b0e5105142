/** The questions of one survey beside each other: the share of good answers to each, on one axis. */
import type { Survey } from '@earshot/contract'
import type { JSX } from 'preact'
import type { Report } from '../api/shapes.ts'
import { askedIn, nameOf } from '../numbers/counted.ts'
import { formatCount, formatValue } from '../numbers/format.ts'
import { numberColumns } from '../parts/numberColumns.ts'
import { cut } from './dropOffs.tsx'
import { DotRows } from './dotRows.tsx'
import { Figure } from './figure.tsx'
import { useWidth } from './width.ts'

const ticks = [0, 25, 50, 75, 100]

interface TogetherProps {
  survey: Survey
  /** Of all questions; only shares stand on one axis, so points and means are left out. */
  reports: readonly Report[]
}

export function Together({ survey, reports }: TogetherProps): JSX.Element | null {
  const [ref, width] = useWidth()
  const all = reports.filter((each) => each.unit === 'percent')
  const rows = all.filter((each) => each.estimate.value !== null)
  if (all.length < 2) return null
  const named = (each: Report): string => `${nameOf(each, survey)}: ${askedIn(survey, each)}`
  const x = (value: number): number => 6 + (value / 100) * (width - 12)
  return (
    <Figure<Report>
      title="Side by side"
      caption={captionOf(rows, survey)}
      columns={[
        { title: 'Question', cell: (each) => askedIn(survey, each) },
        { title: 'Counted', cell: (each) => nameOf(each, survey) },
        ...numberColumns('percent').map(({ title, cell, isNumber = false }) => ({
          title,
          cell: ({ estimate, responses, minimum }: Report) =>
            cell({
              estimate,
              responses,
              isHidden: estimate.value === null && responses > 0 && responses < minimum,
            }),
          isNumber,
        })),
      ]}
      rows={all}
      keyOf={({ question }) => String(question)}
      definition={{
        text: 'The share of good answers to each question, with its 95 % interval (Wilson), each of those who answered that question.',
        notes: all.map((each) => `${askedIn(survey, each)} ${each.definition}`),
      }}
    >
      {rows.length > 0 && (
        <DotRows
          svg={ref}
          width={width}
          x={x}
          ticks={ticks}
          unit="percent"
          rows={rows.map((each) => ({
            key: String(each.question),
            label: cut(named(each), Math.floor(width / 7) - 16),
            estimate: each.estimate,
            responses: each.responses,
          }))}
        />
      )}
    </Figure>
  )
}

function captionOf(rows: readonly Report[], survey: Survey): string {
  if (rows.length === 0) return 'No question has enough answers to be shown.'
  const said = rows.map(
    (each) =>
      `${nameOf(each, survey)} ${formatValue(each.estimate.value ?? 0, 'percent')} (n ${formatCount(each.responses)})`,
  )
  return `${said.join(', ')}. The bar is the 95 % interval. Each question is of those who answered it, and asks something else, so the shares are not ranked.`
}

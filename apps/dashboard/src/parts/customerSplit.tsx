/** A report on customers by groups: each with its number, its base, and what it is against all others. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { CustomerReport } from '../api/shapes.ts'
import { verdictOf, verdictTexts } from '../numbers/change.ts'
import {
  changeUnit,
  formatChange,
  formatCount,
  formatInterval,
  formatValue,
  valueText,
} from '../numbers/format.ts'
import { titleOf } from './customerCards.tsx'
import { Definition } from './definition.tsx'
import { type Column, Table } from './table.tsx'

/** Reports of which less is better. */
const lowerIsBetter: readonly string[] = ['churn', 'resolution']

type Row = NonNullable<CustomerReport['segments']>['rows'][number]

export function CustomerSplit({ report, name }: { report: CustomerReport; name: string }): JSX.Element {
  const id = useId()
  const { unit, metric, definition, notes, segments } = report
  const [title, base] = titleOf(report)
  const { rows, more } = segments ?? { rows: [], more: 0 }
  const changes = unit === 'percent' ? changeUnit(unit) : unit === 'hours' ? 'hours' : ''
  const columns: Column<Row>[] = [
    { title: 'Group', cell: ({ value }) => valueText(value) },
    {
      title: 'Value',
      cell: ({ estimate: { value }, isHidden }) =>
        isHidden ? 'too few' : value === null ? 'none' : formatValue(value, unit),
      isNumber: true,
    },
    {
      title: '95 % interval',
      cell: ({ estimate: { interval } }) => (interval ? formatInterval(interval, unit) : '–'),
      isNumber: true,
    },
    { title: 'n', cell: ({ estimate }) => formatCount(estimate.n), isNumber: true },
    {
      title: 'Against all others',
      cell: ({ rest }) => {
        if (!rest || rest.difference.value === null) return 'not compared'
        const verdict = verdictOf(rest, lowerIsBetter.includes(metric))
        return `${formatChange(rest.difference.value, unit)} ${changes}: ${verdictTexts[verdict]}`
      },
    },
  ]
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p class="soft">
        {name}; n counts {base}.
      </p>
      <Table
        caption={`${title} by ${name.toLowerCase()}`}
        isCaptionHidden
        columns={columns}
        rows={rows}
        keyOf={({ value }) => value ?? ''}
      />
      {more > 0 && <p class="soft">{`${more} smaller groups are not listed.`}</p>}
      <Definition of={title} text={definition} notes={notes} />
    </section>
  )
}

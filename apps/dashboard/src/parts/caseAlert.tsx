/** The numbers of the alert that has opened a case. */
import type { JSX } from 'preact'
import type { CaseAlert } from '../api/caseShapes.ts'
import { formatChange, formatCount, formatInterval, formatReach, formatValue } from '../numbers/format.ts'
import { formatMoment } from '../period/period.ts'
import { Table } from './table.tsx'

const names: Readonly<Record<string, string>> = {
  nps: 'NPS',
  enps: 'eNPS',
  csat: 'CSAT',
  'ces-1.0': 'CES 1.0',
  'ces-2.0': 'CES 2.0',
  'response-rate': 'Response rate',
}

/**
 * An alert as a sentence.
 *
 * @example
 * alertSentence(alert) // 'NPS of nps-q4 fell from 42.0 to 12.5 within 7 days'
 */
export function alertSentence(alert: CaseAlert): string {
  const { definitionId, survey, side, bound, days, unit, window, before } = alert
  const said = (value: number | null): string => (value === null ? 'none' : formatValue(value, unit))
  const of = `${names[definitionId] ?? definitionId} of ${survey}`
  const span = days === 1 ? 'a day' : `${days} days`
  return side === 'fall' || side === 'rise'
    ? `${of} ${side === 'fall' ? 'fell' : 'rose'} from ${said(before.value)} to ${said(window.value)} within ${span}`
    : `${of} is ${side} ${said(bound)}: ${said(window.value)} in ${span}`
}

export function AlertPanel({ alert, zone }: { alert: CaseAlert; zone: string }): JSX.Element {
  const { unit, window, before, change, level, days } = alert
  const rows = [
    { name: 'Now', ...window },
    { name: 'Before', ...before },
  ]
  return (
    <section class="panel" aria-label="What happened">
      <h2>What happened</h2>
      <p>{alertSentence(alert)}.</p>
      <Table<(typeof rows)[number]>
        caption={`The number, with ${Number((100 * level).toFixed(4))} % intervals`}
        columns={[
          { title: days === 1 ? 'Day' : `${days} days`, cell: (each) => each.name },
          {
            title: 'Until',
            cell: (each) => <time dateTime={each.to}>{formatMoment(each.to, zone)}</time>,
          },
          {
            title: 'Value',
            cell: (each) => (each.value === null ? 'none' : formatValue(each.value, unit)),
            isNumber: true,
          },
          {
            title: 'Interval',
            cell: (each) => (each.interval === null ? 'none' : formatInterval(each.interval, unit)),
            isNumber: true,
          },
          { title: 'n', cell: (each) => formatCount(each.n), isNumber: true },
        ]}
        rows={rows}
        keyOf={(each) => each.name}
      />
      {change && (
        <p class="soft">
          Change {formatChange(change.value, unit)}
          {change.interval && ` (${formatReach(change.interval, unit)})`}. These are the numbers as they were
          when the alert began.
        </p>
      )}
    </section>
  )
}

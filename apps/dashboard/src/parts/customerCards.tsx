/** What becomes of customers: one number to a card. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import { withQuery } from '../api/query.ts'
import { readAll } from '../api/reports.ts'
import { ask } from '../api/request.ts'
import { type CustomerReport, customerReportShape } from '../api/shapes.ts'
import { type Asked, useLoad } from '../api/use.ts'
import { formatCount, formatInterval, formatValue } from '../numbers/format.ts'
import type { Period } from '../period/period.ts'
import { Definition } from './definition.tsx'

/** Reports on customers: their names, titles, and what their n counts. */
const reports = [
  ['retention', 'Retention', 'customers at the start'],
  ['churn', 'Churn', 'customers at the start'],
  ['expansion', 'Net revenue retention', 'customers at the start'],
  ['active', 'Stickiness (daily of monthly active)', 'people in a month'],
  ['trial', 'Trial to paid', 'trials that are over'],
  ['fcr', 'Solved at first contact', 'enquiries'],
  ['resolution', 'Time to solution (median)', 'solved enquiries'],
  ['referral', 'Referred purchases', 'purchases'],
  ['lifetime', 'Lifetime value', 'customers'],
] as const

/** All reports on customers of a period, or on those who meet conditions; split by what is known of them, where that is asked for. */
export function useCustomerReports(
  period: Period,
  where: readonly string[] = [],
  by: string | null = null,
): Asked<CustomerReport[]> {
  const { bounds, zone } = period
  return useLoad(`customers ${bounds.from} ${bounds.to} ${zone} ${JSON.stringify(where)} ${by}`, (signal) =>
    readAll(reports, ([name]) =>
      ask(withQuery(`/v1/reports/${name}`, { ...bounds, timezone: zone, where, by }), customerReportShape, {
        signal,
      }),
    ),
  )
}

/** Its title, and what its n counts. */
export function titleOf({ metric }: CustomerReport): readonly [title: string, base: string] {
  const [, title, base] = reports.find(([name]) => name === metric) ?? ['', metric, '']
  return [title, base]
}

/** Whether a report has anything to tell. */
export const hasData = ({ estimate }: CustomerReport): boolean => estimate.n > 0

export function CustomerCard({ report }: { report: CustomerReport }): JSX.Element {
  const id = useId()
  const { estimate, unit, definition, notes } = report
  const { value, interval, n, reason } = estimate
  const [title, base] = titleOf(report)
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p class="number">{value === null ? 'none' : formatValue(value, unit)}</p>
      <p class="range">
        {interval
          ? `95\u00a0% interval ${formatInterval(interval, unit)}`
          : (reason ?? 'No interval is known for it.')}
      </p>
      <p class="soft">
        n = {formatCount(n)} {base}
      </p>
      <Definition of={title} text={definition} notes={notes} />
    </section>
  )
}

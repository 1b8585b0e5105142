/** One number with its interval and n below, and its change against the period before. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { Report } from '../api/shapes.ts'
import { lowerIsBetter, meanBeside, metricNames } from '../api/reports.ts'
import { verdictOf, verdictTexts } from '../numbers/change.ts'
import { sideOf } from '../numbers/bands.ts'
import {
  changeUnit,
  formatChange,
  formatCount,
  formatInterval,
  formatReach,
  formatShare,
  formatValue,
} from '../numbers/format.ts'
import { Definition } from './definition.tsx'
import { Link } from './link.tsx'

/** Below it the interval says more than the number, and stands before it. */
const few = 30

interface CardProps {
  report: Report
  /** How the period before is called; null where there is none. */
  before: string | null
  /** Whether the card leads to its survey. */
  isLinked?: boolean
  /** What it is of, where that is not the metric, and what was asked. */
  about?: { name: string; asked: string }
}

export function MetricCard({ report: now, before, isLinked = true, about }: CardProps): JSX.Element {
  const id = useId()
  const { estimate, unit } = now
  const { value, interval, n } = estimate
  const isFew = value !== null && interval !== null && n < few
  const name = about?.name ?? metricNames[now.scale?.metric ?? now.metric] ?? now.metric
  return (
    <section class={isFew ? 'card few' : 'card'} aria-labelledby={id}>
      <h2 id={id}>
        {name}
        {isLinked && <span class="unseen"> of {now.survey}</span>}
      </h2>
      {isLinked && (
        <p class="of">
          <Link page="surveys" id={now.survey}>
            {now.survey}
          </Link>
        </p>
      )}
      {about && <p class="of">{about.asked}</p>}
      {value === null ? (
        <>
          <p class="number">none</p>
          <p class="range soft">{estimate.reason ?? 'There is no value.'}</p>
        </>
      ) : (
        <>
          <p class="number">
            {isFew && interval ? formatInterval(interval, unit) : formatValue(value, unit)}
            <Unit report={now} />
          </p>
          <p class="range">
            {isFew
              ? `value ${formatValue(value, unit)}, with few answers`
              : interval
                ? `95 % interval ${formatInterval(interval, unit)}`
                : estimate.reason}
          </p>
        </>
      )}
      <p class="soft">
        n = {formatCount(n)} {now.metric === 'response' ? 'showings' : n === 1 ? 'answer' : 'answers'}
      </p>
      <Mean report={now} />
      <Mix bars={now.distribution} />
      {before !== null && <Change report={now} before={before} />}
      <Definition
        of={`${name} of ${about ? about.asked : now.survey}`}
        text={now.definition}
        notes={now.notes}
      />
    </section>
  )
}

function Unit({ report: { unit, scale } }: { report: Report }): JSX.Element | null {
  if (unit === 'scale points' && scale)
    return (
      <small>
        {' '}
        on {scale.min}–{scale.max}
      </small>
    )
  return unit === 'points' ? <small> points</small> : null
}

/** The mean and the median, where the number is a share: alike shares may come of unlike answers. */
function Mean({ report }: { report: Report }): JSX.Element | null {
  const beside = meanBeside(report)
  if (!beside || !report.scale) return null
  const { mean, median } = beside
  return (
    <p class="soft">
      mean {formatValue(mean.value ?? 0, 'scale points')}
      {mean.interval && ` (${formatInterval(mean.interval, 'scale points')})`}
      {median !== null && `, median ${median}`} on {report.scale.min}–{report.scale.max}
    </p>
  )
}

/** Shares of the groups as one bar; the legend of the survey's page names them, and so does the text here. */
function Mix({ bars }: { bars: Report['distribution'] }): JSX.Element | null {
  const all = bars.reduce((sum, each) => sum + each.count, 0)
  if (all === 0) return null
  const bands = new Map<string, number>()
  for (const { band, count } of bars) bands.set(band, (bands.get(band) ?? 0) + count)
  const order = ['bad', 'middle', 'good']
  const sorted = [...bands].toSorted(([a], [b]) => order.indexOf(sideOf(a)) - order.indexOf(sideOf(b)))
  let from = 0
  return (
    <>
      <svg class="chart mix" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        {sorted.map(([band, count]) => {
          const width = (100 * count) / all
          const x = from
          from += width
          return (
            <rect
              key={band}
              class={`bar ${sideOf(band)}`}
              x={x}
              y="0"
              width={Math.max(0, width - 0.6)}
              height="8"
            />
          )
        })}
      </svg>
      <p class="soft">
        {sorted.map(([band, count]) => `${formatShare(count, all)} ${plural(band)}`).join(' · ')}
      </p>
    </>
  )
}

const plural = (band: string): string => (/^(detractor|passive|promoter)$/.test(band) ? `${band}s` : band)

function Change({ report, before }: { report: Report; before: string }): JSX.Element {
  const comparison = report.change?.comparison
  if (!comparison || comparison.difference.value === null)
    return (
      <p class="change soft">
        {report.estimate.n === 0
          ? 'Nothing to compare.'
          : `There is nothing of ${before} to compare it with.`}
      </p>
    )
  const { value, interval } = comparison.difference
  const verdict = verdictOf(comparison, lowerIsBetter(report))
  const said = formatChange(value, report.unit)
  // What is said to be 0 went neither way.
  const arrow = said.startsWith('+') ? '▲' : said.startsWith('−') ? '▼' : '='
  return (
    <p class={`change ${verdict}`}>
      <strong>
        <span aria-hidden="true">{arrow} </span>
        {said}
      </strong>{' '}
      {changeUnit(report.unit)} against {before}: {verdictTexts[verdict]}
      {interval && <span class="soft"> (interval {formatReach(interval, report.unit)})</span>}
    </p>
  )
}

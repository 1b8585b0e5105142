/** The parts of a report: segments, intervals, the period before; each number with its interval and its base. */
import {
  alert,
  trend as trendOf,
  withhold,
  type AlertResult,
  type Comparison,
  type Estimate,
  type QuestionDropOff,
} from '@earshot/metrics'
import type { CountedQuestion } from './countedQuestion.ts'
import { barsOf, compareSamples, measureSample, showingsOf, type Bar } from './measure.ts'
import { choiceSample, emptySample, type Sample } from './tally.ts'
import { formatMoment, type Millis } from './time.ts'
import type { Interval, Span } from './zone.ts'

/** What every number of a part carries. */
interface Numbers {
  estimate: Estimate
  /** How many answers (showings in `response`) the number stands on; also of a group that is not shown. */
  responses: number
  /** Empty in `response`, and where the group is too small to be shown. */
  distribution: Bar[]
  /** Only in `response`. */
  counts: { shown: number; answered: number; completed: number; dismissed: number } | null
}

/** One segment. */
export interface Segment extends Numbers {
  /** Null: not known. */
  value: string | null
  /** It stands on fewer answers than the minimum. */
  isHidden: boolean
  /** Of `responses` of all segments together, percent; null where nobody has answered. */
  share: number | null
  /** This segment minus all others together, at the level 1 − 0.05 / segments (Bonferroni); null where one side is too small. */
  rest: Comparison | null
}

/** The answers by an attribute. */
export interface Segments {
  by: string
  /** The largest first. */
  rows: Segment[]
  /** How many values there are beyond these rows. */
  more: number
}

/** One interval of a trend. */
export interface TrendRow extends Numbers {
  /** Date of its first day in the zone of the report; `2026-11` for a month. */
  name: string
  from: string
  to: string
  /** This interval minus the last one before it that has a value. */
  change: Comparison | null
  since: string | null
  alert: AlertResult | null
  /** Events that arrived when the interval was over; where there are some, its number has changed since then. */
  late: number
  isRevised: boolean
}

/** The answers by intervals of time. */
export interface Trend {
  interval: Interval
  points: TrendRow[]
}

/** The period before, and what has changed since. */
export interface Change {
  from: string
  to: string
  /** Of the period before. */
  estimate: Estimate
  /** The period of the report minus the one before. */
  comparison: Comparison | null
  /** Whether the change is significant, and both periods are large enough. */
  alert: AlertResult
}

/** Loss at one question. */
export type DropOff = QuestionDropOff

/** Most segments that are shown. */
const mostSegments = 50

function numbersOf(question: CountedQuestion | null, sample: Sample, least: number): Numbers {
  const { estimate } = measureSample(question, sample)
  const isHidden = estimate.n < least
  return {
    estimate: withhold(estimate, least),
    responses: estimate.n,
    distribution: question && !isHidden ? barsOf(question, sample) : [],
    counts: question || isHidden ? null : showingsOf(sample),
  }
}

/**
 * The segments, the largest first; equal ones by their value. Those of fewer answers than the minimum keep their place
 * without a number.
 */
export function buildSegments(
  question: CountedQuestion | null,
  by: string,
  samples: ReadonlyMap<string | null, Sample>,
  minimum: number,
): Segments {
  const sizeOf = (sample: Sample): number => measureSample(question, sample).estimate.n
  const ranked = [...samples]
    .map(([value, sample]) => ({ value, sample, n: sizeOf(sample) }))
    .toSorted((a, b) => b.n - a.n || ((a.value ?? '') < (b.value ?? '') ? -1 : 1))
  const level = 1 - 0.05 / Math.max(1, ranked.length)
  const all = ranked.reduce((sum, each) => sum + each.n, 0)
  const rows = ranked.slice(0, mostSegments).map(({ value, sample, n }): Segment => {
    const others = ranked.filter((each) => each.value !== value).map((each) => each.sample)
    const rest = pooled(others)
    const isComparable = rest !== null && n >= minimum && sizeOf(rest) >= minimum
    return {
      value,
      ...numbersOf(question, sample, minimum),
      isHidden: n < minimum,
      share: all === 0 ? null : (100 * n) / all,
      rest: isComparable ? compareSamples(question, sample, rest, level) : null,
    }
  })
  return { by, rows, more: ranked.length - rows.length }
}

/** Samples together: their counts are added. */
export function pooled(samples: readonly Sample[]): Sample | null {
  const [first] = samples
  if (!first) return null
  if (first.kind === 'showings') {
    const sum = { shown: 0, answered: 0, completed: 0, dismissed: 0 }
    for (const sample of samples)
      for (const [name, count] of Object.entries(showingsOf(sample))) sum[name as keyof typeof sum] += count
    return { kind: 'showings', counts: sum }
  }
  if (first.kind === 'choices')
    return choiceSample(samples.flatMap((each) => (each.kind === 'choices' ? each.rows : [])))
  const sum = new Map<number, number>()
  for (const sample of samples)
    for (const { score, count } of sample.kind === 'scores' ? sample.rows : [])
      sum.set(score, (sum.get(score) ?? 0) + count)
  return { kind: 'scores', rows: [...sum].map(([score, count]) => ({ score, count })) }
}

/**
 * The trend.
 *
 * @param lates events of each interval that arrived when it was over
 * @param least intervals of fewer answers are not shown
 */
export function buildTrend(
  question: CountedQuestion | null,
  interval: Interval,
  spans: readonly Span[],
  samples: readonly Sample[],
  lates: readonly number[],
  { least, minimum }: { least: number; minimum: number },
): Trend {
  const periods = spans.flatMap((span, index) => {
    const counts = samples[index]
    return counts ? [{ period: span.name, counts }] : []
  })
  const points = trendOf(periods, {
    estimate: (sample) => withhold(measureSample(question, sample).estimate, least),
    compare: (one, other) => compareSamples(question, one, other),
  })
  return {
    interval,
    points: spans.map(({ name, from, to }, index): TrendRow => {
      const { change = null, since = null } = points[index] ?? {}
      const late = lates[index] ?? 0
      return {
        name,
        from: formatMoment(from),
        to: formatMoment(to),
        ...numbersOf(question, samples[index] ?? emptySample(question), least),
        change,
        since,
        alert: change && alert(change, { minimum }),
        late,
        isRevised: late > 0,
      }
    }),
  }
}

/** The change against the period before. */
export function buildChange(
  question: CountedQuestion | null,
  [from, to]: readonly [Millis, Millis],
  now: Sample,
  before: Sample,
  { least, minimum }: { least: number; minimum: number },
): Change {
  const comparison = compareSamples(question, now, before)
  const isHidden = comparison.sizes.some((size) => size < least)
  return {
    from: formatMoment(from),
    to: formatMoment(to),
    estimate: withhold(measureSample(question, before).estimate, least),
    comparison: isHidden ? null : comparison,
    alert: alert(comparison, { minimum }),
  }
}

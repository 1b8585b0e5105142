/** How long issues take to be resolved and to be answered first, and how many are opened again. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkCounts, levelOf } from './input.ts'
import { percentOf } from './proportion.ts'
import { checkValues, sampleMean, sampleQuantile } from './sample.ts'

/** One issue; times in one unit from one origin, e.g. milliseconds. */
export interface Ticket {
  createdAt: number
  /** Its last resolution; null while it is open, also when it was resolved and opened again. */
  resolvedAt: number | null
  /** How often it was opened again. Default 0. */
  reopened?: number
  /** First answer by a person; null or absent while there is none. */
  answeredAt?: number | null
}

/** Mean, median and 90th percentile of times, in their unit. */
export interface Times {
  /** With the t interval, never below 0. */
  mean: Estimate
  /** With the distribution-free interval. */
  median: Estimate
  /** 90th percentile, type 7, with the distribution-free interval. */
  p90: Estimate
}

/** What `resolution` gives back. */
export interface ResolutionResult {
  /** From creation to last resolution, of resolved issues only. */
  resolution: Times
  /** From creation to first answer, of answered issues only. */
  firstAnswer: Times
  /** Opened again at least once / ever resolved, in percent, with Wilson's interval. */
  reopenRate: Estimate
  /** Issues without resolution: in no time. */
  open: number
  /** Total resolution time / all received: what some call average resolution time. It falls as more is left open. Null without issues. */
  totalPerReceived: number | null
}

/**
 * Resolution time: mean, median and 90th percentile from creation to last resolution over resolved issues, the same to the
 * first answer, and the reopen rate.
 *
 * Times have a long tail, so never show the mean without the median. Mean: Student 1908. Quantiles: type 7 of Hyndman & Fan
 * 1996; other types give other values at few issues. Their intervals: Conover 1999, section 3.2. An open issue never enters a
 * time; where many are open, times of the resolved are too short, so show `open` beside them.
 *
 * Nothing resolved: null with a reason. Resolved or answered before created, or a time that is not finite: a RangeError.
 *
 * @param tickets - One for each issue received.
 * @param options - Confidence level (0.95).
 * @example
 * resolution([{ createdAt: 0, resolvedAt: 4 }, { createdAt: 0, resolvedAt: 8 }, { createdAt: 0, resolvedAt: null }]).resolution.mean.value // 6
 */
export function resolution(tickets: readonly Ticket[], options: LevelOptions = {}): ResolutionResult {
  const level = levelOf('resolution()', options)
  const resolved: number[] = []
  const answered: number[] = []
  let reopened = 0
  let ever = 0
  for (const [index, ticket] of tickets.entries()) {
    const { createdAt, resolvedAt, answeredAt = null, reopened: times = 0 } = ticket
    checkValues('resolution()', { [`tickets[${index}].createdAt`]: createdAt })
    checkCounts('resolution()', { [`tickets[${index}].reopened`]: times })
    if (resolvedAt !== null) {
      checkValues('resolution()', { [`tickets[${index}].resolvedAt`]: resolvedAt }, createdAt)
      resolved.push(resolvedAt - createdAt)
    }
    if (answeredAt !== null) {
      checkValues('resolution()', { [`tickets[${index}].answeredAt`]: answeredAt }, createdAt)
      answered.push(answeredAt - createdAt)
    }
    if (times > 0) reopened += 1
    if (times > 0 || resolvedAt !== null) ever += 1
  }
  const total = resolved.reduce((sum, time) => sum + time, 0)
  return {
    resolution: timesOf(resolved, level, 'No issue is resolved.'),
    firstAnswer: timesOf(answered, level, 'No issue is answered.'),
    reopenRate: percentOf(reopened, ever, level, 'No issue has been resolved.'),
    open: tickets.length - resolved.length,
    totalPerReceived: tickets.length === 0 ? null : total / tickets.length,
  }
}

function timesOf(times: readonly number[], level: number, empty: string): Times {
  return {
    mean: sampleMean(times, level, [0, Infinity], empty),
    median: sampleQuantile(times, 0.5, level, empty),
    p90: sampleQuantile(times, 0.9, level, empty),
  }
}

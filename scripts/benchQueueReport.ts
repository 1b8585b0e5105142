/** What the benchmark of the queue found, in a table, and which of its limits were passed. */
import type { Drained } from './benchQueueDrain.ts'
import type { Enqueued } from './benchQueueEnqueue.ts'
import type { Outage } from './benchQueueOutage.ts'

export const limits = {
  /** Milliseconds until an event is durable, at the longest queue, 95 of 100 times. */
  enqueueP95: 5,
  /** Median of ours by the median of the bare put. */
  ratio: 1.3,
  /** Median at the longest queue by the median at an empty one. */
  flat: 1.5,
  drainSeconds: 3,
  longestTask: 50,
  outageRequests: 30,
  brotliBytes: 3000,
} as const

export interface Spread {
  median: number
  p95: number
  p99: number
}

/** The value below which that share of the list is. */
export function quantile(list: readonly number[], share: number): number {
  const sorted = list.toSorted((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  const value = sorted[at]
  if (value === undefined) throw new Error('There is nothing to take a quantile of.')
  return value
}

export const spreadOf = (list: readonly number[]): Spread => ({
  median: quantile(list, 0.5),
  p95: quantile(list, 0.95),
  p99: quantile(list, 0.99),
})

export interface Found {
  /** One for each length of the queue, from the shortest. */
  enqueued: readonly Enqueued[]
  drained: readonly Drained[]
  outages: readonly (Outage & { requests: readonly number[] })[]
  /** Brotli bytes of the outbox's file, and of what every page loads to store. */
  bytes: { outbox: number; store: number }
}

/** Each limit that was passed, in words. */
export function missed({ enqueued, drained, outages, bytes }: Found): string[] {
  const problems: string[] = []
  const hold = (what: string, value: number, limit: number): void => {
    if (value > limit) problems.push(`${what}: ${round(value)}, limit ${limit}`)
  }
  const first = enqueued[0]
  const last = enqueued.at(-1)
  if (first && last) {
    hold(
      `ms until an event is durable with ${last.queued} queued, p95`,
      spreadOf(last.ours).p95,
      limits.enqueueP95,
    )
    const growth = spreadOf(last.ours).median / spreadOf(first.ours).median
    hold(`median with ${last.queued} queued by the one with ${first.queued}`, growth, limits.flat)
  }
  for (const { queued, ours, raw, longTasks } of enqueued) {
    const ratio = spreadOf(ours).median / spreadOf(raw).median
    hold(`median by that of the bare put with ${queued} queued`, ratio, limits.ratio)
    hold(
      `longest task while storing with ${queued} queued, ms`,
      Math.max(0, ...longTasks),
      limits.longestTask,
    )
  }
  if (drained.length) {
    hold(
      `seconds to drain`,
      quantile(
        drained.map(({ seconds }) => seconds),
        0.5,
      ),
      limits.drainSeconds,
    )
    hold(
      'longest task while draining, ms',
      quantile(
        drained.map((each) => each.longestTask),
        0.5,
      ),
      limits.longestTask,
    )
  }
  for (const { status, tabs, queued, requests } of outages)
    hold(
      `requests in an hour of ${status || 'no answer'}, ${tabs} tabs, ${queued} queued`,
      Math.max(...requests),
      limits.outageRequests,
    )
  hold('brotli bytes', bytes.outbox + bytes.store, limits.brotliBytes)
  return problems
}

const round = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2))
const line = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((each) => (typeof each === 'number' ? round(each) : each)).join(' | ')} |`
const head = (...cells: string[]): string[] => [line(cells), line(cells.map(() => '---'))]

/** Everything as Markdown. */
export function tablesOf({ enqueued, drained, outages, bytes }: Found): string {
  const over = (list: readonly number[]): string => {
    const [least, most] = [Math.min(...list), Math.max(...list)]
    return `${round(quantile(list, 0.5))} (${round(least)}–${round(most)})`
  }
  const storing = enqueued.map(({ queued, ours, raw, longTasks }) => {
    const [mine, bare] = [spreadOf(ours), spreadOf(raw)]
    const ratios = [mine.median / bare.median, mine.p95 / bare.p95]
    return line([
      queued.toLocaleString('en'),
      mine.median,
      mine.p95,
      mine.p99,
      bare.median,
      bare.p95,
      bare.p99,
      ...ratios,
      longTasks.length,
    ])
  })
  return [
    head(
      'queued',
      'median, ms',
      'p95',
      'p99',
      'bare put: median',
      'p95',
      'p99',
      'ratio of medians',
      'of p95',
      'long tasks',
    ).concat(storing),
    [
      ...head(
        'drain of',
        'requests',
        'seconds',
        'of that, for the collector',
        'main thread, ms',
        'longest task, ms',
      ),
      line([
        (drained[0]?.events ?? 0).toLocaleString('en'),
        over(drained.map((each) => each.requests)),
        over(drained.map((each) => each.seconds)),
        over(drained.map((each) => each.waiting)),
        over(drained.map((each) => each.mainThread)),
        over(drained.map((each) => each.longestTask)),
      ]),
    ],
    [
      ...head('an hour without the collector', 'tabs', 'queued', 'requests: median (least–most)'),
      ...outages.map(({ status, tabs, queued, requests }) =>
        line([status ? `answers ${status}` : 'refused', tabs, queued.toLocaleString('en'), over(requests)]),
      ),
    ],
    [
      ...head('code, brotli', 'bytes'),
      line(['`outbox.js`', bytes.outbox]),
      line(['of `earshot.js`, what stores: row, store, both databases', bytes.store]),
      line(['together', bytes.outbox + bytes.store]),
    ],
  ]
    .map((rows) => rows.join('\n'))
    .join('\n\n')
}

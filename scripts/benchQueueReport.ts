/** What the benchmark of the queue found, in a table, and which of its limits were passed. */
import type { Drained } from './benchQueueDrain.ts'
import type { Enqueued } from './benchQueueEnqueue.ts'
import type { Outage } from './benchQueueOutage.ts'
import type { PeerQueue } from './benchQueuePeers.ts'

export const limits = {
  /** Milliseconds until an event is durable, at the longest queue, 95 of 100 times; where the bare put is slower, `ratio` of that. */
  enqueueP95: 5,
  /** What bare IndexedDB takes in the same run, times this. */
  ratio: 1.3,
  /** Median at the longest queue by the median at an empty one; where the bare put grows too, `ratio` of that. */
  flat: 1.5,
  /** Seconds for all; where it takes longer without our code between IndexedDB and `fetch`, `ratio` of that. */
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
  /** Of the long queue: ours, and with nothing in between; and ours of as many as the others get. */
  drained: Readonly<Record<'ours' | 'bare' | 'few', readonly Drained[]>>
  peers: readonly PeerQueue[]
  outages: readonly (Outage & { requests: readonly number[] })[]
  /** Brotli bytes of the outbox's file, of what every page loads to store, and of what is loaded only where there is trouble. */
  bytes: { outbox: number; store: number; keeper: number }
}

/** Each limit that was passed, in words. */
export function missed({ enqueued, drained, outages, bytes }: Found): string[] {
  const problems: string[] = []
  const hold = (what: string, value: number, limit: number): void => {
    if (value > limit) problems.push(`${what}: ${round(value)}, limit ${round(limit)}`)
  }
  const first = enqueued[0]
  const last = enqueued.at(-1)
  if (first && last) {
    hold(
      `ms until an event is durable with ${last.queued} queued, p95`,
      spreadOf(last.ours).p95,
      Math.max(limits.enqueueP95, limits.ratio * spreadOf(last.raw).p95),
    )
    const growth = spreadOf(last.ours).median / spreadOf(first.ours).median
    const bare = spreadOf(last.raw).median / spreadOf(first.raw).median
    hold(
      `median with ${last.queued} queued by the one with ${first.queued}`,
      growth,
      Math.max(limits.flat, limits.ratio * bare),
    )
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
  const median = (list: readonly Drained[], field: 'seconds' | 'longestTask'): number =>
    quantile(
      list.map((each) => each[field]),
      0.5,
    )
  if (drained.ours.length) {
    const least = median(drained.bare, 'seconds')
    hold(
      'seconds to drain',
      median(drained.ours, 'seconds'),
      Math.max(limits.drainSeconds, limits.ratio * least),
    )
    hold('longest task while draining, ms', median(drained.ours, 'longestTask'), limits.longestTask)
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

/** Median, and in brackets the least and the most. */
const over = (list: readonly number[]): string =>
  `${round(quantile(list, 0.5))} (${round(Math.min(...list))}–${round(Math.max(...list))})`

/** Ours beside the queues of others: the same number of events, captured without a line and then sent. */
function peersOf({ enqueued, drained, peers }: Found): string[][] {
  const [empty, long] = [enqueued[0], enqueued[1]]
  if (!peers.length || !empty || !long) return []
  const cells = (list: readonly number[]): string =>
    list.length ? `${round(spreadOf(list).median)} / ${round(spreadOf(list).p99)}` : 'not reached'
  const few = (field: keyof Drained): string => over(drained.few.map((each) => each[field]))
  const events = drained.few[0]?.events ?? 0
  return [
    [
      ...head(
        'one event, ms: median / p99',
        'empty queue',
        'long queue',
        'its length',
        'long tasks meanwhile',
        'arrived in a minute',
        'requests',
        'seconds',
      ),
      line([
        'Earshot, on the disk',
        cells(empty.ours),
        cells(long.ours),
        long.queued.toLocaleString('en'),
        empty.longTasks.length + long.longTasks.length,
        `${events} of ${events}`,
        few('requests'),
        few('seconds'),
      ]),
      ...peers.map((peer) =>
        line([
          peer.label,
          cells(peer.empty),
          cells(peer.long),
          peer.queued.toLocaleString('en'),
          peer.longTasks,
          `${peer.drain.arrived} of ${peer.drain.events}`,
          peer.drain.requests,
          peer.drain.seconds,
        ]),
      ),
    ],
  ]
}

/** Everything as Markdown. */
export function tablesOf(found: Found): string {
  const { enqueued, drained, outages, bytes } = found
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
        'by',
        'requests',
        'seconds',
        'of that, for the collector',
        'main thread, ms',
        'longest task, ms',
      ),
      ...(['ours', 'bare', 'few'] as const).map((way) => {
        const of = (field: keyof Drained): string => over(drained[way].map((each) => each[field]))
        return line([
          (drained[way][0]?.events ?? 0).toLocaleString('en'),
          way === 'bare' ? 'IndexedDB and `fetch` alone' : 'Earshot',
          of('requests'),
          of('seconds'),
          of('waiting'),
          of('mainThread'),
          of('longestTask'),
        ])
      }),
    ],
    ...peersOf(found),
    [
      ...head('an hour without the collector', 'tabs', 'queued', 'requests: median (least–most)'),
      ...outages.map(({ status, tabs, queued, requests }) =>
        line([status ? `answers ${status}` : 'refused', tabs, queued.toLocaleString('en'), over(requests)]),
      ),
    ],
    [
      ...head('code, brotli', 'bytes'),
      line(['`outbox.js`', bytes.outbox]),
      line(['what storing adds to `earshot.js`: row, store, both databases', bytes.store]),
      line(['together', bytes.outbox + bytes.store]),
      line(['besides, where delivery meets trouble: `keeper.js`', bytes.keeper]),
    ],
  ]
    .map((rows) => rows.join('\n'))
    .join('\n\n')
}

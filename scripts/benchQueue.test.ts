import { describe, expect, it } from 'vitest'
import { costOf } from './benchQueueDrain.ts'
import { type Found, limits, missed, quantile, spreadOf, tablesOf } from './benchQueueReport.ts'

const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
const drained = { events: 10_000, requests: 50, seconds: 2, waiting: 1, mainThread: 300, longestTask: 5 }
const found: Found = {
  enqueued: [0, 10_000].map((queued) => ({ queued, ours: [1, 1, 2], raw: [1, 1, 2], longTasks: [] })),
  drained: { ours: [drained], bare: [drained], few: [{ ...drained, events: 1000, seconds: 0.2 }] },
  peers: [
    {
      product: 'one',
      label: 'One',
      empty: [1],
      long: [],
      queued: 400,
      longTasks: 9,
      drain: { events: 400, arrived: 20, requests: 3, seconds: 12 },
    },
  ],
  outages: [{ status: 0, tabs: 1, queued: 100, requests: [20, 30] }],
  bytes: { outbox: 1900, store: 1100, keeper: 4000 },
}
const [empty, long] = found.enqueued as [Found['enqueued'][number], Found['enqueued'][number]]

describe('a spread', () => {
  it('has values of the list', () => {
    expect(spreadOf(hundred)).toEqual({ median: 50, p95: 95, p99: 99 })
    expect(quantile([7], 0.99)).toBe(7)
    expect(() => quantile([], 0.5)).toThrow('nothing')
  })
})

describe('the limits of the queue', () => {
  it('hold where nothing passes them', () => {
    expect(missed(found)).toEqual([])
  })
  it.each<[string, Partial<Found>]>([
    ['p95', { enqueued: [empty, { ...long, ours: [1, 1, 5.1] }] }],
    [
      'by the one with 0',
      {
        enqueued: [
          { ...empty, ours: [0.8] },
          { ...long, ours: [1.25] },
        ],
      },
    ],
    ['bare put with 0', { enqueued: [{ ...empty, ours: [1.4, 1.4, 2] }, long] }],
    ['longest task while storing', { enqueued: [{ ...empty, longTasks: [51] }, long] }],
    ['seconds to drain', { drained: { ...found.drained, ours: [{ ...drained, seconds: 3.1 }] } }],
    [
      'longest task while draining',
      { drained: { ...found.drained, ours: [{ ...drained, longestTask: 51 }] } },
    ],
    ['requests in an hour', { outages: [{ status: 0, tabs: 1, queued: 100, requests: [20, 31] }] }],
    ['brotli', { bytes: { outbox: 1901, store: 1100, keeper: 4000 } }],
  ])('are passed: %s', (what, change) => {
    expect(missed({ ...found, ...change })).toEqual([expect.stringContaining(what)])
  })
  it('are those of bare IndexedDB, and a share more, where the machine allows no better', () => {
    const slow = { ...drained, seconds: 6 }
    const disk = { ours: [1, 1, 12], raw: [1, 1, 10] }
    const busy = {
      enqueued: [empty, { ...long, ...disk }],
      drained: { ...found.drained, ours: [{ ...slow, seconds: 7.7 }], bare: [slow] },
    }
    expect(missed({ ...found, ...busy })).toEqual([])
    const worse = { ...busy.drained, ours: [{ ...slow, seconds: 6 * limits.ratio + 0.1 }] }
    expect(missed({ ...found, ...busy, drained: worse })).toHaveLength(1)
  })
})

describe('the tables', () => {
  it('say what was not reached', () => {
    expect(tablesOf(found)).toContain('| One | 1 / 1 | not reached | 400 | 9 | 20 of 400 | 3 | 12 |')
    expect(tablesOf({ ...found, peers: [] })).not.toContain('One')
  })
})

describe('the cost of a drain', () => {
  it('is that of the tasks between the marks, on the thread of the page', () => {
    const event = (name: string, ts: number, more: object = {}) => ({
      name,
      ph: 'X',
      pid: 1,
      tid: 1,
      ts,
      tts: ts,
      args: {},
      ...more,
    })
    const trace = [
      event('draining', 100, { ph: 'I' }),
      event('RunTask', 50, { tdur: 9000 }),
      event('RunTask', 150, { tdur: 2000 }),
      event('RunTask', 160, { tdur: 3000, dur: 9000 }),
      event('RunTask', 170, { tdur: 9000, tid: 2 }),
      event('drained', 200, { ph: 'I' }),
    ]
    expect(costOf(trace)).toEqual({ mainThread: 5, longestTask: 3 })
    expect(() => costOf([])).toThrow('no mark')
  })
})

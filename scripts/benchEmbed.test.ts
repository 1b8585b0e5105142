import { describe, expect, it } from 'vitest'
import { type Measured, missed, spreadOf, summarize, tableOf } from './benchEmbedReport.ts'
import { costOf, type TraceEvent } from './benchEmbedTrace.ts'
import type { Leak, Visit } from './benchEmbedVisit.ts'

const marks = { shown: 'shown', answering: 'answering', over: 'over' }
const probe = 'probe.js'

/** An event of the main thread; milliseconds by the thread's clock, and ten times as many by the wall's. */
const event = (name: string, start: number, length: number, url?: string): TraceEvent => ({
  name,
  ph: 'X',
  pid: 1,
  tid: 1,
  ts: start * 10_000,
  tts: start * 1000,
  dur: length * 10_000,
  tdur: length * 1000,
  args: { data: url === undefined ? {} : { url } },
})
const mark = (name: string, at: number): TraceEvent => ({ ...event(name, at, 0), ph: 'I' })
const end = [mark('shown', 100), mark('answering', 200), mark('over', 300)]
const cost = (...events: TraceEvent[]): ReturnType<typeof costOf> => costOf([...events, ...end], marks, probe)

describe('the cost in a trace', () => {
  it('gives each moment to the innermost event, by the thread clock', () => {
    const found = cost(
      event('RunTask', 0, 50),
      event('ParseHTML', 0, 40),
      event('EvaluateScript', 10, 20),
      event('v8.compile', 10, 4),
      event('Layout', 20, 5),
      event('RunMicrotasks', 60, 3),
    )
    expect(found).toMatchObject({ script: 18, compile: 4, all: 53 })
  })
  it('counts nothing after the mark, nothing of another thread, and nothing of the probe', () => {
    const found = cost(
      event('FunctionCall', 90, 30),
      { ...event('FunctionCall', 0, 50), tid: 2 },
      event('FunctionCall', 50, 10, probe),
      event('FunctionCall', 52, 5),
    )
    expect(found).toMatchObject({ script: 10, all: 10 })
  })
  it('names the longest task with a script, before and during the answer', () => {
    const found = cost(
      event('RunTask', 0, 60),
      event('Layout', 0, 60),
      event('RunTask', 70, 20),
      event('FunctionCall', 75, 1),
      event('RunTask', 140, 25),
      event('RunMicrotasks', 141, 1),
      event('RunTask', 210, 40),
      event('FunctionCall', 211, 2),
      event('RunTask', 260, 50),
      event('FunctionCall', 261, 2, probe),
    )
    expect(found).toMatchObject({ longestShowing: 25, longestAnswering: 40 })
    // By the wall it had taken ten times as long.
    expect(found).toMatchObject({ longShowing: 2 })
  })
  it('is not made up where a mark is missing', () => {
    expect(() => costOf([event('FunctionCall', 0, 1)], marks, probe)).toThrow('no mark "shown"')
  })
})

const visit = (script: number, more: Partial<Visit> = {}): Visit => ({
  script,
  compile: 0,
  all: script + 10,
  longestShowing: 5,
  longestAnswering: 5,
  longShowing: 0,
  shownAfter: 100,
  longTasksShowing: [],
  longTasksAnswering: [],
  shift: 0,
  shiftAfterInput: 0,
  shiftOfPage: 0,
  nextPaint: 16,
  bytes: 1000,
  ...more,
})
const still: Leak = { nodes: 0, listeners: 0, heap: 0 }
const measured = (label: string, visits: Visit[], leak: Leak = still): Measured => ({
  id: label,
  label,
  what: label,
  visits,
  leaks: [leak],
})
const bare = measured('bare', [visit(10), visit(20)])
const big = measured('Big', [visit(1010), visit(1020)])
const small = measured('Small', [visit(110), visit(120)])

describe('the promises', () => {
  it('compare round by round, with the smallest of the others', () => {
    const ours = measured('Ours', [visit(40), visit(60)])
    const summaries = summarize(bare, [ours, big, small])
    expect(summaries[2]).toMatchObject({
      script: { median: 100 },
      ratio: { median: 0.35, least: 0.3, most: 0.4 },
    })
    expect(missed(summaries)).toEqual([])
    const slower = measured('Ours', [visit(41), visit(60)])
    expect(missed(summarize(bare, [slower, big, small]))).toEqual([
      expect.stringMatching(/0\.35 of that of Small/),
    ])
  })
  it('pass over what is shown for comparison only', () => {
    const ours = measured('Ours', [visit(60), visit(70)])
    const aside = { ...small, aside: true as const }
    expect(missed(summarize(bare, [ours, big, aside]))).toEqual([])
    expect(missed(summarize(bare, [ours, big, small]))).toHaveLength(1)
  })
  it('hold Earshot to its share in every way that it comes, and never compare it with itself', () => {
    const ours = measured('Ours', [visit(40), visit(50)])
    const other = (script: number): Measured => ({
      ...measured('Ours, in an app', [visit(10 + script), visit(20 + script)]),
      ours: true,
    })
    expect(missed(summarize(bare, [ours, big, small, other(35)]))).toEqual([])
    expect(missed(summarize(bare, [ours, big, small, other(36)]))).toEqual([
      'the script time of Ours, in an app, is 0.36 of that of Small; limit 0.35',
    ])
  })
  it.each<[string, Partial<Visit>, Leak]>([
    ['a task', { longestAnswering: 50.1 }, still],
    ['shifted', { shift: 0.0001 }, still],
    ['shifted', { shiftAfterInput: 0.5, shiftOfPage: 0.0001 }, still],
    ['1 nodes', {}, { ...still, nodes: 1 }],
    ['2 listeners', {}, { ...still, listeners: 2 }],
  ])('are missed for once in any round: %s', (said, worse, leak) => {
    const ours = measured('Ours', [visit(20), visit(30, worse)], leak)
    expect(missed(summarize(bare, [ours, big]))).toEqual([expect.stringContaining(said)])
  })
  it('need figures', () => {
    expect(spreadOf([3, 1, 2, 10])).toEqual({ median: 2.5, least: 1, most: 10 })
    expect(() => spreadOf([])).toThrow('missing')
    const ours = measured('Ours', [visit(20), visit(30, { nextPaint: null })])
    expect(() => summarize(bare, [ours, big])).toThrow('missing')
  })
  it('stand in a table with a column for each', () => {
    const lines = tableOf(summarize(bare, [small, big])).split('\n')
    expect(lines[0]).toMatch(/\| Small +\| Big +\|$/)
    expect(lines[2]).toMatch(/^\| script time .* 100 +\| 1000 +\|$/)
    expect(new Set(lines.map((line) => line.split('|').length))).toEqual(new Set([5]))
  })
})

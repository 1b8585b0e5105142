/** What the visits of the embed benchmark come to: medians with their spread, the table, and the promises that were missed. */
import type { Leak, Visit } from './benchEmbedVisit.ts'

/** All that was measured of one product; a visit for each round, in the same order for all. */
export interface Measured {
  id: string
  label: string
  what: string
  /** Not among those that a promise speaks of. */
  aside?: true | undefined
  /** Earshot once more, in another way than the first. */
  ours?: true | undefined
  visits: readonly Visit[]
  leaks: readonly Leak[]
}

/** The median, and the least and most that it was seen among. */
export interface Spread {
  median: number
  least: number
  most: number
}

/** One product, compared with the page that has none. Milliseconds but for shifts, counts and bytes. */
export interface Summary {
  id: string
  label: string
  what: string
  aside?: true | undefined
  ours?: true | undefined
  /** Script time until the question is shown, less that of the bare page in the same round. */
  script: Spread
  /** Script time of Earshot, divided by this one's in the same round. */
  ratio: Spread
  /** Script time of this one, divided by that of the best of the others in the same round: the one whose median is the least. */
  share: Spread
  /** All of the main thread until the question is shown, less that of the bare page. */
  mainThread: Spread
  /** The longest task with a script of the page, by the thread's clock. */
  longestShowing: Spread
  longestAnswering: Spread
  /** Long tasks as the page's own observer sees them: by the wall clock, whoever's they are. */
  observedShowing: Spread
  /** How many tasks with a script of the page were as long, before the answer. */
  longShowing: Spread
  observedAnswering: Spread
  observedLongest: Spread
  shift: Spread
  shiftAfterInput: Spread
  shiftOfPage: Spread
  nextPaint: Spread
  nodes: Spread
  listeners: Spread
  heap: Spread
  bytes: number
}

/** What Earshot promises. */
export const limits = { task: 50, shift: 0, ratio: 0.35, nodes: 0, listeners: 0 } as const

/**
 * @throws when there is nothing to take it of
 * @example
 * spreadOf([3, 1, 2]) // { median: 2, least: 1, most: 3 }
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number): number => {
    const value = sorted[index]
    if (value === undefined || Number.isNaN(value)) throw new Error('A figure is missing.')
    return value
  }
  const half = (sorted.length - 1) / 2
  return {
    median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2,
    least: at(0),
    most: at(sorted.length - 1),
  }
}

/** Compares each product with the bare page, and with the first product, round by round: so what the machine does to one of them, it does to the other. */
export function summarize(bare: Measured, products: readonly Measured[]): Summary[] {
  const ours = products[0]!
  const typical = ({ visits }: Measured): number =>
    spreadOf(visits.map(({ script }, round) => script - bare.visits[round]!.script)).median
  const [first = ours, ...rest] = products.filter((each) => each !== ours && !each.aside && !each.ours)
  const best = rest.reduce((least, each) => (typical(each) < typical(least) ? each : least), first)
  return products.map(({ id, label, what, aside, ours: also, visits, leaks }) => {
    const of = (take: (visit: Visit, round: number) => number): Spread => spreadOf(visits.map(take))
    const less = (visit: Visit, round: number, key: 'script' | 'all'): number =>
      visit[key] - bare.visits[round]![key]
    return {
      id,
      label,
      what,
      aside,
      ours: also,
      script: of((visit, round) => less(visit, round, 'script')),
      ratio: of((visit, round) => less(ours.visits[round]!, round, 'script') / less(visit, round, 'script')),
      share: of((visit, round) => less(visit, round, 'script') / less(best.visits[round]!, round, 'script')),
      mainThread: of((visit, round) => less(visit, round, 'all')),
      longestShowing: of((visit) => visit.longestShowing),
      longestAnswering: of((visit) => visit.longestAnswering),
      longShowing: of((visit) => visit.longShowing),
      observedShowing: of((visit) => visit.longTasksShowing.length),
      observedAnswering: of((visit) => visit.longTasksAnswering.length),
      observedLongest: of((visit) => Math.max(0, ...visit.longTasksShowing, ...visit.longTasksAnswering)),
      shift: of((visit) => visit.shift),
      shiftAfterInput: of((visit) => visit.shiftAfterInput),
      shiftOfPage: of((visit) => visit.shiftOfPage),
      nextPaint: of((visit) => visit.nextPaint ?? Number.NaN),
      nodes: spreadOf(leaks.map(({ nodes }) => nodes)),
      listeners: spreadOf(leaks.map(({ listeners }) => listeners)),
      heap: spreadOf(leaks.map(({ heap }) => heap)),
      bytes: of((visit) => visit.bytes).median,
    }
  })
}

/** The promises that Earshot, the first, did not keep. */
export function missed([ours, ...others]: readonly Summary[]): string[] {
  if (!ours) throw new Error('Nothing was measured.')
  const task = Math.max(ours.longestShowing.most, ours.longestAnswering.most)
  const best = others
    .filter(({ aside, ours: also }) => !aside && !also)
    .toSorted((a, b) => a.script.median - b.script.median)[0]
  const found: string[] = []
  if (task > limits.task)
    found.push(`a task with a script of Earshot took ${task.toFixed(1)} ms, limit ${limits.task}`)
  const shift = Math.max(ours.shift.most, ours.shiftOfPage.most)
  if (shift > limits.shift)
    found.push(`Earshot shifted the page by ${shift.toFixed(4)}, limit ${limits.shift}`)
  if (best && best.ratio.median > limits.ratio)
    found.push(
      `Earshot's script time is ${best.ratio.median.toFixed(2)} of that of ${best.label}, which has the smallest of the others; limit ${limits.ratio}`,
    )
  for (const { label, share } of others.filter(({ ours: also }) => best && also))
    if (share.median > limits.ratio)
      found.push(
        `the script time of ${label}, is ${share.median.toFixed(2)} of that of ${best!.label}; limit ${limits.ratio}`,
      )
  for (const kind of ['nodes', 'listeners'] as const)
    if (ours[kind].most > limits[kind])
      found.push(`Earshot left ${ours[kind].most} ${kind} behind, limit ${limits[kind]}`)
  return found
}

/** The table, in Markdown. */
export function tableOf(summaries: readonly Summary[]): string {
  const spread =
    (digits: number) =>
    ({ median, least, most }: Spread): string => {
      const [middle, low, high] = [median, least, most].map((value) => value.toFixed(digits))
      return low === high ? middle! : `${middle} (${low}–${high})`
    }
  const rows: [string, (summary: Summary) => string][] = [
    ['script time until the question is shown, ms', ({ script }) => spread(0)(script)],
    ['Earshot’s script time as a share of it', ({ ratio }) => spread(2)(ratio)],
    ['all main-thread time until it is shown, ms', ({ mainThread }) => spread(0)(mainThread)],
    ['longest task with its scripts, showing, ms', ({ longestShowing }) => spread(0)(longestShowing)],
    ['longest task with its scripts, answering, ms', ({ longestAnswering }) => spread(0)(longestAnswering)],
    ['long tasks observed, showing', ({ observedShowing }) => spread(0)(observedShowing)],
    ['tasks as long that had its scripts, showing', ({ longShowing }) => spread(0)(longShowing)],
    ['long tasks observed, answering', ({ observedAnswering }) => spread(0)(observedAnswering)],
    ['longest of those, ms', ({ observedLongest }) => spread(0)(observedLongest)],
    ['layout shift', ({ shift }) => spread(3)(shift)],
    ['layout shift right after input', ({ shiftAfterInput }) => spread(3)(shiftAfterInput)],
    ['in which the page’s own content moved', ({ shiftOfPage }) => spread(3)(shiftOfPage)],
    ['next paint after the click, ms', ({ nextPaint }) => spread(0)(nextPaint)],
    ['DOM nodes left after nine more showings', ({ nodes }) => spread(0)(nodes)],
    ['listeners left', ({ listeners }) => spread(0)(listeners)],
    [
      'heap grown, kB',
      ({ heap }) =>
        spread(0)({ median: heap.median / 1000, least: heap.least / 1000, most: heap.most / 1000 }),
    ],
    ['transferred, gzip, kB', ({ bytes }) => (bytes / 1000).toFixed(1)],
  ]
  const cells = [
    ['', ...summaries.map(({ label }) => label)],
    ...rows.map(([name, show]) => [name, ...summaries.map(show)]),
  ]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n')
}

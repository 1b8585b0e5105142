/** Reads from a Chromium trace what a page cost its main thread, by the clock of the thread: what other programs take of the processor does not count. */

/** An event of the trace event format, as far as it is read here. Times in microseconds; `tts` and `tdur` by the thread's clock. */
export interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  tts?: number
  dur?: number
  tdur?: number
  args?: Record<string, unknown> & { data?: { url?: string } }
}

/** Milliseconds of the main thread, between the beginning of the trace and the first mark. */
export interface Cost {
  /** Running, parsing and compiling scripts, and collecting garbage. */
  script: number
  /** Of that, parsing and compiling. */
  compile: number
  /** Everything: besides scripts HTML, style, layout and paint. */
  all: number
  /** The longest task in which the page's scripts ran, up to the second mark and from there to the third. */
  longestShowing: number
  longestAnswering: number
  /** How many of those took 50 ms and more by the clock of the wall, up to the second mark. */
  longShowing: number
}

/** Names of user timing marks: the question is shown; somebody begins to answer; it is over. */
export interface Marks {
  shown: string
  answering: string
  over: string
}

const compiling = /^(v8\.compile|V8\.(Compile|Parse))/
const running = /^(EvaluateScript|v8\.evaluateModule|v8\.run|FunctionCall|RunMicrotasks)$/
const collecting = /^(MinorGC|MajorGC|V8\.GC|BlinkGC)/
/** What a browser does for a page, also where a script made it necessary at once. */
const rendering =
  /^(ParseHTML|ParseAuthorStyleSheet|UpdateLayoutTree|RecalculateStyles|Layout|PrePaint|Paint|Layerize|Commit|HitTest|IntersectionObserver)/

/** What a browser calls a long task; microseconds. */
const long = 50_000

type Kind = 'compile' | 'run' | 'collect' | 'render' | 'probe' | 'other'

interface Open {
  end: number
  kind: Kind
  start: number
  /** Whether it is a task of the event loop, how long by the clock of the wall, and whether a script of the page ran in it. */
  task: boolean
  wall: number
  script: boolean
}

/**
 * Every moment belongs to the innermost event whose kind is known: a layout inside a function counts as rendering, a
 * script inside of the parsing of HTML as script.
 *
 * @param probeUrl scripts of this address are not counted at all
 * @throws when a mark is missing, or has no thread time
 */
export function costOf(events: readonly TraceEvent[], marks: Marks, probeUrl: string): Cost {
  const markOf = (name: string): TraceEvent & { tts: number } => {
    const found = events.find((each) => each.name === name && each.tts !== undefined)
    if (!found) throw new Error(`The trace has no mark "${name}" with a thread time.`)
    return found as TraceEvent & { tts: number }
  }
  const shown = markOf(marks.shown)
  const answering = markOf(marks.answering).tts
  const over = markOf(marks.over).tts
  const mine = events
    .filter(({ ph, pid, tid }) => ph === 'X' && pid === shown.pid && tid === shown.tid)
    // What had begun when the trace did, or had not ended, has no times.
    .flatMap((event) =>
      event.tts === undefined || event.tdur === undefined
        ? []
        : [{ event, start: event.tts, end: event.tts + event.tdur }],
    )
    .filter(({ start }) => start < over)
    .toSorted((a, b) => a.start - b.start || b.end - a.end || a.event.ts - b.event.ts)
  const sums: Record<Kind, number> = { compile: 0, run: 0, collect: 0, render: 0, probe: 0, other: 0 }
  const longest = { showing: 0, answering: 0 }
  let longShowing = 0
  const stack: Open[] = []
  let now = 0
  /** Time passes, to the account of whatever is innermost. */
  const pass = (until: number): void => {
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const stop = Math.min(top.end, until)
      sums[top.kind] += Math.max(0, Math.min(stop, shown.tts) - now)
      now = Math.max(now, stop)
      if (top.end > until) break
      stack.pop()
      const phase = top.start < answering ? 'showing' : 'answering'
      if (!top.task || !top.script) continue
      longest[phase] = Math.max(longest[phase], top.end - top.start)
      if (phase === 'showing' && top.wall >= long) longShowing++
    }
    now = Math.max(now, until)
  }
  for (const { event, start, end } of mine) {
    pass(start)
    const kind = kindOf(event, stack.at(-1)?.kind ?? 'other', probeUrl)
    if (kind === 'run' || kind === 'compile') for (const each of stack) each.script = true
    const task = event.name === 'RunTask'
    stack.push({ end, kind, start, task, wall: event.dur ?? 0, script: false })
  }
  pass(Infinity)
  const milliseconds = (...kinds: Kind[]): number => kinds.reduce((sum, kind) => sum + sums[kind], 0) / 1000
  return {
    script: milliseconds('run', 'compile', 'collect'),
    compile: milliseconds('compile'),
    all: milliseconds('run', 'compile', 'collect', 'render', 'other'),
    longestShowing: longest.showing / 1000,
    longestAnswering: longest.answering / 1000,
    longShowing,
  }
}

function kindOf({ name, args }: TraceEvent, above: Kind, probeUrl: string): Kind {
  if (above === 'probe' || args?.data?.url === probeUrl || args?.['fileName'] === probeUrl) return 'probe'
  if (compiling.test(name)) return 'compile'
  if (running.test(name)) return 'run'
  if (collecting.test(name)) return 'collect'
  if (rendering.test(name)) return 'render'
  return above
}

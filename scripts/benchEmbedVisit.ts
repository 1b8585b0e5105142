/** One visit of the embed benchmark: a fresh profile, one page with one product, measured over the DevTools protocol alone, so that no test tool runs on the page. */
import type { Browser, CDPSession } from 'playwright'
import type { Place, Product } from './benchEmbedProducts.ts'
import {
  frames,
  installProbe,
  middleOf,
  probeUrl,
  readSeen,
  scrollTo,
  type Seen,
  setMark,
  waitFor,
} from './benchEmbedProbe.ts'
import { pagePath, type BenchServer } from './benchEmbedServer.ts'
import { type Cost, costOf, type TraceEvent } from './benchEmbedTrace.ts'

export const viewport = { width: 320, height: 568 }
const patience = 30_000
/** How many times a survey is opened and closed. */
export const cycles = 10
/** The events of one click. */
const clicking = /^(pointer|mouse)(down|up)$|^click$/
/** What is drawn within 16 milliseconds has no entry in Event Timing. */
const shortest = 16

const marks = { shown: 'bench-shown', answering: 'bench-answering', over: 'bench-over' }
/** Tasks and what they do, marks, and microtasks. Every category more makes what is measured slower. */
const traced = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'blink.user_timing',
  'v8.execute',
].join(',')

/** The host page: a shop's text, and whatever a product needs in the head. */
export function hostPage(head: string): string {
  const lines = Array.from(
    { length: 30 },
    (_, index) =>
      `<article><h2>Article ${index + 1}</h2><p>Made to last, and repaired for free. In stock, delivered in two days.</p><button>Add to basket</button></article>`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Shop</title><style>body{margin:16px;font:16px/1.5 sans-serif}</style>${head}</head><body><h1>Shop</h1><main>${lines.join('')}</main></body></html>`
}

/** A page with nothing but the host's own content. */
export const bare: Product = {
  id: 'bare',
  label: 'no SDK',
  what: 'the host page alone',
  head: '',
  respond: () => null,
  question: ['main', 'h2'],
  acts: [],
  arrived: () => true,
  open: '',
  close: '',
  gone: ['main', 'h2'],
}

/** What one visit to a page gave; milliseconds. */
export interface Visit extends Cost {
  /** From navigation until the question could be seen. */
  shownAfter: number
  longTasksShowing: number[]
  longTasksAnswering: number[]
  /** Layout shift scores until the click, and after; those right after an input are not counted by browsers. */
  shift: number
  shiftAfterInput: number
  /** The sum of all in which the host page's own content moved, input or not. */
  shiftOfPage: number
  /** From the click to the next paint: the longest event of it; 16 where there was no longer one. */
  nextPaint: number | null
  bytes: number
}

/** What is on the page after many showings and was not there after the first. */
export interface Leak {
  nodes: number
  listeners: number
  heap: number
}

interface Page {
  session: CDPSession
  run<Result, Input extends unknown[]>(
    work: (...input: Input) => Result | Promise<Result>,
    ...input: Input
  ): Promise<Result>
  evaluate(script: string): Promise<unknown>
  close(): Promise<void>
}

/** Resolves when something happens that a session tells of. */
const next = (session: CDPSession, event: 'Page.loadEventFired' | 'Tracing.tracingComplete'): Promise<void> =>
  new Promise((resolve) => session.once(event, () => resolve()))

async function openPage(browser: Browser, product: Product): Promise<Page> {
  const context = await browser.newContext({ viewport })
  const session = await context.newCDPSession(await context.newPage())
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails)
      throw new Error(`${product.label}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`)
    return result.value
  }
  await session.send('Page.enable')
  await session.send('Runtime.enable')
  await session.send('Performance.enable', { timeDomain: 'timeTicks' })
  await session.send('Runtime.addBinding', { name: 'benchShown' })
  await session.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `(${String(installProbe)})(${JSON.stringify(product.question)}, ${JSON.stringify(marks.shown)})\n//# sourceURL=${probeUrl}`,
  })
  return {
    session,
    evaluate,
    run: (async (work, ...input) =>
      evaluate(`(${String(work)})(...${JSON.stringify(input)})\n//# sourceURL=${probeUrl}`)) as Page['run'],
    close: () => context.close(),
  }
}

/** Navigates, and resolves when the question is shown. */
async function show(page: Page, server: BenchServer, product: Product): Promise<void> {
  const shown = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      void page.run(waitFor, product.question, true, 0).then((said) => {
        reject(
          new Error(
            `${product.label} showed nothing within ${patience} ms: ${said} ${server.missing().join(', ')}`,
          ),
        )
      }, reject)
    }, patience)
    page.session.on('Runtime.bindingCalled', ({ name }) => {
      if (name !== 'benchShown') return
      clearTimeout(timer)
      resolve()
    })
  })
  const loaded = next(page.session, 'Page.loadEventFired')
  await page.session.send('Page.navigate', { url: server.url + pagePath })
  await Promise.all([shown, loaded])
}

async function expectThere(page: Page, product: Product, wanted: Place, there: boolean): Promise<void> {
  const said = await page.run(waitFor, wanted, there, patience)
  if (said) throw new Error(`${product.label}: ${said}`)
}

async function click(page: Page, product: Product, at: Place): Promise<void> {
  if (await page.run(scrollTo, at)) await page.run(frames, 6)
  await expectThere(page, product, at, true)
  const point = await page.run(middleOf, at)
  if (!point) throw new Error(`${product.label}: ${at.join(' ')} is gone.`)
  await page.session.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...point })
  const button = { ...point, button: 'left', clickCount: 1 } as const
  await page.session.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...button })
  await page.session.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...button })
}

/** Lets the service answer, and keeps what it was told. */
function serve(server: BenchServer, product: Product): string[] {
  const requests: string[] = []
  const page = { type: 'text/html; charset=utf-8', body: hostPage(product.head) }
  server.serve((path, method, body) => {
    if (path === pagePath) return page
    if (path === '/blank') return { type: 'text/html', body: '<!doctype html><title>Blank</title>' }
    if (method === 'POST') requests.push(body)
    return product.respond(path, method, body)
  })
  return requests
}

/**
 * Shows the survey and answers it.
 *
 * @param slowdown how many times slower than it is the processor pretends to be
 * @throws when it is not shown, does not react, or its answer does not arrive
 */
export async function visit(
  browser: Browser,
  server: BenchServer,
  product: Product,
  slowdown: number,
): Promise<Visit> {
  const requests = serve(server, product)
  const page = await openPage(browser, product)
  const tracer = await browser.newBrowserCDPSession()
  try {
    // The process of the site is there, as it is for everybody who comes from a page before.
    const blank = next(page.session, 'Page.loadEventFired')
    await page.session.send('Page.navigate', { url: `${server.url}/blank` })
    await blank
    await page.session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    server.restart()
    const events: TraceEvent[] = []
    tracer.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
    await tracer.send('Tracing.start', { transferMode: 'ReportEvents', categories: traced })
    await show(page, server, product)
    // What it does after that belongs to the showing too: a display that is reported, a style that comes late.
    await page.run(frames, 90)
    await page.run(setMark, marks.answering)
    const before = await page.run(readSeen)
    const nextPaint = await answer(page, product)
    await page.run(frames, 30)
    await page.run(setMark, marks.over)
    const after = await page.run(readSeen)
    const ended = next(tracer, 'Tracing.tracingComplete')
    await tracer.send('Tracing.end')
    await ended
    const until = performance.now() + patience
    while (!product.arrived(requests)) {
      if (performance.now() > until)
        throw new Error(`${product.label}: the answer did not arrive. There came:\n${requests.join('\n')}`)
      await page.run(frames, 6)
    }
    return {
      ...costOf(events, marks, probeUrl),
      ...figures(before, after),
      nextPaint,
      bytes: server.bytes(),
    }
  } finally {
    await tracer.detach()
    await page.close()
  }
}

async function answer(page: Page, product: Product): Promise<number | null> {
  let nextPaint: number | null = null
  for (const { at, write, until, timed } of product.acts) {
    const begun = await page.run(() => performance.now())
    await click(page, product, at)
    if (timed) {
      await page.run(frames, 6)
      const { events } = await page.run(readSeen)
      const fresh = events.filter(({ name, start }) => start >= begun && clicking.test(name))
      nextPaint = Math.max(shortest, ...fresh.map(({ duration }) => duration))
    }
    if (write) await page.session.send('Input.insertText', { text: write })
    if (await page.run(scrollTo, until)) await page.run(frames, 6)
    await expectThere(page, product, until, true)
  }
  return nextPaint
}

function figures(before: Seen, after: Seen): Omit<Visit, keyof Cost | 'nextPaint' | 'bytes'> {
  const sum = (counts: (shift: Seen['shifts'][number]) => boolean): number =>
    after.shifts.filter(counts).reduce((all, { value }) => all + value, 0)
  const durations = (seen: Seen): number[] => seen.longTasks.map(({ duration }) => duration)
  return {
    shownAfter: before.shownAt ?? Number.NaN,
    longTasksShowing: durations(before),
    longTasksAnswering: durations(after).slice(before.longTasks.length),
    shift: sum(({ afterInput }) => !afterInput),
    shiftAfterInput: sum(({ afterInput }) => afterInput),
    shiftOfPage: sum(({ ofPage }) => ofPage),
  }
}

/** Opens and closes many times, and says what stayed. At full speed: memory does not depend on it. */
export async function leak(browser: Browser, server: BenchServer, product: Product): Promise<Leak> {
  serve(server, product)
  const page = await openPage(browser, product)
  try {
    await show(page, server, product)
    const close = async (): Promise<void> => {
      await page.evaluate(product.close)
      await expectThere(page, product, product.gone, false)
    }
    await close()
    const first = await settled(page)
    for (let cycle = 1; cycle < cycles; cycle++) {
      await page.evaluate(product.open)
      await expectThere(page, product, product.question, true)
      await close()
    }
    const last = await settled(page)
    return {
      nodes: last.nodes - first.nodes,
      listeners: last.listeners - first.listeners,
      heap: last.heap - first.heap,
    }
  } finally {
    await page.close()
  }
}

/** Counts after garbage was collected, as soon as two counts in a row are the same. */
async function settled(page: Page): Promise<Leak> {
  let last: Leak | undefined
  for (let turn = 0; turn < 20; turn++) {
    await page.run(frames, 30)
    await page.session.send('HeapProfiler.collectGarbage')
    await page.session.send('HeapProfiler.collectGarbage')
    const { metrics } = await page.session.send('Performance.getMetrics')
    const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
    const now = { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize') }
    if (last && last.nodes === now.nodes && last.listeners === now.listeners) return now
    last = now
  }
  throw new Error('The page never came to rest.')
}

/** What looks on from inside a page of the embed benchmark. Its functions travel as text, so each knows nothing but its arguments. */
import type { Place } from './benchEmbedProducts.ts'

/** What was seen since the page began. Times in milliseconds from navigation. */
export interface Seen {
  shownAt: number | null
  longTasks: { start: number; duration: number }[]
  /** `ofPage`: whether something moved that is the host page's own. */
  shifts: { start: number; value: number; afterInput: boolean; ofPage: boolean }[]
  /** Event Timing: everything that took 16 ms and more until the next paint, and the first input in any case. */
  events: { name: string; start: number; duration: number }[]
  errors: string[]
}

/** The name that its scripts have in a trace. */
export const probeUrl = 'bench-probe.js'

/** Installed before the first script of the page. */
export function installProbe([host, inner]: Place, mark: string): void {
  const seen: Seen = { shownAt: null, longTasks: [], shifts: [], events: [], errors: [] }
  const place = ([outer, selector]: Place): Element | null => {
    const element = document.querySelector(outer)
    return (element?.shadowRoot ?? element)?.querySelector(selector) ?? null
  }
  /** Drawn, not transparent, and its middle on top and inside the window: a respondent could click it. */
  const visible = (wanted: Place): boolean => {
    const element = place(wanted)
    if (!element?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false
    const { left, top, width, height } = element.getBoundingClientRect()
    const x = left + width / 2
    const y = top + height / 2
    if (!width || !height || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false
    return element.contains((element.getRootNode() as Document | ShadowRoot).elementFromPoint(x, y))
  }
  const look = (): void => {
    if (!visible([host, inner])) return void requestAnimationFrame(look)
    // The frame that is being made shows it; when the next one begins, it has been handed over.
    requestAnimationFrame(() => {
      seen.shownAt = performance.now()
      performance.mark(mark)
      window.benchShown('')
    })
  }
  const observe = (type: string, add: (entry: PerformanceEntry) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({
      type,
      buffered: true,
      durationThreshold: 16,
    } as PerformanceObserverInit)
  observe('longtask', ({ startTime, duration }) => seen.longTasks.push({ start: startTime, duration }))
  observe('layout-shift', (entry) => {
    const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
      value: number
      hadRecentInput: boolean
      sources: { node: Node | null }[]
    }
    const own = [...document.querySelectorAll('h1,main')]
    const ofPage = sources.some(({ node }) => node && own.some((each) => each.contains(node)))
    seen.shifts.push({ start: entry.startTime, value, afterInput: hadRecentInput, ofPage })
  })
  for (const type of ['event', 'first-input'])
    observe(type, ({ name, startTime, duration }) => seen.events.push({ name, start: startTime, duration }))
  addEventListener('error', ({ message }) => seen.errors.push(message))
  addEventListener('unhandledrejection', ({ reason }) => seen.errors.push(String(reason)))
  window.bench = { seen, place, visible }
  requestAnimationFrame(look)
}

declare global {
  interface Window {
    bench: {
      seen: Seen
      place: (wanted: Place) => Element | null
      visible: (wanted: Place) => boolean
    }
    benchShown: (nothing: string) => void
  }
}

/** Resolves when something is visible, or gone; says what there is instead after a while. */
export function waitFor(wanted: Place, there: boolean, patience: number): Promise<string> {
  const until = performance.now() + patience
  return new Promise((resolve) => {
    const look = (): void => {
      const found = there ? window.bench.visible(wanted) : !window.bench.place(wanted)
      if (found) return resolve('')
      if (performance.now() < until) return void setTimeout(look, 20)
      const outer = document.querySelector(wanted[0])
      resolve(
        `${wanted.join(' ')} is not ${there ? 'visible' : 'gone'} after ${patience} ms. ${window.bench.seen.errors.join('; ')}\n` +
          ((outer?.shadowRoot ?? outer)?.innerHTML.slice(-3000) ?? `There is no ${wanted[0]}.`),
      )
    }
    look()
  })
}

/** Scrolls to an element that is out of sight, as a respondent does. Tells whether it had to. */
export function scrollTo(wanted: Place): boolean {
  const isOut = !window.bench.visible(wanted)
  if (isOut) window.bench.place(wanted)?.scrollIntoView({ block: 'center', behavior: 'instant' })
  return isOut
}

/** The middle of an element, where a click goes. */
export function middleOf(wanted: Place): { x: number; y: number } | null {
  const box = window.bench.place(wanted)?.getBoundingClientRect()
  return box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : null
}

/** Resolves after so many frames, when what was ordered before is painted and its entries are there. */
export function frames(count: number): Promise<void> {
  return new Promise((resolve) => {
    const next = (left: number): void =>
      left ? void requestAnimationFrame(() => next(left - 1)) : void setTimeout(resolve)
    next(count)
  })
}

/** Leaves a mark in the trace. */
export function setMark(name: string): void {
  performance.mark(name)
}

export function readSeen(): Seen {
  return window.bench.seen
}

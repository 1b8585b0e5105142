/** What every sensor is made of: what it knows of the page view, and listeners and timers that cost the page nothing. */
import type { Signal } from '../core/model.ts'

/** The page view that sensors look at. */
export interface Visit {
  /** Whether it is the first one since the page was loaded: what is scrolled by now was scrolled by its visitor. */
  first: boolean
  /** The highest position of each scroller: what the page itself put back up was not scrolled down. */
  starts: WeakMap<Element, number>
  /** Milliseconds for which it was really visible so far. */
  visible(): number
}

/** Looks out for one signal until it is over, and says when it is there, never before it has returned. */
export type Sensor = (over: AbortSignal, signal: Signal, found: () => void, visit: Visit) => void

export const isVisible = (): boolean => document.visibilityState === 'visible'

/**
 * The browser's own, where Zone.js has put itself in front: a page in Angular would otherwise be rendered again each
 * time that a sensor hears something.
 */
export function native<Owner extends object, Name extends keyof Owner & string>(
  owner: Owner,
  name: Name,
): Owner[Name] {
  return (owner as Record<string, Owner[Name] | undefined>)[`__zone_symbol__${name}`] ?? owner[name]
}

/** Hears events before the page can stop them, and never holds one up. */
export function listen(
  over: AbortSignal,
  target: EventTarget,
  types: readonly string[],
  callback: (event: never) => void,
  capture = true,
): void {
  for (const type of types)
    native(target, 'addEventListener').call(target, type, callback as EventListener, {
      capture,
      passive: true,
      signal: over,
    })
}

/** Calls back once after so many milliseconds. */
export function wait(over: AbortSignal, milliseconds: number, callback: () => void): void {
  const timer = setTimeout(callback, milliseconds)
  over.addEventListener('abort', () => clearTimeout(timer))
}

/** Begins work whenever the page is or becomes visible; it is over when the page is hidden. */
export function whileVisible(over: AbortSignal, begin: (over: AbortSignal) => void): void {
  let stretch = new AbortController()
  const turn = (): void => {
    stretch.abort()
    stretch = new AbortController()
    if (isVisible() && !over.aborted) begin(stretch.signal)
  }
  listen(over, document, ['visibilitychange'], turn)
  over.addEventListener('abort', turn)
  turn()
}

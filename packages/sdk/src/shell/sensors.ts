/** The sensors of a page: each wanted signal has one, from when it is wanted until it was told once on this page view. */
import type { Signal } from '../core/model.ts'
import type { Instant } from '../core/time.ts'
import { isSelector } from './matches.ts'
import { isVisible, listen, type Sensor, type Visit } from './sensor.ts'
import { senseClick, senseRage } from './sensorClick.ts'
import { senseExit, senseScroll } from './sensorScroll.ts'
import { createSeenSensor } from './sensorSeen.ts'
import { senseIdle, senseTime } from './sensorTime.ts'

export interface Sensors {
  /**
   * Looks out for these signals from now on, and no others. What it saw of those that stay counts on.
   *
   * @param since when the page view began: time and depth count from there; another one begins anew
   */
  watch(signals: readonly Signal[], since: Instant): void
  /** Takes every listener away. */
  stop(): void
}

/**
 * Milliseconds for which the page was visible since then, as far as the browser remembers. One that does not tell
 * (or has forgotten the oldest of its fifty changes) counts from now, which is rather too late than too early.
 */
function visibleSince(since: number): number {
  const turns = performance.getEntriesByType('visibility-state')
  let sum = 0
  turns.forEach(({ name, startTime }, index) => {
    const end = turns[index + 1]?.startTime ?? performance.now()
    if (name === 'visible') sum += Math.max(0, end - Math.max(startTime, since))
  })
  return turns.length < 50 ? sum : 0
}

/** Begins to count the visible time of a page view, from a moment of the wall clock on. */
function createVisit(over: AbortSignal, since: Instant, first: boolean): Visit {
  let last = performance.now()
  let wasVisible = isVisible()
  let sum = visibleSince(last - (Date.now() - since))
  const visible = (): number => {
    const now = performance.now()
    if (wasVisible) sum += now - last
    last = now
    wasVisible = isVisible()
    return sum
  }
  listen(over, document, ['visibilitychange'], visible)
  return { first, starts: new WeakMap(), visible }
}

/** @param tell called with each signal once per page view, never from within `watch` */
export function startSensors(tell: (signal: Signal) => void): Sensors {
  const sensors: Readonly<Record<Signal['on'], Sensor>> = {
    time: senseTime,
    scroll: senseScroll,
    exit: senseExit,
    idle: senseIdle,
    seen: createSeenSensor(),
    click: senseClick,
    rage: senseRage,
  }
  /** What ends each sensor that is at work; null when its signal was told. */
  const ends = new Map<string, AbortController | null>()
  let view = new AbortController()
  let entered: Instant | undefined
  let visit: Visit | undefined

  const stop = (): void => {
    view.abort()
    for (const end of ends.values()) end?.abort()
    ends.clear()
  }
  const start = (key: string, signal: Signal, during: Visit): void => {
    const end = new AbortController()
    const found = (): void => {
      if (end.signal.aborted) return
      end.abort()
      ends.set(key, null)
      tell(signal)
    }
    ends.set(key, end)
    sensors[signal.on](end.signal, signal, found, during)
  }

  return {
    watch(signals, since) {
      if (!visit || since !== entered) {
        stop()
        view = new AbortController()
        visit = createVisit(view.signal, since, !visit)
        entered = since
      }
      // Without a prototype: what a page added to all objects is no part of a signal.
      const wanted = new Map(
        signals.map((each) => {
          const own: Signal = Object.assign(Object.create(null) as Signal, each)
          return [JSON.stringify([own.on, own.value, own.selector]), own]
        }),
      )
      for (const [key, end] of ends)
        if (end && !wanted.has(key)) {
          end.abort()
          ends.delete(key)
        }
      for (const [key, signal] of wanted) {
        const { selector } = signal
        if (!ends.has(key) && (selector === undefined || isSelector(selector))) start(key, signal, visit)
      }
    },
    stop,
  }
}

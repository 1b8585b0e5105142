/** What the sensors of a page would see: time that passes by itself, and what the visitor does as it is told. */
import type { Signal } from '../core/model.ts'
import { reaches } from '../core/rules/triggers.ts'
import type { Instant } from '../core/time.ts'
import type { Clock } from '../ports/world.ts'

/** A page that was entered so recently cannot be left yet, as the real sensor has it. */
const settled = 2000

/** The senses of one page. */
export interface SimulatedSensors {
  /**
   * Looks out for these signals from now on, and no others.
   *
   * @param since when the page view began: each signal is told once in it
   */
  watch(signals: readonly Signal[], since: Instant): void
  /** The visitor scrolled, clicked, or is about to leave. What is not looked out for is not seen; how far the page was scrolled is known later too. */
  see(signal: Signal): void
  /** The visitor did something: nobody is idle now. */
  touch(): void
  stop(): void
}

/** @param tell called with what was looked out for, never from within `watch` */
export function createSensors(clock: Clock, tell: (signal: Signal) => void): SimulatedSensors {
  let entered: Instant | undefined
  let watched: readonly Signal[] = []
  let told = new Set<string>()
  let cancels: (() => void)[] = []
  let depth = 0
  let touched = clock.now()

  const found = (wanted: Signal): void => {
    const key = JSON.stringify(wanted)
    // What was told before may have ended the look-out for this one.
    if (told.has(key) || !watched.some((each) => JSON.stringify(each) === key)) return
    told.add(key)
    tell(wanted)
  }
  const plan = (): void => {
    for (const cancel of cancels) cancel()
    cancels = watched.flatMap((wanted) => {
      const { on, value = 0 } = wanted
      const begin = on === 'time' ? (entered ?? 0) : touched
      if (on === 'scroll' && depth > 0 && depth >= value) return [clock.wait(0, () => found(wanted))]
      if (on !== 'time' && on !== 'idle') return []
      return [clock.wait(Math.max(0, begin + value * 1000 - clock.now()), () => found(wanted))]
    })
  }

  return {
    watch(signals, since) {
      if (since !== entered) {
        entered = since
        touched = clock.now()
        told = new Set()
        depth = 0
      }
      watched = signals
      plan()
    },
    see(signal) {
      if (signal.on === 'exit' && clock.now() - (entered ?? 0) < settled) return
      if (signal.on === 'scroll') depth = Math.max(depth, signal.value ?? 0)
      for (const wanted of watched) if (reaches(signal, wanted)) found(wanted)
    },
    touch() {
      touched = clock.now()
      if (watched.some((each) => each.on === 'idle')) plan()
    },
    stop() {
      watched = []
      plan()
    },
  }
}

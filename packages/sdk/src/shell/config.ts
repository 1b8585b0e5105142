/** Brings what the collector serves: the last good copy at once, then the present one, and again while it cannot be reached. */
import type { Served } from '../ports/collector.ts'
import type { Clock } from '../ports/world.ts'
import type { Store } from './store.ts'

/** Until a card is on the screen nothing else shall take the page's time. */
const copyAfter = 1000

/** What it works with, and who hears of it. */
export interface ConfigParts {
  store: Store
  /** Rejects when the collector could not be reached; with `retryAfter`, if it asked for patience. */
  loadServed(): Promise<Served>
  clock: Clock
  /** Whether consent lets anything be fetched and kept. */
  isOpen(): boolean
  /** Told each time something is known. */
  served(served?: Served): void
  fail(error: unknown): void
  /** Calls back when it may be asked again. */
  again(ask: () => unknown, error?: unknown): void
}

/**
 * Calls `ready` when some surveys are known: the copy, or what the page brought along, need not wait for the network.
 *
 * @param enough whether the page has surveys of its own
 * @returns stops asking again
 */
export function fetchConfig(parts: ConfigParts, enough: boolean, ready: () => void): () => void {
  const { store, loadServed, clock, isOpen, served, fail, again } = parts
  let cancel = (): void => {}
  let isOver = false
  const ask = async (): Promise<void> => {
    try {
      if (isOver) return
      const fresh = await loadServed()
      served(fresh)
      cancel = clock.wait(copyAfter, () => isOpen() && void store.writeServed(fresh))
    } catch (error) {
      if (isOver) return
      fail(error)
      again(ask, error)
    } finally {
      ready()
    }
  }
  void store.readServed().then((known) => {
    if (known || enough) {
      served(known)
      ready()
    }
    // Where the last page, or another tab, had no answer, this one is not to ask at once as well.
    return known?.wait ? again(ask) : ask()
  })
  return () => {
    isOver = true
    cancel()
  }
}

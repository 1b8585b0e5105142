/** Brings what the collector serves: the last good copy at once, then the present one, and again while it cannot be reached. */
import type { Clock, Random, Served } from '../ports.ts'
import type { Store } from './store.ts'

/** How often to ask again: once in one to two minutes. */
const retry = 60_000
/** Until a card is on the screen nothing else shall take the page's time. */
const copyAfter = 1000

/** What it works with, and who hears of it. */
export interface ConfigParts {
  store: Store
  /** Rejects when the collector could not be reached. */
  loadServed(): Promise<Served>
  clock: Clock
  random: Random
  /** Whether consent lets anything be fetched and kept. */
  isOpen(): boolean
  /** Told each time something is known. */
  served(served?: Served): void
  fail(error: unknown): void
}

/**
 * Calls `ready` when some surveys are known: the copy, or what the page brought along, need not wait for the network.
 *
 * @param enough whether the page has surveys of its own
 * @returns stops asking again
 */
export function fetchConfig(parts: ConfigParts, enough: boolean, ready: () => void): () => void {
  const { store, loadServed, clock, random, isOpen, served, fail } = parts
  let cancel = (): void => {}
  let isOver = false
  const ask = async (): Promise<void> => {
    try {
      const known = await store.readServed()
      if (known || enough) {
        served(known)
        ready()
      }
      const fresh = await loadServed()
      served(fresh)
      ready()
      cancel = clock.wait(copyAfter, () => isOpen() && void store.writeServed(fresh))
    } catch (error) {
      ready()
      if (isOver) return
      fail(error)
      cancel = clock.wait(retry * (1 + random.chance()), () => void ask())
    }
  }
  void ask()
  return () => {
    isOver = true
    cancel()
  }
}

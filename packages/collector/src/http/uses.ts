/** Remembers when keys and tokens were used last, and tells the store now and then: never a write for each request. */
import type { Millis } from '../core/time.ts'
import type { AccessStore } from '../ports/accessStore.ts'
import type { Clock, Log } from '../ports/world.ts'

/** Takes note of uses. */
export interface Uses {
  /** @param name of a key or a token that is there */
  note(name: string): void
  /** Stores what was not stored yet. */
  flush(): Promise<void>
}

/** The stored time is at most that much behind. */
const grain: Millis = 60_000

/**
 * Makes the notes of one collector.
 *
 * @example
 * const uses = createUses(store, clock, log)
 * uses.note('pk_…')
 */
export function createUses(store: AccessStore, clock: Clock, log: Log): Uses {
  const noted = new Map<string, Millis>()
  let pending = new Map<string, Millis>()
  let writing: Promise<void> | undefined

  const write = async (): Promise<void> => {
    // What is noted while this is on its way goes right after it.
    while (pending.size > 0) {
      const uses = pending
      pending = new Map()
      try {
        await store.markUsed(uses)
      } catch (error) {
        log.error('when keys were used last could not be stored', error)
      }
    }
    writing = undefined
  }

  return {
    note(name) {
      const now = clock.now()
      const last = noted.get(name)
      if (last !== undefined && now - last < grain) return
      noted.set(name, now)
      pending.set(name, now)
      // Behind what the request itself writes.
      writing ??= new Promise((resolve) => setImmediate(resolve)).then(write)
    },
    async flush() {
      await writing
      await write()
    },
  }
}

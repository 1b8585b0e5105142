/** What a SQLite store keeps beside its file: that the directory is in use, and who was erased. */
import { join } from 'node:path'
import type { Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { Log } from '../ports/world.ts'
import { appendErased, completeErasedList, erasedListIn } from './erasedList.ts'
import { shareData } from './sqliteLease.ts'

/** Name of the database in its directory. */
export const databaseName = 'earshot.sqlite'

/**
 * Opens a store in a directory.
 *
 * @param open opens the file
 * @throws what `open` throws, and when the directory is being restored
 * @example
 * const store = keptBeside('./earshot-data', () => createSqliteStore(path), log)
 */
export function keptBeside<Store extends EventStore>(data: string, open: () => Store, log?: Log): Store {
  if (data === ':memory:') return open()
  const list = erasedListIn(data)
  const release = shareData(data)
  let store: Store
  try {
    store = open()
    completeErasedList(list, join(data, databaseName))
  } catch (error) {
    release()
    throw error
  }
  const note = (events: number, site: number, visitor: string, at: Millis, kept: boolean): void => {
    // Anybody may ask for visitors who never were, as often as they like; those are in no backup either.
    if (events === 0) return
    try {
      appendErased(list, site, visitor, at, kept)
    } catch (error) {
      log?.error(
        'the list of erased visitors cannot be written; it is made complete at the next start',
        error,
      )
    }
  }
  return {
    ...store,
    async erase(site, visitor, at) {
      const events = await store.erase(site, visitor, at)
      note(events, site, visitor, at, false)
      return events
    },
    async anonymise(site, visitor, at) {
      const done = await store.anonymise(site, visitor, at)
      note(done.events, site, visitor, at, true)
      return done
    },
    async close() {
      await store.close()
      release()
    },
  }
}

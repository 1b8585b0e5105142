/** Puts the writes of requests that arrive together into one transaction, because the sync of a commit is what costs. */
import type { DatabaseSync } from 'node:sqlite'
import { explain, isBusy } from './sqliteError.ts'

/** Runs writes in transactions. */
export interface CommitGroup {
  /** Runs `work` inside a transaction; resolves with its result after the commit, rejects with what it threw. */
  run<Result>(work: () => Result): Promise<Result>
  /** Resolves when nothing is waiting any more: all is committed or has failed. */
  drain(): Promise<void>
}

/** What belongs to each transaction besides the writes themselves. */
export interface GroupHooks {
  /** After it has begun. */
  begun?(): void
  /** After the writes, before they are committed. */
  finish?(): void
  /** When what was written since it began is undone. */
  undone?(): void
}

interface Waiting {
  work: () => void
  done: () => void
  failed: (error: unknown) => void
}

/** Most writes per transaction. The event loop turns between two groups, so that a flood keeps no reader waiting. */
const defaultMost = 64
/**
 * Waits between tries while another process holds the lock, in milliseconds. A try blocks the process for the busy
 * timeout of the database; a wait blocks nobody.
 */
const defaultWaits: readonly number[] = [50, 100, 200, 400, 800]

/**
 * Makes a group for one database, whose busy timeout should be short. Of two writes in a group one that throws takes no other
 * with it: then the group is done over, each write in a savepoint of its own. So a write may run twice, and must not mind.
 *
 * @example
 * const { run } = createCommitGroup(database)
 * await run(() => insert.run(1)) // on the disk now
 */
export function createCommitGroup(
  database: DatabaseSync,
  waits: readonly number[] = defaultWaits,
  most: number = defaultMost,
  hooks: GroupHooks = {},
): CommitGroup {
  let waiting: Waiting[] = []
  let pumping: Promise<void> | undefined

  const attempt = (each: Waiting): boolean => {
    database.exec('SAVEPOINT one')
    try {
      each.work()
      hooks.finish?.()
      database.exec('RELEASE one')
      return true
    } catch (error) {
      try {
        database.exec('ROLLBACK TO one; RELEASE one')
      } catch {
        // SQLite rolled the whole transaction back by itself (a full disk), so the whole group failed for this reason.
        throw error
      }
      hooks.undone?.()
      each.failed(explain(error))
      return false
    }
  }

  const begin = async (): Promise<void> => {
    for (const wait of waits) {
      try {
        database.exec('BEGIN IMMEDIATE')
        return
      } catch (error) {
        if (!isBusy(error)) throw error
      }
      await pause(wait)
    }
    database.exec('BEGIN IMMEDIATE')
  }

  /** All at once, as is nearly always possible; false when one of them throws, and nothing is written. */
  const attemptAll = (group: readonly Waiting[]): boolean => {
    try {
      for (const each of group) each.work()
      hooks.finish?.()
      return true
    } catch (error) {
      try {
        database.exec('ROLLBACK')
      } catch {
        // SQLite rolled it back by itself (a full disk).
        throw error
      }
      // Another process may have taken the lock meanwhile: that is what the whole group fails for then.
      database.exec('BEGIN IMMEDIATE')
      hooks.undone?.()
      hooks.begun?.()
      return false
    }
  }

  /** Expects that the transaction has begun. */
  const commit = (group: readonly Waiting[]): void => {
    try {
      hooks.begun?.()
      const written = attemptAll(group) ? group : group.filter(attempt)
      database.exec('COMMIT')
      for (const each of written) each.done()
    } catch (error) {
      try {
        database.exec('ROLLBACK')
      } catch {
        // Nothing is left to roll back: the transaction did not begin, or SQLite ended it.
      }
      hooks.undone?.()
      for (const each of group) each.failed(explain(error))
    }
  }

  const pump = async (): Promise<void> => {
    // No timer: all that arrived in this turn of the loop goes together, and a lone request waits for nobody.
    for (await turn(); waiting.length > 0; await turn()) {
      try {
        await begin()
      } catch (error) {
        // Whoever waits meets the same lock, and has waited long enough.
        const all = waiting
        waiting = []
        for (const each of all) each.failed(explain(error))
        continue
      }
      const group = waiting.slice(0, most)
      waiting = waiting.slice(most)
      commit(group)
    }
    pumping = undefined
  }

  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        let result: ReturnType<typeof work>
        waiting.push({
          work: () => {
            result = work()
          },
          done: () => resolve(result),
          failed: reject,
        })
        pumping ??= pump()
      }),
    async drain() {
      await pumping
    },
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

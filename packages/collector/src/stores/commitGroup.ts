/** Puts the writes of requests that arrive together into one transaction, because the sync of a commit is what costs. */
import type { DatabaseSync } from 'node:sqlite'
import { storeFailure } from '../core/failure.ts'
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

/** Brings to the disk what a COMMIT has left in the page cache, while others are written. */
export interface CommitSync {
  /** Resolves when all that is committed by now is on the disk. */
  sync(): Promise<void>
  /**
   * After a sync that failed: what was committed before may never get to the disk, and what follows it would be lost with it. So
   * all of it is brought there another way; throws when that fails too.
   */
  mend(): void
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
 * Makes a group for one database, whose busy timeout should be short. With `disk`, a group waits for its sync while the next one is
 * written, as soon as that has as many writes: it could not be confirmed before anyway. Of two writes in a group one that throws takes no other
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
  disk: CommitSync | null = null,
): CommitGroup {
  let waiting: Waiting[] = []
  let pumping: Promise<void> | undefined
  let syncing: { enough: number; end: Promise<void> } | undefined
  let hasMore: (() => void) | undefined
  let isBroken = false

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

  /** Expects that the transaction has begun; gives what is committed. */
  const commit = (group: readonly Waiting[]): readonly Waiting[] => {
    try {
      hooks.begun?.()
      const written = attemptAll(group) ? group : group.filter(attempt)
      database.exec('COMMIT')
      return written
    } catch (error) {
      try {
        database.exec('ROLLBACK')
      } catch {
        // Nothing is left to roll back: the transaction did not begin, or SQLite ended it.
      }
      hooks.undone?.()
      for (const each of group) each.failed(explain(error))
      return []
    }
  }

  const confirm = async (written: readonly Waiting[], by: CommitSync): Promise<void> => {
    try {
      await by.sync()
      for (const each of written) each.done()
    } catch (error) {
      isBroken = true
      for (const each of written)
        each.failed(storeFailure('store_unavailable', 'the disk refuses to write', error))
    }
    syncing = undefined
    hasMore?.()
  }

  const mend = (): void => {
    if (isBroken) disk?.mend()
    isBroken = false
  }

  /** Until nothing is being synced, or as much waits as is. */
  const worthwhile = async (): Promise<void> => {
    if (!syncing || waiting.length >= syncing.enough) return
    await new Promise<void>((resolve) => {
      hasMore = resolve
    })
    hasMore = undefined
  }

  const pump = async (): Promise<void> => {
    // No timer: all that arrived in this turn of the loop goes together, and a lone request waits for nobody.
    for (await turn(); waiting.length > 0; await turn()) {
      await worthwhile()
      try {
        mend()
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
      const written = commit(group)
      if (!disk) for (const each of written) each.done()
      else if (written.length > 0) {
        await syncing?.end
        try {
          mend()
        } catch (error) {
          for (const each of written) each.failed(explain(error))
          continue
        }
        syncing = { enough: Math.min(written.length, most), end: confirm(written, disk) }
      }
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
        if (syncing && waiting.length >= syncing.enough) hasMore?.()
      }),
    async drain() {
      await pumping
      await syncing?.end
    },
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Puts the writes of requests that arrive together into one transaction, because the sync of a commit is what costs. */
import type { DatabaseSync } from 'node:sqlite'
import { storeUnavailable } from '../core/failure.ts'

/** Runs writes in transactions. */
export interface CommitGroup {
  /** Runs `work` inside a transaction; resolves with its result after the commit, rejects with what it threw. */
  run<Result>(work: () => Result): Promise<Result>
  /** Commits what is waiting, at once. */
  flush(): void
}

interface Waiting {
  work: () => void
  done: () => void
  failed: (error: unknown) => void
}

/** Most writes per transaction, so that a flood cannot keep readers waiting for seconds. */
const most = 64
// https://www.sqlite.org/rescode.html
const passing: Readonly<Record<number, string>> = {
  5: 'the database is locked by another process',
  10: 'the disk refuses to write',
  13: 'the disk is full',
}

/**
 * Makes a group for one database. Each write has its own savepoint, so one that throws takes no other with it.
 *
 * @example
 * const { run } = createCommitGroup(database)
 * await run(() => insert.run(1)) // on the disk now
 */
export function createCommitGroup(database: DatabaseSync): CommitGroup {
  let waiting: Waiting[] = []
  let scheduled = false

  const attempt = (each: Waiting): boolean => {
    database.exec('SAVEPOINT one')
    try {
      each.work()
      database.exec('RELEASE one')
      return true
    } catch (error) {
      try {
        database.exec('ROLLBACK TO one; RELEASE one')
      } catch {
        // SQLite rolled the whole transaction back by itself (a full disk), so the whole group failed for this reason.
        throw error
      }
      each.failed(explain(error))
      return false
    }
  }

  const commit = (group: readonly Waiting[]): void => {
    try {
      database.exec('BEGIN IMMEDIATE')
      const written = group.filter(attempt)
      database.exec('COMMIT')
      for (const each of written) each.done()
    } catch (error) {
      try {
        database.exec('ROLLBACK')
      } catch {
        // Nothing is left to roll back: the transaction did not begin, or SQLite ended it.
      }
      for (const each of group) each.failed(explain(error))
    }
  }

  const flush = (): void => {
    scheduled = false
    while (waiting.length > 0) {
      const group = waiting.slice(0, most)
      waiting = waiting.slice(most)
      commit(group)
    }
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
        if (scheduled) return
        scheduled = true
        // No timer: all that arrived in this turn of the loop goes together, and a lone request waits for nobody.
        setImmediate(flush)
      }),
    flush,
  }
}

function explain(error: unknown): unknown {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  const reason = passing[code]
  return reason === undefined ? error : storeUnavailable(reason, error)
}

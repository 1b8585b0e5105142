/** What is kept for one site key, and where: in the durable database, or in memory when that one fails. */
import type { Rejection, Survey } from '@earshot/contract'
import type { Memory } from '../core/model.ts'
import type { Line, QueueRow } from '../core/outbox.ts'
import type { Database, Log, Rows } from '../ports.ts'

/** Queue and memory of a site key. Nothing rejects. */
export interface Store {
  /** Where nothing was ever stored, this creates nothing. */
  readMemory(): Promise<Partial<Memory> | undefined>
  /** Reads and writes the memory in one transaction. */
  changeMemory(change: (stored: Partial<Memory> | undefined) => Memory): Promise<Memory>
  /** Writes one row. Tells whether a restart will find it. */
  append(row: QueueRow): Promise<boolean>
  /** The oldest rows, at most `limit`. */
  peek(limit: number): Promise<QueueRow[]>
  /** Deletes confirmed rows, moves refused ones to quarantine, and writes the line, in one transaction. */
  settle(confirmed: readonly string[], refused: readonly Rejection[], line: Line): Promise<void>
  readLine(): Promise<Line | undefined>
  readSurveys(): Promise<Survey[] | undefined>
  writeSurveys(surveys: readonly Survey[]): Promise<void>
  /** Deletes all of this site key, if anything was ever stored; keeps `left` as memory if given. */
  clear(left?: Partial<Memory>): Promise<void>
  close(): void
}

/**
 * Row keys begin with the site key; then `q` queue, `d` quarantine (both with the event id), `m` memory, `l` line,
 * `c` surveys of the collector.
 */
export function createStore(key: string, first: Database, second: Database, log: Log): Store {
  const at = (kind: string, id = ''): string => `${key}:${kind}:${id}`

  /** In the first database, and where that fails in the second. */
  const either = <Result>(work: (database: Database) => Promise<Result>): Promise<Result> =>
    work(first).catch((error: unknown) => {
      log('storage failed', error)
      return work(second)
    })

  /** In both: a row may have gone to either. */
  const both = async <Result>(work: (rows: Rows) => Promise<Result>): Promise<(Result | void)[]> => [
    await second.transact(work),
    await first.transact(work).catch((error: unknown) => log('storage failed', error)),
  ]
  const read = <Value>(kind: string): Promise<Value | undefined> =>
    either((database) => database.transact((rows) => rows.get<Value>(at(kind))))

  const exists = (): Promise<boolean> => first.exists().catch(() => false)

  return {
    readMemory: async () => ((await exists()) ? read('m') : undefined),
    changeMemory: (change) =>
      either((database) =>
        database.transact(async (rows) => {
          const changed = change(await rows.get(at('m')))
          rows.put(at('m'), changed)
          return changed
        }),
      ),
    append: (row) =>
      either(async (database) => {
        await database.put(at('q', row.event.id), row)
        return database.durable
      }),
    async peek(limit) {
      const found = await both((rows) => rows.list<QueueRow>(at('q'), limit))
      return found.flatMap((rows) => rows ?? []).slice(0, limit)
    },
    async settle(confirmed, refused, line) {
      await both(async (rows) => {
        for (const rejection of refused) {
          const row = await rows.get<QueueRow>(at('q', rejection.id))
          if (row) rows.put(at('d', rejection.id), { ...row, rejection })
          rows.delete(at('q', rejection.id))
        }
        for (const id of confirmed) rows.delete(at('q', id))
        rows.put(at('l'), line)
      })
    },
    readLine: () => read('l'),
    readSurveys: () => read('c'),
    writeSurveys: (surveys) => either((database) => database.put(at('c'), surveys)),
    async clear(left) {
      if (!(await exists())) return
      await both(async (rows) => {
        rows.clear(`${key}:`)
        if (left) rows.put(at('m'), left)
      })
    },
    close: () => first.close(),
  }
}

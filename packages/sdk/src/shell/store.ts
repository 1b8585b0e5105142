/** What is kept for one site key, and where: in the durable database, or in memory when that one fails. */
import type { Memory } from '../core/remembered.ts'
import type { QueueRow } from '../core/queueRow.ts'
import type { Served } from '../ports/collector.ts'
import type { Address, Database, DurableDatabase, Rows } from '../ports/database.ts'
import type { OutboxTools } from '../ports/delivery.ts'
import type { Log } from '../ports/world.ts'

type QueueStore = OutboxTools['store']

/** Queue and memory of a site key. Nothing rejects. */
export interface Store extends QueueStore {
  /** Where nothing was ever stored, this creates nothing. Where consent was refused, it deletes what is queued. */
  readMemory(): Promise<Partial<Memory> | undefined>
  /** Reads and writes the memory in one transaction. */
  changeMemory(change: (stored: Partial<Memory> | undefined) => Memory): Promise<Memory>
  /** Writes one row. Tells whether a restart will find it. */
  append(row: QueueRow): Promise<boolean>
  readServed(): Promise<Served | undefined>
  writeServed(served: Served): Promise<void>
  /**
   * Deletes all of this site key, if anything was ever stored; keeps `left` as memory if given.
   */
  clear(left?: Partial<Memory>): Promise<void>
  /** Who goes on in this page where there is a refusal and no more: told with it when that is read to be changed. */
  goOnAs(memory: Memory): void
  close(): void
}

/**
 * Row keys begin with the site key; then `q` queue, `d` quarantine (both with the event id), `m` memory, `l` line,
 * `c` what the collector served, `b` how often that could not be had.
 *
 * @param first where rows outlive the page
 * @param second where the page goes on once the first has failed, until that is healed
 */
export function createStore(key: string, first: DurableDatabase, second: Database, log: Log): Store {
  let database: Database = first
  /** What was served last, read along with the memory when a page begins. */
  let copy: { served: Served | undefined } | undefined
  let anew: Memory | undefined
  const at: Address = (kind, id = '') => `${key}:${kind}:${id}`

  let fault: unknown

  const use = <Result>(work: (database: Database) => Promise<Result>): Promise<Result> =>
    work(database).catch((error: unknown) => {
      log('storage failed', (fault = error))
      return work((database = second))
    })
  const transact = <Result>(work: (rows: Rows) => Promise<Result>, durability?: 'relaxed'): Promise<Result> =>
    use((current) => current.transact(work, durability))
  const read = <Value>(kind: string): Promise<Value | undefined> =>
    transact((rows) => rows.get<Value>(at(kind)))

  const exists = (): Promise<boolean> => first.exists().catch(() => false)

  return {
    readMemory: async () =>
      (await exists())
        ? transact(async (rows) => {
            const memory = await rows.get<Partial<Memory>>(at('m'))
            // A tab may have written an answer before it heard of the refusal, and have died.
            if (memory?.consent === 'denied') rows.clear(at('q'))
            return memory
          })
        : undefined,
    changeMemory: (change) => {
      let made: Memory | undefined
      return transact(async (rows) => {
        copy ??= { served: await rows.get(at('c')) }
        const stored = await rows.get<Partial<Memory>>(at('m'))
        // Run once more, because it gave no answer in time, and yet it was done: then it is not done twice.
        if (made && JSON.stringify(stored) === JSON.stringify(made)) return made
        const changed = change(stored && { ...anew, ...stored })
        // Another tab may have heard the refusal: then nothing is kept but that.
        if (changed.consent === 'denied') rows.clear(at('q'))
        else rows.put(at('m'), (made = changed))
        return changed
      })
    },
    append: (row) =>
      use(async (current) => {
        await current.put(at('q', row.event.id), row)
        return current.durable
      }),
    // What a power cut undoes here is sent once more, and the collector knows it by its id.
    peek: (limit) => transact((rows) => rows.list(at('q'), limit), 'relaxed'),
    change: (work) => transact((rows) => work(rows, at), 'relaxed'),
    read,
    fault: () => fault,
    heal: (work) =>
      work(second, first, at, (next, why) => {
        database = next
        fault = why
      }),
    readServed: async () => (copy ? copy.served : read('c')),
    writeServed: (served) => use((current) => current.put(at('c'), (copy = { served }).served)),
    goOnAs: (memory) => void (anew = memory),
    async clear(left) {
      copy = { served: undefined }
      await second.transact(async (rows) => rows.clear(key + ':'))
      if (!left && !(await exists())) return
      database = first
      fault = undefined
      // In one place only: what is left in the other would be found when this one fails, long after it was changed here.
      await transact(async (rows) => {
        rows.clear(key + ':')
        if (left) rows.put(at('m'), left)
      })
    },
    close: () => first.close(),
  }
}

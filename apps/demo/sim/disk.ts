/** The database of one browser profile: transactions one after the other, all or nothing, and whatever a disk may do. */
import type { DurableDatabase, Rows } from '../../../packages/sdk/src/ports/database.ts'
import type { Chance } from './chance.ts'
import type { Life, World } from './world.ts'

/** `full`: what writes is taken back at its commit. `broken`: nothing works. `shaky`: now and then. */
export type Health = 'fine' | 'full' | 'broken' | 'shaky'

export interface Disk {
  health: Health
  /** Whether it was ever out of order; then rows may be in the memory of a page. */
  wasIll: boolean
  readonly rows: ReadonlyMap<string, unknown>
  /** A connection of a tab. */
  open(life: Life): DurableDatabase
  /** The tab is gone: what it had not committed never was; what it had ordered to commit, may be. */
  abandon(life: Life): void
  /** Electricity is gone: what was promised to be on the disk is. */
  cutPower(): void
  /** One of those rows cannot be read any more. */
  spoil(keys: readonly string[]): void
  /** Whether a tab has, or waits for, a transaction. */
  holds(life: Life): boolean
}

/** Marks a row as deleted. */
const gone = Symbol('gone')

interface Transaction {
  life: Life
  stage: 'waiting' | 'active' | 'committing'
  changes: Map<string, unknown>
  /** Reads that were ordered and not answered. */
  open: number
  begin: () => void
  done: () => void
  failed: (error: Error) => void
}

/** @param rows what others have stored */
export function createDisk(world: World, chance: Chance, rows: Map<string, unknown> = new Map()): Disk {
  const spoiled = new Set<string>()
  const queue: Transaction[] = []
  /** What a power cut takes away, the latest last; empty unless writes are relaxed. */
  let unflushed: { key: string; before: unknown }[] = []
  let created = rows.size > 0

  const pump = (): void => {
    const first = queue[0]
    if (!first || first.stage !== 'waiting') return
    first.stage = 'active'
    // Slow once in a while, as disks are.
    const delay = chance.of(0.03) ? chance.whole(100, 4000) : chance.next() * 2
    world.later(first.life, 'begins', delay, () => {
      created = true
      if (isOut(0.15)) fail(first, 'UnknownError')
      else first.begin()
    })
  }

  const isOut = (share: number): boolean =>
    disk.health === 'broken' || (disk.health === 'shaky' && chance.of(share))

  const leave = (transaction: Transaction): void => {
    const place = queue.indexOf(transaction)
    if (place >= 0) queue.splice(place, 1)
    pump()
  }

  const fail = (transaction: Transaction, reason: string): void => {
    leave(transaction)
    world.later(transaction.life, `hears ${reason}`, chance.next(), () =>
      transaction.failed(Object.assign(new Error(reason), { name: reason })),
    )
  }

  const apply = ({ changes }: Transaction): void => {
    for (const [key, value] of changes) {
      spoiled.delete(key)
      if (world.switches.relaxed) unflushed.push({ key, before: rows.has(key) ? rows.get(key) : gone })
      if (value === gone) rows.delete(key)
      else rows.set(key, value)
    }
    if (world.switches.relaxed && changes.size) world.later(null, 'flush', 2000, () => (unflushed = []))
  }

  const commit = (transaction: Transaction): void => {
    transaction.stage = 'committing'
    world.later(transaction.life, 'commits', chance.next() * 2, () => {
      if (disk.health === 'full' && [...transaction.changes.values()].some((each) => each !== gone))
        return fail(transaction, 'QuotaExceededError')
      if (isOut(0.15)) return fail(transaction, 'AbortError')
      apply(transaction)
      leave(transaction)
      world.later(transaction.life, 'hears of commit', chance.next() * 2, transaction.done)
    })
  }

  const enqueue = (
    life: Life,
    begin: (transaction: Transaction) => void,
  ): { transaction: Transaction; committed: Promise<void> } => {
    let transaction!: Transaction
    const committed = new Promise<void>((done, failed) => {
      transaction = {
        life,
        stage: 'waiting',
        changes: new Map(),
        open: 0,
        begin: () => begin(transaction),
        done,
        failed,
      }
    })
    queue.push(transaction)
    pump()
    return { transaction, committed }
  }

  // As in IndexedDB, a transaction in which nothing is asked any more commits, whoever waits for what.
  world.afterEach(() => {
    const first = queue[0]
    if (first?.stage === 'active' && begun.has(first) && first.open === 0) commit(first)
  })
  const begun = new WeakSet<Transaction>()

  const rowsOf = (transaction: Transaction): Rows => {
    const check = (): void => {
      if (transaction.stage !== 'active') throw new Error('TransactionInactiveError')
    }
    const seen = (): Map<string, unknown> => {
      const view = new Map(rows)
      for (const [key, value] of transaction.changes) view.set(key, value)
      for (const [key, value] of view) if (value === gone) view.delete(key)
      return view
    }
    const ask = async <Value>(what: string, answer: () => Value, read?: () => string[]): Promise<Value> => {
      check()
      if (read?.().some((key) => spoiled.has(key) && !transaction.changes.has(key))) {
        fail(transaction, 'NotReadableError')
        return new Promise(() => {})
      }
      transaction.open++
      // Read when it is its turn among the requests of its transaction, so after all that was ordered before.
      const value = answer()
      return new Promise((resolve) => {
        world.later(transaction.life, what, chance.next(), () => {
          transaction.open--
          resolve(value)
        })
      })
    }
    const keys = (prefix: string, last = `${prefix}\uffff`): string[] =>
      [...seen().keys()].filter((key) => key >= prefix && key <= last).sort((a, b) => (a < b ? -1 : 1))
    return {
      get: (key) =>
        ask(
          'get',
          () => structuredClone(seen().get(key)) as never,
          () => [key],
        ),
      put: (key, value) => (check(), void transaction.changes.set(key, structuredClone(value))),
      delete: (key) => (check(), void transaction.changes.set(key, gone)),
      list(prefix, limit, last) {
        const first = (): string[] => keys(prefix, last).slice(0, limit)
        return ask(
          'list',
          () => {
            const view = seen()
            return first().map((key) => structuredClone(view.get(key)) as never)
          },
          first,
        )
      },
      keys: (prefix, last) => ask('keys', () => keys(prefix, last)),
      clear(prefix, last) {
        check()
        for (const key of keys(prefix, last)) transaction.changes.set(key, gone)
      },
    }
  }

  /** The real connection opens again and tries once more; so what works in a transaction may run twice. */
  const twice = <Result>(run: () => Promise<Result>): Promise<Result> => run().catch(run)

  const disk: Disk = {
    health: 'fine',
    wasIll: false,
    rows,
    open: (life) => ({
      durable: true,
      put: (key, value) =>
        twice(() => {
          const kept = structuredClone(value)
          return enqueue(life, (transaction) => {
            transaction.changes.set(key, kept)
            commit(transaction)
          }).committed
        }),
      transact: <Result>(work: (given: Rows) => Promise<Result>) =>
        twice(
          () =>
            new Promise<Result>((resolve, reject) => {
              const { committed } = enqueue(life, (transaction) => {
                begun.add(transaction)
                const worked = work(rowsOf(transaction))
                worked.catch((error: unknown) => {
                  if (queue[0] === transaction && transaction.stage === 'active')
                    fail(transaction, String(error))
                })
                Promise.all([worked, committed]).then(([result]) => resolve(result), reject)
              })
              committed.catch(reject)
            }),
        ),
      exists: async () => {
        if (disk.health === 'broken') throw new Error('SecurityError')
        return created
      },
      close: () => {},
    }),
    abandon(life) {
      const committing = queue.find((each) => each.life === life && each.stage === 'committing')
      if (committing && disk.health === 'fine' && chance.of(0.5)) apply(committing)
      const rest = queue.filter((each) => each.life !== life)
      queue.splice(0, queue.length, ...rest)
      pump()
    },
    cutPower() {
      for (const { key, before } of unflushed.reverse()) {
        if (before === gone) rows.delete(key)
        else rows.set(key, before)
      }
      unflushed = []
    },
    spoil(keys) {
      const key = keys.length && chance.pick(keys)
      if (key) spoiled.add(key)
    },
    holds: (life) => queue.some((each) => each.life === life),
  }
  return disk
}

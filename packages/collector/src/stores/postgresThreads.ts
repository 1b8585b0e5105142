/** The PostgreSQL store with a thread that counts by columns, so that no report holds up requests, and which is ready soon after a start. */
import { Worker } from 'node:worker_threads'
import { isStoreFailure, storeFailure, type StoreFailureCode } from '../core/failure.ts'
import type { ColumnPlan } from '../core/columnTally.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { createPostgresStore, type PostgresOptions } from './postgres.ts'
import { mostKept } from './postgresColumns.ts'
import { createPostgres } from './postgresPool.ts'
import type { ColumnsCall, ColumnsData, ColumnsResult } from './postgresThread.ts'
import { textOfKey } from './postgresText.ts'

/** The store, and for tests its thread. */
export interface ThreadedPostgresStore extends EventStore {
  /** Resolves when what reports need is in memory, as far as it is worth it. */
  warmed: Promise<void>
  /** Ends the thread as a crash would. */
  crash(): Promise<void>
}

/** Responses of a survey from which on its first report would take longer than somebody likes to wait. */
const worthIt = 20_000

const isSource = import.meta.url.endsWith('.ts')
const entry = new URL(isSource ? './postgresThread.ts' : './postgresThread.js', import.meta.url)

/**
 * Opens the store as `createPostgresStore` does. Reports by columns are counted by a thread, which starts when the first one
 * is asked for. Where a survey has many responses it starts at once, and reads them before anybody asks.
 *
 * @param least responses of a survey from which on it is read before anybody asks
 * @throws as `createPostgresStore` does
 * @example
 * const store = await createThreadedPostgresStore('postgres://earshot@localhost/earshot')
 */
export async function createThreadedPostgresStore(
  url: string,
  options: PostgresOptions = {},
  least: number = worthIt,
): Promise<ThreadedPostgresStore> {
  const { log } = options
  const store = await createPostgresStore(url, options)
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>()
  let last = 0
  let worker: Worker | undefined
  let isClosing = false

  const failAll = (reason: string): void => {
    for (const { reject } of pending.values()) reject(storeFailure('store_interrupted', reason))
    pending.clear()
  }
  const start = (): Worker => {
    const made = new Worker(entry, {
      workerData: { url } satisfies ColumnsData,
      // Sources need the same condition to find the sources of the other packages.
      ...(isSource && { execArgv: ['--conditions=@earshot/source'] }),
    })
    let reason: unknown
    made.on('message', (result: ColumnsResult) => {
      const found = pending.get(result.id)
      pending.delete(result.id)
      if ('value' in result) found?.resolve(result.value as never)
      else found?.reject(remake(result))
      if (pending.size === 0) made.unref()
    })
    made.on('error', (error) => {
      reason = error
    })
    made.on('exit', () => {
      if (worker === made) worker = undefined
      if (isClosing) return failAll('the collector is shutting down')
      const said = 'the thread that counts broke down'
      log?.error(`${said}; it is started again`, reason ?? new Error('the thread ended'))
      failAll(said)
    })
    return made
  }
  const call = <Result>(given: Omit<ColumnsCall, 'id'>): Promise<Result> => {
    if (isClosing) return Promise.reject(storeFailure('store_interrupted', 'the collector is shutting down'))
    worker ??= start()
    worker.ref()
    const id = ++last
    worker.postMessage({ id, ...given } satisfies ColumnsCall, [])
    return new Promise((resolve, reject) => pending.set(id, { resolve, reject }))
  }

  /** One survey after another, so that a report that is asked for meanwhile waits for one step alone. */
  const warm = async (): Promise<void> => {
    try {
      for (const [site, survey] of await surveysToWarm(url, least)) await call({ site, survey, plan: null })
    } catch (error) {
      // The first report reads what is missing.
      if (!isClosing) log?.info(`reports are not ready yet: ${error instanceof Error ? error.message : ''}`)
    }
  }

  const warmed = warm()
  let closed: Promise<void> | undefined
  const end = async (): Promise<void> => {
    isClosing = true
    await worker?.terminate()
    await warmed
    await store.close()
  }
  return {
    ...store,
    tally: (site: number, survey: string, plan: ColumnPlan) => call({ site, survey, plan }),
    warmed,
    close() {
      closed ??= end()
      return closed
    },
    async crash() {
      await worker?.terminate()
    },
  }
}

/** Those with many responses, the one that was answered last before the others, as many as fit. */
async function surveysToWarm(url: string, least: number): Promise<[site: number, survey: string][]> {
  const postgres = createPostgres(url, {}, 1)
  try {
    const rows = await postgres.read(
      `SELECT site, survey, count FROM (
         SELECT site, survey, sum(shown + over_quota) AS count, max(day) AS last FROM earshot.response_days GROUP BY site, survey
       ) AS counted WHERE count >= $1 ORDER BY last DESC, count DESC`,
      [least],
    )
    let room = mostKept
    return rows.flatMap(({ site, survey, count }) => {
      if (Number(count) > room) return []
      room -= Number(count)
      return [[Number(site), textOfKey(String(survey))] as [number, string]]
    })
  } finally {
    await postgres.close()
  }
}

function remake({ message, stack, code }: Extract<ColumnsResult, { message: string }>): Error {
  const error = code === undefined ? new Error(message) : storeFailure(code as StoreFailureCode, message)
  if (stack !== undefined) error.stack = stack
  return isStoreFailure(error) ? error : Object.assign(error, { name: 'StoreThreadError' })
}

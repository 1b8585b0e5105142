/** What runs in a thread of its own: the columns of a PostgreSQL store, which are read and counted without holding up requests. Who calls it is in postgresThreads.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { isStoreFailure } from '../core/failure.ts'
import type { ColumnPlan } from '../core/columnTally.ts'
import { createPostgresColumns } from './postgresColumns.ts'
import { createPostgres } from './postgresPool.ts'

/** What the thread is told at its start. */
export interface ColumnsData {
  url: string
}

/** A report that is asked for; without a plan what it needs is read, and nothing is counted. */
export interface ColumnsCall {
  id: number
  site: number
  survey: string
  plan: ColumnPlan | null
}

/** What came of a call. */
export type ColumnsResult =
  | { id: number; value: unknown }
  | { id: number; message: string; stack?: string | undefined; code?: string | undefined }

const { url } = workerData as ColumnsData
// A step is taken at a time, so one connection is enough; another is there while one that broke is given up.
const columns = createPostgresColumns(createPostgres(url, {}, 2))

async function run({ id, site, survey, plan }: ColumnsCall): Promise<ColumnsResult> {
  try {
    if (plan) return { id, value: await columns.tally(site, survey, plan) }
    await columns.warm(site, survey)
    return { id, value: null }
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    return { id, message, stack, code: isStoreFailure(error) ? error.code : undefined }
  }
}

parentPort?.on('message', (call: ColumnsCall) => {
  void run(call).then((result) => parentPort?.postMessage(result, []))
})

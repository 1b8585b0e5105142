import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryDirectory } from '../fixtures.ts'
import { createSqliteStore } from '../stores/sqlite.ts'
import { createThreadedStore } from '../stores/sqliteThreads.ts'
import { runnerSuite } from './runnerSuite.ts'

const quiet = { info: () => undefined, error: () => undefined }

describe('in memory', () => {
  it.each(runnerSuite)('$name', async ({ run }) => {
    const store = createSqliteStore(':memory:')
    onTestFinished(() => store.close())
    await run(store)
  })
})

describe('in a file with threads', () => {
  it.each(runnerSuite)('$name', async ({ run }) => {
    const store = createThreadedStore(join(temporaryDirectory(), 'earshot.sqlite'), quiet)
    onTestFinished(() => store.close())
    await run(store)
    expect(await store.nextJob(Number.MAX_SAFE_INTEGER)).toBeDefined()
  })
})

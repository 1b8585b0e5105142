import { describe, it, onTestFinished } from 'vitest'
import { temporaryDatabase } from '../fixtures.ts'
import { createPostgresStore } from '../stores/postgres.ts'
import { runnerSuite } from './runnerSuite.ts'

describe('on PostgreSQL', () => {
  it.each(runnerSuite)('$name', async ({ run }) => {
    const store = await createPostgresStore(await temporaryDatabase())
    onTestFinished(() => store.close())
    await run(store)
  })
})

import { describe, it } from 'vitest'
import { temporaryDatabase } from '../fixtures.ts'
import { createPostgresStore } from './postgres.ts'
import { storeSuite } from './storeSuite.ts'

describe('PostgreSQL', () => {
  it.each(storeSuite)('$name', async ({ run }) => {
    const store = await createPostgresStore(await temporaryDatabase())
    try {
      await run(store)
    } finally {
      await store.close()
    }
  })
})

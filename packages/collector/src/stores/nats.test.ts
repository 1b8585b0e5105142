import { describe, inject, it } from 'vitest'
import { temporaryDatabase, temporaryLog } from '../fixtures.ts'
import { createLogStore } from './nats.ts'
import { createPostgresStore } from './postgres.ts'
import { storeSuite } from './storeSuite.ts'

const hasServer = inject('nats') !== ''

describe.skipIf(!hasServer)('a log in front of PostgreSQL', () => {
  it.each(storeSuite)('$name', async ({ run }) => {
    const store = await createLogStore(temporaryLog(), await createPostgresStore(await temporaryDatabase()))
    try {
      await run(store)
    } finally {
      await store.close()
    }
  })
})

/** Opens what a collector works on: its store, and its site with the keys. */
import { join } from 'node:path'
import { makeSecret } from './http/secret.ts'
import type { CollectorOptions } from './options.ts'
import type { EventStore } from './ports/eventStore.ts'
import type { Clock, Log, Random } from './ports/world.ts'
import { makeFolder } from './stores/folder.ts'
import { databaseName } from './stores/keptBeside.ts'
import { createSqliteStore } from './stores/sqlite.ts'
import { wakingStore } from './stores/wakingStore.ts'
import { systemHash } from './system.ts'

/**
 * Opens the store of these options.
 *
 * @param openFile opens a SQLite file
 * @param wake called when work has been put down
 */
export async function openStore(
  { data = '', store, eventLog, worker }: CollectorOptions,
  openFile: (path: string) => EventStore,
  log?: Log,
  wake: () => void = () => undefined,
): Promise<EventStore> {
  if (store === undefined) {
    const path = pathIn(data)
    // What is in memory is seen by no other thread.
    return wakingStore(path === ':memory:' ? createSqliteStore(path, log) : openFile(path), wake)
  }
  // The driver is loaded by those who need it.
  const { createThreadedPostgresStore } = await import('./stores/postgresThreads.ts')
  // Also what a worker of the log writes may cause work.
  const database = wakingStore(await createThreadedPostgresStore(store, { log }), wake)
  if (eventLog === undefined) return database
  try {
    const { createLogStore } = await import('./stores/nats.ts')
    return await createLogStore(eventLog, database, { log, worker })
  } catch (error) {
    await database.close()
    throw error
  }
}

function pathIn(data: string): string {
  if (data === ':memory:') return data
  try {
    makeFolder(data)
  } catch (error) {
    throw new Error(
      `${data} cannot be the directory of the data (${error instanceof Error ? error.message : String(error)}). Name another with --data, or make this one.`,
      { cause: error },
    )
  }
  return join(data, databaseName)
}

/** Finds the site, or makes it; gives the secret token only when it was made just now. */
export async function openSite(
  store: EventStore,
  { writeKey, adminToken }: CollectorOptions,
  clock: Clock,
  random: Random,
): Promise<{ writeKey: string; adminToken?: string | undefined }> {
  let made: string | undefined
  // Decided under the lock: of two first starts at once, the second finds what the first one made.
  const site = await store.saveSite((stored) => {
    made = stored || adminToken !== undefined ? undefined : makeSecret('sk_', random)
    const token = adminToken ?? made
    return {
      writeKey: writeKey ?? (stored ? undefined : makeSecret('pk_', random)),
      ...(token !== undefined && { tokenHash: systemHash.sha256(token) }),
    }
  }, clock.now())
  return { writeKey: site.writeKey, adminToken: made }
}

/** Opens the store that a command names: a database server, or the file in its directory. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { EventStore, Log } from '../ports.ts'
import { databaseName, keptBeside } from '../stores/keptBeside.ts'
import { createSqliteStore } from '../stores/sqlite.ts'
import { createLog, systemClock } from '../system.ts'
import { usageError, type Given } from './usage.ts'

/**
 * Opens the store, lets `use` work with it, and closes it.
 *
 * @throws when there is no data yet
 */
export async function withStore<Result>(
  given: Given,
  use: (store: EventStore) => Promise<Result>,
): Promise<Result> {
  const store = await open(given)
  try {
    if (!(await store.site()))
      throw new Error(`${given.store === undefined ? given.data : 'The database'} has no site yet.`)
    return await use(store)
  } finally {
    await store.close()
  }
}

async function open({ data, store }: Given): Promise<EventStore> {
  const log: Log = createLog()
  if (store !== undefined) {
    const { createPostgresStore } = await import('../stores/postgres.ts')
    return createPostgresStore(store, { log })
  }
  const file = join(data, databaseName)
  if (!existsSync(file)) throw new Error(`${data} has no data.`)
  return keptBeside(data, () => createSqliteStore(file, log), log)
}

/** Puts what a command did into the log of what admins did. */
export function recordCommand(
  store: EventStore,
  action: string,
  site: number | null,
  about: string | null,
): Promise<void> {
  return store.record({ at: systemClock.now(), who: 'cli', site, action, about, status: 200 })
}

/** The site that `--site` names by number or name; the first one without it. */
export async function siteOf(given: Given, store: EventStore): Promise<number> {
  const wanted = given.values['site']
  const { sites } = await store.keyring()
  const found =
    wanted === undefined ? sites[0] : sites.find((each) => String(each.id) === wanted || each.name === wanted)
  if (found) return found.id
  throw usageError(
    `--site is "${wanted}"; there are ${sites.map((each) => `${each.id} (${each.name})`).join(', ')}.`,
  )
}

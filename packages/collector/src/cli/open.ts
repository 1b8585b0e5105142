/** Opens the store that a command names: a database server, or the file in its directory. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { EventStore } from '../ports/eventStore.ts'
import type { Log } from '../ports/world.ts'
import { begunStatus } from '../http/diary.ts'
import { databaseName, keptBeside } from '../stores/keptBeside.ts'
import { readLogAddress } from '../stores/natsAddress.ts'
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

async function open(given: Given): Promise<EventStore> {
  const { data, store } = given
  const log: Log = createLog()
  const eventLog = logOf(given)
  if (store !== undefined) {
    const { createPostgresStore } = await import('../stores/postgres.ts')
    const database = await createPostgresStore(store, { log })
    if (eventLog === undefined) return database
    const { createLogStore } = await import('../stores/nats.ts')
    return createLogStore(eventLog, database, { log, worker: false }).catch(async (error: unknown) => {
      await database.close()
      throw error
    })
  }
  const file = join(data, databaseName)
  if (!existsSync(file)) throw new Error(`${data} has no data.`)
  return keptBeside(data, () => createSqliteStore(file, log), log)
}

/** The log in front of the database, for commands that must know of it. */
function logOf({ values, environment, store, err }: Given): string | undefined {
  if (!Object.hasOwn(values, 'log')) return undefined
  const address = values['log'] ?? (store === undefined ? undefined : environment['EARSHOT_LOG'] || undefined)
  if (address === undefined) {
    if (store !== undefined)
      err(
        'Warning: without --log, what a log in front of this database has put aside (dead letters) stays as it is. If there is a log, do this again with --log nats://…\n',
      )
    return undefined
  }
  if (store === undefined) throw usageError('A log stands in front of a database: name it too, with --store.')
  readLogAddress(address)
  return address
}

/**
 * Does what a command is for, with an entry before and one after in the log of what admins did.
 *
 * @param about what it is about; a function of what it made, where that is known only then
 * @throws when the first entry cannot be written; then nothing is done
 */
export async function recorded<Result>(
  store: EventStore,
  action: string,
  site: number | null,
  about: string | null | ((result: Result) => string),
  act: () => Promise<Result>,
): Promise<Result> {
  const write = (status: number, found: string | null): Promise<void> =>
    store.record({ at: systemClock.now(), who: 'cli', site, action, about: found, status })
  await write(begunStatus, typeof about === 'function' ? null : about)
  const result = await act()
  await write(200, typeof about === 'function' ? about(result) : about)
  return result
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

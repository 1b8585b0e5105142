/** The command `move`: all that is in a directory goes into a PostgreSQL database. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf, assertStore } from '../stores/postgresText.ts'
import { databaseName } from '../stores/keptBeside.ts'
import { inspectSqlite } from '../stores/sqliteBackup.ts'
import { takeData } from '../stores/sqliteLease.ts'
import { schemaVersion } from '../stores/sqliteMigrations.ts'
import { createLog, systemClock } from '../system.ts'
import { needed, usageError, type OwnCommand } from './usage.ts'

/** Rows between two words of how far it is. */
const stride = 100_000

/** `move --to URL`. */
export const move: OwnCommand = {
  values: ['to'],
  async run(given) {
    const to = needed(given, 'to', 'move', '--data ./earshot-data --to postgres://earshot@db/earshot')
    if (given.store !== undefined)
      throw usageError('"move" goes from --data to --to; leave --store and EARSHOT_STORE out.')
    assertStore(to)
    const file = join(given.data, databaseName)
    if (!existsSync(file)) throw new Error(`${given.data} has no data.`)
    const release = takeData(given.data)
    try {
      const found = inspectSqlite(file)
      if (found.format !== schemaVersion)
        throw new Error(
          `${file} has format ${found.format}, and this program has ${schemaVersion}. Bring it up first: earshot-collector migrate --data ${given.data}`,
        )
      const { moveToPostgres } = await import('../stores/postgresMove.ts')
      const moved = await moveToPostgres(file, to, systemClock.now(), {
        log: createLog(),
        told: (table, rows) => {
          if (rows % stride === 0) given.out(`  ${rows} ${table} …\n`)
        },
      })
      const { createPostgresStore } = await import('../stores/postgres.ts')
      const store = await createPostgresStore(to)
      await store.record({
        at: systemClock.now(),
        who: 'cli',
        site: null,
        action: 'move',
        about: null,
        status: 200,
      })
      await store.close()
      given.out(
        `${addressOf(to)} has all that ${given.data} has: ${moved.events} events, ${moved.responses} responses, ${moved.surveys} surveys, ${moved.sites} ${moved.sites === 1 ? 'site' : 'sites'}, with keys, tokens, cases, mail and work that waits.\nStart the collector with --store from now on; keys and tokens stay as they are. ${given.data} was not changed: delete it when all is well, for it holds personal data, and nobody is erased in it any more.\n`,
      )
      return 0
    } finally {
      release()
    }
  },
}

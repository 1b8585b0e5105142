/** The commands `worker`, which brings what is in the log into the database, and `dead-letters`, which shows what cannot be. */
import { readLogAddress, serversOf } from '../stores/natsAddress.ts'
import { createLog } from '../system.ts'
import { usageError, type Given, type OwnCommand } from './usage.ts'

const placeOf = (given: Given, name: 'store' | 'log', example: string): string => {
  const place = given.values[name] ?? (given.environment[`EARSHOT_${name.toUpperCase()}`] || undefined)
  if (place !== undefined) return place
  throw usageError(`It needs --${name}, for example: --${name} ${example}`)
}
const logOf = (given: Given): string => placeOf(given, 'log', 'nats://one,two,three')

/** `worker --store URL --log URL`. */
export const worker: OwnCommand = {
  values: ['store', 'log'],
  async run(given) {
    const address = logOf(given)
    const store = placeOf(given, 'store', 'postgres://user@host/database')
    readLogAddress(address)
    const { createPostgresStore } = await import('../stores/postgres.ts')
    const { createLogWorker } = await import('../stores/nats.ts')
    const log = createLog()
    const database = await createPostgresStore(store, { log })
    const running = await createLogWorker(address, database, { log }).catch(async (error: unknown) => {
      await database.close()
      throw error
    })
    given.out(`Earshot worker\n  log          ${serversOf(address)}\n`)
    const signal = await new Promise<string>((resolve) => {
      for (const each of ['SIGTERM', 'SIGINT'] as const) process.once(each, resolve)
    })
    given.out(`\n${signal}: finishing what is under way …\n`)
    await running.close()
    given.out('Closed.\n')
    return 0
  },
}

/** `dead-letters --log URL [--retry]`. */
export const deadLetters: OwnCommand = {
  values: ['log'],
  flags: ['retry'],
  async run(given) {
    const address = readLogAddress(logOf(given))
    const { closeLine, openLine } = await import('../stores/natsConnection.ts')
    const { readDead, retryDead } = await import('../stores/natsDead.ts')
    const line = await openLine(address, createLog())
    try {
      if (given.flags['retry'] ?? false) {
        given.out(`${await retryDead(line)} put into the log again.\n`)
        return 0
      }
      for await (const { number, at, reason, content, bytes } of readDead(line)) {
        const events = content?.pieces.flatMap(({ batch }) => batch.candidates) ?? []
        given.out(
          `${JSON.stringify({ number, at, reason, bytes: bytes.length, events: events.map(({ result }) => ('stored' in result ? result.stored.event : null)) })}\n`,
        )
      }
      return 0
    } finally {
      await closeLine(line)
    }
  },
}

import { it } from 'vitest'
import { temporaryDatabase } from '../fixtures.ts'
import { killRunners, killWatchers } from './killSuite.ts'

/** How often a collector is killed. `pnpm test:postgres` takes 50. */
const kills = Number(process.env.EARSHOT_KILLS ?? 2)

it(
  `two collectors on one database, of which one is killed ${kills} times while it sends, send all, and nothing under two ids`,
  async () => killRunners({ EARSHOT_STORE: await temporaryDatabase() }, kills),
  150_000 + kills * 20_000,
)

/** A plan has at most a hundred rules, and each round brings eight. */
const watchKills = Math.min(kills, 11)

it(
  `two collectors on one database, of which one is killed ${watchKills} times while alerts are told, tell of each, and open one case for it`,
  async () => killWatchers({ EARSHOT_STORE: await temporaryDatabase() }, watchKills),
  150_000 + watchKills * 20_000,
)

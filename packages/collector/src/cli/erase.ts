/** The command `erase`: deletes a visitor, or all visitors of a person. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { databaseName, keptBeside } from '../stores/keptBeside.ts'
import { createSqliteStore } from '../stores/sqlite.ts'
import { visitorsOf } from '../stores/sqliteVisitors.ts'
import { createLog, systemClock } from '../system.ts'
import type { OwnCommand } from './usage.ts'

/** `erase ID [--dry-run]`. */
export const erase: OwnCommand = {
  words: ['the id of a visitor or a person'],
  flags: ['dry-run'],
  async run(given) {
    const [id = ''] = given.words
    const file = join(given.data, databaseName)
    if (!existsSync(file)) throw new Error(`${given.data} has no data.`)
    const found = visitorsOf(file, id)
    const sum = found.reduce((total, each) => total + each.events, 0)
    const visitors = found.length === 1 ? '1 visitor' : `${found.length} visitors`
    if (given.flags['dry-run'] ?? false) {
      given.out(`${visitors} with ${sum} events would be erased. Nothing was changed.\n`)
      return 0
    }
    const log = createLog()
    const store = keptBeside(given.data, () => createSqliteStore(file, log), log)
    let events = 0
    try {
      const site = await store.site()
      if (!site) throw new Error(`${given.data} has no site yet.`)
      // One of whom nothing is known is remembered too: the events may still be in the queue of a device.
      const gone = found.length > 0 ? found.map((each) => each.visitor) : [id]
      for (const visitor of gone) events += await store.erase(site.id, visitor, systemClock.now())
    } finally {
      await store.close()
    }
    given.out(`${visitors} with ${events} events erased.\n`)
    if (found.length === 0)
      given.err(
        'There were no events of this id. If it is one of a visitor, what comes late is dropped for 30 days.\n',
      )
    return 0
  },
}

/** The commands `erase` and `retain`: delete a person, and what is old. */
import { erasePerson } from '../http/person.ts'
import { retain as retainSite } from '../http/retention.ts'
import { sha256Hex } from '../http/secret.ts'
import { systemClock, systemHash } from '../system.ts'
import { recorded, siteOf, withStore } from './open.ts'
import { usageError, type OwnCommand } from './usage.ts'

const visitorsIn = (count: number): string => (count === 1 ? '1 visitor' : `${count} visitors`)

/** `erase ID [--keep counts] [--dry-run] [--site SITE] [--log URL]`. */
export const erase: OwnCommand = {
  words: ['the id of a visitor or a person'],
  values: ['site', 'log', 'keep'],
  flags: ['dry-run'],
  run: (given) =>
    withStore(given, async (store) => {
      const [id = ''] = given.words
      const keep = given.values['keep'] ?? 'nothing'
      if (keep !== 'nothing' && keep !== 'counts')
        throw usageError(`--keep is "${keep}"; it must be nothing (the default) or counts.`)
      const site = await siteOf(given, store)
      if (given.flags['dry-run'] ?? false) {
        const found = await store.visitorsOf(site, id)
        const sum = found.reduce((total, each) => total + each.events, 0)
        given.out(`${visitorsIn(found.length)} with ${sum} events would be erased. Nothing was changed.\n`)
        return 0
      }
      const about = `person ${sha256Hex(id, systemHash).slice(0, 16)}`
      const receipt = await recorded(store, 'erase', site, about, () =>
        erasePerson(store, site, id, systemClock.now(), systemHash, keep),
      )
      given.out(`${visitorsIn(receipt.visitors)} with ${receipt.events} events erased.\n`)
      if (keep === 'counts')
        given.out(
          receipt.keptResponses === 1
            ? '1 response goes on being counted, and is of nobody.\n'
            : `${receipt.keptResponses} responses go on being counted, and are of nobody.\n`,
        )
      given.out(`receipt: ${JSON.stringify(receipt)}\n`)
      if (receipt.visitors === 0)
        given.err(
          'There were no events of this id. If it is one of a visitor, what comes late is dropped for 30 days.\n',
        )
      return 0
    }),
}

/** `retain [--days N] [--site SITE] [--log URL]`. */
export const retain: OwnCommand = {
  values: ['days', 'site', 'log'],
  run: (given) =>
    withStore(given, async (store) => {
      const text = given.values['days']
      const days = text === undefined ? null : /^[1-9]\d{0,4}$/.test(text) ? Number(text) : NaN
      if (Number.isNaN(days)) throw usageError(`--days is "${text}"; it must be a whole number from 1 on.`)
      const only = given.values['site'] === undefined ? null : await siteOf(given, store)
      for (const { id, name, policy } of (await store.keyring()).sites) {
        if (only !== null && only !== id) continue
        const own = days ?? policy?.retentionDays ?? null
        if (own === null) {
          given.out(`site ${id} (${name}): keeps its answers for good\n`)
          continue
        }
        const { events, responses } = await recorded(store, 'retain', id, `${own} days`, () =>
          retainSite(store, id, own, systemClock.now()),
        )
        given.out(
          `site ${id} (${name}): ${responses} responses with ${events} events older than ${own} days deleted\n`,
        )
      }
      return 0
    }),
}

/** The command `export`: all responses as CSV or NDJSON, in a file or on the standard output. */
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { csvColumns, csvHeader, csvResponse } from '../core/csv.ts'
import type { KeptResponse } from '../core/project.ts'
import { readQuery } from '../core/query.ts'
import { didYouMean } from '../core/text.ts'
import { exportPerson } from '../http/person.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { sha256Hex } from '../http/secret.ts'
import { systemClock, systemHash } from '../system.ts'
import { recorded, siteOf, withStore } from './open.ts'
import { usageError, type Given, type OwnCommand } from './usage.ts'

const batchSize = 500
const filters = ['format', 'survey', 'variant', 'from', 'to'] as const

/** `export [--format csv|ndjson] [--survey ID] … [--out FILE]`. */
export const exportAll: OwnCommand = {
  values: [...filters, 'out', 'person', 'site'],
  flags: ['force'],
  async run(given) {
    const read = readQuery(
      filters.flatMap((name): [string, string][] => {
        const text = given.values[name]
        return text === undefined ? [] : [[name, text]]
      }),
      filters,
    )
    if (!read.ok) throw usageError(`${read.message}.`)
    const { format = 'csv', ...filter } = read.query
    const { out } = given.values
    if (out !== undefined && existsSync(out) && !(given.flags['force'] ?? false))
      throw new Error(`${out} is there already. Choose another name, or replace it with --force.`)
    return withStore(given, async (store) => {
      const site = { id: await siteOf(given, store) }
      const person = given.values['person']
      if (person !== undefined) {
        const about = `person ${sha256Hex(person, systemHash).slice(0, 16)}`
        return recorded(store, 'export --person', site.id, about, () =>
          exportOne(given, store, site.id, person),
        )
      }
      const names = (await store.surveyNames(site.id)).map((each) => each.id)
      if (filter.survey !== undefined && !names.includes(filter.survey))
        throw new Error(`No survey has the id "${filter.survey}".${didYouMean(filter.survey, names)}`)
      const columns = csvColumns((await store.surveys(site.id, filter.survey)).map((each) => each.survey))
      const line = (each: KeptResponse): string =>
        format === 'csv' ? csvResponse(each, columns) : `${JSON.stringify(each)}\n`
      await recorded(store, 'export', site.id, null, async () => {
        const target = out === undefined ? process.stdout : createWriteStream(out, { mode: 0o600 })
        if (format === 'csv') target.write(csvHeader(columns))
        let after = 0
        let count = 0
        for (;;) {
          const rows = await store.oldest(site.id, filter, { after, limit: batchSize })
          const last = rows.at(-1)
          if (!last) break
          after = last.row
          count += rows.length
          if (!target.write(rows.map((each) => line(each.response)).join(''))) await once(target, 'drain')
        }
        if (out !== undefined) {
          target.end()
          await finished(target)
          given.err(`${count} responses are in ${out}.\n`)
        }
      })
      return 0
    })
  },
}

/** Everything of one person, as lines of JSON. */
async function exportOne(given: Given, store: EventStore, site: number, person: string): Promise<number> {
  const visitors = await store.visitorsOf(site, person)
  if (visitors.length === 0) throw new Error('No event is of a visitor or a person with this id.')
  const { out } = given.values
  const target = out === undefined ? process.stdout : createWriteStream(out, { mode: 0o600 })
  for await (const line of exportPerson(store, site, person, visitors, systemClock.now()))
    if (!target.write(line)) await once(target, 'drain')
  if (out !== undefined) {
    target.end()
    await finished(target)
    given.err(
      `Everything of ${visitors.length === 1 ? '1 visitor is' : `${visitors.length} visitors is`} in ${out}.\n`,
    )
  }
  return 0
}

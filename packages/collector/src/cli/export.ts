/** The command `export`: all responses as CSV or NDJSON, in a file or on the standard output. */
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { csvColumns, csvHeader, csvResponse } from '../core/csv.ts'
import type { KeptResponse } from '../core/project.ts'
import { readQuery } from '../core/query.ts'
import { didYouMean } from '../core/text.ts'
import { databaseName, keptBeside } from '../stores/keptBeside.ts'
import { createSqliteStore } from '../stores/sqlite.ts'
import { usageError, type OwnCommand } from './usage.ts'

const batchSize = 500
const filters = ['format', 'survey', 'variant', 'from', 'to'] as const

/** `export [--format csv|ndjson] [--survey ID] … [--out FILE]`. */
export const exportAll: OwnCommand = {
  values: [...filters, 'out'],
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
    const file = join(given.data, databaseName)
    if (!existsSync(file)) throw new Error(`${given.data} has no data.`)
    const { out } = given.values
    if (out !== undefined && existsSync(out) && !(given.flags['force'] ?? false))
      throw new Error(`${out} is there already. Choose another name, or replace it with --force.`)
    const store = keptBeside(given.data, () => createSqliteStore(file))
    try {
      const site = await store.site()
      if (!site) throw new Error(`${given.data} has no site yet.`)
      const names = (await store.surveyNames(site.id)).map((each) => each.id)
      if (filter.survey !== undefined && !names.includes(filter.survey))
        throw new Error(`No survey has the id "${filter.survey}".${didYouMean(filter.survey, names)}`)
      const columns = csvColumns((await store.surveys(site.id, filter.survey)).map((each) => each.survey))
      const line = (each: KeptResponse): string =>
        format === 'csv' ? csvResponse(each, columns) : `${JSON.stringify(each)}\n`
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
    } finally {
      await store.close()
    }
    return 0
  },
}

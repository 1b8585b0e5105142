/** The commands of an operator, and what the help says of them. */
import { backup, migrate, restore } from './backup.ts'
import { doctor } from './doctor.ts'
import { erase } from './erase.ts'
import { exportAll } from './export.ts'
import type { OwnCommand } from './usage.ts'
import { deadLetters, worker } from './worker.ts'

/** By name. */
export const operatorCommands: Readonly<Record<string, OwnCommand>> = {
  backup,
  restore,
  migrate,
  erase,
  export: exportAll,
  doctor,
  worker,
  'dead-letters': deadLetters,
}

/** What the help says of them. */
export const operatorUsage = `
For operators; each takes --data DIR:
  earshot-collector backup --to FILE [--force]
                                        copy the data, also while the collector runs, and read the copy through
  earshot-collector restore --from FILE [--force] [--erased FILE]
                                        put a backup in place; who was erased since stays erased. --erased names
                                        newer backups, or copies of earshot.erased, that know of more erasures
  earshot-collector migrate [--dry-run] bring the data to the format of this program, with a copy of before
  earshot-collector erase ID [--dry-run]
                                        delete a visitor, or all visitors of a person
  earshot-collector export [--format csv|ndjson] [--survey ID] [--variant ID] [--from DAY] [--to DAY] [--out FILE]
                                        write the responses to a file, or to the standard output
  earshot-collector doctor [--public-url URL] [--time-from URL|none] [--json]
                                        look for what is wrong with this machine, its data and its settings;
                                        exits with 1 when something is

With a log, which needs no --data; --store and --log as for serve:
  earshot-collector worker --store URL --log URL
                                        bring what is in the log into the database, and take no answers
  earshot-collector dead-letters --log URL [--retry]
                                        print what was taken and no database would take, or put it back
`

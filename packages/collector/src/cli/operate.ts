/** The commands of an operator, and what the help says of them. */
import { audit, keys, sites, tokens } from './access.ts'
import { backup, migrate, restore } from './backup.ts'
import { doctor } from './doctor.ts'
import { erase, retain } from './erase.ts'
import { exportAll } from './export.ts'
import { importAll } from './import.ts'
import { jobs } from './jobs.ts'
import { move } from './move.ts'
import type { OwnCommand } from './usage.ts'
import { deadLetters, worker } from './worker.ts'

/** By name. */
export const operatorCommands: Readonly<Record<string, OwnCommand>> = {
  backup,
  restore,
  migrate,
  move,
  erase,
  export: exportAll,
  import: importAll,
  doctor,
  worker,
  'dead-letters': deadLetters,
  sites,
  keys,
  tokens,
  audit,
  jobs,
  retain,
}

/** What the help says of them. */
export const operatorUsage = `
For operators; each takes --data DIR, or --store URL:
  earshot-collector sites list | add NAME
                                        several sites in one collector; a new one gets a write key
  earshot-collector keys list | add [--name NAME] [--origin ORIGIN]… [--rate N] [--daily N]
                                | revoke KEY  [--site SITE]
                                        write keys of pages; several are good at a time, so that they can be changed
                                        one after the other. --rate is the most requests a minute,
                                        --daily the most events of a day (UTC)
  earshot-collector tokens list | add --role admin|analyst|agent|viewer [--name NAME] [--days N] [--site SITE|all]
                                | revoke ID
                                        tokens of people and programs that read
  earshot-collector jobs list [--state waiting|done|stopped|dead] | retry JOB|all  [--site SITE]
                                        what goes out to webhooks, and once more what was given up
  earshot-collector audit [--limit N]   what admins did, newest first
  earshot-collector backup --to FILE [--force]
                                        copy the data, also while the collector runs, and read the copy through
  earshot-collector restore --from FILE [--force] [--erased FILE]
                                        put a backup in place; who was erased since stays erased. --erased names
                                        newer backups, or copies of earshot.erased, that know of more erasures
  earshot-collector migrate [--dry-run] bring the data to the format of this program, with a copy of before
  earshot-collector move --to URL [--data DIR]
                                        bring all of it into an empty PostgreSQL database; stop the collector before
  earshot-collector erase ID [--keep counts] [--dry-run] [--site SITE] [--log URL]
                                        delete a visitor, or all visitors of a person, and print a receipt; with
                                        --log also what the log in front of --store has put aside. With --keep
                                        counts, scores and choices go on being counted, and are of nobody
  earshot-collector retain [--days N] [--site SITE] [--log URL]
                                        delete answers that are older than their site wants, or than so many days;
                                        a running collector does it every hour
  earshot-collector export [--format csv|ndjson] [--survey ID] [--variant ID] [--from DAY] [--to DAY] [--out FILE] [--site SITE]
                                        write the responses to a file, or to the standard output
  earshot-collector export --person ID [--out FILE] [--site SITE]
                                        write everything of one visitor or person, as lines of JSON
  earshot-collector import FILE --from csv|ndjson|delighted|formbricks|posthog --survey ID [--map NAME=COLUMN]… [--at DAY]
                            [--metric nps|enps|csat|ces1|ces2 [--points N] | --definition FILE] [--dry-run] [--skip-bad]
                                        bring answers in, of other programs or of an export. All lines are looked at
                                        first, and nothing is stored where one is wrong. Once more stores nothing more
  earshot-collector import FILE --from lifecycle [--map NAME=COLUMN]… [--event NAME] [--at DAY] [--dry-run] [--skip-bad]
                                        the same for life-cycle events: who signed up, paid, left, asked for help
  earshot-collector doctor [--public-url URL] [--time-from URL|none] [--json]
                                        look for what is wrong with this machine, its data and its settings;
                                        exits with 1 when something is

With a log, which needs no --data; --store and --log as for serve:
  earshot-collector worker --store URL --log URL
                                        bring what is in the log into the database, and take no answers
  earshot-collector dead-letters --log URL [--retry]
                                        print what was taken and no database would take, or put it back
`

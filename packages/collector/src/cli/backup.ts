/** The commands `backup`, `restore` and `migrate`. */
import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder } from '../stores/folder.ts'
import { databaseName, keptBeside } from '../stores/keptBeside.ts'
import { createSqliteStore } from '../stores/sqlite.ts'
import { backupSqlite, inspectSqlite, type Contents } from '../stores/sqliteBackup.ts'
import { schemaVersion } from '../stores/sqliteMigrations.ts'
import { restoreSqlite } from '../stores/sqliteRestore.ts'
import { systemClock } from '../system.ts'
import { addressOf } from '../stores/postgresText.ts'
import { lookAtStore } from './doctorStore.ts'
import { needed, type Given, type OwnCommand } from './usage.ts'

const mebibyte = 1024 * 1024

function lines({ format, surveys, events, responses, erased, bytes }: Contents): string {
  const rows = { events, responses, surveys, 'erased visitors': erased, format }
  return [
    ...Object.entries(rows).map(([name, value]) => `  ${name.padEnd(16)} ${value}`),
    `  ${'size'.padEnd(16)} ${(bytes / mebibyte).toFixed(1)} MiB`,
    '',
  ].join('\n')
}

/** `backup --to FILE`. */
export const backup: OwnCommand = {
  values: ['to'],
  flags: ['force'],
  async run(given) {
    refuseStore(given, 'backup', 'pg_dump --format=custom --schema=earshot --file=FILE --dbname=…')
    const to = needed(given, 'to', 'backup', '--to ./backups/monday.sqlite')
    makeFolder(dirname(to))
    const made = backupSqlite(join(given.data, databaseName), to, given.flags['force'] ?? false)
    given.out(`${to} is a backup of ${given.data}, read through and found whole.\n${lines(made)}`)
    return 0
  },
}

/** `restore --from FILE`. */
export const restore: OwnCommand = {
  values: ['from'],
  lists: ['erased'],
  flags: ['force'],
  async run(given) {
    refuseStore(
      given,
      'restore',
      'pg_restore --clean --if-exists --dbname=… FILE, with all collectors stopped',
    )
    const from = needed(given, 'from', 'restore', '--from ./backups/monday.sqlite')
    const made = await restoreSqlite({
      data: given.data,
      from,
      force: given.flags['force'] ?? false,
      erased: given.lists['erased'] ?? [],
      now: systemClock.now(),
    })
    given.out(
      `${given.data} is restored from ${from}, read through and found whole.\n${lines(made.contents)}`,
    )
    if (made.erasedAgain > 0)
      given.out(
        `${made.erasedAgain} visitors of the backup had been erased since, and were erased again (${made.backup.events - made.contents.events} events).\n`,
      )
    for (const each of made.unread)
      given.err(
        `Warning: ${each} could not be asked who was erased since. Give a newer backup, or a copy of earshot.erased, with --erased.\n`,
      )
    if (made.kept !== null)
      given.out(
        `What was there before is ${made.kept}. Delete it when all is well: it holds personal data.\n`,
      )
    return 0
  },
}

/** `migrate [--dry-run]`. */
export const migrate: OwnCommand = {
  flags: ['dry-run'],
  async run(given) {
    if (given.store !== undefined) return migrateStore(given, given.store)
    const file = join(given.data, databaseName)
    const found = inspectSqlite(file)
    if (found.format === schemaVersion) {
      given.out(
        `${file} has format ${schemaVersion}, which is that of this program. There is nothing to do.\n`,
      )
      return 0
    }
    return found.format < schemaVersion ? bring(given, file, found.format) : 1
  },
}

/** A database server has tools of its own, which know more of it. */
function refuseStore(given: Given, command: string, instead: string): void {
  if (given.store === undefined) return
  throw new Error(
    `"${command}" is for the file in --data. For a PostgreSQL database use: ${instead}   See docs/postgres.md.`,
  )
}

async function migrateStore(given: Given, url: string): Promise<number> {
  const findings = await lookAtStore(url)
  const failed = findings.find(
    (each) => each.about === 'store' && each.level === 'error' && each.mend?.includes('--store'),
  )
  if (failed) throw new Error(`${failed.found}. ${failed.mend ?? ''}`)
  const found = findings.find((each) => each.about === 'database')
  const isNew = found?.level === 'ok'
  if (isNew || (given.flags['dry-run'] ?? false)) {
    given.out(`${found?.found ?? ''}. ${isNew ? 'There is nothing to do.' : 'Nothing was changed.'}\n`)
    return found?.level === 'error' ? 1 : 0
  }
  const { createPostgresStore } = await import('../stores/postgres.ts')
  await (await createPostgresStore(url)).close()
  given.out(`${addressOf(url)} was brought to the format of this program, in one transaction.\n`)
  return 0
}

async function bring(given: Given, file: string, format: number): Promise<number> {
  const copy = `${file}.format-${format}`
  const plan = `${file} is brought from format ${format} to ${schemaVersion}`
  const room = statfsSync(given.data)
  // A copy, and in the worst case each page once more in the log.
  const wanted = 3 * statSync(file).size
  if (given.flags['dry-run'] ?? false) {
    given.out(`${plan}; before, it is copied to ${copy}. Nothing was changed.\n`)
    if (room.bavail * room.bsize < wanted)
      given.err(`Warning: that may need ${Math.ceil(wanted / mebibyte)} MiB, and the disk has less.\n`)
    return 0
  }
  if (!existsSync(copy)) backupSqlite(file, copy, false)
  const store = keptBeside(given.data, () => createSqliteStore(file))
  await store.close()
  const made = inspectSqlite(file)
  given.out(
    `${file} was brought from format ${format} to ${made.format}. The copy of before is ${copy}. Delete it when all is well: it holds personal data, and nobody is erased in it.\n${lines(made)}`,
  )
  return 0
}

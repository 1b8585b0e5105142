/** Looks at a PostgreSQL database as `doctor` does at a file. */
import type { Client } from 'pg'
import type { Finding } from '../core/findings.ts'
import { schemaVersion } from '../stores/postgresSchema.ts'
import { addressOf } from '../stores/postgresText.ts'
import { systemClock } from '../system.ts'

/** How long the database may take, in milliseconds. */
const patience = 5000

const question = `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
    current_setting('synchronous_standby_names') AS standbys, to_regclass('earshot.meta') IS NOT NULL AS has_tables,
    extract(epoch FROM clock_timestamp()) * 1000 AS now`

/** Asks the database, without changing anything. Never rejects. */
export async function lookAtStore(store: string): Promise<Finding[]> {
  const about = 'store'
  const where = URL.canParse(store) ? addressOf(store) : 'the address in --store'
  // The driver is loaded by those who need it.
  const { Client } = await import('pg')
  const client = new Client({
    connectionString: store,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const began = systemClock.now()
    const { rows } = await client.query<Record<string, unknown>>(question)
    const [row = {}] = rows
    const off = Math.round((Number(row.now) - (began + systemClock.now()) / 2) / 1000)
    return [
      { level: 'ok', about, found: `${where} answers: PostgreSQL ${String(row.version)}` },
      row.has_tables === true ? await lookAtTables(client, where) : noTables(where),
      row.fsync === 'on'
        ? { level: 'ok', about, found: 'fsync is on, so what is acknowledged survives a power cut' }
        : {
            level: 'error',
            about,
            found: 'fsync is off, so a power cut loses what was acknowledged',
            mend: "ALTER SYSTEM SET fsync = 'on'; SELECT pg_reload_conf();",
          },
      row.standbys === ''
        ? {
            level: 'warning',
            about,
            found: 'no standby confirms commits: with the disk of the server all is lost',
            mend: 'Set synchronous_standby_names, as docs/postgres.md shows, or take backups with pg_dump.',
          }
        : { level: 'ok', about, found: `commits wait for standbys: ${String(row.standbys)}` },
      Math.abs(off) > 5
        ? {
            level: 'warning',
            about: 'clock',
            found: `the clocks of this machine and of the database are ${Math.abs(off)} s apart`,
            mend: 'Turn time synchronisation on, on both: timedatectl set-ntp true',
          }
        : { level: 'ok', about: 'clock', found: 'the clocks of this machine and of the database agree' },
    ]
  } catch (error) {
    return [
      {
        level: 'error',
        about,
        found: `${where} cannot be asked (${error instanceof Error ? error.message : String(error)})`,
        mend: 'Check the address in --store, and that the server runs and lets this user in.',
      },
    ]
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function lookAtTables(client: Client, where: string): Promise<Finding> {
  const { rows } = await client.query<{ version: number }>('SELECT version FROM earshot.meta')
  const version = rows[0]?.version ?? 0
  const found = `${where} has format ${version}`
  if (version === schemaVersion) return { level: 'ok', about: 'database', found }
  return version < schemaVersion
    ? {
        level: 'warning',
        about: 'database',
        found: `${found}; this program has ${schemaVersion}, and brings it there at the next start`,
        mend: 'Make a backup before (pg_dump), or let this do it: earshot-collector migrate --store …',
      }
    : {
        level: 'error',
        about: 'database',
        found: `${found}, of a newer program; this one has ${schemaVersion}`,
        mend: 'Use the newer program.',
      }
}

function noTables(where: string): Finding {
  return {
    level: 'error',
    about: 'database',
    found: `${where} has no tables of Earshot`,
    mend: 'Start the collector once: earshot-collector serve --store …',
  }
}

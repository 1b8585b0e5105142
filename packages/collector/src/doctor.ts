/** Looks at a machine, its data and its settings, and says what is wrong and how to mend it. */
import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ownBrowserFiles } from './browserFiles.ts'
import { assertAdminToken, assertMetricsToken, assertWriteKey } from './core/auth.ts'
import { judgeClock, judgeDisk, judgeRights, judgeSettings, type Finding } from './core/findings.ts'
import { createSmtp, senderOf } from './outbound/smtp.ts'
import { databaseName } from './stores/keptBeside.ts'
import { inspectSqlite } from './stores/sqliteBackup.ts'
import { schemaVersion } from './stores/sqliteMigrations.ts'
import { systemClock } from './system.ts'

/** What to look at. */
export interface Examination {
  data: string
  /** What was found about the database of `--store`; then there is no directory to look at. */
  ofStore?: readonly Finding[] | undefined
  environment: NodeJS.ProcessEnv
  publicUrl: string | undefined
  /** An address whose answer tells the time, or `none`. */
  timeFrom: string
}

const known: readonly string[] = [
  'PORT',
  'HOST',
  'DATA',
  'STORE',
  'ORIGIN',
  'INLINE_SURVEYS',
  'BROWSER_FILES',
  'PUBLIC_URL',
  'WRITE_KEY',
  'ADMIN_TOKEN',
  'METRICS_TOKEN',
  'REQUEST_LOG',
  'TRUST_PROXY',
  'NETWORK_RATE',
  'BURST',
  'SMTP',
  'MAIL_FROM',
].map((name) => `EARSHOT_${name}`)

/** How long an address may take, in milliseconds. */
const patience = 5000
/** A log beside the database that is larger was not taken over for long. */
const largeLog = 256 * 1024 * 1024

/** Looks at everything. Never rejects. */
export async function examine(wanted: Examination): Promise<Finding[]> {
  const { environment, publicUrl } = wanted
  const value = (name: string): string | undefined => environment[`EARSHOT_${name}`] || undefined
  const settings = judgeSettings({
    host: value('HOST') ?? '127.0.0.1',
    publicUrl: publicUrl === undefined ? undefined : URL.canParse(publicUrl) ? new URL(publicUrl) : null,
    origins: (value('ORIGIN') ?? '').split(',').filter((each) => each.trim() !== ''),
    inlineSurveys: value('INLINE_SURVEYS') ?? 'accept',
    adminToken: value('ADMIN_TOKEN'),
    metricsToken: value('METRICS_TOKEN'),
    unknown: Object.keys(environment).filter((name) => name.startsWith('EARSHOT_') && !known.includes(name)),
  })
  return [
    ...(wanted.ofStore ?? [...lookAtDirectory(wanted.data), ...lookAtDatabase(wanted.data)]),
    await lookAtClock(wanted.timeFrom),
    ...settings,
    ...lookAtKeys(value),
    ...lookAtFiles(value('BROWSER_FILES') ?? ownBrowserFiles()),
    ...(await lookAtMail(value('SMTP'), value('MAIL_FROM'), publicUrl)),
    ...(publicUrl === undefined
      ? []
      : [...lookAtLimits(value('TRUST_PROXY')), ...(await lookAtPublicUrl(publicUrl))]),
  ]
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function lookAtDirectory(data: string): Finding[] {
  if (!existsSync(data))
    return [
      {
        level: 'error',
        about: 'data',
        found: `${data} is not there`,
        mend: `Start the collector once, or name another directory: earshot-collector serve --data ${data}`,
      },
    ]
  const found: Finding[] = []
  try {
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    found.push({
      level: 'error',
      about: 'rights',
      found: `${data} cannot be written by this user`,
      mend: `Run this as the user of the collector, or give it the directory: chown -R earshot ${data}`,
    })
  }
  const own = readdirSync(data).filter((name) => name.startsWith('earshot.'))
  const paths = [data, ...own.map((name) => join(data, name))]
  const rights = paths.map((path) => judgeRights(path, statSync(path).mode, path === data))
  const wrong = rights.filter((each) => each.level !== 'ok')
  found.push(...(wrong.length > 0 ? wrong : rights.slice(0, 1)))
  const database = join(data, databaseName)
  const room = statfsSync(data)
  const size = existsSync(database) ? statSync(database).size : 0
  found.push(judgeDisk(room.bavail * room.bsize, size))
  const log = `${database}-wal`
  if (existsSync(log) && statSync(log).size > largeLog)
    found.push({
      level: 'warning',
      about: 'database',
      found: `the write-ahead log has ${Math.round(statSync(log).size / 1024 / 1024)} MiB`,
      mend: 'A reader that never ends keeps it from being emptied. Look for other programs that have the file open, or restart the collector.',
    })
  for (const name of own.filter((each) => each.includes('.before-restore-')))
    found.push({
      level: 'warning',
      about: 'data',
      found: `${join(data, name)} is what was there before a restore, and holds personal data`,
      mend: `Delete it when it is not needed any more: rm ${join(data, name)}`,
    })
  return found
}

function lookAtDatabase(data: string): Finding[] {
  const path = join(data, databaseName)
  if (!existsSync(path)) return []
  const about = 'database'
  try {
    const { format, events } = inspectSqlite(path)
    return format === schemaVersion
      ? [{ level: 'ok', about, found: `was read through and is whole; ${events} events` }]
      : [
          {
            level: 'warning',
            about,
            found: `has format ${format}; this program has ${schemaVersion}, and brings it there at the next start`,
            mend: `Make a backup before, or let this do it: earshot-collector migrate --data ${data}`,
          },
        ]
  } catch (error) {
    return [
      {
        level: 'error',
        about,
        found: reasonOf(error),
        mend: `Stop the collector, then: earshot-collector restore --force --from BACKUP --data ${data}`,
      },
    ]
  }
}

async function lookAtClock(from: string): Promise<Finding> {
  const about = 'clock'
  if (from === 'none') return { level: 'skipped', about, found: 'was not compared, as --time-from says' }
  try {
    const began = systemClock.now()
    const response = await fetch(from, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    })
    const now = systemClock.now()
    const time = Date.parse(response.headers.get('date') ?? '')
    if (Number.isNaN(time)) return { level: 'skipped', about, found: `${from} does not tell the time` }
    // It was cut off at the second, so half a second is added.
    return judgeClock(new URL(from).host, (began + now) / 2 - (time + 500), now - began)
  } catch (error) {
    return {
      level: 'skipped',
      about,
      found: `${from} cannot be reached (${reasonOf(error)})`,
      mend: 'Name an address that can be, with --time-from URL.',
    }
  }
}

function lookAtKeys(value: (name: string) => string | undefined): Finding[] {
  const checks = [
    ['WRITE_KEY', assertWriteKey],
    ['ADMIN_TOKEN', assertAdminToken],
    ['METRICS_TOKEN', assertMetricsToken],
  ] as const
  return checks.flatMap(([name, check]) => {
    const key = value(name)
    if (key === undefined) return []
    try {
      check(key)
      return []
    } catch (error) {
      return [
        { level: 'error', about: 'settings', found: `EARSHOT_${name} is refused`, mend: reasonOf(error) },
      ]
    }
  })
}

/** Behind a proxy everybody comes from the same address, unless the proxy is believed. */
function lookAtLimits(proxies: string | undefined): Finding[] {
  if (proxies !== undefined)
    return [{ level: 'ok', about: 'proxy', found: `${proxies} is believed to say who asks` }]
  return [
    {
      level: 'warning',
      about: 'proxy',
      found: 'EARSHOT_TRUST_PROXY is not set, so limits for each network do not hold behind a proxy',
      mend: 'Set it to the proxy, for example EARSHOT_TRUST_PROXY=loopback, if the proxy sets x-forwarded-for; or limit in the proxy.',
    },
  ]
}

function lookAtFiles(directory: string): Finding[] {
  const about = 'files'
  return existsSync(join(directory, 'earshot.js')) && existsSync(join(directory, 'version.json'))
    ? [{ level: 'ok', about, found: `earshot.js is in ${directory}` }]
    : [
        {
          level: 'error',
          about,
          found: `earshot.js or version.json is missing in ${directory}`,
          mend: 'Build the SDK, or name the directory that has them.',
        },
      ]
}

/** Signs in to the mail server, and sends nothing. */
async function lookAtMail(
  url: string | undefined,
  from: string | undefined,
  publicUrl: string | undefined,
): Promise<Finding[]> {
  if (url === undefined && from === undefined) return []
  const about = 'mail'
  try {
    if (url === undefined || from === undefined)
      throw new Error('EARSHOT_SMTP and EARSHOT_MAIL_FROM belong together; one of them is not set.')
    if (publicUrl === undefined) throw new Error('Mail has links, so it needs EARSHOT_PUBLIC_URL.')
    senderOf(from)
    const smtp = createSmtp({ url, timeout: patience })
    const found = await smtp.verify()
    if (found.ok) return [{ level: 'ok', about, found: `${smtp.where} takes mail from this machine` }]
    const mend = 'Look at host, port, user and password, and whether a firewall lets this machine out there.'
    return [{ level: 'error', about, found: `${smtp.where} does not take mail (${found.reason})`, mend }]
  } catch (error) {
    return [{ level: 'error', about, found: 'mail is not set up as it must be', mend: reasonOf(error) }]
  }
}

async function lookAtPublicUrl(address: string): Promise<Finding[]> {
  const about = 'proxy'
  const base = address.replace(/\/+$/, '')
  const get = (path: string): Promise<Response> =>
    fetch(base + path, { redirect: 'manual', signal: AbortSignal.timeout(patience) })
  try {
    const health = await get('/healthz')
    const said: unknown = await health.json().catch(() => null)
    if (health.status !== 200 || JSON.stringify(said) !== '{"status":"ok"}')
      return [
        {
          level: 'error',
          about,
          found: `${base}/healthz answers ${health.status}, and not as the collector does`,
          mend: 'Let the proxy pass all paths to the collector, as docs/operate.md shows.',
        },
      ]
    const ready = await get('/readyz')
    return [
      ready.status === 200
        ? { level: 'ok', about, found: `the collector answers at ${base} and is ready` }
        : {
            level: 'error',
            about,
            found: `the collector answers at ${base}, but is not ready`,
            mend: `Look what it says: curl ${base}/readyz`,
          },
    ]
  } catch (error) {
    const { cause } = error as { cause?: unknown }
    return [
      {
        level: 'error',
        about,
        found: `${base} cannot be reached (${cause instanceof Error ? cause.message : reasonOf(error)})`,
        mend: 'Look whether the collector and the proxy run, and whether the certificate is valid for the name.',
      },
    ]
  }
}

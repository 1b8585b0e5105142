/** What a look at a machine, its data and its settings finds, and how it is mended. */
import type { Millis } from './time.ts'

/** One thing that was looked at. */
export interface Finding {
  /** `error`: answers are lost or open to others. `warning`: may go wrong. `skipped`: could not be looked at. */
  level: 'ok' | 'warning' | 'error' | 'skipped'
  /** What was looked at: `clock`, `disk`, … */
  about: string
  found: string
  /** How to mend it; missing when nothing is wrong. */
  mend?: string
}

/** Free bytes below which the collector takes no answers. */
export const diskFloor: number = 64 * 1024 * 1024

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`

/**
 * Judges the clock. The time of an answer whose device is wrong is corrected by this clock.
 *
 * @param host whose time it is compared with
 * @param off how far the clock is ahead; the answer was under way for `travel`
 */
export function judgeClock(host: string, off: Millis, travel: Millis): Finding {
  const seconds = Math.round(Math.abs(off) / 1000)
  // The header has whole seconds.
  const doubt = 1000 + travel
  const found = `${seconds <= doubt / 1000 ? 'agrees' : `is ${seconds} s ${off > 0 ? 'ahead' : 'behind'}`} (${host})`
  const mend = 'Turn time synchronisation on: timedatectl set-ntp true'
  if (Math.abs(off) > 60_000 + doubt) return { level: 'error', about: 'clock', found, mend }
  return Math.abs(off) > 5000 + doubt
    ? { level: 'warning', about: 'clock', found, mend }
    : { level: 'ok', about: 'clock', found }
}

/** Judges the room for a database of `size` bytes. */
export function judgeDisk(free: number, size: number): Finding {
  const found = `${mebibytes(free)} free, the database has ${mebibytes(size)}`
  if (free < diskFloor)
    return {
      level: 'error',
      about: 'disk',
      found,
      mend: `Make room: below ${mebibytes(diskFloor)} the collector takes no answers. They wait on the devices meanwhile.`,
    }
  return free < Math.max(2 * size, 1024 * 1024 * 1024)
    ? {
        level: 'warning',
        about: 'disk',
        found,
        mend: 'Make room: an upgrade or a backup on the same disk may need twice the size of the database.',
      }
    : { level: 'ok', about: 'disk', found }
}

/** Judges the rights of a file or directory with personal data. */
export function judgeRights(path: string, mode: number, isDirectory: boolean): Finding {
  const open = mode & 0o077
  const found = `${path} has ${(mode & 0o777).toString(8)}`
  return open === 0
    ? { level: 'ok', about: 'rights', found }
    : {
        level: 'error',
        about: 'rights',
        found: `${found}, so others on this machine may read answers`,
        mend: `chmod ${isDirectory ? '700' : '600'} ${path}`,
      }
}

/** Settings, as the environment has them. */
export interface Settings {
  host: string
  /** Null when it is no address. */
  publicUrl: { origin: string; protocol: string; hostname: string } | null | undefined
  origins: readonly string[]
  inlineSurveys: string
  adminToken: string | undefined
  metricsToken: string | undefined
  /** Names of the environment that begin with EARSHOT_ and mean nothing. */
  unknown: readonly string[]
}

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/.test(host)

/** Judges the settings by themselves. */
export function judgeSettings(settings: Settings): Finding[] {
  const { host, publicUrl, origins, inlineSurveys, adminToken, metricsToken, unknown } = settings
  const found: Finding[] = unknown.map((name) => ({
    level: 'error',
    about: 'settings',
    found: `${name} is set, and nothing reads it`,
    mend: 'Look for the name that is meant in: earshot-collector --help',
  }))
  const say = (level: Finding['level'], text: string, mend?: string): void => {
    found.push({ level, about: 'settings', found: text, ...(mend !== undefined && { mend }) })
  }
  if (publicUrl === undefined)
    say(
      'warning',
      'EARSHOT_PUBLIC_URL is not set',
      'Set it to the address that browsers use, so that the script tag is right and TLS can be looked at.',
    )
  else if (publicUrl === null)
    say('error', 'EARSHOT_PUBLIC_URL is no address', 'Write it like https://feedback.example.com')
  else if (publicUrl.protocol !== 'https:' && !isLoopback(publicUrl.hostname))
    say(
      'error',
      'the public address has no TLS: answers and the admin token can be read on their way',
      'Put a proxy with TLS in front; docs/operate.md has the lines for nginx and Caddy.',
    )
  else say('ok', `browsers use ${publicUrl.origin}`)
  if (isLoopback(host)) say('ok', `listens on ${host}, so only a proxy on this machine reaches it`)
  else
    say(
      'warning',
      `listens on ${host}, without TLS`,
      'Let a firewall or a container network admit the proxy alone. There is no --trust-proxy: no address of a client is used, so limits for each address belong into the proxy.',
    )
  if (origins.length > 0) say('ok', `${origins.length} origins may send`)
  else
    say(
      'warning',
      'pages of any origin may send',
      'Name your pages with --origin or EARSHOT_ORIGIN, for example https://shop.example',
    )
  if (inlineSurveys === 'accept')
    say(
      'warning',
      'whoever has the public write key may define surveys',
      'If your surveys are served by the collector, set EARSHOT_INLINE_SURVEYS=refuse',
    )
  for (const [name, token] of [
    ['EARSHOT_ADMIN_TOKEN', adminToken],
    ['EARSHOT_METRICS_TOKEN', metricsToken],
  ] as const)
    if (token !== undefined && token.length < 32)
      say('warning', `${name} is short`, 'Take at least 32 random characters: openssl rand -hex 24')
  return found
}

/** The findings as text, the worst first, and what the process exits with. */
export function describeFindings(findings: readonly Finding[]): { text: string; code: 0 | 1 } {
  const order = ['error', 'warning', 'skipped', 'ok']
  const sorted = findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
  const count = (level: Finding['level']): number => findings.filter((each) => each.level === level).length
  const rows = sorted.map(
    ({ level, about, found, mend }) =>
      `${level.padEnd(8)} ${about.padEnd(9)} ${found}\n${mend === undefined ? '' : `${' '.repeat(19)}mend: ${mend}\n`}`,
  )
  const sum = `${count('error')} errors, ${count('warning')} warnings, ${count('ok')} in order\n`
  return { text: `${rows.join('')}${sum}`, code: count('error') > 0 ? 1 : 0 }
}

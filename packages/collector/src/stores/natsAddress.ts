/** Reads the address of a log: several servers of one cluster, and how the log is laid out in it. */

/** What an address says. */
export interface LogAddress {
  /** `host:port` each. */
  servers: string[]
  user?: string | undefined
  pass?: string | undefined
  token?: string | undefined
  tls: boolean
  /** What streams and subjects begin with. */
  name: string
  partitions: number
  replicas: number
  /** Most bytes that may wait in each partition. */
  partitionBytes: number
  /** Milliseconds that a receipt waits for the database; 0 gives it as soon as the log has the events. */
  confirm: number
  /** Milliseconds after which a worker of which nothing is heard has lost its partitions to others. */
  lease: number
  /** Where the servers tell how they are set: `host:port` of each. */
  monitors: string[]
}

const form = /^(nats|tls):\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/
const usualPort = '4222'
const usualMonitorPort = '8222'

interface Bound {
  usual: number
  least: number
  most: number
}
const numbers = {
  partitions: { usual: 8, least: 1, most: 64 },
  replicas: { usual: 3, least: 1, most: 5 },
  bytes: { usual: 256 * 1024 * 1024, least: 1024 * 1024, most: 1024 ** 4 },
  confirm: { usual: 0, least: 0, most: 10_000 },
  lease: { usual: 15_000, least: 1000, most: 120_000 },
} as const satisfies Record<string, Bound>
const texts: readonly string[] = ['name', 'monitor']

/**
 * Reads `nats://user:password@a,b:4222,c?partitions=8&replicas=3`. `tls://` encrypts.
 *
 * @throws when it cannot be read; the message does not repeat the address, which may hold a password
 * @example
 * readLogAddress('nats://one,two,three').servers // ['one:4222', 'two:4222', 'three:4222']
 */
export function readLogAddress(address: string): LogAddress {
  const [, scheme, login, hosts = '', query = ''] = form.exec(address) ?? []
  if (scheme === undefined)
    throw new Error(
      'log is not the address of NATS servers; write it like "nats://one:4222,two:4222,three:4222", with user:password@ before the first where they want it.',
    )
  const servers = hosts.split(',').map((each) => withPort(each, usualPort))
  const given = new URLSearchParams(query)
  for (const key of given.keys())
    if (!Object.hasOwn(numbers, key) && !texts.includes(key))
      throw new Error(
        `The address of the log has "${key}", which means nothing; known are ${[...Object.keys(numbers), ...texts].join(', ')}.`,
      )
  const number = (key: keyof typeof numbers): number => {
    const { usual, least, most } = numbers[key]
    const text = given.get(key)
    const value = text === null ? usual : /^\d{1,15}$/.test(text) ? Number(text) : NaN
    if (value >= least && value <= most) return value
    throw new Error(`"${key}" of the log must be a whole number from ${least} to ${most}.`)
  }
  const name = given.get('name') ?? 'earshot'
  if (!/^[a-z0-9_-]{1,32}$/i.test(name))
    throw new Error('"name" of the log must be 1 to 32 letters, digits, - or _.')
  return {
    servers,
    ...readLogin(login),
    tls: scheme === 'tls',
    name,
    partitions: number('partitions'),
    replicas: number('replicas'),
    partitionBytes: number('bytes'),
    confirm: number('confirm'),
    lease: number('lease'),
    monitors:
      given.get('monitor')?.split(',') ??
      servers.map((each) => each.replace(/:\d+$/, `:${usualMonitorPort}`)),
  }
}

/** The servers alone, as everybody may read them. */
export function serversOf(address: string): string {
  const { servers } = readLogAddress(address)
  return `nats://${servers.join(',')}`
}

function withPort(host: string, port: string): string {
  if (/^(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(host))
    return /:\d+$/.test(host) ? host : `${host}:${port}`
  throw new Error('The log has a server that is no host or host:port.')
}

function readLogin(login: string | undefined): Pick<LogAddress, 'user' | 'pass' | 'token'> {
  if (login === undefined || login === '') return {}
  const [first = '', ...rest] = login.split(':').map((each) => decodeURIComponent(each))
  return rest.length === 0 ? { token: first } : { user: first, pass: rest.join(':') }
}

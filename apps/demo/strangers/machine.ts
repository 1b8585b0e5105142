/** A stranger's machine: an empty folder, the packages as they are published, npm, and a Node of a version that one asks for. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Packed, packAll } from '../../../scripts/pack.ts'

const runFile = promisify(execFile)

/** The machine, with what was installed on it. */
export interface Machine {
  /** Makes a folder of that name, with nothing in it. */
  folder(name: string): Promise<string>
  /** The path of a Node of that version, from npm. */
  node(version: string): Promise<string>
  /** Names of our packages with the tarballs that npm is to take for them. */
  tarballs: Readonly<Record<string, string>>
  /** Has npm install packages into a folder; ours come from their tarballs, also where others need them. */
  install(folder: string, ...packages: string[]): Promise<void>
  /** Runs a command to its end. */
  run(folder: string, command: string, args: readonly string[], env?: Record<string, string>): Promise<string>
  /** Starts a command that goes on, and waits until it has said that. It ends with the machine. */
  start(command: Started): Promise<{ said: RegExpExecArray; text(): string; end(): Promise<void> }>
  remove(): Promise<void>
}

interface Started {
  folder: string
  command: string
  args: readonly string[]
  /** Path of the Node that `node` is. */
  node?: string
  env?: Record<string, string>
  until: RegExp
}

/** Packs the packages, for which they have to be built. */
export async function createMachine(): Promise<Machine> {
  const root = await mkdtemp(join(tmpdir(), 'earshot-stranger-'))
  const ends: (() => Promise<void>)[] = []
  await mkdir(join(root, 'packed'))
  const packed = await packAll(join(root, 'packed'))
  const tarballs = Object.fromEntries(packed.map(({ name, tarball }: Packed) => [name, `file:${tarball}`]))

  // What this process was started with is not to reach a stranger's commands.
  const plain = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(EARSHOT_|NODE_(OPTIONS|ENV|PATH)$|VITEST|npm_(config|package))/i.test(name),
    ),
  )
  const envFor = (env: Record<string, string> = {}, node = process.execPath): NodeJS.ProcessEnv => ({
    ...plain,
    CI: '1',
    NO_COLOR: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    ...env,
    PATH: [dirname(node), plain['PATH']].join(delimiter),
  })
  const run: Machine['run'] = async (folder, command, args, env) => {
    const options = { cwd: folder, env: envFor(env), maxBuffer: 2 ** 26 }
    try {
      const { stdout, stderr } = await runFile(command, [...args], options)
      return stdout + stderr
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
      throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
    }
  }
  return {
    tarballs,
    async folder(name) {
      const path = join(root, name)
      await mkdir(path)
      return path
    },
    async node(version) {
      const folder = join(root, `node-${version}`)
      await mkdir(folder)
      await writeFile(join(folder, 'package.json'), '{}')
      const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
      await run(folder, 'npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`])
      return join(folder, 'node_modules', name, 'bin', 'node')
    },
    async install(folder, ...packages) {
      const path = join(folder, 'package.json')
      const manifest = JSON.parse(await readFile(path, 'utf8').catch(() => '{"private":true}')) as object
      // npm takes no override of what is asked for itself.
      const overrides = Object.fromEntries(
        Object.entries(tarballs).filter(([name]) => !packages.includes(name)),
      )
      await writeFile(path, JSON.stringify({ ...manifest, overrides }, null, 2))
      const wanted = packages.map((name) => tarballs[name] ?? name)
      await run(folder, 'npm', ['install', '--no-audit', '--no-fund', ...wanted])
    },
    run,
    async start({ folder, command, args, node, env, until }) {
      // A group of its own: npx starts others, and all of them have to end.
      const child = spawn(command, [...args], { cwd: folder, env: envFor(env, node), detached: true })
      let text = ''
      const end = (): Promise<void> => endGroup(child)
      ends.push(end)
      const said = await new Promise<RegExpExecArray>((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk
            const found = until.exec(text)
            if (found) resolve(found)
          })
        child.once('error', reject)
        child.once('exit', (code) => reject(new Error(`${command} ended with ${code}:\n${text}`)))
      })
      return { said, text: () => text, end }
    },
    async remove() {
      for (const end of ends) await end()
      await rm(root, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  process.kill(-child.pid, 'SIGTERM')
  await ended
}

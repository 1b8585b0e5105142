/** Runs the command line as processes of its own, for the tests. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { collectorCommand } from '../../../../scripts/collectorCommand.ts'
import {
  bareEnvironment,
  envelope,
  keys,
  onPostgres,
  temporaryDatabase,
  temporaryDirectory,
} from '../fixtures.ts'

/** How a process ended. */
export interface Finished {
  code: number | null
  signal: string | null
  out: string
  err: string
}
/** A process that runs. */
export interface Child {
  process: ChildProcessByStdio<null, Readable, Readable>
  finished: Promise<Finished>
  /** Resolves when the output holds this. */
  says(text: RegExp): Promise<RegExpExecArray>
  /** All that it has complained of. */
  complaints(): string
}

/** Starts a command; it is killed after the test. */
export function run(
  args: string[],
  environment: Record<string, string> = {},
  command: readonly string[] = collectorCommand,
): Child {
  const child = spawn(process.execPath, [...command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...bareEnvironment, ...environment },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  const finished = once(child, 'close').then(([code, signal]) => ({ code, signal, out, err }))
  return {
    process: child,
    finished,
    complaints: () => err,
    async says(text) {
      for (;;) {
        const found = text.exec(out)
        if (found) return found
        const ended = await Promise.race([once(child.stdout, 'data').then(() => null), finished])
        if (ended && !text.test(out))
          throw new Error(`ended without saying ${text}: ${ended.out}${ended.err}`)
      }
    },
  }
}

/** Starts a collector on a free port and waits until it listens. */
export async function serve(
  data: string,
  environment: Record<string, string> = {},
  command?: readonly string[],
): Promise<Child & { url: string }> {
  const child = run(['serve', '--port', '0', '--data', data], environment, command)
  const [, url = ''] = await child.says(/address +(http\S+)[\s\S]*<\/script>/)
  return { ...child, url }
}

/** Where collectors of a test keep what they have, in the store of this run, and the commands on it. */
export async function freshPlace(): Promise<{
  /** For `createCollector`. */
  place: { data: string; store: string | undefined; log: Pick<Console, 'info' | 'error'> }
  command(...args: string[]): Promise<Finished>
}> {
  const store = onPostgres ? await temporaryDatabase() : undefined
  const data = temporaryDirectory()
  const options = store === undefined ? ['--data', data] : ['--store', store]
  return {
    place: { data, store, log: { info: () => undefined, error: console.error } },
    command: (...args) => run([...args, ...options]).finished,
  }
}

/** Keys for the environment. */
export const preset: Record<string, string> = {
  EARSHOT_WRITE_KEY: keys.writeKey,
  EARSHOT_ADMIN_TOKEN: keys.adminToken,
}
/** Sends events. */
export const post = (url: string, events: unknown[]): Promise<Response> =>
  fetch(`${url}/v1/feedback`, { method: 'POST', body: JSON.stringify(envelope(keys.writeKey, events)) })

/** Ids of the responses in an export as lines of JSON. */
export const exportedIds = (lines: string): Set<string> =>
  new Set(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id),
  )

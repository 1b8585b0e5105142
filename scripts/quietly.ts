/** `node scripts/quietly.ts build`: a script of package.json step by step, with one line for all of it. What a step says is shown where it fails. */
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import manifest from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')

/** Steps find their tools as with pnpm. */
const env = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
}

/** Where progress is told. */
interface Output {
  /** Whether a line can be written over. */
  isTTY?: boolean
  write(text: string): unknown
}

/**
 * Runs the steps of a script, which stand between `&&`, one after the other, up to the first that fails.
 *
 * @returns the exit code
 */
export async function runQuietly(name: string, script: string, output: Output): Promise<number> {
  const steps = script.split(' && ')
  const begun = performance.now()
  const tell = (text: string): unknown => output.isTTY && output.write(`\r\u001b[K${text}`)
  if (!output.isTTY) output.write(`${name}: ${steps.length} steps …\n`)
  for (const [index, step] of steps.entries()) {
    tell(`${name}: ${index + 1} of ${steps.length} …`)
    const { code, said } = await run(step)
    if (code === 0) continue
    tell('')
    output.write(`${said}\n${name}: "${step}" failed with code ${code}.\n`)
    return code
  }
  tell('')
  output.write(`${name}: done in ${Math.round((performance.now() - begun) / 1000)} s\n`)
  return 0
}

/** All that a command says, in order, and its exit code. */
function run(command: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    let said = ''
    const child = spawn(command, { cwd: root, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.on('error', (error) => (said += `${error.message}\n`))
    child.on('close', (code) => resolve({ code: code ?? 1, said }))
  })
}

if (import.meta.main) {
  const name = process.argv[2] ?? ''
  const script = (manifest.scripts as Record<string, string>)[name]
  if (script) process.exitCode = await runQuietly(name, script, process.stderr)
  else {
    process.stderr.write(`scripts/quietly.ts: package.json has no script "${name}".\n`)
    process.exitCode = 1
  }
}

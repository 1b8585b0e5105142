/** Runs a PostgreSQL server as long as its parent lives: when standard input ends, it sends the signal that was written there. Without one the parent is gone, so the server ends, and its data goes too. */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const { program, args, user, data } = JSON.parse(process.argv[2] ?? '{}') as {
  program: string
  args: string[]
  user?: { uid: number; gid: number }
  data: string
}
const server = spawn(program, args, { ...user, cwd: '/', stdio: ['ignore', 'inherit', 'inherit'] })
server.once('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
let isOrphan = false
server.once('exit', (code) => {
  if (isOrphan) rmSync(data, { recursive: true, force: true })
  process.exit(code ?? 0)
})

// The parent has the terminal, and says itself what is to be done about an interrupt.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => server.kill('SIGINT'))
// Whoever would read what the server says may be gone.
process.stderr.on('error', () => undefined)

let signal = ''
process.stdin.on('data', (chunk) => (signal += String(chunk)))
process.stdin.on('end', () => {
  isOrphan = signal === ''
  server.kill((signal || 'SIGQUIT') as NodeJS.Signals)
})
process.stdin.on('error', () => server.kill('SIGQUIT'))

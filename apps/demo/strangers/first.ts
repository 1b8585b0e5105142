/** `pnpm test:first`: from nothing to the first answer on the dashboard, as somebody goes who reads the README: an empty home, no store of packages. Each manual step is counted and timed; `--write` puts the table into docs/strangers.md. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { card, score } from '../e2e/respondent.ts'

const repository = join(import.meta.dirname, '../../..')
const page = 'docs/strangers.md'
const marks = ['<!-- first -->', '<!-- /first -->'] as const

interface Step {
  /** What a person does for it; `null` where one only waits. */
  by: 'command' | 'address' | 'click' | 'paste' | null
  what: string
  seconds: number
}
const steps: Step[] = []

async function step<Result>(
  by: Step['by'],
  what: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const begun = performance.now()
  const result = await work()
  steps.push({ by, what, seconds: (performance.now() - begun) / 1000 })
  return result
}

const root = mkdtempSync(join(tmpdir(), 'earshot-first-'))
const home = join(root, 'home')
const clone = join(root, 'earshot')
mkdirSync(home)
/** Nothing of this workspace is on the path, and nothing of this user is known. */
const env = {
  HOME: home,
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((each) => !each.includes('node_modules'))
    .join(delimiter),
  LANG: process.env['LANG'] ?? 'C.UTF-8',
  CI: '1',
  EARSHOT_DEMO_PORT: '0',
  EARSHOT_COLLECTOR_PORT: '0',
}

/** Starts the command of the README, and waits for the addresses that it prints. */
async function startDemo(): Promise<{ first: string; dashboard: string; token: string }> {
  const child = spawn('npx', ['-y', 'pnpm@12', 'demo'], {
    cwd: clone,
    env,
    // A group of its own, since one command starts others.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  ends.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const ended = once(child, 'exit')
    // What pnpm starts is in groups of its own, so each is told by itself.
    for (const pid of withChildren(child.pid))
      try {
        process.kill(pid, 'SIGTERM')
      } catch {
        // It has ended with the one before.
      }
    await ended
  })
  return new Promise((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk
        const first = /(http:\S+\/verify\?ask)/.exec(said)?.[1]
        const dashboard = /(http:\S+\/dashboard\/answers\S+)/.exec(said)?.[1]
        const token = /Admin token +(\S+)/.exec(said)?.[1]
        if (first && dashboard && token) resolve({ first, dashboard, token })
      })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`pnpm demo ended with ${code}:\n${said}`)))
  })
}

/** A process and all that came of it. */
function withChildren(pid: number): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const pairs = all.map((line) => line.trim().split(/\s+/).map(Number))
  const found = [pid]
  // Each that is found adds its children behind itself.
  for (const parent of found) for (const [child, of] of pairs) if (child && of === parent) found.push(child)
  return found
}

/** Text of the table: each step, who does it, and the sum. */
function table(): string {
  const count = (by: Step['by']): number => steps.filter((each) => each.by === by).length
  const sum = steps.reduce((all, { seconds }) => all + seconds, 0)
  const rows = steps.map(({ by, what, seconds }) => `| ${what} | ${by ?? '—'} | ${seconds.toFixed(1)} |`)
  const total = `${count('command')} commands, ${count('address')} addresses, ${count('click')} clicks, ${count('paste')} paste`
  return [
    '',
    '| step | by hand | seconds |',
    '| --- | --- | ---: |',
    ...rows,
    `| all of it | ${total} | ${sum.toFixed(1)} |`,
    '',
  ].join('\n')
}

const ends: (() => Promise<void>)[] = []
try {
  await step('command', '`git clone`', () =>
    execFileSync('git', ['clone', '--quiet', repository, clone], { env, stdio: 'inherit' }),
  )
  const demo = await step(
    'command',
    '`npx -y pnpm@12 demo`: installs, builds, starts, prints addresses',
    startDemo,
  )
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
  ends.push(() => browser.close())
  const visitor = await browser.newPage()
  await step('address', 'the first address: the page asks', async () => {
    await visitor.goto(demo.first)
    await card(visitor).waitFor()
  })
  await step('click', 'a score, up to “Stored one time” on the page', async () => {
    await score(visitor, 9).click()
    await visitor.getByText('Stored one time').waitFor()
  })
  const desk = await browser.newPage()
  await step('address', 'the dashboard, which asks for the token', async () => {
    await desk.goto(demo.dashboard)
    await desk.getByLabel('Token').waitFor()
  })
  await step('paste', 'the admin token, from the same lines', () => desk.getByLabel('Token').fill(demo.token))
  await step('click', '“Sign in”, and the answer is there', async () => {
    await desk.getByRole('button', { name: 'Sign in' }).click()
    await desk.locator('.answers li .score').filter({ hasText: '9' }).waitFor()
  })
} finally {
  for (const end of ends.reverse()) await end()
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
}
console.log(table())
if (process.argv.includes('--write')) {
  const text = readFileSync(page, 'utf8')
  const [begin, end] = marks.map((mark) => text.indexOf(mark)) as [number, number]
  if (begin < 0 || end < begin) throw new Error(`${page} has no place between ${marks.join(' and ')}.`)
  writeFileSync(page, `${text.slice(0, begin + marks[0].length)}\n${table()}\n${text.slice(end)}`)
}

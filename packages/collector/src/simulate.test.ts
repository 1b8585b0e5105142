import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Survey } from '@earshot/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectorCommand } from '../../../scripts/collectorCommand.ts'
import { bareEnvironment, npsSurvey, temporaryDirectory } from './fixtures.ts'
import { simulationText, type Totals } from './simulateText.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const start = promisify(execFile)

interface Finished {
  code: number
  out: string
  err: string
}

/** Runs the real command line, with no environment but what it needs to start. */
async function run(args: string[], environment: Record<string, string> = {}): Promise<Finished> {
  const env = { ...bareEnvironment, ...environment }
  return start(process.execPath, [...collectorCommand, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      out: stdout,
      err: stderr,
    }),
  )
}

function fileOf(value: unknown, name = 'surveys.json'): string {
  const path = join(temporaryDirectory(), name)
  writeFileSync(path, JSON.stringify(value))
  return path
}

const asking: Survey = {
  ...npsSurvey,
  purpose: 'Whether delivery is worth recommending',
  owner: 'Logistics',
  triggers: [{ on: 'event', name: 'checkout_done' }],
}
const later: Survey = { ...asking, id: 'later', tenure: 30, quota: 3, triggers: [{ on: 'page', delay: 2 }] }

/** Browser files as they are served, in a directory that says nothing of modules. */
let files = ''
const simulate = (...args: string[]): Promise<Finished> =>
  run(['simulate', ...args], { EARSHOT_BROWSER_FILES: files })

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'earshot-simulate-'))
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  await start(process.execPath, [vite, 'build', '--mode', 'simulate', '--outDir', files], { cwd: root })
}, 60_000)
afterAll(() => rmSync(files, { recursive: true }))

describe('simulate', () => {
  it('prints a table of the surveys and a histogram, by the SDK that is served', async () => {
    const { version } = JSON.parse(readFileSync(join(files, 'version.json'), 'utf8')) as { version: string }
    const { code, out, err } = await simulate(fileOf([asking, later]), '--visitors', '200', '--days', '60')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      new RegExp(`^200 synthetic visitors for 60 days, seed 1, by SDK ${version}: [\\d,]+ visits, `),
    )
    expect(out).toMatch(/^survey +asked +people +of visitors +answered/m)
    const people = /^nps-q4 +\d+ +(\d+) +([\d.]+) %/m.exec(out) ?? []
    expect(Number(people[1]) / 2).toBeCloseTo(Number(people[2]), 5)
    expect(out).toMatch(/^later .* too-new \d+/m)
    expect(out).toMatch(/"later" has a quota of 3: it would be full before the end/)
    expect(out).toMatch(/^Asks per person\n +0 █+ +\d+ +[\d.]+ %\n +1 █+/m)
    expect(out).toMatch(/^Most asks that anybody gets within 30 days: \d$/m)
    expect(out).toMatch(/^First ask of the \d+ who are asked .*: half by day \d+, nine in ten by day \d+\n$/m)
  })
  it('prints the counts as JSON, the same for the same seed', async () => {
    const path = fileOf(asking)
    const [one, same, other] = await Promise.all([
      simulate(path, '--visitors', '50', '--json'),
      simulate(path, '--visitors', '50', '--json'),
      simulate(path, '--visitors', '50', '--json', '--seed', '2'),
    ])
    const totals = JSON.parse(one.out) as Totals
    expect(totals).toMatchObject({ visitors: 50, days: 90, seed: 1 })
    expect(totals.asksPerPerson.reduce((sum, each) => sum + each, 0)).toBe(50)
    expect(totals.surveys[0]?.asked).toBeGreaterThan(0)
    expect(same.out).toBe(one.out)
    expect(other.out).not.toBe(one.out)
  })
  it('obeys the settings of a site', async () => {
    const path = fileOf(asking)
    const settings = fileOf({ limits: { holdout: 0.99 } }, 'settings.json')
    const { out } = await simulate(path, '--visitors', '50', '--json', '--settings', settings)
    const { surveys } = JSON.parse(out) as Totals
    expect(surveys[0]?.people).toBeLessThan(5)
    const wrong = await simulate(path, '--settings', fileOf({ limits: { quiet: -1 } }, 'settings.json'))
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toMatch(/settings\.json holds no settings of a site: limits\.quiet: /)
  })
  it('says what is wrong with surveys as "check" does, and simulates none that are', async () => {
    const { code, out, err } = await simulate(fileOf({ ...asking, quota: 0 }))
    expect([code, err]).toEqual([1, ''])
    expect(out).toMatch(/^error +quota is 0;/m)
    expect(out).toMatch(/1 survey, 1 error, no warnings\n\n$/)
  })
  it('prints warnings first, and beside JSON where that is wanted', async () => {
    const [score, why] = asking.questions
    const path = fileOf({ ...asking, questions: [{ ...score, positive: [10] }, why] })
    const table = await simulate(path, '--visitors', '5')
    expect(table).toMatchObject({ code: 0, err: '' })
    expect(table.out).toMatch(/^warning [\s\S]*1 survey, no errors, 1 warning\n\n5 synthetic visitors /)
    const { code, out, err } = await simulate(path, '--visitors', '5', '--json')
    expect(code).toBe(0)
    expect(err).toMatch(/^warning /)
    expect(JSON.parse(out)).toMatchObject({ visitors: 5 })
  })
  it('says how to come by the SDK where it is not', async () => {
    const path = fileOf(asking)
    const missing = await run(['simulate', path, '--browser-files', 'nowhere'])
    expect(missing).toMatchObject({ code: 1, out: '' })
    expect(missing.err).toMatch(/^earshot-collector: There is no simulate\.js in nowhere\. Build the SDK/)
    const broken = temporaryDirectory()
    writeFileSync(join(broken, 'simulate.js'), 'export const version = 1')
    const { code, err } = await run(['simulate', path, '--browser-files', broken])
    expect([code, err]).toEqual([1, expect.stringMatching(/is not the one of this version\. Build the SDK/)])
    writeFileSync(join(broken, 'simulate.js'), 'export {')
    expect((await run(['simulate', path, '--browser-files', broken])).err).toMatch(
      /cannot be loaded: SyntaxError/,
    )
  })
})

describe('the report', () => {
  const totals: Totals = {
    visitors: 1000,
    days: 90,
    seed: 7,
    visits: 19_530,
    pageViews: 78_069,
    surveys: [
      {
        survey: 'nps',
        asked: 1200,
        people: 800,
        completed: 250,
        partial: 50,
        dismissed: 400,
        snoozed: 10,
        ignored: 490,
        neverAsked: { 'no-trigger': 20, 'too-new': 100, 'not-sampled': 60, 'held-out': 20 },
      },
      {
        survey: 'silent',
        asked: 0,
        people: 0,
        completed: 0,
        partial: 0,
        dismissed: 0,
        snoozed: 0,
        ignored: 0,
        neverAsked: {},
      },
    ],
    asksPerPerson: [200, 500, 300],
    mostIn30Days: 2,
    firstAskByDay: [400, 0, 300, 20, 80],
  }
  it('is the same, to the letter', () => {
    expect(simulationText(totals, '0.1.0', new Map([['nps', 300]]))).toBe(`\
1,000 synthetic visitors for 90 days, seed 7, by SDK 0.1.0: 19,530 visits, 78,069 page views

survey  asked  people  of visitors      answered  dismissed  ignored  people never asked, by the reason
nps     1,200     800       80.0 %  300 (25.0 %)        410      490  too-new 100, not-sampled 60, no-trigger 20
silent      0       0        0.0 %         0 (–)          0        0  –

Asks per person
     0 ████████████████                               200   20.0 %
     1 ████████████████████████████████████████       500   50.0 %
     2 ████████████████████████                       300   30.0 %

Most asks that anybody gets within 30 days: 2
First ask of the 800 who are asked (80.0 %): half by day 1, nine in ten by day 4
`)
  })
  it('puts those who are asked very often into one bar, and needs nobody to be asked', () => {
    const often = { ...totals, asksPerPerson: Array<number>(40).fill(1) }
    expect(simulationText(often, undefined, new Map())).toMatch(/^ +24 █+ +1 .*\n +25\+ █+ +15 /m)
    const never = { ...totals, asksPerPerson: [1000], firstAskByDay: [0, 0] }
    expect(simulationText(never, undefined, new Map())).toMatch(/30 days: 2\n$/)
  })
})

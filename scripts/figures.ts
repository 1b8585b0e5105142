/** Holds the figures of the real interviews in README.md equal to what the metrics make of the data, and docs/performance.md and docs/reliability-kill.md to the installed versions of what they compare. */
import { readFileSync } from 'node:fs'
import { nps } from '../packages/metrics/src/index.ts'
import { peers, versionOf as versionOfPeer } from '../apps/demo/e2e/kill/peers.ts'
import { comparedPackages, versionOf } from './benchEmbedPeers.ts'
import { report, type Violation } from './violation.ts'

const data = 'apps/demo/data/nps_botanic.csv'

/**
 * The sentences that README.md has to contain, from the text of the CSV file.
 *
 * @throws when the file has no column `nps`
 */
export function sentencesOf(csv: string): string[] {
  const [header = '', ...rows] = csv.trim().split(/\r?\n/)
  const column = header.split(',').indexOf('nps')
  if (column < 0) throw new Error(`${data} has no column "nps".`)
  const scores = rows.map((row) => row.split(',')[column] ?? '').filter((cell) => cell !== '')
  const within = (low: number, high: number): number =>
    scores.filter((cell) => Number(cell) >= low && Number(cell) <= high).length
  const counts = { detractors: within(0, 6), passives: within(7, 8), promoters: within(9, 10) }
  const { value, interval, n } = nps(counts).nps
  if (value === null || interval === null) throw new Error(`${data} has no score.`)
  const word = (count: number): string => count.toLocaleString('en')
  return [
    `${word(rows.length)} real interviews`,
    `NPS ${value.toFixed(4)} (n ${word(n)}: ${word(counts.detractors)} detractors, ${word(counts.passives)} passives, ${word(counts.promoters)} promoters), 95 % interval ${interval[0].toFixed(4)} to ${interval[1].toFixed(4)}`,
  ]
}

/** A violation for each sentence that is missing. */
export function findViolations(readme: string, csv: string): Violation[] {
  return sentencesOf(csv)
    .filter((sentence) => !readme.includes(sentence))
    .map((sentence) => ({
      file: 'README.md',
      problem: `does not say "${sentence}"`,
      mend: 'Say so; the metrics computed it from the data.',
    }))
}

/** A document with figures of packages, and how to measure them again. */
interface Document {
  file: string
  command: string
}

const performance: Document = {
  file: 'docs/performance.md',
  command: 'pnpm build, then pnpm bench:embed --write',
}
const reliability: Document = {
  file: 'docs/reliability-kill.md',
  command: 'pnpm build, then pnpm kill:test --rounds 200 --peers 3 --write',
}

/**
 * A violation for each compared package whose version the document does not name, as `posthog-js 1.449.2`: then its
 * figures are those of another version.
 */
export function versionViolations(
  text: string,
  versions: Readonly<Record<string, string>>,
  { file, command }: Document = performance,
): Violation[] {
  return Object.entries(versions)
    .filter(
      ([name, version]) => !text.includes(`${name} ${version},`) && !text.includes(`${name} ${version} `),
    )
    .map(([name, version]) => ({
      file,
      problem: `has no figures of ${name} ${version}, which is installed`,
      mend: `Measure again: ${command}.`,
    }))
}

if (import.meta.main) {
  const versions = Object.fromEntries(comparedPackages.map((name) => [name, versionOf(name)]))
  const killed = Object.fromEntries(peers.map((name) => [name, versionOfPeer(name)]))
  report('figures', [
    ...findViolations(readFileSync('README.md', 'utf8'), readFileSync(data, 'utf8')),
    ...versionViolations(readFileSync(performance.file, 'utf8'), versions),
    ...versionViolations(readFileSync(reliability.file, 'utf8'), killed, reliability),
  ])
}

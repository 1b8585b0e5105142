/** Holds the figures of the real interviews in README.md and docs/metrics.md equal to what the metrics make of the data, those beside another product to the tables that they come from, and docs/performance.md, docs/reliability-kill.md and docs/comparison.md to the installed versions of what they compare, and docs/performance-follow-ups.md to its own command and promise. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { compareNps, nps, type NpsCounts } from '../packages/metrics/src/index.ts'
import { peers, versionOf as versionOfPeer } from '../apps/demo/e2e/kill/peers.ts'
import { comparedPackages, versionOf } from './benchEmbedPeers.ts'
import { comparedRows, shownBytes } from './compareRows.ts'
import { report, type Violation } from './violation.ts'

const data = 'apps/demo/data/nps_botanic.csv'

/**
 * The sentences that README.md has to contain, from the text of the CSV file.
 *
 * @throws when the file has no column `nps`
 */
export function sentencesOf(csv: string): string[] {
  const rows = rowsOf(csv)
  const counts = countsOf(rows)
  const { value, interval, n } = nps(counts).nps
  if (value === null || interval === null) throw new Error(`${data} has no score.`)
  return [
    `${word(rows.length)} real interviews`,
    `NPS ${value.toFixed(4)} (n ${word(n)}: ${word(counts.detractors)} detractors, ${word(counts.passives)} passives, ${word(counts.promoters)} promoters), 95 % interval ${interval[0].toFixed(4)} to ${interval[1].toFixed(4)}`,
  ]
}

/**
 * The sentences that docs/metrics.md has to contain besides.
 *
 * @throws when nobody wrote a comment, or everybody did
 */
export function handbookSentencesOf(csv: string): string[] {
  const rows = rowsOf(csv)
  const wrote = countsOf(rows.filter((row) => Number(row['comment_chars']) > 0))
  const silent = countsOf(rows.filter((row) => Number(row['comment_chars']) === 0))
  const { value, interval } = compareNps(silent, wrote).difference
  if (value === null || interval === null) throw new Error(`${data} has nobody to compare.`)
  const score = (counts: NpsCounts): string => (nps(counts).nps.value ?? NaN).toFixed(1)
  return [
    `people who wrote a comment score ${score(wrote)}, the others ${score(silent)}`,
    `difference ${value.toFixed(1)} points, 95 % interval ${interval[0].toFixed(1)} to ${interval[1].toFixed(1)}`,
  ]
}

const word = (count: number): string => count.toLocaleString('en')

/** Cells of each row by the name of their column. */
function rowsOf(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.trim().split(/\r?\n/)
  const names = header.split(',')
  if (!names.includes('nps')) throw new Error(`${data} has no column "nps".`)
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
  })
}

function countsOf(rows: readonly Record<string, string>[]): NpsCounts {
  const scores = rows.map((row) => row['nps'] ?? '').filter((cell) => cell !== '')
  const within = (low: number, high: number): number =>
    scores.filter((cell) => Number(cell) >= low && Number(cell) <= high).length
  return { detractors: within(0, 6), passives: within(7, 8), promoters: within(9, 10) }
}

/** A violation for each sentence that is missing in a document. */
export function findViolations(
  text: string,
  csv: string,
  file = 'README.md',
  sentences: readonly string[] = sentencesOf(csv),
): Violation[] {
  return sentences
    .filter((sentence) => !text.includes(sentence))
    .map((sentence) => ({
      file,
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

const comparison: Document = { file: 'docs/comparison.md', command: 'pnpm build, then pnpm compare --write' }

/**
 * A violation for each row between `<!-- measured -->` and `<!-- /measured -->` of docs/comparison.md that is missing, or
 * whose bytes of PostHog are less than its two files: then something else was measured.
 *
 * @param least - kB that the product has to load at least, with gzip
 */
export function comparisonViolations(text: string, rows: readonly string[], least: number): Violation[] {
  const told = tableRows(/<!-- measured -->([^]*?)<!-- \/measured -->/.exec(text)?.[1] ?? '')
  const mend = `Measure again: ${comparison.command}.`
  const { file } = comparison
  const missing = rows
    .filter((row) => !told.get(row)?.['Earshot'] || !told.get(row)?.['PostHog'])
    .map((row) => ({ file, problem: `has no figures of "${row}"`, mend }))
  const shown = Number(told.get(shownBytes)?.['PostHog'])
  return shown >= least
    ? missing
    : [...missing, { file, problem: `says ${shown} kB of PostHog, whose files have ${least}`, mend }]
}

/** kB of files with gzip, as they are served. */
const packedSize = (paths: readonly string[]): number =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0) / 1000

/** Cells of the rows of all tables in a text, by the first cell. */
function tableRows(text: string): Map<string, Record<string, string>> {
  const rows = new Map<string, Record<string, string>>()
  let heads: string[] = []
  for (const line of text.split('\n')) {
    const cells = line.startsWith('|') ? line.split('|').slice(1, -1) : []
    const [first = '', ...others] = cells.map((cell) => cell.trim())
    if (cells.length === 0) heads = []
    else if (heads.length === 0) heads = others
    else if (!/^:?-+:?$/.test(first))
      rows.set(first, Object.fromEntries(others.map((cell, index) => [heads[index] ?? '', cell])))
  }
  return rows
}

/**
 * A violation for each row of README.md between `<!-- beside -->` and `<!-- /beside -->` that is not a row of one of the
 * documents with the same figures.
 */
export function besideViolations(text: string, documents: readonly string[]): Violation[] {
  const told = tableRows(/<!-- beside -->([^]*?)<!-- \/beside -->/.exec(text)?.[1] ?? '')
  const measured = documents.map((document) => tableRows(document))
  const found = [...told].flatMap(([name, cells]): Violation[] => {
    const row = measured.map((rows) => rows.get(name)).find((each) => each !== undefined)
    return Object.entries(cells)
      .filter(([head, cell]) => row?.[head] !== cell)
      .map(([head, cell]) => ({
        file: 'README.md',
        problem: `says ${cell} of ${head}, "${name}", where it was ${row?.[head] ?? 'not measured'}`,
        mend: 'Copy the row of docs/performance.md or docs/reliability-kill.md.',
      }))
  })
  return told.size > 0
    ? found
    : [{ file: 'README.md', problem: 'compares nothing', mend: 'Bring the table back.' }]
}

const followUps: Document = {
  file: 'docs/performance-follow-ups.md',
  command: 'pnpm bench:follow-ups --seconds 10 --rates 10,100,400 --write',
}
/** What the document promises, as `scripts/benchFollowUps.ts` holds it: so much of it in time at so many answers a second. */
const promisedFollowUps = { rate: 100, percent: 99 } as const

/**
 * A violation for each store and rate without a row between `<!-- follow-ups -->` and `<!-- /follow-ups -->`, for each row that is
 * of another number of detractors than the command there sends, and for each that breaks the promise.
 */
export function followUpViolations(text: string): Violation[] {
  const block = /<!-- follow-ups -->([^]*?)<!-- \/follow-ups -->/.exec(text)?.[1] ?? ''
  const [, seconds = '', rates = ''] = /--seconds (\d+) --rates ([\d,]+)/.exec(block) ?? []
  const rows = block
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const { file, command } = followUps
  const mend = `Measure again: ${command}.`
  if (rates === '') return [{ file, problem: 'does not say with what command it was measured', mend }]
  return ['SQLite', 'PostgreSQL'].flatMap((store) =>
    rates.split(',').flatMap((rate): Violation[] => {
      const row = rows.find((cells) => cells[1] === store && cells[2] === rate)
      const name = `${store} at ${rate} a second`
      if (!row) return [{ file, problem: `has no figures of ${name}`, mend }]
      // Every fifth is a detractor.
      const sent = (Number(rate) * Number(seconds)) / 5
      const shares = [row[7], row[10]].map((cell) => Number.parseFloat(cell ?? ''))
      const isLate =
        Number(rate) <= promisedFollowUps.rate && !shares.every((each) => each >= promisedFollowUps.percent)
      return [
        ...(row[4] === word(sent)
          ? []
          : [{ file, problem: `says ${row[4]} detractors of ${name}, where ${word(sent)} are sent`, mend }]),
        ...(isLate ? [{ file, problem: `says that ${name} breaks the promise of the page`, mend }] : []),
      ]
    }),
  )
}

if (import.meta.main) {
  const versions = Object.fromEntries(comparedPackages.map((name) => [name, versionOf(name)]))
  const killed = Object.fromEntries(peers.map((name) => [name, versionOfPeer(name)]))
  const csv = readFileSync(data, 'utf8')
  const handbook = [...sentencesOf(csv), ...handbookSentencesOf(csv)]
  report('figures', [
    ...findViolations(readFileSync('README.md', 'utf8'), csv),
    ...besideViolations(
      readFileSync('README.md', 'utf8'),
      [performance, reliability].map(({ file }) => readFileSync(file, 'utf8')),
    ),
    ...findViolations(readFileSync('docs/metrics.md', 'utf8'), csv, 'docs/metrics.md', handbook),
    ...versionViolations(
      readFileSync(comparison.file, 'utf8'),
      { 'posthog-js': versionOf('posthog-js') },
      comparison,
    ),
    ...comparisonViolations(
      readFileSync(comparison.file, 'utf8'),
      comparedRows,
      Math.floor(packedSize(['array', 'surveys'].map((name) => `node_modules/posthog-js/dist/${name}.js`))),
    ),
    ...versionViolations(readFileSync(performance.file, 'utf8'), versions),
    ...followUpViolations(readFileSync(followUps.file, 'utf8')),
    ...versionViolations(readFileSync(reliability.file, 'utf8'), killed, reliability),
  ])
}

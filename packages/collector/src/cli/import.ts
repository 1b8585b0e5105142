/** The command `import`: brings answers of other programs, or of an export, into a site. */
import { existsSync, readFileSync } from 'node:fs'
import { lifecycleNames, type LifecycleName, type Survey } from '@earshot/contract'
import { surveySchema } from '@earshot/contract/schema'
import { importMetrics, importPoints, surveyFor } from '../core/import/surveyFor.ts'
import { readMoment } from '../core/import/value.ts'
import { maxInlineSurveys } from '../core/ingest.ts'
import type { Site } from '../core/keyring.ts'
import type { StoredSurvey } from '../core/surveys.ts'
import {
  importSources,
  judgeRows,
  putImported,
  rowsOf,
  storeRows,
  type Flaw,
  type ImportPlan,
  type ImportSource,
  type Sum,
} from '../http/importing.ts'
import { readRecords } from '../http/readRecords.ts'
import { policyOf } from '../http/routes/feedback.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { systemClock, systemHash } from '../system.ts'
import { recorded, siteOf, withStore } from './open.ts'
import { usageError, type Given, type OwnCommand } from './usage.ts'

/** Different flaws that are printed, and lines that are named with each. */
const mostPrinted = 20
const mostLines = 5
const inline = { inline: 'accept', most: maxInlineSurveys } as const

/** `import FILE --from SOURCE …`. */
export const importAll: OwnCommand = {
  words: ['a file'],
  values: ['from', 'survey', 'metric', 'points', 'definition', 'at', 'event', 'site'],
  lists: ['map'],
  flags: ['dry-run', 'skip-bad'],
  run: (given) =>
    withStore(given, async (store) => {
      const [path = ''] = given.words
      if (!existsSync(path)) throw new Error(`There is no file ${path}.`)
      const source = importSources.find((each) => each === given.values['from'])
      if (!source) {
        const said = given.values['from']
        throw usageError(
          `${said === undefined ? '"import" needs --from' : `--from is "${said}"`}; it must be ${importSources.join(', ')}.`,
        )
      }
      const site = await siteOf(given, store)
      const stored = await store.surveys(site)
      const definition = definitionOf(given, stored)
      const known = definition ? [...stored, { survey: definition, source: 'served' as const }] : stored
      const read = readRecords(readFileSync(path, 'utf8'))
      const results = rowsOf(planOf(given, source, definition), read, known)
      if (!results)
        throw usageError(
          '"import" needs --survey with the id of a survey that is there, or of a new one with --metric or --definition; see --help.',
        )
      if ('mapFlaw' in results) throw usageError(`--map does not fit: ${results.mapFlaw}.`)
      const policy = policyOf(await ownSite(store, site), inline)
      const judged = judgeRows(results, known, policy, systemClock.now(), systemHash)
      const flaws = [...read.flaws, ...judged.flaws].toSorted((a, b) => a.line - b.line)
      const kind = source === 'lifecycle' ? 'event' : 'response'
      report(given, judged.rows.length, kind, judged.skipped, flaws)
      if (flaws.length > 0 && !(given.flags['skip-bad'] ?? false)) {
        given.err('Nothing was stored. Mend these lines, or leave them out with --skip-bad.\n')
        return 1
      }
      if (given.flags['dry-run'] ?? false) {
        given.out('Nothing was stored, as was asked.\n')
        return 0
      }
      const about = (sum: Sum): string => `${sum.accepted} events of ${source}`
      const sum = await recorded(store, 'import', site, about, async () => {
        const flaw = definition && (await putImported(store, site, definition, systemClock.now()))
        if (flaw) throw new Error(`The survey cannot be put: ${flaw}.`)
        return storeRows(store, site, judged.rows, policy, systemClock)
      })
      given.out(
        `${sum.accepted} events stored, ${sum.duplicates} were stored before${sum.refused > 0 ? `, ${sum.refused} of people who were erased or refused left out` : ''}.\n`,
      )
      return 0
    }),
}

function planOf(given: Given, source: ImportSource, definition: Survey | null): ImportPlan {
  const at = given.values['at']
  const moment = at === undefined ? null : readMoment(at)
  if (at !== undefined && moment === null) throw usageError(`--at is "${at}"; it must be a day or a moment.`)
  return {
    source,
    survey: given.values['survey'],
    definition,
    map: mapOf(given.lists['map'] ?? []),
    at: moment,
    event: eventOf(given.values['event']),
  }
}

/** What all rows tell, as `--event` names it. */
function eventOf(text: string | undefined): LifecycleName | null {
  if (text === undefined) return null
  const known = lifecycleNames.find((each) => each === text)
  if (!known) throw usageError(`--event is "${text}"; it must be ${lifecycleNames.join(', ')}.`)
  return known
}

/** `--map score=NPS`, several of them, or several with commas. */
function mapOf(given: readonly string[]): Record<string, string> {
  const parts = given.flatMap((each) => each.split(',')).map((each) => each.trim())
  return Object.fromEntries(
    parts.map((each) => {
      const at = each.indexOf('=')
      if (at < 1) throw usageError(`--map is "${each}"; it must be question=COLUMN, such as score=NPS.`)
      return [each.slice(0, at).trim(), each.slice(at + 1).trim()]
    }),
  )
}

/** The survey that `--definition` or `--metric` makes, or null. */
function definitionOf(given: Given, stored: readonly StoredSurvey[]): Survey | null {
  const file = given.values['definition']
  if (file !== undefined) {
    const read = surveySchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    if (!read.success) throw new Error(`${file} is no survey: ${read.error.issues[0]?.message ?? ''}.`)
    return isThere(stored, read.data) ? null : read.data
  }
  const metric = given.values['metric']
  if (metric === undefined) return null
  const id = given.values['survey']
  if (id === undefined) throw usageError('"import" needs --survey with the id that the new survey gets.')
  const known = importMetrics.find((each) => each === metric)
  if (!known) throw usageError(`--metric is "${metric}"; it must be one of ${importMetrics.join(', ')}.`)
  const said = given.values['points']
  const points = importPoints.find((each) => String(each) === said)
  if (said !== undefined && !points)
    throw usageError(`--points is "${said}"; it must be one of ${importPoints.join(', ')}.`)
  const made = surveyFor(id, known, points)
  return isThere(stored, made) ? null : made
}

const isThere = (stored: readonly StoredSurvey[], { id }: Survey): boolean =>
  stored.some((each) => each.survey.id === id)

/** The site, for what is to be taken out of its texts. */
async function ownSite(store: EventStore, id: number): Promise<Pick<Site, 'policy'>> {
  const { sites } = await store.keyring()
  return sites.find((each) => each.id === id) ?? {}
}

function report(
  given: Given,
  rows: number,
  kind: string,
  skipped: ReadonlyMap<string, number>,
  flaws: readonly Flaw[],
): void {
  given.out(`${rows} ${rows === 1 ? kind : `${kind}s`} to import.\n`)
  for (const [reason, count] of skipped) given.out(`${count} left out: ${reason}.\n`)
  if (rows === 0 && flaws.length === 0 && skipped.size > 0)
    given.err(
      'All rows are left out. Look whether --from is the program that wrote this file, and whether --map names its columns.\n',
    )
  // What is wrong with all lines, such as a column without a name, is said once.
  const alike = new Map<string, number[]>()
  for (const { line, flaw } of flaws) {
    const lines = alike.get(flaw)
    if (lines) lines.push(line)
    else alike.set(flaw, [line])
  }
  const told = [...alike]
  for (const [flaw, lines] of told.slice(0, mostPrinted)) given.err(`${linesOf(lines)}: ${flaw}\n`)
  const more = told.slice(mostPrinted).reduce((sum, [, lines]) => sum + lines.length, 0)
  if (more > 0) given.err(`… and ${more} more lines.\n`)
}

function linesOf(lines: readonly number[]): string {
  if (lines.length === 1) return `line ${lines[0]}`
  const more = lines.length - mostLines
  return `lines ${lines.slice(0, mostLines).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

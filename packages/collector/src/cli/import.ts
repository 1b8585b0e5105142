/** The command `import`: brings answers of other programs, or of an export, into a site. */
import { existsSync, readFileSync } from 'node:fs'
import { cesScale, csatScale } from '@earshot/metrics'
import type { FeedbackEvent, Metric, ScaleQuestion, Survey } from '@earshot/contract'
import { surveySchema } from '@earshot/contract/schema'
import type { InlinePolicy } from '../core/admit.ts'
import { judge, maxInlineSurveys, readBatch, type Known } from '../core/ingest.ts'
import { readForeign, type ForeignSource } from '../core/import/foreign.ts'
import { isOwnHeader, isOwnLine, readOwnCells, readOwnLine } from '../core/import/own.ts'
import { eventsOfRow, type ImportedRow, type RowResult } from '../core/import/row.ts'
import { readMoment } from '../core/import/value.ts'
import { decidePut, standingVersion, surveyKey, type StoredSurvey } from '../core/surveys.ts'
import { formatMoment, type Millis } from '../core/time.ts'
import type { Site } from '../core/keyring.ts'
import { policyOf } from '../http/routes/feedback.ts'
import type { EventStore } from '../ports.ts'
import { systemClock, systemHash } from '../system.ts'
import { recorded, siteOf, withStore } from './open.ts'
import { readRecords, type Records } from './readRecords.ts'
import { usageError, type Given, type OwnCommand } from './usage.ts'

const sources: readonly ForeignSource[] = ['csv', 'ndjson', 'delighted', 'formbricks', 'posthog']
/** Events of one transaction. */
const mostEvents = 500
/** Rows that are wrong and are printed. */
const mostPrinted = 20
const inline = { inline: 'accept', most: maxInlineSurveys } as const
const sha256 = (text: string): Uint8Array => systemHash.sha256(text)

/** `import FILE --from SOURCE …`. */
export const importAll: OwnCommand = {
  words: ['a file'],
  values: ['from', 'survey', 'metric', 'points', 'definition', 'at', 'site'],
  lists: ['map'],
  flags: ['dry-run', 'skip-bad'],
  run: (given) =>
    withStore(given, async (store) => {
      const [path = ''] = given.words
      if (!existsSync(path)) throw new Error(`There is no file ${path}.`)
      const source = sources.find((each) => each === given.values['from'])
      if (!source)
        throw usageError(`--from is "${given.values['from'] ?? ''}"; it must be ${sources.join(', ')}.`)
      const site = await siteOf(given, store)
      const stored = await store.surveys(site)
      const definition = definitionOf(given, stored)
      const known = definition ? [...stored, { survey: definition, source: 'served' as const }] : stored
      const read = readRecords(path)
      const results = rowsOf(given, source, read, known, definition)
      const policy = policyOf(await ownSite(store, site), inline)
      const judged = judgeRows(results, known, policy, systemClock.now())
      const flaws = [...read.flaws, ...judged.flaws].toSorted((a, b) => a.line - b.line)
      report(given, judged.rows.length, judged.skipped, flaws)
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
        if (definition) await put(store, site, definition)
        return storeRows(store, site, judged.rows, policy)
      })
      given.out(
        `${sum.accepted} events stored, ${sum.duplicates} were stored before${sum.refused > 0 ? `, ${sum.refused} of people who were erased or refused left out` : ''}.\n`,
      )
      return 0
    }),
}

/** A row with its events. */
interface Judged {
  line: number
  events: FeedbackEvent[]
}

interface Flaw {
  line: number
  flaw: string
}

function rowsOf(
  given: Given,
  source: ForeignSource,
  { columns, records }: Records,
  stored: readonly StoredSurvey[],
  definition: Survey | null,
): { results: RowResult[]; name: string } {
  const surveyOf = (id: string, version: number): Survey | undefined =>
    stored.find(({ survey }) => survey.id === id && survey.version === version)?.survey
  if (isOwnHeader(columns))
    return {
      name: 'earshot',
      results: records.map(({ line, fields }) =>
        readOwnCells(fields as Record<string, string>, line, surveyOf),
      ),
    }
  if (columns.length === 0 && records[0] && isOwnLine(records[0].fields))
    return {
      name: 'earshot',
      results: records.map(({ line, fields }) =>
        isOwnLine(fields) ? readOwnLine(fields, line) : { line, flaw: 'it is no response' },
      ),
    }
  const id = given.values['survey']
  const survey =
    definition ??
    (id === undefined ? undefined : standingVersion(stored.filter((each) => each.survey.id === id))?.survey)
  if (!survey)
    throw usageError(
      '"import" needs --survey with the id of a survey that is there, or of a new one with --metric or --definition; see --help.',
    )
  const at = given.values['at']
  const moment = at === undefined ? null : readMoment(at)
  if (at !== undefined && moment === null) throw usageError(`--at is "${at}"; it must be a day or a moment.`)
  return {
    name: source,
    results: readForeign(source, records, { survey, map: mapOf(given.lists['map'] ?? []), at: moment }),
  }
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
  const made = surveyFor(id, metric, given.values['points'])
  return isThere(stored, made) ? null : made
}

const isThere = (stored: readonly StoredSurvey[], { id }: Survey): boolean =>
  stored.some((each) => each.survey.id === id)

function surveyFor(id: string, metric: string, points: string | undefined): Survey {
  const length = points === undefined ? undefined : Number(points)
  return {
    id,
    version: 1,
    locale: 'en',
    questions: [
      {
        kind: 'scale',
        id: 'score',
        title: 'Imported score',
        low: 'Lowest',
        high: 'Highest',
        ...scaleFor(metric, length),
      },
      { kind: 'text', id: 'comment', title: 'Imported comment', maxLength: 5000 },
    ],
    thanks: { title: 'Thank you' },
    triggers: [],
    recontact: { answered: 90, dismissed: 30, shown: 7 },
  }
}

type ScaleOf = Pick<ScaleQuestion, 'metric' | 'min' | 'max' | 'positive' | 'negative'>

function scaleFor(metric: string, points: number | undefined): ScaleOf {
  if (metric === 'nps' || metric === 'enps')
    return { metric, min: 0, max: 10, positive: [9, 10], negative: [0, 1, 2, 3, 4, 5, 6] }
  if (metric === 'ces1' || metric === 'ces2') {
    const { min, max, positive, negative } = cesScale(metric === 'ces1' ? 1 : 2)
    return { metric: metric satisfies Metric, min, max, positive: [...positive], negative: [...negative] }
  }
  if (metric !== 'csat')
    throw usageError(`--metric is "${metric}"; it must be nps, enps, csat, ces1 or ces2.`)
  const { min, max, positive } = csatScale(points ?? 5)
  const lower = Math.floor((max - min) / 2)
  return {
    metric,
    min,
    max,
    positive: [...positive],
    negative: Array.from({ length: lower }, (_, index) => min + index).filter(
      (each) => !positive.includes(each),
    ),
  }
}

/** Looks at every row as the collector would, before anything is stored. */
function judgeRows(
  { results, name }: { results: readonly RowResult[]; name: string },
  stored: readonly StoredSurvey[],
  policy: InlinePolicy,
  now: Millis,
): { rows: Judged[]; skipped: Map<string, number>; flaws: Flaw[] } {
  const known: Known = {
    ids: new Set(),
    counts: new Map(),
    erased: new Set(),
    surveys: new Map(stored.map((each) => [surveyKey(each.survey.id, each.survey.version), each])),
    names: stored.map(({ survey: { id, version }, source }) => ({ id, version, source })),
  }
  const flaws: Flaw[] = []
  const skipped = new Map<string, number>()
  const rows: Judged[] = []
  for (const each of results) {
    if ('flaw' in each) flaws.push(each)
    else if ('skipped' in each) skipped.set(each.skipped, (skipped.get(each.skipped) ?? 0) + 1)
    else {
      const flaw = futureFlaw(each.row, now)
      const events = eventsOfRow(each.row, name, sha256)
      const [rejected] = flaw === null ? judge(batchOf(events, now), known, policy).rejected : []
      const { line } = each.row
      if (flaw !== null || rejected) flaws.push({ line, flaw: flaw ?? rejected?.message ?? '' })
      else rows.push({ line, events })
    }
  }
  return { rows, skipped, flaws }
}

/** A time that is still to come would be taken for a wrong clock, and moved. */
function futureFlaw({ at }: ImportedRow, now: Millis): string | null {
  return at > now ? `its time ${formatMoment(at)} is in the future` : null
}

const batchOf = (events: FeedbackEvent[], now: Millis): ReturnType<typeof readBatch> =>
  readBatch({ key: '', sentAt: formatMoment(now), sdk: 'import/1', surveys: [], events }, now)

interface Sum {
  accepted: number
  duplicates: number
  refused: number
}

/** Each transaction has whole rows. One that is broken off is gone on with by importing again. */
async function storeRows(
  store: EventStore,
  site: number,
  rows: readonly Judged[],
  policy: InlinePolicy,
): Promise<Sum> {
  const sum = { accepted: 0, duplicates: 0, refused: 0 }
  let events: FeedbackEvent[] = []
  const flush = async (): Promise<void> => {
    if (events.length === 0) return
    const now = systemClock.now()
    const batch = Object.assign(batchOf(events, now), { isPast: true })
    const { verdict, inserted } = await store.append(site, batch, (known) => judge(batch, known, policy), now)
    sum.accepted += inserted.size
    sum.duplicates += verdict.duplicates.length + verdict.accepted.length - inserted.size
    sum.refused += verdict.dropped.length + verdict.rejected.length
    events = []
  }
  for (const row of rows) {
    if (events.length + row.events.length > mostEvents) await flush()
    events.push(...row.events)
  }
  await flush()
  return sum
}

/** The site, for what is to be taken out of its texts. */
async function ownSite(store: EventStore, id: number): Promise<Pick<Site, 'policy'>> {
  const { sites } = await store.keyring()
  return sites.find((each) => each.id === id) ?? {}
}

async function put(store: EventStore, site: number, survey: Survey): Promise<void> {
  const decision = await store.putSurvey(
    site,
    survey,
    (stored) => decidePut(survey, stored),
    systemClock.now(),
  )
  if (decision.kind === 'refused') throw new Error(`The survey cannot be put: ${decision.message}.`)
}

function report(
  given: Given,
  rows: number,
  skipped: ReadonlyMap<string, number>,
  flaws: readonly Flaw[],
): void {
  given.out(`${rows} ${rows === 1 ? 'response' : 'responses'} to import.\n`)
  for (const [reason, count] of skipped) given.out(`${count} left out: ${reason}.\n`)
  for (const { line, flaw } of flaws.slice(0, mostPrinted)) given.err(`line ${line}: ${flaw}\n`)
  if (flaws.length > mostPrinted) given.err(`… and ${flaws.length - mostPrinted} more lines.\n`)
}

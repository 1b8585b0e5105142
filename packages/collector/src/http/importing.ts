/** What an import does, by command or by HTTP: reads records as responses, looks at every one, and stores them. */
import type { FeedbackEvent, LifecycleName, Survey } from '@earshot/contract'
import type { InlinePolicy } from '../core/admit.ts'
import { takenFrom } from '../core/import/fields.ts'
import { layOpen, mapFlaw, readForeign, targetsOf, type ForeignSource } from '../core/import/foreign.ts'
import { eventOfLife, layLifeOpen, lifeTargets, readLives } from '../core/import/lives.ts'
import { isOwnHeader, isOwnLine, readOwnCells, readOwnLine, withoutMarks } from '../core/import/own.ts'
import { eventsOfRow, type RowResult } from '../core/import/row.ts'
import { judge, readBatch, type Known } from '../core/ingest.ts'
import { decidePut, standingVersion, surveyKey, type StoredSurvey } from '../core/surveys.ts'
import { formatMoment, type Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { Hash } from '../ports/world.ts'
import type { Records } from './readRecords.ts'

/** Events of one transaction. */
const mostEvents = 500
/** Records of JSON that are looked at for the names they have. */
const mostLooked = 100

/** What a file may be said to be. */
export type ImportSource = ForeignSource | 'lifecycle'

/** All of them. */
export const importSources: readonly ImportSource[] = [
  'csv',
  'ndjson',
  'delighted',
  'formbricks',
  'posthog',
  'lifecycle',
]

/** A row with its events. */
interface Judged {
  line: number
  events: FeedbackEvent[]
}

/** What is wrong with a line. */
export interface Flaw {
  line: number
  flaw: string
}

/** How records become responses. */
export interface ImportPlan {
  source: ImportSource
  /** Id of the survey; an export of ours names its own. */
  survey: string | undefined
  /** A survey that is made by the import; it is not stored yet. */
  definition: Survey | null
  map: Readonly<Record<string, string>>
  /** For files that tell no time. */
  at: Millis | null
  /** What all rows of a file of life-cycle events tell, where it does not name it. */
  event?: LifecycleName | null
  /** By line: how many rows alike, without an id, came before it in other parts of the file. */
  alike?: Readonly<Record<number, number>> | undefined
}

/** What a file is read as. */
interface ReadRows {
  results: RowResult[]
  /** What ids are made of: where it comes from. */
  name: string
  /** Which column is taken for what. */
  taken: Record<string, string>
}

/** Names of all that the records of a file have: its columns, or for JSON those of the first records, with points. */
export function columnsOf({ source }: Pick<ImportPlan, 'source'>, { columns, records }: Records): string[] {
  if (columns.length > 0) return columns
  const open = source === 'lifecycle' ? layLifeOpen : layOpen.bind(undefined, source)
  return [...new Set(records.slice(0, mostLooked).flatMap(({ fields }) => Object.keys(open(fields))))]
}

/** The rows, what is wrong with the mapping, or null where it is not said to which survey they belong. */
export function rowsOf(
  { source, survey: wanted, definition, map, at, event = null, alike }: ImportPlan,
  { columns, records }: Records,
  stored: readonly StoredSurvey[],
): ReadRows | { mapFlaw: string } | null {
  if (source === 'lifecycle')
    return {
      name: source,
      results: readLives(records, { map, event, at, alike }),
      taken: takenFrom(
        records.map(({ fields }) => layLifeOpen(fields)),
        lifeTargets(map),
      ),
    }
  const surveyOf = (id: string, version: number): Survey | undefined =>
    stored.find(({ survey }) => survey.id === id && survey.version === version)?.survey
  if (isOwnHeader(columns))
    return {
      name: 'earshot',
      taken: {},
      results: records.map(({ line, fields }) =>
        withoutMarks(readOwnCells(fields as Record<string, string>, line, surveyOf), surveyOf),
      ),
    }
  if (columns.length === 0 && records[0] && isOwnLine(records[0].fields))
    return {
      name: 'earshot',
      taken: {},
      results: records.map(({ line, fields }) =>
        isOwnLine(fields)
          ? withoutMarks(readOwnLine(fields, line), surveyOf)
          : { line, flaw: 'it is no response' },
      ),
    }
  const survey =
    definition ??
    (wanted === undefined
      ? undefined
      : standingVersion(stored.filter((each) => each.survey.id === wanted))?.survey)
  if (!survey) return null
  const flaw = mapFlaw({ survey, map }, columns)
  if (flaw !== null) return { mapFlaw: flaw }
  return {
    name: source,
    results: readForeign(source, records, { survey, map, at, alike }),
    taken: takenFrom(
      records.map(({ fields }) => layOpen(source, fields)),
      targetsOf(source, { survey, map }),
    ),
  }
}

/** Looks at every row as the collector would, before anything is stored. */
export function judgeRows(
  { results, name }: { results: readonly RowResult[]; name: string },
  stored: readonly StoredSurvey[],
  policy: InlinePolicy,
  now: Millis,
  hash: Hash,
): { rows: Judged[]; skipped: Map<string, number>; flaws: Flaw[] } {
  const known: Known = {
    ids: new Set(),
    counts: new Map(),
    erased: new Set(),
    surveys: new Map(stored.map((each) => [surveyKey(each.survey.id, each.survey.version), each])),
    names: stored.map(({ survey: { id, version }, source }) => ({ id, version, source })),
  }
  const sha256 = (text: string): Uint8Array => hash.sha256(text)
  const flaws: Flaw[] = []
  const skipped = new Map<string, number>()
  const rows: Judged[] = []
  for (const each of results) {
    if ('flaw' in each) flaws.push(each)
    else if ('skipped' in each) skipped.set(each.skipped, (skipped.get(each.skipped) ?? 0) + 1)
    else {
      const { line, at } = 'life' in each ? each.life : each.row
      const flaw = futureFlaw(at, now)
      const events: FeedbackEvent[] =
        'life' in each ? [eventOfLife(each.life, sha256)] : eventsOfRow(each.row, name, sha256)
      const [rejected] = flaw === null ? judge(batchOf(events, now), known, policy).rejected : []
      if (flaw !== null || rejected) flaws.push({ line, flaw: flaw ?? rejected?.message ?? '' })
      else rows.push({ line, events })
    }
  }
  return { rows, skipped, flaws }
}

/** A time that is still to come would be taken for a wrong clock, and moved. */
function futureFlaw(at: Millis, now: Millis): string | null {
  return at > now ? `its time ${formatMoment(at)} is in the future` : null
}

const batchOf = (events: FeedbackEvent[], now: Millis): ReturnType<typeof readBatch> =>
  readBatch({ key: '', sentAt: formatMoment(now), sdk: 'import/1', surveys: [], events }, now)

/** What became of the events. */
export interface Sum {
  accepted: number
  duplicates: number
  refused: number
}

/** Each transaction has whole rows. One that is broken off is gone on with by importing again. */
export async function storeRows(
  store: EventStore,
  site: number,
  rows: readonly Judged[],
  policy: InlinePolicy,
  clock: { now(): Millis },
): Promise<Sum> {
  const sum = { accepted: 0, duplicates: 0, refused: 0 }
  let events: FeedbackEvent[] = []
  const flush = async (): Promise<void> => {
    if (events.length === 0) return
    const now = clock.now()
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

/** Puts the survey; gives why it cannot be put, or null. */
export async function putImported(
  store: EventStore,
  site: number,
  survey: Survey,
  now: Millis,
): Promise<string | null> {
  const decision = await store.putSurvey(site, survey, (stored) => decidePut(survey, stored), now)
  return decision.kind === 'refused' ? decision.message : null
}

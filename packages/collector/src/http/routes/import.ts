/** `POST /v1/import`: brings answers of other programs, or of an export, into the site; all lines are looked at before any is stored. */
import { lifecycleNames, type LifecycleName, type Survey } from '@earshot/contract'
import { z } from 'zod'
import {
  importMetrics,
  importPoints,
  surveyFor,
  type ImportMetric,
  type ImportPoints,
} from '../../core/import/surveyFor.ts'
import { readMoment } from '../../core/import/value.ts'
import { maxInlineSurveys } from '../../core/ingest.ts'
import { readAdminBody } from '../adminBody.ts'
import { problem } from '../errors.ts'
import {
  columnsOf,
  importSources,
  judgeRows,
  putImported,
  rowsOf,
  storeRows,
  type Flaw,
  type ImportSource,
} from '../importing.ts'
import { readRecords, type Records } from '../readRecords.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'
import { policyOf } from './feedback.ts'

/** Lines that are wrong and are named in one answer. */
const mostFlaws = 100
const id = z.string().min(1).max(100)

/** Body of `POST /v1/import`. */
export const importSchema: z.ZodType<{
  source: ImportSource
  text: string
  survey?: string | undefined
  metric?: ImportMetric | undefined
  points?: ImportPoints | undefined
  map?: Record<string, string> | undefined
  at?: string | undefined
  event?: LifecycleName | undefined
  alike?: Record<string, number> | undefined
  dryRun?: boolean | undefined
  skipBad?: boolean | undefined
}> = z.strictObject({
  source: z.enum(importSources as [ImportSource, ...ImportSource[]]),
  text: z.string().min(1),
  survey: id.optional(),
  metric: z.enum(importMetrics as [ImportMetric, ...ImportMetric[]]).optional(),
  points: z.literal(importPoints).optional(),
  map: z.record(z.string().min(1).max(100), z.string().min(1).max(500)).optional(),
  at: z.string().max(40).optional(),
  event: z.enum(lifecycleNames as [LifecycleName, ...LifecycleName[]]).optional(),
  /** By line of the text: how many rows alike came before it in other parts of the file. */
  alike: z.record(z.string().regex(/^\d{1,9}$/), z.int().min(1)).optional(),
  dryRun: z.boolean().optional(),
  skipBad: z.boolean().optional(),
})

/** Answer of `POST /v1/import`. */
export interface ImportResult {
  /** Responses, or life-cycle events, that can be imported. */
  responses: number
  /** Rows that were left out on purpose, by why. */
  skipped: { reason: string; rows: number }[]
  /** What is wrong, by line from 1: at most 100. */
  errors: { line: number; message: string }[]
  /** How many lines are wrong. */
  bad: number
  /** Names of the columns; of JSON those of the first records, with points. */
  columns: string[]
  /** Which column is taken for what; empty for an export of ours. */
  taken: Record<string, string>
  /** What became of the events; null where nothing was stored. */
  stored: { accepted: number; duplicates: number; refused: number } | null
}

/** The routes of this file. */
export function importRoutes(deps: Deps): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/import',
      access: 'admin',
      need: 'define',
      handle: (call) => take(call, deps),
    },
  ]
}

const refuse = (code: string, detail: string): Response => problem(400, code, detail)

async function take(call: AdminCall, { store, clock, hash }: Deps): Promise<Response> {
  const body = await readAdminBody(call, importSchema)
  if (!body.ok) return body.response
  const { source, text, survey, metric, points, map = {}, at, event, alike } = body.value
  const { dryRun = false, skipBad = false } = body.value
  const moment = at === undefined ? null : readMoment(at)
  if (at !== undefined && moment === null)
    return refuse('invalid_request', `This is wrong: at: "${at}" must be a day or a moment.`)
  if (metric !== undefined && survey === undefined)
    return refuse(
      'invalid_request',
      'This is wrong: survey: with "metric" it must be the id of the new survey.',
    )
  let read: Records
  try {
    read = readRecords(text)
  } catch (error) {
    return refuse('invalid_file', `The file cannot be read: ${error instanceof Error ? error.message : ''}`)
  }
  const { site } = call
  const stored = await store.surveys(site.id)
  const isThere = stored.some((each) => each.survey.id === survey)
  const definition: Survey | null =
    metric === undefined || survey === undefined || isThere ? null : surveyFor(survey, metric, points)
  const known = definition ? [...stored, { survey: definition, source: 'served' as const }] : stored
  const results = rowsOf(
    { source, survey, definition, map, at: moment, event: event ?? null, alike },
    read,
    known,
  )
  if (!results)
    return refuse(
      'unknown_survey',
      'The rows do not say to which survey they belong. Give "survey" with the id of one that is there, or with "metric" the id of a new one.',
    )
  if ('mapFlaw' in results) return refuse('invalid_request', `This is wrong: map: ${results.mapFlaw}.`)
  const policy = policyOf(site, { inline: 'accept', most: maxInlineSurveys })
  const judged = judgeRows(results, known, policy, clock.now(), hash)
  const flaws = [...read.flaws, ...judged.flaws].toSorted((a, b) => a.line - b.line)
  const said: ImportResult = {
    responses: judged.rows.length,
    skipped: [...judged.skipped].map(([reason, rows]) => ({ reason, rows })),
    errors: flaws.slice(0, mostFlaws).map(({ line, flaw }: Flaw) => ({ line, message: flaw })),
    bad: flaws.length,
    columns: columnsOf({ source }, read),
    taken: results.taken,
    stored: null,
  }
  if (dryRun || (flaws.length > 0 && !skipBad)) {
    call.concerns(`nothing stored of ${source}`)
    return json(said)
  }
  const flaw = definition && (await putImported(store, site.id, definition, clock.now()))
  if (flaw) return problem(409, 'version_conflict', `The survey cannot be put: ${flaw}.`)
  const sum = await storeRows(store, site.id, judged.rows, policy, clock)
  call.concerns(`${sum.accepted} events of ${source}`)
  return json({ ...said, stored: sum } satisfies ImportResult)
}

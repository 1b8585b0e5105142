/** Sends the parts of a file one after the other, and adds up what the collector says of them. */
import type { Fault } from '../api/fault.ts'
import { type ImportAnswer, importShape } from '../api/importShapes.ts'
import { ask } from '../api/request.ts'
import type { Content } from './choice.ts'
import { type Bytes, type FileIndex, type Plan, planParts, readPart, readTexts } from './parts.ts'
import { cellsOf, separatorOf } from './scan.ts'

/** What was said of a file, or of so much of it as was sent. */
export interface Outcome {
  /** Parts that the collector has answered, of how many. */
  done: number
  parts: number
  rows: number
  taken: number
  skipped: ReadonlyMap<string, number>
  /** Lines that are wrong, by the lines of the file: those that the collector named. */
  errors: readonly { line: number; message: string }[]
  bad: number
  /** By what was looked for, the column that it was found in. */
  columns: Readonly<Record<string, string>>
  /** Columns that were taken for nothing. */
  unused: readonly string[]
  stored: { accepted: number; duplicates: number; refused: number }
}

/** Nothing yet. */
export const nothing = (parts: number): Outcome => ({
  done: 0,
  parts,
  rows: 0,
  taken: 0,
  skipped: new Map(),
  errors: [],
  bad: 0,
  columns: {},
  unused: [],
  stored: { accepted: 0, duplicates: 0, refused: 0 },
})

const submission = '$survey_submission_id'

/** Plans the parts. What PostHog sent of one submission is one response, and stays together. */
export async function planFor(file: Bytes, index: FileIndex, content: Content): Promise<Plan> {
  const plan = planParts(index)
  if (content !== 'posthog' || plan.parts.length === 1) return plan
  const column = index.columns.indexOf(submission)
  const separator = separatorOf(index.head)
  const names = new Map<number, string>()
  for (const places of plan.parts) {
    const texts = await readTexts(file, index, places)
    texts.forEach((text, at) => {
      const name =
        index.kind === 'csv'
          ? cellsOf(text, separator)[column]
          : /"\$survey_submission_id"\s*:\s*"([^"]+)"/.exec(text)?.[1]
      if (name !== undefined && name !== '') names.set(places[at] ?? 0, name)
    })
  }
  return planParts(index, (place) => names.get(place) ?? null)
}

/** What is sent, and how. */
export interface Run {
  file: Bytes
  index: FileIndex
  plan: Plan
  /** As `POST /v1/import` takes it, without the text. */
  request: Readonly<Record<string, unknown>>
  /** Looks, and stores nothing. */
  isDry: boolean
  signal: AbortSignal
  /** What was said so far, after each part. */
  onPart: (so: Outcome) => void
}

/** Wrong lines that are kept to be shown. */
const mostErrors = 1000

/**
 * Sends the parts that are not done yet, one after the other. Ids are made of what the file says, so a part that was sent
 * and not heard of can be sent again.
 *
 * @param from - What was said before; nothing, or where it was broken off
 * @throws FileFlaw where the file cannot be read; the browser's error where it was stopped
 */
export async function runParts(run: Run, from: Outcome): Promise<{ outcome: Outcome; fault: Fault | null }> {
  const { file, index, plan, request, isDry, signal, onPart } = run
  let outcome = from
  for (const places of plan.parts.slice(from.done)) {
    const { text, lineOf, alike } = await readPart(file, index, places, plan.alike)
    const reply = await ask('/v1/import', importShape, {
      method: 'POST',
      body: {
        ...request,
        text,
        ...(Object.keys(alike).length > 0 && { alike }),
        ...(isDry ? { dryRun: true } : { skipBad: true }),
      },
      signal,
    })
    if (!reply.ok) return { outcome, fault: reply.fault }
    outcome = added(outcome, reply.value, places.length, lineOf)
    onPart(outcome)
  }
  return { outcome, fault: null }
}

function added(sum: Outcome, said: ImportAnswer, rows: number, lineOf: (line: number) => number): Outcome {
  const skipped = new Map(sum.skipped)
  for (const each of said.skipped) skipped.set(each.reason, (skipped.get(each.reason) ?? 0) + each.rows)
  const errors = said.errors.map(({ line, message }) => ({ line: lineOf(line), message }))
  const columns = { ...said.taken, ...sum.columns }
  const used = new Set(Object.values(columns))
  const { accepted = 0, duplicates = 0, refused = 0 } = said.stored ?? {}
  return {
    done: sum.done + 1,
    parts: sum.parts,
    rows: sum.rows + rows,
    taken: sum.taken + said.responses,
    skipped,
    errors: [...sum.errors, ...errors].slice(0, mostErrors),
    bad: sum.bad + said.bad,
    columns,
    unused: said.columns.filter((each) => !used.has(each)),
    stored: {
      accepted: sum.stored.accepted + accepted,
      duplicates: sum.stored.duplicates + duplicates,
      refused: sum.stored.refused + refused,
    },
  }
}

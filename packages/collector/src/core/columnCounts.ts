/** What was counted of each chunk for the questions that were asked last, kept until the chunk changes. */
import type { Chunk, SurveyColumns } from './columns.ts'

/** What was counted of one chunk: as many as there are rows at most, which 16 bits hold. */
export interface ChunkCounts {
  /** By value. */
  total: Uint16Array
  /** By segment, then by value. */
  segments: Uint16Array
  /** Rows that are in none of these, because other chunks say whether they count: to be looked at each time. */
  open: Uint16Array
  openSegments: Uint16Array
}

/** The counts of one question. */
export interface KeptCounts {
  /** Null: none are kept, or the chunk is another by now. */
  of(chunk: Chunk): ChunkCounts | null
  keep(chunk: Chunk, counts: ChunkCounts): void
}

interface Entry {
  width: number
  cells: number
  counts: WeakMap<Chunk, { links: number; counts: ChunkCounts }>
}

/** Questions of a survey, the last that were asked. */
const mostQuestions = 8
/** Most cells of a chunk and a question: at ten million responses 10 MB. */
const mostCells = 2048

const all = new WeakMap<SurveyColumns, Map<string, Entry>>()

/**
 * Finds the counts of a question.
 *
 * @param question all that changes what is counted of a chunk, but for its own rows
 * @param width how many values there are
 * @param cells how many cells the segments have
 * @returns null where they are not kept, because there are too many
 */
export function keptCounts(
  survey: SurveyColumns,
  question: string,
  width: number,
  cells: number,
): KeptCounts | null {
  if (width + cells > mostCells) return null
  const entries = all.get(survey) ?? new Map<string, Entry>()
  all.set(survey, entries)
  const found = entries.get(question)
  entries.delete(question)
  // More values than before are more cells.
  const entry =
    found?.width === width && found.cells === cells ? found : { width, cells, counts: new WeakMap() }
  // The last of the map is the one that was asked last.
  entries.set(question, entry)
  for (const other of entries.keys()) {
    if (entries.size <= mostQuestions) break
    entries.delete(other)
  }
  return {
    of(chunk) {
      const kept = entry.counts.get(chunk)
      return kept?.links === chunk.links ? kept.counts : null
    },
    keep(chunk, counts) {
      entry.counts.set(chunk, { links: chunk.links, counts })
    },
  }
}

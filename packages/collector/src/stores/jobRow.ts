/** Jobs as rows of a table, and back. */
import type { Job, JobKind, JobState, NewJob } from '../core/jobs.ts'

type Value = string | number | null

/** `kind, id, lane, target, visitor, due, body`. */
export function jobRow(
  { kind, id, lane, target, visitor, due, body }: NewJob,
  text: (value: string) => string = (value) => value,
): Value[] {
  const textOf = (value: string | null): string | null => (value === null ? null : text(value))
  return [kind, text(id), textOf(lane), textOf(target), textOf(visitor), due, JSON.stringify(body)]
}

/**
 * A row of `jobs`.
 *
 * @param textOfKey gives back the text that `jobRow` was told to write in another way
 */
export function readJob(row: Record<string, unknown>, textOfKey: (key: string) => string): Job {
  const textOf = (value: unknown): string | null => (typeof value === 'string' ? textOfKey(value) : null)
  return {
    row: Number(row['row']),
    site: Number(row['site']),
    kind: row['kind'] as JobKind,
    id: textOfKey(String(row['id'])),
    lane: textOf(row['lane']),
    target: textOf(row['target']),
    visitor: textOf(row['visitor']),
    due: Number(row['due']),
    state: row['state'] as JobState,
    tries: Number(row['tries']),
    reason: row['reason'] as string | null,
    body: JSON.parse(String(row['body'])) as unknown,
    madeAt: Number(row['made_at']),
    endedAt: row['ended_at'] === null ? null : Number(row['ended_at']),
  }
}

/** Jobs as rows of a table, and back. */
import {
  aboutOf,
  type Job,
  type JobAbout,
  type JobFilter,
  type JobKind,
  type JobState,
  type NewJob,
} from '../core/jobs.ts'

type Value = string | number | null

/** The columns of what it belongs to. */
export const aboutColumns = 'about_response, about_case, about_rule'

/** Its values in these columns. */
export function aboutRow(
  job: Pick<NewJob, 'kind' | 'body'>,
  text: (value: string) => string = (value) => value,
): (string | null)[] {
  const { response, case: about, rule } = aboutOf(job)
  return [response, about, rule].map((each) => (each === null ? null : text(each)))
}

/** `kind, id, lane, target, visitor, due, body`, and `aboutColumns`. */
export function jobRow(job: NewJob, text: (value: string) => string = (value) => value): Value[] {
  const { kind, id, lane, target, visitor, due, body } = job
  const textOf = (value: string | null): string | null => (value === null ? null : text(value))
  const own = [kind, text(id), textOf(lane), textOf(target), textOf(visitor), due, JSON.stringify(body)]
  return [...own, ...aboutRow(job, text)]
}

const filterColumns: Readonly<Record<keyof JobAbout | 'target', string>> = {
  response: 'about_response',
  case: 'about_case',
  rule: 'about_rule',
  target: 'target',
}

/**
 * The conditions of a filter, each with its value: written out for what is given alone, so that the index of it is used.
 *
 * @param among how a column is compared with a list
 */
export function filterSql<List>(
  { visitors, ...equal }: JobFilter,
  among: { sql: (column: string) => string; value: (values: readonly string[]) => List },
  text: (value: string) => string = (value) => value,
): { sql: string; value: string | List }[] {
  const own = Object.entries(filterColumns).flatMap(([name, column]) => {
    const value = equal[name as keyof typeof filterColumns]
    return value === undefined ? [] : [{ sql: `${column} = ?`, value: text(value) }]
  })
  return visitors === undefined
    ? own
    : [...own, { sql: among.sql('visitor'), value: among.value(visitors.map(text)) }]
}

/** Which work is listed: what an event or a number may begin is of no interest, but where it was given up. */
export const listed = (state: JobState | null): string =>
  state === 'dead' ? `state = 'dead'` : `kind <> 'event' AND kind <> 'watch'`

/** What may be done again: what has left or was stopped can leave once more; of the rest what was given up. */
export const mayRetry = `(state = 'dead' OR (kind IN ('delivery', 'mail') AND state <> 'waiting'))`

/** The order of a list. That of visitors, who have few, is sorted: else all work of the site would be walked through for them. */
export const orderOf = ({ visitors }: JobFilter): string => (visitors === undefined ? 'row' : 'row + 0')

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

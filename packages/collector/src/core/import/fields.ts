/** Finds the fields of a record by the names that programs give them, and by those that somebody says. */
import { isRecord, ownValue } from '../text.ts'

/** What is looked for, and the names that it may have; the first that holds something counts. */
export type Target = readonly [target: string, names: readonly string[]]

/** Names that a moment and a person usually have. */
export const usualNames: { readonly at: readonly string[]; readonly person: readonly string[] } = {
  at: ['at', 'timestamp', 'created_at', 'created at', 'createdat', 'submitted_at', 'date', 'response date'],
  person: ['person', 'userid', 'user id', 'user_id', 'email', 'distinct_id', 'customer'],
}

/**
 * Nested objects as names with points.
 *
 * @param open which of the objects are laid open: what is in them is found without their name
 * @example
 * flatten({ id: 1, data: { a: 2 }, meta: { url: '/' } }, ['data']) // { id: 1, 'meta.url': '/', a: 2 }
 */
export function flatten(
  fields: Readonly<Record<string, unknown>>,
  open: readonly string[],
): Record<string, unknown> {
  const flat: Record<string, unknown> = {}
  const add = (name: string, value: unknown): void => {
    if (isRecord(value))
      for (const [key, each] of Object.entries(value)) add(name === '' ? key : `${name}.${key}`, each)
    else flat[name] = value
  }
  const { data, properties, person, ...rest } = fields
  add('', rest)
  for (const [name, value] of [
    ['data', data],
    ['properties', properties],
  ] as const)
    if (open.includes(name) && isRecord(value)) add('', value)
    else if (value !== undefined) add(name, value)
  // Delighted has the id of the person, or the whole of it.
  if (isRecord(person)) add('person', ownValue(person, 'id') ?? ownValue(person, 'email'))
  else if (person !== undefined) flat.person = person
  return flat
}

/** Names are the same whatever their case. */
export const plain = (name: string): string => name.toLowerCase().trim()

/** Gives the name of the first field of a record that holds something, of those names in any letters. */
export function createFinder(
  fields: Readonly<Record<string, unknown>>,
): (names: readonly string[]) => string | undefined {
  const byName = new Map(Object.keys(fields).map((name) => [plain(name), name]))
  return (names) => {
    for (const each of names) {
      const name = byName.get(plain(each))
      const value = name === undefined ? undefined : fields[name]
      if (name !== undefined && value !== undefined && value !== '' && value !== null) return name
    }
    return undefined
  }
}

/** Most records that are looked at to tell what is taken from where. */
const mostLooked = 1000

/**
 * Which column each target is taken from: that of the first record which has it. What is in no column is not there.
 *
 * @example
 * takenFrom([{ NPS: 9 }], [['score', ['score', 'nps']]]) // { score: 'NPS' }
 */
export function takenFrom(
  records: readonly Readonly<Record<string, unknown>>[],
  targets: readonly Target[],
): Record<string, string> {
  const found = new Map<string, string>()
  for (const fields of records.slice(0, mostLooked)) {
    if (found.size === targets.length) break
    const find = createFinder(fields)
    for (const [target, names] of targets) {
      const name = found.has(target) ? undefined : find(names)
      if (name !== undefined) found.set(target, name)
    }
  }
  return Object.fromEntries(
    targets.flatMap(([target]) => (found.has(target) ? [[target, found.get(target) ?? '']] : [])),
  )
}

/** Counts records that are alike, over all parts of a file. */
export interface Alike {
  /** How many of a content there were in this part. */
  seen: Map<string, number>
  /** By line: how many alike came before it in other parts. */
  before: Readonly<Record<number, number>>
}

/** What stands for the id of a record that has none: all that it holds, and which of several alike it is. */
export function unnamed(
  fields: Readonly<Record<string, unknown>>,
  line: number,
  { seen, before }: Alike,
): string {
  const content = JSON.stringify(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const count = (seen.get(content) ?? 0) + 1
  seen.set(content, count)
  return `${content}#${count + (before[line] ?? 0)}`
}

/** What differs between two documents, place by place. */

/** One place that differs; null where it is not there. */
export interface Difference {
  path: string
  before: string | null
  after: string | null
}

/**
 * All places that differ, in the order of the newer document. What has an `id` in a list is found again by it, so that a
 * question that has moved is not taken for another one.
 *
 * @example
 * differences({ a: 1, version: 1 }, { a: 2, version: 2 }) // [{ path: 'a', before: '1', after: '2' }]
 */
export function differences(before: object, after: object): Difference[] {
  const [old, now] = [flat(before), flat(after)]
  old.delete('version')
  now.delete('version')
  const paths = [...new Set([...now.keys(), ...old.keys()])]
  return paths
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
}

function flat(value: unknown, path = '', found = new Map<string, string>()): Map<string, string> {
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`)
  if (Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null))
    for (const [index, each] of value.entries()) {
      const id: unknown = (each as { id?: unknown } | null)?.id
      flat(each, below(typeof id === 'string' ? id : String(index + 1)), found)
    }
  else if (typeof value === 'object' && value !== null && !Array.isArray(value))
    for (const [name, each] of Object.entries(value)) flat(each, below(name), found)
  else if (value !== undefined) found.set(path, typeof value === 'string' ? value : JSON.stringify(value))
  return found
}

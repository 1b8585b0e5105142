/** Rows for pages where IndexedDB is blocked: they last as long as the page. */
import type { Database } from '../ports/database.ts'

export function createMemoryDatabase(): Database {
  const rows = new Map<string, unknown>()
  const keys = (prefix: string, last = prefix + '\uffff'): string[] =>
    [...rows.keys()].filter((key) => key >= prefix && key <= last)
  /** One transaction at a time, as everywhere: what one has read, no other changes before it has written. */
  let before: Promise<unknown> = Promise.resolve()
  return {
    durable: false,
    put: async (key, value) => void rows.set(key, value),
    transact: (work) => {
      const run = (): ReturnType<typeof work> =>
        work({
          get: async (key) => rows.get(key) as never,
          put: (key, value) => void rows.set(key, value),
          delete: (key) => void rows.delete(key),
          list: async (prefix, limit, last) =>
            keys(prefix, last)
              .slice(0, limit)
              .map((key) => rows.get(key) as never),
          keys: async (prefix, last) => keys(prefix, last),
          clear: (prefix, last) => keys(prefix, last).forEach((key) => rows.delete(key)),
        })
      return (before = before.then(run, run))
    },
    close: () => {},
  }
}

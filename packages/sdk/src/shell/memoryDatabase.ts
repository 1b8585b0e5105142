/** Rows for pages where IndexedDB is blocked: they last as long as the page. */
import type { Database } from '../ports.ts'

export function createMemoryDatabase(): Database {
  const rows = new Map<string, unknown>()
  const keys = (prefix: string): string[] => [...rows.keys()].filter((key) => key.startsWith(prefix))
  return {
    durable: false,
    put: async (key, value) => void rows.set(key, value),
    transact: (work) =>
      work({
        get: async (key) => rows.get(key) as never,
        put: (key, value) => void rows.set(key, value),
        delete: (key) => void rows.delete(key),
        list: async (prefix, limit) =>
          keys(prefix)
            .slice(0, limit)
            .map((key) => rows.get(key) as never),
        keys: async (prefix) => keys(prefix),
        clear: (prefix) => keys(prefix).forEach((key) => rows.delete(key)),
      }),
    close: () => {},
  }
}

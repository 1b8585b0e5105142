/** A store that says when something was put down that may cause work. */
import type { EventStore } from '../ports/eventStore.ts'

type Method = (...given: unknown[]) => Promise<unknown>

/**
 * Wraps a store; after each write that may cause work, `wake` is called.
 *
 * @example
 * const store = wakingStore(createSqliteStore(path), runner.wake)
 */
export function wakingStore<Store extends EventStore>(store: Store, wake: () => void): Store {
  const waking: Record<string, Method> = {}
  for (const name of [
    'append',
    'ingest',
    'take',
    'addJobs',
    'retryJob',
    'changeCase',
    'putPlan',
    'putWebhook',
  ]) {
    const method = (store as unknown as Record<string, Method | undefined>)[name]
    if (!method) continue
    waking[name] = async (...given) => {
      const result = await method(...given)
      wake()
      return result
    }
  }
  return { ...store, ...waking }
}

/** What jobs that were taken together read alike: each is asked for once for all of them. */
import type { EventStore } from '../ports.ts'

/**
 * A store for the jobs of one claim. The plan, the webhooks and the surveys are those of the first job that asks: whichever job
 * asks later could have asked then as well, since all were taken before. Nothing is kept for the next claim, and no failure.
 *
 * @example
 * const store = sharedReads(given)
 * await Promise.all([store.plan(1), store.plan(1)]) // one question
 */
export function sharedReads(store: EventStore): EventStore {
  const asked = new Map<string, Promise<unknown>>()
  const once = <Found>(key: string, read: () => Promise<Found>): Promise<Found> => {
    const known = asked.get(key)
    if (known) return known as Promise<Found>
    const found = read()
    asked.set(key, found)
    found.catch(() => void asked.delete(key))
    return found
  }
  return {
    ...store,
    plan: (site) => once(`plan ${site}`, () => store.plan(site)),
    webhooks: (site) => once(`webhooks ${site}`, () => store.webhooks(site)),
    surveys: (site, id) =>
      once(`surveys ${site} ${id === undefined ? '' : `=${id}`}`, () => store.surveys(site, id)),
  }
}

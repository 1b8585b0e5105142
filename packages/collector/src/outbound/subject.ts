/** Finds whom something concerns: the names under which contacts are counted, and what happened. */
import type { HistoryWish } from '../core/history.ts'
import type { StoredEvent } from '../core/project.ts'
import { day, type Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'

const mostBack: Millis = 366 * day

/** What of all that is wanted is known of a visitor, and of the person if there is one, on all devices. */
export async function historyOf(
  store: EventStore,
  site: number,
  visitor: string,
  wish: HistoryWish,
): Promise<{ who: string[]; history: StoredEvent[] }> {
  const { person } = wish
  const devices = person === null ? [] : await store.devicesOf(site, person)
  const all = [...new Set([visitor, ...devices])]
  const history = await store.happened(site, all, wish)
  const names = all.map((each) => `v/${each}`)
  return { who: person === null ? names : [`p/${person}`, ...names], history }
}

/** When they were reached, as far back as any limit looks. */
export function contactsSince(
  store: EventStore,
  site: number,
  who: readonly string[],
  now: Millis,
): Promise<Millis[]> {
  return store.contacts(site, who, now - mostBack)
}

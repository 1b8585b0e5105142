/** Finds whom something concerns: the names under which contacts are counted, and all that happened. */
import type { StoredEvent } from '../core/project.ts'
import type { Millis } from '../core/time.ts'
import type { EventStore } from '../ports.ts'

const page = 500
const mostBack: Millis = 366 * 86_400_000

/** What is known of a visitor, and of the person if there is one, on all devices. */
export async function historyOf(
  store: EventStore,
  site: number,
  visitor: string,
  person: string | null,
): Promise<{ who: string[]; history: StoredEvent[] }> {
  const visitors = person === null ? [] : (await store.visitorsOf(site, person)).map((each) => each.visitor)
  const all = [...new Set([visitor, ...visitors])]
  const history: StoredEvent[] = []
  for (const each of all)
    for (let after = 0; ;) {
      const rows = await store.eventsOf(site, each, { after, limit: page })
      for (const { event, receivedAt, occurredAt } of rows)
        // What another person did on the same device is not about this one.
        if (person === null || event.person === null || event.person === person)
          history.push({ event, at: occurredAt, receivedAt, occurredAt })
      after = rows.at(-1)?.row ?? 0
      if (rows.length < page) break
    }
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

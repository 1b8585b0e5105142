/** Deletes answers that are older than their site wants them to be. */
import { day, type Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { Clock, Log } from '../ports/world.ts'

/** How often the job looks. */
const interval: Millis = 3_600_000
/** How long after its start it looks first: a start has other things to do. */
const delay: Millis = 30_000
/** Events per transaction, few enough that no answer waits long behind it. */
const most = 500

/** What was deleted. */
export interface Retained {
  events: number
  responses: number
}

/**
 * Deletes what is older than so many days. A response goes as a whole, when the last was heard of it so long ago.
 *
 * @param days from the arrival of an event
 * @param isOver asked between two transactions
 */
export async function retain(
  store: EventStore,
  site: number,
  days: number,
  at: Millis,
  isOver: () => boolean = () => false,
): Promise<Retained> {
  const sum = { events: 0, responses: 0 }
  let after: string | null = null
  do {
    const step = await store.retain(site, at - days * day, { after, limit: most }, at)
    sum.events += step.events
    sum.responses += step.responses
    after = step.next
  } while (after !== null && !isOver())
  return sum
}

/**
 * Starts the job: soon, and then every hour, each site after the other.
 *
 * @returns ends it, after the transaction that is under way
 */
export function startRetention(store: EventStore, clock: Clock, log: Log): () => Promise<void> {
  let isOver = false
  let running: Promise<void> = Promise.resolve()
  const look = async (): Promise<void> => {
    try {
      for (const { id, policy } of (await store.keyring()).sites) {
        const days = policy?.retentionDays ?? null
        if (days === null || isOver) continue
        const { events, responses } = await retain(store, id, days, clock.now(), () => isOver)
        if (events > 0) log.info('old answers were deleted', { site: id, days, events, responses })
      }
    } catch (error) {
      log.error('old answers could not be deleted; it is tried again in an hour', error)
    }
  }
  const begin = (): void => {
    running = running.then(look)
  }
  const first = setTimeout(begin, delay)
  const timer = setInterval(begin, interval)
  first.unref()
  timer.unref()
  return () => {
    isOver = true
    clearTimeout(first)
    clearInterval(timer)
    return running
  }
}

/** How many events a key may bring on a day of UTC: counted here and in the store, so that all collectors and the next start know it. */
import type { WriteKey } from '../core/keyring.ts'
import { day as dayLength, type Millis } from '../core/time.ts'
import type { AccessStore } from '../ports/accessStore.ts'
import type { Measure } from '../ports/eventStore.ts'
import type { Clock, Log } from '../ports/world.ts'

/** Counts by key and day. */
export interface Daily {
  /**
   * Makes room for events. The request in which the last of the day is reached is taken whole.
   *
   * @returns 0 when they may come; else milliseconds until the next day begins
   */
  take(key: WriteKey, events: number): Promise<Millis>
  /** So many of the events for which room was made were new. To be called once for each `take` that let them through. */
  settle(key: WriteKey, events: number, fresh: number): void
  /** Keys with a bound, with what came with them today. */
  measures(): Measure[]
  /** Stores what was not stored yet. */
  flush(): Promise<void>
}

/** What is known of a key on one day. */
interface Count {
  site: number
  day: number
  most: number
  /** By the store, when it was asked last. */
  stored: number
  /** Not stored yet. */
  fresh: number
  /** On its way to the store. */
  sent: number
  /** Let through, and not settled. */
  open: number
}

/** Keys that are remembered; more than a collector has. */
const most = 25_000

/** The day of a moment, in days since 1970. */
export function dayAt(at: Millis): number {
  return Math.floor(at / dayLength)
}

/**
 * Makes the counts of one collector. When the store cannot be asked, its own count goes on, and is told when it can.
 *
 * @example
 * const daily = createDaily(store, clock, log)
 * const wait = await daily.take(key, batch.candidates.length)
 */
export function createDaily(store: Pick<AccessStore, 'countDaily' | 'daily'>, clock: Clock, log: Log): Daily {
  const counts = new Map<string, Count>()
  const reading = new Map<string, Promise<Count>>()
  let writing: Promise<void> | undefined
  let isFailing = false

  const read = async ({ key, site, daily }: WriteKey, day: number): Promise<Count> => {
    const known = await store.daily(site, day).catch((error: unknown) => {
      log.error('how many events came with a key today cannot be read', error)
      return new Map<string, number>()
    })
    const count = { site, day, most: daily ?? 0, stored: known.get(key) ?? 0, fresh: 0, sent: 0, open: 0 }
    counts.delete(key)
    counts.set(key, count)
    const [oldest] = counts.size > most ? counts.keys() : []
    if (oldest !== undefined) counts.delete(oldest)
    return count
  }
  const countOf = async (key: WriteKey, day: number): Promise<Count> => {
    const known = counts.get(key.key)
    if (known?.day === day) return known
    const name = `${day} ${key.key}`
    const asked = reading.get(name) ?? read(key, day).finally(() => reading.delete(name))
    reading.set(name, asked)
    return asked
  }
  const write = async (): Promise<void> => {
    for (const [key, count] of counts) {
      const { fresh, site, day } = count
      if (fresh === 0) continue
      count.fresh = 0
      count.sent += fresh
      try {
        count.stored = Math.max(count.stored, await store.countDaily(site, key, day, fresh))
        isFailing = false
      } catch (error) {
        count.fresh += fresh
        // Once, and not for each request of an outage.
        if (!isFailing) log.error('how many events came with a key today could not be stored', error)
        isFailing = true
      }
      count.sent -= fresh
    }
    writing = undefined
  }

  return {
    async take(key, events) {
      if (key.daily === null) return 0
      const now = clock.now()
      const count = await countOf(key, dayAt(now))
      count.most = key.daily
      if (count.stored + count.sent + count.fresh + count.open >= key.daily)
        return dayLength - (now % dayLength)
      count.open += events
      return 0
    },
    settle(key, events, fresh) {
      // What was let through just before midnight counts as of the new day, if that has begun.
      const count = counts.get(key.key)
      if (!count) return
      count.open = Math.max(0, count.open - events)
      count.fresh += fresh
      if (fresh > 0) writing ??= new Promise((resolve) => setImmediate(resolve)).then(write)
    },
    measures: () =>
      [...counts]
        .filter(([, count]) => count.day === dayAt(clock.now()))
        .flatMap(([key, { stored, sent, fresh, most: bound }]) => [
          {
            name: 'earshot_key_events_today',
            help: 'Events that came today (UTC) with a key that has a bound',
            labels: { key },
            value: stored + sent + fresh,
          },
          {
            name: 'earshot_key_events_per_day',
            help: 'Events that may come in a day with a key',
            labels: { key },
            value: bound,
          },
        ]),
    async flush() {
      await writing
      await write()
    },
  }
}

/** When the collector may be asked for surveys again: one wait for all tabs of an origin. */
import { backOff, type Wait, waitOf } from '../core/backOff.ts'
import type { Line } from '../core/outbox.ts'
import type { Served } from '../ports/collector.ts'
import type { Keeper, KeeperParts } from '../ports/keeper.ts'
import { readRetryAfter } from '../shell/retryAfter.ts'

/** Tabs that wait for the same moment look one after the other within this span. */
const spread = 60_000
/** Longer than a request may take. */
const turn = 25_000
/** What keeps it from asking may be over sooner: so often is looked. */
const often = 120_000

/**
 * What is in the queue goes first: while that waits, nobody asks, so that one outage is not asked about twice.
 *
 * @param wait calls back, unless the page is done with
 */
export function createAgain(
  { store, clock, random }: KeeperParts,
  wait: (milliseconds: number, callback: () => void) => unknown,
): Keeper['again'] {
  const again = async (ask: () => unknown, error?: { retryAfter?: string | null }): Promise<void> => {
    let left = 0
    await store.change(async (rows, at) => {
      const now = clock.now()
      const copy = await rows.get<Served>(at('c'))
      const line = await rows.get<Line>(at('l'))
      const own: Wait = { failures: 0, notBefore: 0, at: 0, ...copy?.wait }
      if (error) {
        own.failures++
        const asked = readRetryAfter(error.retryAfter ?? null, now)
        own.notBefore = now + backOff(own.failures, random.chance(), asked)
        own.at = now
      }
      // What only a firewall keeps from going says nothing of the collector.
      left = Math.max(waitOf(own, now), line && !line.last?.length ? waitOf(line, now) : 0)
      if (!left && own.failures) Object.assign(own, { notBefore: now + turn, at: now })
      if (own.failures) rows.put(at('c'), { surveys: [], ...copy, wait: own })
    })
    // Later than whoever sends what is queued, who asks as soon as the wait is over.
    if (left) wait(Math.min(left, often) + turn + random.chance() * spread, () => void again(ask))
    else ask()
  }
  return (ask, error) => void again(ask, error as object)
}

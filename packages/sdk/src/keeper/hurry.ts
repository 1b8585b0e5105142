/** Sends a long queue fast: it reads on while a request is under way, and sends on while what was confirmed is deleted. */
import { fit, glance } from '../core/outbox.ts'
import { isRow, type QueueRow } from '../core/queueRow.ts'
import type { Rows } from '../ports/database.ts'
import type { OutboxListener } from '../ports/delivery.ts'
import type { Keeper, KeeperParts } from '../ports/keeper.ts'

/** Most rows of a request: each costs a commit at the collector. */
export const mostRows = 400

export function createHurry(
  { store, clock, random, post }: KeeperParts,
  listener: OutboxListener,
  settle: Keeper['settle'],
): Keeper['hurry'] {
  /** Where a large body does not come through, no second one is tried. */
  let isFast = true

  const readAfter = async (last: QueueRow | undefined): Promise<QueueRow[]> => {
    let found: QueueRow[] = []
    await store.change(async (rows, at) => {
      // The next key after the last one, and the end of the queue.
      const first = last ? `${at('q', last.event.id)}\0` : at('q')
      found = await rows.list(first, mostRows, `${at('q')}\uffff`)
    })
    // What is odd is for others.
    const odd = found.findIndex((row) => !isRow(row))
    return fit(odd < 0 ? found : found.slice(0, odd), mostRows, mostRows)
  }

  return async (line, isStill, isOurs) => {
    const fault = store.fault()
    let deleting: Promise<void> | undefined
    let rows = await readAfter(undefined)
    while (isFast && rows.length && isStill() && store.fault() === fault) {
      const ids = rows.map(({ event }) => event.id)
      const [answer, next] = await Promise.all([post(rows, false), readAfter(rows.at(-1))])
      await deleting
      if (glance(answer, ids, line, clock.now(), random.chance()).confirmed.length < ids.length) {
        isFast = false
        return settle(answer, ids, line, isOurs)
      }
      deleting = store
        .change((stored, at) => remove(stored, ids.map((id) => at('q', id)).sort()))
        .then(() => listener.emit({ name: 'delivered', detail: { ids } }))
      rows = next
    }
    await deleting
    return undefined
  }
}

/** One range costs what one row costs. But another tab may have stored a row in between since these were read. */
async function remove(rows: Rows, keys: readonly string[]): Promise<void> {
  const [first, last] = [keys[0], keys.at(-1)]
  if (first && last && String(await rows.keys(first, last)) === String(keys)) rows.clear(first, last)
  else for (const key of keys) rows.delete(key)
}

/** Keeps queue and quarantine within their bounds. */
import { maxRows } from '../core/outbox.ts'
import { isRow, rowOf, type QueueRow } from '../core/queueRow.ts'
import { raw } from '../core/raw.ts'
import type { OutboxListener } from '../ports/delivery.ts'
import type { KeeperParts } from '../ports/keeper.ts'
import { evict, lossOf, type Bounds, type Eviction } from './evict.ts'

/** Rows are too old only if they seem so for a day: a clock that was wrong for an hour costs no answer. */
const trust = 24 * 60 * 60 * 1000

export function createTrim(
  parts: KeeperParts,
  listener: OutboxListener,
  bounds: Bounds,
): () => Promise<void> {
  const { store, clock, random } = parts
  return async () => {
    if (!parts.isOpen()) return
    let gone: Eviction[] = []
    await store.change(async (rows, at) => {
      gone = []
      const now = clock.now()
      const aside = await rows.keys(at('d'))
      for (const key of aside.slice(0, Math.max(0, aside.length - bounds.aside))) rows.delete(key)
      const { length } = await rows.keys(at('q'))
      const first = (await rows.list<QueueRow>(at('q'), maxRows)).filter(isRow)
      const isOld = first.some(({ event }) => now - Date.parse(event.at) > bounds.age)
      const since = await rows.get<number>(at('o'))
      const isNew = since === undefined || now < since || now - since > bounds.age
      if (isOld && isNew) rows.put(at('o'), now)
      if (!isOld && since !== undefined) rows.delete(at('o'))
      const mayAge = isOld && !isNew && now - since > trust
      // Twice as many as the first make one expect: they need not be alike.
      const guess = 2 * length * (JSON.stringify(first, raw).length / (first.length || 1))
      if (length <= bounds.rows && guess <= bounds.bytes && !mayAge) return
      const all = (await rows.list<QueueRow>(at('q'), length)).filter(isRow)
      gone = evict(all, bounds, mayAge ? now : null)
      for (const each of gone) {
        for (const { event } of each.rows) rows.delete(at('q', event.id))
        const loss = lossOf(each, random.id(), new Date(now).toISOString())
        rows.put(at('q', loss.id), rowOf(loss))
      }
    })
    for (const { reason, rows } of gone)
      listener.emit({ name: 'evicted', detail: { reason, ids: rows.map(({ event }) => event.id) } })
  }
}

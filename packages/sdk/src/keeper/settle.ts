/** What an answer of the collector changes in the queue when something was refused. */
import { judge, type Verdict } from '../core/judge.ts'
import type { QueueRow } from '../core/queueRow.ts'
import type { Rows } from '../ports/database.ts'
import type { OutboxListener } from '../ports/delivery.ts'
import type { Keeper, KeeperParts } from '../ports/keeper.ts'

/** @param trim keeps the quarantine within its bounds */
export function createSettle(
  { store, clock, random, isOpen }: KeeperParts,
  listener: OutboxListener,
  trim: () => Promise<void>,
): Keeper['settle'] {
  return async (answer, ids, line, isOurs) => {
    const verdict = judge(answer, ids, line, clock.now(), random.chance())
    const { confirmed, refused, fault, up } = verdict
    await store.change((rows, at) => move(rows, at, verdict, isOurs() && isOpen()))
    if (isOpen()) {
      listener.line(up)
      if (confirmed.length) listener.emit({ name: 'delivered', detail: { ids: confirmed } })
      if (refused.length) listener.emit({ name: 'rejected', detail: { rejections: refused } })
      if (fault) listener.emit({ name: 'error', detail: fault })
      if (refused.length) await trim()
    }
    return verdict
  }
}

/**
 * Deletes confirmed rows, moves refused ones to quarantine, and writes the line, all in the transaction of `rows`.
 *
 * @param isOurs false when another tab took over meanwhile: then the line is that one's
 */
async function move(
  rows: Rows,
  at: (kind: string, id?: string) => string,
  { confirmed, refused, line }: Verdict,
  isOurs: boolean,
): Promise<void> {
  for (const rejection of refused) {
    const row = await rows.get<QueueRow>(at('q', rejection.id))
    if (row) rows.put(at('d', rejection.id), { ...row, rejection })
    rows.delete(at('q', rejection.id))
  }
  for (const id of confirmed) rows.delete(at('q', id))
  if (isOurs) rows.put(at('l'), line)
}

/** What an answer of the collector changes in the queue. */
import type { Verdict } from '../core/outbox.ts'
import type { QueueRow } from '../core/queueRow.ts'
import type { Rows } from '../ports.ts'

/**
 * Deletes confirmed rows, moves refused ones to quarantine, and writes the line, all in the transaction of `rows`.
 *
 * @param isOurs false when another tab took over meanwhile: then the line is that one's
 */
export async function settle(
  rows: Rows,
  at: (kind: string, id?: string) => string,
  { confirmed, refused, line }: Pick<Verdict, 'confirmed' | 'refused' | 'line'>,
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

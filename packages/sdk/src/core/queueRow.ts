/** One event as it waits on this device. */
import type { FeedbackEvent, Survey } from '@earshot/contract'
import { copyOf } from './raw.ts'

/** One stored event. The definition of an inline survey travels with it, so that it can be delivered after the survey is gone. */
export interface QueueRow {
  /** Version of this shape. */
  v: 1
  event: FeedbackEvent
  survey?: Survey
}

/** Whether it is what it should be, as far as the queue handles it; the rest is for the collector to judge. */
export function isRow(row: QueueRow | null | undefined): row is QueueRow {
  return row?.v === 1 && typeof row.event?.id === 'string'
}

/**
 * A copy that shares nothing with the page.
 *
 * @throws what cannot be written as JSON fails here, where it harms nothing, and not in the middle of the queue
 */
export function rowOf(event: FeedbackEvent, survey?: Survey): QueueRow {
  return copyOf({ v: 1, event, survey }) as QueueRow
}

/** Brings the code for delivery when there is something to deliver, and hands it what it needs. */
import type { QueueRow } from '../core/queueRow.ts'
import type { LoadOutbox, Outbox, OutboxListener, OutboxTools, Page } from '../ports.ts'
import { once } from './once.ts'

/** Where the code could not be fetched, the end of a showing, a visit or the next minute tries again. */
const retry = 60_000
/** Until a card is on the screen nothing else shall take the page's time. What comes meanwhile is sent together. */
const gathering = 600

export interface DeliveryParts extends Omit<OutboxTools, 'page'> {
  page: Page
  loadOutbox: LoadOutbox
}

export interface Delivery {
  /** Knows a row that is being stored. */
  add(row: QueueRow): void
  /** Sends what is stored: at once after the last row of a showing, else when more had time to join. */
  nudge(isLast: boolean): Promise<void> | void
  /** Fetches the code, since there may soon be something to deliver. */
  warm(): void
  /** Resolves when there is nothing left or it failed. */
  flush(): Promise<void>
  /** Forgets what this page has. */
  clear(): void
  close(): void
}

export function createDelivery(
  settings: { key: string; collector: string },
  parts: DeliveryParts,
  listener: OutboxListener,
): Delivery {
  const { clock, store, page, isOpen, loadOutbox } = parts
  let outbox: Outbox | undefined
  let cancel: (() => void) | undefined

  const start = once(async () => {
    const chunk = await loadOutbox()
    outbox = chunk.startOutbox(settings, parts, listener)
    return outbox
  })

  const deliver = async (work: (started: Outbox) => unknown): Promise<void> => {
    if (!isOpen() || !(await store.peek(1)).length) return
    let started: Outbox
    try {
      started = await start()
    } catch {
      // Where it cannot be brought, nothing could be sent either.
      listener.line(false)
      later(retry)
      return
    }
    await work(started)
  }
  const now = (): Promise<void> => deliver((started) => started.nudge(true))
  /** One timer for all: what comes while it runs goes with it. */
  const later = (milliseconds: number): void => {
    if (isOpen()) {
      cancel ??= clock.wait(milliseconds, () => {
        cancel = undefined
        void now()
      })
    }
  }

  const stop = page.onVisit(
    () => outbox?.leave(),
    () => void (outbox ? outbox.back() : now()),
  )

  return {
    add: (row) => outbox?.add(row),
    nudge(isLast) {
      if (outbox) return outbox.nudge(isLast)
      if (isLast) return now()
      later(gathering)
    },
    warm() {
      // With the card: without a line the answer that is given then could not bring it.
      clock.wait(0, () => isOpen() && void start().catch(() => {}))
    },
    flush: () => deliver((started) => started.flush()),
    clear: () => outbox?.clear(),
    close() {
      cancel?.()
      stop()
      outbox?.close()
    },
  }
}

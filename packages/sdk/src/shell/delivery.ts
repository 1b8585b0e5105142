/** Brings the code for delivery when there is something to deliver, and hands it what it needs. */
import type { Line } from '../core/outbox.ts'
import type { QueueRow } from '../core/queueRow.ts'
import type { OutboxListener } from '../ports/delivery.ts'
import type { Inspection, Keeper } from '../ports/keeper.ts'
import type { DeliveryTools, LoadOutbox, Outbox } from '../ports/outbox.ts'
import type { Page } from '../ports/world.ts'
import { once } from './once.ts'

/** Where the code could not be fetched, the end of a showing, a visit or a timer tries again: seldom, and then less. */
const seldom = 120_000
const mostSeldom = 16 * seldom
/** Until a card is on the screen nothing else shall take the page's time. What comes meanwhile is sent together. */
const gathering = 600

export interface DeliveryParts extends Omit<DeliveryTools, 'page'> {
  page: Page
  loadOutbox: LoadOutbox
}

export interface Delivery {
  /** Knows a row that is being stored. */
  add(row: QueueRow): void
  /** Sends what is stored: at once after the last row of a showing, else when more had time to join. */
  nudge(isLast: boolean): Promise<void> | void
  /** Resolves when there is nothing left or it failed. */
  flush(): Promise<void>
  /** Forgets what this page has. */
  clear(): void
  /** Calls back when the collector may be asked again for what it did not give just now. */
  again(ask: () => unknown, error?: unknown): void
  inspect(): Promise<Inspection>
  retry(ids?: readonly string[]): Promise<number>
  close(): void
}

export function createDelivery(key: string, parts: DeliveryParts, listener: OutboxListener): Delivery {
  const { clock, random, store, page, isOpen, loadOutbox } = parts
  let outbox: Outbox | undefined
  let pause = seldom
  let cancel: (() => void) | undefined
  let cancelAsk = (): void => {}
  /** Whoever knows when to ask again; where that cannot be fetched, it is not tried for each question. */
  let adviser: Promise<Keeper> | undefined

  const start = once(async () => {
    const chunk = await loadOutbox()
    outbox = chunk.startOutbox(key, parts, listener)
    return outbox
  })

  const deliver = async (work: (started: Outbox) => unknown): Promise<void> => {
    const fault = store.fault()
    // What cannot be read is there, too.
    if (isOpen() && ((await store.peek(1)).length || store.fault() !== fault))
      await start().then(work, () => {
        // Where it cannot be brought, nothing could be sent either.
        listener.line(false)
        if (!cancel) later(longer())
      })
  }
  /** Half of it is chance. */
  const longer = (): number => ((1 + random.chance()) / 2) * (pause = Math.min(2 * pause, mostSeldom))
  const keeper = (): Promise<Keeper> => start().then((started) => started.keeper())
  /** What is in the queue goes first: while that fails, nothing is asked. */
  const askLater = (ask: () => unknown): void => {
    cancelAsk = clock.wait(
      longer(),
      () => void store.read<Line>('l').then((line) => isOpen() && (line?.failures ? askLater(ask) : ask())),
    )
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
    (event) => void (outbox ? outbox.back(event) : now()),
  )

  return {
    add(row) {
      if (outbox) outbox.add(row)
      // What is given on a card: its code brought this along. Where that could not be, it is tried with the rest.
      else if ('response' in row.event && pause === seldom)
        start().then(
          (it) => it.add(row),
          () => {},
        )
    },
    nudge(isLast) {
      if (outbox) return outbox.nudge(isLast)
      if (isLast) return now()
      later(gathering)
    },
    flush: () => deliver((started) => started.flush()),
    clear: () => outbox?.clear(),
    again(ask, error) {
      adviser ??= keeper()
      adviser.then(
        (it) => it.again(ask, error),
        () => askLater(ask),
      )
    },
    inspect: () => keeper().then((it) => it.inspect()),
    retry: (ids) => keeper().then((it) => it.retry(ids)),
    close() {
      cancel?.()
      cancelAsk()
      stop()
      outbox?.close()
    },
  }
}

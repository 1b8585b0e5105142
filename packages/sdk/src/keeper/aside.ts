/** What waits and what was refused, for whoever asks, and a second chance for the latter. */
import type { Rejection } from '@earshot/contract'
import type { Line } from '../core/outbox.ts'
import { isRow, type QueueRow } from '../core/queueRow.ts'
import type { Inspection, Keeper, KeeperParts } from '../ports/keeper.ts'

const all = 2 ** 31 - 1

interface Refused extends QueueRow {
  rejection: Rejection
}

export function createAside({ store, isOpen, schedule }: KeeperParts): Pick<Keeper, 'inspect' | 'retry'> {
  return {
    async inspect() {
      let found: Inspection = { queued: [], rejected: [], failures: 0, notBefore: 0, durable: false }
      // Without consent there is nothing, and reading would make a database.
      if (isOpen())
        await store.change(async (rows, at) => {
          const queued = (await rows.list<QueueRow>(at('q'), all)).filter(isRow)
          const aside = await rows.list<Refused>(at('d'), all)
          const line = await rows.get<Line>(at('l'))
          found = {
            queued: queued.map(({ event: { id, type, at: moment } }) => ({ id, type, at: moment })),
            rejected: aside.map(({ event, rejection }) => ({ event, rejection })),
            failures: line?.failures ?? 0,
            notBefore: line?.notBefore ?? 0,
            durable: !store.fault(),
          }
        })
      return found
    },
    async retry(ids) {
      let count = 0
      if (isOpen())
        await store.change(async (rows, at) => {
          count = 0
          for (const row of await rows.list<Refused>(at('d'), all)) {
            const { rejection, ...bare } = row
            if (!isRow(bare) || (ids && !ids.includes(rejection.id))) continue
            rows.put(at('q', bare.event.id), bare)
            rows.delete(at('d', bare.event.id))
            count++
          }
        })
      if (count) schedule(0)
      return count
    },
  }
}

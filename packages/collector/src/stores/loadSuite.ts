/** Many clients that send at the same time and never give up, for tests that kill something meanwhile. */
import type { Receipt } from '@earshot/contract'
import { expect } from 'vitest'
import { answer, envelope, keys, uuid } from '../fixtures.ts'
import type { Collector } from '../index.ts'

/** Clients that send at the same time, one request each. */
const clients = 12
/** Responses that all of them write to, so that folds meet. */
const responses = 40

/** A load that runs. */
export interface Load {
  /** Ids that a receipt has named. */
  acknowledged: Set<string>
  sentIds: Set<string>
  /** The longest time without a receipt so far, in milliseconds. */
  longestGap(): number
  /** Resolves after so many more receipts. */
  receipts(more: number): Promise<void>
  /** Resolves when all that was sent has a receipt. */
  end(): Promise<void>
}

/** Sends until it is told to end; each request is sent again until there is a receipt. */
export function startLoad(send: (body: string) => Promise<Receipt>): Load {
  const acknowledged = new Set<string>()
  const sentIds = new Set<string>()
  let count = 0
  let isOver = false
  let heard = (): void => undefined
  let last = performance.now()
  let gap = 0
  const types = [
    { type: 'display', data: { trigger: 'show' } },
    { type: 'answer', data: { question: 'score', value: 9, revision: 0 } },
    { type: 'answer', data: { question: 'why', value: 'because', revision: 0 } },
    { type: 'complete', data: {} },
  ]
  const client = async (): Promise<void> => {
    while (!isOver) {
      const events = Array.from({ length: 1 + (count % 4) }, () => {
        const number = ++count
        // A response takes 200 events, so there are new ones after some time.
        const response = uuid('response', (number % responses) + responses * Math.floor(number / 4000))
        const kind = types[number % types.length]
        return answer(number, 0, { response, visitor: `visitor-of-${response}`, seq: number, ...kind })
      })
      const ids = events.map((each) => String(each.id))
      for (const id of ids) sentIds.add(id)
      const body = JSON.stringify(envelope(keys.writeKey, events))
      for (;;) {
        const receipt = await send(body).catch(() => null)
        if (receipt) {
          expect(receipt.rejected).toEqual([])
          expect([...receipt.accepted, ...receipt.duplicates].toSorted()).toEqual(ids.toSorted())
          for (const id of ids) acknowledged.add(id)
          gap = Math.max(gap, performance.now() - last)
          last = performance.now()
          heard()
          break
        }
        // Whatever answers next is a new process, or a new primary; asking it in a tight loop would only keep it busy.
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  const running = Promise.all(Array.from({ length: clients }, client))
  return {
    acknowledged,
    sentIds,
    longestGap: () => gap,
    receipts: (more) =>
      new Promise<void>((resolve) => {
        let left = more
        heard = () => {
          if (--left <= 0) resolve()
        }
      }),
    async end() {
      isOver = true
      await running
    },
  }
}

/** Sends to a collector that listens; rejects on anything but 200. */
export async function post(url: string, body: string): Promise<Receipt> {
  const response = await fetch(`${url}/v1/feedback`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(20_000),
  })
  if (response.status !== 200) throw new Error(String(response.status))
  return (await response.json()) as Receipt
}

/** The same to one that does not. */
export async function deliver(collector: Collector, body: string): Promise<Receipt> {
  const response = await collector.fetch(
    new Request('http://localhost/v1/feedback', { method: 'POST', body }),
  )
  if (response.status !== 200) throw new Error(String(response.status))
  return (await response.json()) as Receipt
}

/** The lazy chunk of delivery: the outbox, with the real way to the collector and the real locks. */
import type { OutboxChunk } from '../ports/outbox.ts'
import { createFetchTransport } from './fetchTransport.ts'
import { createOutbox } from './outbox.ts'

export const startOutbox: OutboxChunk['startOutbox'] = (key, parts, listener) =>
  createOutbox(
    key,
    {
      ...parts,
      // Not there in an insecure context, nor in old browsers.
      locks: navigator.locks,
      transport: createFetchTransport(parts.ask, parts.clock),
    },
    listener,
  )

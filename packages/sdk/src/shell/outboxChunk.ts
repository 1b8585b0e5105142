/** The lazy chunk of delivery: the outbox, with the real way to the collector and the real lock. */
import type { OutboxChunk } from '../ports.ts'
import { createFetchTransport } from './fetchTransport.ts'
import { lock } from './lock.ts'
import { createOutbox } from './outbox.ts'

export const startOutbox: OutboxChunk['startOutbox'] = ({ key, collector }, parts, listener) =>
  createOutbox(key, { ...parts, lock, transport: createFetchTransport(collector, parts.clock) }, listener)

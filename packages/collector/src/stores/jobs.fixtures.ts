/** What the cases of work that is put down share. */
import type { Job, NewJob, Settlement } from '../core/jobs.ts'
import type { Webhook } from '../core/webhook.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { now } from './storeSuite.fixtures.ts'

export const webhook = (id: string): Webhook => ({
  id,
  name: id,
  url: 'https://example.com/hook',
  shape: 'json',
  events: ['answer.given'],
  surveys: null,
  secrets: [{ secret: 'whsec_AAAA', until: null }],
  createdAt: now,
})
export const job = (id: string, fields: Partial<NewJob> = {}): NewJob => ({
  kind: 'delivery',
  id,
  lane: null,
  target: 'wh_1',
  visitor: 'ann',
  due: now,
  body: { id },
  ...fields,
})
export const done: Settlement = { state: 'done', tries: 0, reason: null }
export const claim = (store: EventStore, owner: string, at = now, busy: string[] = []): Promise<Job[]> =>
  store.claimJobs(owner, { now: at, until: at + 1000 }, busy, 10)
export const ids = (jobs: readonly Job[]): string[] => jobs.map((each) => each.id)

import { expect, it } from 'vitest'
import { order } from '../../../../scripts/postgresDatabase.ts'
import { answer, envelope, now, npsQuestion, npsSurvey, temporaryDatabase, uuid } from '../fixtures.ts'
import { judge, readBatch } from '../core/ingest.ts'
import { decidePut } from '../core/surveys.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { closingStores } from './postgres.fixtures.ts'
import { createThreadedPostgresStore, type ThreadedPostgresStore } from './postgresThreads.ts'
import { envelopeSchema } from '@earshot/contract/schema'

const { stores, open: openBare } = closingStores()

/** A database with three answers of as many visitors. */
async function begin(): Promise<{ url: string; site: number; other: EventStore }> {
  const url = await temporaryDatabase()
  const other = await openBare(url)
  const { id: site } = await other.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  await other.putSurvey(site, npsSurvey, (stored) => decidePut(npsSurvey, stored), now)
  for (const number of [1, 2, 3]) await send(other, site, number, number)
  return { url, site, other }
}

async function send(store: EventStore, site: number, number: number, value: number): Promise<void> {
  const event = answer(number, value, { response: uuid('response', number), visitor: `visitor-${number}` })
  const batch = readBatch(envelopeSchema.parse(envelope('pk_1', [event])), now)
  await store.append(site, batch, (known) => judge(batch, known, { inline: 'accept', most: 9 }), now)
}

async function open(url: string, least?: number, told: string[] = []): Promise<ThreadedPostgresStore> {
  const log = {
    info: (message: string) => void told.push(message),
    error: (message: string) => void told.push(message),
  }
  const store = await createThreadedPostgresStore(url, { log }, least)
  stores.push(store)
  return store
}

/** Scores of the latest answers of each person, as a report by columns counts them. */
async function scoresIn(store: EventStore, site: number): Promise<unknown> {
  const tallied = await store.tally?.(site, npsSurvey.id, {
    plan: { question: npsQuestion, versions: [1], variant: null, basis: 'latest' },
    from: null,
    to: null,
    before: null,
    bounds: [],
    by: 'trait.plan',
    where: [],
    suspects: 'exclude',
  })
  return tallied?.total.kind === 'scores' ? tallied.total.rows.map((each) => each.score) : tallied
}

it('reads what reports need before anybody asks, and after that what others change or erase', async () => {
  const { url, site, other } = await begin()
  const store = await open(url, 3)
  await store.warmed
  expect(await scoresIn(store, site)).toEqual([1, 2, 3])
  await send(other, site, 4, 9)
  expect(await scoresIn(store, site)).toEqual([1, 2, 3, 9])
  await other.erase(site, 'visitor-2', now)
  expect(await scoresIn(store, site)).toEqual([1, 3, 9])
})

it('answers from what it has read: rows that were changed behind its back do not count', async () => {
  const { url, site } = await begin()
  const [warm, cold] = [await open(url, 3), await open(url, 4)]
  await Promise.all([warm.warmed, cold.warmed])
  await order(url, 'DELETE FROM earshot.responses')
  expect([await scoresIn(warm, site), await scoresIn(cold, site)]).toEqual([[1, 2, 3], []])
})

it('counts on when the thread has broken down', async () => {
  const { url, site } = await begin()
  const told: string[] = []
  const store = await open(url, undefined, told)
  expect(await scoresIn(store, site)).toEqual([1, 2, 3])
  await store.crash()
  expect(await scoresIn(store, site)).toEqual([1, 2, 3])
  expect(told).toContain('the thread that counts broke down; it is started again')
})

it('ends while it reads', async () => {
  const { url } = await begin()
  const told: string[] = []
  const store = await open(url, 1, told)
  await store.close()
  await store.warmed
  expect(told.filter((each) => !each.startsWith('WARNING: fsync'))).toEqual([])
  await expect(scoresIn(store, 1)).rejects.toThrow('shutting down')
})

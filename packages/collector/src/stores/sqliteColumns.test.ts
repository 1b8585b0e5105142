import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { envelopeSchema } from '@earshot/contract/schema'
import { expect, it } from 'vitest'
import { chunkSize } from '../core/columns.ts'
import { readBatch } from '../core/ingest.ts'
import { decidePut } from '../core/surveys.ts'
import { answer, envelope, moment, now, uuid } from '../fixtures.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { assertCounted, bruteForce, plain, survey, wholePlan } from './columns.fixtures.ts'
import { createSqliteStore } from './sqlite.ts'

/** A site whose responses begin in one range of rows and go on in the next: their first row is 4,093. */
async function openBetween(
  file: string,
): Promise<{ store: ReturnType<typeof createSqliteStore>; site: number }> {
  const store = createSqliteStore(file)
  const { id: site } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  await store.putSurvey(site, survey, (stored) => decidePut(survey, stored), now)
  const database = new DatabaseSync(file)
  database.exec(`INSERT INTO responses (row, site, id, survey, version, status, answers, closed, first_at, ignored, over_quota, body)
    VALUES (${chunkSize - 4}, ${site}, randomblob(16), 'other', 1, 0, 0, 0, 0, 0, 0, x'')`)
  database.close()
  return { store, site }
}

async function within(run: (store: EventStore, site: number, file: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'earshot-columns-'))
  const file = join(directory, 'earshot.sqlite')
  const { store, site } = await openBetween(file)
  try {
    await run(store, site, file)
  } finally {
    await store.close()
    rmSync(directory, { recursive: true })
  }
}

let sent = 0
async function say(store: EventStore, site: number, response: number, more: object = {}): Promise<void> {
  const event = answer(++sent, 9, {
    visitor: `v${response}`,
    response: uuid('response', response),
    at: moment(-3600),
    ...more,
  })
  const body = envelopeSchema.parse(envelope('pk_1', [event], { surveys: [] }))
  await store.ingest?.(site, readBatch(body, now), { inline: 'refuse', most: 0 }, now)
}

it('no row number is given out twice, so that none is taken for one that is known', async () => {
  await within(async (store, site, file) => {
    const rows = (): unknown[] => {
      const database = new DatabaseSync(file)
      const found = database.prepare("SELECT row FROM responses WHERE survey <> 'other' ORDER BY row").all()
      database.close()
      return found.map((each) => each.row)
    }
    const plan = wholePlan('all')
    const agrees = async (): Promise<void> => {
      const counted = await store.tally?.(site, survey.id, plan)
      expect(counted && plain(counted)).toEqual(plain(await bruteForce(store, site, plan)))
    }
    for (const response of [1, 2, 3, 4, 5]) await say(store, site, response)
    expect(rows()).toEqual([4093, 4094, 4095, 4096, 4097])
    await store.erase(site, 'v3', now)
    await store.erase(site, 'v4', now)
    await agrees()
    // The highest row goes, and with it all of its range; what comes next would have had the end of the range before.
    await store.erase(site, 'v5', now)
    await say(store, site, 6)
    await agrees()
    expect(rows()).toEqual([4093, 4094, 4098])
    for (const response of [1, 2, 6]) await store.erase(site, `v${response}`, now)
    await say(store, site, 7)
    expect(rows()).toEqual([4099])
    await agrees()
  })
})

it('answers of one time go in the order of their ids, whatever was erased before they are read again', async () => {
  await within(async (store, site, file) => {
    const plan = wholePlan('latest')
    const agrees = async (score: number): Promise<void> => {
      const counted = await store.tally?.(site, survey.id, plan)
      expect(counted?.total).toEqual({ kind: 'scores', rows: [{ score, count: 1 }] })
    }
    const ann = (response: number, value: number): Promise<void> =>
      say(store, site, response, { person: 'ann', data: { question: 'score', value, revision: 0 } })
    await ann(1, 1)
    const database = new DatabaseSync(file)
    database.exec(`UPDATE responses SET row = ${2 * chunkSize - 2} WHERE survey = 'other'`)
    database.close()
    await ann(2, 2)
    await ann(3, 3)
    await agrees(3)
    // The first range is read again before it is seen that the last answer is gone.
    await say(store, site, 1, { person: 'ann', type: 'complete', data: {} })
    await store.erase(site, 'v3', now)
    await agrees(2)
  })
})

it('columns count what looking at each response counts, whatever happened in which order, and whatever is asked', async () => {
  await assertCounted(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'earshot-columns-'))
    const { store, site } = await openBetween(join(directory, 'earshot.sqlite'))
    const end = async (): Promise<void> => {
      await store.close()
      rmSync(directory, { recursive: true })
    }
    return { site, writers: [store], readers: [store], end }
  }, 100)
}, 120_000)

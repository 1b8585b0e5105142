import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { lifecycle, lifecycleNames, type Survey, type TrackEvent } from '@earshot/contract'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../fixtures.ts'
import { judge, maxInlineSurveys, readBatch } from '../core/ingest.ts'
import { createSqliteStore } from './sqlite.ts'
import { event, iso, now, openSite, send, survey, uuid } from './storeSuite.fixtures.ts'

const texts: Survey = {
  ...survey,
  questions: [...survey.questions, { kind: 'text', id: 'why', title: 'Why?', maxLength: 500 }],
}

/** A file as the program before it left it: without the tables, and what they hold. */
async function makeFormat10(path: string): Promise<number> {
  const store = createSqliteStore(path)
  const { id } = await openSite(store)
  await send(
    store,
    id,
    [
      { number: 1, response: 1, visitor: 'a', value: 3 },
      { number: 2, response: 1, visitor: 'a', question: 'why', value: 'Zu TEUER' },
      { number: 3, response: 2, visitor: 'b', value: 9 },
    ],
    [texts],
  )
  const base = event({ number: 9, visitor: 'a', person: 'ann' })
  const told: TrackEvent = {
    id: uuid('e', 10),
    type: 'track',
    at: base.at,
    visitor: 'a',
    person: 'ann',
    session: 's',
    seq: 1,
    context: { channel: 'web' },
    data: { name: lifecycle.purchased, props: { referred: true } },
  }
  const events = [told, { ...told, id: uuid('e', 11), data: { name: 'other', props: {} } }]
  const batch = readBatch({ key: '', sentAt: iso(now), sdk: 'suite', surveys: [], events }, now)
  const policy = { inline: 'accept', most: maxInlineSurveys } as const
  await store.append(id, batch, (known) => judge(batch, known, policy), now)
  await store.close()
  const file = new DatabaseSync(path)
  for (const name of [
    'moments_gone',
    'comments_inserted',
    'comments_deleted',
    'comments_gone',
    'responses_changed',
    'responses_topped',
    'responses_deleted',
    'suspects_inserted',
    'suspects_changed',
    'suspects_deleted',
  ])
    file.exec(`DROP TRIGGER ${name}`)
  for (const name of [
    'response_changes',
    'moments',
    'comments_index',
    'comments',
    'late',
    'outbound',
    'jobs',
    'contacts',
    'cases',
    'case_entries',
    'notes',
    'note_answers',
    'mail_secrets',
    'addresses',
    'unsubscribed',
  ])
    file.exec(`DROP TABLE ${name}`)
  file.exec('ALTER TABLE erased DROP COLUMN kept; PRAGMA user_version = 10')
  file.close()
  return id
}

it('a file of format 10 learns what is in it: texts, and moments of people', async () => {
  const path = join(temporaryDirectory(), 'earshot.sqlite')
  const id = await makeFormat10(path)
  const store = createSqliteStore(path)
  expect((await store.search(id, ['teuer'], {}, { limit: 9 })).map((each) => each.response.id)).toEqual([
    uuid('f', 1),
  ])
  const moments = await store.moments(id, { names: lifecycleNames }, { after: 0, limit: 9 })
  expect(moments).toEqual([
    { row: 1, name: 'purchased', visitor: 'a', person: 'ann', at: now - 60_000, data: { referred: true } },
  ])
  // What was added goes with the rest.
  await store.erase(id, 'a', now)
  expect(await store.search(id, ['teuer'], {}, { limit: 9 })).toEqual([])
  expect(await store.moments(id, { names: lifecycleNames }, { after: 0, limit: 9 })).toEqual([])
  await store.close()
})

it('a text that is erased is in no page of the file', async () => {
  const path = join(temporaryDirectory(), 'earshot.sqlite')
  const store = createSqliteStore(path)
  const { id } = await openSite(store)
  const secret = 'Quietschentengesang'
  await send(
    store,
    id,
    [
      { number: 1, response: 1, visitor: 'a', value: 3 },
      { number: 2, response: 1, visitor: 'a', question: 'why', value: secret },
    ],
    [texts],
  )
  await store.erase(id, 'a', now)
  await store.close()
  const { readFileSync } = await import('node:fs')
  const bytes = readFileSync(path).toString('latin1').toLowerCase()
  expect(bytes).not.toContain(secret.toLowerCase())
  // Nor are the pieces of three letters, of which the index is made.
  expect(bytes).not.toContain('quietschent')
})

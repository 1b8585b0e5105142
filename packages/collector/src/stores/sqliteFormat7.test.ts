import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FeedbackEvent } from '@earshot/contract'
import { expect, it } from 'vitest'
import { readBatch } from '../core/ingest.ts'
import { decidePut } from '../core/surveys.ts'
import { answer, envelope, moment, now, npsSurvey, temporaryDirectory, uuid } from '../fixtures.ts'
import { createSqliteStore } from './sqlite.ts'
import { migrations } from './sqliteMigrations.ts'
import { eventColumns, eventKinds, readEvent, readStored, statusOf } from './sqliteRows.ts'

const about = (number: number, type: string, data: object, more: object = {}): unknown =>
  answer(number, number, { type, data, ...more })
const followUp = { followUp: 'nps/why/1' }

/** One of each kind, and what is special about some. */
const events: unknown[] = [
  about(1, 'display', { trigger: 'followup', ...followUp, hidden: { plan: 'pro' }, wording: 'de@1' }),
  answer(2, 1, { at: moment(-5) }),
  answer(3, 1, { visitor: 'visitor-3', data: { question: 'why', value: 'größer "als" 😀\n', revision: 2 } }),
  answer(4, 4, { visitor: uuid('event', 99), person: 'p-1', variant: 'a', seq: 100_000 }),
  about(5, 'complete', {}, { response: uuid('response', 4), visitor: uuid('event', 99) }),
  about(6, 'complete', {}),
  about(7, 'complete', {}),
  answer(8, 7, { visitor: 'visitor-7', person: 'p-1' }),
  about(9, 'dismiss', { reason: 'close' }),
  about(10, 'snooze', { until: moment(60) }),
  about(11, 'followup', { ...followUp, state: 'planned', due: moment(60) }),
  about(12, 'followup', { ...followUp, state: 'answered' }, { person: 'p-1' }),
  about(13, 'followup', { ...followUp, state: 'cancelled', reason: 'event' }, { visitor: uuid('event', 98) }),
  ...(
    [
      ['optout', {}],
      ['identify', { traits: { plan: 'pro', seats: 3.5, ['__proto__x']: null } }],
      ['group', { group: 'g', traits: {} }],
      ['track', { name: 'bought', props: { total: -12.5 } }],
      ['loss', { reason: 'age', events: { answer: 2 }, surveys: {}, from: moment(-9), to: moment(-8) }],
    ] as const
  ).map(([type, data], index) => {
    const { survey: _, surveyVersion: __, response: ___, ...base } = answer(20 + index)
    return { ...base, type, data, person: index === 0 ? 'p-1' : null }
  }),
]

const tables = [
  'sites',
  'events',
  'responses',
  'answers',
  'completed',
  'score_days',
  'response_days',
  'counters',
  'surveys',
]

it('a file of format 6 becomes what today’s program would have written', async () => {
  const directory = temporaryDirectory()
  const made = join(directory, 'made.sqlite')
  const store = createSqliteStore(made)
  const { id: site } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  const limited = { ...npsSurvey, quota: 2 }
  await store.putSurvey(site, limited, (stored) => decidePut(limited, stored), now)
  const policy = { inline: 'refuse', most: 0 } as const
  // The second one has a clock that is two hours behind.
  for (const [index, list] of [events.slice(0, 8), events.slice(8)].entries()) {
    const body = envelope('pk_1', list, { surveys: undefined, sentAt: moment(index * -7200) })
    const receipt = await store.ingest(site, readBatch(body as never, now), policy, now)
    expect(receipt.rejected).toEqual([])
  }
  await store.close()

  const older = join(directory, 'older.sqlite')
  writeAsFormat6(made, older)
  const [ofMade, ofOlder] = await Promise.all(
    [made, older].map(async (path) => {
      const opened = createSqliteStore(path)
      const found = { visitors: await opened.visitorsOf(site, 'p-1'), ring: await opened.keyring() }
      await opened.close()
      return found
    }),
  )
  expect(ofOlder).toEqual(ofMade)
  expect(ofMade?.visitors.length).toBeGreaterThan(1)
  const [wanted, got] = [made, older].map((path) => {
    const database = new DatabaseSync(path, { readOnly: true })
    const all = tables.map((table) => [table, database.prepare(`SELECT * FROM ${table}`).all()])
    const schema = database.prepare('SELECT type, name FROM sqlite_schema ORDER BY type, name').all()
    database.close()
    return { all: Object.fromEntries(all) as Record<string, object[]>, schema }
  })
  expect(got).toEqual(wanted)
  expect(wanted?.all.events).toHaveLength(events.length)
  expect(wanted?.all.responses?.length).toBeGreaterThan(6)
  expect(wanted?.all.completed).toEqual([{ site: 1, survey: 'nps-q4', count: 2 }])
})

/** Writes what is in a database of today as the program of format 6 did. */
function writeAsFormat6(from: string, to: string): void {
  const source = new DatabaseSync(from, { readOnly: true })
  const old = new DatabaseSync(to)
  for (const step of migrations.slice(0, 6)) old.exec(step)
  old.exec('PRAGMA user_version = 6')
  const rows = (sql: string): Record<string, unknown>[] => source.prepare(sql).all()
  const put = (table: string, values: unknown[]): void =>
    void old
      .prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join()})`)
      .run(...(values as never[]))
  for (const row of rows('SELECT * FROM sites'))
    put('sites', [row.id, 'pk_1', new Uint8Array(32), row.created_at])
  for (const row of rows(`SELECT row, site, kind, ${eventColumns} FROM events`)) {
    const { event, at, receivedAt, occurredAt } = readEvent<FeedbackEvent>(row)
    const type = Object.entries(eventKinds).find(([, kind]) => kind === row.kind)?.[0]
    const [survey, version] = 'survey' in event ? [event.survey, event.surveyVersion] : [null, null]
    const columns = [
      row.row,
      row.site,
      row.id,
      row.response,
      type,
      survey,
      version,
      at,
      receivedAt,
      occurredAt,
    ]
    put('events', [...columns, JSON.stringify(event)])
  }
  for (const row of rows('SELECT * FROM responses')) {
    const response = readStored(row)
    const { site, id, survey, version, answers, closed, first_at: firstAt, ignored, variant } = row
    const status = statusOf(row.status)
    const counted = [row.row, site, id, survey, version, status, answers, closed, firstAt]
    const followed = [variant, row.follow_up, row.over_quota]
    put('responses', [...counted, JSON.stringify(response), ignored, ...followed])
    if (row.over_quota === 1) continue
    const who = response.person === null ? `v:${response.visitor}` : `p:${response.person}`
    for (const [question, { value, at }] of Object.entries(response.answers)) {
      const score = Number.isSafeInteger(value) ? value : null
      put('answers', [site, id, question, survey, version, who, score, Date.parse(at), variant])
    }
  }
  for (const table of ['surveys', 'counters', 'score_days', 'response_days'])
    for (const row of rows(`SELECT * FROM ${table}`)) put(table, Object.values(row))
  source.close()
  old.close()
}

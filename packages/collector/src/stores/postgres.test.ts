import type { FeedbackEvent } from '@earshot/contract'
import { envelopeSchema } from '@earshot/contract/schema'
import fc from 'fast-check'
import { Client } from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { createDatabase, order } from '../../../../scripts/postgresDatabase.ts'
import { judge, readBatch, receiptFor, type Batch, type Verdict } from '../core/ingest.ts'
import { decidePlace, type PlaceAsk } from '../core/places.ts'
import { decidePut } from '../core/surveys.ts'
import { answer, envelope, moment, now, npsSurvey, temporaryDatabase, uuid } from '../fixtures.ts'
import { backTo11, closingStores } from './postgres.fixtures.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { createPostgresStore } from './postgres.ts'
import { monthOf } from './postgresMonth.ts'
import { scoreStatements } from './postgresReports.ts'
import { listSql } from './postgresJobList.ts'
import { migrations, schemaVersion } from './postgresSchema.ts'
import {
  event as suiteEvent,
  openSite as openSuiteSite,
  send as sendTo,
  survey as suiteSurvey,
} from './storeSuite.fixtures.ts'
import { addressOf, keyText } from './postgresText.ts'
import { assertFolded } from './postgresSuite.ts'
import { storeSuite } from './storeSuite.ts'

const { stores, open, close } = closingStores()

/** Several collectors on one database, with a site. */
async function cluster(count: number): Promise<{ url: string; all: EventStore[]; site: number }> {
  const url = await temporaryDatabase()
  const all = await Promise.all(Array.from({ length: count }, () => open(url)))
  const site = await all[0]?.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  return { url, all, site: site?.id ?? 0 }
}

const batchOf = (events: unknown[], at = now): Batch =>
  readBatch(envelopeSchema.parse(envelope('pk_1', events)), at)

async function send(store: EventStore | undefined, site: number, events: unknown[], at = now) {
  if (!store) throw new Error('no store')
  const batch = batchOf(events, at)
  const policy = { inline: 'accept', most: 9 } as const
  const { verdict, inserted } = await store.append(site, batch, (known) => judge(batch, known, policy), at)
  return receiptFor(verdict, inserted)
}

describe('PostgreSQL', () => {
  it.each(storeSuite)('$name', async ({ run }) => {
    await run(await open(await temporaryDatabase()))
  })
})

describe('an erasure that keeps the counts', () => {
  const lived = [
    answer(1, 3, { visitor: 'canary-visitor', person: 'canary-person' }),
    answer(2, 0, {
      visitor: 'canary-visitor',
      response: uuid('response', 1),
      data: { question: 'why', value: 'canary-comment', revision: 0 },
    }),
    answer(3, 9),
  ]

  it('leaves no word of a person in any table, and all that is counted as it is folded', async () => {
    const url = await temporaryDatabase()
    const store = await open(url)
    const { id } = await openSuiteSite(store)
    await send(store, id, lived)
    const tables = await order<{ name: string }>(
      url,
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'earshot' AND table_type = 'BASE TABLE'`,
    )
    const found = async (): Promise<string[]> => {
      const all: string[] = []
      for (const { name } of tables) {
        const rows = await order<{ text: string }>(url, `SELECT t::text AS text FROM earshot.${name} AS t`)
        if (rows.some((row) => /canary/.test(row.text))) all.push(name)
      }
      return all.filter((each) => !each.startsWith('events_')).toSorted()
    }
    expect(await found()).toEqual(['answers', 'comments', 'events', 'responses'])
    expect(await store.anonymise(id, 'canary-visitor', now)).toMatchObject({ events: 2, keptResponses: 1 })
    expect(await found()).toEqual([])
    await assertFolded(url)
  })

  it('is done whole or not at all', async () => {
    const url = await temporaryDatabase()
    const store = await open(url)
    const { id } = await openSuiteSite(store)
    await send(store, id, lived)
    const before = await store.stats(id)
    await order(
      url,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
       CREATE TRIGGER refuse BEFORE UPDATE ON earshot.events FOR EACH ROW EXECUTE FUNCTION refuse()`,
    )
    await expect(store.anonymise(id, 'canary-visitor', now)).rejects.toThrow()
    await order(url, 'DROP FUNCTION refuse CASCADE')
    expect(await store.stats(id)).toEqual(before)
    expect(await store.visitorsOf(id, 'canary-person')).toHaveLength(1)
    expect(await store.anonymise(id, 'canary-visitor', now)).toMatchObject({ events: 2, keptResponses: 1 })
    expect(await store.stats(id)).toMatchObject({ responses: before.responses })
  })
})

describe('several collectors on one database', () => {
  it('store what comes to all of them at once exactly once', async () => {
    const { url, all, site } = await cluster(3)
    const batch = Array.from({ length: 20 }, (_, index) => answer(index, index % 11))
    const sent = Array.from({ length: 60 }, (_, index) =>
      send(all[index % 3], site, index % 2 ? batch : batch.toReversed()),
    )
    const receipts = await Promise.all(sent)
    const accepted = receipts.flatMap((each) => each.accepted)
    expect(accepted.toSorted()).toEqual(batch.map((each) => each.id))
    for (const each of receipts) expect(each.accepted.length + each.duplicates.length).toBe(20)
    expect(await all[0]?.stats(site)).toMatchObject({ accepted: 20, duplicates: 59 * 20, events: 20 })
    await assertFolded(url)
  })

  it('fold a response whose events come to different ones at the same time', async () => {
    const { url, all, site } = await cluster(3)
    // What came inline would be stored alone, and nobody would be in anybody's way.
    await all[0]?.putSurvey(site, npsSurvey, (stored) => decidePut(npsSurvey, stored), now)
    const kinds = [
      { type: 'followup', data: { followUp: 'nps-q4/why/1', state: 'planned' } },
      { type: 'display', data: { trigger: 'show' } },
      { data: { question: 'score', value: 3, revision: 0 } },
      { data: { question: 'score', value: 8, revision: 1 } },
      { data: { question: 'why', value: 'because', revision: 0 } },
      { type: 'complete', data: {} },
    ]
    const events = Array.from({ length: 8 }, (_, number) =>
      kinds.map((kind, seq) =>
        answer(100 + number * 10 + seq, 0, {
          response: uuid('response', number),
          visitor: `visitor-${number}`,
          seq,
          ...kind,
        }),
      ),
    ).flat()
    const receipts = await Promise.all(
      events.map((each, index) => send(all[(index * 7 + 3) % 3], site, [each])),
    )
    expect(receipts.flatMap((each) => each.rejected)).toEqual([])
    await assertFolded(url)
    const rows = await all[0]?.oldest(site, {}, { after: 0, limit: 99 })
    expect(rows).toHaveLength(8)
    for (const { response } of rows ?? [])
      expect([response.status, response.answers.score?.value]).toEqual(['completed', 8])
  })

  it('grant no more places than the quota, and count no more', async () => {
    const { url, all, site } = await cluster(2)
    const quota = 5
    const limited = { ...npsSurvey, quota }
    await all[0]?.putSurvey(site, limited, (stored) => decidePut(limited, stored), now)
    const ask = (number: number) => {
      const asked: PlaceAsk = {
        survey: 'nps-q4',
        response: uuid('response', number),
        visitor: `visitor-${number}`,
        person: null,
      }
      return all[number % 2]?.takePlace(site, asked, (facts) => decidePlace(asked, facts, quota, now), now)
    }
    const done = (number: number): object =>
      answer(500 + number, 0, {
        response: uuid('response', number),
        visitor: `visitor-${number}`,
        type: 'complete',
        data: {},
      })
    // Half of them ask for a place, the others just complete.
    const numbers = Array.from({ length: 40 }, (_, index) => index)
    const places = await Promise.all(
      numbers.map(async (number) => {
        if (number % 4 < 2) return ask(number)
        await send(all[number % 2], site, [done(number)])
        return null
      }),
    )
    const granted = places.flatMap((place, number) => (place?.granted ? [number] : []))
    await Promise.all(granted.map(async (number) => send(all[(number + 1) % 2], site, [done(number)])))
    const rows = (await all[0]?.oldest(site, { status: 'completed' }, { after: 0, limit: 99 })) ?? []
    const counted = rows.filter(({ response }) => !response.overQuota).map(({ response }) => response.id)
    expect(counted).toHaveLength(quota)
    for (const number of granted) expect(counted).toContain(uuid('response', number))
    await assertFolded(url)
  })

  it('take nothing of a visitor any more once one of them has erased it', async () => {
    const { url, all, site } = await cluster(2)
    const visitors = ['ann', 'bob', 'eve']
    const events = Array.from({ length: 60 }, (_, index) =>
      answer(index, 9, { visitor: visitors[index % 3], response: uuid('response', index % 7) }),
    )
    const sending = events.map((each, index) => send(all[index % 2], site, [each]))
    await sending[5]
    await Promise.all(['ann', 'bob'].map(async (each, index) => all[index]?.erase(site, each, now)))
    const left = (): Promise<object[]> =>
      order(url, `SELECT 1 FROM earshot.events WHERE visitor IN ('ann', 'bob')`)
    expect(await left()).toEqual([])
    await Promise.all(sending)
    expect(await left()).toEqual([])
    await assertFolded(url)
  })

  it('accept no more inline definitions than there is room for', async () => {
    const { all, site } = await cluster(3)
    const sent = Array.from({ length: 30 }, async (_, index) => {
      const store = all[index % 3]
      const survey = `s${index}`
      const batch = readBatch(
        envelopeSchema.parse(
          envelope('pk_1', [answer(index, 9, { survey })], { surveys: [{ ...npsSurvey, id: survey }] }),
        ),
        now,
      )
      if (!store) throw new Error('no store')
      return store.append(site, batch, (known) => judge(batch, known, { inline: 'accept', most: 9 }), now)
    })
    const verdicts = (await Promise.all(sent)).map((each) => each.verdict.rejected[0]?.code)
    expect(verdicts.filter((each) => each === undefined)).toHaveLength(9)
    expect(verdicts.filter((each) => each === 'too_many_surveys')).toHaveLength(21)
    expect(await all[0]?.surveyNames(site)).toHaveLength(9)
  })

  it('give the same as one, whatever happens in which order', async () => {
    const quota = 2
    const limited = { ...npsSurvey, quota }
    const step = fc.record({
      collector: fc.nat(1),
      what: fc.constantFrom('ask', 'display', 'answer', 'complete', 'dismiss', 'erase', 'wait'),
      who: fc.integer({ min: 1, max: 4 }),
      together: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { url, all, site } = await cluster(2)
        await all[0]?.putSurvey(site, limited, (stored) => decidePut(limited, stored), now)
        let time = now
        let running: Promise<unknown>[] = []
        for (const [index, { collector, what, who, together }] of steps.entries()) {
          if (!together) await Promise.all(running.splice(0))
          const [response, visitor] = [uuid('response', who), `visitor-${who}`]
          const asked: PlaceAsk = { survey: 'nps-q4', response, visitor, person: null }
          const data = {
            display: { trigger: 'show' },
            answer: { question: 'score', value: who, revision: 0 },
            complete: {},
            dismiss: { reason: 'close' },
          }
          const store = all[collector]
          if (what === 'wait') time += 20 * 60_000
          else if (what === 'erase') running.push(store?.erase(site, visitor, time) ?? Promise.resolve())
          else if (what === 'ask') {
            const at = time
            const taking = store?.takePlace(site, asked, (facts) => decidePlace(asked, facts, quota, at), at)
            running.push(taking ?? Promise.resolve())
          } else {
            const fields = { response, visitor, type: what, data: data[what], seq: index }
            running.push(send(store, site, [answer(100 + index, 0, fields)], time))
          }
        }
        await Promise.all(running)
        running = []
        const rows = (await all[0]?.oldest(site, { status: 'completed' }, { after: 0, limit: 99 })) ?? []
        expect(rows.filter((each) => !each.response.overQuota).length).toBeLessThanOrEqual(quota)
        await assertFolded(url)
        await close()
        await order(
          url,
          'TRUNCATE earshot.sites, earshot.settings, earshot.surveys, earshot.events, earshot.responses, earshot.answers, earshot.counters, earshot.completed, earshot.places, earshot.erased, earshot.access, earshot.uses, earshot.audit, earshot.suspects, earshot.sessions',
        )
      }),
      { numRuns: Number(process.env.EARSHOT_RUNS ?? 0) > 1000 ? 300 : 12 },
    )
  }, 600_000)
})

describe('a group', () => {
  it('goes on without a request that the database cannot store', async () => {
    const { all, site } = await cluster(1)
    const store = all[0]
    if (!store) throw new Error('no store')
    const bad = batchOf([answer(1)])
    const broken = (): Verdict => {
      const [stored] = bad.candidates.flatMap(({ result }) => ('stored' in result ? [result.stored] : []))
      if (!stored) throw new Error('no event')
      const event = { ...stored.event, type: 'nul\0' } as unknown as FeedbackEvent
      const accepted = [{ sentId: event.id, stored: { ...stored, event } }]
      return { accepted, dropped: [], duplicates: [], rejected: [], surveys: [] }
    }
    const results = await Promise.allSettled([
      send(store, site, [answer(2)]),
      store.append(site, bad, broken, now),
      ...[3, 4, 5].map((number) => send(store, site, [answer(number)])),
    ])
    expect(results.map((each) => each.status)).toEqual([
      'fulfilled',
      'rejected',
      ...Array.from({ length: 3 }, () => 'fulfilled'),
    ])
    expect((await store.stats(site)).events).toBe(4)
  })

  it('shares one transaction', async () => {
    const { url, all, site } = await cluster(1)
    await send(all[0], site, [answer(0)])
    await Promise.all(Array.from({ length: 50 }, (_, index) => send(all[0], site, [answer(index + 1)])))
    const rows = await order<{ xmin: string }>(url, 'SELECT DISTINCT xmin::text FROM earshot.events')
    // One for the first, and of the others one for who came first and one for all who came meanwhile, at most.
    expect(rows.length).toBeLessThanOrEqual(3)
  })
})

describe('events', () => {
  const idAt = (time: number, number: number): string =>
    `${time
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7000-8000-${number.toString(16).padStart(12, '0')}`
  const partitionOf = async (url: string): Promise<string[]> =>
    (
      await order<{ name: string }>(
        url,
        'SELECT relname AS name FROM earshot.events e JOIN pg_class c ON c.oid = e.tableoid ORDER BY id',
      )
    ).map((each) => each.name)

  it('are filed by the month in their ids, and others in the default partition', async () => {
    const { url, all, site } = await cluster(2)
    const ids = [
      uuid('event', 1),
      idAt(Date.UTC(2026, 9, 31, 23, 59, 59, 999), 2),
      idAt(Date.UTC(2026, 10, 1), 3),
      idAt(Date.UTC(2027, 5, 1), 4),
      'ffffffff-ffff-4fff-8fff-ffffffffffff',
    ]
    const events = ids.map((id, index) => answer(index + 1, 9, { id }))
    for (const store of [...all, ...all]) await send(store, site, events)
    const inMonths = ['events_2026_10', 'events_2026_11']
    const expected = ['events_default', ...inMonths, 'events_default', 'events_default']
    expect((await partitionOf(url)).slice(0, 4)).toEqual(expected.slice(0, 4))
    expect(await all[0]?.stats(site)).toMatchObject({ accepted: 4, duplicates: 12 })
    await assertFolded(url)
    await order(url, 'DROP TABLE earshot.events_2026_10, earshot.events_2026_11')
  })

  it('that came before their month had a partition move there, and stay known', async () => {
    const { url, all, site } = await cluster(2)
    const id = idAt(Date.UTC(2027, 5, 1), 4)
    const event = answer(1, 9, { id })
    await send(all[0], site, [event])
    expect(await partitionOf(url)).toEqual(['events_default'])
    const later = Date.UTC(2027, 5, 2)
    const again = await Promise.all(all.map((store) => send(store, site, [event], later)))
    expect(again.map((each) => each.duplicates)).toEqual([[id], [id]])
    expect(await partitionOf(url)).toEqual(['events_2027_06'])
    await assertFolded(url)
    await order(url, 'DROP TABLE earshot.events_2027_06')
  })

  it('tell their month, or none', () => {
    expect(monthOf('0193f0a1-0000-7000-8000-000000000001')).toBe(2024 * 12 + 11)
    expect(monthOf('0193f0a1-0000-4000-8000-000000000001')).toBe(0)
  })

  it('keep text apart that the database cannot tell apart', async () => {
    expect(new Set(['a\0', 'a\\0', 'a\\', 'a\\\\0'].map(keyText)).size).toBe(4)
    const { all, site } = await cluster(1)
    expect(await all[0]?.newest(site, { survey: 'a\0', variant: '\0' }, { limit: 1 })).toEqual([])
    expect(await all[0]?.surveys(site, '\0')).toEqual([])
    expect(await all[0]?.dropSurvey(site, '\0', 1)).toBe('unknown')
  })
})

describe('the database', () => {
  const fresh = () => createDatabase(inject('postgres'))

  it('gets its tables once, however many collectors start at once', async () => {
    const { url, drop } = await fresh()
    try {
      await Promise.all([1, 2, 3, 4].map(() => open(url)))
      expect(await order(url, 'SELECT version FROM earshot.meta')).toEqual([{ version: schemaVersion }])
      expect(migrations).toHaveLength(schemaVersion)
    } finally {
      await close()
      await drop()
    }
  })

  it('of format 4 learns what is in it: texts, and moments of people', async () => {
    const { url, drop } = await fresh()
    try {
      const store = await open(url)
      const { id: site } = await openSuiteSite(store)
      const questions = [
        ...suiteSurvey.questions,
        { kind: 'text', id: 'why', title: 'Why?', maxLength: 500 } as const,
      ]
      await sendTo(
        store,
        site,
        [
          { number: 1, value: 3 },
          { number: 2, question: 'why', value: 'Zu TEUER' },
        ],
        [{ ...suiteSurvey, questions }],
      )
      const tracked = {
        ...suiteEvent({ number: 3, type: 'optout' }),
        type: 'track',
        data: { name: 'purchased', props: { referred: true } },
      }
      const batch = readBatch(
        { key: '', sentAt: new Date(now).toISOString(), sdk: 'suite', surveys: [], events: [tracked] },
        now,
      )
      await store.append(site, batch, (known) => judge(batch, known, { inline: 'accept', most: 9 }), now)
      await store.close()
      stores.length = 0
      await order(
        url,
        `DROP TABLE earshot.moments, earshot.comments, earshot.late, earshot.score_days, earshot.response_days, earshot.range_changes; DROP INDEX earshot.arrivals_by_row;
         DROP TABLE earshot.outbound, earshot.jobs, earshot.contacts, earshot.cases, earshot.case_entries, earshot.notes, earshot.note_answers,
           earshot.addresses, earshot.unsubscribed, earshot.mail_secrets;
         DROP FUNCTION earshot.put_event_jobs CASCADE; UPDATE earshot.meta SET version = 4`,
      )
      const later = await open(url)
      expect(await later.search(site, ['teuer'], {}, { limit: 9 })).toHaveLength(1)
      expect(await later.moments(site, { names: ['purchased'] }, { after: 0, limit: 9 })).toMatchObject([
        { name: 'purchased', visitor: 'visitor', data: { referred: true } },
      ])
    } finally {
      await close()
      await drop()
    }
  })

  it('of format 11 finds comments in the order of their responses, also behind many newer ones', async () => {
    const { url, drop } = await fresh()
    try {
      const store = await open(url)
      const { id: site } = await openSuiteSite(store)
      const questions = [
        ...suiteSurvey.questions,
        { kind: 'text', id: 'why', title: 'Why?', maxLength: 500 } as const,
      ]
      const said = ['100% late', 'late', 'in_time', 'LATE_', 'in time']
      await sendTo(
        store,
        site,
        said.map((value, index) => ({ number: index + 1, response: index + 1, question: 'why', value })),
        [{ ...suiteSurvey, questions }],
      )
      await store.close()
      stores.length = 0
      await order(url, backTo11)
      const later = await open(url)
      const find = async (terms: string[], limit: number): Promise<unknown[]> =>
        (await later.search(site, terms, {}, { limit })).map((each) => each.response.answers.why?.value)
      const check = async (): Promise<void> => {
        expect(await find(['late'], 9)).toEqual(['LATE_', 'late', '100% late'])
        expect(await find(['late'], 2)).toEqual(['LATE_', 'late'])
        expect(await find(['_'], 9)).toEqual(['LATE_', 'in_time'])
        expect(await find(['0%'], 1)).toEqual(['100% late'])
        expect(await find(['late', '%'], 9)).toEqual(['100% late'])
        expect(await find(['\\'], 9)).toEqual([])
      }
      await check()
      await order(
        url,
        `INSERT INTO earshot.comments (site, response, row, text, grams)
         SELECT ${site}, gen_random_uuid(), 1000 + i, 'x', '{}' FROM generate_series(1, 3000) AS n (i)`,
      )
      await check()
    } finally {
      await close()
      await drop()
    }
  })

  it('gives lines of JSON that say what the rows do', async () => {
    const { all, site } = await cluster(1)
    const [store] = all
    await send(
      store,
      site,
      [1, 2, 3, 4].map((number) => answer(number, number, { response: uuid('response', number) })),
    )
    const wanted = await store?.oldest(site, {}, { after: 0, limit: 3 })
    const found = await store?.lines?.(site, {}, { after: 0, limit: 3 })
    const lines = new TextDecoder().decode(found?.bytes).trimEnd().split('\n')
    expect(lines.map((each) => JSON.parse(each) as unknown)).toEqual(wanted?.map((each) => each.response))
    expect(found).toMatchObject({ count: 3, row: wanted?.at(-1)?.row })
    const none = await store?.lines?.(site, { survey: 'nobody' }, { after: 5, limit: 3 })
    expect(none).toEqual({ bytes: new Uint8Array(), count: 0, row: 5 })
  })

  it('is refused when a newer program wrote it, or another one', async () => {
    const { url, drop } = await fresh()
    try {
      await order(url, 'CREATE SCHEMA earshot; CREATE TABLE earshot.bookmarks (x int)')
      await expect(createPostgresStore(url)).rejects.toThrow(/of another program.*Nothing was changed/)
      await order(url, 'DROP TABLE earshot.bookmarks; CREATE TABLE earshot.meta (version int)')
      await order(url, `INSERT INTO earshot.meta VALUES (${schemaVersion + 1})`)
      await expect(createPostgresStore(url)).rejects.toThrow(
        new RegExp(
          `newer Earshot \\(format ${schemaVersion + 1}; this program knows up to ${schemaVersion}\\)`,
        ),
      )
      expect(await order(url, `SELECT tablename FROM pg_tables WHERE schemaname = 'earshot'`)).toEqual([
        { tablename: 'meta' },
      ])
    } finally {
      await drop()
    }
  })

  it('that cannot be opened is named without its password', async () => {
    const url = 'postgres://someone:geheim@127.0.0.1:1/feedback?password=geheim'
    const error = await createPostgresStore(url).then(
      () => '',
      (reason: Error) => reason.message,
    )
    expect(error).toMatch(/Cannot open postgres:\/\/127\.0\.0\.1:1\/feedback: .*not reachable.*--store/)
    expect(error).not.toContain('geheim')
    expect(addressOf(url)).toBe('postgres://127.0.0.1:1/feedback')
  })

  it('that has the wrong encoding is refused', async () => {
    const admin = inject('postgres')
    const { url, name, drop } = await fresh()
    await drop()
    await order(
      admin,
      `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`,
    )
    try {
      await expect(createPostgresStore(url)).rejects.toThrow(/encoding SQL_ASCII.*ENCODING 'UTF8'/)
    } finally {
      await drop()
    }
  })

  it.each([
    ['all', scoreStatements.all],
    ['latest', scoreStatements.latest],
  ])('answers reports on %s from an index', async (_, text) => {
    const url = await temporaryDatabase()
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      await client.query('SET enable_seqscan = off')
      const values = [1, 'nps', 'score', 0, 1, [1], null, false]
      const { rows } = await client.query<Record<string, string>>({ text: `EXPLAIN ${text}`, values })
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Only Scan using answers_by_time/)
    } finally {
      await client.end()
    }
  })

  it.each([
    [{ response: 'r' }, 'jobs_by_response'],
    [{ case: 'c' }, 'jobs_by_case'],
    [{ rule: 'a', target: 'wh_1' }, 'jobs_by_rule'],
    [{ visitors: ['v', 'w'] }, 'jobs_by_visitor'],
  ])('lists what goes out by %o from an index', async (filter, index) => {
    const url = await temporaryDatabase()
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      await client.query('SET enable_seqscan = off')
      const { sql, values } = listSql(filter, null)
      const { rows } = await client.query<Record<string, string>>({
        text: `EXPLAIN ${sql}`,
        values: [1, 9, null, 50, ...values],
      })
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(index)
    } finally {
      await client.end()
    }
  })

  it('finds what was put down by a program that did not write what it belongs to', async () => {
    const { url, drop } = await fresh()
    try {
      const before = await open(url)
      const odd = 'a \0 \\'
      await before.addJobs(
        1,
        [
          { kind: 'followup' as const, body: { rule: odd, response: 'r' } },
          { kind: 'mail' as const, body: { told: { case: 'c', entry: 2 } } },
        ].map((each) => ({ ...each, id: each.kind, lane: null, target: null, visitor: null, due: 0 })),
        0,
      )
      await before.close()
      stores.length = 0
      await order(url, backTo11)
      const later = await open(url)
      const kinds = async (filter: object): Promise<string[]> =>
        (await later.jobs(1, null, { limit: 9, ...filter })).map((each) => each.kind)
      expect(await kinds({ response: 'r' })).toEqual(['followup'])
      expect(await kinds({ rule: odd })).toEqual(['followup'])
      expect(await kinds({ case: 'c' })).toEqual(['mail'])
    } finally {
      await close()
      await drop()
    }
  })

  it('keeps moments before 1970 and texts of all kinds', async () => {
    const { all, site } = await cluster(1)
    const text = `'); DROP TABLE x; -- \\ " {,} 😀`
    const data = { question: 'why', value: text.slice(0, 20), revision: 0 }
    await send(all[0], site, [answer(1, 0, { at: moment(-60), person: text, data })])
    expect(await all[0]?.response(site, uuid('response', 1))).toMatchObject({ person: text })
  })
})

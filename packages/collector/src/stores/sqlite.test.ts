import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { envelopeSchema } from '@earshot/contract/schema'
import type { JobFilter, JobState } from '../core/jobs.ts'
import { judge, readBatch } from '../core/ingest.ts'
import { decidePlace, placeHold, type PlaceAsk, type PlaceDecision, type PlaceFacts } from '../core/places.ts'
import { decidePut } from '../core/surveys.ts'
import { answer, envelope, moment, now, npsSurvey, uuid } from '../fixtures.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { createCommitGroup } from './commitGroup.ts'
import { createSqliteStore } from './sqlite.ts'
import { overQuotaStatement, scoreStatements } from './sqliteReports.ts'
import { createErase, eraseStatements } from './sqliteErase.ts'
import { erasuresOf } from './erasedList.ts'
import { idToBytes } from './sqliteId.ts'
import { listSql } from './sqliteJobList.ts'
import { migrations, schemaVersion } from './sqliteMigrations.ts'
import { peopleStatements } from './sqlitePeople.ts'
import { placeStatements } from './sqlitePlaces.ts'
import { openDatabase } from './sqliteSchema.ts'
import { createThreadedStore } from './sqliteThreads.ts'
import { storeSuite } from './storeSuite.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'earshot-store-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const file = (): string => join(directory, 'earshot.sqlite')

const silent = { info: () => undefined, error: () => undefined }
const kinds: Record<string, () => EventStore> = {
  'a file': () => createSqliteStore(file()),
  ':memory:': () => createSqliteStore(':memory:'),
  'threads of its own': () => createThreadedStore(file(), silent),
  // What a store without the quicker ways does, which the suite would prefer.
  'a file, by functions of the caller': () => {
    const { ingest: _, place: __, lines: ___, ...store } = createSqliteStore(file())
    return store
  },
}

describe.each(Object.keys(kinds))('SQLite in %s', (kind) => {
  it.each(storeSuite)('$name', async ({ run }) => {
    const store = kinds[kind]!()
    try {
      await run(store)
    } finally {
      await store.close()
    }
  })
})

describe('the file', () => {
  it('is in WAL mode and syncs every commit', () => {
    const database = openDatabase(file())
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    expect(database.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 })
    expect(database.prepare('PRAGMA secure_delete').get()).toEqual({ secure_delete: 1 })
    database.close()
  })

  it('is refused when a newer program wrote it, and stays as it was', () => {
    const newer = new DatabaseSync(file())
    newer.exec(`CREATE TABLE later (x); PRAGMA user_version = ${schemaVersion + 1}`)
    newer.close()
    const before = readFileSync(file())
    expect(() => createSqliteStore(file())).toThrow(
      `newer Earshot (format ${schemaVersion + 1}; this program knows up to ${schemaVersion})`,
    )
    expect(readFileSync(file()).equals(before)).toBe(true)
  })

  it('is refused when it belongs to another program', () => {
    const other = new DatabaseSync(file())
    other.exec('CREATE TABLE bookmarks (x)')
    other.close()
    expect(() => createSqliteStore(file())).toThrow(/another program/)
  })

  it('is refused when it is no database, and stays as it was', () => {
    writeFileSync(file(), 'my diary, not a database, but long enough to look at'.repeat(100))
    expect(() => createSqliteStore(file())).toThrow(/damaged or no SQLite database.*Nothing was changed/s)
    expect(readFileSync(file(), 'utf8')).toMatch(/^my diary/)
  })

  it.each(['all', 'latest'] as const)('answers reports on %s from an index, not from a scan', (basis) => {
    const database = openDatabase(file())
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${scoreStatements[basis]}`)
      .all(1, 'nps', 'score', 0, 1, '[1]', null, null)
      .map((each) => String(each.detail))
    expect(plan.join()).toMatch(/SEARCH answers USING PRIMARY KEY/)
    expect(plan.join()).not.toMatch(/SCAN answers/)
    database.close()
  })

  it('is for its owner only, also in a directory that is open to all', () => {
    writeFileSync(file(), '', { mode: 0o644 })
    const database = openDatabase(file())
    database.exec('CREATE TABLE x (y)')
    for (const end of ['', '-wal', '-shm'])
      expect([end, statSync(file() + end).mode & 0o777]).toEqual([end, 0o600])
    database.close()
  })

  it('is checked at the start, and a damaged one is refused', () => {
    const made = openDatabase(file())
    const put = made.prepare('INSERT INTO access VALUES (?, ?, ?)')
    for (let id = 1; id < 200; id++) put.run('key', `pk_${id}`, 'x'.repeat(500))
    made.close()
    damage()
    expect(() => createSqliteStore(file())).toThrow(
      /damaged or no SQLite database.*Restore it from a backup/s,
    )
  })

  it('that an older program wrote learns which events its responses leave out', () => {
    const id = new Uint8Array(16)
    fillOld(1, (old) => {
      old
        .prepare(`INSERT INTO responses VALUES (1, 1, ?, 'nps', 1, 'shown', 0, 0, 0, '{"visitor":"a"}')`)
        .run(id)
      const put = old.prepare(`INSERT INTO events VALUES (?, 1, ?, ?, 'display', 'nps', 1, 0, 0, 0, ?)`)
      for (const [row, visitor] of ['a', 'b', 'c'].entries())
        put.run(row, new Uint8Array(16).fill(row), id, JSON.stringify({ visitor }))
    })
    const database = openDatabase(file())
    expect(database.prepare('SELECT ignored FROM responses').all()).toEqual([{ ignored: 2 }])
    database.close()
  })

  it('that an older program wrote has responses with all fields, as if they were folded anew', async () => {
    const id = new Uint8Array(16).fill(0xff)
    const display = { visitor: 'a', seq: 3, data: { trigger: 'page' } }
    const answers = { why: { value: 'größer "als" 😀', revision: 0, at: '2026-11-21T11:59:00.000Z' } }
    fillOld(2, (old) => {
      const response = { visitor: 'a', answers }
      old
        .prepare(`INSERT INTO responses VALUES (1, 1, ?, 'nps', 1, 'partial', 1, 0, 0, ?, 1)`)
        .run(id, JSON.stringify(response))
      old.prepare(`INSERT INTO answers VALUES (1, ?, 'score', 'nps', 1, 'v:a', 9, 0)`).run(id)
      const put = old.prepare(`INSERT INTO events VALUES (?, 1, ?, ?, 'display', 'nps', 1, 0, 0, 0, ?)`)
      const resumed = { ...display, seq: 4, data: { trigger: 'show', wording: 'de@1' } }
      const foreign = { ...display, visitor: 'b', seq: 1, data: { trigger: 'show', wording: 'fr@1' } }
      for (const [row, event] of [resumed, display, foreign].entries())
        put.run(row, new Uint8Array(16).fill(row), id, JSON.stringify(event))
    })
    const store = createSqliteStore(file())
    const [row] = await store.newest(1, {}, { limit: 1 })
    const fields = { variant: null, followUp: null, hidden: null, layout: null, overQuota: false }
    const told = { trigger: 'page', wording: 'de@1' }
    expect(row?.response).toEqual({ visitor: 'a', answers, ...told, ...fields })
    const query = { survey: 'nps', versions: [1], question: 'score', basis: 'latest' } as const
    expect(await store.scores(1, query)).toEqual([{ score: 9, count: 1 }])
    expect(await store.settings(1)).toBeNull()
    await store.close()
  })

  it('that an older program wrote frees its places by what was heard, and forgets no erased visitor', () => {
    const id = (number: number): Uint8Array => new Uint8Array(16).fill(number)
    fillOld(3, (old) => {
      const response = old.prepare(
        `INSERT INTO responses VALUES (?, 1, ?, 'nps', 1, ?, 0, 0, 0, '{}', 0, NULL, NULL)`,
      )
      response.run(1, id(2), 'shown')
      response.run(2, id(3), 'partial')
      const place = old.prepare(`INSERT INTO places VALUES (1, 'nps', ?, 'a', 1000)`)
      for (const number of [1, 2, 3]) place.run(id(number))
      old.prepare('INSERT INTO erased VALUES (1, ?, 0)').run(new Uint8Array(32))
    })
    const database = openDatabase(file())
    const free = database.prepare('SELECT free FROM places ORDER BY response').all()
    expect(free.map((each) => each.free)).toEqual(
      [placeHold.nothing, placeHold.display, placeHold.answer].map((hold) => 1000 + hold),
    )
    expect(database.prepare('SELECT known FROM erased').all()).toEqual([{ known: 1 }])
    database.close()
  })

  it('remembers only so many of the erased of whom there was no event, the latest', () => {
    const database = openDatabase(file())
    database.exec('INSERT INTO sites VALUES (1, 0), (2, 0)')
    const erase = createErase(database, () => undefined, 2)
    const put = database.prepare(
      `INSERT INTO events VALUES (NULL, 1, ?, NULL, 6, 'known', NULL, 0, 0, NULL, NULL, x'00')`,
    )
    put.run(new Uint8Array(16))
    for (const [at, visitor] of ['known', 'a', 'b', 'a', 'c', 'known'].entries()) erase(1, visitor, at)
    erase(2, 'e', 7)
    const rows = database.prepare('SELECT site, at, known FROM erased ORDER BY at').all()
    expect(rows.map(({ site, at, known }) => [site, at, known])).toEqual([
      [1, 0, 1],
      [1, 2, 0],
      [1, 4, 0],
      [2, 7, 0],
    ])
    database.close()
  })

  it('holds nothing of an erased visitor any more, nor does its log', async () => {
    const store = createSqliteStore(file())
    const { id } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), 0)
    const event = (number: number): object => answer(number, 0, { ...secret, data: comment })
    const secret = { visitor: 'visitor-to-forget', person: 'person-to-forget' }
    const comment = { question: 'why', value: 'comment-to-forget', revision: 0 }
    const body = envelope('pk_1', [1, 2, 3, 4].map(event))
    const batch = readBatch(envelopeSchema.parse(body), now)
    const policy = { inline: 'accept', most: 9 } as const
    await store.append(id, batch, (known) => judge(batch, known, policy), now)
    const found = (): string[] =>
      ['', '-wal'].filter((end) =>
        /visitor-to|person-to|comment-to/.test(readFileSync(file() + end, 'latin1')),
      )
    expect(found()).toEqual(['-wal'])
    expect(await store.erase(id, secret.visitor, now)).toBe(4)
    expect(found()).toEqual([])
    await store.close()
    expect(readFileSync(file(), 'latin1')).not.toMatch(/visitor-to|person-to|comment-to/)
  })

  it('holds nothing of whom only the counts were kept any more, nor does its log; all of it, or nothing, is done', async () => {
    const store = createSqliteStore(file())
    const { id } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), 0)
    const secret = { visitor: 'visitor-to-forget', person: 'person-to-forget', response: uuid('response', 1) }
    const comment = { question: 'why', value: 'comment-to-forget', revision: 0 }
    const events = [answer(1, 3, secret), answer(2, 0, { ...secret, data: comment }), answer(3, 9)]
    const batch = readBatch(envelopeSchema.parse(envelope('pk_1', events)), now)
    const policy = { inline: 'accept', most: 9 } as const
    await store.append(id, batch, (known) => judge(batch, known, policy), now)
    const ids = [uuid('response', 1), uuid('event', 1), uuid('event', 2)].map((each) =>
      Buffer.from(idToBytes(each)),
    )
    const found = (): string[] =>
      ['', '-wal'].filter((end) => {
        const bytes = readFileSync(file() + end)
        return (
          /visitor-to|person-to|comment-to/.test(bytes.toString('latin1')) ||
          ids.some((each) => bytes.includes(each))
        )
      })
    expect(found()).toEqual(['-wal'])
    const stats = await store.stats(id)
    const other = new DatabaseSync(file())
    other.exec(`CREATE TRIGGER refuse BEFORE INSERT ON answers BEGIN SELECT RAISE(ABORT, 'refused'); END`)
    await expect(store.anonymise(id, secret.visitor, now)).rejects.toThrow()
    expect([await store.stats(id), (await store.visitorsOf(id, secret.person)).length]).toEqual([stats, 1])
    other.exec('DROP TRIGGER refuse')
    other.close()
    expect(await store.anonymise(id, secret.visitor, now)).toEqual({
      events: 2,
      keptResponses: 1,
      keptEvents: 2,
    })
    expect(found()).toEqual([])
    await store.close()
    expect(readFileSync(file(), 'latin1')).not.toMatch(/visitor-to|person-to|comment-to/)
    const whole = readFileSync(file())
    expect(ids.filter((each) => whole.includes(each))).toEqual([])
  })

  it('that an older program wrote remembers of the erased that nothing of them was kept', async () => {
    const young = createSqliteStore(file())
    await young.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), 0)
    await young.close()
    const old = new DatabaseSync(file())
    old.exec(`ALTER TABLE erased DROP COLUMN kept; PRAGMA user_version = 20;
      INSERT INTO erased (site, visitor, at, known) VALUES (1, x'${'07'.repeat(32)}', 5, 1)`)
    old.close()
    const store = createSqliteStore(file())
    await store.close()
    const database = new DatabaseSync(file(), { readOnly: true })
    expect(erasuresOf(database)).toEqual([
      { site: 1, visitor: '07'.repeat(32), at: 5, known: true, kept: false },
    ])
    database.close()
  })

  it('holds nothing of an erased visitor any more once those have read to the end who were reading', async () => {
    const store = createSqliteStore(file())
    const { id } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), 0)
    const body = envelope('pk_1', [answer(1, 9, { visitor: 'visitor-to-forget' })])
    const batch = readBatch(envelopeSchema.parse(body), now)
    const policy = { inline: 'accept', most: 9 } as const
    await store.append(id, batch, (known) => judge(batch, known, policy), now)
    const reader = new DatabaseSync(file(), { readOnly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM events').get()
    expect(await store.erase(id, 'visitor-to-forget', now)).toBe(1)
    const isLeft = (): boolean => readFileSync(`${file()}-wal`, 'latin1').includes('visitor-to-forget')
    expect(isLeft()).toBe(true)
    reader.close()
    // Nothing else is written.
    await vi.waitFor(() => expect(isLeft()).toBe(false), 10_000)
    await store.close()
  })

  it('holds nothing of an erased visitor either who was never shown what there was a place for', async () => {
    const store = createSqliteStore(file())
    const { id } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
    const visitor = 'visitor-to-erase'
    const ask: PlaceAsk = { survey: 'nps', response: uuid('response', 1), visitor, person: null }
    await store.takePlace(id, ask, (facts) => decidePlace(ask, facts, 1, now), now)
    const kept = (): string => readFileSync(file(), 'latin1') + readFileSync(`${file()}-wal`, 'latin1')
    expect(kept().includes(visitor)).toBe(true)
    expect(await store.erase(id, visitor, now)).toBe(0)
    expect(kept().includes(visitor)).toBe(false)
    await store.close()
  })

  it('holds nothing of the mail of an erased person any more, nor does its log', async () => {
    const store = createSqliteStore(file())
    const { id } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
    const kept = (): boolean =>
      ['', '-wal'].some((end) => readFileSync(file() + end, 'latin1').includes('to-forget'))
    const put = (person: string): Promise<void> =>
      store.putMailAddress(id, {
        person,
        email: 'to-forget@example.com',
        locale: null,
        who: 'w',
        mail: 'm',
        at: now,
      })
    // Most of what was written has left the log for the file by the time somebody is erased.
    const settle = (): void => {
      const other = new DatabaseSync(file())
      other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      other.close()
    }
    await put('ann')
    settle()
    expect(kept()).toBe(true)
    await store.forgetMail(id, 'ann')
    expect(kept()).toBe(false)
    await put('bob')
    settle()
    expect(await store.dropMailAddress(id, 'bob')).toBe(true)
    expect(kept()).toBe(false)
    const work = { kind: 'followup', id: 'j', lane: null, target: null, due: now, body: 'to-forget' } as const
    await store.addJobs(id, [{ ...work, visitor: 'cleo' }], now)
    settle()
    expect(kept()).toBe(true)
    expect(await store.erase(id, 'cleo', now)).toBe(0)
    expect(kept()).toBe(false)
    await store.close()
  })

  it.each([
    [
      placeStatements.answeredByVisitor,
      'answered_by_visitor (site=? AND survey=? AND follow_up=? AND visitor=?)',
    ],
    [
      placeStatements.answeredByPerson,
      'answered_by_person (site=? AND survey=? AND follow_up=? AND person=?)',
    ],
    [placeStatements.toldByVisitor, 'settled_by_visitor (site=? AND follow_up=? AND visitor=?)'],
    [placeStatements.toldByPerson, 'settled_by_person (site=? AND follow_up=? AND person=?)'],
    [placeStatements.heldBy, 'places_by_visitor (site=? AND visitor=? AND survey=?)'],
    [placeStatements.visitorOut, 'optouts_by_visitor (site=? AND visitor=?)'],
    [placeStatements.personOut, 'optouts_by_person (site=? AND person=?)'],
    [placeStatements.dropFree, 'places_by_time (site=? AND survey=? AND free<?)'],
    [placeStatements.dropOthers, 'places_by_visitor (site=? AND visitor=? AND survey=?)'],
    [overQuotaStatement, 'responses_over_quota (site=? AND survey=? AND first_at>? AND first_at<?)'],
    [eraseStatements.forgetOld, 'erased_strangers (site=? AND at<?)'],
    [eraseStatements.strangers, 'erased_strangers (site=?)'],
    [eraseStatements.forgetFirst, 'erased_strangers (site=?)'],
    [eraseStatements.responses, 'events_by_visitor (site=? AND visitor=?)'],
    [eraseStatements.events, 'events_by_visitor (site=? AND visitor=?)'],
    [peopleStatements.events, 'events_by_visitor (site=? AND visitor=? AND kind=? AND rowid>?)'],
    [peopleStatements.since, 'events_by_visitor (site=? AND visitor=? AND kind=?'],
    [peopleStatements.devices, 'events_by_person (site=? AND person=? AND visitor>?)'],
    [peopleStatements.settled, 'settled_by_visitor (site=? AND follow_up=? AND visitor=?)'],
    [peopleStatements.snoozes, 'events_by_visitor (site=? AND visitor=? AND kind=?)'],
  ])('answers "%s" from an index', (sql, index) => {
    const database = openDatabase(file())
    const numbers = Array.from(sql.matchAll(/\?(\d*)/g), ([, number], at) => Number(number) || at + 1)
    const parameters = Array.from({ length: Math.max(...numbers) }, () => 1)
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters)
    const details = plan.map((each) => String(each.detail))
    expect(details.join()).toContain(`INDEX ${index}`)
    // Nothing is walked through.
    expect(details.filter((each) => each.startsWith('SCAN events'))).toEqual([])
    database.close()
  })

  it.each<[JobFilter, string, JobState?]>([
    [{ response: 'r' }, 'jobs_by_response (site=? AND about_response=? AND row<?)'],
    [{ case: 'c', target: 'wh_1' }, 'jobs_by_case (site=? AND about_case=? AND row<?)'],
    [{ rule: 'a' }, 'jobs_by_rule (site=? AND about_rule=? AND row<?)'],
    [{ visitors: ['v', 'w'] }, 'jobs_by_visitor (site=? AND visitor=?'],
    [{ target: 'wh_1' }, 'jobs_by_row (site=? AND row<?)'],
    [{ target: 'wh_1' }, 'jobs_dead (site=? AND row<?)', 'dead'],
  ])('lists what goes out by %o from an index', (filter, index, state) => {
    const database = openDatabase(file())
    const { sql, values } = listSql(filter, state ?? null)
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(1, 9, state ?? null, ...values, 50)
    expect(plan.map((each) => each.detail).join()).toContain(`INDEX ${index}`)
    database.close()
  })

  it('finds what was put down by a program that did not write what it belongs to', async () => {
    const old = openDatabase(file())
    old.exec(`DROP INDEX jobs_by_response; DROP INDEX jobs_by_case; DROP INDEX jobs_by_rule;
      ALTER TABLE jobs DROP COLUMN about_response; ALTER TABLE jobs DROP COLUMN about_case;
      ALTER TABLE jobs DROP COLUMN about_rule;
      DROP TABLE notes; DROP TABLE note_answers; ALTER TABLE erased DROP COLUMN kept; PRAGMA user_version = 17`)
    const put = old.prepare(`INSERT INTO jobs (site, kind, id, due, body, made_at) VALUES (1, ?, ?, 0, ?, 0)`)
    for (const [kind, body] of [
      ['followup', { rule: 'a', response: 'r' }],
      ['delivery', { response: 'r', followUp: { rule: 'a' }, case: { id: 'c', entry: 1 } }],
      ['mail', { followUp: { rule: 'a', response: 'r' } }],
      ['mail', { told: { case: 'c', entry: 2 } }],
      ['tell', { case: 'c', entry: 2 }],
      ['event', null],
      ['watch', { rule: 'a' }],
    ] as const)
      put.run(kind, `${kind} ${JSON.stringify(body)}`, JSON.stringify(body))
    old.close()
    const store = createSqliteStore(file())
    const kindsOf = async (filter: object): Promise<string[]> =>
      (await store.jobs(1, null, { limit: 9, ...filter })).map((each) => each.kind).toReversed()
    expect(await kindsOf({ response: 'r' })).toEqual(['followup', 'delivery', 'mail'])
    expect(await kindsOf({ rule: 'a' })).toEqual(['followup', 'delivery', 'mail'])
    expect(await kindsOf({ case: 'c' })).toEqual(['delivery', 'mail', 'tell'])
    await store.close()
  })

  it('counts completed responses with each change, not with each question', () => {
    fillOld(3, (old) => {
      const put = old.prepare(`INSERT INTO responses VALUES (?, 1, ?, ?, 1, ?, 0, 0, 0, '{}', 0, NULL, NULL)`)
      const rows = [
        ['nps', 'completed'],
        ['nps', 'completed'],
        ['nps', 'partial'],
        ['csat', 'completed'],
      ] as const
      for (const [row, [survey, status]] of rows.entries())
        put.run(row, new Uint8Array(16).fill(row), survey, status)
    })
    const database = openDatabase(file())
    const counted = (): unknown[] =>
      ['nps', 'csat', 'ces'].map((each) => database.prepare(placeStatements.completed).get(1, each)?.count)
    expect(counted()).toEqual([2, 1, undefined])
    database.exec('UPDATE responses SET status = 2, answers = 1 WHERE status = 1')
    expect(counted()).toEqual([3, 1, undefined])
    database.exec("UPDATE responses SET survey = 'ces' WHERE survey = 'csat'")
    expect(counted()).toEqual([3, 0, 1])
    database.exec('UPDATE responses SET over_quota = 1 WHERE row = 0')
    database.exec('UPDATE responses SET status = 0 WHERE row = 1')
    database.exec('UPDATE responses SET answers = 7')
    expect(counted()).toEqual([1, 0, 1])
    database.exec('DELETE FROM responses')
    expect(counted()).toEqual([0, 0, 0])
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${placeStatements.completed}`).all(1, 'nps')
    expect(plan.map((each) => each.detail)).toEqual([
      'SEARCH completed USING PRIMARY KEY (site=? AND survey=?)',
    ])
    database.close()
  })

  it('counts the places that are held with each change, not with each question', () => {
    const id = (number: number): Uint8Array => new Uint8Array(16).fill(number)
    fillOld(4, (old) => {
      const put = old.prepare(`INSERT INTO places VALUES (1, ?, ?, 'a', 0, 0)`)
      for (const [number, survey] of ['nps', 'nps', 'csat'].entries()) put.run(survey, id(number))
    })
    const database = openDatabase(file())
    const counted = (): unknown[] =>
      ['nps', 'csat', 'ces'].map((each) => database.prepare(placeStatements.held).get(1, each)?.count)
    expect(counted()).toEqual([2, 1, undefined])
    database.prepare("INSERT INTO places VALUES (1, 'ces', ?, 'b', 0, 0)").run(id(9))
    const again = database.prepare(
      `INSERT INTO places VALUES (1, 'ces', ?, 'b', 5, 5) ON CONFLICT (site, survey, response) DO UPDATE SET until = 5`,
    )
    again.run(id(9))
    database.exec('UPDATE places SET free = 7')
    expect(counted()).toEqual([2, 1, 1])
    database.exec("DELETE FROM places WHERE survey = 'nps'")
    expect(counted()).toEqual([0, 1, 1])
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${placeStatements.held}`).all(1, 'nps')
    expect(plan.map((each) => each.detail)).toEqual(['SEARCH held USING PRIMARY KEY (site=? AND survey=?)'])
    database.close()
  })

  it('that breaks while it is read says so', async () => {
    const store = createSqliteStore(file())
    await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(100_000) }), 0)
    await store.close()
    const broken = createSqliteStore(file())
    try {
      damage(3)
      await expect(
        Promise.all([broken.site(), broken.surveyNames(1), broken.stats(1)]),
      ).rejects.toMatchObject({
        code: 'store_damaged',
      })
    } finally {
      await broken.close()
    }
  })
})

describe('a quota', () => {
  it('is never exceeded, and who has a place always counts, whatever happens in which order', async () => {
    const quota = 3
    const limited = { ...npsSurvey, quota }
    const people = fc.integer({ min: 1, max: 6 })
    const what = fc.constantFrom('ask', 'display', 'answer', 'complete', 'dismiss', 'snooze', 'wait')
    const steps = fc.array(fc.tuple(what, people, fc.nat(40 * 60)), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const store = createSqliteStore(':memory:')
        const { id } = await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
        await store.putSurvey(id, limited, (stored) => decidePut(limited, stored), now)
        const leases = new Map<number, number>()
        let time = now
        for (const [index, [type, number, seconds]] of list.entries()) {
          if (type === 'wait') {
            time += seconds * 1000
            continue
          }
          const response = uuid('response', number)
          const visitor = `visitor-${number}`
          if (type === 'ask') {
            const ask: PlaceAsk = { survey: limited.id, response, visitor, person: null }
            const decide = (facts: PlaceFacts): PlaceDecision => decidePlace(ask, facts, quota, time)
            const { until } = await store.takePlace(id, ask, decide, time)
            if (until !== undefined) leases.set(number, Date.parse(until))
          } else {
            const data = {
              display: { trigger: 'show' },
              answer: { question: 'score', value: 9, revision: 0 },
              complete: {},
              dismiss: { reason: 'close' },
              snooze: { until: moment(0) },
            }[type]
            const event = answer(100 + index, 0, { response, visitor, type, data, seq: index })
            const batch = readBatch(envelopeSchema.parse(envelope('pk_1', [event])), time)
            const policy = { inline: 'accept', most: 9 } as const
            const before = await store.response(id, response)
            await store.append(id, batch, (known) => judge(batch, known, policy), time)
            const after = await store.response(id, response)
            if (before?.status === 'completed') expect(after?.overQuota).toBe(before.overQuota)
            else if (type === 'complete' && time < (leases.get(number) ?? 0))
              expect(after?.overQuota).toBe(false)
            if (type === 'dismiss' || type === 'snooze') leases.delete(number)
          }
          const rows = await store.oldest(id, { status: 'completed' }, { after: 0, limit: 99 })
          const counted = rows.filter((each) => !each.response.overQuota).length
          const open = [...leases].filter(
            ([each, until]) =>
              until > time && !rows.some(({ response: { id: done } }) => done === uuid('response', each)),
          )
          expect(counted + open.length).toBeLessThanOrEqual(quota)
        }
        await store.close()
      }),
    )
  }, 60_000)
})

/** Makes a file as the program of a schema version left it. */
function fillOld(version: number, fill: (old: DatabaseSync) => void): void {
  const old = new DatabaseSync(file())
  for (const step of migrations.slice(0, version)) old.exec(step)
  old.exec(`PRAGMA user_version = ${version}; INSERT INTO sites VALUES (1, 'pk_1', x'00', 0)`)
  fill(old)
  old.close()
}

/** Overwrites every page from this one on. */
function damage(from = 4): void {
  const pages = statSync(file()).size / 4096
  const handle = openSync(file(), 'r+')
  for (let page = from - 1; page < pages; page++)
    writeSync(handle, Buffer.alloc(200, 0xa5), 0, 200, page * 4096)
  closeSync(handle)
}

describe('the commit group', () => {
  it('puts writes of one turn into one transaction', async () => {
    const database = openDatabase(file())
    const { run } = createCommitGroup(database)
    const put = database.prepare('INSERT INTO uses VALUES (?, 0)')
    const exec = vi.spyOn(database, 'exec')
    await Promise.all([1, 2, 3].map((id) => run(() => put.run(`pk_${id}`))))
    expect(exec.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(1)
    expect(database.prepare('SELECT count(*) AS n FROM uses').get()).toEqual({ n: 3 })
    database.close()
  })

  it('acknowledges nothing when the commit itself fails, and goes on', async () => {
    const database = openDatabase(file())
    const { run } = createCommitGroup(database)
    const put = database.prepare('INSERT INTO counters VALUES (?, ?, 0)')
    const orphan = run(() => {
      // A foreign key that is checked at the commit: every statement before it succeeds.
      database.exec('PRAGMA defer_foreign_keys = ON')
      put.run(99, 'orphan')
      return 'done'
    })
    const neighbour = run(() => 'done')
    const results = await Promise.allSettled([orphan, neighbour])
    expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected'])
    expect(database.prepare('SELECT count(*) AS n FROM counters').get()).toEqual({ n: 0 })
    await expect(run(() => 'again')).resolves.toBe('again')
    database.close()
  })

  it('says that it cannot write while another process holds the lock, and recovers', async () => {
    const database = openDatabase(file())
    database.exec('PRAGMA busy_timeout = 0')
    const { run } = createCommitGroup(database, [1, 1])
    const other = new DatabaseSync(file())
    other.exec('BEGIN IMMEDIATE')
    const put = database.prepare('INSERT INTO uses VALUES (?, 0)')
    const write = (): Promise<unknown> => run(() => put.run('pk_1'))
    await expect(write()).rejects.toMatchObject({ code: 'store_unavailable' })
    other.exec('ROLLBACK')
    await expect(write()).resolves.toMatchObject({ changes: 1 })
    other.close()
    database.close()
  })

  it('says of all writes of a group that it is locked out, where that happened while it was begun over', async () => {
    const database = openDatabase(file())
    database.exec('PRAGMA busy_timeout = 0')
    const { run } = createCommitGroup(database, [1, 1])
    const other = new DatabaseSync(file())
    const exec = database.exec.bind(database)
    vi.spyOn(database, 'exec').mockImplementation((sql) => {
      if (!sql.startsWith('ROLLBACK')) return exec(sql)
      for (const each of sql.split('; ')) {
        exec(each)
        if (each === 'ROLLBACK' && !other.isTransaction) other.exec('BEGIN IMMEDIATE')
      }
    })
    const put = database.prepare('INSERT INTO uses VALUES (?, 0)')
    const writes = await Promise.allSettled([
      run(() => put.run('pk_1')),
      run(() => {
        throw new Error('of this write alone')
      }),
    ])
    expect(writes).toMatchObject([
      { reason: { code: 'store_unavailable' } },
      { reason: { code: 'store_unavailable' } },
    ])
    other.exec('ROLLBACK')
    await expect(run(() => put.run('pk_1'))).resolves.toMatchObject({ changes: 1 })
    other.close()
    database.close()
  })

  it('waits for a lock that is soon released, and holds up nobody meanwhile', async () => {
    const database = openDatabase(file())
    const { run } = createCommitGroup(database, [50, 100, 200])
    const other = new DatabaseSync(file())
    other.exec('BEGIN IMMEDIATE')
    const put = database.prepare('INSERT INTO uses VALUES (?, 0)')
    let turns = 0
    // The lock goes when others have had their turns: whoever held them up would wait in vain.
    const counting = setInterval(() => {
      turns++
      if (turns === 10) other.exec('ROLLBACK')
    }, 5)
    await expect(run(() => put.run('pk_1'))).resolves.toMatchObject({ changes: 1 })
    clearInterval(counting)
    expect(turns).toBeGreaterThan(9)
    other.close()
    database.close()
  })

  it('takes 64 writes at a time, lets others run between, and drains them all', async () => {
    const database = openDatabase(file())
    const { run, drain } = createCommitGroup(database)
    const exec = vi.spyOn(database, 'exec')
    const done: number[] = []
    const writes = Array.from({ length: 200 }, (_, index) => run(() => done.push(index)))
    const seen: number[] = []
    let isOver = false
    const look = (): void => {
      seen.push(done.length)
      if (!isOver) setImmediate(look)
    }
    setImmediate(look)
    await drain()
    isOver = true
    expect(done).toHaveLength(200)
    await Promise.all(writes)
    expect(exec.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(4)
    expect(seen).toEqual(expect.arrayContaining([64, 128, 192]))
    database.close()
  })

  it('says that the disk is full, stores nothing, and recovers', async () => {
    const database = openDatabase(file())
    const { run } = createCommitGroup(database)
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count)
    database.exec(`PRAGMA max_page_count = ${pages}`)
    const put = database.prepare('INSERT INTO uses VALUES (?, 0)')
    const write = (id: number): Promise<unknown> => run(() => put.run(`pk_${id}${'x'.repeat(100_000)}`))
    const results = await Promise.allSettled([write(1), write(2)])
    expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected'])
    expect(results[0]).toMatchObject({ reason: { code: 'store_unavailable' } })
    expect(database.prepare('SELECT count(*) AS n FROM uses').get()).toEqual({ n: 0 })
    database.exec('PRAGMA max_page_count = 100000')
    await expect(write(1)).resolves.toMatchObject({ changes: 1 })
    database.close()
  })
})

import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { answer, envelope, keys, now, start, temporaryDirectory, uuid } from '../fixtures.ts'
import { isAnonymous } from '../core/anonymise.ts'
import { erasePerson } from '../http/person.ts'
import { systemHash } from '../system.ts'
import { readErasedList } from './erasedList.ts'
import { createSqliteStore } from './sqlite.ts'
import { backupSqlite, inspectSqlite } from './sqliteBackup.ts'
import { schemaVersion } from './sqliteMigrations.ts'
import { restoreSqlite, type RestoreOptions } from './sqliteRestore.ts'

const fileIn = (data: string): string => join(data, 'earshot.sqlite')
const restore = (data: string, from: string, more: Partial<RestoreOptions> = {}) =>
  restoreSqlite({ data, from, force: false, erased: [], now, ...more })

/** Data with answers of three visitors, its backup, and then the second erased. */
async function lived(): Promise<{ data: string; backup: string }> {
  const data = temporaryDirectory()
  const backup = join(temporaryDirectory(), 'first.sqlite')
  const { collector, send, call } = await start({ data })
  await send([answer(1), answer(2), answer(3)])
  backupSqlite(fileIn(data), backup, false)
  await call('/v1/erase', { visitor: 'visitor-2' })
  await send([answer(4)])
  await collector.close()
  return { data, backup }
}
async function responsesIn(data: string): Promise<string[]> {
  const { read, collector } = await start({ data })
  const { responses } = await read('/v1/responses')
  await collector.close()
  return responses.map((each: { id: string }) => each.id).toSorted()
}

describe('a backup', () => {
  it('is a whole database of its own, for its owner only', async () => {
    const { backup } = await lived()
    expect(inspectSqlite(backup)).toMatchObject({
      format: schemaVersion,
      events: 3,
      responses: 3,
      surveys: 1,
    })
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect(existsSync(`${backup}-wal`)).toBe(false)
  })
  it('replaces nothing without being told, and leaves nothing behind when it fails', async () => {
    const { data, backup } = await lived()
    expect(() => backupSqlite(fileIn(data), backup, false)).toThrow(/is there already.*--force/)
    expect(backupSqlite(fileIn(data), backup, true).events).toBe(3)
    const folder = temporaryDirectory()
    expect(() => backupSqlite(backup.replace('first', 'none'), join(folder, 'b'), false)).toThrow(
      /no database/,
    )
    const broken = join(folder, 'broken')
    writeFileSync(broken, Buffer.alloc(8192, 'x'))
    expect(() => backupSqlite(broken, join(folder, 'b'), false)).toThrow(/not a database/)
    expect(readdirSync(folder)).toEqual(['broken'])
  })
})

describe('a restore', () => {
  it('into an empty directory gives back what was there', async () => {
    const { backup } = await lived()
    const data = temporaryDirectory()
    const made = await restore(data, backup)
    expect(made).toMatchObject({ erasedAgain: 0, kept: null, contents: { events: 3 } })
    expect(await responsesIn(data)).toEqual([1, 2, 3].map((each) => uuid('response', each)))
    expect(statSync(fileIn(data)).mode & 0o777).toBe(0o600)
  })
  it('replaces a database only when it is told, and keeps it', async () => {
    const { data, backup } = await lived()
    await expect(restore(data, backup)).rejects.toThrow(/--force/)
    expect(await responsesIn(data)).toHaveLength(3)
    const { kept } = await restore(data, backup, { force: true })
    expect(inspectSqlite(kept ?? '')).toMatchObject({ events: 3 })
    expect(await responsesIn(data)).toEqual([1, 3].map((each) => uuid('response', each)))
  })

  it.each<[string, (data: string) => void]>([
    ['by the database that is replaced', (data) => rmSync(join(data, 'earshot.erased'))],
    [
      'by the list beside it, when the database is damaged',
      (data) => writeFileSync(fileIn(data), 'x'.repeat(9000)),
    ],
    ['by the list beside it, when the database is lost', (data) => rmSync(fileIn(data))],
  ])('leaves erased who was erased since: %s', async (_, harm) => {
    const { data, backup } = await lived()
    for (const each of ['-wal', '-shm']) rmSync(fileIn(data) + each, { force: true })
    harm(data)
    const made = await restore(data, backup, { force: true })
    expect(made).toMatchObject({ erasedAgain: 1, contents: { events: 2, responses: 2 } })
    expect(readFileSync(fileIn(data)).includes('visitor-2')).toBe(false)
    // What still waits on the device of that visitor is dropped when it comes.
    const { send, read } = await start({ data })
    await send([answer(5, 9, { visitor: 'visitor-2' })])
    expect((await read('/v1/stats')).events).toBe(2)
  })
  it.each<[string, (data: string) => void]>([
    ['by the database that is replaced', (data) => rmSync(join(data, 'earshot.erased'))],
    ['by the list beside it, when the database is lost', (data) => rmSync(fileIn(data))],
  ])('keeps the counts again of whom they were kept of, and of nobody else: %s', async (_, harm) => {
    const data = temporaryDirectory()
    const backup = join(temporaryDirectory(), 'first.sqlite')
    const { collector, send, call } = await start({ data })
    await send([answer(1, 3), answer(2, 4), answer(3, 5)])
    backupSqlite(fileIn(data), backup, false)
    await call('/v1/erase', { visitor: 'visitor-1', keep: 'counts' })
    await call('/v1/erase', { visitor: 'visitor-2' })
    await collector.close()
    const list = readErasedList(join(data, 'earshot.erased'))
    expect(list.map((each) => each.kept)).toEqual([true, false])
    harm(data)
    const made = await restore(data, backup, { force: true })
    expect(made).toMatchObject({ erasedAgain: 2, contents: { responses: 2 } })
    const restored = createSqliteStore(fileIn(data))
    const { id } = (await restored.site())!
    const rows = await restored.oldest(id, {}, { after: 0, limit: 9 })
    expect(
      rows.map(({ response }) => [isAnonymous(response.visitor), response.answers.score?.value]),
    ).toEqual([
      [true, 3],
      [false, 5],
    ])
    await restored.close()
    expect(readFileSync(fileIn(data), 'latin1')).not.toMatch(/visitor-[12]/)
    // A second one knows the same: of a backup of what is there now, nobody comes back, nor is anybody counted twice.
    const second = join(temporaryDirectory(), 'second.sqlite')
    backupSqlite(fileIn(data), second, false)
    expect(await restore(data, second, { force: true })).toMatchObject({
      erasedAgain: 0,
      contents: { responses: 2 },
    })
    expect(await restore(data, backup, { force: true })).toMatchObject({
      erasedAgain: 2,
      contents: { responses: 2 },
    })
  })
  it('deletes all where anybody knows of a visitor that all was deleted, also by a program that knows of nothing else', async () => {
    const { backup } = await lived()
    const hash = Buffer.from(systemHash.sha256('visitor-2')).toString('hex')
    const line = `${hash} ${new Date(now).toISOString()} 1`
    const responses = async (text: string): Promise<number> => {
      const list = join(temporaryDirectory(), 'a.erased')
      writeFileSync(list, text)
      return (await restore(temporaryDirectory(), backup, { erased: [list] })).contents.responses
    }
    expect(await responses(`${line}\n`)).toBe(2)
    expect(await responses(`\n${line}\n${line} counts\n`)).toBe(3)
    // The moment of another erasure.
    expect(await responses(`${line}\n${line} counts\n${hash} 2026-11-22T00:00:00.000Z 1\n`)).toBe(2)
    expect(await responses(`${hash} 2026-11-20T00:00:00.000Z 1\n${line}\n${line} counts\n`)).toBe(2)
    // Cut off.
    expect(await responses(`${line}\n${line} coun`)).toBe(2)
  })
  it('keeps what was in the log of the database before in its file, not beside it alone', async () => {
    const { data, backup } = await lived()
    const store = createSqliteStore(fileIn(data))
    const killed = temporaryDirectory()
    const { id } = (await store.site())!
    await store.putSettings(id, { quiet: 7 } as never, now)
    for (const each of ['', '-wal']) copyFileSync(fileIn(data) + each, fileIn(killed) + each)
    await store.close()
    expect(statSync(`${fileIn(killed)}-wal`).size).toBeGreaterThan(0)
    const { kept } = await restore(killed, backup, { force: true })
    // As if the program had been killed before the log was moved along.
    rmSync(`${kept}-wal`, { force: true })
    const before = createSqliteStore(kept ?? '')
    expect(await before.settings(id)).toEqual({ quiet: 7 })
    await before.close()
  })
  it('leaves erased who was erased since, by a newer backup or a copied list on another machine', async () => {
    const { data, backup } = await lived()
    const newer = join(temporaryDirectory(), 'newer.sqlite')
    const list = join(temporaryDirectory(), 'copy.erased')
    backupSqlite(fileIn(data), newer, false)
    copyFileSync(join(data, 'earshot.erased'), list)
    for (const each of [newer, list])
      expect(await restore(temporaryDirectory(), backup, { erased: [each] })).toMatchObject({
        erasedAgain: 1,
      })
    await expect(restore(temporaryDirectory(), backup, { erased: ['/nonexistent/x'] })).rejects.toThrow(
      /cannot be asked who was erased/,
    )
  })

  it('leaves forgotten the mail of who was erased since, and of nobody else', async () => {
    const data = temporaryDirectory()
    const backup = join(temporaryDirectory(), 'first.sqlite')
    const { collector, send } = await start({ data })
    await send([
      answer(1, 9, { person: 'ann' }),
      answer(2, 9, { person: 'bob' }),
      answer(3, 9, { person: 'bob' }),
    ])
    await collector.close()
    const store = createSqliteStore(fileIn(data))
    const { id } = (await store.site())!
    for (const person of ['ann', 'bob', 'cleo']) {
      const [email, who, mail] = [`${person}@example.com`, `w-${person}`, `m-${person}`]
      await store.putMailAddress(id, { person, email, locale: null, who, mail, at: now })
      await store.unsubscribe(id, { person, who, mail, by: 'link', at: now })
    }
    backupSqlite(fileIn(data), backup, false)
    for (const person of ['ann', 'cleo']) await erasePerson(store, id, person, now, systemHash)
    // Withdrew in one of two browsers.
    await store.erase(id, 'visitor-2', now)
    await store.close()
    await restore(data, backup, { force: true })
    const restored = createSqliteStore(fileIn(data))
    const kept = await Promise.all(['ann', 'bob', 'cleo'].map((each) => restored.mailAddress(id, each)))
    expect(kept.map((each) => each?.email)).toEqual([undefined, 'bob@example.com', undefined])
    const listed = await restored.unsubscribed(id, { limit: 9 })
    expect(listed.map((each) => each.person)).toEqual([null, 'bob', null])
    await restored.close()
    expect(readFileSync(fileIn(data), 'latin1')).not.toMatch(/(?:ann|cleo)@example/)
  })

  it('leaves revoked what was revoked since, lets in whom it let in, signs nobody in, and keeps the log', async () => {
    const data = temporaryDirectory()
    const backup = join(temporaryDirectory(), 'first.sqlite')
    const { collector, admin, url, token: main, key } = await start({ data })
    const json = { 'content-type': 'application/json' }
    const post = async (path: string, body: object): Promise<Record<string, string>> =>
      (await (
        await admin(path, { method: 'POST', body: JSON.stringify(body), headers: json })
      ).json()) as Record<string, string>
    const made = await post('/v1/tokens', { name: 'a', role: 'analyst' })
    const signedIn = await fetch(`${url}/v1/session`, {
      method: 'POST',
      body: JSON.stringify({ token: main }),
      headers: json,
    })
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    backupSqlite(fileIn(data), backup, false)
    await admin(`/v1/tokens/${made['id']}`, { method: 'DELETE' })
    await admin(`/v1/keys/${key}`, { method: 'DELETE' })
    const fresh = await post('/v1/keys', { name: 'b' })
    await collector.close()
    await restore(data, backup, { force: true })

    const after = await start({ data, writeKey: undefined })
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${after.url}/v1/stats`, { headers })).status
    expect(await ask({ authorization: `Bearer ${made['token']}` })).toBe(401)
    expect(await ask({ authorization: `Bearer ${main}` })).toBe(200)
    expect(await ask({ cookie })).toBe(401)
    const send = async (by: string): Promise<number> =>
      (await after.post(JSON.stringify(envelope(by, [answer(9)])))).status
    expect([await send(key), await send(fresh['key'] ?? '')]).toEqual([401, 200])
    const { entries } = (await after.read('/v1/audit')) as { entries: { action: string }[] }
    expect([...new Set(entries.map(({ action }) => action))]).toEqual([
      'restore',
      'POST /v1/keys',
      'DELETE /v1/keys/{key}',
      'DELETE /v1/tokens/{id}',
      'POST /v1/session',
      'POST /v1/tokens',
    ])
  })
  it('erases again at the site at which somebody was erased, and at no other', async () => {
    const data = temporaryDirectory()
    const backup = join(temporaryDirectory(), 'first.sqlite')
    const { collector, admin, call, post, send } = await start({ data })
    const headers = { 'content-type': 'application/json' }
    const second = (await (
      await admin('/v1/sites', { method: 'POST', body: '{"name":"second"}', headers })
    ).json()) as { key: { key: string } }
    await send([answer(1, 9, { visitor: 'ann' })])
    await post(JSON.stringify(envelope(second.key.key, [answer(1, 9, { visitor: 'ann' })])))
    backupSqlite(fileIn(data), backup, false)
    await call('/v1/erase', { visitor: 'ann' })
    await collector.close()
    expect(await restore(data, backup, { force: true })).toMatchObject({
      erasedAgain: 1,
      contents: { events: 1 },
    })
    // What an older program wrote names no site.
    const old = join(temporaryDirectory(), 'old.erased')
    writeFileSync(old, readFileSync(join(data, 'earshot.erased'), 'utf8').replaceAll(/ 1$/gm, ''))
    expect(await restore(temporaryDirectory(), backup, { erased: [old] })).toMatchObject({ erasedAgain: 2 })
  })

  it('is refused while a collector runs, and a collector does not start meanwhile', async () => {
    const { data, backup } = await lived()
    const { collector } = await start({ data })
    await expect(restore(data, backup, { force: true })).rejects.toThrow(/is using .*Stop it first/)
    await collector.close()
    await restore(data, backup, { force: true })
  })
  it('of a damaged, a foreign or a newer file changes nothing', async () => {
    const { data, backup } = await lived()
    const before = await responsesIn(data)
    const bytes = readFileSync(backup)
    const folder = temporaryDirectory()
    const wrong = (name: string, change: (copy: Buffer) => Buffer): string => {
      const path = join(folder, name)
      writeFileSync(path, change(Buffer.from(bytes)))
      return path
    }
    const cases: [string, RegExp][] = [
      [wrong('cut', (copy) => copy.subarray(0, copy.length / 2)), /damaged|malformed/],
      [wrong('flipped', (copy) => copy.fill(0xff, 8192, 16_384)), /damaged|malformed/],
      [wrong('text', () => Buffer.from('Dear diary')), /damaged or no database|no database/],
      [join(folder, 'none'), /There is no file/],
    ]
    const newer = join(folder, 'newer')
    copyFileSync(backup, newer)
    const foreign = join(folder, 'foreign')
    const made = new DatabaseSync(foreign)
    made.exec('CREATE TABLE other (one INTEGER)')
    made.close()
    const later = new DatabaseSync(newer)
    later.exec(`PRAGMA user_version = ${schemaVersion + 1}`)
    later.close()
    cases.push([newer, /newer Earshot \(format/], [foreign, /no database of Earshot/])
    for (const [path, message] of cases)
      await expect(restore(data, path, { force: true })).rejects.toThrow(message)
    expect(await responsesIn(data)).toEqual(before)
    expect(readdirSync(data).filter((each) => /restor/.test(each))).toEqual([])
  })
})

it('the list holds hashes only, and is made complete at the start', async () => {
  const { data } = await lived()
  const path = join(data, 'earshot.erased')
  const [first] = readErasedList(path)
  expect(readFileSync(path, 'utf8')).toMatch(/^\s*[0-9a-f]{64} 2026-11-21T12:00:00\.000Z 1\s*$/)
  writeFileSync(path, '3f9a-cut-off')
  const { collector } = await start({ data, ...keys })
  await collector.close()
  expect(readErasedList(path)).toEqual([first])
})

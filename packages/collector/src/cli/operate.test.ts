import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Receipt } from '@earshot/contract'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answer, start, temporaryDirectory, uuid } from '../fixtures.ts'
import { migrations, schemaVersion } from '../stores/sqliteMigrations.ts'
import { exportedIds, post, preset, run, serve } from './fixtures.ts'

async function filled(): Promise<string> {
  const data = temporaryDirectory()
  const { collector, send } = await start({ data })
  await send([answer(1), answer(2, 3, { person: 'customer-17' }), answer(3, 4, { person: 'customer-17' })])
  await collector.close()
  return data
}

it('backs up under load, and what was acknowledged before is in the restored copy', async () => {
  const data = temporaryDirectory()
  const child = await serve(data, preset)
  const acknowledged: string[] = []
  let next = 1
  let isLoaded = true
  const send = async (): Promise<void> => {
    while (isLoaded) {
      const receipt = (await (await post(child.url, [answer(next++), answer(next++)])).json()) as Receipt
      acknowledged.push(...receipt.accepted)
    }
  }
  const senders = [send(), send(), send()]
  await post(child.url, [answer(1_000_000)])
  const copies: { file: string; before: string[] }[] = []
  for (let round = 0; round < 3; round++) {
    const before = [...acknowledged]
    const file = join(temporaryDirectory(), `backup-${round}.sqlite`)
    const made = await run(['backup', '--data', data, '--to', file]).finished
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toMatch(/read through and found whole/)
    expect(acknowledged.length).toBeGreaterThan(before.length)
    copies.push({ file, before })
  }
  isLoaded = false
  await Promise.all(senders)

  // A running collector is noticed, and goes on.
  const [last] = copies.slice(-1)
  const refused = await run(['restore', '--data', data, '--from', last?.file ?? '', '--force']).finished
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(/is using .*Stop it first/)
  expect((await post(child.url, [answer(2_000_000)])).status).toBe(200)

  for (const { file, before } of copies) {
    const other = temporaryDirectory()
    expect(await run(['restore', '--data', other, '--from', file]).finished).toMatchObject({
      code: 0,
      err: '',
    })
    const { out } = await run(['export', '--data', other, '--format', 'ndjson']).finished
    const responses = exportedIds(out)
    for (const id of before) expect(responses).toContain(id.replace('-e', '-f'))
  }
}, 60_000)

describe('erase', () => {
  it('deletes all visitors of a person, also while the collector runs', async () => {
    const data = await filled()
    const child = await serve(data, preset)
    const dry = await run(['erase', 'customer-17', '--dry-run', '--data', data]).finished
    expect(dry).toMatchObject({
      code: 0,
      out: '2 visitors with 2 events would be erased. Nothing was changed.\n',
    })
    const made = await run(['erase', 'customer-17', '--data', data]).finished
    expect(made).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^2 visitors with 2 events erased\.\nreceipt: /),
    })
    const again = await post(child.url, [answer(4, 9, { visitor: 'visitor-2' }), answer(5)])
    expect(again.status).toBe(200)
    child.process.kill('SIGTERM')
    await child.finished
    const { out } = await run(['export', '--format', 'ndjson', '--data', data]).finished
    expect(out).not.toContain('customer-17')
    expect(out).toContain(uuid('response', 1))
    expect(out).toContain(uuid('response', 5))
    expect(out).not.toContain(uuid('response', 4))
    expect(readFileSync(join(data, 'earshot.sqlite')).includes('customer-17')).toBe(false)
  })
  it('says so when there is nobody', async () => {
    const { code, err } = await run(['erase', 'nobody', '--data', await filled()]).finished
    expect(code).toBe(0)
    expect(err).toMatch(/no events of this id/)
  })
})

describe('export', () => {
  it('writes the same as the route, and refuses what that refuses', async () => {
    const data = await filled()
    const child = await serve(data, preset)
    const headers = { authorization: `Bearer ${preset['EARSHOT_ADMIN_TOKEN']}` }
    for (const format of ['csv', 'ndjson']) {
      const there = await (await fetch(`${child.url}/v1/export?format=${format}`, { headers })).text()
      const { out } = await run(['export', '--format', format, '--data', data]).finished
      expect(out).toBe(there)
    }
    const file = join(temporaryDirectory(), 'out.csv')
    expect((await run(['export', '--out', file, '--data', data]).finished).err).toBe(
      `3 responses are in ${file}.\n`,
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await run(['export', '--out', file, '--data', data]).finished).err).toMatch(/is there already/)
    expect((await run(['export', '--survey', 'nsp-q4', '--data', data]).finished).err).toMatch(/nps-q4/)
    expect(await run(['export', '--format', 'xls', '--data', data]).finished).toMatchObject({ code: 2 })
  })
})

describe('migrate', () => {
  it('has nothing to do for data of today', async () => {
    const { code, out } = await run(['migrate', '--data', await filled()]).finished
    expect(code).toBe(0)
    expect(out).toMatch(/nothing to do/)
  })
  it('copies older data, says beforehand what it would do, and then does it', async () => {
    const data = temporaryDirectory()
    const file = join(data, 'earshot.sqlite')
    const old = new DatabaseSync(file)
    old.exec(migrations[0] ?? '')
    old.exec("PRAGMA user_version = 1; INSERT INTO sites VALUES (1, 'pk_old', x'00', 1)")
    old.close()
    const dry = await run(['migrate', '--dry-run', '--data', data]).finished
    expect(dry.code).toBe(0)
    expect(dry.out).toMatch(new RegExp(`from format 1 to ${schemaVersion}.*Nothing was changed`))
    const formatOf = (path: string): unknown => {
      const database = new DatabaseSync(path, { readOnly: true })
      const row = database.prepare('PRAGMA user_version').get()
      database.close()
      return row?.user_version
    }
    expect(formatOf(file)).toBe(1)
    expect(await run(['migrate', '--data', data]).finished).toMatchObject({ code: 0, err: '' })
    expect([formatOf(file), formatOf(`${file}.format-1`)]).toEqual([schemaVersion, 1])
  })
})

describe('doctor', () => {
  async function clockOf(seconds: number): Promise<string> {
    const server = createServer((_, response) => {
      response.setHeader('date', new Date(Date.now() - seconds * 1000).toUTCString())
      response.end()
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  const examine = async (data: string, environment: Record<string, string>, ...args: string[]) =>
    run(['doctor', '--data', data, '--time-from', 'none', ...args], environment).finished

  it('finds nothing wrong with a good set-up', async () => {
    const data = await filled()
    const files = temporaryDirectory()
    for (const name of ['earshot.js', 'version.json']) writeFileSync(join(files, name), '{}')
    const child = await serve(data, preset)
    const made = await examine(
      data,
      {
        EARSHOT_PUBLIC_URL: child.url,
        EARSHOT_ORIGIN: 'https://shop.example',
        EARSHOT_INLINE_SURVEYS: 'refuse',
        EARSHOT_BROWSER_FILES: files,
      },
      '--time-from',
      await clockOf(0),
    )
    expect(made.out).not.toMatch(/^error/m)
    expect(made.out).toMatch(/ok +clock +agrees/)
    expect(made.out).toMatch(/ok +database +was read through and is whole; 3 events/)
    expect(made.out).toMatch(/ok +proxy +the collector answers at .* and is ready/)
    expect(made.code).toBe(0)
  })
  it.each<[string, (data: string) => Record<string, string>, RegExp]>([
    ['a missing directory', (data) => (rmSync(data, { recursive: true }), {}), /is not there\n +mend: Start/],
    ['rights', (data) => (chmodSync(join(data, 'earshot.sqlite'), 0o644), {}), /644.*\n +mend: chmod 600/],
    [
      'damage',
      (data) => (writeFileSync(join(data, 'earshot.sqlite'), 'x'.repeat(9000), { mode: 0o600 }), {}),
      /damaged or no database.*\n +mend: Stop the collector, then: earshot-collector restore/,
    ],
    [
      'a setting that is misspelt',
      () => ({ EARSHOT_ORIGINS: 'x' }),
      /EARSHOT_ORIGINS is set, and nothing reads it/,
    ],
    [
      'a bad key',
      () => ({ EARSHOT_ADMIN_TOKEN: 'sk_kurz' }),
      /EARSHOT_ADMIN_TOKEN is refused\n +mend: .*16–197/,
    ],
    [
      'no TLS',
      () => ({ EARSHOT_PUBLIC_URL: 'http://feedback.invalid' }),
      /has no TLS.*\n +mend: Put a proxy/,
    ],
    [
      'an address that nobody answers',
      () => ({ EARSHOT_PUBLIC_URL: 'https://127.0.0.1:2' }),
      /cannot be reached .*ECONNREFUSED/,
    ],
    [
      'no browser files',
      (data) => ({ EARSHOT_BROWSER_FILES: data }),
      /earshot\.js or version\.json is missing/,
    ],
  ])('finds %s, says how to mend it, and exits with 1', async (_, harm, message) => {
    const data = await filled()
    const { code, out } = await examine(data, harm(data))
    expect(out).toMatch(message)
    expect(code).toBe(1)
    expect(out).not.toContain('sk_kurz')
  })
  it.each([
    [-3600, 1, /error +clock +is (\d+) s behind/],
    [3600, 1, /error +clock +is (\d+) s ahead/],
    [30, 0, /warning +clock +is (\d+) s ahead/],
  ])('finds a clock that is %d s off', async (seconds, code, message) => {
    const asked = Date.now()
    const made = await examine(await filled(), {}, '--time-from', await clockOf(seconds))
    expect(made.out).toMatch(message)
    const off = Number(message.exec(made.out)?.[1])
    // The header Date has whole seconds, and the answer has been on its way for a part of this time.
    const way = (Date.now() - asked) / 1000
    expect(Math.abs(off - Math.abs(seconds))).toBeLessThanOrEqual(2 + way)
    expect(made.code).toBe(code)
  })
})

describe('a wrong command', () => {
  it.each<[string[], number, RegExp]>([
    [['backup'], 2, /"backup" needs --to, for example: earshot-collector backup --to/],
    [['restore'], 2, /"restore" needs --from/],
    [['erase'], 2, /"erase" needs the id of a visitor or a person/],
    [['erase', 'a', 'b'], 2, /"b" is one word too many/],
    [['backup', '--port', '1'], 2, /'--port'; see --help/],
    [['erase', 'a', '--data', '/nonexistent'], 1, /has no data/],
    [['backup', '--to', '/tmp/x.sqlite', '--data', '/nonexistent'], 1, /no database/],
    [['restore', '--from', '/nonexistent/x', '--data', '/nonexistent'], 1, /There is no file/],
  ])('%j', async (args, code, message) => {
    const made = await run(args).finished
    expect(made).toMatchObject({ code, out: '' })
    expect(made.err).toMatch(/^earshot-collector: .*\n$/)
    expect(made.err).toMatch(message)
  })
})

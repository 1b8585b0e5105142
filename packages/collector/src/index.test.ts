import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  answer,
  createCollector,
  envelope,
  keys,
  now,
  npsSurvey,
  onPostgres,
  replaceAdminToken,
  start,
  temporaryDirectory,
  uuid,
} from './fixtures.ts'
import type { CollectorOptions } from './index.ts'
import { createLog } from './system.ts'

// What looks into the file, or breaks it.
const itInFile = it.skipIf(onPostgres)

const open = async <Result>(
  options: CollectorOptions,
  use: (collector: Awaited<ReturnType<typeof createCollector>>) => Result,
): Promise<Awaited<Result>> => {
  const collector = await createCollector(options)
  try {
    return await use(collector)
  } finally {
    await collector.close()
  }
}
const stats = (token: string): Request =>
  new Request('http://localhost/v1/stats', { headers: { authorization: `Bearer ${token}` } })
const feedback = (body: object): Request =>
  new Request('http://localhost/v1/feedback', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

describe('the first start', () => {
  it('makes a write key and an admin token, and the second keeps them', async () => {
    const data = join(temporaryDirectory(), 'made', 'on demand')
    const first = await open({ data }, (collector) => collector.site)
    expect(first.writeKey).toMatch(/^pk_[\w-]{22}$/)
    expect(first.adminToken).toMatch(/^sk_[\w-]{43}$/)
    await open({ data }, async ({ site, fetch }) => {
      expect(site).toEqual({ writeKey: first.writeKey })
      expect((await fetch(stats(first.adminToken ?? ''))).status).toBe(200)
    })
    if (!onPostgres) expect(statSync(data).mode & 0o077).toBe(0)
  })

  itInFile('stores of the admin token nothing but its hash', async () => {
    const data = temporaryDirectory()
    const { adminToken = '' } = await open({ data }, ({ site }) => site)
    const hash = createHash('sha256').update(adminToken).digest('hex')
    const bytes = Buffer.concat(readdirSync(data).map((name) => readFileSync(join(data, name))))
    expect([bytes.includes(hash), bytes.includes(adminToken)]).toEqual([true, false])
  })

  it('makes other keys each time, from the randomness given', async () => {
    const made = await Promise.all([1, 2].map(() => open({ data: ':memory:' }, ({ site }) => site)))
    expect(made[0]?.writeKey).not.toBe(made[1]?.writeKey)
    const random = { bytes: (count: number) => new Uint8Array(count) }
    expect(await open({ data: ':memory:', random }, ({ site }) => site)).toEqual({
      writeKey: `pk_${'A'.repeat(22)}`,
      adminToken: `sk_${'A'.repeat(43)}`,
    })
  })

  it('takes preset keys, which replace the stored ones later too', async () => {
    const data = temporaryDirectory()
    const { adminToken: made = '' } = await open({ data }, ({ site }) => site)
    await open({ data, ...keys }, async ({ site, fetch }) => {
      expect(site).toEqual({ writeKey: 'pk_test' })
      expect((await fetch(stats(keys.adminToken))).status).toBe(200)
      expect((await fetch(stats(made))).status).toBe(401)
    })
    expect(await open({ data }, ({ site }) => site)).toEqual({ writeKey: 'pk_test' })
  })

  itInFile('never writes the token to the disk', async () => {
    const data = temporaryDirectory()
    const collector = await createCollector({ data })
    const { adminToken = '', writeKey } = collector.site
    await collector.fetch(stats(adminToken))
    await collector.fetch(feedback(envelope(writeKey, [answer(1)])))
    const search = (text: string): boolean =>
      readdirSync(data).some((name) => readFileSync(join(data, name)).includes(text))
    for (const look of [() => undefined, () => collector.close()]) {
      await look()
      expect(search(writeKey)).toBe(true)
      expect(search(adminToken)).toBe(false)
      expect(search(adminToken.slice(3))).toBe(false)
    }
  })
})

it('two first starts at once agree on the keys', async () => {
  const data = temporaryDirectory()
  const collectors = await Promise.all([createCollector({ data }), createCollector({ data })])
  try {
    expect(collectors[0]?.site.writeKey).toBe(collectors[1]?.site.writeKey)
    const tokens = collectors.flatMap(({ site }) => site.adminToken ?? [])
    expect(tokens).toHaveLength(1)
    for (const { fetch } of collectors) expect((await fetch(stats(tokens[0] ?? ''))).status).toBe(200)
  } finally {
    await Promise.all(collectors.map((each) => each.close()))
  }
})

it('close lets an export finish that somebody is reading', async () => {
  const collector = await createCollector({ data: ':memory:', ...keys })
  for (const from of [0, 450])
    await collector.fetch(
      feedback(
        envelope(
          'pk_test',
          Array.from({ length: 450 }, (_, index) => answer(from + index)),
        ),
      ),
    )
  const headers = { authorization: `Bearer ${keys.adminToken}` }
  const { body } = await collector.fetch(new Request('http://x/v1/export?format=ndjson', { headers }))
  const reader = body!.getReader()
  const chunks = [(await reader.read()).value]
  const closing = collector.close()
  // Long enough for a close that does not wait.
  await new Promise((resolve) => setTimeout(resolve, 50))
  for (let read = await reader.read(); !read.done; read = await reader.read()) chunks.push(read.value)
  expect(
    Buffer.concat(chunks.filter((each) => each !== undefined))
      .toString()
      .trimEnd()
      .split('\n'),
  ).toHaveLength(900)
  await closing
})

itInFile('the config and a report read only the definitions that they need', async () => {
  const data = temporaryDirectory()
  const running = await start({ data })
  await running.send([answer(1, 9, { survey: 'inline' })], { surveys: [{ ...npsSurvey, id: 'inline' }] })
  await running.put(npsSurvey)
  const { DatabaseSync } = await import('node:sqlite')
  const other = new DatabaseSync(join(data, 'earshot.sqlite'))
  other.exec("UPDATE surveys SET body = 'unreadable' WHERE source = 'inline'")
  other.close()
  const config = await fetch(`${running.url}/v1/config?key=${running.key}`)
  expect(await config.json()).toEqual({ version: 1, surveys: [npsSurvey], plain: [] })
  for (const path of ['/v1/reports/nps?survey=nps-q4', '/v1/responses', '/v1/export?format=ndjson'])
    expect([path, (await running.admin(path)).status]).toEqual([path, 200])
  expect((await running.admin('/v1/reports/nps?survey=nps-q5')).status).toBe(404)
})

itInFile('a damaged database is answered with 503, and logged once', async () => {
  const data = temporaryDirectory()
  const file = join(data, 'earshot.sqlite')
  await open({ data, ...keys }, ({ fetch }) => fetch(feedback(envelope('pk_test', [answer(1)]))))
  const logged: string[] = []
  const log = { info: () => undefined, error: (message: string) => void logged.push(message) }
  const collector = await createCollector({ data, ...keys, log })
  const other = new (await import('node:sqlite')).DatabaseSync(file)
  other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const roots = other.prepare('SELECT rootpage FROM sqlite_schema WHERE rootpage > 1').all()
  const handle = openSync(file, 'r+')
  for (const { rootpage } of roots)
    writeSync(handle, Buffer.alloc(200, 0xa5), 0, 200, (Number(rootpage) - 1) * 4096)
  closeSync(handle)
  // A write of another program, so that the collector forgets the pages that it remembers.
  other.exec('CREATE TABLE another (x)')
  other.close()
  const answers = [
    await collector.fetch(stats(keys.adminToken)),
    await collector.fetch(stats(keys.adminToken)),
  ]
  for (const each of answers) {
    expect([each.status, each.headers.get('retry-after')]).toEqual([503, '300'])
    expect(await each.json()).toMatchObject({
      code: 'store_damaged',
      detail: expect.stringContaining('backup'),
    })
  }
  expect(logged).toEqual([expect.stringMatching(/^THE DATABASE IS DAMAGED/)])
  await collector.close()
})

it('a restart keeps every response, report and counter', async () => {
  const data = temporaryDirectory()
  const clock = { now: () => now }
  const look = async (send: boolean): Promise<unknown[]> =>
    open({ data, ...keys, clock }, async ({ fetch }) => {
      if (send)
        await fetch(feedback(envelope('pk_test', [answer(1), answer(2, 0), answer(2), answer(3, 11)])))
      const paths = [
        '/v1/stats',
        '/v1/responses',
        '/v1/reports/nps?survey=nps-q4',
        '/v1/surveys',
        `/v1/responses/${uuid('response', 1)}`,
      ]
      const headers = { authorization: `Bearer ${keys.adminToken}` }
      return Promise.all(
        paths.map(async (path) => (await fetch(new Request(`http://localhost${path}`, { headers }))).json()),
      )
    })
  const before = await look(true)
  expect(before[0]).toEqual({ accepted: 2, duplicates: 1, rejected: 1, lost: 0, events: 2, responses: 2 })
  expect(await look(false)).toEqual(before)
})

describe('replaceAdminToken', () => {
  it('counts at once, also for a collector that runs', async () => {
    const data = temporaryDirectory()
    await open({ data }, async ({ site, fetch }) => {
      const { adminToken, writeKey } = await replaceAdminToken({ data })
      expect(writeKey).toBe(site.writeKey)
      expect((await fetch(stats(adminToken))).status).toBe(200)
      expect((await fetch(stats(site.adminToken ?? ''))).status).toBe(401)
      const audit = await fetch(
        new Request('http://x/v1/audit', { headers: { authorization: `Bearer ${adminToken}` } }),
      )
      expect(await audit.json()).toMatchObject({
        entries: [200, 102].map((status) => ({ who: 'cli', action: 'keys --new-admin-token', status })),
      })
    })
  })
  itInFile('makes nothing where there is nothing', async () => {
    const data = temporaryDirectory()
    await expect(replaceAdminToken({ data })).rejects.toThrow(/no site yet.*serve --data/)
    expect(readdirSync(data)).toEqual([])
  })
})

describe('a mistake in the options throws with the fix', () => {
  it.each<[object, RegExp]>([
    [{ data: '' }, /directory for the data, for example/],
    [{ data: undefined }, /directory for the data/],
    [{ writeKey: 'sk_0123456789abcdefghij' }, /must be "pk_"/],
    [{ writeKey: `pk_${'x'.repeat(98)}` }, /1–97/],
    [{ adminToken: 'pk_0123456789abcdefghij' }, /must be "sk_"/],
    [{ adminToken: 'sk_short' }, /16–197/],
    [{ origins: ['https://shop.example/'] }, /write "https:\/\/shop\.example"/],
    [{ origins: ['https://*.shop.example'] }, /is not an exact origin|wildcard/],
    [{ origins: ['shop.example'] }, /write it like "https:\/\/shop\.example"/],
    [{ origins: ['*'] }, /write it like/],
    [{ inlineSurveys: 'never' }, /use "accept" or "refuse"/],
    [{ store: 'mysql://me:geheim@localhost/x' }, /^(?!.*geheim).*write it like "postgres:/s],
    [{ store: '' }, /not the address of a PostgreSQL database/],
  ])('%j', async (options, message) => {
    await expect(createCollector({ data: ':memory:', ...options })).rejects.toThrow(message)
  })
  it('and never repeats a token', async () => {
    await expect(createCollector({ data: ':memory:', adminToken: 'sk_geheim' })).rejects.toThrow(
      /^(?!.*geheim)/s,
    )
  })
})

it('fetch works without a server, and says so after close', async () => {
  const collector = await createCollector({ data: ':memory:', ...keys })
  const response = await collector.fetch(feedback(envelope('pk_test', [answer(1)])))
  expect(await response.json()).toMatchObject({ accepted: [uuid('event', 1)] })
  await Promise.all([collector.close(), collector.close()])
  const late = await collector.fetch(new Request('http://localhost/healthz'))
  expect([late.status, late.headers.get('retry-after')]).toEqual([503, '5'])
  await expect(collector.listen({ port: 0 })).rejects.toThrow(/closed/)
})

it('a request that was begun before close is answered and stored', async () => {
  const data = temporaryDirectory()
  const collector = await createCollector({ data, ...keys })
  const answered = collector.fetch(feedback(envelope('pk_test', [answer(1)])))
  await collector.close()
  expect(await (await answered).json()).toMatchObject({ accepted: [uuid('event', 1)] })
  await open({ data, ...keys }, async ({ fetch }) =>
    expect(await (await fetch(stats(keys.adminToken))).json()).toMatchObject({ events: 1 }),
  )
})

itInFile(
  'a database that another process locks is answered with 503, and nothing is lost',
  async () => {
    const { DatabaseSync } = await import('node:sqlite')
    const data = temporaryDirectory()
    const running = await start({ data, log: { info: () => undefined, error: () => undefined } })
    const other = new DatabaseSync(join(data, 'earshot.sqlite'))
    other.exec('BEGIN IMMEDIATE')
    const refusing = running.post(JSON.stringify(envelope(running.key, [answer(1)])))
    let isRefused = false
    void refusing.then(() => (isRefused = true))
    // Asked again and again, since one alone could fall between two tries; none of them waits for the lock.
    for (let count = 0; count < 10; count++) {
      expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
      expect(isRefused).toBe(false)
    }
    const refused = await refusing
    expect([
      refused.status,
      refused.headers.get('retry-after'),
      refused.headers.get('access-control-allow-origin'),
    ]).toEqual([503, '30', '*'])
    expect(await refused.json()).toMatchObject({
      code: 'store_unavailable',
      detail: expect.stringContaining('locked'),
    })
    other.exec('ROLLBACK')
    other.close()
    expect((await running.send([answer(1)])).accepted).toHaveLength(1)
  },
  20_000,
)

describe('the log', () => {
  it('is one JSON object per line, whatever is logged', () => {
    const lines: string[] = []
    const log = createLog((line) => void lines.push(line), { now: () => now })
    log.error('broken\n{"level":"info"}', new Error('a\nb', { cause: new Error('c') }), { id: 'x' })
    log.info('started', { port: 1 })
    log.error('odd', 'no error')
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(parsed[0]).toMatchObject({
      time: '2026-11-21T12:00:00.000Z',
      level: 'error',
      id: 'x',
      error: 'a\nb',
      cause: 'c',
      stack: expect.any(String),
    })
    expect(parsed[1]).toEqual({
      time: '2026-11-21T12:00:00.000Z',
      level: 'info',
      message: 'started',
      port: 1,
    })
    expect(parsed[2]).toMatchObject({ error: 'no error' })
  })

  itInFile('never has a key, a token or a comment in it', async () => {
    const lines: string[] = []
    const data = temporaryDirectory()
    const running = await start({
      data,
      browserFiles: join(data, 'earshot.sqlite'),
      log: createLog((line) => void lines.push(line)),
    })
    const secret = 'canary-comment'
    const { DatabaseSync } = await import('node:sqlite')
    const other = new DatabaseSync(join(data, 'earshot.sqlite'))
    other.exec('DROP TABLE counters')
    const body = envelope(running.key, [
      answer(1, 0, { data: { question: 'why', value: secret, revision: 0 } }),
    ])
    expect((await running.post(JSON.stringify(body))).status).toBe(500)
    other.close()
    expect(lines.length).toBe(1)
    for (const hidden of [secret, running.key, running.token, npsSurvey.questions[0]?.title ?? ''])
      expect(lines.join()).not.toContain(hidden)
  })
})

itInFile('a damaged file is refused and stays as it was', async () => {
  const data = temporaryDirectory()
  const file = join(data, 'earshot.sqlite')
  writeFileSync(file, 'x'.repeat(10_000))
  await expect(createCollector({ data })).rejects.toThrow(/damaged or no SQLite database.*backup/s)
  expect(readFileSync(file, 'utf8')).toBe('x'.repeat(10_000))
})

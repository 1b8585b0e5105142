import { describe, expect, it } from 'vitest'
import { type Finished, preset, run as start, serve } from '../cli/fixtures.ts'
import {
  answer,
  createCollector,
  envelope,
  keys,
  temporaryDatabase,
  temporaryDirectory,
} from '../fixtures.ts'

const run = (args: string[], environment?: Record<string, string>): Promise<Finished> =>
  start(args, environment).finished

describe('the command line with --store', () => {
  it('replaces the admin token of a database, and says what is missing in an empty one', async () => {
    const store = await temporaryDatabase()
    const empty = await run(['keys', '--new-admin-token', '--store', store])
    expect([empty.code, empty.err]).toEqual([1, expect.stringMatching(/has no site yet.*serve --store/)])
    const collector = await createCollector({ store, adminToken: 'sk_0123456789abcdefghij' })
    const made = await run(['keys', '--new-admin-token'], { EARSHOT_STORE: store, EARSHOT_DATA: 'nowhere' })
    const [, token = ''] = /admin token +(sk_\S+)/.exec(made.out) ?? []
    const stats = (bearer: string): Promise<Response> =>
      collector.fetch(
        new Request('http://localhost/v1/stats', { headers: { authorization: `Bearer ${bearer}` } }),
      )
    expect((await stats(token)).status).toBe(200)
    expect((await stats('sk_0123456789abcdefghij')).status).toBe(401)
    await collector.close()
  })

  it('looks at a database, brings it to the format of today, and says what to use for backups', async () => {
    const store = await temporaryDatabase()
    await (await createCollector({ store, log: { info: () => undefined, error: console.error } })).close()
    const { code, out } = await run(['doctor', '--store', store, '--time-from', 'none'])
    expect(out).toMatch(/answers: PostgreSQL \d/)
    expect(out).toMatch(/has format \d+/)
    // The server of the tests does not sync.
    expect([code, out]).toEqual([1, expect.stringMatching(/fsync is off/)])
    expect(await run(['migrate', '--store', store])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/nothing to do/),
    })
    for (const [command, tool] of [
      ['backup', 'pg_dump'],
      ['restore', 'pg_restore'],
    ] as const)
      expect(await run([command, '--store', store])).toMatchObject({
        code: 1,
        err: expect.stringContaining(tool),
      })
    const gone = await run(['doctor', '--time-from', 'none'], {
      EARSHOT_STORE: 'postgres://me:geheim@127.0.0.1:1/feedback',
    })
    expect([gone.code, gone.out]).toEqual([
      1,
      expect.stringMatching(/127\.0\.0\.1:1\/feedback cannot be asked/),
    ])
    expect(gone.out + gone.err).not.toContain('geheim')
    const wrong = await run(['migrate', '--store', 'postgres://me:geheim@127.0.0.1:1/feedback'])
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/cannot be asked.*Check the address/)])
  }, 60_000)

  it('says what is wrong with an address, and never its password', async () => {
    for (const store of [
      'postgres://me:geheim@127.0.0.1:1/feedback',
      'mysql://me:geheim@localhost/feedback',
    ]) {
      const { code, out, err } = await run(['serve', '--port', '0', '--store', store])
      expect(code).toBe(1)
      expect(err).toMatch(/Cannot open postgres:\/\/127\.0\.0\.1:1\/feedback|write it like "postgres:/)
      expect(out + err).not.toContain('geheim')
    }
  })

  it('moves all that a directory has into a database, once no collector runs, and goes on from there', async () => {
    const store = await temporaryDatabase()
    const data = temporaryDirectory()
    const child = await serve(data, preset)
    const body = JSON.stringify(envelope(keys.writeKey, [answer(1), answer(2)]))
    expect((await fetch(`${child.url}/v1/feedback`, { method: 'POST', body })).status).toBe(200)
    expect(await run(['move', '--data', data, '--to', store])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/using .*Stop it first\. Nothing was changed/),
    })
    child.process.kill('SIGTERM')
    await child.finished
    expect(await run(['move', '--data', data, '--to', 'mysql://me:geheim@localhost/x'])).toMatchObject({
      code: 1,
      err: expect.not.stringContaining('geheim'),
    })
    expect(await run(['move', '--data', temporaryDirectory(), '--to', store])).toMatchObject({
      code: 1,
      err: expect.stringContaining('has no data'),
    })
    expect(await run(['move', '--data', data, '--to', store])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/2 events, 2 responses, 1 surveys?, 1 site,.*\n.*keys and tokens stay/),
    })
    const collector = await createCollector({ store, log: { info: () => undefined, error: console.error } })
    const request = (path: string, init: RequestInit): Promise<Response> =>
      collector.fetch(new Request(`http://localhost${path}`, init))
    const again = await request('/v1/feedback', { method: 'POST', body })
    expect(await again.json()).toMatchObject({
      accepted: [],
      duplicates: [expect.any(String), expect.any(String)],
    })
    const stats = await request('/v1/stats', {
      headers: { authorization: `Bearer ${preset['EARSHOT_ADMIN_TOKEN']}` },
    })
    expect(await stats.json()).toMatchObject({ accepted: 2, duplicates: 2, events: 2, responses: 2 })
    await collector.close()
    expect((await run(['audit', '--store', store])).out).toMatch(/ move +200/)
  }, 60_000)
})

import { expect, it } from 'vitest'
import { answer, createCollector, envelope, keys } from '../fixtures.ts'
import { freshPlace } from './fixtures.ts'

it('makes, lists and revokes sites, keys and tokens, which count at once for a collector that runs', async () => {
  const { place, command } = await freshPlace()
  const collector = await createCollector({ ...place, ...keys })
  const send = async (key: string): Promise<number> => {
    const body = JSON.stringify(envelope(key, [answer(1)]))
    const headers = { 'content-type': 'application/json' }
    return (await collector.fetch(new Request('http://x/v1/feedback', { method: 'POST', body, headers })))
      .status
  }
  const ask = async (token: string, path: string): Promise<number> =>
    (await collector.fetch(new Request(`http://x${path}`, { headers: { authorization: `Bearer ${token}` } })))
      .status
  try {
    const site = await command('sites', 'add', 'Second shop')
    expect(site).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^site +2 \(Second shop\)\nwrite key +pk_/),
    })
    const added = await command('keys', 'add', '--name', 'spring', '--site', 'Second shop', '--rate', '60')
    const [, key = ''] = /write key +(pk_\S+)/.exec(added.out) ?? []
    expect(await send(key)).toBe(200)
    const made = await command('tokens', 'add', '--role', 'viewer', '--days', '7', '--site', '2')
    const [, token = '', id = ''] = /token +(sk_\S+) [^]*id +(tok_\S+)/.exec(made.out) ?? []
    expect([await ask(token, '/v1/stats'), await ask(token, '/v1/export')]).toEqual([200, 403])

    expect((await command('keys', 'revoke', key, '--site', '2')).code).toBe(0)
    expect((await command('tokens', 'revoke', id)).code).toBe(0)
    expect([await send(key), await ask(token, '/v1/stats')]).toEqual([401, 401])
    const listed = await command('tokens', 'list')
    expect(listed.out).toMatch(new RegExp(`${id} +viewer +viewer +2 +no `))
    expect(listed.out).toMatch(/tok_\w+ +first +admin +all +yes /)
    expect(listed.out).not.toMatch(/sk_/)
    expect((await command('keys', 'list', '--site', '2')).out).toMatch(new RegExp(`${key} +spring +.* 60 `))
    expect((await command('sites', 'list')).out).toMatch(/2 +Second shop /)

    for (const [args, code, said] of [
      [['sites', 'add', 'main'], 1, /one with this name already/],
      [['keys', 'revoke', 'pk_none'], 1, /none with this name: "list"/],
      [['keys', 'add', '--origin', 'https://a.example/'], 2, /without path or slash/],
      [['keys', 'add', '--rate', '0'], 2, /from 1 to/],
      [['tokens', 'add'], 2, /needs --role admin\|analyst\|agent\|viewer/],
      [['tokens', 'drop'], 2, /use list, add, revoke/],
      [['keys', 'list', '--site', '9'], 2, /there are 1 \(main\), 2 \(Second shop\)/],
    ] as const) {
      const finished = await command(...args)
      expect([args, finished.code]).toEqual([args, code])
      expect(finished.err).toMatch(said)
    }
  } finally {
    await collector.close()
  }
}, 120_000)

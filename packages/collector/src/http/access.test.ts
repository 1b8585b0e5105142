import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answer, envelope, now, npsSurvey, onPostgres, start, temporaryDirectory, ways } from '../fixtures.ts'
import { permissions, roles, type Role } from '../core/roles.ts'
import type { Running } from '../fixtures.ts'
import { createRoutes } from './routes.ts'
import type { Deps } from './route.ts'

const made = async (response: Response): Promise<Record<string, string>> => {
  expect(response.status).toBe(201)
  return (await response.json()) as Record<string, string>
}
const post = (running: Running, path: string, body: object, headers = {}): Promise<Response> =>
  running.admin(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
const sendWith = (running: Running, key: string, number: number, headers = {}): Promise<Response> =>
  running.post(JSON.stringify(envelope(key, [answer(number)])), headers)
const as = (running: Running, token: string, path: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers)
  headers.set('authorization', `Bearer ${token}`)
  return fetch(running.url + path, { ...init, headers })
}
const codeOf = async (response: Response): Promise<unknown> => [
  response.status,
  ((await response.json()) as { code?: string }).code,
]

const table = createRoutes({ hash: { sha256: () => new Uint8Array() } } as unknown as Deps)

describe.each(ways)('write keys, by the way of %s', (way) => {
  it('two are good while one is changed for the other, and no answer is refused meanwhile', async () => {
    const running = await start({}, way)
    const { key = '' } = await made(await post(running, '/v1/keys', { name: 'spring' }))
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        if (index === 20)
          expect((await running.admin(`/v1/keys/${running.key}`, { method: 'DELETE' })).status).toBe(200)
        return (await sendWith(running, key, index)).status
      }),
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await codeOf(await sendWith(running, running.key, 99))).toEqual([401, 'unknown_key'])
    const config = await fetch(`${running.url}/v1/config?key=${running.key}`)
    expect(config.status).toBe(401)
    expect((await fetch(`${running.url}/v1/config?key=${key}`)).status).toBe(200)
    const listed = async (which: string): Promise<unknown> =>
      ((await running.read('/v1/keys')) as { keys: Record<string, unknown>[] }).keys.find(
        (each) => each['key'] === which,
      )
    expect(await listed(running.key)).toMatchObject({ revokedAt: expect.any(String) })
    // No request waits until it is stored that its key was used.
    const spring = { name: 'spring', revokedAt: null, usedAt: '2026-11-21T12:00:00.000Z' }
    await expect.poll(() => listed(key), { timeout: 10_000 }).toMatchObject(spring)
  })

  it('a key may have origins of its own, which replace those of the collector', async () => {
    const running = await start({ origins: ['https://shop.example'] }, way)
    const { key = '' } = await made(
      await post(running, '/v1/keys', { name: 'app', origins: ['capacitor://localhost'] }),
    )
    const from = async (origin: string, which: string): Promise<number> =>
      (await sendWith(running, which, 1, { origin })).status
    expect(await from('https://shop.example', running.key)).toBe(200)
    expect(await from('capacitor://localhost', key)).toBe(200)
    expect(await from('https://shop.example', key)).toBe(403)
    expect(await from('capacitor://localhost', running.key)).toBe(403)
    expect(await from('https://evil.example', key)).toBe(403)
    const let_in = await sendWith(running, key, 1, { origin: 'capacitor://localhost' })
    expect(let_in.headers.get('access-control-allow-origin')).toBe('capacitor://localhost')
  })

  it('without a list of the collector, the origins of a key hold all the same', async () => {
    const running = await start({}, way)
    const { key = '' } = await made(
      await post(running, '/v1/keys', { name: 'a', origins: ['https://a.example'] }),
    )
    expect((await sendWith(running, key, 1, { origin: 'https://b.example' })).status).toBe(403)
    expect((await sendWith(running, key, 1, { origin: 'https://a.example' })).status).toBe(200)
  })
})

it('sites see nothing of each other', async () => {
  const running = await start()
  const { site, key } = (await made(
    await post(running, '/v1/sites', { name: 'Second shop' }),
  )) as unknown as {
    site: { id: number }
    key: { key: string }
  }
  await running.put(npsSurvey)
  await running.send([answer(1)])
  expect((await sendWith(running, key.key, 1)).status).toBe(200)
  expect((await sendWith(running, key.key, 2)).status).toBe(200)
  const statsOf = async (name?: string): Promise<unknown> =>
    (
      await (
        await running.admin('/v1/stats', { headers: name === undefined ? {} : { 'earshot-site': name } })
      ).json()
    ).events
  expect([
    await statsOf(),
    await statsOf('1'),
    await statsOf(String(site.id)),
    await statsOf('Second shop'),
  ]).toEqual([1, 1, 2, 2])
  expect((await running.admin('/v1/stats', { headers: { 'earshot-site': '9' } })).status).toBe(403)

  const { token = '' } = await made(
    await post(running, '/v1/tokens', { name: 'theirs', role: 'admin' }, { 'earshot-site': '2' }),
  )
  const second = (await (await as(running, token, '/v1/stats')).json()) as { events: number }
  expect(second.events).toBe(2)
  expect((await as(running, token, '/v1/stats', { headers: { 'earshot-site': '1' } })).status).toBe(403)
  const json = { 'content-type': 'application/json' }
  for (const [path, body] of [
    ['/v1/sites', { name: 'third' }],
    ['/v1/tokens', { name: 'all', role: 'admin', allSites: true }],
  ] as const) {
    const refused = await as(running, token, path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: json,
    })
    expect([path, refused.status]).toEqual([path, 403])
  }
  // Neither may it end what is not its own, nor see it.
  const { tokens } = (await (await as(running, token, '/v1/tokens')).json()) as { tokens: { name: string }[] }
  expect(tokens.map((each) => each.name)).toEqual(['theirs'])
  const all = (await running.read('/v1/tokens')) as { tokens: { id: string; name: string }[] }
  const main = all.tokens.find((each) => each.name === 'first')?.id
  expect((await as(running, token, `/v1/tokens/${main}`, { method: 'DELETE' })).status).toBe(404)
  expect((await as(running, token, `/v1/keys/${running.key}`, { method: 'DELETE' })).status).toBe(404)
  expect((await as(running, token, '/metrics')).status).toBe(401)
})

describe('tokens', () => {
  it('each role opens what the table of roles says, and nothing else', async () => {
    const running = await start()
    await running.put(npsSurvey)
    const secrets: Partial<Record<Role, string>> = {}
    for (const role of roles)
      secrets[role] = (await made(await post(running, '/v1/tokens', { name: role, role })))['token'] ?? ''
    for (const route of table) {
      if (route.access !== 'admin') continue
      for (const role of roles) {
        const response = await as(running, secrets[role] ?? '', route.path.replaceAll(/\{\w+\}/g, 'x'), {
          method: route.method,
          ...(route.method === 'POST' || route.method === 'PUT'
            ? { body: '"x"', headers: { 'content-type': 'application/json' } }
            : {}),
        })
        // An answer that goes on for ever is one that was not refused.
        const isRefused = response.status === 403 && (await response.text()).includes('role_not_allowed')
        expect([route.method, route.path, role, isRefused]).toEqual([
          route.method,
          route.path,
          role,
          !permissions[route.need].includes(role),
        ])
      }
    }
  })

  it('end when they expire or are revoked, and the last admin stays', async () => {
    let time = now
    const running = await start({ clock: { now: () => time } })
    const { token = '', id } = await made(
      await post(running, '/v1/tokens', { name: 'short', role: 'viewer', days: 1 }),
    )
    expect((await as(running, token, '/v1/stats')).status).toBe(200)
    time += 86_399_999
    expect((await as(running, token, '/v1/stats')).status).toBe(200)
    time += 1
    expect((await as(running, token, '/v1/stats')).status).toBe(401)
    const other = await made(await post(running, '/v1/tokens', { name: 'b', role: 'analyst' }))
    expect((await as(running, other['token'] ?? '', '/v1/stats')).status).toBe(200)
    expect((await running.admin(`/v1/tokens/${other['id']}`, { method: 'DELETE' })).status).toBe(200)
    expect((await as(running, other['token'] ?? '', '/v1/stats')).status).toBe(401)
    const { tokens } = (await running.read('/v1/tokens')) as {
      tokens: { id: string; name: string; isLive: boolean }[]
    }
    expect(Object.fromEntries(tokens.map((each) => [each.name, each.isLive]))).toEqual({
      first: true,
      short: false,
      b: false,
    })
    expect(tokens.some((each) => each.id === id)).toBe(true)
    expect(JSON.stringify(tokens)).not.toMatch(/sk_|[0-9a-f]{64}/)
    expect(
      await codeOf(
        await running.admin(`/v1/tokens/${tokens.find((each) => each.name === 'first')?.id}`, {
          method: 'DELETE',
        }),
      ),
    ).toEqual([409, 'last_admin'])
  })

  it.skipIf(onPostgres)('are nowhere in the files, only their hashes', async () => {
    const data = temporaryDirectory()
    const running = await start({ data })
    const { token = '' } = await made(await post(running, '/v1/tokens', { name: 'a', role: 'admin' }))
    const bytes = Buffer.concat(readdirSync(data).map((name) => readFileSync(join(data, name))))
    expect(bytes.includes(token)).toBe(false)
    expect(bytes.includes('"role":"admin"')).toBe(true)
  })
})

it('what is wrong with a request is said, and nothing is made', async () => {
  const running = await start()
  for (const [path, body, at] of [
    ['/v1/keys', {}, 'name'],
    ['/v1/keys', { name: 'a', origins: ['https://a.example/'] }, 'origins'],
    ['/v1/keys', { name: 'a', rate: 0 }, 'rate'],
    ['/v1/keys', { name: 'a', more: 1 }, 'more'],
    ['/v1/tokens', { name: 'a', role: 'owner' }, 'role'],
    ['/v1/tokens', { name: 'a', role: 'viewer', days: 0.5 }, 'days'],
    ['/v1/sites', { name: '' }, 'name'],
  ] as const) {
    const response = await post(running, path, body)
    expect([path, response.status]).toEqual([path, 400])
    expect(((await response.json()) as { detail: string }).detail).toContain(at)
  }
  expect(await codeOf(await post(running, '/v1/sites', { name: 'main' }))).toEqual([409, 'name_taken'])
  expect(await codeOf(await running.admin('/v1/keys/pk_none', { method: 'DELETE' }))).toEqual([
    404,
    'not_found',
  ])
  expect(((await running.read('/v1/keys')) as { keys: unknown[] }).keys).toHaveLength(1)
})

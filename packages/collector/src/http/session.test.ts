import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { now, npsSurvey, onPostgres, start, temporaryDirectory, type Running } from '../fixtures.ts'

const json = { 'content-type': 'application/json' }
interface SignedIn {
  status: number
  cookie: string
  header: string
  body: { csrf: string; role: string; expiresAt: string; sites: object[] }
  retry: string | null
}
async function signIn(
  running: Running,
  token: string,
  headers: Record<string, string> = {},
): Promise<SignedIn> {
  const response = await fetch(`${running.url}/v1/session`, {
    method: 'POST',
    body: JSON.stringify({ token }),
    headers: { ...json, ...headers },
  })
  const header = response.headers.get('set-cookie') ?? ''
  return {
    status: response.status,
    header,
    cookie: header.split(';')[0] ?? '',
    body: (await response.json()) as SignedIn['body'],
    retry: response.headers.get('retry-after'),
  }
}
const ask = (
  running: Running,
  cookie: string,
  path: string,
  init: RequestInit = {},
  more = {},
): Promise<Response> => fetch(running.url + path, { ...init, headers: { cookie, ...more } })
const putSurvey = (running: Running, cookie: string, headers: object): Promise<Response> =>
  ask(
    running,
    cookie,
    '/v1/surveys/nps-q4',
    { method: 'PUT', body: JSON.stringify(npsSurvey) },
    { ...json, ...headers },
  )

describe('signing in', () => {
  it('gives a cookie that no script reads and no other site sends, which opens what the token opens', async () => {
    const data = temporaryDirectory()
    const running = await start({ data })
    const { status, header, cookie, body } = await signIn(running, running.token)
    expect([status, body.role]).toEqual([201, 'admin'])
    expect(header).toMatch(
      /^__Host-earshot=[\w-]{43}; Path=\/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict$/,
    )
    expect((await ask(running, cookie, '/v1/stats')).status).toBe(200)
    expect((await ask(running, `other=1; ${cookie}`, '/v1/keys')).status).toBe(200)
    expect((await ask(running, `${cookie}x`, '/v1/stats')).status).toBe(401)
    expect((await ask(running, '__Host-earshot=x', '/v1/stats')).status).toBe(401)
    expect(await (await ask(running, cookie, '/v1/session')).json()).toEqual(body)
    expect(await (await ask(running, cookie, '/v1/session?optional')).json()).toEqual(body)
    expect(body.sites).toEqual([{ id: 1, name: 'main' }])
    // Whoever only asks whether there is one is refused nothing.
    expect((await ask(running, '', '/v1/session')).status).toBe(401)
    const nobody = await ask(running, '', '/v1/session?optional')
    expect([nobody.status, await nobody.json()]).toEqual([200, { session: null }])
    const secret = cookie.split('=')[1] ?? ''
    if (!onPostgres) {
      const bytes = Buffer.concat(readdirSync(data).map((name) => readFileSync(join(data, name))))
      expect([
        bytes.includes(secret),
        bytes.includes(createHash('sha256').update(secret).digest('hex')),
      ]).toEqual([false, true])
    }
    // Another one each time, and no answer of it may be read by another origin.
    const again = await signIn(running, running.token, { origin: 'https://evil.example' })
    expect(again.cookie).not.toBe(cookie)
    const preflight = await fetch(`${running.url}/v1/session`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('is one without TLS where a browser on the machine itself asks for it, since not every one keeps a secure one there', async () => {
    const running = await start()
    const local = { token: running.token, local: true }
    const enter = (headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${running.url}/v1/session`, {
        method: 'POST',
        body: JSON.stringify(local),
        headers: { ...json, ...headers },
      })
    const answer = await enter()
    const header = answer.headers.get('set-cookie') ?? ''
    expect(header).toMatch(/^earshot-local=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/)
    const cookie = header.split(';')[0] ?? ''
    const { csrf } = (await answer.json()) as { csrf: string }
    expect((await ask(running, cookie, '/v1/stats')).status).toBe(200)
    expect((await putSurvey(running, cookie, {})).status).toBe(403)
    // Through a proxy it is neither given nor good: a neighbour of the host could have set it.
    for (const proxied of [{ 'x-forwarded-for': '192.0.2.1' }, { via: '1.1 proxy' }] as Record<
      string,
      string
    >[]) {
      expect((await enter(proxied)).headers.get('set-cookie')).toMatch(/^__Host-earshot=.* Secure;/)
      expect((await ask(running, cookie, '/v1/stats', {}, proxied)).status).toBe(401)
    }
    const left = await ask(running, cookie, '/v1/session', { method: 'DELETE' }, { 'earshot-csrf': csrf })
    expect([left.status, left.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringContaining('earshot-local=; Path=/; Max-Age=0;'),
    ])
    expect((await ask(running, cookie, '/v1/stats')).status).toBe(401)
  })

  it('ends when it is signed out, idle, or old, and with its token', async () => {
    let time = now
    const running = await start({ clock: { now: () => time } })
    const hour = 3_600_000
    const isIn = async (cookie: string): Promise<boolean> =>
      (await ask(running, cookie, '/v1/stats')).status === 200
    const out = await signIn(running, running.token)
    expect((await ask(running, out.cookie, '/v1/session', { method: 'DELETE' })).status).toBe(403)
    const left = await ask(
      running,
      out.cookie,
      '/v1/session',
      { method: 'DELETE' },
      { 'earshot-csrf': out.body.csrf },
    )
    expect([left.status, left.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringMatching(/^__Host-earshot=; Path=\/; Max-Age=0;/),
    ])
    expect(await isIn(out.cookie)).toBe(false)

    const idle = await signIn(running, running.token)
    const busy = await signIn(running, running.token)
    for (let hours = 1; hours <= 11; hours++) {
      time += hour
      expect(await isIn(busy.cookie)).toBe(true)
    }
    expect(await isIn(idle.cookie)).toBe(false)
    time += hour
    expect(await isIn(busy.cookie)).toBe(false)

    const made = await running.admin('/v1/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'a', role: 'viewer' }),
      headers: json,
    })
    const { token, id } = (await made.json()) as { token: string; id: string }
    const viewer = await signIn(running, token)
    expect([viewer.body.role, await isIn(viewer.cookie)]).toEqual(['viewer', true])
    expect((await ask(running, viewer.cookie, '/v1/export')).status).toBe(403)
    await running.admin(`/v1/tokens/${id}`, { method: 'DELETE' })
    expect(await isIn(viewer.cookie)).toBe(false)
  })
})

it('a page of another site changes nothing with the cookie, and none without the word of the session', async () => {
  const running = await start()
  const { cookie, body } = await signIn(running, running.token)
  const word = { 'earshot-csrf': body.csrf }
  const other = await signIn(running, running.token)
  for (const [headers, status] of [
    [{}, 403],
    [{ 'earshot-csrf': '' }, 403],
    [{ 'earshot-csrf': other.body.csrf }, 403],
    [{ ...word, 'sec-fetch-site': 'cross-site' }, 403],
    [{ ...word, 'sec-fetch-site': 'same-site' }, 403],
  ] as const) {
    const refused = await putSurvey(running, cookie, headers)
    expect([headers, refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      headers,
      status,
      'csrf',
    ])
  }
  expect(await running.read('/v1/surveys')).toEqual({ surveys: [] })
  // A form of another site that signs its visitor in as somebody else.
  expect((await signIn(running, running.token, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  const form = await fetch(`${running.url}/v1/session`, {
    method: 'POST',
    body: 'token=x',
    headers: { 'content-type': 'text/plain' },
  })
  expect(form.status).toBe(415)
  expect((await ask(running, cookie, '/v1/stats', {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await putSurvey(running, cookie, { ...word, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
})

describe('guessing', () => {
  it('is slowed down after five tries from a network, at the form and at every route, and nobody else is', async () => {
    let time = now
    const running = await start({ clock: { now: () => time }, trustProxy: ['loopback'] })
    const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address })
    const wrong = (number: number): string => `sk_wrong${String(number).padStart(20, '0')}`
    const answers = []
    for (let number = 0; number < 1000; number++)
      answers.push(await signIn(running, wrong(number), from('198.51.100.7')))
    expect(answers.slice(0, 5).every((each) => each.status === 401)).toBe(true)
    expect(answers.slice(5).every((each) => each.status === 429)).toBe(true)
    expect(Number(answers.at(-1)?.retry)).toBeGreaterThan(30)
    expect(new Set(answers.slice(0, 5).map((each) => JSON.stringify(each.body))).size).toBe(1)
    const bearing = (token: string, address: string): Promise<Response> =>
      fetch(`${running.url}/v1/stats`, { headers: { authorization: `Bearer ${token}`, ...from(address) } })
    expect((await bearing(wrong(2000), '198.51.100.8')).status).toBe(429)
    expect((await bearing(wrong(2000), '203.0.113.8')).status).toBe(401)
    const metrics = async (token: string, address: string): Promise<number> =>
      (
        await fetch(`${running.url}/metrics`, {
          headers: { authorization: `Bearer ${token}`, ...from(address) },
        })
      ).status
    expect([await metrics(wrong(2001), '198.51.100.8'), await metrics(wrong(1), '203.0.113.9')]).toEqual([
      429, 401,
    ])
    // The right one has to wait too, where it was not used before: else waiting would be worth nothing.
    expect((await signIn(running, running.token, from('198.51.100.7'))).status).toBe(429)
    expect((await signIn(running, running.token, from('203.0.113.8'))).status).toBe(201)
    expect((await bearing(running.token, '198.51.100.9')).status).toBe(200)
    // A program with an old token asks again and again, which is no guess.
    for (let count = 0; count < 50; count++)
      expect((await bearing(wrong(3000), '192.0.2.1')).status).toBe(401)
    expect((await bearing(wrong(3001), '192.0.2.1')).status).toBe(401)
    time += 60_000
    expect((await bearing(wrong(4000), '198.51.100.8')).status).toBe(401)
  })
})

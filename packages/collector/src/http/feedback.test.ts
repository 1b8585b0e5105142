import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { maxBodyBytes } from '@earshot/contract'
import { receiptSchema } from '@earshot/contract/schema'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  answer,
  envelope,
  keys,
  moment,
  npsSurvey,
  start as startBy,
  uuid,
  type Running,
  ways,
} from '../fixtures.ts'

async function refusal(response: Response): Promise<[number, string, string]> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const body = (await response.json()) as Record<string, unknown>
  expect(body).toEqual({
    type: `urn:earshot:problem:${String(body.code)}`,
    title: expect.any(String),
    status: response.status,
    code: body.code,
    detail: expect.stringMatching(/\.$/),
  })
  return [response.status, String(body.code), String(body.detail)]
}

// What arrives on the port takes the short way as far as it can; both must be the same to whoever sends.
describe.each(ways)('by the %s', (way) => {
  const start = (options: Parameters<typeof startBy>[0] = {}): Promise<Running> => startBy(options, way)

  describe('POST /v1/feedback', () => {
    it.each(['application/json', 'text/plain;charset=UTF-8', 'Application/JSON; charset=utf-8'])(
      'takes %s',
      async (type) => {
        const { post, key } = await start()
        const response = await post(JSON.stringify(envelope(key, [answer(1)])), { 'content-type': type })
        expect(response.status).toBe(200)
        expect(response.headers.get('cache-control')).toBe('no-store')
        expect(receiptSchema.parse(await response.json())).toEqual({
          accepted: [uuid('event', 1)],
          duplicates: [],
          rejected: [],
        })
      },
    )

    it('stores nineteen of twenty when one is bad, and gives them back', async () => {
      const { send, read } = await start()
      const events = Array.from({ length: 20 }, (_, index) => answer(index + 1, index === 7 ? 11 : 9))
      const receipt = await send(events)
      expect(receipt.accepted).toHaveLength(19)
      expect(receipt.rejected).toMatchObject([{ id: uuid('event', 8), code: 'score_out_of_range' }])
      const { responses } = await read('/v1/responses?survey=nps-q4')
      const ids = responses.map((each: { id: string }) => each.id).toSorted()
      expect(ids).toEqual(
        Array.from({ length: 20 }, (_, index) => uuid('response', index + 1)).filter(
          (_, index) => index !== 7,
        ),
      )
      expect(await read('/v1/stats')).toEqual({
        accepted: 19,
        duplicates: 0,
        rejected: 1,
        lost: 0,
        events: 19,
        responses: 19,
      })
    })

    it('stores a batch once when it is posted 50 times at once', async () => {
      const { send, read } = await start()
      const events = [1, 2, 3, 4].map((number) => answer(number))
      const receipts = await Promise.all(Array.from({ length: 50 }, () => send(events)))
      expect(receipts.map((each) => each.accepted.length).toSorted((a, b) => b - a)).toEqual([
        4,
        ...Array.from({ length: 49 }, () => 0),
      ])
      for (const each of receipts) expect(each.accepted.length + each.duplicates.length).toBe(4)
      const stats = await read('/v1/stats')
      expect(stats).toEqual({ accepted: 4, duplicates: 196, rejected: 0, lost: 0, events: 4, responses: 4 })
    })

    it('cleans text: broken UTF-8, lone surrogates, control characters', async () => {
      const { post, key, read } = await start()
      const body = JSON.stringify(
        envelope(key, [answer(1, 0, { data: { question: 'why', value: 'a\ud800 \u0000b%%', revision: 0 } })]),
      )
      const [before = '', after = ''] = body.split('%%')
      const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc3]), Buffer.from(after)])
      const response = await post(bytes)
      expect(receiptSchema.parse(await response.json()).accepted).toHaveLength(1)
      const stored = await read(`/v1/responses/${uuid('response', 1)}`)
      expect(stored.response.answers.why.value).toBe('a\ufffd b\ufffd\ufffd')
    })

    it('counts what devices gave up, once, and tells of it in the report of the survey', async () => {
      const { send, read } = await start()
      const data = {
        reason: 'room',
        events: { answer: 2, track: 40 },
        surveys: { 'nps-q4': 2, 'made-up': 7 },
        from: moment(-9000),
        to: moment(-60),
      }
      const loss = { type: 'loss', survey: undefined, surveyVersion: undefined, response: undefined, data }
      await send([answer(1)])
      const receipts = [await send([answer(2, 9, loss)]), await send([answer(2, 9, loss)])]
      expect(receipts.map((each) => each.accepted.length)).toEqual([1, 0])
      expect(await read('/v1/stats')).toMatchObject({ lost: 42, events: 2, responses: 1 })
      const { notes } = await read('/v1/reports/nps?survey=nps-q4')
      expect(notes).toContainEqual(expect.stringMatching(/^2 events of this survey, .* never arrived/))
    })

    it('takes gzip', async () => {
      const { post, key } = await start()
      const body = gzipSync(JSON.stringify(envelope(key, [answer(1)])))
      const response = await post(body, { 'content-encoding': 'gzip' })
      expect(receiptSchema.parse(await response.json()).accepted).toHaveLength(1)
    })

    it('takes 500 events and refuses 501', async () => {
      const { post, send, key } = await start()
      const events = Array.from({ length: 501 }, (_, index) => answer(index))
      expect((await send(events.slice(1))).accepted).toHaveLength(500)
      expect(await refusal(await post(JSON.stringify(envelope(key, events))))).toMatchObject([
        400,
        'invalid_envelope',
        expect.stringContaining('At events: must have at most'),
      ])
    })
  })

  describe('POST /v1/feedback refuses', () => {
    const good = JSON.stringify(envelope(keys.writeKey, [answer(1)]))
    const change = (fields: object): string => JSON.stringify({ ...JSON.parse(good), ...fields })
    const json = 'application/json'
    it.each<[string, BodyInit, Record<string, string>, number, string, RegExp]>([
      ['truncated JSON', good.slice(0, -20), {}, 400, 'invalid_json', /not JSON/],
      ['no body', '', {}, 400, 'invalid_json', /not JSON/],
      ['a list', '[]', {}, 400, 'invalid_envelope', /must be an object.*a list of 0/],
      ['null', 'null', {}, 400, 'invalid_envelope', /found null/],
      ['no key', change({ key: undefined }), {}, 400, 'invalid_envelope', /^At key: .*found nothing/],
      ['a key of the wrong type', change({ key: 5 }), {}, 400, 'invalid_envelope', /^At key: .*found 5/],
      ['a time that is none', change({ sentAt: 'now' }), {}, 400, 'invalid_envelope', /^At sentAt: .*"now"/],
      ['no events', change({ events: [] }), {}, 400, 'invalid_envelope', /^At events: .*a list of 0/],
      [
        '51 surveys',
        change({ surveys: Array.from({ length: 51 }, () => ({})) }),
        {},
        400,
        'invalid_envelope',
        /^At surveys/,
      ],
      [
        'deep nesting',
        change({ events: [JSON.parse('['.repeat(40) + ']'.repeat(40))] }),
        {},
        400,
        'invalid_json',
        /deeper than 32/,
      ],
      ['absurd nesting', '['.repeat(maxBodyBytes - 1), {}, 400, 'invalid_json', /deeper than 32/],
      ['an unknown key', change({ key: 'pk_other' }), {}, 401, 'unknown_key', /pk_/],
      ['the admin token as key', change({ key: keys.adminToken }), {}, 401, 'unknown_key', /pk_/],
      [
        'a form',
        good,
        { 'content-type': 'application/x-www-form-urlencoded' },
        415,
        'unsupported_type',
        /application\/json/,
      ],
      ['brotli', good, { 'content-encoding': 'br' }, 415, 'unsupported_encoding', /gzip/],
      ['gzip twice', good, { 'content-encoding': 'gzip, gzip' }, 415, 'unsupported_encoding', /gzip/],
      ['gzip that is none', good, { 'content-encoding': 'gzip' }, 400, 'invalid_encoding', /not gzip/],
      [
        'gzip cut short',
        gzipSync(good).subarray(0, 60),
        { 'content-encoding': 'gzip' },
        400,
        'invalid_encoding',
        /not gzip/,
      ],
      [
        'a gzip bomb',
        gzipSync(Buffer.alloc(200 * maxBodyBytes)),
        { 'content-encoding': 'gzip' },
        413,
        'body_too_large',
        /1048576 bytes/,
      ],
      ['2 MiB', 'x'.repeat(2 * maxBodyBytes), {}, 413, 'body_too_large', /smaller batches/],
    ])('%s', async (_, body, headers, status, code, detail) => {
      const { post, read } = await start()
      const made = await refusal(await post(body, { 'content-type': json, ...headers }))
      expect(made).toEqual([status, code, expect.stringMatching(detail)])
      expect((await read('/v1/stats')).events).toBe(0)
    })

    it('2 MiB without a length, on a connection that then serves the next request', async () => {
      const { url } = await start()
      const sent = httpRequest(`${url}/v1/feedback`, { method: 'POST', headers: { 'content-type': json } })
      const answered = once(sent, 'response')
      for (let index = 0; index < 32; index++) sent.write(Buffer.alloc(65_536, 'x'))
      sent.end()
      const [response] = await answered
      expect(response.statusCode).toBe(413)
      response.resume()
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
    })

    it('another method and another path', async () => {
      const { url } = await start()
      const got = await fetch(`${url}/v1/feedback`)
      expect(got.headers.get('allow')).toBe('POST')
      expect(await refusal(got)).toMatchObject([405, 'wrong_method', expect.stringContaining('POST')])
      for (const path of [
        '/v1/feedbacks',
        '/v1/feedback/',
        '/V1/feedback',
        '/',
        '/v1/responses/%ff',
        '/v1/surveys/',
      ])
        expect((await refusal(await fetch(url + path, { method: 'POST' }))).slice(0, 2)).toEqual([
          404,
          'unknown_path',
        ])
      expect((await refusal(await fetch(`${url}/`)))[2]).toBe(
        'There is nothing at /. The dashboard is at /dashboard, the documentation at /docs.',
      )
    })
  })

  describe('origins', () => {
    const shop = 'https://shop.example'
    const ask = (url: string, init: RequestInit): Promise<Response> =>
      fetch(`${url}/v1/feedback`, {
        method: 'POST',
        body: JSON.stringify(envelope(keys.writeKey, [answer(1)])),
        ...init,
      })

    it('lets any page in by default, without credentials', async () => {
      const { url } = await start()
      const response = await ask(url, { headers: { origin: 'https://anywhere.example' } })
      expect(response.status).toBe(200)
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    })

    it('echoes an origin on the list and refuses the others', async () => {
      const { url, read } = await start({ origins: [shop] })
      for (const origin of [
        'https://evil.example',
        `${shop}.evil.example`,
        'http://shop.example',
        `${shop}:8443`,
        'null',
      ]) {
        const refused = await ask(url, { headers: { origin } })
        expect(refused.headers.get('access-control-allow-origin')).toBe('*')
        expect(refused.headers.get('vary')).toBe('origin')
        expect((await refusal(refused)).slice(0, 2)).toEqual([403, 'origin_not_allowed'])
      }
      expect((await read('/v1/stats')).events).toBe(0)
      const taken = await ask(url, { headers: { origin: shop } })
      expect(taken.status).toBe(200)
      expect(taken.headers.get('access-control-allow-origin')).toBe(shop)
      expect(taken.headers.get('vary')).toBe('origin')
      const config = await fetch(`${url}/v1/config?key=pk_test`, {
        headers: { origin: 'https://evil.example' },
      })
      expect(config.headers.get('access-control-allow-origin')).toBe('*')
      expect((await refusal(config)).slice(0, 2)).toEqual([403, 'origin_not_allowed'])
    })

    it('lets a page read status and Retry-After of every answer', async () => {
      const { url, collector } = await start({ origins: [shop] })
      const headers = { origin: shop }
      const big = 'x'.repeat(maxBodyBytes + 1)
      const unknown = JSON.stringify(envelope('pk_other', [answer(1)]))
      const answers = [
        await ask(url, { headers }),
        await ask(url, { headers, body: '{' }),
        await ask(url, { headers, body: big }),
        await ask(url, { headers, body: unknown }),
        await fetch(`${url}/v1/config?key=pk_other`, { headers }),
        await fetch(`${url}/v1/config?key=${keys.writeKey}`, { headers }),
        await ask(url, { headers, method: 'PUT' }),
      ]
      await collector.close()
      answers.push(
        await collector.fetch(new Request('http://x/v1/feedback', { method: 'POST', headers, body: '{}' })),
      )
      expect(answers.map((each) => each.status)).toEqual([200, 400, 413, 401, 401, 200, 405, 503])
      for (const each of answers) {
        expect(each.headers.get('access-control-allow-origin')).toBe(shop)
        expect(each.headers.get('access-control-expose-headers')).toBe('retry-after')
      }
      expect(answers.at(-1)?.headers.get('retry-after')).toBe('5')
    })

    it.each([
      'capacitor://localhost',
      'ionic://localhost',
      'tauri://localhost',
      'chrome-extension://abcdefgh',
    ])('takes the origin %s', async (origin) => {
      const { url } = await start({ origins: [origin] })
      const taken = await ask(url, { headers: { origin } })
      expect([taken.status, taken.headers.get('access-control-allow-origin')]).toEqual([200, origin])
      expect((await ask(url, { headers: { origin: `${origin}x` } })).status).toBe(403)
    })

    it('lets a page read why it was refused', async () => {
      const { url } = await start({ origins: [shop] })
      const response = await ask(url, { headers: { origin: shop }, body: '{' })
      expect(response.status).toBe(400)
      expect(response.headers.get('access-control-allow-origin')).toBe(shop)
    })

    it('answers the preflight of an allowed origin', async () => {
      const { url } = await start({ origins: [shop] })
      const headers = { origin: shop, 'access-control-request-method': 'POST' }
      const response = await fetch(`${url}/v1/feedback`, { method: 'OPTIONS', headers })
      expect(response.status).toBe(204)
      expect(response.headers.get('access-control-allow-origin')).toBe(shop)
      expect(response.headers.get('access-control-allow-methods')).toBe('POST')
      expect(response.headers.get('access-control-allow-headers')).toContain('content-type')
      const evil = await fetch(`${url}/v1/feedback`, {
        method: 'OPTIONS',
        headers: { ...headers, origin: 'https://evil.example' },
      })
      expect(evil.status).toBe(403)
    })

    it.each(['/v1/surveys', '/v1/responses', '/v1/stats', '/v1/export', '/v1/reports/nps'])(
      'gives no CORS header on %s',
      async (path) => {
        const { url, admin } = await start()
        const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' }
        const answers = [
          await admin(path, { headers }),
          await fetch(url + path, { method: 'OPTIONS', headers }),
        ]
        for (const response of answers)
          expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
        expect(answers[1]?.status).toBe(405)
      },
    )
  })

  describe('a client that misbehaves', () => {
    const head = 'POST /v1/feedback HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
    async function open({ url }: Running): Promise<Socket> {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      return socket
    }

    it('by breaking off in the body harms nobody', async () => {
      const running = await start()
      for (let index = 0; index < 10; index++) {
        const socket = await open(running)
        socket.write(`${head}content-length: 1000\r\n\r\n{"key":`)
        socket.destroy()
        await once(socket, 'close')
      }
      expect((await running.send([answer(1)])).accepted).toHaveLength(1)
    })

    it('by ending the body early is told so', async () => {
      const running = await start()
      const socket = await open(running)
      socket.end(`${head}content-length: 1000\r\n\r\n{"key":`)
      const [data] = await once(socket, 'data')
      expect(String(data)).toMatch(/^HTTP\/1\.1 400/)
      expect((await running.send([answer(1)])).accepted).toHaveLength(1)
    })

    it.each([
      ['two lengths', `${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
      ['length and chunks', `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
      ['an odd encoding', `${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`],
      ['no HTTP', 'HELLO\r\n\r\n'],
    ])('by sending %s is refused', async (_, bytes) => {
      const running = await start()
      const socket = await open(running)
      const closed = once(socket, 'close')
      let text = ''
      socket.on('data', (chunk) => (text += String(chunk)))
      socket.write(bytes)
      await closed
      expect(text).toMatch(/^HTTP\/1\.1 (400|501)/)
      expect((await running.send([answer(1)])).accepted).toHaveLength(1)
    })

    it('by an absurd address gets an answer', async () => {
      const running = await start()
      for (const path of ['http://[::', '/%', '*']) {
        const socket = await open(running)
        socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
        const [data] = await once(socket, 'data')
        expect(String(data)).toMatch(/^HTTP\/1\.1 40[045]/)
        socket.destroy()
      }
    })
  })

  it.each(['//', '//evil.example/v1/stats', '/a/../v1/stats', '/%2e%2e/v1/stats', '\\\\x\\v1\\stats', '?x'])(
    'refuses the target %s, which means another path than it says',
    async (path) => {
      const { url, token } = await start()
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n\r\n`,
      )
      const [data] = await once(socket, 'data')
      expect(String(data)).toMatch(/^HTTP\/1\.1 400/)
      socket.destroy()
    },
  )

  it('holds at most 64 MiB of bodies, and says when to come again', async () => {
    const { collector, key, post } = await start()
    const chunk = new Uint8Array(maxBodyBytes - 1).fill(32)
    /** A request whose body has been taken but for its last byte. */
    const open = async (): Promise<{ answered: Promise<Response>; end: () => void }> => {
      let take = (): void => {}
      let end = (): void => {}
      const taken = new Promise<void>((resolve) => (take = resolve))
      const ended = new Promise<void>((resolve) => (end = resolve))
      let pulls = 0
      const body = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            if (pulls++ === 0) return controller.enqueue(chunk)
            take()
            await ended
            controller.close()
          },
        },
        { highWaterMark: 0 },
      )
      const headers = { 'content-type': 'application/json' }
      const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
      const answered = collector.fetch(new Request('http://collector/v1/feedback', init))
      await taken
      return { answered, end }
    }
    const held = await Promise.all(Array.from({ length: 64 }, open))
    const body = JSON.stringify(envelope(key, [answer(1)]))
    const refused = await post(body)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
    expect((await refusal(refused)).slice(0, 2)).toEqual([503, 'overloaded'])
    for (const { end } of held) end()
    // Blanks are no JSON; what they held is free again.
    for (const { answered } of held) expect((await answered).status).toBe(400)
    expect((await post(body)).status).toBe(200)
  })

  it('keeps memory for what arrives, and none for what is only promised', async () => {
    const { url, key, post, admin } = await start()
    const { port } = new URL(url)
    const sockets = Array.from({ length: 70 }, () => {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => undefined)
      onTestFinished(() => void socket.destroy())
      socket.write(
        'POST /v1/feedback HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 1048576\r\n\r\n{',
      )
      return socket
    })
    await vi.waitFor(async () =>
      expect(await (await admin('/metrics')).text()).toMatch(/earshot_http_requests_running 7[0-9]\n/),
    )
    expect((await post(JSON.stringify(envelope(key, [answer(1)])))).status).toBe(200)
    // What has arrived of them does count: 64 MiB in all.
    const answers = sockets.map(
      (socket) =>
        new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data).slice(9, 12)))),
    )
    for (const socket of sockets) socket.write(' '.repeat(1024 * 1024 - 2))
    expect(await Promise.race(answers)).toBe('503')
    for (const socket of sockets) socket.write(' ')
    const codes = (await Promise.all(answers)).toSorted()
    expect([...new Set(codes)]).toEqual(['400', '503'])
    expect((await post(JSON.stringify(envelope(key, [answer(2)])))).status).toBe(200)
  })

  it('serves a survey conflict and everything else that needs the store over HTTP too', async () => {
    const { send, put } = await start()
    expect((await put(npsSurvey)).status).toBe(201)
    const changed = { ...npsSurvey, questions: npsSurvey.questions.slice(0, 1) }
    const receipt = await send([answer(1)], { surveys: [changed] })
    expect(receipt.rejected).toMatchObject([{ code: 'survey_conflict' }])
    expect((await send([answer(2)], { surveys: undefined })).accepted).toHaveLength(1)
  })

  it('registers at most 200 inline surveys', async () => {
    const { send } = await start()
    const many = (
      from: number,
      count: number,
    ): Promise<{ accepted: string[]; rejected: { code: string }[] }> => {
      const ids = Array.from({ length: count }, (_, index) => `s-${from + index}`)
      return send(
        ids.map((id, index) => answer(from + index, 9, { survey: id })),
        { surveys: ids.map((id) => ({ ...npsSurvey, id })) },
      )
    }
    for (const from of [0, 50, 100, 150]) expect((await many(from, 50)).accepted).toHaveLength(50)
    expect((await many(200, 1)).rejected).toMatchObject([{ code: 'too_many_surveys' }])
  })
})

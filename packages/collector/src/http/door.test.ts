import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answer, envelope, keys, npsSurvey, start, type Running } from '../fixtures.ts'
import type { ShortCall } from './intake.ts'
import { startServer, type Timeouts } from './server.ts'
import { readUsualRequest } from './usualRequest.ts'

const usual = [
  'host: feedback.example',
  'origin: https://shop.example',
  'user-agent: Mozilla/5.0 (X11; Linux x86_64)',
  'accept: */*',
  'content-type: text/plain;charset=UTF-8',
]

function bodyOf(number: number, fields: object = {}): string {
  return JSON.stringify(
    envelope(keys.writeKey, [answer(number, number % 11, fields)], { surveys: undefined }),
  )
}

function requestOf(
  body: string,
  headers: readonly string[] = usual,
  line = 'POST /v1/feedback HTTP/1.1',
): Buffer {
  const length = `content-length: ${Buffer.byteLength(body)}`
  return Buffer.from(`${[line, ...headers, length].join('\r\n')}\r\n\r\n${body}`)
}

async function open({ url }: Pick<Running, 'url'>): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.setEncoding('latin1')
  await once(socket, 'connect')
  return socket
}

interface Said {
  status: number
  headers: string[]
  body: string
}

/** The first whole answer in a text, and what is behind it; null if it is not whole. */
function firstAnswer(text: string): { said: Said; rest: string } | null {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [line = '', ...fields] = text.slice(0, end).split('\r\n')
  const status = Number(line.slice(9, 12))
  // What node:http says by itself to what it cannot read has no body, and no length.
  const headers = fields
    .filter((each) => !/^(date|x-request-id|transfer-encoding|content-length|keep-alive):/i.test(each))
    .map((each) => each.toLowerCase())
    .toSorted()
  const rest = text.slice(end + 4)
  if (fields.some((each) => /^transfer-encoding: chunked$/i.test(each))) {
    const last = rest.indexOf('0\r\n\r\n')
    if (last < 0) return null
    const body = rest.slice(0, last).replaceAll(/(^|\r\n)[\da-f]+\r\n/g, '')
    return { said: { status, headers, body: body.replace(/\r\n$/, '') }, rest: rest.slice(last + 5) }
  }
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0)
  if (rest.length < length) return null
  return { said: { status, headers, body: rest.slice(0, length) }, rest: rest.slice(length) }
}

/** Sends pieces one after another, each when the one before has left, and gives so many answers; fewer where the connection ends. */
async function talk(
  running: Pick<Running, 'url'>,
  pieces: readonly Buffer[],
  count: number,
): Promise<Said[]> {
  const socket = await open(running)
  const said: Said[] = []
  let text = ''
  const over = new Promise<void>((resolve) => {
    socket.on('data', (chunk: string) => {
      text += chunk
      for (let found = firstAnswer(text); found; found = firstAnswer(text)) {
        said.push(found.said)
        text = found.rest
      }
      // What comes before an answer is none: "100" says that the body may follow.
      if (said.filter(({ status }) => status >= 200).length >= count) resolve()
    })
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
  })
  for (const piece of pieces) {
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()))
    // So that they arrive apart.
    await new Promise((resolve) => setImmediate(resolve))
  }
  await over
  socket.destroy()
  return said
}

const silent = { info: () => undefined, error: () => undefined }

/** The same collector, with the door and without it: what is logged is read by node:http. */
async function startBoth(options: object = {}): Promise<[withDoor: Running, without: Running]> {
  const both = await Promise.all([
    start({ ...options, log: silent }),
    start({ ...options, log: silent, logRequests: true }),
  ])
  for (const each of both) await each.put(npsSurvey)
  return both
}

/** What is stored, in an order that is not that of arrival: requests that come in one piece are read one by one here, and together there. */
async function keptOf(running: Running): Promise<{ id: string }[]> {
  const { responses } = await running.read('/v1/responses?limit=200')
  return (responses as { id: string }[]).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** What may be said in the head of a request besides. */
const oddity = fc.constantFrom(
  '',
  '',
  'connection: keep-alive',
  'Connection: close',
  'transfer-encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'content-length: 5',
  'content-length: +5',
  'host: other.example',
  'content-encoding: gzip',
  'expect: 100-continue',
  'upgrade: websocket',
  'origin: https://evil.example',
  'x-forwarded-for: 198.51.100.7',
  'x-odd: caf\u00e9',
  'x-tab:\ta\tb',
  ' folded: line',
  'no colon',
  'sp ace: 1',
  ': empty',
  'x-empty:',
  'x-null: a\u0000b',
  'x-return: a\rb',
  'X-Mixed-Case: Yes',
  '__proto__: a',
  'constructor: a',
  'x-long: '.padEnd(9000, 'a'),
  'x-too-long: '.padEnd(20_000, 'a'),
)
const line = fc.constantFrom(
  ...Array.from({ length: 8 }, () => 'POST /v1/feedback HTTP/1.1'),
  'POST /v1/feedback HTTP/1.0',
  'POST /v1/feedback  HTTP/1.1',
  'post /v1/feedback HTTP/1.1',
  'POST /v1/feedback?a=b HTTP/1.1',
  'POST //v1/feedback HTTP/1.1',
  'PUT /v1/feedback HTTP/1.1',
  'GET /healthz HTTP/1.1',
  'OPTIONS /v1/feedback HTTP/1.1',
)

describe('the door', () => {
  it('says and stores what node:http would have, whatever is sent and however it is cut', async () => {
    const options = { origins: ['https://shop.example'] }
    const [own, other] = await startBoth(options)
    let number = 0
    await fc.assert(
      fc.asyncProperty(
        line,
        fc.array(oddity, { maxLength: 2 }),
        fc.nat({ max: usual.length }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 2 }),
        fc.boolean(),
        async (first, odd, left, cuts, isTwice) => {
          const body = bodyOf(++number)
          const headers = [...usual.filter((_, index) => index !== left), ...odd.filter(Boolean)]
          const one = requestOf(body, headers, first)
          // Behind the last request of a connection node:http says what it is just in time to say.
          const isLast = first.endsWith('1.0') || odd.some((each) => /^connection: close$/i.test(each))
          const bytes = isTwice && !isLast ? Buffer.concat([one, requestOf(bodyOf(++number))]) : one
          const places = [0, ...cuts.map((each) => Math.floor(each * bytes.length)).toSorted((a, b) => a - b)]
          const pieces = places
            .map((place, index) => bytes.subarray(place, places[index + 1] ?? bytes.length))
            .filter((piece) => piece.length > 0)
          const [a, b] = await Promise.all(
            [own, other].map((each) => talk(each, pieces, isTwice && !isLast ? 2 : 1)),
          )
          expect(a).toEqual(b)
        },
      ),
      { numRuns: Number(process.env.EARSHOT_RUNS ?? 300) },
    )
    const [kept, wanted] = await Promise.all([own, other].map(keptOf))
    expect(kept?.length).toBeGreaterThan(5)
    expect(kept).toEqual(wanted)
    expect(await own.read('/v1/stats')).toEqual(await other.read('/v1/stats'))
  }, 60_000)

  it('answers one request after another, and what came before the answer', async () => {
    const running = await start({ log: silent })
    await running.put(npsSurvey)
    const requests = [1, 2, 3, 4].map((number) => requestOf(bodyOf(number)))
    const said = await talk(running, requests, 4)
    expect(said.map((each) => each.status)).toEqual([200, 200, 200, 200])
    expect(said.map((each) => (JSON.parse(each.body) as { accepted: string[] }).accepted[0])).toEqual(
      [1, 2, 3, 4].map((number) => answer(number).id),
    )
    const together = await talk(
      running,
      [Buffer.concat([5, 6, 7].map((number) => requestOf(bodyOf(number))))],
      3,
    )
    expect(together.map((each) => each.status)).toEqual([200, 200, 200])
  })

  it('has what is written in other letters in the receipt', async () => {
    const running = await start({ log: silent })
    await running.put(npsSurvey)
    const [said] = await talk(running, [requestOf(bodyOf(1, { id: 'Zoë 😀' }))], 1)
    expect(said).toMatchObject({ status: 200 })
    expect(JSON.parse(Buffer.from(said?.body ?? '', 'latin1').toString())).toMatchObject({
      rejected: [{ id: 'Zoë 😀' }],
    })
  })

  it('counts what it answers, and each request once', async () => {
    const running = await start({ log: silent })
    await running.put(npsSurvey)
    await talk(running, [requestOf(bodyOf(1)), requestOf(bodyOf(2)), requestOf('{"key":5}')], 3)
    const text = await (await running.admin('/metrics')).text()
    const counted = (status: number): string =>
      `earshot_http_requests_total{route="/v1/feedback",method="POST",status="${status}"}`
    expect(text).toContain(`${counted(200)} 2\n`)
    expect(text).toContain(`${counted(400)} 1\n`)
    expect(text).toContain('earshot_http_requests_running 1\n')
    expect(text).toContain('earshot_http_request_seconds_count{route="/v1/feedback"} 3\n')
  })

  it('takes of the limit of a network once for each request', async () => {
    const running = await start({ log: silent, networkRate: 8, trustProxy: ['loopback'] })
    await running.put(npsSurvey)
    const from = [...usual, 'x-forwarded-for: 198.51.100.7']
    // The first is not as usual, which shows only when its body is read; with the second the two that may come at once are gone.
    const said = await talk(
      running,
      [requestOf('{"key":5}', from), requestOf(bodyOf(2), from), requestOf(bodyOf(3), from)],
      3,
    )
    expect(said.map((each) => each.status)).toEqual([400, 200, 429])
  })

  it('ends what is idle when the collector closes', async () => {
    const running = await start({ log: silent })
    await running.put(npsSurvey)
    const quiet = await open(running)
    const used = await open(running)
    used.write(requestOf(bodyOf(1)))
    await once(used, 'data')
    const ended = Promise.all([once(quiet, 'close'), once(used, 'close')])
    quiet.resume()
    used.resume()
    await running.collector.close()
    await ended
  })
})

describe('slow clients are cut at the door', () => {
  const timeouts: Timeouts = { headers: 60, request: 120, idle: 30, check: 20, close: 150 }
  /** All that a server says to these bytes until it ends the connection. */
  const until = async (bytes: Buffer): Promise<string> => {
    const call: ShortCall = {
      take: async () => '{"accepted":[]}',
      hold: () => true,
      refuse: () => new Response(null, { status: 503 }),
      headers: ['content-type', 'application/json'],
      release: () => undefined,
    }
    const { url, close } = await startServer(
      async (request) => new Response(await request.text()),
      { port: 0 },
      silent,
      timeouts,
      () => call,
      undefined,
      undefined,
      () => () => undefined,
    )
    onTestFinished(close)
    const socket = await open({ url })
    let text = ''
    socket.on('data', (chunk: string) => (text += chunk))
    socket.on('error', () => undefined)
    const closed = once(socket, 'close')
    if (bytes.length > 0) socket.write(bytes)
    await closed
    return text
  }

  it('who says nothing', async () => {
    expect(await until(Buffer.alloc(0))).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
  })
  it('who does not finish, by node:http', async () => {
    expect(await until(requestOf(bodyOf(1)).subarray(0, -1))).toMatch(/^HTTP\/1\.1 408 /)
  })
  it('who asks nothing more', async () => {
    expect(await until(requestOf(bodyOf(1)))).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\{"accepted":\[\]\}$/s)
  })
})

describe('readUsualRequest', () => {
  it('reads what is there in one piece, and nothing that is cut or has more behind it', () => {
    const whole = requestOf(bodyOf(1))
    const read = readUsualRequest(whole)
    expect(read?.body.toString()).toBe(bodyOf(1))
    expect(read?.headers).toMatchObject({ host: 'feedback.example', origin: 'https://shop.example' })
    for (let length = 0; length < whole.length; length++)
      expect(readUsualRequest(whole.subarray(0, length))).toBeNull()
    expect(readUsualRequest(Buffer.concat([whole, whole]))).toBeNull()
    expect(readUsualRequest(Buffer.concat([whole, Buffer.from('\r\n')]))).toBeNull()
  })

  it.each([
    ['a header twice', [...usual, 'Origin: https://shop.example']],
    ['two lengths', [...usual, 'content-length: 5']],
    ['chunks', [...usual, 'transfer-encoding: chunked']],
    ['another end of the connection', [...usual, 'connection: close']],
    ['an upgrade', [...usual, 'upgrade: h2c']],
    ['a line that goes on', [...usual, 'x-a: 1', ' 2']],
    ['a line feed alone', [...usual, 'x-a: 1\nx-b: 2']],
    ['a return alone', [...usual, 'x-a: 1\rx-b: 2']],
    ['a blank before the colon', [...usual, 'x-a : 1']],
    ['no host', usual.slice(1)],
  ])('leaves %s to node:http', (_, headers) => {
    expect(readUsualRequest(requestOf(bodyOf(1), headers))).toBeNull()
  })
})

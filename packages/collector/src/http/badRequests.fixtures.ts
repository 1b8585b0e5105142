/** Requests that are wrong in one way each, and random ones made of them, for the tests of the whole HTTP interface. */
import { gzipSync } from 'node:zlib'
import { answer, envelope, keys, moment, npsSurvey, uuid } from '../fixtures.ts'

/** A request, as bytes on a connection or as parts. */
export interface BadRequest {
  name: string
  method: string
  path: string
  headers: Record<string, string>
  body?: Buffer
  /** Sent as it is instead of the parts. */
  raw?: Buffer
}

const json = { 'content-type': 'application/json' }
const admin = { authorization: `Bearer ${keys.adminToken}` }
const good = (number: number, value: unknown = 9, fields: object = {}): Record<string, unknown> =>
  answer(900_000 + number, value, fields)
const text = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

/** Values that fit nowhere. */
const strange: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  1.5,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202egnp.exe',
  '<img src=x onerror=alert(1)>',
  "'; DROP TABLE events; --",
  '=1+1',
  '__proto__',
  'x'.repeat(5000),
  [],
  [[[[]]]],
  {},
  { __proto__: null, constructor: 1 },
  '2026-13-45T99:99:99Z',
  '../../etc/passwd',
]

/** All of the corpus: more than 300. */
export function badRequests(): BadRequest[] {
  const found: BadRequest[] = []
  const add = (
    name: string,
    path: string,
    body?: Buffer,
    headers: Record<string, string> = json,
    method = body ? 'POST' : 'GET',
  ): void => {
    found.push({ name, method, path, headers, ...(body && { body }) })
  }
  const feedback = (name: string, body: unknown, headers?: Record<string, string>): void =>
    add(name, '/v1/feedback', Buffer.isBuffer(body) ? body : text(body), headers)
  const sent = (events: unknown[], fields: object = {}): Record<string, unknown> =>
    envelope(keys.writeKey, events, fields)
  const kinds = strange.map((value, index): [string, unknown] => [`#${index}`, value])

  // Each field of the envelope and of an event, with each strange value.
  for (const field of ['key', 'sentAt', 'sdk', 'surveys', 'events'])
    for (const [name, value] of kinds)
      feedback(`envelope ${field} ${name}`, { ...sent([good(1)]), [field]: value })
  for (const field of [
    'id',
    'type',
    'at',
    'visitor',
    'session',
    'seq',
    'survey',
    'surveyVersion',
    'response',
    'data',
    'context',
  ])
    for (const [name, value] of kinds)
      feedback(`event ${field} ${name}`, sent([good(1, 9, { [field]: value })]))
  for (const [name, value] of kinds) {
    feedback(`value ${name}`, sent([good(1, value)]))
    feedback(`survey ${name}`, sent([good(1)], { surveys: [value] }))
    add(
      `place ${name}`,
      '/v1/places',
      text({ key: keys.writeKey, survey: value, response: uuid('response', 1), visitor: 'v', person: null }),
    )
    add(
      `erase ${name}`,
      '/v1/erase',
      text({ key: keys.writeKey, visitor: value === 'x'.repeat(5000) ? value : [value] }),
    )
    add(`put ${name}`, '/v1/surveys/bad', text(value), { ...json, ...admin }, 'PUT')
    add(`settings ${name}`, '/v1/settings', text({ limits: value }), { ...json, ...admin }, 'PUT')
  }
  // Bodies that are no JSON, or too much of it.
  const whole = JSON.stringify(sent([good(1)]))
  for (const part of [0, 1, 10, 50, 100, 200, 300]) feedback(`cut at ${part}`, whole.slice(0, part))
  feedback('nested arrays', '['.repeat(100_000))
  feedback('nested objects', '{"a":'.repeat(50_000))
  feedback(
    'many keys',
    sent([
      good(1, 9, { data: Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 1])) }),
    ]),
  )
  feedback('many events', sent(Array.from({ length: 5000 }, () => 1)))
  feedback('a huge number', `{"key":${'9'.repeat(10_000)}}`)
  feedback('polluted', whole.replace('{', '{"__proto__":{"isAdmin":true},'))
  feedback('twice the key', whole.replace('{', '{"key":"pk_other",'))
  feedback('UTF-16', Buffer.from(whole, 'utf16le'))
  feedback('bytes', Buffer.from(Array.from({ length: 256 }, (_, index) => index)))
  feedback('too large', 'x'.repeat(1_200_000))
  feedback('a bomb', gzipSync(Buffer.alloc(50_000_000)), { ...json, 'content-encoding': 'gzip' })
  feedback('no gzip', whole, { ...json, 'content-encoding': 'gzip' })
  feedback('cut gzip', gzipSync(whole).subarray(0, 40), { ...json, 'content-encoding': 'gzip' })
  for (const coding of ['br', 'deflate', 'gzip, gzip', 'x', ''.padEnd(200, 'y')])
    feedback(`coded ${coding}`, whole, { ...json, 'content-encoding': coding })
  for (const type of ['text/html', 'multipart/form-data', 'application/xml', '', 'a'.repeat(300)])
    feedback(`type ${type}`, whole, { 'content-type': type })
  // Paths, queries and methods.
  for (const path of [
    '/',
    '//',
    '/v1',
    '/v1/',
    '/V1/feedback',
    '/v1/feedback/',
    '/.env',
    '/v1/surveys/%',
    '/v1/surveys/%ff',
    '/v1/surveys/%2e%2e',
    '/sdk/1/../card.js',
    '/sdk/%2e%2e/card.js',
    '/earshot.js/x',
    `/${'a'.repeat(8000)}`,
    '/v1/responses/none',
    '/v1/responses/%00',
    '/docs',
    '/wp-login.php',
  ])
    add(`path ${path.slice(0, 30)}`, path, undefined, admin)
  for (const query of [
    'survey=',
    'survey=none',
    'from=x',
    'to=2026-02-30',
    'from=2026-02-02&to=2026-02-01',
    'limit=0',
    'limit=-1',
    'limit=1e9',
    'cursor=x',
    'cursor=99999999999999999999',
    'other=1',
    'survey=a&survey=b',
    "survey=' OR 1=1",
    'status=new',
    'basis=some',
    'format=xls',
    '%',
    '=&=&',
    'variant=%00',
  ])
    for (const path of ['/v1/responses', '/v1/export', '/v1/reports/nps'])
      add(`${path}?${query}`, `${path}?${query}`, undefined, admin)
  for (const method of ['PATCH', 'TRACE', 'PROPFIND', 'DELETE', 'PUT', 'HEAD', 'OPTIONS'])
    add(`${method} feedback`, '/v1/feedback', undefined, {}, method)
  for (const each of [
    '',
    'Bearer',
    'Bearer ',
    'Basic c2s6',
    `Bearer ${keys.writeKey}`,
    'Bearer sk_',
    `bearer  ${keys.adminToken}x`,
    'Bearer ÿ',
  ])
    add(`authorization ${each}`, '/v1/stats', undefined, { authorization: each })
  // What is no proper HTTP.
  const raw = (name: string, head: string, body = ''): void => {
    found.push({
      name: `raw ${name}`,
      method: 'POST',
      path: '/v1/feedback',
      headers: {},
      raw: Buffer.from(head + body, 'latin1'),
    })
  }
  const post = 'POST /v1/feedback HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\n'
  raw('two lengths', `${post}content-length: 3\r\ncontent-length: 5\r\n\r\n`, 'abcde')
  raw('length and chunks', `${post}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n`, '0\r\n\r\n')
  raw('odd transfer', `${post}transfer-encoding: x\r\n\r\n`)
  raw('negative length', `${post}content-length: -1\r\n\r\n`)
  raw('bad chunk', `${post}transfer-encoding: chunked\r\n\r\n`, 'zz\r\n')
  raw('no host', 'GET /healthz HTTP/1.1\r\n\r\n')
  raw('NUL in a header', `${post}x: \0\r\n\r\n`)
  raw('space before colon', `${post}x : y\r\n\r\n`)
  raw(
    'many headers',
    `${post}${Array.from({ length: 300 }, (_, index) => `x${index}: y\r\n`).join('')}content-length: 2\r\n\r\n`,
    '{}',
  )
  raw('large header', `${post}x: ${'y'.repeat(20_000)}\r\n\r\n`)
  raw('an old version', 'GET /healthz HTTP/0.9\r\n\r\n')
  raw('a newer version', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  raw('TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03')
  raw('noise', `${moment(0)}\r\n\r\n`)
  raw('absolute address', 'GET http://evil.example/healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  raw('a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: x\r\n\r\n')
  raw(
    'an upgrade',
    'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n',
  )
  raw('a body that ends early', `${post}content-length: 500\r\n\r\n`, '{"key":')
  return found
}

/** One of a list. */
export function pickOne<Value>(random: () => number, list: readonly Value[]): Value {
  const at = Math.floor(random() * list.length)
  for (const each of list.slice(at, at + 1)) return each
  throw new Error('there is nothing to pick from')
}

/** A batch that mixes good events with one that is strange, from random numbers; so that some of it must be stored. */
export function mixedBatch(random: () => number, first: number): { body: Buffer; ids: string[] } {
  const events = Array.from({ length: 1 + Math.floor(random() * 8) }, (_, index) => answer(first + index))
  const field = pickOne(random, [
    'type',
    'at',
    'visitor',
    'seq',
    'survey',
    'surveyVersion',
    'response',
    'data',
    'context',
  ])
  const wrong = { ...answer(first + events.length), [field]: pickOne(random, strange) }
  const at = Math.floor(random() * (events.length + 1))
  const mixed = [...events.slice(0, at), wrong, ...events.slice(at)]
  return {
    body: text(envelope(keys.writeKey, mixed, { surveys: [npsSurvey] })),
    ids: events.map((each) => String(each['id'])),
  }
}

import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { isPublic, urlFlaw } from './address.ts'
import { startSink } from './outbound.fixtures.ts'
import { createPost } from './post.ts'
import { signed } from './sign.ts'

const never = new AbortController().signal

/** Addresses and spellings of what must not be reached. */
const refused = [
  'http://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://example.com/',
  'https://user:secret@example.com/',
  'https://example.com:8443/',
  'https://example.com:22/',
  'not an address',
  'https://localhost/',
  'https://collector/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.0.0.1.:443/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://①②⑦.⓪.⓪.①/',
  'https://0.0.0.0/',
  'https://0/',
  'https://10.0.0.1/',
  'https://100.64.0.1/',
  'https://100.100.100.200/',
  'https://169.254.169.254/latest/meta-data/',
  'https://0xa9fea9fe/',
  'https://168.63.129.16/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.0.0.192/',
  'https://192.0.2.1/',
  'https://192.168.1.1/',
  'https://198.18.0.1/',
  'https://198.51.100.1/',
  'https://203.0.113.1/',
  'https://224.0.0.1/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://[::]/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::169.254.169.254]/',
  'https://[64:ff9b:1::a00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2002:a9fe:a9fe::1]/',
  'https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
  'https://[2001:db8::1]/',
  'https://[3fff::1]/',
  'https://[100::1]/',
  'https://[fc00::1]/',
  'https://[fd00:ec2::254]/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
]

it.each(refused)('refuses %s, and says why', async (url) => {
  const flaw = urlFlaw(url, false)
  const looked: string[] = []
  const post = createPost({
    allowPrivate: false,
    resolve: async (host) => {
      looked.push(host)
      return ['127.0.0.1']
    },
  })
  const result = await post(url, {}, '{}', never)
  expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('the address is refused: ') })
  // A name with a dot at its end may pass for a name, and then is looked up and refused.
  if (flaw === null) expect(looked).toHaveLength(1)
  else expect(looked).toEqual([])
})

it.each([
  '93.184.215.14',
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450:4001:800::200e',
])('lets %s be', (address) => {
  expect(isPublic(address)).toBe(true)
  expect(urlFlaw(`https://${address.includes(':') ? `[${address}]` : address}/hook`, false)).toBeNull()
})

it('refuses a name of which one of several addresses is private, and never asks twice', async () => {
  const answers = [['93.184.215.14', '169.254.169.254'], ['10.0.0.1'], ['::ffff:10.0.0.1'], []]
  let asked = 0
  const post = createPost({ allowPrivate: false, resolve: async () => answers[asked++] ?? ['93.184.215.14'] })
  for (const reason of ['169.254.169.254', '10.0.0.1', '::ffff:10.0.0.1', 'has no address'])
    expect(await post('https://hooks.example.com/', {}, '{}', never)).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason),
    })
  expect(asked).toBe(4)
})

it('connects to the address that was looked at, whatever the name means a moment later', async () => {
  const sink = await startSink()
  const { port } = new URL(sink.url)
  let asked = 0
  const post = createPost({
    allowPrivate: true,
    resolve: async () => (asked++ === 0 ? ['127.0.0.1'] : ['203.0.113.1']),
  })
  const result = await post(`http://rebinding.example:${port}/hook`, {}, '{}', never)
  expect([result, asked]).toEqual([{ ok: true, status: 200 }, 1])
  expect(sink.received[0]?.headers.host).toBe(`rebinding.example:${port}`)
})

it('follows no redirect, and reads no more of an answer than it must', async () => {
  const sink = await startSink()
  const post = createPost({ allowPrivate: true })
  sink.answers.push({ status: 302, headers: { location: `${sink.url}/elsewhere` } })
  expect(await post(`${sink.url}/hook`, {}, '{}', never)).toEqual({
    ok: false,
    reason: 'status 302: redirects are not followed',
  })
  sink.answers.push({ status: 200, body: 'x'.repeat(5_000_000) })
  expect(await post(`${sink.url}/hook`, {}, '{}', never)).toEqual({ ok: true, status: 200 })
  sink.answers.push({ status: 503, headers: { 'retry-after': '120' }, body: 'secret' })
  expect(await post(`${sink.url}/hook`, {}, '{}', never)).toMatchObject({
    reason: 'status 503',
    asked: 120_000,
  })
  sink.answers.push({ status: 410 })
  expect(await post(`${sink.url}/hook`, {}, '{}', never)).toMatchObject({ isFinal: true })
  expect(sink.received.map((each) => each.path)).toEqual(['/hook', '/hook', '/hook', '/hook'])
})

it('waits no longer for the name than for the rest', async () => {
  const post = createPost({ allowPrivate: true, timeout: 100, resolve: () => new Promise(() => undefined) })
  expect(await post('https://hooks.example.com/', {}, '{}', never)).toEqual({
    ok: false,
    reason: 'hooks.example.com cannot be looked up: no answer in time',
  })
})

it('waits no longer than it should for one that says nothing, or breaks off', async () => {
  const sink = await startSink()
  sink.answers.push(null)
  const post = createPost({ allowPrivate: true, timeout: 100 })
  expect(await post(sink.url, {}, '{}', never)).toEqual({ ok: false, reason: 'no answer in time' })
  // One that goes on with its answer for ever.
  const dripping = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n')
  })
  dripping.listen(0, '127.0.0.1')
  await once(dripping, 'listening')
  onTestFinished(() => void dripping.close())
  const { port } = dripping.address() as AddressInfo
  expect(await post(`http://127.0.0.1:${port}/`, {}, '{}', never)).toEqual({
    ok: false,
    reason: 'no answer in time',
  })
  const breaking = createServer((socket) => socket.destroy())
  breaking.listen(0, '127.0.0.1')
  await once(breaking, 'listening')
  onTestFinished(() => void breaking.close())
  const result = await post(`http://127.0.0.1:${(breaking.address() as AddressInfo).port}/`, {}, '{}', never)
  expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(/^the connection failed: E/) })
})

it('comes to an end with one that would rather speak another protocol', async () => {
  const changing = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    )
  })
  changing.listen(0, '127.0.0.1')
  await once(changing, 'listening')
  onTestFinished(() => void changing.close())
  const { port } = changing.address() as AddressInfo
  const post = createPost({ allowPrivate: true })
  expect(await post(`http://127.0.0.1:${port}/`, {}, '{}', never)).toMatchObject({
    ok: false,
    reason: 'status 101',
  })
})

it('signs as the example of the standard says, with each secret that is good', () => {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md and its libraries.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const headers = signed('msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_999, '{"test": 2432232314}', [
    secret,
    'whsec_AAAA',
  ])
  expect(headers['webhook-timestamp']).toBe('1614265330')
  const [first, second] = headers['webhook-signature'].split(' ')
  expect(first).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  expect(second).toMatch(/^v1,.{44}$/)
})

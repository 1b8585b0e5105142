import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { nps } from '../core/builders.ts'
import { judge } from '../core/judge.ts'
import { clearLine } from '../core/outbox.ts'
import { createClock } from './clock.ts'
import { fetchServed } from './fetchServed.ts'
import { createFetchTransport } from './fetchTransport.ts'
import type { Ask } from '../ports/collector.ts'
import { request as requestOf } from './request.ts'
import { readRetryAfter } from './retryAfter.ts'

const server = setupServer()
beforeAll(() => server.listen())
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const base = 'http://collector.test'
const ask: Ask = (path, init) => requestOf(`${base}/`, path, init)
const transport = createFetchTransport(ask, createClock())
const reply = (resolver: Parameters<typeof http.post>[1]) =>
  server.use(http.post(`${base}/v1/feedback`, resolver))
const outcome = async () => judge(await transport.send('{}', false), ['a'], clearLine, 0, 0)

// Faults between browser and collector that the collector itself cannot be made to show.
describe('an answer that is not the collector’s', () => {
  it.each<[string, Parameters<typeof http.post>[1]]>([
    ['a captive portal', () => HttpResponse.html('<h1>Sign in to the network</h1>')],
    ['a redirect to a login page', () => HttpResponse.redirect(`${base}/login`)],
    ['a proxy that cuts the body', () => HttpResponse.text('{"accepted":["a"]')],
    [
      'a proxy that answers for an old cache',
      () => HttpResponse.json({ accepted: ['other'], duplicates: [], rejected: [] }),
    ],
    ['a network error', () => HttpResponse.error()],
    ['a gateway time-out', () => new HttpResponse(null, { status: 504 })],
  ])('%s lets go of nothing', async (_name, resolver) => {
    reply(resolver)
    expect(await outcome()).toMatchObject({ confirmed: [], refused: [], up: false })
  })
  it('a real receipt does', async () => {
    reply(() => HttpResponse.json({ accepted: ['a'], duplicates: [], rejected: [] }))
    expect(await outcome()).toMatchObject({ confirmed: ['a'], up: true })
  })
})

describe('the request', () => {
  it('is text, so that no preflight is needed', async () => {
    let seen: Request | undefined
    reply(({ request }) => {
      seen = request.clone()
      return HttpResponse.json({})
    })
    await transport.send('{"é":1}', true)
    expect(seen?.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await seen?.text()).toBe('{"é":1}')
  })
  it('passes Retry-After on', async () => {
    reply(() => new HttpResponse(null, { status: 429, headers: { 'retry-after': '8' } }))
    expect(await transport.send('{}', false)).toEqual({ status: 429, body: '', retryAfter: 8000 })
  })
})

describe('requests that may outlive the page', () => {
  /** Whether each request may, in order; each is answered when it is told to be. */
  const watch = () => {
    const asked: boolean[] = []
    const answers: ((response: Response | Error) => void)[] = []
    vi.stubGlobal('fetch', (_address: string, { keepalive }: RequestInit) => {
      asked.push(keepalive === true)
      return new Promise<Response>((resolve, reject) =>
        answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))),
      )
    })
    return { asked, answers, ...createFetchTransport(ask, createClock()) }
  }
  afterEach(() => vi.unstubAllGlobals())
  it('share the 64 KiB of the page, in bytes', async () => {
    const { asked, answers, send } = watch()
    const first = send('x'.repeat(40_000), true)
    const second = send('x'.repeat(30_000), true)
    void send('€'.repeat(21_000), true)
    expect(asked).toEqual([true, false, false])
    answers[0]?.(new Response())
    answers[1]?.(new Response())
    await Promise.all([first, second])
    void send('x'.repeat(50_000), true)
    expect(asked.at(-1)).toBe(true)
  })
  it('are those of a page that is left, and small ones; after a failure only the former', async () => {
    const { asked, answers, send } = watch()
    void send('x'.repeat(10_000), false)
    const small = send('x', false)
    answers[1]?.(new TypeError('the pool of the page is used up'))
    expect((await small).status).toBe(0)
    const again = send('x', false)
    void send('x', true)
    expect(asked).toEqual([false, true, false, true])
    answers[2]?.(new Response())
    await again
    void send('x', false)
    expect(asked.at(-1)).toBe(true)
  })
})

describe('readRetryAfter', () => {
  const now = Date.parse('2026-11-21T10:00:00Z')
  it.each([
    ['120', 120_000],
    ['Sat, 21 Nov 2026 10:01:00 GMT', 60_000],
    ['Sat, 21 Nov 2026 09:59:00 GMT', null],
    ['0', null],
    ['soon', null],
    ['', null],
    [null, null],
  ])('reads %j', (header, span) => {
    expect(readRetryAfter(header, now)).toEqual(span)
  })
})

describe('what is served', () => {
  const serve = (body: unknown, status = 200) =>
    server.use(http.get(`${base}/v1/config`, () => HttpResponse.json(body as object, { status })))
  const survey = nps({ id: 'q', name: 'A' })
  it('gives what is served', async () => {
    const settings = { limits: { quiet: 7 } }
    serve({ version: 1, surveys: [survey], plain: ['q'], settings })
    expect(await fetchServed(ask, 'pk_1')).toEqual({ surveys: [survey], plain: ['q'], settings })
  })
  it('leaves out what would break the page', async () => {
    serve({ version: 1, surveys: [null, 7, {}, { id: 'x' }, survey] })
    expect(await fetchServed(ask, 'pk_1')).toEqual({ surveys: [survey] })
  })
  it.each([
    ['an error', { surveys: [survey] }, 500],
    ['another shape', { surveys: 'none' }, 200],
    ['nothing', null, 200],
  ])('rejects for %s', async (_name, body, status) => {
    serve(body, status)
    await expect(fetchServed(ask, 'pk_1')).rejects.toThrow()
  })
})

import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { nps } from '../core/builders.ts'
import { clearLine, judge } from '../core/outbox.ts'
import { createClock } from './clock.ts'
import { fetchServed } from './fetchServed.ts'
import { createFetchTransport, readRetryAfter } from './fetchTransport.ts'

const server = setupServer()
beforeAll(() => server.listen())
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const base = 'http://collector.test'
const transport = createFetchTransport(`${base}/`, createClock())
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
    expect(await fetchServed(base, 'pk_1')).toEqual({ surveys: [survey], plain: ['q'], settings })
  })
  it('leaves out what would break the page', async () => {
    serve({ version: 1, surveys: [null, 7, {}, { id: 'x' }, survey] })
    expect(await fetchServed(base, 'pk_1')).toEqual({ surveys: [survey] })
  })
  it.each([
    ['an error', { surveys: [survey] }, 500],
    ['another shape', { surveys: 'none' }, 200],
    ['nothing', null, 200],
  ])('rejects for %s', async (_name, body, status) => {
    serve(body, status)
    await expect(fetchServed(base, 'pk_1')).rejects.toThrow()
  })
})

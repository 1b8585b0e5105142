/** Surveys, events and a running collector for the tests. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Receipt, ScaleQuestion, Survey } from '@earshot/contract'
import { expect, inject, onTestFinished } from 'vitest'
import { createDatabase, order } from '../../../scripts/postgresDatabase.ts'
import { createChecker, type Checker } from './http/openapi/checked.fixtures.ts'
import type { OpenApiDocument } from './http/openapi/document.ts'
import {
  createCollector as create,
  replaceAdminToken as replace,
  type Collector,
  type CollectorOptions,
} from './index.ts'
import type { Log } from './ports/world.ts'

/** The time that the tests' clock shows. */
export const now: number = Date.UTC(2026, 10, 21, 12)

/** A moment, in seconds from `now`. */
export function moment(seconds: number): string {
  return new Date(now + seconds * 1000).toISOString()
}

/** A UUIDv7 from a number; events and responses have kinds of their own. */
export function uuid(kind: 'event' | 'response', number: number): string {
  return `018f0000-0000-7000-8000-${kind === 'event' ? 'e' : 'f'}${number.toString(16).padStart(11, '0')}`
}

/** The usual NPS question. */
export const npsQuestion: ScaleQuestion = {
  kind: 'scale',
  id: 'score',
  metric: 'nps',
  min: 0,
  max: 10,
  positive: [9, 10],
  negative: [0, 1, 2, 3, 4, 5, 6],
  title: 'How likely are you to recommend us?',
  low: 'Not at all',
  high: 'Very',
}

/** NPS with a comment of at most 20 characters. */
export const npsSurvey: Survey = {
  id: 'nps-q4',
  version: 1,
  locale: 'en',
  questions: [npsQuestion, { kind: 'text', id: 'why', title: 'Why?', maxLength: 20 }],
  thanks: { title: 'Thank you' },
  triggers: [],
  recontact: { answered: 90, dismissed: 30, shown: 7 },
}

/** An event as a client may send it: any field may be replaced by anything. */
export function answer(number: number, value: unknown = 9, fields: object = {}): Record<string, unknown> {
  return {
    id: uuid('event', number),
    type: 'answer',
    at: moment(-60),
    visitor: `visitor-${number}`,
    person: null,
    session: 'session',
    seq: number,
    survey: 'nps-q4',
    surveyVersion: 1,
    response: uuid('response', number),
    data: { question: 'score', value, revision: 0 },
    context: { channel: 'web' },
    ...fields,
  }
}

/** A request body around events. */
export function envelope(key: string, events: unknown[], fields: object = {}): Record<string, unknown> {
  return { key, sentAt: moment(0), sdk: 'test/1', surveys: [npsSurvey], events, ...fields }
}

/** A fresh directory, gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'earshot-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** True where the tests run with a log in front of PostgreSQL, as the project `nats` of vite.config.ts does. */
const onLog = process.env.EARSHOT_TEST_STORE === 'nats'
/** True where the tests run on PostgreSQL, as the project `postgres` of vite.config.ts does. */
export const onPostgres: boolean = process.env.EARSHOT_TEST_STORE === 'postgres' || onLog

/** Databases that were used and are empty again: to make one takes long. */
const emptied: string[] = []
/** The test file that used them: another one, which may run in the same process, gets none of which tables were changed. */
let usedBy: string | undefined

/** An empty database with our tables; others get it after the test. */
export async function temporaryDatabase(): Promise<string> {
  const template = String(inject('postgresTemplate'))
  const { testPath } = expect.getState()
  if (testPath !== usedBy) emptied.length = 0
  usedBy = testPath
  const url = emptied.pop() ?? (await createDatabase(inject('postgres'), template, `${template}_`)).url
  onTestFinished(async () => {
    await order(url, emptying)
    // It still knows what came through it.
    logs.delete(url)
    emptied.push(url)
  })
  return url
}

const tables = ['settings', 'surveys', 'sites', 'events', 'responses', 'answers', 'counters', 'completed']
const emptying = [
  ...tables,
  'places',
  'erased',
  'access',
  'uses',
  'suspects',
  'sessions',
  'moments',
  'comments',
  'late',
  'score_days',
  'response_days',
  'range_changes',
  'outbound',
  'jobs',
  'contacts',
  'cases',
  'case_entries',
  'notes',
  'note_answers',
  'addresses',
  'unsubscribed',
  'mail_secrets',
]
  .map((table) => `DELETE FROM earshot.${table}`)
  // Of which nothing can be deleted.
  .concat('TRUNCATE earshot.audit')
  .concat(['arrivals', 'response_rows'].map((sequence) => `ALTER SEQUENCE earshot.${sequence} RESTART`))
  .join('; ')

/**
 * A log that nobody else has. Receipts wait for the database, so that a test finds what it has sent.
 *
 * @param query further parameters; several partitions have no order among them
 */
export function temporaryLog(query = 'confirm=10000&partitions=1'): string {
  return `${String(inject('nats'))}&name=t${randomBytes(6).toString('hex')}&${query}`
}

const logs = new Map<string, string>()
const databases = new Map<string, Promise<string>>()

/** The same place on PostgreSQL, where the tests run on that: each directory stands for a database. */
async function placed<Options extends Partial<CollectorOptions>>(options: Options): Promise<Options> {
  const { data } = options
  if (!onPostgres || !data || options.store !== undefined) return options
  const known = data === ':memory:' ? undefined : databases.get(data)
  const made = known ?? temporaryDatabase()
  if (data !== ':memory:') databases.set(data, made)
  const store = await made
  // The server of the tests does not sync, and each start would say so.
  const placedIn = { log: { info: () => undefined, error: console.error }, ...options, store }
  if (!onLog) return placedIn
  const eventLog = logs.get(store) ?? temporaryLog()
  logs.set(store, eventLog)
  // Nor is the log of the tests as safe as it can be.
  const { log } = placedIn
  const error: Log['error'] = (message, ...rest) => {
    if (message !== 'the log is not as safe as it can be') log.error(message, ...rest)
  }
  return { ...placedIn, log: { ...log, error }, eventLog }
}

/** `createCollector` in the store that the tests run on. */
export const createCollector: typeof create = async (options) => create(await placed(options))
/** `replaceAdminToken` in the store that the tests run on. */
export const replaceAdminToken: typeof replace = async (options) => replace(await placed(options))

/** A collector that listens, and short ways to talk to it. */
export interface Running {
  collector: Collector
  url: string
  key: string
  token: string
  /** Sends events in an envelope and gives the receipt; throws on anything but 200. */
  send(events: unknown[], fields?: object): Promise<Receipt>
  /** Sends a body as it is. */
  post(body: BodyInit, headers?: Record<string, string>): Promise<Response>
  /** Calls another route of pages, with the key in the body, as the SDK does. */
  call(path: string, body: object, headers?: Record<string, string>): Promise<Response>
  /** Asks an admin route with the token. */
  admin(path: string, init?: RequestInit): Promise<Response>
  /** The same, as JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what it holds is for the expectations to say
  read(path: string): Promise<any>
  put(survey: Survey | object, id?: string): Promise<Response>
}

const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
/** All that a program needs of the environment; whatever else stands there would be a setting. What is compiled already starts in less than half the time. */
export const bareEnvironment: Record<string, string> = { PATH, NODE_COMPILE_CACHE }

/** Keys of every collector in the tests. */
export const keys = { writeKey: 'pk_test', adminToken: 'sk_0123456789abcdefghij' } as const

/** How a request reaches the collector: on its own port, where events take the short way, or through the handler for other servers. */
export type Way = 'port' | 'fetch'
/** Those that tests go. In front of a store that takes no bytes both do the same, so the second one is for the long run. */
export const ways: readonly Way[] = onPostgres && !process.env.EARSHOT_KILLS ? ['port'] : ['port', 'fetch']

/** Collectors that the tests have started: whatever `fetch` gets from one must be in the OpenAPI document. */
const started = new Set<string>()
let checker: Checker | undefined
const unchecked = globalThis.fetch
globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : String(input))
  if (!started.has(url.origin)) return unchecked(input, init)
  const request = new Request(input, init)
  // On a busy machine two requests may be further apart than a connection may idle.
  request.headers.set('connection', 'close')
  const response = await unchecked(request)
  checker ??= createChecker((await (await unchecked(`${url.origin}/openapi.json`)).json()) as OpenApiDocument)
  const flaw = await checker.check(request.method, url.pathname, response.clone())
  if (flaw !== null) throw new Error(`The OpenAPI document does not describe this: ${flaw}`)
  return response
}

/** Starts a collector on a free port; it is closed after the test. */
export async function start(options: Partial<CollectorOptions> = {}, way: Way = 'port'): Promise<Running> {
  const collector = await createCollector({
    data: ':memory:',
    ...keys,
    clock: { now: () => now },
    log: { info: () => undefined, error: (message, error) => console.error(message, error) },
    ...options,
  })
  onTestFinished(() => collector.close())
  const { url } = await collector.listen({ port: 0 })
  started.add(url)
  const key = collector.site.writeKey
  const token = options.adminToken ?? collector.site.adminToken ?? keys.adminToken
  const post = (body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
    (way === 'port' ? fetch : collector.fetch)(
      new Request(`${url}/v1/feedback`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      }),
    )
  const admin = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${token}`)
    return fetch(url + path, { ...init, headers })
  }
  return {
    collector,
    url,
    key,
    token,
    post,
    call: (path, body, headers = {}) =>
      fetch(url + path, { method: 'POST', body: JSON.stringify({ key, ...body }), headers }),
    admin,
    async send(events, fields) {
      const response = await post(JSON.stringify(envelope(key, events, fields)))
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
      return (await response.json()) as Receipt
    },
    async read(path) {
      const response = await admin(path)
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
      return response.json()
    },
    put: (survey, id) =>
      admin(`/v1/surveys/${id ?? (survey as Survey).id}`, {
        method: 'PUT',
        body: JSON.stringify(survey),
        headers: { 'content-type': 'application/json' },
      }),
  }
}

/** The whole demo in one function: pages, the shop's collector, the strict page's collector, and the line that can be cut. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quotaSurvey } from '../src/limitTryouts.ts'
import { cspNps, demoSettings, replyNps, servedSurveys } from '../src/surveys.ts'
import { startCollector, type RunningCollector } from './collectors.ts'
import { startMailbox, type Mail, type Mailbox } from './mailbox.ts'
import { presetKeys } from './presetKeys.ts'
import { startRelay, type Relay } from './relay.ts'
import { createSite, type Page } from './site.ts'
import { readState } from './state.ts'
import { openStory, type StoryDesk } from './story.ts'

export interface DemoOptions {
  /** Port of the pages; 0 takes a free one. */
  demoPort: number
  /** Port of the collector; 0 takes a free one. */
  collectorPort: number
  /** Directory to keep the answers in. Default: a temporary one that `close` removes. */
  data?: string | undefined
  writeKey?: string | undefined
  adminToken?: string | undefined
  /** Tells the story of one customer too: with a mail server, rules and a webhook. `delay` is from the answered enquiry to the mail, in milliseconds. */
  story?: { delay: number } | undefined
  /** What time it is for the collector and for whoever hears of it; default the machine's clock. */
  now?: (() => number) | undefined
  /** Told when something goes wrong while it runs. */
  log: (line: string) => void
}

export interface Demo {
  demoUrl: string
  collectorUrl: string
  /** The collector behind the line that can be cut. */
  lineUrl: string
  /** The collector of the strict page, with its own key. */
  strictUrl: string
  writeKey: string
  adminToken: string
  /** `false` cuts the line, `true` mends it. */
  cutLine(open: boolean): Promise<void>
  /** What the mail server was given; none where no story is told. */
  mails(): Promise<Mail[]>
  /** Stops the collector and starts it again with what it stored. */
  restartCollector(): Promise<void>
  close(): Promise<void>
}

/** Key of the strict page: its survey appears on every page of its key, so no other page may have it. */
const strictKey = 'pk_strict_page'
const host = '127.0.0.1'

/**
 * Starts everything.
 *
 * @throws when a port is taken or the site is not built; the message says how to mend it
 * @example
 * const demo = await startDemo({ demoPort: 0, collectorPort: 0, log: console.error })
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { writeKey = presetKeys.writeKey, adminToken = presetKeys.adminToken, log } = options
  const undo: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const each of undo.splice(0).reverse()) await each()
  }
  try {
    const data = options.data ?? (await temporary(undo))
    let handle: (request: IncomingMessage) => Promise<Page> = async () => text(503, 'Starting')
    const server = createServer((incoming, outgoing) => void answer(handle, incoming, outgoing, log))
    const port = await listen(server, options.demoPort)
    undo.push(() => stop(server))

    const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
    const shared = { origins, adminToken, log }
    const { story, now = Date.now } = options
    const mailbox = story ? await startMailbox() : null
    if (mailbox) undo.push(() => mailbox.close())
    // Links in messages have the port, so it must be known before.
    const collectorPort = options.collectorPort || (mailbox ? await freePort() : 0)
    const collector = await naming(collectorPort, () =>
      startCollector({
        ...shared,
        data,
        writeKey,
        port: collectorPort,
        smtp: mailbox?.url,
        now: options.now,
        surveys: [...servedSurveys, quotaSurvey, ...(story ? [replyNps] : [])],
        settings: demoSettings,
      }),
    )
    undo.push(() => collector.close())
    const strict = await startCollector({
      ...shared,
      data: data === ':memory:' ? data : join(data, 'strict-page'),
      writeKey: strictKey,
      port: 0,
      surveys: [cspNps],
    })
    undo.push(() => strict.close())
    const relay = await startRelay(collector.port)
    undo.push(() => relay.cut())

    const receiver = `http://${host}:${port}/verify/webhook`
    const desk =
      story && mailbox ? await openStory(collector, mailbox, { receiver, delay: story.delay, now }) : null
    handle = await createPages(collector, strict, relay, mailbox && desk && { mailbox, desk })
    return {
      demoUrl: `http://${host}:${port}`,
      collectorUrl: collector.url,
      lineUrl: relay.url,
      strictUrl: strict.url,
      writeKey,
      adminToken,
      cutLine: (open) => (open ? relay.mend() : relay.cut()),
      mails: async () => (mailbox ? mailbox.mails() : []),
      restartCollector: () => collector.restart(),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function createPages(
  collector: RunningCollector,
  strict: RunningCollector,
  relay: Relay,
  told: { mailbox: Mailbox; desk: StoryDesk } | null,
): Promise<(request: IncomingMessage) => Promise<Page>> {
  const site = await createSite((path) => {
    const own = /^\/csp\b/.test(path) ? strict : collector
    return { collector: own.url, key: own.writeKey, line: relay.url }
  })
  return async (request) => {
    // Another name that leads here belongs to a page elsewhere that wants to read these answers (DNS rebinding).
    const names = ['127.0.0.1', 'localhost'].map((each) => `${each}:${request.socket.localPort}`)
    if (!names.includes(request.headers.host ?? ''))
      return text(421, `Use http://${names.join('/ or http://')}/`)
    const path = request.url ?? '/'
    if (!path.startsWith('/') || path.startsWith('//')) return text(400, 'Addresses start with one slash.')
    const url = new URL(path, 'http://demo')
    if (url.pathname === '/line' && request.method === 'POST') {
      // The type makes a browser ask first, so that no page of another site can pull the switch.
      if (request.headers['content-type'] !== 'application/json') return text(415, 'Send JSON.')
      const { open } = (await readJson(request)) as { open?: unknown }
      if (typeof open !== 'boolean') return text(400, 'Send {"open": true} or {"open": false}.')
      await (open ? relay.mend() : relay.cut())
      return json({ open: relay.isOpen() })
    }
    if (told && url.pathname.startsWith('/verify/')) {
      const page = await storyPage(told, request, url)
      if (page) return page
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Only GET.')
    if (url.pathname === '/verify/state')
      return json(
        await readState(
          collector,
          relay,
          url.searchParams.get('survey'),
          url.searchParams.get('response'),
          told !== null,
        ),
      )
    return site(url.pathname)
  }
}

/** What of the story is asked for; null where it is something else. */
async function storyPage(
  { mailbox, desk }: { mailbox: Mailbox; desk: StoryDesk },
  request: IncomingMessage,
  { pathname, searchParams }: URL,
): Promise<Page | null> {
  if (pathname === '/verify/webhook' && request.method === 'POST')
    return text(desk.hear(request.headers, await readText(request, 100_000)), '')
  if (pathname === '/verify/story' && request.method === 'POST') {
    if (request.headers['content-type'] !== 'application/json') return text(415, 'Send JSON.')
    return json(await desk.begin())
  }
  if (request.method !== 'GET') return null
  if (pathname === '/verify/story')
    return json(await desk.read(searchParams.get('person') ?? '', searchParams.get('ticket') ?? ''))
  const [, number] = /^\/verify\/mail\/(\d{1,9})$/.exec(pathname) ?? []
  const mail = (await mailbox.mails()).find((each) => each.number === Number(number))
  if (!mail) return null
  // What came by mail is shown as mail programs show it: no script, nothing fetched, an origin of its own.
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
  }
  return { status: 200, headers, body: mail.html }
}

async function answer(
  handle: (request: IncomingMessage) => Promise<Page>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  log: (line: string) => void,
): Promise<void> {
  const page = await handle(incoming).catch((error: unknown) => {
    log(`demo: ${incoming.method} ${incoming.url}: ${String(error)}`)
    return text(500, 'Something broke; the terminal says what.')
  })
  outgoing.writeHead(page.status, page.headers)
  outgoing.end(incoming.method === 'HEAD' || page.status === 204 ? undefined : page.body)
}

async function temporary(undo: (() => Promise<unknown>)[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'earshot-demo-'))
  undo.push(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function listen(server: Server, port: number): Promise<number> {
  await naming(
    port,
    () =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, resolve)
      }),
    'The pages of the demo',
    'EARSHOT_DEMO_PORT',
  )
  return (server.address() as AddressInfo).port
}

/** Says which port is taken, and how to take another. */
async function naming<T>(
  port: number,
  work: () => Promise<T>,
  what = 'The collector',
  variable = 'EARSHOT_COLLECTOR_PORT',
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = (cause: unknown): unknown => (cause as NodeJS.ErrnoException | undefined)?.code
    if (code(error) !== 'EADDRINUSE' && code((error as Error).cause) !== 'EADDRINUSE') throw error
    const message = `${what} cannot listen on port ${port}: another program does. Choose another: ${variable}=${port + 1} npx -y pnpm@12 demo`
    throw new Error(message, { cause: error })
  }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  await stop(server)
  return port
}

async function readText(request: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > most) break
  }
  return Buffer.concat(chunks).toString()
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await readText(request, 1000)) ?? {}
  } catch {
    return {}
  }
}

function json(value: unknown): Page {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
  return { status: 200, headers, body: JSON.stringify(value) }
}

function text(status: number, body: string): Page {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: `${body}\n`,
  }
}

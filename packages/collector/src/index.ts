/** The collector: takes events over HTTP, keeps them in a store, and turns them into numbers. */
import type { Server } from 'node:http'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }
import { assertOneOf } from './core/assertOneOf.ts'
import { assertAdminToken, assertMetricsToken, assertWriteKey, isExactOrigin } from './core/auth.ts'
import { maxInlineSurveys } from './core/ingest.ts'
import { begunStatus } from './http/diary.ts'
import { createFront, type Handler } from './http/handler.ts'
import { logRequests } from './http/requestLog.ts'
import { createBursts } from './http/bursts.ts'
import { createDaily } from './http/daily.ts'
import { createGuesses } from './http/guesses.ts'
import { createLimits } from './http/limits.ts'
import { createMetrics } from './http/metrics.ts'
import { assertCountryHeader, createFindCaller } from './http/caller.ts'
import { assertProxies } from './http/network.ts'
import { startServer, type ListenOptions, type RunningServer } from './http/server.ts'
import { urlFlaw } from './outbound/address.ts'
import { jobsOf } from './outbound/cases.ts'
import { createMailDesk } from './outbound/mailDesk.ts'
import { mailSetup } from './outbound/mailSetup.ts'
import { createPost } from './outbound/post.ts'
import { createRunner, type Runner } from './outbound/runner.ts'
import { createFinder } from './outbound/watch.ts'
import { composed, testDelivery } from './outbound/work.ts'
import type { Clock, EventStore, Log, Random } from './ports.ts'
import { makeSecret } from './http/secret.ts'
import { startRetention } from './http/retention.ts'
import { createUses } from './http/uses.ts'
import { createStreams } from './http/streams.ts'
import { createDiskRoom } from './stores/diskRoom.ts'
import { databaseName, keptBeside } from './stores/keptBeside.ts'
import { readLogAddress } from './stores/natsAddress.ts'
import { assertStore } from './stores/postgresText.ts'
import { createSqliteStore } from './stores/sqlite.ts'
import { createThreadedStore } from './stores/sqliteThreads.ts'
import { wakingStore } from './stores/wakingStore.ts'
import { watchedStore } from './stores/watchedStore.ts'
import { createLog, systemClock, systemHash, systemRandom } from './system.ts'

export type { Millis } from './core/time.ts'
export type { ListenOptions } from './http/server.ts'
export type { Clock, Log, Random } from './ports.ts'

/** How long `close` waits for answers that are being streamed, in milliseconds. */
const closeTimeout = 10_000

/** The package brings the dashboard along, and the documentation. */
const builtDashboard = fileURLToPath(new URL('../dist/dashboard', import.meta.url))
const builtDocs = fileURLToPath(new URL('../dist/docs', import.meta.url))

/** Requests of pages in a minute from one network. An office behind one address, with a page each second, stays below. */
const usualNetworkRate = 1200

/** How a collector is set up. */
export interface CollectorOptions {
  /**
   * Directory for the data; made when it is missing. `:memory:` keeps everything in memory and forgets it. Needed when there
   * is no `store`, and not used when there is one.
   */
  data?: string | undefined
  /**
   * Address of a PostgreSQL database, `postgres://user:password@host:5432/database`; several collectors may share it.
   * Default: a SQLite file in `data`.
   */
  store?: string | undefined
  /**
   * Addresses of the NATS servers of a log in front of `store`, `nats://user:password@one:4222,two:4222,three:4222`. Answers are
   * then acknowledged when a quorum of them has it on its disks, and written to the store after. Default: none.
   */
  eventLog?: string | undefined
  /** Whether this collector also brings what is in the log into the store. Default: yes. */
  worker?: boolean | undefined
  /** Public key of the site, `pk_…`. Default: the stored one, or a new one at the first start. */
  writeKey?: string | undefined
  /** Secret of the site, `sk_…`. Default: the stored one, or a new one at the first start. */
  adminToken?: string | undefined
  /** Secret that opens `/metrics` and nothing else, `mt_…`. Default: none, and the admin token opens it. */
  metricsToken?: string | undefined
  /** Free bytes on the disk below which no answers are taken. Default 64 MiB. */
  diskFloor?: number | undefined
  /** Exact origins whose pages may send and read, for example `https://shop.example` or `capacitor://localhost`. Default: any. */
  origins?: readonly string[] | undefined
  /** Whether surveys may come with the events of a page. Default `accept`. */
  inlineSurveys?: 'accept' | 'refuse' | undefined
  /**
   * Whether a survey that is put must say its `purpose` and its `owner`; what is stored stays as it is. The command line
   * requires both. Default here `optional`: the program that embeds the collector decides.
   */
  surveyPurpose?: 'required' | 'optional' | undefined
  /** Directory with `earshot.js`, its chunks (`card.js`, …) and `version.json` as the SDK builds them. Default: none are served. */
  browserFiles?: string | undefined
  /**
   * Proxies in front whose `x-forwarded-for` is believed: addresses, networks like `10.0.0.0/8`, `loopback` and `private`.
   * Default: none. Without it, who comes from a private address is known by no network, and so has no limit of one.
   */
  trustProxy?: readonly string[] | undefined
  /**
   * Header in which a proxy of `trustProxy` says the country of a visitor, for example `cf-ipcountry`. It is then kept with each
   * event. Default: none, and no country is looked at or kept.
   */
  countryHeader?: string | undefined
  /** Most requests of pages in a minute from one network (24 bits of IPv4, 48 of IPv6). 0: any number. Default 1200. */
  networkRate?: number | undefined
  /**
   * New visitors who may begin to answer from one network at once, and again within ten minutes; what further ones answer is
   * doubted, kept and counted apart. 0: any number. Default 30.
   */
  burst?: number | undefined
  /** Whether webhooks may be in the own network, on any port and without encryption. Default: no. */
  allowPrivateWebhooks?: boolean | undefined
  /**
   * The server that mail goes out by, `smtp://user:password@host:587` (or `smtps://`), and who it is from, `Acme <hi@acme.example>`.
   * Needs `publicUrl`. Default: no mail.
   */
  mail?: { smtp: string; from: string } | undefined
  /** Where people reach the collector, `https://feedback.example.com`: the links of messages lead there. */
  publicUrl?: string | undefined
  /** Default: the machine's clock. */
  clock?: Clock | undefined
  /** Default: randomness of the operating system. */
  random?: Random | undefined
  /** Whether the log has a line for each request, with its route, status and time. Default: no. */
  logRequests?: boolean | undefined
  /** Default: JSON lines on standard error. */
  log?: Log | undefined
}

/** A running collector. */
export interface Collector {
  /**
   * Answers a web request; for mounting in another server. Never rejects.
   *
   * @param client where the request comes from, if limits for each network are to hold
   */
  fetch(request: Request, client?: { address: string }): Promise<Response>
  /** Listens on a port of its own. May be called more than once. */
  listen(options: ListenOptions): Promise<{ url: string; port: number }>
  /** Takes no new requests, finishes the running ones (10 s at most), and closes the store. */
  close(): Promise<void>
  site: {
    writeKey: string
    /** Only when this very start made it; it is stored as a hash and cannot be shown again. */
    adminToken?: string | undefined
  }
}

/**
 * Starts a collector. It listens nowhere until `listen` is called.
 *
 * The first start with a data directory or a database makes the site and its keys. Later starts keep them, unless `writeKey`
 * or `adminToken` gives others, which then replace the stored ones.
 *
 * @throws when an option is wrong or the data cannot be opened; the message says how to mend it
 * @example
 * const collector = await createCollector({ data: './earshot-data', origins: ['https://shop.example'] })
 * const { url } = await collector.listen({ port: 8787 })
 */
export async function createCollector(options: CollectorOptions): Promise<Collector> {
  const { clock = systemClock, random = systemRandom, log = createLog() } = options
  const origins = checkOptions(options)
  const mail = mailSetup(options)
  const { data = '', allowPrivateWebhooks: allowPrivate = false } = options
  let runner: Runner | undefined
  const opened = await openStore(
    options,
    (path) => keptBeside(data, () => createThreadedStore(path, log), log),
    log,
    () => runner?.wake(),
  )
  const isOnDisk = options.store === undefined && data !== ':memory:'
  const room = isOnDisk ? createDiskRoom(data, options.diskFloor) : null
  const metrics = createMetrics({
    version: manifest.version,
    disk: async () => (room ? room.look() : null),
    measures: async () => [...((await opened.measures?.()) ?? []), ...daily.measures()],
  })
  const store = watchedStore(opened, metrics, room)
  const mailDeps = { store, clock, random, hash: systemHash, mail }
  const streams = createStreams()
  let closed: Promise<void> | undefined
  const uses = createUses(store, clock, log)
  const daily = createDaily(store, clock, log)
  const { writeKey, adminToken } = await openSite(store, options, clock, random).catch(
    async (error: unknown) => {
      await store.close()
      throw error
    },
  )
  const { handle, intake } = createFront({
    store,
    clock,
    random,
    hash: systemHash,
    log,
    policy: { inline: options.inlineSurveys ?? 'accept', most: maxInlineSurveys },
    needsReason: options.surveyPurpose === 'required',
    origins,
    browserFiles: options.browserFiles ?? null,
    dashboardFiles: builtDashboard,
    docsFiles: builtDocs,
    streams,
    metrics,
    metricsTokenHash: options.metricsToken === undefined ? null : systemHash.sha256(options.metricsToken),
    uses,
    daily,
    guesses: createGuesses(clock),
    bursts: createBursts(clock, options.burst ?? 30),
    outbound: {
      urlFlaw: (url) => urlFlaw(url, allowPrivate),
      test: (site, webhook) => {
        const id = Buffer.from(random.bytes(12)).toString('hex')
        return store.addJobs(site, [testDelivery(webhook, id, clock.now())], clock.now())
      },
      compose: (job) => composed(job, store),
      jobsOf,
      finder: (site) => createFinder(store, site),
    },
    mail: createMailDesk(mailDeps),
    limits: createLimits(clock, options.networkRate ?? usualNetworkRate),
    room,
    isClosing: () => closed !== undefined,
  })

  const findCaller = createFindCaller(options.trustProxy ?? [], options.countryHeader)
  const endRetention = startRetention(store, clock, log)
  runner = createRunner({ ...mailDeps, log, post: createPost({ allowPrivate }) })
  runner.start()
  const servers: RunningServer[] = []
  const running = new Set<Promise<Response>>()

  const answerFrom: Handler = (request, caller, isCounted) => {
    const answer = handle(request, caller, isCounted)
    running.add(answer)
    void answer.finally(() => running.delete(answer))
    return answer
  }

  const watch = (server: Server): void => {
    metrics.watch(server)
    if (options.logRequests) logRequests(server, log, random, metrics.label)
  }

  return {
    // Whoever mounts it says the address of the client itself, so what was forwarded is not looked at.
    fetch: (request, client) =>
      answerFrom(
        request,
        findCaller(client?.address, (name) =>
          name === 'x-forwarded-for' ? undefined : (request.headers.get(name) ?? undefined),
        ),
      ),
    async listen(where) {
      if (closed) throw new Error('The collector is closed. Make a new one with createCollector.')
      // What is written into the log is asked of node:http.
      const count = options.logRequests ? null : metrics.request
      const server = await startServer(answerFrom, where, log, undefined, intake, watch, findCaller, count)
      servers.push(server)
      return { url: server.url, port: server.port }
    },
    close() {
      closed ??= (async () => {
        await Promise.all(servers.map((each) => each.close()))
        await Promise.all(running)
        await streams.finish(closeTimeout)
        await endRetention()
        await runner.close()
        await uses.flush()
        await daily.flush()
        await store.close()
      })()
      return closed
    },
    site: { writeKey, ...(adminToken !== undefined && { adminToken }) },
  }
}

/**
 * Gives the site of a data directory or a database a new admin token; the old one is refused from then on, also by a collector
 * that is running.
 *
 * @returns the new token and the write key
 * @throws when the directory or the database holds no data
 * @example
 * const { adminToken } = await replaceAdminToken({ data: './earshot-data' })
 */
export async function replaceAdminToken(
  options: Pick<CollectorOptions, 'data' | 'store' | 'clock' | 'random'>,
): Promise<{ writeKey: string; adminToken: string }> {
  const { clock = systemClock, random = systemRandom, data = '' } = options
  const missing = (): Error =>
    new Error(
      options.store === undefined
        ? `${data} has no site yet. Start it once with: earshot-collector serve --data ${data}`
        : 'The database has no site yet. Start it once with: earshot-collector serve --store …',
    )
  if (options.store === undefined && !existsSync(join(data, databaseName))) throw missing()
  const store = await openStore(options, createSqliteStore)
  try {
    const site = await store.site()
    if (!site) throw missing()
    const adminToken = makeSecret('sk_', random)
    const tokenHash = systemHash.sha256(adminToken)
    const record = (status: number): Promise<void> =>
      store.record({
        at: clock.now(),
        who: 'cli',
        site: null,
        action: 'keys --new-admin-token',
        about: null,
        status,
      })
    await record(begunStatus)
    await store.saveSite(() => ({ tokenHash }), clock.now())
    await record(200)
    return { writeKey: site.writeKey, adminToken }
  } finally {
    await store.close()
  }
}

async function openStore(
  { data = '', store, eventLog, worker }: CollectorOptions,
  openFile: (path: string) => EventStore,
  log?: Log,
  wake: () => void = () => undefined,
): Promise<EventStore> {
  if (store === undefined) {
    const path = pathIn(data)
    // What is in memory is seen by no other thread.
    return wakingStore(path === ':memory:' ? createSqliteStore(path, log) : openFile(path), wake)
  }
  // The driver is loaded by those who need it.
  const { createThreadedPostgresStore } = await import('./stores/postgresThreads.ts')
  // Also what a worker of the log writes may cause work.
  const database = wakingStore(await createThreadedPostgresStore(store, { log }), wake)
  if (eventLog === undefined) return database
  try {
    const { createLogStore } = await import('./stores/nats.ts')
    return await createLogStore(eventLog, database, { log, worker })
  } catch (error) {
    await database.close()
    throw error
  }
}

function pathIn(data: string): string {
  if (data === ':memory:') return data
  // Comments are personal data, so nobody else on the machine gets to read the directory.
  mkdirSync(data, { recursive: true, mode: 0o700 })
  return join(data, databaseName)
}

async function openSite(
  store: EventStore,
  { writeKey, adminToken }: CollectorOptions,
  clock: Clock,
  random: Random,
): Promise<{ writeKey: string; adminToken?: string | undefined }> {
  let made: string | undefined
  // Decided under the lock: of two first starts at once, the second finds what the first one made.
  const site = await store.saveSite((stored) => {
    made = stored || adminToken !== undefined ? undefined : makeSecret('sk_', random)
    const token = adminToken ?? made
    return {
      writeKey: writeKey ?? (stored ? undefined : makeSecret('pk_', random)),
      ...(token !== undefined && { tokenHash: systemHash.sha256(token) }),
    }
  }, clock.now())
  return { writeKey: site.writeKey, adminToken: made }
}

function checkOptions(options: CollectorOptions): string[] | null {
  if (options.eventLog !== undefined) {
    readLogAddress(options.eventLog)
    if (options.store === undefined)
      throw new Error('A log stands in front of a database: name it too, with store or --store postgres://….')
  }
  if (options.store !== undefined) assertStore(options.store)
  else if (typeof options.data !== 'string' || options.data === '')
    throw new Error("createCollector needs a directory for the data, for example { data: './earshot-data' }.")
  if (options.writeKey !== undefined) assertWriteKey(options.writeKey)
  if (options.adminToken !== undefined) assertAdminToken(options.adminToken)
  if (options.metricsToken !== undefined) assertMetricsToken(options.metricsToken)
  assertOneOf('inlineSurveys', options.inlineSurveys, ['accept', 'refuse'])
  assertOneOf('surveyPurpose', options.surveyPurpose, ['required', 'optional'])
  const { networkRate = 0, trustProxy = [], countryHeader } = options
  assertProxies(trustProxy)
  if (countryHeader !== undefined) assertCountryHeader(countryHeader, trustProxy)
  if (!Number.isInteger(networkRate) || networkRate < 0)
    throw new Error(
      `networkRate is ${networkRate}; it must be a whole number of requests a minute, or 0 for any.`,
    )
  for (const origin of options.origins ?? []) {
    if (isExactOrigin(origin)) continue
    const exact = URL.canParse(origin) ? new URL(origin).origin : null
    const hint =
      exact === null || exact === 'null' ? 'write it like "https://shop.example"' : `write "${exact}"`
    throw new Error(`"${origin}" is not an exact origin; ${hint}, without path, slash or wildcard.`)
  }
  return options.origins && options.origins.length > 0 ? [...options.origins] : null
}

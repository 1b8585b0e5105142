/** The collector: takes events over HTTP, keeps them in a store, and turns them into numbers. */
import type { Server } from 'node:http'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }
import { maxInlineSurveys } from './core/ingest.ts'
import { begunStatus } from './http/diary.ts'
import { createFront, type Handler } from './http/handler.ts'
import { logRequests } from './http/requestLog.ts'
import { createBursts } from './http/bursts.ts'
import { createDaily } from './http/daily.ts'
import { createGuesses } from './http/guesses.ts'
import { createLimits } from './http/limits.ts'
import { createMetrics } from './http/metrics.ts'
import { createFindCaller } from './http/caller.ts'
import { startServer, type ListenOptions, type RunningServer } from './http/server.ts'
import { urlFlaw } from './outbound/address.ts'
import { jobsOf } from './outbound/cases.ts'
import { createMailDesk } from './outbound/mailDesk.ts'
import { mailSetup } from './outbound/mailSetup.ts'
import { createPost } from './outbound/post.ts'
import { createRunner, type Runner } from './outbound/runner.ts'
import { createFinder } from './outbound/watch.ts'
import { composed, testDelivery } from './outbound/work.ts'
import { openSite, openStore } from './opening.ts'
import { checkOptions, type CollectorOptions } from './options.ts'
import { makeSecret } from './http/secret.ts'
import { startRetention } from './http/retention.ts'
import { createUses } from './http/uses.ts'
import { createStreams } from './http/streams.ts'
import { createDiskRoom } from './stores/diskRoom.ts'
import { databaseName, keptBeside } from './stores/keptBeside.ts'
import { createSqliteStore } from './stores/sqlite.ts'
import { createThreadedStore } from './stores/sqliteThreads.ts'
import { watchedStore } from './stores/watchedStore.ts'
import { createLog, systemClock, systemHash, systemRandom } from './system.ts'

export type { Millis } from './core/time.ts'
export type { ListenOptions } from './http/server.ts'
export type { CollectorOptions } from './options.ts'
export type { Clock, Log, Random } from './ports/world.ts'

/** How long `close` waits for answers that are being streamed, in milliseconds. */
const closeTimeout = 10_000

/** The package brings the dashboard along, and the documentation. */
const builtDashboard = fileURLToPath(new URL('../dist/dashboard', import.meta.url))
const builtDocs = fileURLToPath(new URL('../dist/docs', import.meta.url))

/** Requests of pages in a minute from one network. An office behind one address, with a page each second, stays below. */
const usualNetworkRate = 1200

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

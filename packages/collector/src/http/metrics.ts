/** Counts and times what happens, for Prometheus. No label has values that a client can choose. */
import type { Server } from 'node:http'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { StoreFailureCode } from '../core/failure.ts'
import type { Measure } from '../ports/eventStore.ts'
import type { CountRequest } from './door.ts'
import { createTimes } from './times.ts'

/** Where things are counted. */
export interface Metrics {
  /** Says which paths there are, so that requests are counted by them. */
  route(paths: readonly string[]): void
  /** The route of an address, or `unknown`. */
  label(url: string): string
  /** Counts the connections of a server, and the requests that node:http reads. */
  watch(server: Server): void
  /** A request begins that node:http does not read. */
  request: CountRequest
  /** An event of a batch was judged. */
  judged(outcome: 'accepted' | 'duplicate' | 'rejected', count: number): void
  rejected(code: string): void
  /** Events that a device gave up before it could send them, as far as it told. */
  lost(reason: string, count: number): void
  /** A request was answered with 429. */
  limited(by: 'network' | 'key' | 'day'): void
  /** A write begins; to be called with how it ended when it did. */
  write(kind: string): (failure?: StoreFailureCode | 'unexpected') => void
  /** All in the text format of Prometheus. */
  text(): Promise<string>
  contentType: string
  /** Of the collector. */
  version: string
}

/** What is asked when somebody reads. */
export interface MetricsSource {
  version: string
  /** Free bytes where the data is, and the size of the database; null when nothing is on a disk. */
  disk(): Promise<{ free: number; database: number } | null>
  /** What the store tells besides. */
  measures?(): Promise<Measure[]>
}

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * Makes the counters of one collector.
 *
 * @example
 * const metrics = createMetrics({ version: '0.1.0', disk: async () => null })
 * metrics.judged('accepted', 3)
 * await metrics.text() // '# HELP earshot_events_total …'
 */
export function createMetrics(source: MetricsSource): Metrics {
  const register = new Registry()
  const registers = [register]
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames, registers })
  const requests = counter('earshot_http_requests_total', 'Requests that were answered or broke off', [
    'route',
    'method',
    'status',
  ])
  const requestSeconds = createTimes(
    register,
    'earshot_http_request_seconds',
    'From the head of a request to the end of its answer',
    'route',
    seconds,
  )
  const running = new Gauge({ name: 'earshot_http_requests_running', help: 'Requests under way', registers })
  const connections = new Gauge({ name: 'earshot_http_connections', help: 'Open connections', registers })
  const events = counter('earshot_events_total', 'Events by what the receipt said', ['outcome'])
  const rejections = counter('earshot_events_rejected_total', 'Events that were rejected, by reason', [
    'code',
  ])
  const losses = counter(
    'earshot_events_lost_total',
    'Events that devices gave up before they could send them, as they told',
    ['reason'],
  )
  const limits = counter('earshot_requests_limited_total', 'Requests that were told to come again later', [
    'by',
  ])
  const writes = counter('earshot_store_writes_total', 'Writes that ended', ['kind', 'outcome'])
  const writeSeconds = createTimes(
    register,
    'earshot_store_write_seconds',
    'From the call of a write to its commit, so with the time it waited',
    'kind',
    seconds,
  )
  const commitWrites = new Histogram({
    name: 'earshot_store_commit_writes',
    help: 'Writes that were confirmed in one turn of the loop, which is one commit, or several where commits are faster than that',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  })
  const waiting = new Gauge({
    name: 'earshot_store_writes_waiting',
    help: 'Writes that were called and are not committed yet',
    registers,
  })
  const free = new Gauge({ name: 'earshot_disk_free_bytes', help: 'Room where the data is', registers })
  const size = new Gauge({
    name: 'earshot_database_bytes',
    help: 'Size of the database with its log',
    registers,
  })
  new Gauge({
    name: 'earshot_build_info',
    help: 'Always 1; the labels say what runs',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: source.version, node: process.version }, 1)

  const gauges = new Map<string, Gauge>()
  const show = (measures: readonly Measure[]): void => {
    for (const each of gauges.values()) each.reset()
    for (const { name, help, labels = {}, value } of measures) {
      const gauge = gauges.get(name) ?? new Gauge({ name, help, labelNames: Object.keys(labels), registers })
      gauges.set(name, gauge)
      gauge.set(labels, value)
    }
  }

  let labelOf = (_path: string): string => 'unknown'
  // Looking up labels costs more than counting, and there are few of them; so counts are brought in when somebody reads.
  const counted: Counted[] = []
  const count = (into: Counter.Internal): Counted => {
    const made = { into, count: 0 }
    counted.push(made)
    return made
  }
  const answers = new Map<string, { count: Counted; took: (seconds: number) => void }>()
  const ended = new Map<string, { count: Counted; took: (seconds: number) => void }>()
  const judgements = {
    accepted: count(events.labels({ outcome: 'accepted' })),
    duplicate: count(events.labels({ outcome: 'duplicate' })),
    rejected: count(events.labels({ outcome: 'rejected' })),
  }
  let underWay = 0
  let written = 0
  let confirmed = 0
  let hasDefaults = false

  const request: CountRequest = (asked, target) => {
    const start = performance.now()
    underWay++
    return (status) => {
      underWay--
      if (status === null) return
      const route = labelOf(target)
      const method = methods.includes(asked) ? asked : 'other'
      const key = `${method} ${status} ${route}`
      let known = answers.get(key)
      if (!known) {
        known = { count: count(requests.labels({ route, method, status })), took: requestSeconds.of(route) }
        answers.set(key, known)
      }
      known.count.count++
      known.took((performance.now() - start) / 1000)
    }
  }

  return {
    route(paths) {
      labelOf = createLabels(paths)
    },
    label: (url) => labelOf(url),
    watch(server) {
      server.on('connection', (socket) => {
        connections.inc()
        socket.once('close', () => connections.dec())
      })
      server.on('request', (incoming, response) => {
        const answered = request(incoming.method ?? '', incoming.url ?? '')
        // 499 stands for a client that left before the end, as it does at nginx.
        response.once('close', () => answered(response.writableFinished ? response.statusCode : 499))
      })
    },
    request,
    judged: (outcome, more) => {
      judgements[outcome].count += more
    },
    rejected: (code) => rejections.inc({ code }),
    lost: (reason, more) => losses.inc({ reason }, more),
    limited: (by) => limits.inc({ by }),
    write(kind) {
      const began = performance.now()
      written++
      return (failure) => {
        written--
        const key = failure === undefined ? kind : `${kind} ${failure}`
        let known = ended.get(key)
        if (!known) {
          known = {
            count: count(writes.labels({ kind, outcome: failure ?? 'committed' })),
            took: writeSeconds.of(kind),
          }
          ended.set(key, known)
        }
        known.count.count++
        if (failure !== undefined) return
        known.took((performance.now() - began) / 1000)
        if (confirmed++ > 0) return
        setImmediate(() => {
          commitWrites.observe(confirmed)
          confirmed = 0
        })
      }
    },
    async text() {
      // Watching the loop and the memory costs something, so it begins when somebody looks.
      if (!hasDefaults) collectDefaultMetrics({ register })
      hasDefaults = true
      const disk = await source.disk()
      for (const each of counted) {
        if (each.count > 0) each.into.inc(each.count)
        each.count = 0
      }
      running.set(underWay)
      waiting.set(written)
      if (disk) {
        free.set(disk.free)
        size.set(disk.database)
      }
      show((await source.measures?.()) ?? [])
      return register.metrics()
    },
    contentType: register.contentType,
    version: source.version,
  }
}

/** What was counted since somebody read. */
interface Counted {
  into: Counter.Internal
  count: number
}

/** The label of an address: its route, never the address itself. */
function createLabels(paths: readonly string[]): (url: string) => string {
  const fixed = new Set(paths.filter((path) => !path.includes('{')))
  const open = paths.filter((path) => path.includes('{') && !path.startsWith('/sdk/'))
  const patterns = [...new Set(open)].map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }))
  return (url) => {
    const end = url.indexOf('?')
    const path = end < 0 ? url : url.slice(0, end)
    if (fixed.has(path)) return path
    if (path.startsWith('/sdk/')) return '/sdk/{version}/{file}'
    return patterns.find((each) => each.pattern.test(path))?.path ?? 'unknown'
  }
}

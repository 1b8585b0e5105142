/** Load for the ingest benchmark: prepared requests over kept-alive sockets, each connection with one request under way. */
import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What a run of requests took. */
export interface LoadResult {
  /** Requests per second. */
  rate: number
  /** Milliseconds. */
  median: number
  p99: number
  /** Requests that were answered with anything but success. */
  failed: number
}

/** The survey that the load answers, as it is put to the collector. */
export const loadSurvey = {
  id: 'nps-q4',
  version: 1,
  locale: 'en',
  questions: [
    {
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
    },
  ],
  thanks: { title: 'Thank you' },
  triggers: [],
  recontact: { answered: 90, dismissed: 30, shown: 7 },
}

let counter = 0
/** A UUIDv7 that is later than all before it, as a browser would make it. */
function uuid(at: number): string {
  const time = at.toString(16).padStart(12, '0')
  const low = (++counter).toString(16).padStart(9, '0')
  const chance = () =>
    Math.floor(Math.random() * 0x1000)
      .toString(16)
      .padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${low.slice(0, 3)}-8${chance()}-${low.slice(3)}${chance()}${chance()}`
}

/** One answer, the only event of its response: what a page with one question sends besides its display. */
export function makeEvent(at: number): string {
  const moment = new Date(at).toISOString()
  return `{"id":"${uuid(at)}","type":"answer","at":"${moment}","visitor":"${uuid(at - 86_400_000)}","person":null,"session":"${uuid(at)}","seq":${(counter % 90) * 100_000 + 3},"context":{"url":"https://shop.example/checkout/done","locale":"en-GB","channel":"web"},"survey":"nps-q4","surveyVersion":1,"response":"${uuid(at)}","data":{"question":"score","value":${counter % 11},"revision":0}}`
}

/** A whole HTTP request with this many events. */
export function makeRequest(key: string, events: number): string {
  const now = Date.now()
  const list = Array.from({ length: events }, () => makeEvent(now - 2000)).join(',')
  const body = `{"key":"${key}","sentAt":"${new Date(now).toISOString()}","sdk":"js/0.1.0","events":[${list}]}`
  return `POST /v1/feedback HTTP/1.1\r\nhost: 127.0.0.1\r\norigin: https://shop.example\r\nuser-agent: bench\r\naccept: */*\r\ncontent-type: text/plain;charset=UTF-8\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

/** Prepares requests, so that the run itself makes nothing. */
export function makeRequests(key: string, count: number, events: number): string[] {
  return Array.from({ length: count }, () => makeRequest(key, events))
}

/** The length of the first whole response in a text, and its status; null if it is not whole. */
function firstResponse(text: string): { end: number; status: number } | null {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return null
  const status = Number(text.slice(9, 12))
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))
  if (length) {
    const end = head + 4 + Number(length[1])
    return text.length < end ? null : { end, status }
  }
  const last = text.indexOf('\r\n0\r\n\r\n', head)
  return last < 0 ? null : { end: last + 7, status }
}

/** Sends all requests over so many connections and waits for all answers. */
export type Load = (port: number, connections: number, requests: readonly string[]) => Promise<LoadResult>

/**
 * The program that makes the load, in C where there is a compiler: then the cores are left to the server that is measured.
 *
 * @param directory for the program and its requests
 * @returns null where there is no compiler
 */
export function buildLoad(directory: string): Load | null {
  const program = join(directory, 'load')
  try {
    execFileSync('cc', ['-O2', '-o', program, join(import.meta.dirname, 'benchIngestLoad.c')])
  } catch {
    return null
  }
  const run = promisify(execFile)
  return async (port, connections, requests) => {
    const file = join(directory, 'requests')
    const parts = requests.flatMap((request) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(Buffer.byteLength(request))
      return [length, Buffer.from(request)]
    })
    writeFileSync(file, Buffer.concat(parts))
    const { stdout } = await run(program, [String(port), String(connections), file])
    return JSON.parse(stdout) as LoadResult
  }
}

/**
 * Sends all requests and waits for all answers.
 *
 * @param stop ends the run early when it gives true; what is under way is still waited for
 */
export async function load(
  port: number,
  connections: number,
  requests: readonly string[],
  stop: () => boolean = () => false,
): Promise<LoadResult> {
  const latencies = new Float64Array(requests.length)
  let sent = 0
  let answered = 0
  let failed = 0
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const began = performance.now()
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve, reject) => {
          let rest = ''
          let since = 0
          const next = (): void => {
            const request = stop() ? undefined : requests[sent]
            if (request === undefined) {
              socket.end()
              resolve()
              return
            }
            sent++
            since = performance.now()
            socket.write(request, 'latin1')
          }
          socket.on('data', (chunk: Buffer) => {
            rest += chunk.toString('latin1')
            const whole = firstResponse(rest)
            if (!whole) return
            rest = rest.slice(whole.end)
            latencies[answered++] = performance.now() - since
            if (whole.status >= 300) failed++
            next()
          })
          socket.on('error', reject)
          socket.on('close', () => reject(new Error('the server closed a connection')))
          next()
        }),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  const sorted = latencies.subarray(0, answered).sort()
  const at = (share: number): number => sorted[Math.min(answered - 1, Math.floor(answered * share))] ?? 0
  return { rate: answered / seconds, median: at(0.5), p99: at(0.99), failed }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

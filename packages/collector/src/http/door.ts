/** Answers usual requests on their connection itself, which costs half of what it costs by node:http; hands everything else over. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Log } from '../ports/world.ts'
import type { FindCaller } from './caller.ts'
import type { Intake, ShortCall } from './intake.ts'
import { readUsualRequest, usualTarget, type UsualRequest } from './usualRequest.ts'

/** Notes that a request begins; to be called with the status of its answer, or null where another one counts it. */
export type CountRequest = (method: string, target: string) => (status: number | null) => void

/** What the door works with. */
export interface DoorTools {
  intake: Intake
  findCaller: FindCaller
  count: CountRequest
  log: Log
  /** Until the first request, and between two of them, in milliseconds. */
  timeouts: { headers: number; idle: number }
  /**
   * Takes a connection over for good, with the bytes that were not read.
   *
   * @param isCounted whether its first request has been counted against the limit of its network
   */
  handOver(socket: Socket, unread: Buffer, isCounted: boolean): void
}

/** What comes in here is read here first. */
export interface Door {
  open(socket: Socket): void
  /** Ends what is idle now, and everything else with its next answer. */
  close(): void
  /** Ends everything now. */
  cut(): void
}

/** As node:http, which is a second more patient than it says: a client may be sending just then. */
const patience = 1000

/**
 * Makes the door. A connection stays here as long as its requests are usual ones, each in one piece after the answer to the
 * one before.
 *
 * @example
 * const door = createDoor({ intake, findCaller, count, log, timeouts, handOver })
 * server.on('connection', door.open)
 */
export function createDoor(tools: DoorTools): Door {
  const { intake, findCaller, count, log, timeouts, handOver } = tools
  const visits = new Map<Socket, { isBusy: boolean }>()
  const headOf = createHeads(timeouts.idle)
  let isClosing = false

  const open = (socket: Socket): void => {
    const visit = { isBusy: false }
    let unread: Buffer[] = []
    let isFirst = true
    let hasEnded = false

    const leave = (): void => {
      visits.delete(socket)
      socket.off('data', read).off('timeout', wait).off('end', end).off('error', fail).off('close', leave)
    }
    const giveAway = (piece: Buffer, isCounted: boolean): void => {
      leave()
      socket.setTimeout(0)
      handOver(socket, piece, isCounted)
    }
    const read = (piece: Buffer): void => {
      if (visit.isBusy) {
        // Looked at after the answer, and no more is read until then.
        unread.push(piece)
        socket.pause()
        return
      }
      const request = readUsualRequest(piece)
      const caller = request && findCaller(socket.remoteAddress, (name) => textOf(request.headers[name]))
      const call = request && caller && intake('POST', usualTarget, request.headers, caller)
      if (!call) {
        giveAway(piece, false)
        return
      }
      visit.isBusy = true
      const counted = count('POST', usualTarget)
      answer(call, request).then(
        (said) => {
          call.release()
          // 499 stands for a client that left before the end, as it does at nginx.
          counted(said && (socket.destroyed ? 499 : said.status))
          if (said) finish(said.text)
          else giveAway(Buffer.concat([piece, ...unread]), true)
        },
        (error: unknown) => {
          call.release()
          counted(499)
          log.error('response broke off', error)
          socket.destroy()
        },
      )
    }
    const finish = (text: string): void => {
      visit.isBusy = false
      if (socket.destroyed) return
      // Nearly always there are only ids in it, and one byte for each character is written faster.
      const hasRoom = socket.write(text, isAscii(text) ? 'latin1' : 'utf8')
      if (isClosing || hasEnded) {
        socket.end()
        return
      }
      if (isFirst) socket.setTimeout(timeouts.idle + patience)
      isFirst = false
      if (!hasRoom) {
        // Who reads no answers is asked nothing more.
        visit.isBusy = true
        socket.once('drain', () => {
          visit.isBusy = false
          readOn()
        })
      } else if (unread.length > 0) readOn()
    }
    const readOn = (): void => {
      if (unread.length === 0) return
      const piece = Buffer.concat(unread)
      unread = []
      socket.resume()
      read(piece)
    }
    const wait = (): void => {
      if (visit.isBusy) return
      if (isFirst) socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
      socket.destroySoon()
    }
    const end = (): void => {
      hasEnded = true
      if (!visit.isBusy) socket.end()
    }
    const fail = (): void => void socket.destroy()

    visits.set(socket, visit)
    socket.setTimeout(timeouts.headers)
    socket.on('data', read).on('timeout', wait).on('end', end).on('error', fail).on('close', leave)
  }

  const answer = async (call: ShortCall, { body }: UsualRequest): Promise<Said | null> => {
    const taken = call.hold(body.byteLength) ? await call.take(body) : call.refuse()
    if (taken === null) return null
    if (typeof taken === 'string') return { status: 200, text: headOf(call.headers, taken, isClosing) }
    const text = await taken.text()
    return { status: taken.status, text: headOf([...taken.headers].flat(), text, isClosing, taken.status) }
  }

  return {
    open,
    close() {
      isClosing = true
      for (const [socket, visit] of visits) if (!visit.isBusy) socket.destroy()
    },
    cut() {
      for (const socket of visits.keys()) socket.destroy()
    },
  }
}

/** A whole answer. */
interface Said {
  status: number
  text: string
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined
}

type WriteHead = (headers: readonly string[], body: string, isLast: boolean, status?: number) => string

/** Writes answers, with what node:http adds to each. */
function createHeads(idle: number): WriteHead {
  const alive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(idle / 1000)}\r\n\r\n`
  const known = new WeakMap<readonly string[], string>()
  let second = 0
  let date = ''
  const linesOf = (headers: readonly string[]): string => {
    let text = ''
    for (let index = 0; index < headers.length; index += 2)
      if (headers[index] !== 'content-length') text += `${headers[index]}: ${headers[index + 1]}\r\n`
    known.set(headers, text)
    return text
  }
  return (headers, body, isLast, status = 200) => {
    const now = Date.now()
    if (now - second >= 1000 || now < second) {
      second = now - (now % 1000)
      date = `Date: ${new Date(now).toUTCString()}\r\n`
    }
    const end = isLast ? 'Connection: close\r\n\r\n' : alive
    const lines = known.get(headers) ?? linesOf(headers)
    return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}content-length: ${Buffer.byteLength(body)}\r\n${date}${end}${body}`
  }
}

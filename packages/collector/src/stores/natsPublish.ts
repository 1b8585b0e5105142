/** Puts requests into the log: those that arrive while one message is under way share the next, and each is answered when a quorum has it. */
import type { Receipt } from '@earshot/contract'
import { headers, nuid } from '@nats-io/transport-node'
import { isStoreFailure, storeFailure } from '../core/failure.ts'
import type { LogLine } from './natsConnection.ts'
import { codeOf, codes, explainLog, isUnsure } from './natsError.ts'
import { messageId, packMessage, packPiece, type Piece } from './natsMessage.ts'
import { createQueue, type Outcome, type Queue } from './postgresQueue.ts'

/** What became of a piece. */
export interface Published {
  /** The log had the very same before. */
  isRepeated: boolean
  /** What the database made of it; null when that did not come in time, or was not asked for. */
  receipt: Promise<Receipt | null>
}

/** Writes to the log. */
export interface Publisher {
  /**
   * Resolves when a quorum of the servers has it.
   *
   * @throws a failure of the store; `store_interrupted` when nobody knows whether the log has it
   */
  publish(partition: number, site: number, piece: Piece): Promise<Published>
  /** Bytes that are on their way to the log. */
  waiting(): number
  drain(): Promise<void>
  close(): void
}

/** Header with the subject that a worker tells the receipts to. */
export const replyHeader = 'Earshot-Reply'

/** Most bytes of a message: enough that it costs next to nothing for each event, few enough that no worker waits long for it. */
const groupBytes = 256 * 1024
/** Room for headers. */
const headRoom = 2048
/** Most bytes that wait for the log in this process. */
const mostWaiting = 64 * 1024 * 1024
const pauseBetween = 100

interface Work {
  piece: Piece
  text: string
}

/** Says that a piece does not fit into any message. */
function tooLarge(): Error {
  return Object.assign(new Error('a request is larger than a message of the log may be'), {
    isTooLarge: true,
  })
}

/** Starts it. */
export function createPublisher(line: LogLine): Publisher {
  const { connection, client, address, names, times } = line
  const queues = new Map<number, Queue<Work, Published>>()
  const awaited = new Map<string, (receipts: Receipt[] | null) => void>()
  const replies = `${address.name}.receipts.${nuid.next()}`
  let bytes = 0

  const subscription = connection.subscribe(replies, {
    callback(error, message) {
      if (error) return
      const { id, receipts } = message.json<{ id: string; receipts: Receipt[] }>()
      const tell = awaited.get(id)
      tell?.(receipts)
      // Whoever asks is told whether somebody has heard it.
      message.respond(tell ? 'heard' : '')
    },
  })

  const hear = (id: string): Promise<Receipt[] | null> =>
    new Promise((resolve) => {
      const end = (receipts: Receipt[] | null): void => {
        clearTimeout(timer)
        awaited.delete(id)
        resolve(receipts)
      }
      const timer = setTimeout(end, address.confirm, null)
      awaited.set(id, end)
    })

  /** Says it until the log confirms it; the id keeps it from being stored twice. */
  const put = async (subject: string, text: string, id: string, token: string): Promise<boolean> => {
    const end = performance.now() + times.publish
    let unsure = false
    for (;;) {
      if (line.isAway())
        throw storeFailure(unsure ? 'store_interrupted' : 'store_unavailable', 'the log is not reachable')
      const head = headers()
      if (address.confirm > 0) head.set(replyHeader, `${replies} ${token}`)
      try {
        const { duplicate } = await client.publish(subject, text, {
          msgID: id,
          timeout: times.confirm,
          headers: head,
        })
        // After a try of which nobody knows, that it is there already is what was wanted.
        return duplicate && !unsure
      } catch (error) {
        const isOnItsWay = codeOf(error) === codes.duplicateUnderWay
        unsure ||= isUnsure(error) || isOnItsWay
        const failure = explainLog(error)
        if (failure.code === 'store_overloaded' || performance.now() > end)
          throw unsure ? storeFailure('store_interrupted', failure.message, error) : failure
      }
      await new Promise((resolve) => setTimeout(resolve, pauseBetween))
    }
  }

  const send = async (partition: number, site: number, works: Work[]): Promise<Outcome<Published>[]> => {
    const id = messageId(
      site,
      works.map((each) => each.piece),
    )
    const message = packMessage(
      site,
      works.map((each) => each.text),
    )
    // Not the id of the message: the same content may come again while somebody waits for the first.
    const token = nuid.next()
    const heard = address.confirm > 0 ? hear(token) : Promise.resolve(null)
    const isRepeated = await put(names.subject(partition), message, id, token).catch((error: unknown) => {
      awaited.get(token)?.(null)
      throw error
    })
    // Nobody will work on it again.
    if (isRepeated) awaited.get(token)?.(null)
    return works.map((_, index) => ({
      ok: true,
      result: { isRepeated, receipt: heard.then((receipts) => receipts?.[index] ?? null) },
    }))
  }

  const queueOf = (partition: number): Queue<Work, Published> => {
    const known = queues.get(partition)
    if (known) return known
    // One message at a time: the next could otherwise overtake one that has to be said again.
    const made = createQueue<Work, Published>(
      { most: groupBytes, weigh: ({ text }) => text.length },
      (site, works) => send(partition, site, works),
    )
    queues.set(partition, made)
    return made
  }

  return {
    async publish(partition, site, piece) {
      const text = packPiece(piece)
      const size = Buffer.byteLength(text)
      if (size > line.mostBytes - headRoom) throw tooLarge()
      if (bytes + size > mostWaiting) throw storeFailure('store_overloaded', 'too much waits for the log')
      bytes += size
      try {
        return await queueOf(partition).add(site, { piece, text })
      } catch (error) {
        throw isStoreFailure(error) ? error : explainLog(error)
      } finally {
        bytes -= size
      }
    },
    waiting: () => bytes,
    async drain() {
      for (const queue of queues.values()) await queue.drain()
    },
    close: () => subscription.unsubscribe(),
  }
}

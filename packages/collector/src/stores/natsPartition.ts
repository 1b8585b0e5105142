/** Works through one partition of the log: takes messages in their order, writes them, and lets go of them after the commit. */
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import { isStoreFailure } from '../core/failure.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { Log } from '../ports/world.ts'
import type { LogLine } from './natsConnection.ts'
import { packMessage, packPiece, unpackMessage, type LogMessage } from './natsMessage.ts'
import { replyHeader } from './natsPublish.ts'
import { mostInHand, mostRefusedBytes } from './natsStreams.ts'
import { writeMessage, type Written } from './natsWrite.ts'

/** What a worker needs. */
export interface WorkerParts {
  line: LogLine
  database: EventStore
  log?: Log | undefined
}

/** The work on one partition. */
export interface PartitionWork {
  /** Takes no more, and resolves when what was taken is written, or has gone back while the database is away. */
  end(): Promise<void>
}

/** Deliveries after which a message is written by itself: one of those that were under way together may have ended the process. */
const suspect = 4
/** Tries of such a message by itself that ended with the process, after which nobody tries any more. */
const mostTries = 5
/** Waits while the database is away, in milliseconds. */
const firstWait = 100
const longestWait = 3000

/** Header of a dead letter. */
export const deadHeaders = {
  reason: 'Earshot-Reason',
  stream: 'Earshot-Stream',
  sequence: 'Earshot-Sequence',
} as const

/** Begins to work on a partition. */
export function workOn(partition: number, { line, database, log }: WorkerParts): PartitionWork {
  const { connection, client, manager, names, times } = line
  const stream = names.stream(partition)
  /** Taken and not written yet, in order. */
  let waiting: JsMsg[] = []
  let inHand: JsMsg[] = []
  let messages: ConsumerMessages | undefined
  /** A suspect that this worker has begun to write. */
  let trying = 0
  let isEnding = false
  let wake = (): void => undefined

  const sleep = (milliseconds?: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const isSuspect = (message: JsMsg): boolean => message.info.deliveryCount > suspect

  const receive = (message: JsMsg): void => {
    // While it took long it may have been given out anew.
    if ([...inHand, ...waiting].some((each) => each.seq === message.seq)) return
    waiting.push(message)
    if (inHand.length === 0) wake()
  }

  const bury = async (
    message: JsMsg,
    text: Uint8Array | string,
    reason: string,
    part: number,
  ): Promise<void> => {
    const head = headers()
    head.set(deadHeaders.reason, reason.replaceAll(/[^ -~]/g, ' ').slice(0, 500))
    head.set(deadHeaders.stream, stream)
    head.set(deadHeaders.sequence, String(message.seq))
    await client.publish(names.deadSubject(partition), text, {
      msgID: `${stream}:${message.seq}:${part}`,
      headers: head,
    })
    log?.error('what was taken cannot be written; it is kept with the dead letters', new Error(reason), {
      stream,
      sequence: message.seq,
    })
  }

  const hasRoomForRefused = async (): Promise<boolean> =>
    (await manager.streams.info(names.dead)).state.bytes < mostRefusedBytes

  /** Tells the collector what became of it. @returns whether it was heard */
  const answer = async (message: JsMsg, { receipts }: Written, hasDead: boolean): Promise<boolean> => {
    const [subject = '', id = ''] = message.headers?.get(replyHeader)?.split(' ') ?? []
    if (subject === '') return false
    const text = JSON.stringify({ id, receipts })
    if (!hasDead) {
      connection.publish(subject, text)
      return true
    }
    return connection.request(subject, text, { timeout: 1000 }).then(
      (reply) => reply.data.length > 0,
      () => false,
    )
  }

  const read = (message: JsMsg): LogMessage | string => {
    try {
      return unpackMessage(message.data)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  /** Notes that a suspect is tried now, where the next worker finds it. @returns tries of which nobody knows the end */
  const beginTry = async (message: JsMsg): Promise<number> => {
    const subject = names.triesSubject(partition)
    const noted = await manager.streams.getMessage(names.tries, { last_by_subj: subject })
    const [sequence, tries] = (noted?.string() ?? '').split(' ').map(Number)
    // Of one try, which goes on while the database is away.
    if (trying === message.seq) return 0
    const before = sequence === message.seq ? (tries ?? 0) : 0
    await client.publish(subject, `${message.seq} ${before + 1}`)
    trying = message.seq
    return before
  }

  /** Rejects with a failure of the store when it has to be done again. */
  const finish = async (message: JsMsg): Promise<void> => {
    const tries = isSuspect(message) ? await beginTry(message) : 0
    const content = tries < mostTries ? read(message) : `it ended whoever took it, ${tries} times`
    if (typeof content === 'string') {
      await bury(message, message.data, content, 0)
      message.ack()
      return
    }
    const written = await writeMessage(database, content)
    const hasHeard = await answer(message, written, written.dead.length > 0)
    // What the client was told to be refused is no loss.
    if (!hasHeard)
      for (const [index, { piece, reason, isRefused }] of written.dead.entries())
        if (!isRefused || (await hasRoomForRefused()))
          await bury(message, packMessage(content.site, [packPiece(piece)]), reason, index)
        else
          log?.error(
            'what the database refused is lost: there are too many dead letters',
            new Error(reason),
            { stream, sequence: message.seq, events: piece.batch.candidates.length },
          )
    // What is let go of is only marked as free on the disks; what an erased visitor sent is overwritten.
    if (written.hasErased)
      await manager.streams.deleteMessage(stream, message.seq, true).catch(() => undefined)
    message.ack()
  }

  const settle = async (): Promise<void> => {
    let wait = firstWait
    while (inHand.length > 0) {
      const results = await Promise.allSettled(inHand.map(finish))
      inHand = inHand.filter((_, index) => results[index]?.status === 'rejected')
      if (inHand.length === 0) return
      for (const each of results)
        if (each.status === 'rejected' && !isStoreFailure(each.reason))
          log?.error('the log does not take what is to be kept', each.reason, { stream })
      if (isEnding) return
      await sleep(wait)
      wait = Math.min(2 * wait, longestWait)
    }
  }

  /**
   * What the worker before us had in hand comes again, after what it did not have. Later messages wait for it: until all up
   * to this number are let go of. 0 when nothing was under way.
   */
  let barrier = 0

  const look = async (began: number): Promise<void> => {
    const { ack_floor, num_ack_pending } = await manager.consumers.info(stream, names.consumer)
    const isPassed = ack_floor.stream_seq >= barrier || num_ack_pending <= waiting.length
    // Whatever it was, it does not come any more.
    const isLate = performance.now() - began > 3 * times.ack
    if (isPassed || isLate) barrier = 0
  }

  const take = (): JsMsg[] => {
    const ready = barrier > 0 ? waiting.filter((each) => each.seq <= barrier) : waiting
    const sorted = ready.toSorted((a, b) => a.seq - b.seq)
    const index = sorted.findIndex(isSuspect)
    const count = index < 0 ? mostInHand : Math.max(index, 1)
    const taken = sorted.slice(0, count)
    waiting = waiting.filter((each) => !taken.includes(each))
    return taken
  }

  const run = async (): Promise<void> => {
    const consumer = await client.consumers.get(stream, names.consumer)
    const { delivered, num_ack_pending } = await manager.consumers.info(stream, names.consumer)
    if (num_ack_pending > 0) barrier = delivered.stream_seq
    const began = performance.now()
    // A server that is lost takes the request with it, and two missing heartbeats tell.
    const beats = { expires: 5000, idle_heartbeat: 1000 }
    messages = await consumer.consume({ max_messages: mostInHand, ...beats, callback: receive })
    while (!isEnding || (barrier === 0 && waiting.length > 0)) {
      inHand = take()
      if (inHand.length > 0) await settle()
      else if (barrier === 0) await sleep()
      else {
        await sleep(times.ack / 10)
        await look(began)
      }
      // The database is away, and nobody waits for it any more.
      if (inHand.length > 0) return
    }
  }

  // As long as somebody works on them they are given to nobody else.
  const keeping = setInterval(() => {
    if (!connection.isClosed()) for (const each of [...inHand, ...waiting]) each.working()
  }, times.ack / 3)

  const running = (async () => {
    for (;;) {
      try {
        await run()
        return
      } catch (error) {
        log?.error('cannot read the log', error, { stream })
        if (!isEnding) await sleep(longestWait)
      }
      if (isEnding) return
    }
  })()

  return {
    async end() {
      isEnding = true
      messages?.stop()
      wake()
      await running
      clearInterval(keeping)
      if (connection.isClosed()) return
      // A try that is given up says nothing against the message.
      if (inHand.some((each) => each.seq === trying))
        await client.publish(names.triesSubject(partition), `${trying} 0`).catch(() => undefined)
      for (const each of [...inHand, ...waiting]) each.nak()
      waiting = []
      inHand = []
      // Before anybody else asks what is under way.
      await connection.flush().catch(() => undefined)
    },
  }
}

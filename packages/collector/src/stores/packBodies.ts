/** Brings bodies of requests through the door between two threads, and receipts back: the fewer objects cross, the less it costs. */
import type { InlinePolicy } from '../core/admit.ts'
import type { Taken, Watched } from '../core/asUsual.ts'
import type { Millis } from '../core/time.ts'

/** What holds for the bodies of one key. */
export interface BodyFrame {
  site: number
  key: string
  policy: InlinePolicy
}

/** A call of `take`. */
export interface BodyCall extends BodyFrame {
  id: number
  body: Uint8Array
  at: Millis
  watched: Watched
}

/** Bodies as they cross. */
export interface PackedBodies {
  /** Four for each body: its id, its length, the number of its frame, and when it came. */
  heads: Float64Array<ArrayBuffer>
  frames: BodyFrame[]
  /** One for each body; null where nobody watches any of them. */
  watched: Watched[] | null
  /** The bodies one after another, in the memory of the heads. */
  bytes: Uint8Array<ArrayBuffer>
}

const headSize = 4

/**
 * @example
 * const packed = packBodies(calls)
 * port.postMessage(packed, [packed.bytes.buffer])
 */
export function packBodies(calls: readonly BodyCall[]): PackedBodies {
  let size = 0
  for (const { body } of calls) size += body.byteLength
  const memory = new ArrayBuffer(calls.length * headSize * 8 + size)
  const heads = new Float64Array(memory, 0, calls.length * headSize)
  const bytes = new Uint8Array(memory, heads.byteLength)
  const frames: BodyFrame[] = []
  let watched: Watched[] | null = null
  let start = 0
  for (const [index, call] of calls.entries()) {
    const { id, body, at } = call
    const last = frames.at(-1)
    if (!last || !isSame(last, call)) frames.push({ site: call.site, key: call.key, policy: call.policy })
    const head = index * headSize
    heads[head] = id
    heads[head + 1] = body.byteLength
    heads[head + 2] = frames.length - 1
    heads[head + 3] = at
    if (call.watched) (watched ??= calls.map(() => null))[index] = call.watched
    bytes.set(body, start)
    start += body.byteLength
  }
  return { heads, frames, watched, bytes }
}

function isSame(a: BodyFrame, b: BodyFrame): boolean {
  const { redact: first } = a.policy
  const { redact: second } = b.policy
  return (
    a.site === b.site &&
    a.key === b.key &&
    a.policy.inline === b.policy.inline &&
    a.policy.most === b.policy.most &&
    first?.scrub === second?.scrub &&
    first?.patterns === second?.patterns
  )
}

/** Gives one body after another. */
export function unpackBodies(packed: PackedBodies, take: (call: BodyCall) => void): void {
  const { heads, frames, watched, bytes } = packed
  let start = 0
  for (let index = 0; index < heads.length; index += headSize) {
    const id = heads[index] ?? 0
    const length = heads[index + 1] ?? 0
    const frame = frames[heads[index + 2] ?? 0]
    const at = heads[index + 3] ?? 0
    if (!frame) throw new Error('a body has no frame')
    const body = bytes.subarray(start, start + length)
    const { site, key, policy } = frame
    take({ id, body, site, key, policy, at, watched: watched?.[index / headSize] ?? null })
    start += length
  }
}

/** Receipts as they cross. */
export interface PackedReceipts {
  /** Five for each receipt: the id of its body, its length, and how many were accepted, duplicates and rejected. */
  heads: Float64Array<ArrayBuffer>
  /** One after another. */
  text: string
  /** The codes of all rejections. */
  codes: string[]
}

const toldSize = 5

/** Puts receipts together. */
export function packReceipts(list: readonly { id: number; taken: Taken }[]): PackedReceipts {
  const heads = new Float64Array(list.length * toldSize)
  const codes: string[] = []
  let text = ''
  for (const [index, { id, taken }] of list.entries()) {
    const { receipt, accepted, duplicates, rejected } = taken
    const head = index * toldSize
    heads[head] = id
    heads[head + 1] = receipt.length
    heads[head + 2] = accepted
    heads[head + 3] = duplicates
    heads[head + 4] = rejected.length
    text += receipt
    if (rejected.length > 0) codes.push(...rejected)
  }
  return { heads, text, codes }
}

/** Gives one receipt after another. */
export function unpackReceipts(
  { heads, text, codes }: PackedReceipts,
  tell: (id: number, taken: Taken) => void,
): void {
  let start = 0
  let told = 0
  for (let index = 0; index < heads.length; index += toldSize) {
    const id = heads[index] ?? 0
    const length = heads[index + 1] ?? 0
    const accepted = heads[index + 2] ?? 0
    const duplicates = heads[index + 3] ?? 0
    const count = heads[index + 4] ?? 0
    const rejected = count === 0 ? none : codes.slice(told, (told += count))
    tell(id, { receipt: text.slice(start, (start += length)), accepted, duplicates, rejected })
  }
}

const none: readonly string[] = []

/** Ids as SQLite keeps them: UUIDs as bytes, names as they are, those of erased visitors as a hash. */
import { createHash } from 'node:crypto'
import { writeUuid } from './packJson.ts'
import { readUuid } from './unpackJson.ts'

/**
 * A UUID as bytes, which nobody may change: who asks for the same one again is given the same.
 *
 * @example
 * idToBytes('018f0000-0000-7000-8000-000000000001').length // 16
 */
export function idToBytes(id: string): Uint8Array {
  // An event and its response are asked for in turn, several times.
  if (id === lastId) return lastBytes
  if (id === earlierId) return earlierBytes
  const bytes = new Uint8Array(16)
  if (!writeUuid(id, bytes, 0)) throw new TypeError('an id is no UUID in lower case')
  earlierId = lastId
  earlierBytes = lastBytes
  lastId = id
  lastBytes = bytes
  return bytes
}

let lastId: string | undefined
let lastBytes = new Uint8Array()
let earlierId: string | undefined
let earlierBytes = lastBytes

/** The id that `idToBytes` made bytes of. */
export function bytesToId(bytes: Uint8Array): string {
  return readUuid(bytes)
}

/** A visitor: the SDK makes UUIDs, other programs may send any text. */
export function visitorToKey(visitor: string): Uint8Array | string {
  const bytes = new Uint8Array(16)
  return writeUuid(visitor, bytes, 0) ? bytes : visitor
}

/** The visitor that a value of a column stands for. */
export function keyToVisitor(key: unknown): string {
  return key instanceof Uint8Array ? readUuid(key) : String(key)
}

/** SHA-256. A visitor id is random, so nobody finds it again from its hash. */
export function hashOf(visitor: string): Uint8Array {
  return createHash('sha256').update(visitor).digest()
}

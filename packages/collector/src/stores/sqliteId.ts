/** Ids as bytes, which is how SQLite keeps them: UUIDs as they are, those of erased visitors as a hash. */
import { createHash } from 'node:crypto'

/**
 * @example
 * idToBytes('018f0000-0000-7000-8000-000000000001').length // 16
 */
export function idToBytes(id: string): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

/** The text of an id again. */
export function bytesToId(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** SHA-256. A visitor id is random, so nobody finds it again from its hash. */
export function hashOf(visitor: string): Uint8Array {
  return createHash('sha256').update(visitor).digest()
}

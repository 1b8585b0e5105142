/** UUIDs as 16 bytes, which is how SQLite keeps them. */

/**
 * @example
 * idToBytes('018f0000-0000-7000-8000-000000000001').length // 16
 */
export function idToBytes(id: string): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

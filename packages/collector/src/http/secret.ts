/** Makes keys and tokens, and the hashes by which tokens are known. */
import type { Hash, Random } from '../ports/world.ts'

/**
 * A new key or token.
 *
 * @example
 * makeSecret('sk_', random) // 'sk_' and 43 characters
 */
export function makeSecret(prefix: 'pk_' | 'sk_', random: Random): string {
  return prefix + Buffer.from(random.bytes(prefix === 'sk_' ? 32 : 16)).toString('base64url')
}

/** SHA-256 as 64 hexadecimal digits. */
export function sha256Hex(text: string, hash: Hash): string {
  return Buffer.from(hash.sha256(text)).toString('hex')
}

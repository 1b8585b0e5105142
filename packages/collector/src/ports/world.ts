/** What the collector needs of the machine: time, randomness, hashing and a log. */
import type { Millis } from '../core/time.ts'

/** Tells the time. */
export interface Clock {
  now(): Millis
}

/** Gives unpredictable bytes, fit for secrets. */
export interface Random {
  bytes(count: number): Uint8Array
}

/** Hashes secrets and compares hashes in constant time. */
export interface Hash {
  /** SHA-256 of the UTF-8 text, 32 bytes. */
  sha256(text: string | Uint8Array): Uint8Array
  /** HMAC-SHA-256, 32 bytes. */
  hmac(key: Uint8Array, data: Uint8Array): Uint8Array
  /** True for equal bytes; takes the same time whatever they are. False when the lengths differ. */
  equal(a: Uint8Array, b: Uint8Array): boolean
}

/** Takes what the operator should know. Never given a body, a key or a comment. */
export interface Log {
  info(message: string, fields?: Record<string, string | number>): void
  error(message: string, error: unknown, fields?: Record<string, string | number>): void
}

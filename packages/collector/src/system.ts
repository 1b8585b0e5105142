/** The real clock, randomness, hashing and log of a Node process. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { redact } from './core/redact.ts'
import type { Clock, Hash, Log, Random } from './ports/world.ts'

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() }

/** Randomness of the operating system. */
export const systemRandom: Random = { bytes: (count) => randomBytes(count) }

/** SHA-256, HMAC and comparison by OpenSSL. */
export const systemHash: Hash = {
  sha256: (text) => createHash('sha256').update(text).digest(),
  hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
}

/**
 * A log that writes one JSON object per line, which no content can break out of.
 *
 * @param write takes a finished line; default: standard error
 * @param clock default: the machine's
 * @example
 * createLog().error('unexpected error', error, { id: '3f9a' })
 * // {"time":"…","level":"error","message":"unexpected error","id":"3f9a","error":"…","stack":"…"}
 */
export function createLog(
  write: (line: string) => void = (line) => void process.stderr.write(line),
  clock: Clock = systemClock,
): Log {
  const line = (level: string, message: string, fields: object): void =>
    write(
      `${redact(JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message, ...fields }))}\n`,
    )
  return {
    info: (message, fields = {}) => line('info', message, fields),
    error: (message, error, fields = {}) =>
      line('error', message, {
        ...fields,
        error: error instanceof Error ? error.message : String(error),
        ...(error instanceof Error && { stack: error.stack }),
        ...(error instanceof Error && error.cause instanceof Error && { cause: error.cause.message }),
      }),
  }
}

/** Turns what PostgreSQL and the line to it throw into the failures that the collector knows. */
import { isStoreFailure, storeFailure } from '../core/failure.ts'

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const passing: readonly (readonly [RegExp, string])[] = [
  [/^53100$/, 'the disk of the database is full'],
  [/^53300$/, 'the database has too many connections'],
  [/^53/, 'the database is short of resources'],
  [/^57014$/, 'the database took too long'],
  [/^55P03$/, 'the database is locked by another process'],
  [/^(25P03|25P04)$/, 'the transaction was idle for too long'],
  [/^25006$/, 'the database takes no writes: it is a standby, or set to read only'],
  [/^28/, 'the database refuses the login'],
  [/^3D000$/, 'the database does not exist'],
  [/^58/, 'the disk of the database refuses to write'],
  [/^(08|57)/, 'the database is not reachable'],
  [/^40/, 'the database was too busy with others who changed the same'],
]
const damaged = /^XX00[12]$/

// What the driver and the sockets of Node say, which have no code of SQL.
const sockets =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|EACCES)$/
const lost =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|Query read timeout|Cannot use a pool after calling end)/

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** True when the line to the database broke, so that nobody knows what became of what was sent last. */
export function isLost(error: unknown): boolean {
  const code = codeOf(error)
  if (sockets.test(code) || /^(08|57P0)/.test(code)) return true
  return error instanceof Error && code === '' && lost.test(error.message)
}

/** True when the same transaction may succeed at once: others were in its way, and the database took all of it back. */
export function isCollision(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}

/** The failure that an error stands for, or the error itself when it is a bug. */
export function explain(error: unknown): unknown {
  if (isStoreFailure(error)) return error
  const code = codeOf(error)
  if (damaged.test(code)) return storeFailure('store_damaged', 'the database is damaged', error)
  const reason = passing.find(([pattern]) => pattern.test(code))?.[1]
  if (reason !== undefined) return storeFailure('store_unavailable', reason, error)
  return isLost(error) ? storeFailure('store_unavailable', 'the database is not reachable', error) : error
}

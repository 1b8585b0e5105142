/** Turns what SQLite throws into the failures that the collector knows. */
import { storeFailure } from '../core/failure.ts'

// https://www.sqlite.org/rescode.html
const busy = 5
const passing: Readonly<Record<number, string>> = {
  [busy]: 'the database is locked by another process',
  10: 'the disk refuses to write',
  13: 'the disk is full',
}
const damaged: readonly number[] = [11, 26]

/** The primary result code, or 0 when SQLite did not throw it. */
function codeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
}

/** True when another process holds the lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === busy
}

/** The failure that an error stands for, or the error itself when it is a bug. */
export function explain(error: unknown): unknown {
  const code = codeOf(error)
  if (damaged.includes(code)) return storeFailure('store_damaged', 'the database file is damaged', error)
  const reason = passing[code]
  return reason === undefined ? error : storeFailure('store_unavailable', reason, error)
}

/** Runs a read; what it throws is explained. */
export async function explained<Result>(work: () => Result): Promise<Result> {
  try {
    return work()
  } catch (error) {
    throw explain(error)
  }
}

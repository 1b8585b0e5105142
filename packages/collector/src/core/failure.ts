/** The one error that is not a bug: the store cannot write at the moment, and the same request may succeed later. */

/** Marks an error as passing trouble (disk full, database locked, shutting down), to be answered with 503. */
export interface StoreUnavailable extends Error {
  code: 'store_unavailable'
}

/**
 * Makes the error.
 *
 * @example
 * throw storeUnavailable('the disk is full', cause)
 */
export function storeUnavailable(message: string, cause?: unknown): StoreUnavailable {
  return Object.assign(new Error(message, { cause }), { code: 'store_unavailable' as const })
}

/** Tells it from every other error. */
export function isStoreUnavailable(error: unknown): error is StoreUnavailable {
  return (
    error instanceof Error &&
    Object.hasOwn(error, 'code') &&
    (error as { code?: unknown }).code === 'store_unavailable'
  )
}

/** The errors that are no bugs: the store cannot write at the moment, or its file is damaged. */

/**
 * Why the store failed. `store_unavailable`: passing trouble (disk full, database locked, shutting down), and the same
 * request may succeed later. `store_interrupted`: the same, but what was
 * under way may have been stored. `store_overloaded`: more is waiting to be written than fits. `store_damaged`: the operator must
 * act.
 */
export type StoreFailureCode = (typeof codes)[number]
const codes = ['store_unavailable', 'store_interrupted', 'store_overloaded', 'store_damaged'] as const

/** Marks an error that is answered with 503. */
export interface StoreFailure extends Error {
  code: StoreFailureCode
}

/**
 * Makes the error.
 *
 * @example
 * throw storeFailure('store_unavailable', 'the disk is full', cause)
 */
export function storeFailure(code: StoreFailureCode, message: string, cause?: unknown): StoreFailure {
  return Object.assign(new Error(message, { cause }), { code })
}

/** Tells it from every other error. */
export function isStoreFailure(error: unknown): error is StoreFailure {
  const code =
    error instanceof Error && Object.hasOwn(error, 'code') ? (error as { code?: unknown }).code : null
  return codes.some((each) => each === code)
}

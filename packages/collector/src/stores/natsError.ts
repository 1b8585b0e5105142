/** Turns what NATS and the line to it throw into the failures that the collector knows. */
import { JetStreamApiError } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'
import { isStoreFailure, storeFailure, type StoreFailure } from '../core/failure.ts'

/** Numbers of the server's errors (https://github.com/nats-io/nats-server/blob/main/server/errors.json). */
export const codes = { wrongLastSequence: 10071, storeFailed: 10077, duplicateUnderWay: 10158 } as const

/** The number of an error of JetStream; 0 for every other error. */
export function codeOf(error: unknown): number {
  return error instanceof JetStreamApiError ? error.code : 0
}

/** True when nobody knows whether the log has what was sent. */
export function isUnsure(error: unknown): boolean {
  return error instanceof errors.TimeoutError || error instanceof errors.RequestError
}

/** The failure that an error stands for. Nothing that a client sends makes the log fail, so there is no other. */
export function explainLog(error: unknown): StoreFailure {
  if (isStoreFailure(error)) return error
  if (codeOf(error) === codes.storeFailed) return storeFailure('store_overloaded', 'the log is full', error)
  if (error instanceof JetStreamApiError)
    return storeFailure('store_unavailable', `the log refuses: ${error.message}`, error)
  if (isUnsure(error)) return storeFailure('store_interrupted', 'the log did not confirm in time', error)
  return storeFailure('store_unavailable', 'the log is not reachable', error)
}

/** Sites, keys and tokens as rows of a store, alike in every store. */
import {
  changeStart,
  type AccessChange,
  type AccessRecord,
  type Keyring,
  type StartKeys,
} from '../core/keyring.ts'
import type { Millis } from '../core/time.ts'
import type { AccessStore, StartSite } from '../ports/accessStore.ts'

/** The body of a row. */
export function writeRecord(record: AccessRecord): string {
  return JSON.stringify({ ...record, kind: undefined })
}

/** A row as the core knows it. */
export function readRecord(kind: string, body: string): AccessRecord {
  // Keys of older programs have no bound for a day.
  return { kind, ...(kind === 'key' && { daily: null }), ...(JSON.parse(body) as object) } as AccessRecord
}

/** The keys of a start, with the hash as bytes. */
export function startSite(keys: StartKeys): StartSite {
  return { ...keys, tokenHash: new Uint8Array(Buffer.from(keys.tokenHash, 'hex')) }
}

/** What `saveSite` of a store changes. */
export function changeStartSite(
  ring: Keyring,
  decide: Parameters<AccessStore['saveSite']>[0],
  at: Millis,
): AccessChange<StartSite> {
  const { result, put } = changeStart(
    ring,
    (stored) => {
      const { writeKey, tokenHash } = decide(stored && startSite(stored))
      return {
        ...(writeKey !== undefined && { writeKey }),
        ...(tokenHash !== undefined && { tokenHash: Buffer.from(tokenHash).toString('hex') }),
      }
    },
    at,
  )
  return { result: startSite(result), put }
}

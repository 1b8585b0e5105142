/** What keeps sites, keys, tokens and sessions. */
import type { AccessChange, Keyring } from '../core/keyring.ts'
import type { Session } from '../core/session.ts'
import type { Millis } from '../core/time.ts'

/** The first site, with the keys that a start presets and makes. */
export interface StartSite {
  id: number
  /** Public, `pk_…`. Empty when all keys of the site are revoked. */
  writeKey: string
  /** SHA-256 of the admin token. The token itself is never stored. */
  tokenHash: Uint8Array
}

/** Keeps sites, keys and tokens. */
export interface AccessStore {
  /** The first site, or null before the first start. */
  site(): Promise<StartSite | null>
  /**
   * Lets `decide` say which keys the first site is to have, given the stored site or null; in one transaction. What it leaves
   * out stays as it is.
   */
  saveSite(
    decide: (stored: StartSite | null) => Partial<Omit<StartSite, 'id'>>,
    at: Millis,
  ): Promise<StartSite>
  /** All sites, keys and tokens; the same object until one of them changes. */
  keyring(): Promise<Keyring>
  /** Lets `decide` say what changes, and stores it; in one transaction, with no other change meanwhile. */
  changeAccess<Result>(decide: (ring: Keyring) => AccessChange<Result>): Promise<Result>
  /** Keeps when keys and tokens were used last, by their names. */
  markUsed(uses: ReadonlyMap<string, Millis>): Promise<void>
  /**
   * Adds to how many events came with a key on a day, in days since 1970; what was counted of days before may be forgotten.
   *
   * @returns how many there are now
   */
  countDaily(site: number, key: string, day: number, events: number): Promise<number>
  /** How many came on a day, by the key; one without any is missing. */
  daily(site: number, day: number): Promise<ReadonlyMap<string, number>>
  /** Keeps a new session; forgets those that are over by then. */
  saveSession(session: Session): Promise<void>
  /** Keeps when a session was used last. One that was ended stays ended. */
  touchSession(hash: string, usedAt: Millis): Promise<void>
  /** The session of a hash, or null. It may be over. */
  session(hash: string): Promise<Session | null>
  /** Forgets a session. */
  endSession(hash: string): Promise<void>
  /** When keys and tokens were used last, by their names; one that was never used is missing. */
  uses(): Promise<ReadonlyMap<string, Millis>>
}

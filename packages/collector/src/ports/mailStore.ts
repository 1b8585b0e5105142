/** What keeps what mail needs. */
import type { Job } from '../core/jobs.ts'
import type { MailAddress, MailSecrets, Unsubscribed } from '../core/mail.ts'
import type { Millis } from '../core/time.ts'

/** Keeps what mail needs. */
export interface MailStore {
  /** The secrets of a site; where it has none, `fresh` ones are kept, which are 32 bytes as base64url each. */
  mailSecrets(site: number, fresh: { link: string; names: string }, at: Millis): Promise<MailSecrets>
  /** Signs with another secret from now on. Those before are good until then; those that were over by now are forgotten. */
  rotateLinkSecret(site: number, secret: string, time: { at: Millis; until: Millis }): Promise<void>
  /** Null when none was told. */
  mailAddress(site: number, person: string): Promise<MailAddress | null>
  /** Replaces what was told of the person before. */
  putMailAddress(site: number, address: MailAddress): Promise<void>
  /** False when there was none. */
  dropMailAddress(site: number, person: string): Promise<boolean>
  /** The person of a hidden name who has an address, or null. */
  personNamed(site: number, who: string): Promise<string | null>
  /** Whether the person, or whoever has this address, wants no mail. */
  isUnsubscribed(site: number, who: string, mail: string | null): Promise<boolean>
  /** Keeps that somebody wants no mail, and stops messages that wait. Who is there already stays as it is. */
  unsubscribe(site: number, entry: Unsubscribed): Promise<void>
  /** Lets somebody have mail again. False when there was nobody. */
  resubscribe(site: number, who: string): Promise<boolean>
  /**
   * Newest first: those with a row below `before`, at most `limit`. With `find`, those whose id has it in it, in letters of
   * either case, and those of the hidden name of an address.
   */
  unsubscribed(
    site: number,
    page: {
      before?: number | undefined
      limit: number
      find?: { person: string; mail: string | null } | undefined
    },
  ): Promise<(Unsubscribed & { row: number })[]>
  /** Forgets the address of a person, messages that wait, and the name of who has unsubscribed. */
  forgetMail(site: number, person: string): Promise<void>
  /** One job by its row, or null. */
  job(site: number, row: number): Promise<Job | null>
  /** Keeps another body of a job that the owner has, and goes on having it until then. False when it was lost. */
  holdJob(row: number, owner: string, body: unknown, until: Millis): Promise<boolean>
}

/** What mail needs from outside: what is kept for it, and what is behind its links. */
import type { Survey } from '@earshot/contract'
import type { Texts } from './followUps.ts'
import type { Job } from './jobs.ts'
import type { LinkBody } from './linkToken.ts'
import type { MailAddress, MailSecrets, Unsubscribed } from './mail.ts'
import type { MailMessage } from './mailMessage.ts'
import type { KeptResponse } from './project.ts'
import type { Millis } from './time.ts'

/** What a link to a survey opens now. */
export interface Standing {
  site: number
  person: string
  visitor: string
  /** Identity of the follow-up. */
  followUp: string
  survey: Survey
  /** Id of the response that it goes on with or begins, and the response where there is one. */
  responseId: string
  response: KeptResponse | null
  /** Highest number of an event of it. */
  seq: number
  /** Languages that the person is known to read, most wanted first. */
  wanted: string[]
}

/** A message that is looked at. */
export interface MailWish {
  survey: Survey | null
  subject: Texts | null
  text: Texts | null
  locale: string
}

/** What the mail server said to a message that was sent to be looked at. */
type Tried = { ok: true; status: number } | { ok: false; reason: string }

/** What of mail the routes need. Links work also where no mail goes out any more. */
export interface MailDesk {
  /** Null where no mail server is set up. */
  sender: { name: string; address: string; publicUrl: string } | null
  /** What a token says, if it is ours; expired ones too. */
  read(token: string): Promise<LinkBody | null>
  /** What a link opens, or why nothing: what it was about is gone, or was answered elsewhere. */
  standing(link: Extract<LinkBody, { kind: 'survey' }>): Promise<Standing | 'gone' | 'answered'>
  /** Hidden names of a person and of an address. */
  hidden(site: number, person: string, email: string | null): Promise<{ who: string; mail: string | null }>
  /** Signs links with another secret from now on; those before are good until then. */
  rotate(site: number, until: Millis): Promise<void>
  /** Name of the sender, as people know it. */
  nameOf(site: number): Promise<string>
  /** A message as somebody would get it, with links that open nothing. */
  preview(
    site: number,
    wanted: MailWish,
  ): Promise<MailMessage & { locale: string; language: string; reviewed: boolean }>
  /** Sends such a message once, now. Null where no mail server is set up. */
  test(site: number, wanted: MailWish, to: string): Promise<Tried | null>
}

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

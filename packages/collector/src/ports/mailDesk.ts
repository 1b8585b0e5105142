/** What the routes need of mail. */
import type { Survey } from '@earshot/contract'
import type { Texts } from '../core/followUpPlan.ts'
import type { LinkBody } from '../core/linkToken.ts'
import type { MailMessage } from '../core/mailMessage.ts'
import type { KeptResponse } from '../core/project.ts'
import type { Millis } from '../core/time.ts'

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

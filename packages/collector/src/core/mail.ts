/** What is kept for mail: addresses of people, who wants none, and the secrets of links. */
import type { Millis } from './time.ts'

/** Where somebody is written to. Servers of the site tell it, never a page. */
export interface MailAddress {
  /** The site's own id of the person. */
  person: string
  email: string
  /** BCP 47 tag of the language that the person reads, if it was told. */
  locale: string | null
  /** Hidden name of the person, and of the address. */
  who: string
  mail: string
  at: Millis
}

/** Somebody who wants no mail. */
export interface Unsubscribed {
  /** Hidden name of the person, and of the address; null where none was known. */
  who: string
  mail: string | null
  /** Null once the person was erased: then the hidden names are all that is left, so that nobody is written to again. */
  person: string | null
  /** By a link of a message, or by somebody with a token. */
  by: 'link' | 'admin'
  /**
   * By a link: `one-click` where a program of mail did it (RFC 8058), `page` where the page of the link did. Else why, in the
   * words of who put it down. Nothing once the person was erased.
   */
  reason?: string | undefined
  at: Millis
}

/** A secret that links are signed with. */
export interface LinkSecret {
  /** 32 bytes as base64url. */
  secret: string
  /** Null: the one that links are signed with now. */
  until: Millis | null
}

/** The secrets of a site. */
export interface MailSecrets {
  /** The current one first. */
  links: LinkSecret[]
  /** By which names are hidden. It never changes: what was hidden must be found again. */
  names: string
}

/** The lane of a person's messages: they go out one after another, and all of them can be stopped. */
export function mailLane(who: string): string {
  return `mail/${who}`
}

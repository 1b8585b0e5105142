/** Signing in at the dashboard: a session stands for a token for some hours, and can be ended. */
import type { Millis } from './time.ts'

/** What is kept of a session; its secret is in the cookie alone. */
export interface Session {
  /** SHA-256 of the secret, 64 hexadecimal digits. */
  hash: string
  /** Id of the token that was signed in with. */
  token: string
  createdAt: Millis
  usedAt: Millis
}

const hour: Millis = 3_600_000
/** How long a session lasts at most. */
export const sessionSpan: Millis = 12 * hour
/** How long it lasts without a request. */
export const sessionIdle: Millis = 2 * hour
/** The prefix makes browsers take it only over TLS (or from the machine itself), for this host and all of its paths. */
export const sessionCookie = '__Host-earshot'

/** Whether a session is over. */
export function isOver({ createdAt, usedAt }: Session, now: Millis): boolean {
  return now >= createdAt + sessionSpan || now >= usedAt + sessionIdle
}

/**
 * The secret in a header `cookie`, or null.
 *
 * @example
 * readSessionCookie('a=1; __Host-earshot=xyz') // 'xyz'
 */
export function readSessionCookie(header: string | null): string | null {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2)
    if (name === sessionCookie && value !== undefined && /^[\w-]{43}$/.test(value)) return value
  }
  return null
}

/** The header that sets the cookie; without a secret it takes the cookie away. */
export function setSessionCookie(secret: string | null): string {
  const age = secret === null ? 0 : sessionSpan / 1000
  return `${sessionCookie}=${secret ?? ''}; Path=/; Max-Age=${age}; Secure; HttpOnly; SameSite=Strict`
}

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
/** Its like without TLS, on the machine itself: Safari keeps no secure cookie of `http://localhost`. */
const localCookie = 'earshot-local'

/** Whether a session is over. */
export function isOver({ createdAt, usedAt }: Session, now: Millis): boolean {
  return now >= createdAt + sessionSpan || now >= usedAt + sessionIdle
}

/** What is read of a request. */
interface Heads {
  get(name: string): string | null
  has(name: string): boolean
}

/** Headers by which a proxy says that it is one. */
const proxied = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']

/**
 * Whether a browser on the machine itself asks, without TLS and without a proxy between them.
 *
 * @example
 * isLocal(new Headers({ host: 'localhost:8787' })) // true
 */
export function isLocal(headers: Heads): boolean {
  if (proxied.some((each) => headers.has(each))) return false
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(headers.get('host') ?? '')
}

/**
 * The secret of the session in the cookies of a request, or null. One without TLS counts where `isLocal`.
 *
 * @example
 * readSessionCookie(new Headers({ cookie: 'a=1; __Host-earshot=xyz' })) // 'xyz'
 */
export function readSessionCookie(headers: Heads): string | null {
  const found = new Map<string, string>()
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const [name = '', value] = part.trim().split('=', 2)
    if (value !== undefined && /^[\w-]{43}$/.test(value) && !found.has(name)) found.set(name, value)
  }
  return found.get(sessionCookie) ?? (isLocal(headers) ? (found.get(localCookie) ?? null) : null)
}

const line = (name: string, secret: string, age: number, secure: string): string =>
  `${name}=${secret}; Path=/; Max-Age=${age};${secure} HttpOnly; SameSite=Strict`

/**
 * The header that sets the cookie.
 *
 * @param local whether for a browser on the machine itself that keeps no secure one
 */
export function setSessionCookie(secret: string, local: boolean): string {
  const age = sessionSpan / 1000
  return local ? line(localCookie, secret, age, '') : line(sessionCookie, secret, age, ' Secure;')
}

/** The headers that take away the cookies that a request has. */
export function clearSessionCookies(headers: Pick<Heads, 'get'>): [string, string][] {
  const lines = [line(sessionCookie, '', 0, ' Secure;')]
  if (headers.get('cookie')?.includes(`${localCookie}=`)) lines.push(line(localCookie, '', 0, ''))
  return lines.map((each) => ['set-cookie', each])
}

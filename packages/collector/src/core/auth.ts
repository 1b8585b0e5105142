/** Keys and origins: how they look, and who is let in. */

/** What an `Authorization` header holds. */
export type Bearer = { kind: 'none' } | { kind: 'write-key' } | { kind: 'token'; token: string }

const writeKeyPattern = /^pk_[A-Za-z0-9_-]{1,97}$/
const adminTokenPattern = /^sk_[A-Za-z0-9_-]{16,197}$/
const metricsTokenPattern = /^mt_[A-Za-z0-9_-]{16,197}$/

/**
 * Reads an `Authorization` header. A write key is told apart, because it is public and never opens anything.
 *
 * @example
 * readBearer('Bearer sk_abc') // { kind: 'token', token: 'sk_abc' }
 */
export function readBearer(header: string | null): Bearer {
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  if (token === undefined) return { kind: 'none' }
  return token.startsWith('pk_') ? { kind: 'write-key' } : { kind: 'token', token }
}

/** Throws when a preset write key does not look like one. */
export function assertWriteKey(key: string): void {
  if (!writeKeyPattern.test(key))
    throw new Error(
      'The write key must be "pk_" and 1–97 of A–Z a–z 0–9 _ -. Change EARSHOT_WRITE_KEY (or the option writeKey), or leave it out and one is made.',
    )
}

/** Throws when a preset admin token does not look like one. The message never repeats it. */
export function assertAdminToken(token: string): void {
  if (!adminTokenPattern.test(token))
    throw new Error(
      'The admin token must be "sk_" and 16–197 of A–Z a–z 0–9 _ -. Change EARSHOT_ADMIN_TOKEN (or the option adminToken), or leave it out and one is made.',
    )
}

/** Throws when a preset metrics token does not look like one. The message never repeats it. */
export function assertMetricsToken(token: string): void {
  if (!metricsTokenPattern.test(token))
    throw new Error(
      'The metrics token must be "mt_" and 16–197 of A–Z a–z 0–9 _ -. Change EARSHOT_METRICS_TOKEN (or the option metricsToken), or leave it out: the admin token opens the metrics too.',
    )
}

/** What the `Origin` of a browser's request leads to. */
export type OriginRule =
  | { allowed: false }
  /** Value for `access-control-allow-origin`; null when no browser asked. */
  | { allowed: true; allowOrigin: string | null }

/**
 * Judges the `Origin` header against the allow-list (null: any origin). A request without the header does not come
 * from a browser page of another origin; the list is no protection against other programs, and is not meant as one.
 *
 * @example
 * judgeOrigin('https://evil.example', ['https://shop.example']) // { allowed: false }
 */
export function judgeOrigin(origin: string | null, allowed: readonly string[] | null): OriginRule {
  if (allowed === null) return { allowed: true, allowOrigin: '*' }
  if (origin === null) return { allowed: true, allowOrigin: null }
  return allowed.includes(origin) ? { allowed: true, allowOrigin: origin } : { allowed: false }
}

/**
 * Whether a text is an exact origin: of a page, of an app in a shell, of a browser extension, or `null` of a page without one.
 *
 * @example
 * isExactOrigin('https://shop.example') // true; with a slash behind it, it is none
 */
export function isExactOrigin(origin: string): boolean {
  if (origin === 'null') return true
  const web = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?$/
  const isUsual = /^http:.*:80$|^https:.*:443$/.test(origin)
  return (web.test(origin) && !isUsual) || /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9_.-]+$/.test(origin)
}

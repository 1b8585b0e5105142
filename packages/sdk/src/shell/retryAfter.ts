/** How long a collector asks to be left alone. */

/** Milliseconds by a `Retry-After` header, in seconds or as a date (RFC 9110 §10.2.3); null when it says nothing sound. */
export function readRetryAfter(header: string | null, now: number): number | null {
  const span = Number(header) * 1000 || Date.parse(header as string) - now
  return span >= 0 ? span : null
}

/** Ids that hang on nothing but what they are made of, so that the same thing told twice is stored once. */
import type { Millis } from './time.ts'

/** SHA-256 of a text. */
export type Sha256 = (text: string) => Uint8Array

/**
 * A UUIDv7 of a moment and a text.
 *
 * @example
 * derivedId(Date.UTC(2026, 10, 21), 'import/delighted/42', hash.sha256)
 */
export function derivedId(at: Millis, text: string, sha256: Sha256): string {
  const hex = Array.from(sha256(text), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const time = Math.max(0, Math.floor(at)).toString(16).padStart(12, '0').slice(-12)
  // Version 7, and the variant of RFC 9562 in the two highest bits.
  const variant = ((Number.parseInt(hex.slice(3, 4), 16) & 3) | 8).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`
}

/** The visitor that stands for a person of whom no browser is known. Each has one of their own, so that erasing one erases no other. */
export function visitorOf(person: string, sha256: Sha256): string {
  return derivedId(0, `person/${person}`, sha256)
}

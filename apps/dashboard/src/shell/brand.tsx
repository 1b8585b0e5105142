/** The mark and the name. */
import type { JSX } from 'preact'

export function Mark(): JSX.Element {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M10 21v-5M16 21V9M22 21v-8" />
    </svg>
  )
}

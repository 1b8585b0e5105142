/** Signs: drawn so that they look alike everywhere, which characters do not. */
import type { h } from 'preact'
import type { Page } from './page.ts'

/** Draws a sign on a field of 24 by 24, for the eye only. */
export function drawMark(h: Page['h'], path: string, transform?: string): h.JSX.Element {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} transform={transform} />
    </svg>
  )
}

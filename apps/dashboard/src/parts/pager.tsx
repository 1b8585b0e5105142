/** The way to older entries of a list, and back to the newest. */
import type { ComponentChildren, JSX } from 'preact'
import { setQuery } from '../shell/place.ts'

interface PagerProps {
  cursor: string | null
  /** Cursor of what follows; null at the end. */
  next: string | null
  /** What else stands there. */
  children?: ComponentChildren
}

export function Pager({ cursor, next, children }: PagerProps): JSX.Element {
  return (
    <div class="row">
      {cursor && (
        <button type="button" onClick={() => setQuery({ cursor: null })}>
          The newest
        </button>
      )}
      {next && (
        <button type="button" onClick={() => setQuery({ cursor: next })}>
          Older ones
        </button>
      )}
      {children}
    </div>
  )
}

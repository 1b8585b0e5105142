/** The way to older entries of a list, and back to the newest. */
import type { JSX } from 'preact'
import { setQuery } from '../shell/place.ts'

/** @param props.next - Cursor of what follows; null at the end */
export function Pager({ cursor, next }: { cursor: string | null; next: string | null }): JSX.Element {
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
    </div>
  )
}

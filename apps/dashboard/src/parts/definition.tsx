/** How a number is counted, a click away from it. */
import type { JSX } from 'preact'

interface DefinitionProps {
  /** What it defines, for those who hear it apart from the number. */
  of: string
  text: string
  notes?: readonly string[]
}

export function Definition({ of, text, notes = [] }: DefinitionProps): JSX.Element {
  return (
    <details class="definition">
      <summary>
        How this is counted<span class="unseen">: {of}</span>
        {notes.length > 0 && (
          <span class="count">
            {notes.length} {notes.length === 1 ? 'note' : 'notes'}
          </span>
        )}
      </summary>
      <p>{text}</p>
      {notes.length > 0 && (
        <ul class="list">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </details>
  )
}

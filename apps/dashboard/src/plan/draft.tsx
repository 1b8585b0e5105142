/** A field whose text is more than the value it stands for: while somebody types in it, it stays as it is typed. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { TextField } from '../parts/fields.tsx'

interface DraftProps {
  label: string
  hint?: string
  flaw?: string | undefined
  /** The value as text. */
  value: string
  onText: (text: string) => void
}

export function DraftField({ value, onText, ...rest }: DraftProps): JSX.Element {
  const [draft, setDraft] = useState<string | null>(null)
  return (
    <div class="draft" onFocusOut={() => setDraft(null)}>
      <TextField
        {...rest}
        value={draft ?? value}
        onText={(text) => {
          setDraft(text)
          onText(text)
        }}
      />
    </div>
  )
}

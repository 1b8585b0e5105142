/** A field for words, which stand in the address once they are sent; emptied, they are gone at once. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { setQuery } from '../shell/place.ts'
import { TextField } from './fields.tsx'

/** @param props.words - What is looked for now, as `q` of the address */
export function SearchForm({ label, words }: { label: string; words: string }): JSX.Element {
  const [typed, setTyped] = useState(words)
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        setQuery({ q: typed.trim(), cursor: null })
      }}
    >
      <TextField
        label={label}
        type="search"
        value={typed}
        onText={(text) => {
          setTyped(text)
          if (text === '') setQuery({ q: null, cursor: null })
        }}
      />
      <button type="submit">Search</button>
    </form>
  )
}

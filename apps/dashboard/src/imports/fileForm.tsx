/** The file of an import: chosen, and looked through for its records. */
import type { JSX } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'
import { formatCount } from '../numbers/format.ts'
import { FileFlaw, type FileIndex, indexFile } from './parts.ts'

/** A file whose records are known. */
export interface Chosen {
  file: File
  index: FileIndex
}

const units = ['bytes', 'kB', 'MB', 'GB'] as const

/** A size in words: "250 kB". */
export function formatSize(bytes: number): string {
  const power = bytes === 0 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3))
  return `${Math.round(bytes / 1000 ** power)} ${units[power] ?? ''}`
}

interface FileProps {
  chosen: Chosen | null
  onChosen: (chosen: Chosen | null) => void
}

export function FileForm({ chosen, onChosen }: FileProps): JSX.Element {
  const id = useId()
  const [flaw, setFlaw] = useState<string | null>(null)
  const [busy, setBusy] = useState<number | null>(null)
  const newest = useRef<File | null>(null)
  const look = async (file: File): Promise<void> => {
    newest.current = file
    onChosen(null)
    setFlaw(null)
    setBusy(0)
    try {
      const index = await indexFile(file, (done) => newest.current === file && setBusy(done / file.size))
      if (newest.current === file) onChosen({ file, index })
    } catch (error) {
      if (newest.current !== file) return
      setFlaw(
        error instanceof FileFlaw ? error.message : 'The browser cannot read this file. Choose it again.',
      )
    }
    if (newest.current === file) setBusy(null)
  }
  return (
    <section class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>1. The file</h2>
      <div class="field">
        <label for={id}>CSV or JSON</label>
        <input
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,text/csv,application/json"
          aria-describedby={`${id}-hint`}
          aria-invalid={flaw !== null ? true : undefined}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? []
            if (file) void look(file)
          }}
        />
        <p class="hint" id={`${id}-hint`}>
          A table with its names in the first row, lines of JSON, or a list of JSON; of any size. Nothing
          leaves your browser until you press “Look at every line”.
        </p>
      </div>
      <p role="status" class={flaw === null ? 'soft' : 'flaw'}>
        {flaw ??
          (busy !== null
            ? `Looking for its rows: ${Math.round(busy * 100)} %`
            : chosen
              ? `${chosen.file.name}: ${formatCount(chosen.index.starts.length)} ${chosen.index.starts.length === 1 ? 'row' : 'rows'}, ${formatSize(chosen.file.size)}.`
              : '')}
      </p>
    </section>
  )
}

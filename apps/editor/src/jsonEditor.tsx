/** A text area for JSON with line numbers: the browser's own, with its own undo, search and keys. */
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useOwnId } from './fields.tsx'
import type { Flaw } from './judge.ts'

interface JsonEditorProps {
  label: string
  hint: string
  text: string
  flaws: readonly Flaw[]
  rows: number
  /** Where to go; a new object goes there again. */
  goal: { line: number } | null
  onText(text: string): void
}

export function JsonEditor({ label, hint, text, flaws, rows, goal, onText }: JsonEditorProps): JSX.Element {
  const id = useOwnId()
  const area = useRef<HTMLTextAreaElement>(null)
  const numbers = useRef<HTMLDivElement>(null)
  const lines = text.split('\n')
  const marks = new Map<number, Flaw['severity']>()
  for (const { line, severity } of flaws) if (marks.get(line) !== 'error') marks.set(line, severity)

  const follow = (): void => {
    if (area.current && numbers.current) numbers.current.style.translate = `0 ${-area.current.scrollTop}px`
  }
  useEffect(() => {
    const { current } = area
    if (!goal || !current) return
    const all = current.value.split('\n')
    const start = all.slice(0, goal.line - 1).reduce((sum, each) => sum + each.length + 1, 0)
    current.focus()
    current.setSelectionRange(start, start + (all[goal.line - 1]?.length ?? 0))
    current.scrollTop = Math.max(0, ((goal.line - 4) * current.scrollHeight) / all.length)
    follow()
  }, [goal])
  useEffect(follow, [text])

  return (
    <div class="field json">
      <label for={id}>{label}</label>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
      <div class="editor">
        <div class="gutter" aria-hidden="true">
          <div ref={numbers}>
            {lines.map((_line, index) => (
              <span key={index} class={marks.get(index + 1) ?? ''}>
                {index + 1}
              </span>
            ))}
          </div>
        </div>
        <textarea
          id={id}
          ref={area}
          wrap="off"
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          rows={rows}
          value={text}
          aria-describedby={`${id}-hint`}
          aria-invalid={flaws.some((each) => each.severity === 'error') || undefined}
          onInput={(event) => onText(event.currentTarget.value)}
          onScroll={follow}
        />
      </div>
    </div>
  )
}

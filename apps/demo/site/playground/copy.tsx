/** A text with a button that copies it, and says so. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

interface CopyButtonProps {
  /** What stands on the button, where what is copied does not stand beside it. */
  label?: string | undefined
  /** What is copied, in a few words. */
  what: string
  text: () => string | Promise<string>
  /** Told where the browser does not let a page copy. */
  onRefused?: (() => void) | undefined
}

export function CopyButton({ label, what, text, onRefused }: CopyButtonProps): JSX.Element {
  const [said, setSaid] = useState<'copied' | 'refused' | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = async (): Promise<void> => {
    clearTimeout(timer.current)
    try {
      await navigator.clipboard.writeText(await text())
      setSaid('copied')
      timer.current = setTimeout(() => setSaid(null), 4000)
    } catch {
      onRefused?.()
      setSaid('refused')
    }
  }
  return (
    <span class="copy">
      <button type="button" onClick={() => void copy()}>
        {said === 'copied' ? 'Copied' : (label ?? 'Copy')}
        {label === undefined && <span class="unseen"> {what}</span>}
      </button>
      <span role="status" class={said === 'refused' ? 'soft' : 'unseen'}>
        {said === 'copied' && `${what} is copied`}
        {said === 'refused' && 'The browser does not allow it. Copy what is selected.'}
      </span>
    </span>
  )
}

interface SnippetProps {
  title: string
  hint: string
  text: string
}

export function Snippet({ title, hint, text }: SnippetProps): JSX.Element {
  const code = useRef<HTMLPreElement>(null)
  const select = (): void => {
    if (code.current) getSelection()?.selectAllChildren(code.current)
  }
  return (
    <section class="snippet">
      <div class="head">
        <h3>{title}</h3>
        <CopyButton what={title} text={() => text} onRefused={select} />
      </div>
      <p class="hint">{hint}</p>
      <pre ref={code} tabIndex={0} role="region" aria-label={title}>
        {text}
      </pre>
    </section>
  )
}

/** The head of a page: its title, what it is about, and what belongs to the whole page. */
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface PageProps {
  title: string
  lead?: ComponentChildren
  /** Beside the title: filters, buttons. */
  tools?: ComponentChildren
  children: ComponentChildren
}

/** The first page is begun at its top; every later one at its title, as a document that was loaded anew would be. */
let isFirst = true

/** The next page takes no focus: somebody is where the focus is. */
export function keepFocus(): void {
  isFirst = true
}

export function Page({ title, lead, tools, children }: PageProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true })
    isFirst = false
  }, [])
  useEffect(() => {
    document.title = `${title} · Earshot`
  }, [title])
  return (
    <>
      <header class="head">
        <div>
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {tools && <div class="tools">{tools}</div>}
      </header>
      {children}
    </>
  )
}

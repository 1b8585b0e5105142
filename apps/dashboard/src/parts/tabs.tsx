/** Parts of a page, each with an address. */
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Link } from './link.tsx'

interface TabsProps {
  label: string
  page: string
  id: string | null
  current: string
  /** Names in the address, and titles. */
  tabs: readonly (readonly [string, string])[]
  /** What of the address holds for all of them. */
  query?: Readonly<Record<string, readonly string[]>>
}

export function Tabs({ label, page, id, current, tabs, query }: TabsProps): JSX.Element {
  const row = useRef<HTMLElement>(null)
  // On a phone the row is wider than the screen.
  useEffect(() => {
    const open = row.current?.querySelector<HTMLElement>('[aria-current]')
    if (row.current && open) row.current.scrollLeft = open.offsetLeft - row.current.offsetLeft - 16
  }, [current])
  return (
    <nav class="tabs" aria-label={label} ref={row}>
      {tabs.map(([view, title]) => (
        <Link
          key={view}
          page={page}
          id={id}
          query={{ ...query, view: view || null }}
          isCurrent={view === current}
        >
          {title}
        </Link>
      ))}
    </nav>
  )
}

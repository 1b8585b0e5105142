/** Parts of a page, each with an address. */
import type { JSX } from 'preact'
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
  return (
    <nav class="tabs" aria-label={label}>
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

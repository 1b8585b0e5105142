/** A link to a page of the app, which keeps period, time zone and site. */
import type { ComponentChildren, JSX } from 'preact'
import { hrefOf, type Target, usePlace } from '../shell/place.ts'

interface LinkProps extends Target {
  children: ComponentChildren
  class?: string
  /** Whether it leads to the page that is open. */
  isCurrent?: boolean
}

export function Link({ page, id, query, children, class: name, isCurrent }: LinkProps): JSX.Element {
  const { query: from } = usePlace()
  const href = hrefOf({ page, ...(id != null && { id }), ...(query && { query }) }, from)
  return (
    <a href={href} class={name} aria-current={isCurrent ? 'page' : undefined}>
      {children}
    </a>
  )
}

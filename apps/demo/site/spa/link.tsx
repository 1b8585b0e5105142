/** A link inside the app: an ordinary address that opens without a load. */
import type { ComponentChildren, JSX } from 'preact'
import { go, hrefOf, type Route } from './route.ts'

export interface LinkProps {
  to: Route
  class?: string
  current?: boolean
  children: ComponentChildren
}

export function Link({ to, class: name, current, children }: LinkProps): JSX.Element {
  const open = (event: MouseEvent): void => {
    // With a key held, the browser opens it in its own way.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button) return
    event.preventDefault()
    go(to)
  }
  return (
    <a href={hrefOf(to)} class={name} aria-current={current ? 'page' : undefined} onClick={open}>
      {children}
    </a>
  )
}

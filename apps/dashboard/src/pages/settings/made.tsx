/** Says what was done, to eyes and ears. */
import type { ComponentChildren, JSX } from 'preact'

export function Made({ children }: { children: ComponentChildren }): JSX.Element {
  return <div role="status">{children && <div class="note good">{children}</div>}</div>
}

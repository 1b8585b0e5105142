/** Who it was: a link for those who may see people, else the bare id. */
import type { JSX } from 'preact'
import { useMay } from '../shell/session.ts'
import { Link } from './link.tsx'

export function PersonLink({ id }: { id: string }): JSX.Element {
  if (!useMay('people')) return <code>{id}</code>
  return (
    <Link page="people" id={id}>
      {id}
    </Link>
  )
}

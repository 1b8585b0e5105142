/** The way from a case, an answer, a person or a rule to what went out because of it, for those who may see that. */
import type { JSX } from 'preact'
import { useMay } from '../shell/session.ts'
import { Link } from './link.tsx'

/** @param of - What the deliveries belong to: one of `case`, `response`, `person` and `rule`, by its id. */
export function DeliveryLink({
  of,
  class: look,
}: {
  of: Readonly<Record<string, string>>
  class?: string
}): JSX.Element | null {
  return useMay('configure') ? (
    <Link page="deliveries" query={of} {...(look !== undefined && { class: look })}>
      What went out
    </Link>
  ) : null
}

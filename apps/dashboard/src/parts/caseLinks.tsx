/** The cases of an answer or a person, as links; nothing where there are none. */
import type { JSX } from 'preact'
import { type Case, casesShape } from '../api/caseShapes.ts'
import { withQuery } from '../api/query.ts'
import { useAsk } from '../api/use.ts'
import { formatMoment, zoneOf } from '../period/period.ts'
import { usePlace } from '../shell/place.ts'
import { useMay } from '../shell/session.ts'
import { CaseTags } from './caseText.tsx'
import { Link } from './link.tsx'

/** @param of - Which cases: those of a response, or those of a person or visitor. */
export function CaseLinks({ of }: { of: { response: string } | { person: string } }): JSX.Element | null {
  const isAllowed = useMay('cases')
  const asked = useAsk(isAllowed ? withQuery('/v1/cases', { ...of, limit: 20 }) : null, casesShape)
  return <CaseList title="Cases" cases={asked.value?.cases ?? []} />
}

export function CaseList({ title, cases }: { title: string; cases: readonly Case[] }): JSX.Element | null {
  const { query } = usePlace()
  if (cases.length === 0) return null
  return (
    <section class="panel" aria-label={title}>
      <h2>{title}</h2>
      <ul class="list">
        {cases.map((each) => (
          <li key={each.id} class="tags">
            <Link page="cases" id={each.id}>
              {each.title}
            </Link>
            <time class="soft" dateTime={each.openedAt}>
              {formatMoment(each.openedAt, zoneOf(query))}
            </time>
            <CaseTags of={each} />
          </li>
        ))}
      </ul>
    </section>
  )
}

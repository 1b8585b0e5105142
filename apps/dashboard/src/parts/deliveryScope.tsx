/** What the log of deliveries is narrowed to: what belongs to a case, an answer, a rule or a person. */
import type { JSX } from 'preact'
import { setQuery } from '../shell/place.ts'
import { Link } from './link.tsx'

/** What deliveries may belong to, by the name in the query: its word and its page. */
const scopes = {
  case: ['the case', 'cases'],
  response: ['the answer', 'answers'],
  rule: ['the rule', 'follow-ups'],
  person: ['the person', 'people'],
} as const
const scopeNames = Object.keys(scopes) as (keyof typeof scopes)[]
/** What of it a query names. */
export const belongingOf = (query: URLSearchParams): (readonly [keyof typeof scopes, string])[] =>
  scopeNames.flatMap((each) => {
    const value = query.get(each)
    return value ? [[each, value] as const] : []
  })

/** Says so, with the way to all of it. */
export function DeliveryScope({ name, value }: { name: keyof typeof scopes; value: string }): JSX.Element {
  const [word, page] = scopes[name]
  return (
    <p class="note row">
      <span>
        Only what belongs to {word}{' '}
        {name === 'rule' ? (
          <Link page={page} query={{ rule: value }}>
            {value}
          </Link>
        ) : (
          <Link page={page} id={value}>
            {value}
          </Link>
        )}
        .
      </span>
      <button type="button" onClick={() => setQuery({ [name]: null, cursor: null })}>
        Show all
      </button>
    </p>
  )
}

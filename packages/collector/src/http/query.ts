/** The query of a reading route, as far as it needs the store: the survey that it names must exist. */
import { readQuery, type Query } from '../core/query.ts'
import { didYouMean } from '../core/text.ts'
import { problem } from './errors.ts'
import type { AdminCall, Deps } from './route.ts'

/** The query, or the refusal. */
export type CheckedQuery = { ok: true; query: Query } | { ok: false; response: Response }

/**
 * Reads the query of a call. A survey that does not exist is a mistake and not an empty result, which would look
 * like "nobody answered".
 */
export async function checkQuery(
  { url, site }: AdminCall,
  store: Deps['store'],
  known: readonly (keyof Query)[],
): Promise<CheckedQuery> {
  const read = readQuery(url.searchParams, known)
  if (!read.ok)
    return { ok: false, response: problem(400, 'invalid_query', `In the query, ${read.message}.`) }
  const { survey } = read.query
  if (survey === undefined) return { ok: true, query: read.query }
  const ids = (await store.surveyNames(site.id)).map((each) => each.id)
  if (ids.includes(survey)) return { ok: true, query: read.query }
  return {
    ok: false,
    response: problem(
      404,
      'unknown_survey',
      `No survey has the id "${survey.slice(0, 100)}".${didYouMean(survey, ids)}`,
    ),
  }
}

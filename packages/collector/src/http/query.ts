/** The query of a reading route, as far as it needs the store: the survey that it names must exist. */
import { readQuery, type Query } from '../core/query.ts'
import { nearestName } from '../core/text.ts'
import type { StoredSurvey } from '../core/surveys.ts'
import { problem } from './errors.ts'
import type { Call, Deps } from './route.ts'

/** The query and the definitions that it is about, or the refusal. */
export type CheckedQuery =
  | { ok: true; query: Query; surveys: StoredSurvey[] }
  | { ok: false; response: Response }

/**
 * Reads the query of a call. A survey that does not exist is a mistake and not an empty result, which would look
 * like "nobody answered".
 */
export async function checkQuery(
  { url, site }: Call,
  store: Deps['store'],
  known: readonly (keyof Query)[],
): Promise<CheckedQuery> {
  const read = readQuery(url.searchParams, known)
  if (!read.ok)
    return { ok: false, response: problem(400, 'invalid_query', `In the query, ${read.message}.`) }
  const { survey } = read.query
  const surveys = await store.surveys(site.id, survey)
  if (survey === undefined || surveys.length > 0) return { ok: true, query: read.query, surveys }
  const ids = (await store.surveys(site.id)).map((each) => each.survey.id)
  const near = nearestName(survey, [...new Set(ids)])
  return {
    ok: false,
    response: problem(
      404,
      'unknown_survey',
      `No survey has the id "${survey.slice(0, 100)}".${near ? ` Did you mean "${near}"?` : ''}`,
    ),
  }
}

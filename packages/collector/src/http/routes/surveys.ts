/** `/v1/surveys`: the owner reads and puts survey definitions. */
import { surveySchema } from '@earshot/contract/schema'
import { describeIssues } from '../../core/issues.ts'
import { decidePut, type StoredSurvey } from '../../core/surveys.ts'
import { cleanValue } from '../../core/text.ts'
import { readBody } from '../body.ts'
import { problem } from '../errors.ts'
import { json, type Deps, type Route } from '../route.ts'

/** The routes of this file. */
export function surveyRoutes({ store, clock }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/surveys',
      access: 'admin',
      async handle({ site }) {
        const byId = new Map<string, StoredSurvey[]>()
        for (const each of await store.surveys(site.id))
          byId.set(each.survey.id, [...(byId.get(each.survey.id) ?? []), each])
        return json({ surveys: [...byId.values()].map(summary) })
      },
    },
    {
      method: 'GET',
      path: '/v1/surveys/{id}',
      access: 'admin',
      async handle({ site, params }) {
        const stored = await store.surveys(site.id, params.id)
        if (stored.length === 0) return problem(404, 'unknown_survey', 'No survey has this id.')
        return json({ ...summary(stored), versions: stored })
      },
    },
    {
      method: 'PUT',
      path: '/v1/surveys/{id}',
      access: 'admin',
      async handle({ request, site, params }) {
        const body = await readBody(request, ['application/json'])
        if (!body.ok) return body.response
        const clean = cleanValue(body.value)
        const result = surveySchema.safeParse(clean)
        const errors = result.success ? [] : describeIssues(result.error, clean)
        if (result.success && result.data.id !== params.id)
          errors.push({ path: 'id', message: `must be the id in the address, "${params.id}"` })
        if (!result.success || errors.length > 0) {
          const detail = `The survey has ${errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`}: ${errors.map(({ path, message }) => `${path || 'the body'}: ${message}`).join('; ')}.`
          return problem(400, 'invalid_survey', detail, {}, errors)
        }
        const survey = result.data
        const decision = await store.putSurvey(
          site.id,
          survey,
          (stored) => decidePut(survey, stored),
          clock.now(),
        )
        if (decision.kind === 'refused')
          return problem(409, 'version_conflict', `Survey "${survey.id}": ${decision.message}.`)
        return json(decision.survey, decision.kind === 'created' ? 201 : 200)
      },
    },
  ]
}

/** The latest version of a survey, and where it came from. Expects the versions in their order, at least one. */
function summary(versions: readonly StoredSurvey[]): object {
  const latest = versions.at(-1)
  return {
    id: latest?.survey.id,
    version: latest?.survey.version,
    source: latest?.source,
    metrics: [
      ...new Set(latest?.survey.questions.flatMap((each) => (each.kind === 'scale' ? [each.metric] : []))),
    ],
    survey: latest?.survey,
  }
}

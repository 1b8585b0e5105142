/** `/v1/surveys`: the owner reads and puts survey definitions. */
import { checkSurvey } from '../../core/checkSurveys.ts'
import { readQuery } from '../../core/query.ts'
import { reviewGate } from '../../core/reviewGate.ts'
import { decidePut, standingVersion, type StoredSurvey } from '../../core/surveys.ts'
import { cleanValue } from '../../core/text.ts'
import { readBody } from '../body.ts'
import { problem } from '../errors.ts'
import { json, type Deps, type Route } from '../route.ts'
import { gateText } from './followUps.ts'

/** The routes of this file. */
export function surveyRoutes({ store, clock, needsReason }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/surveys',
      access: 'admin',
      need: 'numbers',
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
      need: 'numbers',
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
      need: 'define',
      async handle({ request, site, params, memory }) {
        const body = await readBody(request, memory, ['application/json'])
        if (!body.ok) return body.response
        const { survey, errors, warnings } = checkSurvey(cleanValue(body.value), params.id, needsReason)
        if (!survey) {
          const count = errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`
          const detail = `The survey has ${count}: ${errors.map((each) => each.message).join('; ')}.`
          return problem(400, 'invalid_survey', detail, {}, { errors, warnings })
        }
        const gate = reviewGate((await store.plan(site.id))?.rules ?? [], [survey])
        if (gate) return problem(409, 'review_gated', gateText(gate))
        const decision = await store.putSurvey(
          site.id,
          survey,
          (stored) => decidePut(survey, stored),
          clock.now(),
        )
        if (decision.kind === 'refused')
          return problem(409, 'version_conflict', `Survey "${survey.id}": ${decision.message}.`)
        const said = warnings.length > 0 ? { ...decision.survey, warnings } : decision.survey
        return json(said, decision.kind === 'created' ? 201 : 200)
      },
    },
    {
      method: 'DELETE',
      path: '/v1/surveys/{id}',
      access: 'admin',
      need: 'define',
      async handle({ url, site, params }) {
        const read = readQuery(url.searchParams, ['version'])
        if (!read.ok) return problem(400, 'invalid_query', `In the query, ${read.message}.`)
        const { id = '' } = params
        const { version } = read.query
        if (version === undefined)
          return problem(400, 'version_missing', 'Say which version with "version", for example ?version=1.')
        const done = await store.dropSurvey(site.id, id, version)
        if (done === 'unknown') return problem(404, 'unknown_survey', 'No survey has this id and version.')
        if (done === 'served')
          return problem(
            409,
            'survey_served',
            'This version is served. Only what came inline can be removed.',
          )
        if (done === 'used')
          return problem(409, 'survey_used', 'Answers are filed under this version, so it has to stay.')
        return new Response(null, { status: 204 })
      },
    },
  ]
}

/** The version that stands for a survey, and where it came from. Expects at least one. */
function summary(versions: readonly StoredSurvey[]): object {
  const latest = standingVersion(versions)
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

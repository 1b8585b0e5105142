/** `/v1/follow-ups`: the plan of what follows what, and what another one would have done with what happened. */
import { watches } from '../../core/alerts.ts'
import { staffOf } from '../../core/cases.ts'
import type { FollowUpPlan, PlanRule } from '../../core/followUpPlan.ts'
import { planReport } from '../../core/reportPlan.ts'
import { reviewGate, type ReviewGate } from '../../core/reviewGate.ts'
import { readAdminBody } from '../adminBody.ts'
import { problem } from '../errors.ts'
import { planSchema, trialSchema } from '../followUpSchema.ts'
import { isMeant, json, tagged, tagOf, type Deps, type Route } from '../route.ts'
import { trialBounds, tryPlan } from '../trial.ts'

/** What to say of a rule that asks some only for a review. */
export function gateText({ rule, survey, question }: ReviewGate): string {
  return `The rule "${rule}" lets an answer decide who comes to the link "${question}" of the survey "${survey}". A review is asked of everybody or of nobody: leave "when" out of "after", or give the link "purpose": "help" where it leads to no reviews.`
}

/** A plan as it is read, of which its tag is made. */
const textOf = (plan: FollowUpPlan | null): string => JSON.stringify(plan ?? { rules: [] })

const changed = (): Response =>
  problem(
    412,
    'plan_changed',
    'Somebody has changed the plan since you read it, so nothing was put. Read it again, make your change in it, and send its ETag as If-Match.',
  )

/** The routes of this file. */
export function followUpRoutes({ store, clock, hash, mail, outbound }: Deps): Route[] {
  let isTrying = false
  /** Where a rule goes that leads nowhere. */
  const refusalOf = async (site: number, rules: readonly PlanRule[]): Promise<Response | null> => {
    const known = new Set((await store.webhooks(site)).map((each) => each.id))
    const surveys = await store.servedSurveys(site)
    const served = new Set(surveys.map((each) => each.id))
    const staff = staffOf(await store.keyring(), site, clock.now())
    for (const rule of rules) {
      const { id, do: action, survey } = rule
      if (watches(rule)) {
        const { metric, survey: watched, question } = rule.after
        const wanted = { survey: watched, ...(question !== undefined && { question }) }
        const versions = await store.surveys(site, watched)
        const names = versions.length > 0 ? [] : (await store.surveyNames(site)).map((each) => each.id)
        const found = planReport(metric, wanted, versions, names)
        if (!found.ok) return problem(400, found.code, `The rule "${id}" watches a number: ${found.message}`)
      }
      if ('webhook' in action) {
        if (known.has(action.webhook)) continue
        return problem(
          400,
          'unknown_webhook',
          `The rule "${id}" goes to the webhook "${action.webhook}", which there is not. Make it with POST /v1/webhooks.`,
        )
      }
      if ('case' in action) {
        const { person } = action.case
        if (person === undefined || staff.some((each) => each.id === person)) continue
        return problem(
          400,
          'unknown_person',
          `The rule "${id}" names a person who is not there. Choose an id of GET /v1/staff.`,
        )
      }
      if (!mail.sender)
        return problem(
          400,
          'mail_not_set_up',
          `The rule "${id}" sends mail, and this collector has no mail server. Start it with --smtp, --mail-from and --public-url.`,
        )
      const asked = action.mail.survey
      if (!served.has(asked))
        return problem(
          400,
          'unknown_survey',
          `The rule "${id}" asks the survey "${asked}" by mail, which is not served here. Put it with PUT /v1/surveys/${asked}.`,
        )
      if (survey !== undefined && survey !== asked)
        return problem(
          400,
          'invalid_request',
          `The rule "${id}" has the survey "${survey}", and asks "${asked}" by mail. Name the same one, or leave "survey" out.`,
        )
    }
    const gate = reviewGate(rules, surveys)
    return gate && problem(400, 'review_gated', gateText(gate))
  }
  return [
    {
      method: 'GET',
      path: '/v1/follow-ups',
      access: 'admin',
      need: 'define',
      handle: async ({ site, request }) =>
        tagged(request, textOf(await store.plan(site.id)), hash, {
          'content-type': 'application/json; charset=utf-8',
        }),
    },
    {
      method: 'PUT',
      path: '/v1/follow-ups',
      access: 'admin',
      need: 'configure',
      async handle(call) {
        const body = await readAdminBody(call, planSchema)
        if (!body.ok) return body.response
        const { request, site } = call
        const stands = await store.plan(site.id)
        if (!isMeant(request, textOf(stands), hash)) return changed()
        const refused = await refusalOf(site.id, body.value.rules)
        if (refused) return refused
        // Somebody may have been quicker since it was looked at.
        const instead = request.headers.has('if-match') ? stands : undefined
        if (!(await store.putPlan(site.id, body.value, clock.now(), instead))) return changed()
        return json(body.value, 200, { etag: tagOf(textOf(body.value), hash) })
      },
    },
    {
      method: 'POST',
      path: '/v1/follow-ups/simulate',
      access: 'admin',
      need: 'define',
      async handle(call) {
        const body = await readAdminBody(call, trialSchema)
        if (!body.ok) return body.response
        // One after the other: each reads much.
        if (isTrying)
          return problem(503, 'busy', 'Another simulation is running. Try again in some seconds.', {
            'retry-after': '5',
          })
        isTrying = true
        try {
          const { plan, days, zone = plan.zone ?? 'UTC' } = body.value
          const elapsed = (): number => performance.now()
          const now = clock.now()
          const { id: site } = call.site
          const findAt = outbound.finder(site)
          return json(
            await tryPlan({ store, site, plan, days, zone, now, bounds: trialBounds, elapsed, findAt }),
          )
        } finally {
          isTrying = false
        }
      },
    },
  ]
}

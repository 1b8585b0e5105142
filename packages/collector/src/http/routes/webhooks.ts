/** `/v1/webhooks`: addresses that are told what happens, and the secrets that what they get is signed with. */
import { liveSecrets, type Webhook } from '../../core/webhook.ts'
import { formatMoment, type Millis } from '../../core/time.ts'
import { readAdminBody } from '../adminBody.ts'
import { problem } from '../errors.ts'
import { webhookRequestSchema, type WebhookRequest } from '../followUpSchema.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'

/** Most webhooks of a site. */
const most = 50
/** How long the secret before is good, so that a receiver can change over. */
const overlap: Millis = 86_400_000

/** A webhook as it is shown, without its secrets. */
function show(webhook: Webhook, now: Millis): object {
  const { secrets: _, createdAt, ...rest } = webhook
  return { ...rest, secrets: liveSecrets(webhook, now).length, createdAt: formatMoment(createdAt) }
}

const unknown = (): Response => problem(404, 'unknown_webhook', 'There is no webhook with this id.')

/** The routes of this file. */
export function webhookRoutes({ store, clock, random, outbound }: Deps): Route[] {
  const makeSecret = (): string => `whsec_${Buffer.from(random.bytes(32)).toString('base64')}`
  const find = async ({ site, params }: AdminCall): Promise<Webhook | undefined> =>
    (await store.webhooks(site.id)).find((each) => each.id === params['id'])
  const read = async (call: AdminCall): Promise<Required<WebhookRequest> | Response> => {
    const body = await readAdminBody(call, webhookRequestSchema)
    if (!body.ok) return body.response
    const { shape = 'json', events = [], surveys = null } = body.value
    const flaw = outbound.urlFlaw(body.value.url)
    if (flaw !== null) return problem(400, 'address_refused', `The url of a webhook is refused: ${flaw}.`)
    return { ...body.value, shape, events: [...new Set(events)], surveys }
  }
  return [
    {
      method: 'GET',
      path: '/v1/webhooks',
      access: 'admin',
      need: 'configure',
      handle: async ({ site }) =>
        json({ webhooks: (await store.webhooks(site.id)).map((each) => show(each, clock.now())) }),
    },
    {
      method: 'POST',
      path: '/v1/webhooks',
      access: 'admin',
      need: 'configure',
      async handle(call) {
        const wanted = await read(call)
        if (wanted instanceof Response) return wanted
        if ((await store.webhooks(call.site.id)).length >= most)
          return problem(
            409,
            'too_many',
            `There are ${most} webhooks already. Remove what is not used any more.`,
          )
        const secret = makeSecret()
        const made: Webhook = {
          id: `wh_${Buffer.from(random.bytes(9)).toString('hex')}`,
          ...wanted,
          secrets: [{ secret, until: null }],
          createdAt: clock.now(),
        }
        await store.putWebhook(call.site.id, made)
        call.concerns(made.id)
        return json({ ...show(made, clock.now()), secret }, 201)
      },
    },
    {
      method: 'PUT',
      path: '/v1/webhooks/{id}',
      access: 'admin',
      need: 'configure',
      async handle(call) {
        const wanted = await read(call)
        if (wanted instanceof Response) return wanted
        const found = await find(call)
        if (!found) return unknown()
        const changed = { ...found, ...wanted }
        await store.putWebhook(call.site.id, changed)
        return json(show(changed, clock.now()))
      },
    },
    {
      method: 'DELETE',
      path: '/v1/webhooks/{id}',
      access: 'admin',
      need: 'configure',
      async handle({ site, params }) {
        const plan = await store.plan(site.id)
        const rule = plan?.rules.find((each) => 'webhook' in each.do && each.do.webhook === params['id'])
        if (rule)
          return problem(
            409,
            'in_use',
            `The rule "${rule.id}" of /v1/follow-ups goes there. Change it first.`,
          )
        const isGone = await store.dropWebhook(site.id, params['id'] ?? '', clock.now())
        return isGone ? new Response(null, { status: 204 }) : unknown()
      },
    },
    {
      method: 'POST',
      path: '/v1/webhooks/{id}/secret',
      access: 'admin',
      need: 'configure',
      async handle(call) {
        const found = await find(call)
        if (!found) return unknown()
        const secret = makeSecret()
        const before = found.secrets[0]
        const until = clock.now() + overlap
        const secrets = [{ secret, until: null }, ...(before ? [{ secret: before.secret, until }] : [])]
        const changed = { ...found, secrets }
        await store.putWebhook(call.site.id, changed)
        return json({ ...show(changed, clock.now()), secret })
      },
    },
    {
      method: 'POST',
      path: '/v1/webhooks/{id}/test',
      access: 'admin',
      need: 'configure',
      async handle(call) {
        const found = await find(call)
        if (!found) return unknown()
        await outbound.test(call.site.id, found.id)
        return new Response(null, { status: 202 })
      },
    },
  ]
}

/** Mail: addresses of people, who wants none, secrets of links, and what a message looks like. */
import { day, formatMoment } from '../../core/time.ts'
import { standingVersion } from '../../core/surveys.ts'
import type { Unsubscribed } from '../../core/mail.ts'
import type { MailWish } from '../../ports/mailDesk.ts'
import { readAdminBody } from '../adminBody.ts'
import { problem } from '../errors.ts'
import {
  mailAddressSchema,
  mailTestSchema,
  previewSchema,
  type PreviewRequest,
  resubscribeReasons,
  rotationSchema,
  unsubscribeSchema,
} from '../mailSchema.ts'
import { sha256Hex } from '../secret.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'

/** As long as a link to a survey works, where nothing else is asked for. */
const usualDays = 60
const defaultPage = 50
const largestPage = 200
const longestSearch = 254

function show({ person, by, at, reason }: Unsubscribed): object {
  return { person, by, at: formatMoment(at), ...(reason !== undefined && { reason }) }
}

/** The routes of this file. The log of what admins did gets the hash of a person's id alone. */
export function mailRoutes({ store, clock, hash, mail }: Deps): Route[] {
  const idOf = ({ params }: Pick<AdminCall, 'params'>): string => params.id ?? ''
  const about = (params: AdminCall['params']): string =>
    `person ${sha256Hex(idOf({ params }), hash).slice(0, 16)}`
  const person = '/v1/people/{id}/mail'
  const gone = '/v1/unsubscribed/{id}'
  const unknown = (): Response =>
    problem(404, 'unknown_person', 'No address was told of a person with this id.')
  /** What is to be looked at, or why it cannot be. */
  const wishOf = async (
    site: number,
    { survey: id, subject, text, locale }: PreviewRequest,
  ): Promise<MailWish | Response> => {
    const survey = id === undefined ? null : standingVersion(await store.surveys(site, id))?.survey
    return survey === undefined
      ? problem(404, 'unknown_survey', `There is no survey "${id ?? ''}". Put it with PUT /v1/surveys/….`)
      : {
          survey,
          subject: subject ?? null,
          text: text ?? null,
          locale: locale ?? survey?.locale ?? 'en',
        }
  }
  return [
    {
      method: 'GET',
      path: person,
      access: 'admin',
      need: 'people',
      about,
      async handle(call) {
        const { site } = call
        const address = await store.mailAddress(site.id, idOf(call))
        if (!address) return unknown()
        const { email, locale, who, mail: hidden, at } = address
        const isUnsubscribed = await store.isUnsubscribed(site.id, who, hidden)
        return json({ email, locale, unsubscribed: isUnsubscribed, at: formatMoment(at) })
      },
    },
    {
      method: 'PUT',
      path: person,
      access: 'admin',
      need: 'record',
      about,
      async handle(call) {
        const body = await readAdminBody(call, mailAddressSchema)
        if (!body.ok) return body.response
        const { email, locale = null } = body.value
        const id = idOf(call)
        if (id.length > 200)
          return problem(400, 'invalid_request', 'The id of a person has at most 200 characters.')
        const names = await mail.hidden(call.site.id, id, email)
        await store.putMailAddress(call.site.id, {
          person: id,
          email,
          locale,
          who: names.who,
          mail: names.mail ?? '',
          at: clock.now(),
        })
        return new Response(null, { status: 204 })
      },
    },
    {
      method: 'DELETE',
      path: person,
      access: 'admin',
      need: 'record',
      about,
      handle: async (call) =>
        (await store.dropMailAddress(call.site.id, idOf(call)))
          ? new Response(null, { status: 204 })
          : unknown(),
    },
    {
      method: 'GET',
      path: '/v1/unsubscribed',
      access: 'admin',
      need: 'people',
      async handle({ site, url }) {
        const numberOf = (name: string, usual: number, highest: number): number => {
          const text = url.searchParams.get(name) ?? String(usual)
          const number = /^\d{1,16}$/.test(text) ? Number(text) : 0
          return number <= highest ? number : 0
        }
        const limit = numberOf('limit', defaultPage, largestPage)
        const before = numberOf('cursor', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
        const q = (url.searchParams.get('q') ?? '').trim()
        if (limit === 0 || before === 0 || q.length > longestSearch)
          return problem(
            400,
            'invalid_query',
            `Use limit (1 to ${largestPage}), as cursor what "next" said, and q of at most ${longestSearch} characters.`,
          )
        // Of an address the hidden name alone is kept, so it is found as a whole or not at all.
        const { mail: hidden } = q.includes('@') ? await mail.hidden(site.id, '', q) : { mail: null }
        const find = q === '' ? undefined : { person: q, mail: hidden }
        const found = await store.unsubscribed(site.id, { before, limit, find })
        const last = found.length === limit ? found.at(-1) : undefined
        return json({ unsubscribed: found.map(show), next: last ? String(last.row) : null })
      },
    },
    {
      method: 'PUT',
      path: gone,
      access: 'admin',
      need: 'record',
      about,
      async handle(call) {
        const id = idOf(call)
        // Without a body nothing is said about it.
        const isSaid = call.request.headers.has('content-type')
        const body = isSaid ? await readAdminBody(call, unsubscribeSchema) : null
        if (body && !body.ok) return body.response
        const address = await store.mailAddress(call.site.id, id)
        const names = await mail.hidden(call.site.id, id, address?.email ?? null)
        const { reason } = body?.value ?? {}
        const entry = { ...names, person: id, by: 'admin' as const, at: clock.now(), reason }
        await store.unsubscribe(call.site.id, entry)
        return new Response(null, { status: 204 })
      },
    },
    {
      method: 'DELETE',
      path: gone,
      access: 'admin',
      need: 'manage',
      about,
      async handle(call) {
        const reason = call.url.searchParams.get('reason')
        if (reason !== null && !resubscribeReasons.includes(reason))
          return problem(400, 'invalid_query', `Use as reason one of: ${resubscribeReasons.join(', ')}.`)
        // A word of ours, and nothing that somebody wrote: nothing can be taken out of that log.
        if (reason !== null) call.concerns(`${about(call.params)}, ${reason}`)
        const { who } = await mail.hidden(call.site.id, idOf(call), null)
        return (await store.resubscribe(call.site.id, who))
          ? new Response(null, { status: 204 })
          : problem(404, 'unknown_person', 'Nobody with this id has unsubscribed.')
      },
    },
    {
      method: 'GET',
      path: '/v1/mail',
      access: 'admin',
      need: 'define',
      handle: async () => json({ isSetUp: mail.sender !== null, sender: mail.sender }),
    },
    {
      method: 'POST',
      path: '/v1/mail/preview',
      access: 'admin',
      need: 'define',
      async handle(call) {
        const body = await readAdminBody(call, previewSchema)
        if (!body.ok) return body.response
        const wanted = await wishOf(call.site.id, body.value)
        return wanted instanceof Response ? wanted : json(await mail.preview(call.site.id, wanted))
      },
    },
    {
      method: 'POST',
      path: '/v1/mail/test',
      access: 'admin',
      need: 'configure',
      async handle(call) {
        const body = await readAdminBody(call, mailTestSchema)
        if (!body.ok) return body.response
        const wanted = await wishOf(call.site.id, body.value)
        if (wanted instanceof Response) return wanted
        // Not even to be looked at: the list holds for whoever writes.
        const { who, mail: hidden } = await mail.hidden(call.site.id, '', body.value.to)
        if (await store.isUnsubscribed(call.site.id, who, hidden))
          return problem(409, 'unsubscribed', 'Whoever has this address wants no mail.')
        const tried = await mail.test(call.site.id, wanted, body.value.to)
        if (tried === null)
          return problem(
            400,
            'mail_not_set_up',
            'This collector has no mail server. Start it with --smtp, --mail-from and --public-url.',
          )
        return tried.ok
          ? json({ status: tried.status })
          : problem(502, 'mail_not_taken', `The mail server did not take it: ${tried.reason}.`)
      },
    },
    {
      method: 'POST',
      path: '/v1/mail/secret',
      access: 'admin',
      need: 'manage',
      async handle(call) {
        const body = await readAdminBody(call, rotationSchema)
        if (!body.ok) return body.response
        const until = clock.now() + (body.value.days ?? usualDays) * day
        await mail.rotate(call.site.id, until)
        return json({ until: formatMoment(until) })
      },
    },
  ]
}

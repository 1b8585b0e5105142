/** `/v1/sites`, `/v1/keys` and `/v1/tokens`: what the admin does about who is let in. */
import { z } from 'zod'
import { isExactOrigin } from '../../core/auth.ts'
import {
  addKey,
  addSite,
  addToken,
  isLive,
  revokeKey,
  revokeToken,
  type AdminToken,
  type Refusal,
  type Site,
  type WriteKey,
} from '../../core/keyring.ts'
import { roles } from '../../core/roles.ts'
import { day, formatMoment, type Millis } from '../../core/time.ts'
import { readAdminBody } from '../adminBody.ts'
import { dayAt } from '../daily.ts'
import { problem } from '../errors.ts'
import { json, type Deps, type Route } from '../route.ts'
import { makeSecret, sha256Hex } from '../secret.ts'

const name = z.string().min(1).max(100)
const origin = z
  .string()
  .max(300)
  .refine(isExactOrigin, 'must be an exact origin like "https://shop.example"')

/** Bodies of what is made here. */
export const siteRequestSchema: z.ZodType<{ name: string }> = z.strictObject({ name })
export const keyRequestSchema: z.ZodType<{
  name: string
  origins?: string[] | null | undefined
  rate?: number | null | undefined
  daily?: number | null | undefined
}> = z.strictObject({
  name,
  origins: z.array(origin).min(1).max(50).nullish(),
  rate: z.int().min(1).max(1_000_000).nullish(),
  daily: z.int().min(1).max(1_000_000_000).nullish(),
})
export const tokenRequestSchema: z.ZodType<{
  name: string
  role: AdminToken['role']
  days?: number | null | undefined
  allSites?: boolean | undefined
}> = z.strictObject({
  name,
  role: z.enum(roles as [AdminToken['role'], ...AdminToken['role'][]]),
  days: z.int().min(1).max(3650).nullish(),
  allSites: z.boolean().optional(),
})

const moment = (at: Millis | null | undefined): string | null =>
  typeof at === 'number' ? formatMoment(at) : null

/** A site as it is shown. */
const showSite = ({ id, name: called, createdAt }: Site): object => ({
  id,
  name: called,
  createdAt: moment(createdAt),
})
/** A write key as it is shown. */
const showKey = (key: WriteKey, usedAt?: Millis, today?: number): object => ({
  key: key.key,
  name: key.name,
  origins: key.origins,
  rate: key.rate,
  daily: key.daily,
  // Counted only where there is a bound.
  today: key.daily === null ? null : (today ?? 0),
  createdAt: moment(key.createdAt),
  usedAt: moment(usedAt),
  revokedAt: moment(key.revokedAt),
})
/** A token as it is shown, without what would open anything. */
const showToken = (token: AdminToken, now: Millis, usedAt?: Millis): object => ({
  id: token.id,
  site: token.site,
  name: token.name,
  role: token.role,
  isLive: isLive(token, now),
  createdAt: moment(token.createdAt),
  usedAt: moment(usedAt),
  expiresAt: moment(token.expiresAt),
  revokedAt: moment(token.revokedAt),
})

const refusals: Readonly<Record<Refusal['refused'], [status: number, code: string, detail: string]>> = {
  unknown: [404, 'not_found', 'There is none with this name.'],
  'too-many': [409, 'too_many', 'There are as many as there may be. Revoke what is not used any more.'],
  'last-admin': [
    409,
    'last_admin',
    'This is the last token that opens everything, so it cannot be revoked. Make another one with the role admin before.',
  ],
  taken: [409, 'name_taken', 'There is one with this name already. Choose another one.'],
}

function answer<Made extends object>(
  made: Made | Refusal,
  show: (made: Made) => object,
  status = 200,
): Response {
  if (!('refused' in made)) return json(show(made), status)
  const [code, reason, detail] = refusals[made.refused]
  return problem(code, reason, detail)
}

/** The routes of this file. */
export function accessRoutes(deps: Deps): Route[] {
  const { store, clock, random, hash } = deps
  return [
    {
      method: 'GET',
      path: '/v1/sites',
      access: 'admin',
      need: 'manage',
      async handle({ token }) {
        const { sites } = await store.keyring()
        const open = sites.filter((each) => token.site === null || each.id === token.site)
        return json({ sites: open.map(showSite) })
      },
    },
    {
      method: 'POST',
      path: '/v1/sites',
      access: 'admin',
      need: 'manage',
      async handle(call) {
        if (call.token.site !== null) return oneSite()
        const body = await readAdminBody(call, siteRequestSchema)
        if (!body.ok) return body.response
        const key = makeSecret('pk_', random)
        const made = await store.changeAccess((ring) => addSite(ring, body.value.name, key, clock.now()))
        if (!('refused' in made)) call.concerns(`${made.site.id}`)
        return answer(made, (each) => ({ site: showSite(each.site), key: showKey(each.key) }), 201)
      },
    },
    {
      method: 'GET',
      path: '/v1/keys',
      access: 'admin',
      need: 'manage',
      async handle({ site }) {
        await deps.daily.flush()
        const [{ writeKeys }, uses] = [await store.keyring(), await store.uses()]
        const today = await store.daily(site.id, dayAt(clock.now()))
        const own = writeKeys.filter((each) => each.site === site.id)
        return json({ keys: own.map((each) => showKey(each, uses.get(each.key), today.get(each.key))) })
      },
    },
    {
      method: 'POST',
      path: '/v1/keys',
      access: 'admin',
      need: 'manage',
      async handle(call) {
        const body = await readAdminBody(call, keyRequestSchema)
        if (!body.ok) return body.response
        const { name: called, origins = null, rate = null, daily = null } = body.value
        const wanted = {
          key: makeSecret('pk_', random),
          site: call.site.id,
          name: called,
          origins,
          rate,
          daily,
        }
        const made = await store.changeAccess((ring) => addKey(ring, wanted, clock.now()))
        if (!('refused' in made)) call.concerns(made.key)
        return answer(made, (each) => showKey(each), 201)
      },
    },
    {
      method: 'DELETE',
      path: '/v1/keys/{key}',
      access: 'admin',
      need: 'manage',
      async handle({ site, params }) {
        const key = params.key ?? ''
        const ended = await store.changeAccess((ring) => revokeKey(ring, site.id, key, clock.now()))
        return answer(ended, (each) => showKey(each))
      },
    },
    {
      method: 'GET',
      path: '/v1/tokens',
      access: 'admin',
      need: 'manage',
      async handle({ token }) {
        const [{ tokens }, uses] = [await store.keyring(), await store.uses()]
        const own = tokens.filter((each) => token.site === null || each.site === token.site)
        return json({ tokens: own.map((each) => showToken(each, clock.now(), uses.get(each.id))) })
      },
    },
    {
      method: 'POST',
      path: '/v1/tokens',
      access: 'admin',
      need: 'manage',
      async handle(call) {
        const body = await readAdminBody(call, tokenRequestSchema)
        if (!body.ok) return body.response
        const { name: called, role, days, allSites = false } = body.value
        if (allSites && call.token.site !== null) return oneSite()
        const secret = makeSecret('sk_', random)
        const now = clock.now()
        const wanted = {
          site: allSites ? null : call.site.id,
          name: called,
          role,
          hash: sha256Hex(secret, hash),
          expiresAt: typeof days === 'number' ? now + days * day : null,
        }
        const made = await store.changeAccess((ring) => addToken(ring, wanted, now))
        if (!('refused' in made)) call.concerns(`${made.id} ${made.role}`)
        return answer(made, (each) => ({ ...showToken(each, now), token: secret }), 201)
      },
    },
    {
      method: 'DELETE',
      path: '/v1/tokens/{id}',
      access: 'admin',
      need: 'manage',
      async handle({ token, params }) {
        const now = clock.now()
        const ended = await store.changeAccess((ring) => revokeToken(ring, token.site, params.id ?? '', now))
        return answer(ended, (each) => showToken(each, now))
      },
    },
  ]
}

function oneSite(): Response {
  return problem(
    403,
    'site_not_allowed',
    'This token opens one site only, so it can make nothing for others.',
  )
}

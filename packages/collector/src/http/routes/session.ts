/** `/v1/session`: signs in with a token, says who is signed in, and signs out. */
import { z } from 'zod'
import type { AdminToken, Keyring } from '../../core/keyring.ts'
import {
  clearSessionCookies,
  isLocal,
  sessionSpan,
  setSessionCookie,
  type Session,
} from '../../core/session.ts'
import { formatMoment } from '../../core/time.ts'
import {
  csrfHeader,
  csrfOf,
  isFromOtherSite,
  letSessionIn,
  otherSite,
  tokenOf,
  unknownToken,
} from '../access.ts'
import { readAdminBody } from '../adminBody.ts'
import { tooMany } from '../limits.ts'
import { json, type Call, type Deps, type Route } from '../route.ts'
import { sha256Hex } from '../secret.ts'

const path = '/v1/session'

/** What is sent to sign in. */
export const sessionRequestSchema: z.ZodType<{ token: string; local?: boolean | undefined }> = z.strictObject(
  {
    token: z.string().min(1).max(200),
    /** Asks for a cookie that travels without TLS; given to a browser on the machine itself, which may keep no other. */
    local: z.boolean().optional(),
  },
)

/** The routes of this file. No other origin gets to read or send them: there are no CORS headers, and JSON needs them. */
export function sessionRoutes(deps: Deps): Route[] {
  const { store, clock, hash, random, guesses } = deps

  const show = (
    session: Session,
    secret: string,
    { role, name, site }: AdminToken,
    ring: Keyring,
  ): object => ({
    role,
    name,
    site,
    /** Those that the token opens. */
    sites: ring.sites
      .filter((each) => site === null || each.id === site)
      .map((each) => ({ id: each.id, name: each.name })),
    csrf: csrfOf(secret, hash),
    expiresAt: formatMoment(session.createdAt + sessionSpan),
  })

  const signIn = async (call: Call): Promise<Response> => {
    if (isFromOtherSite(call.request)) return otherSite()
    const body = await readAdminBody(call, sessionRequestSchema)
    if (!body.ok) return body.response
    const hashed = sha256Hex(body.value.token, hash)
    const wait = guesses.wait(call.network, hashed)
    if (wait > 0) return tooMany(wait)
    const ring = await store.keyring()
    const token = tokenOf(body.value.token, ring, { hash, clock })
    if (!token) {
      guesses.wrong(call.network, hashed)
      return unknownToken()
    }
    guesses.right(hashed)
    deps.uses.note(token.id)
    const now = clock.now()
    // A new one each time, so that nobody can wait in a session that somebody else signs in to.
    const secret = Buffer.from(random.bytes(32)).toString('base64url')
    const session: Session = { hash: sha256Hex(secret, hash), token: token.id, createdAt: now, usedAt: now }
    const about = token.id
    // First: nobody is signed in of whom the log does not know.
    await store.record({
      at: now,
      who: token.id,
      site: token.site,
      action: `POST ${path}`,
      about,
      status: 201,
    })
    await store.saveSession(session)
    const local = body.value.local === true && isLocal(call.request.headers)
    return json(show(session, secret, token, ring), 201, {
      'set-cookie': setSessionCookie(secret, local),
      'cache-control': 'no-store',
    })
  }

  return [
    { method: 'POST', path, access: 'open', handle: signIn },
    {
      method: 'GET',
      path,
      access: 'open',
      async handle({ request, url }) {
        const ring = await store.keyring()
        const found = await letSessionIn(request.headers, ring, deps)
        const headers = { 'cache-control': 'no-store' }
        // Whoever only wants to know is told; a browser would write a refusal into its console.
        if (!found)
          return url.searchParams.has('optional') ? json({ session: null }, 200, headers) : unknownToken()
        const { session, secret, token } = found
        return json(show(session, secret, token, ring), 200, headers)
      },
    },
    {
      method: 'DELETE',
      path,
      access: 'open',
      async handle({ request }) {
        const found = await letSessionIn(request.headers, await store.keyring(), deps)
        if (!found) return unknownToken()
        if (isFromOtherSite(request) || request.headers.get(csrfHeader) !== csrfOf(found.secret, hash))
          return otherSite()
        await store.endSession(found.session.hash)
        const cookies = clearSessionCookies(request.headers)
        return new Response(null, { status: 204, headers: [...cookies, ['cache-control', 'no-store']] })
      },
    },
  ]
}

/** Lets requests in: by the write key of a page, or by the token of somebody who reads. */
import { judgeOrigin, readBearer } from '../core/auth.ts'
import {
  findToken,
  isLive,
  type AdminToken,
  type Keyring,
  type Site,
  type WriteKey,
} from '../core/keyring.ts'
import { may, permissions, type Permission } from '../core/roles.ts'
import { isOver, readSessionCookie, type Session } from '../core/session.ts'
import { problem } from './errors.ts'
import { tooMany } from './limits.ts'
import type { Deps } from './route.ts'
import { sha256Hex } from './secret.ts'

/** Names the site that a token for all sites is to open; the first one when it is missing. */
const siteHeader = 'earshot-site'

/** Who was let in with a token, and to which site. */
export interface LetIn {
  token: AdminToken
  site: Site
}

/** The site of a page's request. */
export type Page = { ok: true; site: Site; key: WriteKey } | { ok: false; response: Response }

/** Finds the site of a write key, and judges whether this page may use it. */
export function letPageIn(
  ring: Keyring,
  key: string | null,
  request: Request,
  network: string | null,
  deps: Pick<Deps, 'origins' | 'uses' | 'limits' | 'metrics'>,
): Page {
  const found = key === null ? undefined : ring.live.get(key)
  const site = found && ring.sites.find((each) => each.id === found.site)
  if (!found || !site) return { ok: false, response: unknownKey() }
  if (!judgeOrigin(request.headers.get('origin'), found.origins ?? deps.origins).allowed)
    return { ok: false, response: foreignOrigin() }
  const wait = deps.limits.key(found, network)
  if (wait > 0) {
    deps.metrics.limited('key')
    return { ok: false, response: tooMany(wait) }
  }
  deps.uses.note(found.key)
  return { ok: true, site, key: found }
}

/** The answer to a page that may not send. */
export function foreignOrigin(headers: Record<string, string> = {}): Response {
  return problem(
    403,
    'origin_not_allowed',
    'This origin may not send feedback here. Start the collector with --origin and the exact origin of the page, or make a write key for it: earshot-collector keys add --origin ORIGIN.',
    headers,
  )
}

/** The answer to a key that no site has, or that was revoked. */
function unknownKey(): Response {
  return problem(
    401,
    'unknown_key',
    'No site has this write key, or it was revoked. The keys (pk_…) are listed by "earshot-collector keys list".',
  )
}

/** The token of a request and the site that it opens, or why it opens nothing. */
export async function letReaderIn(
  request: Request,
  network: string | null,
  ring: Keyring,
  need: Permission,
  deps: Pick<Deps, 'hash' | 'clock' | 'uses' | 'guesses' | 'store'>,
): Promise<LetIn | Response> {
  const { headers, method } = request
  const bearer = readBearer(headers.get('authorization'))
  if (bearer.kind === 'write-key')
    return problem(
      403,
      'write_key_cannot_read',
      'A write key (pk_…) is public and can only send feedback. Use an admin token (sk_…).',
    )
  let token: AdminToken | null
  if (bearer.kind === 'token') {
    const hashed = sha256Hex(bearer.token, deps.hash)
    const wait = deps.guesses.wait(network, hashed)
    if (wait > 0) return tooMany(wait)
    token = tokenOf(bearer.token, ring, deps)
    if (token) deps.guesses.right(hashed)
    else deps.guesses.wrong(network, hashed)
  } else {
    const found = await letSessionIn(headers, ring, deps)
    token = found && found.token
    const isSafe = method === 'GET' || method === 'HEAD'
    if (
      found &&
      (isFromOtherSite(request) || (!isSafe && headers.get(csrfHeader) !== csrfOf(found.secret, deps.hash)))
    )
      return otherSite()
  }
  if (!token) return unknownToken()
  deps.uses.note(token.id)
  if (!may(token.role, need))
    return problem(
      403,
      'role_not_allowed',
      `This needs the role ${permissions[need].join(' or ')}; the token "${token.id}" has the role ${token.role}.`,
    )
  const site = siteOf(ring, token, headers.get(siteHeader))
  return site
    ? { token, site }
    : problem(403, 'site_not_allowed', 'There is no such site, or this token does not open it.')
}

/** The header that a page of the collector itself sends with what changes something; see `csrfOf`. */
export const csrfHeader = 'earshot-csrf'

/** What a page must know to change something with its cookie. Pages of other sites cannot read it. */
export function csrfOf(secret: string, hash: Deps['hash']): string {
  return sha256Hex(`csrf ${secret}`, hash).slice(0, 32)
}

/** Whether a browser says that a page of another site made the request. */
export function isFromOtherSite({ headers }: Request): boolean {
  const from = headers.get('sec-fetch-site')
  return from !== null && from !== 'same-origin' && from !== 'none'
}

/** The answer to a page of another site that would use the cookie of this one. */
export function otherSite(): Response {
  return problem(
    403,
    'csrf',
    'This needs the header "earshot-csrf" with what POST /v1/session said, from a page of the collector itself.',
  )
}

/** The answer to who shows no token that is good. */
export function unknownToken(): Response {
  return problem(
    401,
    'not_authenticated',
    'Send an admin token as "Authorization: Bearer sk_…". This one is missing, unknown, revoked or expired. A lost one is replaced by: earshot-collector keys --new-admin-token',
    { 'www-authenticate': 'Bearer realm="earshot"' },
  )
}

/** How old the stored time of use may get. */
const grain = 60_000

/** The session of a cookie, and its token, if both are good. */
export async function letSessionIn(
  headers: Headers,
  ring: Keyring,
  { store, hash, clock }: Pick<Deps, 'store' | 'hash' | 'clock'>,
): Promise<{ session: Session; secret: string; token: AdminToken } | null> {
  const secret = readSessionCookie(headers)
  if (secret === null) return null
  const session = await store.session(sha256Hex(secret, hash))
  const now = clock.now()
  if (!session || isOver(session, now)) return null
  const token = ring.tokens.find((each) => each.id === session.token && isLive(each, now))
  if (!token) return null
  if (now - session.usedAt >= grain) await store.touchSession(session.hash, now)
  return { session, secret, token }
}

/** A token that is good now. */
export function tokenOf(
  secret: string,
  ring: Keyring,
  { hash, clock }: Pick<Deps, 'hash' | 'clock'>,
): AdminToken | null {
  const equal = (a: string, b: string): boolean => hash.equal(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))
  return findToken(ring, Buffer.from(hash.sha256(secret)).toString('hex'), clock.now(), equal)
}

/** A site by its number or name. */
function siteOf(ring: Keyring, token: AdminToken, wanted: string | null): Site | undefined {
  const open = ring.sites.filter((each) => token.site === null || each.id === token.site)
  return wanted === null ? open[0] : open.find((each) => String(each.id) === wanted || each.name === wanted)
}

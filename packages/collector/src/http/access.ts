/** Lets requests in: by the write key of a page, or by the token of somebody who reads. */
import { judgeOrigin, readBearer } from '../core/auth.ts'
import { findToken, type AdminToken, type Keyring, type Site, type WriteKey } from '../core/keyring.ts'
import { may, permissions, type Permission } from '../core/roles.ts'
import { problem } from './errors.ts'
import { tooMany } from './limits.ts'
import type { Deps } from './route.ts'

/** Names the site that a token for all sites is to open; the first one when it is missing. */
export const siteHeader = 'earshot-site'

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
export function unknownKey(): Response {
  return problem(
    401,
    'unknown_key',
    'No site has this write key, or it was revoked. The keys (pk_…) are listed by "earshot-collector keys list".',
  )
}

/** The token of a request and the site that it opens, or why it opens nothing. */
export function letReaderIn(
  headers: Headers,
  ring: Keyring,
  need: Permission,
  { hash, clock, uses }: Pick<Deps, 'hash' | 'clock' | 'uses'>,
): LetIn | Response {
  const bearer = readBearer(headers.get('authorization'))
  if (bearer.kind === 'write-key')
    return problem(
      403,
      'write_key_cannot_read',
      'A write key (pk_…) is public and can only send feedback. Use an admin token (sk_…).',
    )
  const token = bearer.kind === 'none' ? null : tokenOf(bearer.token, ring, { hash, clock })
  if (!token)
    return problem(
      401,
      'not_authenticated',
      'Send an admin token as "Authorization: Bearer sk_…". This one is missing, unknown, revoked or expired. A lost one is replaced by: earshot-collector keys --new-admin-token',
      { 'www-authenticate': 'Bearer realm="earshot"' },
    )
  uses.note(token.id)
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

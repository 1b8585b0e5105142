/** Sites, write keys and admin tokens: what is kept of them, and how they change. Pure: stores keep what is decided here. */
import type { SitePolicy } from './policy.ts'
import type { Role } from './roles.ts'
import type { Millis } from './time.ts'

/** A site, whose rows nobody of another site sees. */
export interface Site {
  id: number
  name: string
  createdAt: Millis
  /** What is kept of what people write, if it was ever put. */
  policy?: SitePolicy | undefined
}

/** What a page shows to be let in. Public, so it opens nothing but the way in. */
export interface WriteKey {
  /** `pk_…` */
  key: string
  site: number
  name: string
  /** Exact origins whose pages may use it; null: those that the collector lets in. */
  origins: readonly string[] | null
  /** Most requests a minute over all visitors; null: as many as come. */
  rate: number | null
  /** Most events of a day (UTC); null: as many as come. */
  daily: number | null
  /** The one that a start presets and shows. */
  main: boolean
  createdAt: Millis
  revokedAt: Millis | null
}

/** What somebody shows to be let in to the numbers and the answers. The token itself is never stored. */
export interface AdminToken {
  /** By which it is named: `tok_…`. */
  id: string
  /** The only site that it opens; null: all of them. */
  site: number | null
  name: string
  role: Role
  /** SHA-256 of the token, 64 hexadecimal digits. */
  hash: string
  /** The one that a start presets and makes. */
  main: boolean
  createdAt: Millis
  expiresAt: Millis | null
  revokedAt: Millis | null
}

/** What is kept: each is one row of a store, found by its kind and its name. */
export type AccessRecord =
  | ({ kind: 'site' } & Site)
  | ({ kind: 'key' } & WriteKey)
  | ({ kind: 'token' } & AdminToken)

/** All of it, at one moment. It never changes; a change makes another one. */
export interface Keyring {
  /** In the order of their ids; the first is the one that a start makes. */
  sites: readonly Site[]
  /** In the order in which they were made, also those that are revoked. */
  writeKeys: readonly WriteKey[]
  /** In the order in which they were made, also those that are revoked. */
  tokens: readonly AdminToken[]
  /** Keys that are good now, by the key. */
  live: ReadonlyMap<string, WriteKey>
  /** The origins that any of them lets in. */
  origins: ReadonlySet<string>
}

/** What becomes of a keyring, and what its change came to. */
export interface AccessChange<Result> {
  result: Result
  /** Rows to be stored, in place of those of the same name. */
  put: readonly AccessRecord[]
}

/** The first site, and the keys that a start goes by. */
export interface StartKeys {
  id: number
  writeKey: string
  /** SHA-256 of the admin token, 64 hexadecimal digits. */
  tokenHash: string
}

/** Most keys of a site that are good at a time: one for each place that needs its own, and twice that while they change. */
const mostKeys = 50
/** Most tokens that are good at a time. */
const mostTokens = 500
/** Most sites of a collector. */
const mostSites = 500

/** The name of a row among those of its kind. */
export function recordName(record: AccessRecord): string {
  return record.kind === 'key' ? record.key : String(record.id)
}

/** Puts rows together. */
export function makeKeyring(records: Iterable<AccessRecord>): Keyring {
  const sites: Site[] = []
  const writeKeys: WriteKey[] = []
  const tokens: AdminToken[] = []
  for (const record of records) {
    if (record.kind === 'site') sites.push(record)
    else if (record.kind === 'key') writeKeys.push(record)
    else tokens.push(record)
  }
  const byAge = (a: { createdAt: Millis }, b: { createdAt: Millis }): number => a.createdAt - b.createdAt
  const live = writeKeys.filter((each) => each.revokedAt === null)
  return {
    sites: sites.toSorted((a, b) => a.id - b.id),
    writeKeys: writeKeys.toSorted(byAge),
    tokens: tokens.toSorted(byAge),
    live: new Map(live.map((each) => [each.key, each])),
    origins: new Set(live.flatMap((each) => each.origins ?? [])),
  }
}

/** Whether a token opens anything now. */
export function isLive(token: AdminToken, now: Millis): boolean {
  return token.revokedAt === null && (token.expiresAt === null || now < token.expiresAt)
}

/**
 * The token of a hash, if it is good. Looks at all of them and compares each in constant time, so how long it takes tells
 * nothing about which of them is near.
 *
 * @param equal compares hashes in constant time
 */
export function findToken(
  ring: Keyring,
  hash: string,
  now: Millis,
  equal: (a: string, b: string) => boolean,
): AdminToken | null {
  let found: AdminToken | null = null
  for (const token of ring.tokens) if (equal(token.hash, hash) && isLive(token, now)) found = token
  return found
}

/** The keys of the first site; null before the first start. */
export function startKeys(ring: Keyring): StartKeys | null {
  const [site] = ring.sites
  if (!site) return null
  const own = ring.writeKeys.filter((each) => each.site === site.id)
  const key =
    own.find((each) => each.main && each.revokedAt === null) ??
    own.findLast((each) => each.revokedAt === null)
  const token = ring.tokens.find((each) => each.main)
  return { id: site.id, writeKey: key?.key ?? '', tokenHash: token?.hash ?? '' }
}

/**
 * Gives the first site the keys of a start: those that they replace are revoked, and one that was revoked is good again.
 *
 * @param decide told the keys that are stored, or null before the first start; what it leaves out stays as it is
 */
export function changeStart(
  ring: Keyring,
  decide: (stored: StartKeys | null) => Partial<Omit<StartKeys, 'id'>>,
  at: Millis,
): AccessChange<StartKeys> {
  const stored = startKeys(ring)
  const wanted = decide(stored)
  const site = ring.sites[0] ?? { id: 1, name: 'main', createdAt: at }
  const put: AccessRecord[] = [
    ...(stored ? [] : [{ kind: 'site' as const, ...site }]),
    ...(wanted.writeKey === undefined ? [] : changeMainKey(ring, site.id, wanted.writeKey, at)),
    ...(wanted.tokenHash === undefined ? [] : changeMainToken(ring, wanted.tokenHash, at)),
  ]
  const { writeKey = stored?.writeKey ?? '', tokenHash = stored?.tokenHash ?? '' } = wanted
  return { result: { id: site.id, writeKey, tokenHash }, put }
}

function changeMainKey(ring: Keyring, site: number, key: string, at: Millis): AccessRecord[] {
  const known = ring.writeKeys.find((each) => each.key === key)
  if (known && known.site !== site)
    throw new Error('This write key belongs to another site of the collector. Choose another one.')
  if (known?.main && known.revokedAt === null) return []
  const old = ring.writeKeys.find((each) => each.main && each.site === site && each !== known)
  const fresh = { key, site, name: 'first', origins: null, rate: null, daily: null, createdAt: at }
  return [
    ...(old ? [{ kind: 'key' as const, ...old, main: false, revokedAt: old.revokedAt ?? at }] : []),
    { kind: 'key', ...fresh, ...known, main: true, revokedAt: null },
  ]
}

function changeMainToken(ring: Keyring, hash: string, at: Millis): AccessRecord[] {
  const known = ring.tokens.find((each) => each.hash === hash)
  if (known?.main && isLive(known, at)) return []
  const old = ring.tokens.find((each) => each.main && each !== known)
  const fresh = { id: tokenId(hash), name: 'first', createdAt: at }
  const opensAll = { hash, site: null, role: 'admin' as const, main: true, expiresAt: null, revokedAt: null }
  return [
    ...(old ? [{ kind: 'token' as const, ...old, main: false, revokedAt: old.revokedAt ?? at }] : []),
    { kind: 'token', ...fresh, ...known, ...opensAll },
  ]
}

/** The name of a token, from its hash: says nothing of the token, and there are no two alike. */
function tokenId(hash: string): string {
  return `tok_${hash.slice(0, 12)}`
}

/** Why something was not done. */
export type Refusal = { refused: 'unknown' | 'too-many' | 'last-admin' | 'taken' }

const refuse = (refused: Refusal['refused']): AccessChange<Refusal> => ({ result: { refused }, put: [] })

/** Makes a site, with its first write key. */
export function addSite(
  ring: Keyring,
  name: string,
  key: string,
  at: Millis,
): AccessChange<{ site: Site; key: WriteKey } | Refusal> {
  if (ring.sites.length >= mostSites) return refuse('too-many')
  if (ring.sites.some((each) => each.name === name)) return refuse('taken')
  const site: Site = { id: 1 + Math.max(0, ...ring.sites.map((each) => each.id)), name, createdAt: at }
  const first: WriteKey = {
    key,
    site: site.id,
    name: 'first',
    origins: null,
    rate: null,
    daily: null,
    main: true,
    createdAt: at,
    revokedAt: null,
  }
  return {
    result: { site, key: first },
    put: [
      { kind: 'site', ...site },
      { kind: 'key', ...first },
    ],
  }
}

/** Puts what is kept of what people write. */
export function setPolicy(ring: Keyring, site: number, policy: SitePolicy): AccessChange<boolean> {
  const found = ring.sites.find((each) => each.id === site)
  return { result: found !== undefined, put: found ? [{ kind: 'site', ...found, policy }] : [] }
}

/** Makes a write key; those that are there stay good. */
export function addKey(
  ring: Keyring,
  wanted: Pick<WriteKey, 'key' | 'site' | 'name' | 'origins' | 'rate' | 'daily'>,
  at: Millis,
): AccessChange<WriteKey | Refusal> {
  if (!ring.sites.some((each) => each.id === wanted.site)) return refuse('unknown')
  if (ring.writeKeys.some((each) => each.key === wanted.key)) return refuse('taken')
  if ([...ring.live.values()].filter((each) => each.site === wanted.site).length >= mostKeys)
    return refuse('too-many')
  const key: WriteKey = { ...wanted, main: false, createdAt: at, revokedAt: null }
  return { result: key, put: [{ kind: 'key', ...key }] }
}

/** Ends a write key of a site. Of one that was ended before, nothing changes. */
export function revokeKey(
  ring: Keyring,
  site: number,
  key: string,
  at: Millis,
): AccessChange<WriteKey | Refusal> {
  const found = ring.writeKeys.find((each) => each.key === key && each.site === site)
  if (!found) return refuse('unknown')
  if (found.revokedAt !== null) return { result: found, put: [] }
  const revoked = { ...found, revokedAt: at }
  return { result: revoked, put: [{ kind: 'key', ...revoked }] }
}

/** Makes a token. */
export function addToken(
  ring: Keyring,
  wanted: Pick<AdminToken, 'site' | 'name' | 'role' | 'hash' | 'expiresAt'>,
  at: Millis,
): AccessChange<AdminToken | Refusal> {
  if (wanted.site !== null && !ring.sites.some((each) => each.id === wanted.site)) return refuse('unknown')
  if (ring.tokens.filter((each) => isLive(each, at)).length >= mostTokens) return refuse('too-many')
  const token: AdminToken = {
    ...wanted,
    id: tokenId(wanted.hash),
    main: false,
    createdAt: at,
    revokedAt: null,
  }
  return { result: token, put: [{ kind: 'token', ...token }] }
}

/**
 * Ends a token. The last one that opens everything for good stays, since nobody could make another one.
 *
 * @param site whose tokens may be ended; null: any
 */
export function revokeToken(
  ring: Keyring,
  site: number | null,
  id: string,
  at: Millis,
): AccessChange<AdminToken | Refusal> {
  const found = ring.tokens.find((each) => each.id === id && (site === null || each.site === site))
  if (!found) return refuse('unknown')
  if (found.revokedAt !== null) return { result: found, put: [] }
  const opensAll = (each: AdminToken): boolean =>
    each.role === 'admin' && each.site === null && each.expiresAt === null && each.revokedAt === null
  if (opensAll(found) && ring.tokens.filter(opensAll).length === 1) return refuse('last-admin')
  const revoked = { ...found, revokedAt: at }
  return { result: revoked, put: [{ kind: 'token', ...revoked }] }
}

/** The commands `sites`, `keys` and `tokens`: who is let in. */
import { isExactOrigin } from '../core/auth.ts'
import { addKey, addSite, addToken, isLive, revokeKey, revokeToken, type Refusal } from '../core/keyring.ts'
import { roles, type Role } from '../core/roles.ts'
import { day, type Millis } from '../core/time.ts'
import { dayAt } from '../http/daily.ts'
import { makeSecret, sha256Hex } from '../http/secret.ts'
import { systemClock, systemHash, systemRandom } from '../system.ts'
import { recorded, siteOf, withStore } from './open.ts'
import { usageError, type Given, type OwnCommand } from './usage.ts'

const dayOf = (at: Millis | null | undefined): string =>
  typeof at === 'number' ? new Date(at).toISOString().slice(0, 16).replace('T', ' ') : '-'

/** Rows with their columns below each other. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

const refusals: Readonly<Record<Refusal['refused'], string>> = {
  unknown: 'There is none with this name: "list" in the place of "revoke" shows those that there are.',
  'too-many': 'There are as many as there may be. Revoke what is not used any more.',
  'last-admin':
    'This is the last token that opens everything. Make another one before: tokens add --role admin --site all.',
  taken: 'There is one with this name already.',
}

function made<Made extends object>(result: Made | Refusal): Made {
  if ('refused' in result) throw new Error(refusals[result.refused])
  return result
}

function whole(given: Given, name: string, most: number): number | null {
  const text = given.values[name]
  if (text === undefined) return null
  const number = /^\d{1,10}$/.test(text) ? Number(text) : NaN
  if (number >= 1 && number <= most) return number
  throw usageError(`--${name} is "${text}"; it must be a whole number from 1 to ${most}.`)
}

function action(given: Given, command: string, known: readonly string[]): string {
  const [name = ''] = given.words
  if (known.includes(name)) return name
  throw usageError(`"${command} ${name}" is no command; use ${known.join(', ')}.`)
}

function second(given: Given, command: string, what: string): string {
  const found = given.words[1]
  if (found !== undefined) return found
  throw usageError(`"${command}" needs ${what}; see --help.`)
}

/** `sites list|add NAME`. */
export const sites: OwnCommand = {
  words: ['list or add'],
  more: 1,
  run: (given) =>
    withStore(given, async (store) => {
      if (action(given, 'sites', ['list', 'add']) === 'list') {
        const ring = await store.keyring()
        const rows = ring.sites.map((each) => [
          String(each.id),
          each.name,
          dayOf(each.createdAt),
          String([...ring.live.values()].filter((key) => key.site === each.id).length),
        ])
        given.out(table([['site', 'name', 'made', 'keys'], ...rows]))
        return 0
      }
      const name = second(given, 'sites add', 'a name')
      const key = makeSecret('pk_', systemRandom)
      const { site } = await recorded(
        store,
        'sites add',
        null,
        (each) => String(each.site.id),
        async () => made(await store.changeAccess((ring) => addSite(ring, name, key, systemClock.now()))),
      )
      given.out(`site         ${site.id} (${site.name})\nwrite key    ${key}\n`)
      return 0
    }),
}

/** `keys list|add|revoke KEY`. */
export const keys: OwnCommand = {
  words: ['list, add or revoke'],
  more: 1,
  values: ['site', 'name', 'rate', 'daily'],
  lists: ['origin'],
  run: (given) =>
    withStore(given, async (store) => {
      const what = action(given, 'keys', ['list', 'add', 'revoke'])
      const site = await siteOf(given, store)
      const now = systemClock.now()
      if (what === 'list') {
        const [{ writeKeys }, uses] = [await store.keyring(), await store.uses()]
        const today = await store.daily(site, dayAt(now))
        const rows = writeKeys
          .filter((each) => each.site === site)
          .map((each) => [
            each.key,
            each.name,
            dayOf(each.createdAt),
            dayOf(uses.get(each.key)),
            dayOf(each.revokedAt),
            each.rate === null ? '-' : String(each.rate),
            each.daily === null ? '-' : `${today.get(each.key) ?? 0} of ${each.daily}`,
            each.origins?.join(' ') ?? '-',
          ])
        given.out(
          table([['key', 'name', 'made', 'last used', 'revoked', 'a minute', 'today', 'origins'], ...rows]),
        )
        return 0
      }
      if (what === 'revoke') {
        const key = second(given, 'keys revoke', 'a key')
        await recorded(store, 'keys revoke', site, key, async () =>
          made(await store.changeAccess((ring) => revokeKey(ring, site, key, now))),
        )
        given.out(`${key} is revoked: pages with it are refused from now on.\n`)
        return 0
      }
      const origins = given.lists['origin'] ?? null
      const wrong = origins?.find((each) => !isExactOrigin(each))
      if (wrong !== undefined)
        throw usageError(
          `--origin is "${wrong}"; write it like "https://shop.example", without path or slash.`,
        )
      const key = makeSecret('pk_', systemRandom)
      const wanted = {
        key,
        site,
        name: given.values['name'] ?? 'key',
        origins,
        rate: whole(given, 'rate', 1_000_000),
        daily: whole(given, 'daily', 1_000_000_000),
      }
      await recorded(store, 'keys add', site, key, async () =>
        made(await store.changeAccess((ring) => addKey(ring, wanted, now))),
      )
      given.out(`write key    ${key}\n`)
      return 0
    }),
}

/** `tokens list|add|revoke ID`. */
export const tokens: OwnCommand = {
  words: ['list, add or revoke'],
  more: 1,
  values: ['site', 'name', 'role', 'days'],
  run: (given) =>
    withStore(given, async (store) => {
      const what = action(given, 'tokens', ['list', 'add', 'revoke'])
      const now = systemClock.now()
      if (what === 'list') {
        const [ring, uses] = [await store.keyring(), await store.uses()]
        const rows = ring.tokens.map((each) => [
          each.id,
          each.name,
          each.role,
          each.site === null ? 'all' : String(each.site),
          isLive(each, now) ? 'yes' : 'no',
          dayOf(each.createdAt),
          dayOf(uses.get(each.id)),
          dayOf(each.expiresAt),
          dayOf(each.revokedAt),
        ])
        const head = ['token', 'name', 'role', 'site', 'good', 'made', 'last used', 'expires', 'revoked']
        given.out(table([head, ...rows]))
        return 0
      }
      if (what === 'revoke') {
        const id = second(given, 'tokens revoke', 'the id of a token (tok_…)')
        await recorded(store, 'tokens revoke', null, id.startsWith('tok_') ? id : null, async () =>
          made(await store.changeAccess((ring) => revokeToken(ring, null, id, now))),
        )
        given.out(`${id} is revoked.\n`)
        return 0
      }
      const role = roles.find((each): each is Role => each === given.values['role'])
      if (!role) throw usageError(`"tokens add" needs --role ${roles.join('|')}.`)
      const days = whole(given, 'days', 3650)
      const site = given.values['site'] === 'all' ? null : await siteOf(given, store)
      const secret = makeSecret('sk_', systemRandom)
      const wanted = {
        site,
        name: given.values['name'] ?? role,
        role,
        hash: sha256Hex(secret, systemHash),
        expiresAt: days === null ? null : now + days * day,
      }
      const { id } = await recorded(
        store,
        'tokens add',
        site,
        (each) => `${each.id} ${role}`,
        async () => made(await store.changeAccess((ring) => addToken(ring, wanted, now))),
      )
      given.out(`token        ${secret}   (shown only now)\nid           ${id}\n`)
      return 0
    }),
}

/** `audit [--limit N]`. */
export const audit: OwnCommand = {
  values: ['limit'],
  run: (given) =>
    withStore(given, async (store) => {
      const entries = await store.recorded(null, { limit: whole(given, 'limit', 100_000) ?? 50 })
      const rows = entries.map((each) => [
        dayOf(each.at),
        each.who,
        each.site === null ? '-' : String(each.site),
        each.action,
        String(each.status),
        each.about ?? '-',
      ])
      given.out(table([['time (UTC)', 'who', 'site', 'what', 'answer', 'about'], ...rows]))
      return 0
    }),
}

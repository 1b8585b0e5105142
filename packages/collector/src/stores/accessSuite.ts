/** What every store must do about sites, keys and tokens; part of `storeSuite`. */
import assert from 'node:assert/strict'
import { addKey, addSite, addToken, revokeKey, revokeToken } from '../core/keyring.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { StoreCase } from './storeSuite.fixtures.ts'

const now = Date.UTC(2026, 10, 21, 12)
const hashOf = (digit: string): string => digit.repeat(64)

const begin = (store: EventStore): ReturnType<EventStore['saveSite']> =>
  store.saveSite(() => ({ writeKey: 'pk_suite', tokenHash: new Uint8Array(32).fill(0x77) }), now)

const wanted = {
  key: 'pk_second',
  site: 1,
  name: 'second',
  origins: ['https://shop.example'],
  rate: 60,
  daily: null,
}

/** The cases. */
export const accessCases: readonly StoreCase[] = [
  {
    name: 'keeps the keys of a start, and revokes what other keys replace',
    async run(store) {
      await begin(store)
      const first = await store.keyring()
      assert.deepEqual([...first.live.keys()], ['pk_suite'])
      assert.deepEqual(
        first.tokens.map(({ role, site, hash, main }) => [role, site, hash, main]),
        [['admin', null, hashOf('7'), true]],
      )
      await store.saveSite(() => ({ writeKey: 'pk_other' }), now + 1)
      const second = await store.keyring()
      assert.deepEqual([...second.live.keys()], ['pk_other'])
      assert.equal(second.writeKeys.find((each) => each.key === 'pk_suite')?.revokedAt, now + 1)
      assert.equal(second.tokens[0]?.revokedAt, null)
      // What was replaced is good again when a start presets it.
      await store.saveSite(() => ({ writeKey: 'pk_suite' }), now + 2)
      assert.deepEqual([...(await store.keyring()).live.keys()], ['pk_suite'])
    },
  },
  {
    name: 'leaves what was revoked revoked when a start presets nothing',
    async run(store) {
      await begin(store)
      await store.changeAccess((ring) => addKey(ring, wanted, now))
      await store.changeAccess((ring) => revokeKey(ring, 1, 'pk_suite', now))
      const started = await store.saveSite(() => ({}), now + 5)
      assert.equal(started.writeKey, 'pk_second')
      assert.deepEqual([...(await store.keyring()).live.keys()], ['pk_second'])
    },
  },
  {
    name: 'has several sites, each with its own keys, tokens, settings and answers',
    async run(store) {
      const { id } = await begin(store)
      const made = await store.changeAccess((ring) => addSite(ring, 'second', 'pk_of_second', now + 1))
      assert.ok(!('refused' in made))
      const token = {
        site: made.site.id,
        name: 'view',
        role: 'viewer',
        hash: hashOf('a'),
        expiresAt: now,
      } as const
      await store.changeAccess((ring) => addToken(ring, token, now + 1))
      const ring = await store.keyring()
      assert.deepEqual(
        ring.sites.map((each) => [each.id, each.name]),
        [
          [id, 'main'],
          [made.site.id, 'second'],
        ],
      )
      assert.equal(ring.live.get('pk_of_second')?.site, made.site.id)
      await store.putSettings(made.site.id, { limits: { quiet: 3 } }, now)
      assert.equal(await store.settings(id), null)
      assert.notEqual(await store.settings(made.site.id), null)
      assert.equal((await store.stats(made.site.id)).events, 0)
    },
  },
  {
    name: 'keeps a second key with its origins and rate, and gives the same keyring until something changes',
    async run(store) {
      await begin(store)
      await store.changeAccess((ring) => addKey(ring, wanted, now))
      const ring = await store.keyring()
      assert.equal(await store.keyring(), ring)
      assert.deepEqual([...ring.live.keys()].toSorted(), ['pk_second', 'pk_suite'])
      assert.deepEqual([...ring.origins], ['https://shop.example'])
      const { rate, origins } = ring.live.get('pk_second') ?? {}
      assert.deepEqual([rate, origins], [60, ['https://shop.example']])
      await store.changeAccess((found) => revokeKey(found, 1, 'pk_suite', now + 1))
      assert.notEqual(await store.keyring(), ring)
      assert.deepEqual([...(await store.keyring()).live.keys()], ['pk_second'])
    },
  },
  {
    name: 'decides changes one after the other, and stores nothing of one that throws',
    async run(store) {
      await begin(store)
      const made = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) =>
          store.changeAccess((ring) => addSite(ring, name, `pk_${name}`, now)),
        ),
      )
      const ids = made.map((each) => ('refused' in each ? 0 : each.site.id))
      assert.deepEqual(
        ids.toSorted((a, b) => a - b),
        [2, 3, 4, 5],
      )
      await assert.rejects(
        store.changeAccess(() => {
          throw new Error('no')
        }),
        /no/,
      )
      assert.equal((await store.keyring()).sites.length, 5)
    },
  },
  {
    name: 'never revokes the last token that opens everything',
    async run(store) {
      await begin(store)
      const [main] = (await store.keyring()).tokens
      const id = main?.id ?? ''
      assert.deepEqual(await store.changeAccess((ring) => revokeToken(ring, null, id, now)), {
        refused: 'last-admin',
      })
      const other = { site: null, name: 'b', role: 'admin', hash: hashOf('b'), expiresAt: null } as const
      await store.changeAccess((ring) => addToken(ring, other, now))
      await store.changeAccess((ring) => revokeToken(ring, null, id, now + 1))
      assert.equal((await store.keyring()).tokens.find((each) => each.id === id)?.revokedAt, now + 1)
    },
  },
  {
    name: 'counts what came with a key on a day, for each key and site by itself, and forgets the days before',
    async run(store) {
      const { id } = await begin(store)
      await store.changeAccess((ring) => addSite(ring, 'second', 'pk_of_second', now))
      const counted = await Promise.all(
        [5, 7, 1].map((each) => store.countDaily(id, 'pk_suite', 20_000, each)),
      )
      assert.equal(Math.max(...counted), 13)
      await store.countDaily(id, 'pk_suit', 20_000, 2)
      await store.countDaily(2, 'pk_of_second', 20_000, 3)
      const all = async (site: number, day: number): Promise<unknown> =>
        [...(await store.daily(site, day))].toSorted(([a], [b]) => (a < b ? -1 : 1))
      assert.deepEqual(await all(id, 20_000), [
        ['pk_suit', 2],
        ['pk_suite', 13],
      ])
      assert.equal(await store.countDaily(id, 'pk_suite', 20_001, 1), 1)
      assert.deepEqual([await all(id, 20_001), await all(id, 20_000)], [[['pk_suite', 1]], []])
      assert.deepEqual(await all(2, 20_000), [['pk_of_second', 3]])
      assert.equal((await store.stats(id)).accepted, 0)
    },
  },
  {
    name: 'keeps when a session was used, and wakes none up that was ended',
    async run(store) {
      await begin(store)
      const session = { hash: hashOf('c'), token: 'tok_a', createdAt: now, usedAt: now }
      await store.saveSession(session)
      await store.touchSession(session.hash, now + 5)
      await store.touchSession(session.hash, now + 3)
      assert.deepEqual(await store.session(session.hash), { ...session, usedAt: now + 5 })
      await store.endSession(session.hash)
      await store.touchSession(session.hash, now + 9)
      assert.equal(await store.session(session.hash), null)
    },
  },
  {
    name: 'knows when keys were used last, and never goes back',
    async run(store) {
      await begin(store)
      assert.equal((await store.uses()).size, 0)
      await store.markUsed(
        new Map([
          ['pk_suite', now],
          ['tok_a', now + 5],
        ]),
      )
      await store.markUsed(new Map([['pk_suite', now - 5]]))
      const uses = await store.uses()
      assert.deepEqual(
        [uses.get('pk_suite'), uses.get('tok_a'), uses.get('pk_none')],
        [now, now + 5, undefined],
      )
    },
  },
  {
    name: 'appends to the log of what admins did, and gives it back newest first, page by page',
    async run(store) {
      await begin(store)
      const entry = { at: now, who: 'tok_a', site: 1, action: 'PUT /v1/settings', about: null, status: 200 }
      for (let index = 0; index < 5; index++)
        await store.record({ ...entry, at: now + index, about: `number ${index}`, site: index === 3 ? 2 : 1 })
      await store.record({ ...entry, site: null, action: 'sites add', who: 'cli', about: 'x' })
      const all = await store.recorded(null, { limit: 10 })
      assert.deepEqual(
        all.map((each) => each.about),
        ['x', 'number 4', 'number 3', 'number 2', 'number 1', 'number 0'],
      )
      const ofSite = await store.recorded(1, { limit: 2 })
      assert.deepEqual(
        ofSite.map((each) => each.about),
        ['number 4', 'number 2'],
      )
      const next = await store.recorded(1, { before: ofSite[1]?.row, limit: 10 })
      assert.deepEqual(
        next.map((each) => each.about),
        ['number 1', 'number 0'],
      )
      assert.deepEqual(next[0], { ...entry, at: now + 1, about: 'number 1', row: next[0]?.row })
    },
  },
]

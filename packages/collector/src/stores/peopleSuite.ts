/** What every store must do when somebody is erased; part of `storeSuite`. */
import assert from 'node:assert/strict'
import { strangerSpan } from '../core/erased.ts'
import { judge, maxInlineSurveys, readBatch } from '../core/ingest.ts'
import {
  event,
  everything,
  iso,
  now,
  openSite,
  send,
  survey,
  take,
  uuid,
  type StoreCase,
} from './storeSuite.fixtures.ts'

/** The cases. */
export const peopleCases: readonly StoreCase[] = [
  {
    name: 'tells who was heard of, the last first, part by part, and of no other site',
    async run(store) {
      const { id } = await openSite(store)
      assert.deepEqual(await store.heardOf(id, { before: null, limit: 10 }), {
        visitors: [],
        at: null,
        next: null,
      })
      for (let number = 1; number <= 7; number++)
        await send(store, id, [{ number, response: number, visitor: `v${number % 4}` }])
      const all = await store.heardOf(id, { before: null, limit: 1000 })
      assert.deepEqual(all.visitors, ['v3', 'v2', 'v1', 'v0'])
      assert.deepEqual([all.at, all.next], [now, null])
      const found: string[] = []
      let parts = 0
      for (let before: number | null = null; ; parts++) {
        const { visitors, next }: Awaited<ReturnType<typeof store.heardOf>> = await store.heardOf(id, {
          before,
          limit: 2,
        })
        assert.ok(visitors.length <= 2)
        found.push(...visitors)
        if (next === null) break
        before = next
      }
      assert.deepEqual(found, ['v3', 'v2', 'v1', 'v0', 'v3', 'v2', 'v1'])
      assert.ok(parts >= 3)
      assert.deepEqual((await store.heardOf(id + 1, { before: null, limit: 1000 })).visitors, [])
    },
  },
  {
    name: 'finds and erases who has an id that is no plain name',
    async run(store) {
      const { id } = await openSite(store)
      const odd = 'ACME\\\\ann\\0'
      await send(store, id, [
        { number: 1, visitor: odd, person: 'p\\q' },
        { number: 2, response: 2, visitor: 'bob' },
      ])
      for (const who of [odd, 'p\\q']) {
        const found = await store.visitorsOf(id, who)
        assert.deepEqual([found.map((each) => each.visitor), found[0]?.events], [[odd], 1])
      }
      assert.equal((await store.eventsOf(id, odd, { after: 0, limit: 10 })).length, 1)
      assert.deepEqual((await store.heardOf(id, { before: null, limit: 10 })).visitors, ['bob', odd])
      assert.equal(await store.erase(id, odd, now), 1)
      assert.deepEqual(await store.visitorsOf(id, 'p\\q'), [])
    },
  },
  {
    name: 'erases a visitor and nobody else, and takes nothing that comes late',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, visitor: 'ann', person: 'p' },
        { number: 2, visitor: 'ann', type: 'optout' },
        { number: 3, response: 2, value: 4, visitor: 'bob', person: 'p' },
        // Of another visitor under the same response id: it stays, and is a response of its own.
        { number: 4, value: 5, visitor: 'mallory', at: now - 1000 },
      ])
      await take(store, id, 1, { response: 3, visitor: 'ann' })
      assert.equal(await store.erase(id, 'ann', now), 2)
      assert.equal(await store.erase(id, 'ann', now), 0)
      const rows = await store.oldest(id, {}, { after: 0, limit: 10 })
      assert.deepEqual(rows.map((each) => each.response.visitor).toSorted(), ['bob', 'mallory'])
      assert.deepEqual(await store.scores(id, everything), [
        { score: 4, count: 1 },
        { score: 5, count: 1 },
      ])
      assert.equal(await store.ignored(id, { survey: 'nps' }), 0)
      assert.equal((await take(store, id, 1, { response: 4 })).granted, true)
      assert.equal((await take(store, id, 9, { response: 5, visitor: 'ann' })).reason, 'opted-out')

      const late = await send(store, id, [
        { number: 1, visitor: 'ann' },
        { number: 5, visitor: 'ann', response: 6 },
        { number: 6, visitor: 'bob', response: 7 },
      ])
      assert.deepEqual(
        late.accepted.toSorted(),
        [1, 5, 6].map((each) => uuid('e', each)),
      )
      assert.deepEqual([late.duplicates, late.rejected], [[], []])
      const { events, responses } = await store.stats(id)
      assert.deepEqual([events, responses], [3, 3])
      assert.equal(await store.response(id, uuid('f', 6)), null)
    },
  },
  {
    name: 'deletes what is old by when it arrived, whatever time its ids tell',
    async run(store) {
      const { id } = await openSite(store)
      const day = 86_400_000
      // The clock of one device is two months ahead, that of another tells the year 6429.
      const ids = [now + 60 * day, Date.UTC(6429, 0), now].map((moment) => {
        const time = moment.toString(16).padStart(12, '0')
        return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-e00000000001`
      })
      const events = ids.map((each, index) => ({
        ...event({ number: 1, visitor: `v${index}` }),
        id: each,
        response: each,
      }))
      const batch = readBatch({ key: '', sentAt: iso(now), sdk: 'suite', surveys: [survey], events }, now)
      const policy = { inline: 'accept', most: maxInlineSurveys } as const
      if (store.ingest) await store.ingest(id, batch, policy, now)
      else await store.append(id, batch, (known) => judge(batch, known, policy), now)
      assert.equal((await store.stats(id)).events, 3)
      const retain = async (before: number, at: number): Promise<number> => {
        let deleted = 0
        for (let after: string | null = null; ;) {
          const step: Awaited<ReturnType<typeof store.retain>> = await store.retain(
            id,
            before,
            { after, limit: 2 },
            at,
          )
          deleted += step.events
          after = step.next
          if (after === null) return deleted
        }
      }
      assert.equal(await retain(now, now + day), 0)
      assert.equal(await retain(now + 1, now + day), 3)
      assert.equal((await store.stats(id)).events, 0)
    },
  },
  {
    name: 'remembers for a time the erased of whom it never heard, and all others for good',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, visitor: 'known' }])
      await store.erase(id, 'known', now)
      // Asking again, when there are no events any more, makes nobody a stranger.
      await store.erase(id, 'known', now)
      await store.erase(id, 'stranger', now)
      const comes = async (number: number, visitor: string): Promise<boolean> => {
        const { events } = await store.stats(id)
        await send(store, id, [{ number, response: number, visitor }])
        return (await store.stats(id)).events > events
      }
      await store.erase(id, 'another', now + strangerSpan - 1)
      assert.deepEqual([await comes(2, 'stranger'), await comes(3, 'known')], [false, false])
      await store.erase(id, 'third', now + strangerSpan)
      assert.deepEqual([await comes(4, 'stranger'), await comes(5, 'known')], [true, false])
      assert.deepEqual([await comes(6, 'another'), await comes(7, 'third')], [false, false])
    },
  },
  {
    name: 'remembers also the erased of whom it never heard before',
    async run(store) {
      const { id } = await openSite(store)
      assert.equal(await store.erase(id, 'ann', now), 0)
      const receipt = await send(store, id, [{ number: 1, visitor: 'ann' }])
      assert.deepEqual(receipt.accepted, [uuid('e', 1)])
      assert.equal((await store.stats(id)).events, 0)
    },
  },
  {
    name: 'drops what comes in the same moment as the erasure, also when nobody was erased before',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, visitor: 'bob' }])
      const [, late] = await Promise.all([
        store.erase(id, 'ann', now),
        send(store, id, [{ number: 2, response: 2, visitor: 'ann' }]),
      ])
      assert.deepEqual(late.accepted, [uuid('e', 2)])
      assert.equal(await store.response(id, uuid('f', 2)), null)
      assert.equal((await store.stats(id)).events, 1)
    },
  },
]

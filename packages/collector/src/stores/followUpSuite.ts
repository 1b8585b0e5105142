/** What every store must know before a follow-up is shown; part of `storeSuite`. */
import assert from 'node:assert/strict'
import type { FeedbackEvent } from '@earshot/contract'
import { isWished, type HistoryWish } from '../core/history.ts'
import type { EventStore } from '../ports/eventStore.ts'
import {
  arrive,
  event,
  identify,
  now,
  openSite,
  send,
  survey,
  take,
  track,
  uuid,
  type Sent,
  type StoreCase,
} from './storeSuite.fixtures.ts'

const nothing: HistoryWish = {
  person: null,
  optouts: false,
  zones: false,
  followUp: null,
  snoozed: null,
  displays: null,
  answers: null,
  tracks: null,
}

const byId = ([a]: [FeedbackEvent, number], [b]: [FeedbackEvent, number]): number => (a.id < b.id ? -1 : 1)

/** The cases. */
export const followUpCases: readonly StoreCase[] = [
  {
    name: 'knows whether a follow-up was answered elsewhere, by the same person or visitor',
    async run(store) {
      const { id } = await openSite(store)
      const followUp = 'nps/why/1'
      const display = { followUp }
      const granted = async (asked: Partial<Parameters<typeof take>[3]>): Promise<boolean> => {
        const place = await take(store, id, null, { response: 9, followUp, ...asked })
        assert.equal(place.reason, place.granted ? undefined : 'answered-elsewhere')
        return place.granted
      }
      await send(store, id, [
        { number: 1, type: 'display', visitor: 'phone', person: 'ann', display },
        { number: 2, type: 'display', response: 2, visitor: 'phone', person: 'bob', display },
        { number: 3, response: 2, visitor: 'phone', person: 'bob', type: 'dismiss' },
      ])
      assert.equal(await granted({ visitor: 'desk', person: 'ann' }), true)
      await send(store, id, [{ number: 4, visitor: 'phone', person: 'ann' }])
      assert.equal(await granted({ visitor: 'desk', person: 'ann' }), false)
      assert.equal(await granted({ visitor: 'phone' }), false)
      assert.equal(await granted({ visitor: 'desk', person: 'bob' }), true)
      assert.equal(await granted({ visitor: 'desk', person: null }), true)
      assert.equal(await granted({ visitor: 'phone', followUp: 'nps/why/2' }), true)
      // What the very response that asks has answered does not speak against it.
      assert.equal(await granted({ visitor: 'phone', person: 'ann', response: 1 }), true)
    },
  },
  {
    name: 'knows whether a follow-up was called off or answered, for whom the event concerns and nobody else',
    async run(store) {
      const { id } = await openSite(store)
      const reason = async (asked: Parameters<typeof take>[3]): Promise<string | undefined> =>
        (await take(store, id, null, asked)).reason
      const phone = { visitor: 'phone', person: 'ann' }
      await send(store, id, [
        { number: 1, type: 'cancelled', followUp: 'nps/a/T-1', ...phone },
        { number: 2, type: 'answered', response: 2, followUp: 'nps/a/T-2', ...phone },
        { number: 3, type: 'cancelled', followUp: 'nps/a/T-3', visitor: 'kiosk' },
      ])
      for (const followUp of ['nps/a/T-1', 'nps/a/T-2']) {
        for (const who of [{ visitor: 'phone' }, { visitor: 'desk', person: 'ann' }, phone])
          assert.equal(await reason({ response: 9, followUp, ...who }), 'answered-elsewhere')
        // The case concerns others too, and whoever makes such an event up silences nobody.
        for (const who of [{ visitor: 'desk' }, { visitor: 'desk', person: 'bob' }, { visitor: 'ann' }])
          assert.equal(await reason({ response: 9, followUp, ...who }), undefined)
      }
      // A person of whom nothing is known is nobody: two of them are not the same.
      assert.equal(await reason({ response: 9, followUp: 'nps/a/T-3', visitor: 'desk' }), undefined)
      assert.equal(await reason({ response: 2, followUp: 'nps/a/T-2', ...phone }), undefined)
      assert.equal(await reason({ response: 9, followUp: 'nps/a/T-4', ...phone }), undefined)
    },
  },
  {
    name: 'finds of what happened to somebody what is wished for, on all devices, and nothing else',
    async run(store) {
      const { id } = await openSite(store)
      const [day, odd] = [86_400_000, 'ann\\\\b\\0']
      const other = { ...survey, id: 'other' }
      const first = { number: 8000, visitor: 'other' }
      await send(
        store,
        id,
        [first, { ...first, number: 8001, response: 8001, survey: 'other' }],
        [survey, other],
      )
      let number = 0
      for (const ago of [3, 2, 1, 0])
        for (const visitor of ['phone', odd])
          for (const person of [odd, 'bob', null]) {
            const at = now - ago * day
            const of = (): Sent => ({
              number: (number += 1),
              response: number,
              visitor,
              person: person ?? undefined,
              at,
            })
            await arrive(store, id, at + 1000, [
              event({ ...of(), type: 'display' }),
              event(of()),
              event({ ...of(), survey: 'other' }),
              event({ ...of(), type: 'complete' }),
              event({ ...of(), type: 'snooze', response: 7 }),
              event({ ...of(), type: 'optout' }),
              event({ ...of(), type: ago === 0 ? 'answered' : 'cancelled', followUp: `f${ago % 2}` }),
              track('solved', of()),
              track('opened', of()),
              identify({ timezone: 'Asia/Tokyo' }, of()),
              identify({ plan: 'pro' }, of()),
            ])
          }
      // What arrives late has happened before.
      await arrive(store, id, now + 2000, [
        track('solved', { number: 9000, visitor: 'phone', at: now - 2 * day }),
      ])
      assert.deepEqual(await store.devicesOf(id, odd), [odd, 'phone'])
      assert.deepEqual([await store.devicesOf(id, 'nobody'), await store.devicesOf(id + 1, odd)], [[], []])
      const since = now - 1.5 * day
      const wishes: Partial<HistoryWish>[] = [
        {},
        { optouts: true },
        { zones: true },
        { followUp: 'f1' },
        { followUp: 'f0' },
        { snoozed: uuid('f', 7) },
        { snoozed: 'no id' },
        { displays: since },
        { displays: 0 },
        { answers: { surveys: ['nps'], since } },
        { answers: { surveys: ['other', 'none'], since: now - 2 * day } },
        { tracks: { names: ['solved'], since } },
        { tracks: { names: ['solved', 'opened'], since: 0 }, optouts: true, displays: since, followUp: 'f1' },
      ]
      const all = new Map<string, Awaited<ReturnType<EventStore['eventsOf']>>>()
      for (const visitor of ['phone', odd])
        all.set(visitor, await store.eventsOf(id, visitor, { after: 0, limit: 1000 }))
      assert.deepEqual(
        [...all.values()].map((each) => each.length),
        [133, 132],
      )
      for (const person of [null, odd])
        for (const each of wishes)
          for (const visitors of [['phone'], ['phone', odd], []]) {
            const wish = { ...nothing, person, ...each }
            const found = await store.happened(id, visitors, wish)
            const wanted = visitors
              .flatMap((visitor) => all.get(visitor) ?? [])
              .map((row) => ({ ...row, at: Date.parse(row.event.at) }))
              .filter((row) => isWished(wish, row))
            assert.deepEqual(
              found.map((row) => [row.event, row.occurredAt] as [FeedbackEvent, number]).toSorted(byId),
              wanted.map((row) => [row.event, row.occurredAt] as [FeedbackEvent, number]).toSorted(byId),
            )
            if (Object.keys(each).length > 0 && each.snoozed !== 'no id' && visitors.length > 0)
              assert.ok(found.length > 0, JSON.stringify(each))
          }
      // Page by page in the order of arrival, whatever the kinds are.
      const rows = all.get('phone')?.map((each) => each.row) ?? []
      assert.deepEqual(
        rows,
        rows.toSorted((a, b) => a - b),
      )
      const paged: number[] = []
      for (let after = 0; ;) {
        const page = await store.eventsOf(id, 'phone', { after, limit: 10 })
        paged.push(...page.map((each) => each.row))
        after = paged.at(-1) ?? 0
        if (page.length < 10) break
      }
      assert.deepEqual(paged, rows)
    },
  },
  {
    name: 'knows who has opted out, by visitor and by person',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, type: 'optout', visitor: 'phone', person: 'ann' }])
      const reason = async (asked: object): Promise<string | undefined> =>
        (await take(store, id, null, { response: 1, followUp: 'f', ...asked })).reason
      assert.equal(await reason({ visitor: 'phone' }), 'opted-out')
      assert.equal(await reason({ visitor: 'desk', person: 'ann' }), 'opted-out')
      assert.equal(await reason({ visitor: 'desk', person: 'phone' }), undefined)
    },
  },
]

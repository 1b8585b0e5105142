/** What every store must find: moments of people, texts, and what came late; part of `storeSuite`. */
import assert from 'node:assert/strict'
import { lifecycle, lifecycleNames, type FeedbackEvent, type Survey } from '@earshot/contract'
import { choose, ofChosen } from '../core/customerChoice.ts'
import { judge, maxInlineSurveys, readBatch } from '../core/ingest.ts'
import { searchTerms } from '../core/search.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { iso, now, openSite, send, survey, uuid, type StoreCase } from './storeSuite.fixtures.ts'

const texts: Survey = {
  ...survey,
  questions: [...survey.questions, { kind: 'text', id: 'why', title: 'Why?', maxLength: 500 }],
}
const hour = 3_600_000

async function tell(store: EventStore, site: number, events: Partial<FeedbackEvent>[]): Promise<void> {
  const whole = events.map((each, index) => ({
    id: uuid('e', 500 + index),
    at: iso(now - hour),
    visitor: 'visitor',
    person: null,
    session: 'session',
    seq: 1,
    context: { channel: 'web' },
    ...each,
  }))
  const batch = readBatch(
    { key: 'pk_suite', sentAt: iso(now), sdk: 'suite', surveys: [], events: whole },
    now,
  )
  const policy = { inline: 'accept', most: maxInlineSurveys } as const
  if (store.ingest) await store.ingest(site, batch, policy, now)
  else await store.append(site, batch, (known) => judge(batch, known, policy), now)
}

const track = (number: number, name: string, more: object = {}): Partial<FeedbackEvent> => ({
  id: uuid('e', number),
  type: 'track',
  data: { name, props: { number } },
  ...more,
})

/** The cases. */
export const findingCases: readonly StoreCase[] = [
  {
    name: 'tells of customers what reports on some of them need',
    async run(store) {
      const { id } = await openSite(store)
      const day = 24 * hour
      const of = (person: string, at: number): object => ({
        person,
        visitor: `v-${person}`,
        at: iso(now - at),
      })
      const plan = (number: number, person: string, value: string, at: number): Partial<FeedbackEvent> => ({
        id: uuid('e', number),
        type: 'identify',
        data: { traits: { plan: value } },
        ...of(person, at),
      })
      await tell(store, id, [
        plan(501, 'ann', 'pro', 20 * day),
        // What changes within the period moves nobody.
        plan(502, 'ann', 'free', 2 * day),
        plan(503, 'bob', 'free', 20 * day),
        plan(504, 'cleo', 'pro', 3 * day),
        ...['ann', 'bob', 'cleo', 'dan'].map((person, index) =>
          track(510 + index, lifecycle.purchased, of(person, 4 * day)),
        ),
      ])
      const names = [...lifecycleNames, 'identify', 'group']
      const moments = await store.moments(id, { names, to: undefined }, { after: 0, limit: 100 })
      const buyers = (value: string | null): (string | null)[] => {
        const choice = { where: [{ name: 'trait.plan', value }], from: now - 10 * day, to: now }
        return ofChosen(moments, choose(moments, choice)).map((each) => each.person)
      }
      assert.deepEqual([buyers('pro'), buyers('free'), buyers(null)], [['ann', 'cleo'], ['bob'], ['dan']])
    },
  },
  {
    name: 'keeps moments of people once, in the order of arrival, and lets them go with their events',
    async run(store) {
      const { id } = await openSite(store)
      const identify = {
        id: uuid('e', 503),
        type: 'identify',
        person: 'ann',
        data: { traits: { plan: 'pro' } },
      } as const
      const all = [
        track(501, lifecycle.purchased),
        track(502, 'something_else'),
        identify,
        track(504, lifecycle.active, { visitor: 'other', at: iso(now - 5 * hour) }),
      ]
      await tell(store, id, all)
      await tell(store, id, all)
      const read = (
        names: readonly string[],
        after = 0,
        limit = 10,
        to?: number,
      ): ReturnType<EventStore['moments']> => store.moments(id, { names, to }, { after, limit })
      const found = await read([...lifecycleNames, 'identify'])
      assert.deepEqual(
        found.map(({ row: _row, ...each }) => each),
        [
          { name: 'purchased', visitor: 'visitor', person: null, at: now - hour, data: { number: 501 } },
          { name: 'identify', visitor: 'visitor', person: 'ann', at: now - hour, data: { plan: 'pro' } },
          { name: 'active', visitor: 'other', person: null, at: now - 5 * hour, data: { number: 504 } },
        ],
      )
      const [first] = await read(lifecycleNames, 0, 1)
      assert.deepEqual(
        (await read(lifecycleNames, first?.row)).map((each) => each.name),
        ['active'],
      )
      assert.deepEqual(
        (await read(lifecycleNames, 0, 10, now - hour)).map((each) => each.name),
        ['active'],
      )
      await store.erase(id, 'visitor', now)
      assert.deepEqual(
        (await read([...lifecycleNames, 'identify'])).map((each) => each.name),
        ['active'],
      )
      let after: string | null = null
      do ({ next: after } = await store.retain(id, now + hour, { after, limit: 10 }, now + hour))
      while (after !== null)
      assert.deepEqual(await read([...lifecycleNames, 'identify']), [])
    },
  },
  {
    name: 'finds texts in any language by any part, newest first, page by page, and no text that was changed or erased',
    async run(store) {
      const { id } = await openSite(store)
      const written = [
        'Die Lieferung war zu SPÄT',
        '价格太贵了，送货太慢',
        'Zu teuer; Größe falsch',
        'nice "quotes" % _ here',
      ]
      await send(
        store,
        id,
        written.flatMap((value, index) => [
          { number: 10 * index + 1, response: index + 1, value: index, visitor: `v${index}` },
          { number: 10 * index + 2, response: index + 1, question: 'why', value, visitor: `v${index}` },
        ]),
        [texts],
      )
      const find = async (query: string, filter = {}, page = { limit: 10 }): Promise<number[]> => {
        const rows = await store.search(id, searchTerms(query), filter, page)
        return rows.map(({ response }) => written.indexOf(String(response.answers.why?.value)))
      }
      assert.deepEqual(await find('spät'), [0])
      assert.deepEqual(await find('lieferung zu'), [0])
      assert.deepEqual(await find('zu'), [2, 0])
      assert.deepEqual(await find('太贵'), [1])
      assert.deepEqual(await find('贵'), [1])
      assert.deepEqual(await find('送货太慢'), [1])
      assert.deepEqual(await find('größe'), [2])
      assert.deepEqual(await find('GRÖSSE'), [2])
      assert.deepEqual(await find('"war zu"'), [0])
      assert.deepEqual(await find('"zu war"'), [])
      assert.deepEqual(await find('"quotes'), [3])
      assert.deepEqual(await find('%'), [3])
      // What no text can hold is no part of what is looked for.
      assert.deepEqual(await find('liefe\0rung'), [0])
      assert.deepEqual(searchTerms('\0'), [])
      assert.deepEqual(await find('zu', { from: now }), [])
      assert.deepEqual(await find('zu', { survey: 'other' }), [])
      const [newest] = await store.search(id, ['zu'], {}, { limit: 1 })
      assert.deepEqual(await find('zu', {}, { before: newest?.row, limit: 10 } as { limit: number }), [0])
      await send(
        store,
        id,
        [{ number: 900, response: 1, question: 'why', value: 'doch gut', revision: 1, visitor: 'v0' }],
        [texts],
      )
      assert.deepEqual(await find('lieferung'), [])
      assert.equal((await store.search(id, ['doch gut'], {}, { limit: 9 })).length, 1)
      await store.erase(id, 'v2', now)
      assert.deepEqual(await find('teuer'), [])
      assert.deepEqual(await store.search(id + 1, ['doch gut'], {}, { limit: 9 }), [])
    },
  },
  {
    name: 'tells what arrives also after the last that arrived was erased',
    async run(store) {
      const { id } = await openSite(store)
      await send(
        store,
        id,
        [1, 2, 3].map((number) => ({ number, response: number, visitor: `v${number}` })),
      )
      const { last } = await store.arrivals(id, { after: null, limit: 0 })
      await store.erase(id, 'v3', now)
      await store.erase(id, 'v2', now)
      const none = await store.arrivals(id, { after: last, limit: 10 })
      await send(store, id, [{ number: 4, response: 4, visitor: 'v4' }])
      const { rows } = await store.arrivals(id, { after: none.last, limit: 10 })
      assert.equal(rows.at(-1)?.event.id, uuid('e', 4))
    },
  },
  {
    name: 'notes which events came an hour and more after they had happened',
    async run(store) {
      const { id } = await openSite(store)
      const day = 24 * hour
      await send(store, id, [
        { number: 1, response: 1, at: now - day },
        { number: 2, response: 2, at: now - day },
        { number: 3, response: 3, at: now - 60_000 },
      ])
      const hours = now / hour
      const read = (from: number, to: number): ReturnType<EventStore['late']> =>
        store.late(id, 'nps', { from, to })
      assert.deepEqual(await read(now - 2 * day, now), [{ hour: hours - 24, arrived: hours, count: 2 }])
      assert.deepEqual(await read(now - day + hour, now), [])
      assert.deepEqual(await store.late(id, 'other', { from: 0, to: now }), [])
    },
  },
]

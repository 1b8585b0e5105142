/** What every store must count and list: scores, how far responses came, pages of them; part of `storeSuite`. */
import assert from 'node:assert/strict'
import type { EventStore } from '../ports/eventStore.ts'
import {
  everything,
  now,
  openSite,
  send,
  survey,
  uuid,
  type Sent,
  type StoreCase,
} from './storeSuite.fixtures.ts'

/** The cases. */
export const reportCases: readonly StoreCase[] = [
  {
    name: 'keeps apart what is doubted, counts without it unless it is asked for, and forgets it with the response',
    async run(store) {
      const { id } = await openSite(store)
      const pair = (response: number, late: number): Sent[] => [
        { number: 10 * response, type: 'display', response, visitor: `v${response}` },
        { number: 10 * response + 1, response, visitor: `v${response}`, at: now - 60_000 + late },
      ]
      await send(store, id, [...pair(1, 1500), ...pair(2, 0), ...pair(3, 1500)])
      const query = { survey: 'nps', versions: [1], question: 'score' }
      const countsOf = async (suspects: 'include' | 'exclude'): Promise<unknown> => [
        await store.scores(id, { ...query, basis: 'all', suspects }),
        await store.scores(id, { ...query, basis: 'latest', suspects }),
        (await store.responseCounts(id, { survey: 'nps', suspects })).answered,
      ]
      const scores = (count: number): object[] => [{ score: 9, count }]
      assert.deepEqual(await countsOf('exclude'), [scores(2), scores(2), 2])
      assert.deepEqual(await countsOf('include'), [scores(3), scores(3), 3])
      assert.equal(await store.suspects(id, { survey: 'nps' }), 1)
      assert.equal(await store.suspects(id, { survey: 'nps', from: now }), 0)
      const [found, ...more] = await store.listSuspects(id, {}, 10)
      assert.deepEqual(
        [found?.response, found?.reasons, found?.isCleared, more.length],
        [uuid('f', 2), ['too-fast'], false, 0],
      )
      assert.equal(await store.clearSuspect(id, uuid('f', 2)), true)
      assert.equal(await store.clearSuspect(id, uuid('f', 1)), false)
      assert.deepEqual(await countsOf('exclude'), [scores(3), scores(3), 3])
      await store.erase(id, 'v2', now)
      assert.deepEqual(await store.listSuspects(id, {}, 10), [])
    },
  },
  {
    name: 'doubts what visitors answered lately, nothing of before, and nobody else',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, visitor: 'ann' }], [survey], now - 1000)
      await send(store, id, [
        { number: 2, response: 2, visitor: 'ann' },
        { number: 3, response: 3, visitor: 'bob' },
        { number: 4, response: 4, visitor: 'eve' },
        { number: 5, response: 5, visitor: 'ann', type: 'display' },
      ])
      await store.doubt(id, ['ann', 'eve', 'nobody'], now)
      await store.doubt(id, ['ann'], now)
      const found = async (): Promise<unknown> =>
        (await store.listSuspects(id, {}, 10))
          .map(({ response, reasons }) => `${response} ${reasons.join()}`)
          .toSorted()
      const both = [2, 4].map((number) => `${uuid('f', number)} burst`)
      assert.deepEqual(await found(), both)
      // A fold says nothing about it.
      await send(store, id, [{ number: 6, response: 2, visitor: 'ann', revision: 1, value: 3 }])
      assert.deepEqual(await found(), both)
      assert.deepEqual(await store.scores(id, everything), [{ score: 9, count: 2 }])
    },
  },
  {
    name: 'counts all scores, or the latest of each person, in the period',
    async run(store) {
      const { id } = await openSite(store)
      const day = 86_400_000
      await send(store, id, [
        { number: 1, response: 1, value: 2, person: 'ann', visitor: 'a1', at: now - 3 * day },
        { number: 2, response: 2, value: 9, person: 'ann', visitor: 'a2', at: now - 2 * day },
        { number: 3, response: 3, value: 7, visitor: 'ann', at: now - 2 * day },
        { number: 4, response: 4, value: 10, visitor: 'bob', at: now - day },
      ])
      const rows = (counts: Record<number, number>): object[] =>
        Object.entries(counts).map(([each, count]) => ({ score: Number(each), count }))
      assert.deepEqual(await store.scores(id, everything), rows({ 2: 1, 7: 1, 9: 1, 10: 1 }))
      const latest = { ...everything, basis: 'latest' } as const
      assert.deepEqual(await store.scores(id, latest), rows({ 7: 1, 9: 1, 10: 1 }))
      assert.deepEqual(await store.scores(id, { ...latest, to: now - 2 * day }), rows({ 2: 1 }))
      assert.deepEqual(await store.scores(id, { ...everything, from: now - day }), rows({ 10: 1 }))
      assert.deepEqual(await store.scores(id, { ...everything, versions: [2] }), [])
    },
  },
  {
    name: 'counts how far responses came',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, response: 1, type: 'display' },
        { number: 2, response: 2, type: 'dismiss' },
        { number: 3, response: 3 },
        { number: 4, response: 3, type: 'dismiss' },
        { number: 5, response: 4 },
        { number: 6, response: 4, type: 'complete' },
        // The end without an answer: the answer is still on its way, so it is no completion yet.
        { number: 7, response: 5, type: 'complete' },
      ])
      const counts = { shown: 5, answered: 2, completed: 1, dismissed: 2 }
      assert.deepEqual(await store.responseCounts(id, { survey: 'nps' }), counts)
      const none = { shown: 0, answered: 0, completed: 0, dismissed: 0 }
      assert.deepEqual(await store.responseCounts(id, { survey: 'nps', from: now }), none)
      assert.deepEqual(await store.responseCounts(id, { survey: 'other' }), none)
    },
  },
  {
    name: 'pages through responses both ways without a gap or a repetition',
    async run(store) {
      const { id } = await openSite(store)
      const numbers = [1, 2, 3, 4, 5]
      for (const number of numbers) await send(store, id, [{ number, response: number }])
      const down: number[] = []
      for (let before: number | undefined; ;) {
        const page = await store.newest(id, { survey: 'nps' }, { before, limit: 2 })
        if (page.length === 0) break
        down.push(...page.map((each) => parseInt(each.response.id.slice(25), 16)))
        before = page.at(-1)?.row
      }
      assert.deepEqual(down, numbers.toReversed())
      const [first] = await store.oldest(id, {}, { after: 0, limit: 1 })
      const rest = await store.oldest(id, {}, { after: first?.row ?? 0, limit: 10 })
      assert.deepEqual(
        [first, ...rest].map((each) => each?.response.id),
        numbers.map((each) => uuid('f', each)),
      )
    },
  },
  {
    name: 'writes the same responses as lines, to the memory that it is given where they fit',
    async run(store) {
      const { id } = await openSite(store)
      const texts = ['plain', 'ä "quoted" \\ }f }t {} \ud83d\ude00', 'x'.repeat(120)]
      for (const [index, person] of texts.entries())
        await send(store, id, [{ number: index + 1, response: index + 1, person }])
      const pages = async (limit: number, roomOf: () => ArrayBuffer | undefined): Promise<unknown[]> => {
        const found: unknown[] = []
        for (let after = 0; ;) {
          const page = await store.lines?.(id, { survey: 'nps' }, { after, limit, room: roomOf() })
          if (!page || page.count === 0) {
            assert.equal(page?.row ?? after, after)
            assert.equal(page?.bytes.byteLength ?? 0, 0)
            return found
          }
          const lines = new TextDecoder().decode(page.bytes).split('\n')
          assert.equal(lines.pop(), '')
          assert.equal(lines.length, page.count)
          found.push(...lines.map((each) => JSON.parse(each) as unknown))
          after = page.row
        }
      }
      const rows = await store.oldest(id, {}, { after: 0, limit: 10 })
      const wanted = store.lines ? rows.map((each) => each.response) : []
      assert.equal(rows.length, 3)
      assert.deepEqual(await pages(2, () => undefined), wanted)
      for (const size of [0, 1, 700, 2000, 100_000])
        for (const limit of [1, 10]) assert.deepEqual(await pages(limit, () => new ArrayBuffer(size)), wanted)
    },
  },
  {
    name: 'filters responses by survey, status and time',
    async run(store) {
      const { id } = await openSite(store)
      const other = { ...survey, id: 'other' }
      await send(
        store,
        id,
        [
          { number: 1, response: 1, at: now - 5000 },
          { number: 2, response: 2, type: 'display', at: now - 4000 },
          { number: 3, response: 3, survey: 'other', at: now - 3000 },
        ],
        [survey, other],
      )
      const found = async (filter: Parameters<EventStore['newest']>[1]): Promise<number[]> => {
        const rows = await store.newest(id, filter, { limit: 10 })
        assert.deepEqual(rows.toReversed(), await store.oldest(id, filter, { after: 0, limit: 10 }))
        return rows.map((each) => parseInt(each.response.id.slice(25), 16)).toSorted((a, b) => a - b)
      }
      assert.deepEqual(await found({}), [1, 2, 3])
      assert.deepEqual(await found({ survey: 'nps' }), [1, 2])
      assert.deepEqual(await found({ status: 'partial' }), [1, 3])
      assert.deepEqual(await found({ survey: 'nps', status: 'shown' }), [2])
      assert.deepEqual(await found({ from: now - 4000 }), [2, 3])
      assert.deepEqual(await found({ to: now - 4000 }), [1])
    },
  },
  {
    name: 'counts the events that a response leaves out',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, at: now - 3000 },
        { number: 2, visitor: 'another', at: now - 2000 },
        { number: 3, visitor: 'third', at: now - 1000 },
      ])
      assert.equal(await store.ignored(id, { survey: 'nps' }), 2)
      assert.equal(await store.ignored(id, { survey: 'nps', from: now }), 0)
      assert.equal(await store.ignored(id, { survey: 'other' }), 0)
    },
  },
  {
    name: 'filters responses, scores and counts by variant',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, response: 1, value: 3, variant: 'a' },
        { number: 2, response: 2, value: 9, variant: 'b' },
        { number: 3, response: 3, value: 10 },
      ])
      for (const basis of ['all', 'latest'] as const) {
        const query = { ...everything, basis, variant: 'b' }
        assert.deepEqual(await store.scores(id, query), [{ score: 9, count: 1 }])
      }
      assert.equal((await store.responseCounts(id, { survey: 'nps', variant: 'a' })).answered, 1)
      assert.equal((await store.responseCounts(id, { survey: 'nps', variant: 'c' })).shown, 0)
      for (const filter of [{ variant: 'b' }, { survey: 'nps', variant: 'b' }]) {
        const rows = await store.newest(id, filter, { limit: 10 })
        assert.deepEqual(
          rows.map((each) => each.response.id),
          [uuid('f', 2)],
        )
        assert.deepEqual(rows, await store.oldest(id, filter, { after: 0, limit: 10 }))
      }
    },
  },
]

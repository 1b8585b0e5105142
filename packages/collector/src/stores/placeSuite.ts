/** What every store must do about places of a survey with a quota; part of `storeSuite`. */
import assert from 'node:assert/strict'
import { placeHold, placeSpan, type Heard } from '../core/places.ts'
import {
  everything,
  iso,
  limit,
  now,
  openSite,
  send,
  survey,
  take,
  uuid,
  type Sent,
  type StoreCase,
} from './storeSuite.fixtures.ts'

/** The cases. */
export const placeCases: readonly StoreCase[] = [
  {
    name: 'grants no more places than the quota, however many ask at once',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, response: 99, type: 'complete' }])
      const numbers = Array.from({ length: 40 }, (_, index) => index + 1)
      const places = await Promise.all(numbers.map((response) => take(store, id, 5, { response })))
      assert.equal(places.filter((each) => each.granted).length, 4)
      assert.equal(places.filter((each) => each.reason === 'quota-full').length, 36)
    },
  },
  {
    name: 'gives a response the same place again, and renews it after its time',
    async run(store) {
      const { id } = await openSite(store)
      const granted = { granted: true, until: iso(now + placeSpan) }
      assert.deepEqual(await take(store, id, 1, { response: 1 }), granted)
      assert.deepEqual(await take(store, id, 1, { response: 1, at: now + 5000 }), granted)
      assert.equal((await take(store, id, 1, { response: 2 })).reason, 'quota-full')
      const renewed = { granted: true, until: iso(now + 2 * placeSpan) }
      assert.deepEqual(await take(store, id, 1, { response: 1, at: now + placeSpan }), renewed)
      assert.equal((await take(store, id, 1, { response: 2, at: now + placeSpan })).granted, false)
    },
  },
  {
    name: 'frees a place when the card is closed, and keeps it for good when the response is completed',
    async run(store) {
      const { id } = await openSite(store)
      const visitor = 'visitor-1'
      await take(store, id, 1, { response: 1 })
      await send(store, id, [{ number: 1, type: 'display', visitor }])
      await send(store, id, [{ number: 2, visitor }])
      assert.equal((await take(store, id, 1, { response: 2 })).granted, false)
      await send(store, id, [{ number: 3, type: 'dismiss', visitor }])
      assert.equal((await take(store, id, 1, { response: 2 })).granted, true)
      await send(store, id, [{ number: 4, response: 2, type: 'complete', visitor: 'visitor-2' }])
      // The completed one holds no place besides, so that of two places one is left.
      assert.equal((await take(store, id, 2, { response: 5 })).granted, true)
      assert.equal((await take(store, id, 2, { response: 6 })).granted, false)
      const late = { at: now + placeSpan + 2 * placeHold.answer }
      assert.equal((await take(store, id, 1, { response: 3, ...late })).reason, 'quota-full')
      assert.deepEqual(await take(store, id, 2, { response: 2, ...late }), { granted: true })
      assert.equal((await take(store, id, 2, { response: 3, ...late })).granted, true)
      assert.equal((await take(store, id, 2, { response: 4, ...late })).granted, false)
    },
  },
  ...(['nothing', 'display', 'answer'] as const).map((heard: Heard): StoreCase => ({
    name: `keeps a place of which was heard "${heard}" for its span, and frees it then`,
    async run(store) {
      const { id } = await openSite(store)
      const visitor = 'visitor-1'
      await take(store, id, 1, { response: 1 })
      const sent: Sent[] = [
        { number: 1, type: 'display', visitor },
        { number: 2, type: 'answer', visitor },
      ]
      // Each by itself: what came first must not have the last word.
      for (const each of heard === 'nothing' ? [] : heard === 'display' ? sent.slice(0, 1) : sent)
        await send(store, id, [each])
      const end = now + placeSpan + placeHold[heard]
      assert.equal((await take(store, id, 1, { response: 2, at: end - 1 })).reason, 'quota-full')
      assert.equal((await take(store, id, 1, { response: 2, at: end })).granted, true)
    },
  })),
  {
    name: 'keeps a place that was renewed by what was heard before',
    async run(store) {
      const { id } = await openSite(store)
      await take(store, id, 1, { response: 1 })
      await send(store, id, [{ number: 1, visitor: 'visitor-1' }])
      await take(store, id, 1, { response: 1, at: now + placeSpan })
      const end = now + 2 * placeSpan + placeHold.answer
      assert.equal((await take(store, id, 1, { response: 2, at: end - 1 })).granted, false)
      assert.equal((await take(store, id, 1, { response: 2, at: end })).granted, true)
    },
  },
  {
    name: 'frees a place when the survey is put off, until its response is shown again',
    async run(store) {
      const { id } = await openSite(store)
      const visitor = 'visitor-1'
      await take(store, id, 1, { response: 1 })
      await send(store, id, [{ number: 2, type: 'snooze', visitor }])
      // The display, which came before, arrives after it.
      await send(store, id, [{ number: 1, type: 'display', visitor }])
      const later = { at: now + placeSpan }
      assert.equal((await take(store, id, 1, { response: 2 })).granted, true)
      await send(store, id, [{ number: 3, response: 2, type: 'dismiss', visitor: 'visitor-2' }])
      assert.equal((await take(store, id, 1, { response: 1, ...later })).granted, true)
      await send(store, id, [{ number: 4, type: 'display', visitor }])
      assert.equal((await take(store, id, 1, { response: 3, ...later })).granted, false)
    },
  },
  {
    name: 'counts no completed response beyond the quota: one whose place was given on is kept and marked',
    async run(store) {
      const { id } = await openSite(store)
      await limit(store, id, 1)
      await take(store, id, 1, { response: 1 })
      const freed = now + placeSpan + placeHold.nothing
      assert.equal((await take(store, id, 1, { response: 2, at: freed })).granted, true)
      const late = (number: number, response: number, type: Sent['type']): Sent => ({
        number,
        response,
        type,
        visitor: `visitor-${response}`,
      })
      // The complete event overtakes the answer.
      await send(store, id, [late(2, 1, 'complete')], [], freed)
      const receipt = await send(store, id, [late(1, 1, 'answer')], [], freed)
      assert.equal(receipt.accepted.length, 1)
      const [first] = await store.newest(id, {}, { limit: 1 })
      assert.deepEqual([first?.response.overQuota, first?.response.status], [true, 'completed'])
      assert.equal(first?.response.answers.score?.value, 9)
      assert.deepEqual(await store.scores(id, everything), [])
      assert.equal((await store.responseCounts(id, { survey: 'nps' })).shown, 0)
      // The other one has its place, and counts.
      await send(store, id, [late(3, 2, 'answer'), late(4, 2, 'complete')], [], freed)
      assert.equal((await store.response(id, uuid('f', 2)))?.overQuota, false)
      assert.deepEqual(await store.scores(id, everything), [{ score: 9, count: 1 }])
      assert.equal((await store.responseCounts(id, { survey: 'nps' })).completed, 1)
      assert.equal(await store.overQuota(id, { survey: 'nps' }), 1)
      assert.equal(await store.overQuota(id, { survey: 'nps', variant: 'b' }), 0)
      assert.equal(await store.overQuota(id, { survey: 'nps', from: now }), 0)
      assert.equal(await store.overQuota(id, { survey: 'other' }), 0)
    },
  },
  {
    name: 'lets a completed response that comes late take a place that is still free',
    async run(store) {
      const { id } = await openSite(store)
      await limit(store, id, 2)
      await take(store, id, 2, { response: 1 })
      const freed = now + placeSpan + placeHold.nothing
      await take(store, id, 2, { response: 2, at: freed })
      await send(store, id, [{ number: 1, visitor: 'visitor-1' }], [], freed)
      await send(store, id, [{ number: 2, visitor: 'visitor-1', type: 'complete' }], [], freed)
      assert.equal((await store.response(id, uuid('f', 1)))?.overQuota, false)
      assert.equal((await take(store, id, 2, { response: 3, at: freed })).reason, 'quota-full')
    },
  },
  {
    name: 'frees the places that are past their span before it says that one is too many',
    async run(store) {
      const { id } = await openSite(store)
      await limit(store, id, 1)
      await take(store, id, 1, { response: 1 })
      const freed = now + placeSpan + placeHold.nothing
      // Nobody has asked for a place since.
      const done = { response: 2, visitor: 'visitor-2', type: 'complete' } as const
      await send(store, id, [{ number: 1, ...done }], [], freed)
      assert.equal((await store.response(id, uuid('f', 2)))?.overQuota, false)
      await send(store, id, [{ number: 2, visitor: 'visitor-1', type: 'complete' }], [], freed)
      assert.equal((await store.response(id, uuid('f', 1)))?.overQuota, true)
    },
  },
  {
    name: 'says once whether a completed response counts, whatever is sent, put or deleted after',
    async run(store) {
      const { id } = await openSite(store)
      await limit(store, id, 1)
      const finish = (number: number, response: number, visitor = `visitor-${response}`): Sent[] => [
        { number, response, visitor },
        { number: number + 1, response, visitor, type: 'complete' },
      ]
      await send(store, id, [...finish(1, 1), ...finish(3, 2)], [])
      const marks = async (): Promise<unknown[]> =>
        (await store.oldest(id, {}, { after: 0, limit: 9 })).map(({ response }) => response.overQuota)
      assert.deepEqual(await marks(), [false, true])
      await limit(store, id, 9, 2)
      await send(store, id, [{ number: 5, response: 2, visitor: 'visitor-2', revision: 1, value: 3 }], [])
      assert.deepEqual(await marks(), [false, true])
      assert.deepEqual(await store.scores(id, everything), [{ score: 9, count: 1 }])
      await limit(store, id, 1, 3)
      await send(store, id, [{ number: 6, response: 1, visitor: 'visitor-1', revision: 1, value: 4 }], [])
      assert.deepEqual(await marks(), [false, true])
      await store.erase(id, 'visitor-1', now)
      await send(store, id, [...finish(7, 3), ...finish(9, 4)], [])
      assert.deepEqual(await marks(), [true, false, true])
    },
  },
  {
    name: 'counts completed responses of surveys that are not served, and of those without a quota, without a bound',
    async run(store) {
      const { id } = await openSite(store)
      const done: Sent[] = [1, 2, 3].map((number) => ({
        number,
        response: number,
        visitor: `visitor-${number}`,
        type: 'complete',
      }))
      // What came inline came from anybody, and so did its quota.
      await send(store, id, done, [{ ...survey, quota: 1 }])
      assert.equal(await store.overQuota(id, { survey: 'nps' }), 0)
    },
  },
  {
    name: 'gives a visitor one place of a survey at a time, and the next one instead of it',
    async run(store) {
      const { id } = await openSite(store)
      const visitor = 'ann'
      assert.equal((await take(store, id, 2, { response: 1, visitor })).granted, true)
      assert.equal((await take(store, id, 2, { response: 2, visitor })).reason, 'answered-elsewhere')
      const at = now + placeSpan
      assert.equal((await take(store, id, 1, { response: 2, visitor, at })).granted, true)
      // The first place was given up: of two, one is left for somebody else.
      assert.equal((await take(store, id, 2, { response: 3, at })).granted, true)
      assert.equal((await take(store, id, 2, { response: 4, at })).reason, 'quota-full')
    },
  },
]

/** What every store must do when somebody is erased and the counts are kept; part of `storeSuite`. */
import assert from 'node:assert/strict'
import type { Survey } from '@earshot/contract'
import { isAnonymous } from '../core/anonymise.ts'
import { countedQuestion } from '../core/countedQuestion.ts'
import type { Plan } from './columns.fixtures.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { ResponseRow } from '../ports/responseStore.ts'
import {
  arrive,
  cause,
  everything,
  identify,
  limit,
  now,
  openSite,
  score,
  send,
  survey,
  take,
  track,
  uuid,
  type Sent,
  type StoreCase,
} from './storeSuite.fixtures.ts'

const day = 86_400_000
const hour = 3_600_000
const asked: Survey = {
  ...survey,
  questions: [score, cause, { kind: 'text', id: 'why', title: 'Why?', maxLength: 500 }],
}

/** All that is counted of showings, scores and choices, in each way that looks at no person. */
async function countsOf(store: EventStore, site: number, id = 'nps'): Promise<object> {
  const periods = [
    {},
    { from: now - 3 * day },
    { to: now - day - (now % day) },
    { from: now - 2 * day, to: now },
  ]
  const counts: unknown[] = []
  for (const period of periods)
    for (const variant of [undefined, 'a'])
      for (const suspects of ['include', 'exclude'] as const) {
        const whole = { ...period, variant, suspects, survey: id }
        counts.push(await store.scores(site, { ...everything, ...whole, versions: [1, 2] }))
        counts.push(await store.responseCounts(site, whole))
        counts.push(await store.overQuota(site, whole))
        counts.push(await store.suspects(site, whole))
      }
  const midnight = now - (now % day)
  const bounds = [5, 4, 3, 2, 1, 0, -1].map((before) => midnight - before * day)
  for (const question of [countedQuestion(score), countedQuestion(cause), null])
    for (const by of [null, 'channel', 'variant', 'version', 'answer.cause'])
      for (const suspects of ['include', 'exclude'] as const) {
        const plan: Plan = {
          plan: { question, versions: [1, 2], variant: null, basis: 'all' },
          from: bounds[0] ?? null,
          to: bounds.at(-1) ?? null,
          before: null,
          bounds,
          by,
          where: by === 'variant' ? [{ name: 'channel', value: 'web' }] : [],
          suspects,
        }
        const counted = await store.tally?.(site, id, plan)
        // Segments stand in the order in which they were met.
        counts.push(counted && { ...counted, segments: new Map([...counted.segments].toSorted(bySegment)) })
        if (by === null && suspects === 'include') counts.push(await store.tallyDays?.(site, id, plan))
      }
  return { counts, late: await store.late(site, id, { from: 0, to: now }) }
}
const bySegment = ([a]: [string | null, unknown], [b]: [string | null, unknown]): number =>
  String(a) < String(b) ? -1 : 1

const rowsOf = async (store: EventStore, site: number): Promise<ResponseRow[]> =>
  store.oldest(site, {}, { after: 0, limit: 1000 })

/** Answers of Ann, who has two browsers, and of others. */
const life: Sent[] = [
  {
    number: 1,
    response: 1,
    type: 'display',
    visitor: 'ann',
    person: 'Ann',
    at: now - 2 * day,
    display: { wording: 'rm@1' },
  },
  { number: 2, response: 1, value: 3, visitor: 'ann', person: 'Ann', at: now - 2 * day + 2000, variant: 'a' },
  { number: 3, response: 1, value: 2, revision: 1, visitor: 'ann', person: 'Ann', at: now - 2 * day + 3000 },
  {
    number: 4,
    response: 1,
    question: 'why',
    value: 'canary comment',
    visitor: 'ann',
    person: 'Ann',
    at: now - 2 * day + 4000,
  },
  {
    number: 5,
    response: 1,
    question: 'cause',
    value: ['price', 'staff'],
    visitor: 'ann',
    person: 'Ann',
    at: now - 2 * day + 5000,
  },
  { number: 6, response: 1, type: 'complete', visitor: 'ann', person: 'Ann', at: now - 2 * day + 6000 },
  // Seen before midnight, answered after it, and never completed.
  { number: 11, response: 2, type: 'display', visitor: 'ann', at: now - day - 12 * hour - 5000 },
  { number: 12, response: 2, value: 10, visitor: 'ann', at: now - day - 12 * hour + 5000 },
  // Closed without an answer; put off, and no more; nothing but a text.
  { number: 21, response: 3, type: 'display', visitor: 'ann', at: now - 5 * hour },
  { number: 22, response: 3, type: 'dismiss', visitor: 'ann', at: now - 5 * hour + 2000 },
  { number: 31, response: 4, type: 'snooze', visitor: 'ann', at: now - 4 * hour },
  { number: 41, response: 5, question: 'why', value: 'canary alone', visitor: 'ann', at: now - 3 * hour },
  // Put off on one day, answered on the next, without a display.
  { number: 51, response: 6, type: 'snooze', visitor: 'ann', at: now - 3 * day },
  { number: 52, response: 6, value: 7, visitor: 'ann', at: now - 2 * day + hour },
  // As fast as a program, and one that somebody has found good.
  {
    number: 61,
    response: 7,
    type: 'display',
    visitor: 'ann',
    at: now - 2 * hour,
    display: { hidden: { trap: 'canary trap' } },
  },
  { number: 62, response: 7, value: 0, visitor: 'ann', at: now - 2 * hour },
  { number: 71, response: 8, type: 'display', visitor: 'ann', at: now - hour },
  { number: 72, response: 8, value: 0, visitor: 'ann', at: now - hour },
  { number: 81, response: 9, type: 'display', visitor: 'bob', at: now - 2 * day - 60_000 },
  { number: 82, response: 9, value: 9, visitor: 'bob', at: now - 2 * day },
  { number: 83, response: 9, question: 'why', value: 'of bob', visitor: 'bob', at: now - 2 * day },
  { number: 91, response: 10, value: 8, visitor: 'cem', at: now - 5 * hour, variant: 'a' },
  { number: 92, response: 11, question: 'cause', value: ['staff'], visitor: 'dan', at: now - 3 * day },
]

/** The cases. */
export const anonymiseCases: readonly StoreCase[] = [
  {
    name: 'erases a visitor and keeps what is counted, in every way that looks at no person',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, life, [asked])
      await store.clearSuspect(id, uuid('f', 8))
      await store.doubt(id, ['ann'], now + 1)
      const before = await countsOf(store, id)
      const stats = await store.stats(id)
      const done = await store.anonymise(id, 'ann', now)
      assert.deepEqual([done.events, done.keptResponses], [18, 8])
      assert.deepEqual(await countsOf(store, id), before)
      const after = await store.stats(id)
      assert.deepEqual(
        [after.responses, after.events, after.accepted],
        [stats.responses, stats.events - done.events + done.keptEvents, stats.accepted],
      )
      // Once more, and whole: there is nobody any more.
      const none = { events: 0, keptResponses: 0, keptEvents: 0 }
      assert.deepEqual(await store.anonymise(id, 'ann', now), none)
      assert.equal(await store.erase(id, 'ann', now), 0)
      assert.deepEqual(await countsOf(store, id), before)
    },
  },
  {
    name: 'has nothing left of whom only the counts were kept: no word, id, moment or trait, nor who else is the same',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, life, [asked])
      await arrive(store, id, now, [
        identify({ plan: 'canary trait' }, { number: 201, visitor: 'ann', person: 'Ann', at: now - day }),
        track('purchased', { number: 202, visitor: 'ann', person: 'Ann', at: now - day }),
      ])
      assert.equal(
        (await store.moments(id, { names: ['purchased', 'identify'] }, { after: 0, limit: 9 })).length,
        2,
      )
      await send(
        store,
        id,
        [{ number: 203, type: 'answered', response: 1, visitor: 'ann', person: 'Ann' }],
        [],
      )
      await take(store, id, 9, { response: 77, visitor: 'ann' })
      await store.addNote(id, {
        id: 'note-1',
        at: now,
        who: 'tok_1',
        theme: null,
        text: 'canary note',
        responses: [uuid('f', 1)],
      })
      const { last } = await store.arrivals(id, { after: null, limit: 0 })
      await store.putPlan(id, { rules: [] })
      const done = await store.anonymise(id, 'ann', now)
      assert.deepEqual([done.events, done.keptResponses], [21, 8])
      assert.deepEqual(
        [
          await store.visitorsOf(id, 'ann'),
          await store.visitorsOf(id, 'Ann'),
          await store.devicesOf(id, 'Ann'),
        ],
        [[], [], []],
      )
      assert.deepEqual(await store.eventsOf(id, 'ann', { after: 0, limit: 10 }), [])
      assert.deepEqual(await store.placesOf(id, 'ann'), [])
      assert.deepEqual(await store.notes(id, {}, { limit: 9 }), [])
      assert.deepEqual(await store.search(id, ['canary'], {}, { limit: 9 }), [])
      assert.equal((await store.search(id, ['of bob'], {}, { limit: 9 })).length, 1)
      const moments = { names: ['purchased', 'identify'] }
      assert.deepEqual(await store.moments(id, moments, { after: 0, limit: 9 }), [])
      for (const each of [1, 2, 3, 4, 5, 6, 7, 8]) {
        assert.equal(await store.response(id, uuid('f', each)), null)
        assert.deepEqual(await store.events(id, uuid('f', each)), [])
      }
      for (const each of life)
        assert.equal(
          await store.event(id, uuid('e', each.number))?.then((e) => e?.event.visitor === 'ann'),
          false,
        )
      // It is no news, nothing follows from it, and nobody was heard of.
      assert.equal(await store.nextJob(now + 1000 * day), null)
      const news = await store.arrivals(id, { after: last, limit: 100 })
      assert.deepEqual(
        news.rows.filter((each) => isAnonymous(each.event.visitor)),
        [],
      )
      const heard = await store.heardOf(id, { before: null, limit: 1000 })
      assert.deepEqual(heard.visitors.toSorted(), ['bob', 'cem', 'dan'])
      const nobody = (await rowsOf(store, id)).filter(({ response }) => isAnonymous(response.visitor))
      assert.equal(nobody.length, 8)
      assert.equal(new Set(nobody.map(({ response }) => response.visitor)).size, 8)
      for (const { response } of nobody) {
        const told = await store.events(id, response.id)
        const text = JSON.stringify([response, told.map((each) => each.event)])
        for (const gone of ['"ann"', 'Ann', 'canary', 'rm@1', uuid('f', 1), '"session":"session"'])
          assert.equal(text.includes(gone), false, `${gone} is in ${text}`)
        for (const { event, receivedAt, occurredAt } of told) {
          assert.equal(event.visitor, response.visitor)
          assert.deepEqual(
            [receivedAt, occurredAt].map((each) => [0, 1].includes((each % (day / 2)) / 1000)),
            [true, true],
          )
          // The time in the ids is that of the event, and as coarse.
          for (const each of [event.id, event.response])
            assert.ok(parseInt(each.replace('-', '').slice(0, 12), 16) % 1000 === 0, each)
        }
      }
    },
  },
  {
    name: 'stores nothing again of whom only the counts were kept, and counts nothing twice',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, life, [asked])
      await store.anonymise(id, 'ann', now)
      const before = await countsOf(store, id)
      const late = await send(
        store,
        id,
        [...life.filter((each) => each.visitor === 'ann'), { number: 300, response: 300, visitor: 'ann' }],
        [asked],
      )
      assert.deepEqual([late.accepted.length, late.duplicates, late.rejected], [19, [], []])
      assert.deepEqual(await countsOf(store, id), before)
      assert.equal((await take(store, id, 9, { response: 5, visitor: 'ann' })).reason, 'opted-out')
    },
  },
  {
    name: 'keeps what counts against a quota, and what is beyond it, also where the quota was lowered since',
    async run(store) {
      const { id } = await openSite(store)
      await limit(store, id, 2)
      const whole = (response: number, visitor: string): Sent[] => [
        { number: 10 * response, response, value: response, visitor },
        { number: 10 * response + 1, response, type: 'complete', visitor },
      ]
      for (const [response, visitor] of [
        [1, 'ann'],
        [2, 'ann'],
        [3, 'ann'],
        [4, 'bob'],
      ] as const)
        await send(store, id, whole(response, visitor), [])
      await limit(store, id, 1, 2)
      const before = await countsOf(store, id)
      assert.equal(await store.overQuota(id, { survey: 'nps' }), 2)
      await store.anonymise(id, 'ann', now)
      assert.deepEqual(await countsOf(store, id), before)
      assert.equal((await take(store, id, 2, { response: 9 })).reason, 'quota-full')
      assert.equal((await take(store, id, 3, { response: 9 })).granted, true)
    },
  },
  {
    name: 'leaves to others what they have sent under the same response id',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, value: 3, visitor: 'ann', at: now - 3000 },
        { number: 2, value: 5, visitor: 'mallory', at: now - 1000 },
        // A response of somebody else, to which Ann has added.
        { number: 3, response: 2, value: 8, visitor: 'bob', at: now - 3000 },
        { number: 4, response: 2, value: 0, visitor: 'ann', at: now - 1000 },
      ])
      assert.deepEqual(await store.anonymise(id, 'ann', now), { events: 2, keptResponses: 1, keptEvents: 1 })
      assert.equal((await store.response(id, uuid('f', 1)))?.visitor, 'mallory')
      assert.equal((await store.response(id, uuid('f', 2)))?.visitor, 'bob')
      assert.deepEqual(
        await store.scores(id, everything),
        [3, 5, 8].map((each) => ({ score: each, count: 1 })),
      )
      assert.equal(await store.ignored(id, { survey: 'nps' }), 0)
    },
  },
  {
    name: 'shows what is of nobody in no order within its day, and all others where they were to whoever reads on',
    async run(store) {
      const { id } = await openSite(store)
      const numbers = Array.from({ length: 40 }, (_, index) => index + 1)
      const who = (number: number): string => (number % 4 === 0 ? 'ann' : `v${number}`)
      await send(
        store,
        id,
        numbers.map((number) => ({
          number,
          response: number,
          visitor: who(number),
          at: now - day + number * 1000,
          question: 'why',
          value: `text ${number}`,
        })),
        [asked],
      )
      const rows = new Map((await rowsOf(store, id)).map(({ row, response }) => [response.id, row]))
      await store.anonymise(id, 'ann', now)
      const after = await rowsOf(store, id)
      assert.deepEqual(
        after.map(({ row }) => row),
        [...rows.values()].toSorted((a, b) => a - b),
      )
      for (const { row, response } of after)
        assert.ok(isAnonymous(response.visitor) || row >= (rows.get(response.id) ?? Infinity))
      const own = numbers.filter((each) => who(each) === 'ann').map((each) => rows.get(uuid('f', each)))
      const nobody = after.filter(({ response }) => isAnonymous(response.visitor)).map(({ row }) => row)
      assert.equal(nobody.length, own.length)
      assert.notDeepEqual(nobody, own)
      // What was written is found by where it stands now.
      const found = await store.search(id, ['text'], {}, { limit: 100 })
      assert.deepEqual(
        found.map(({ row, response }) => [row, response.id]),
        after
          .filter(({ response }) => !isAnonymous(response.visitor))
          .map(({ row, response }) => [row, response.id])
          .toReversed(),
      )
    },
  },
  {
    name: 'deletes what is of nobody when it is old, and no sooner',
    async run(store) {
      const { id } = await openSite(store)
      for (const [index, days] of [400, 300, 200, 2].entries())
        await send(
          store,
          id,
          [{ number: index + 1, response: index + 1, visitor: `v${index}`, at: now - days * day }],
          [survey],
          now - days * day,
        )
      for (const each of [0, 1, 3]) await store.anonymise(id, `v${each}`, now)
      const before = now - 250 * day
      for (let after: string | null = null; ;) {
        const { next }: Awaited<ReturnType<EventStore['retain']>> = await store.retain(
          id,
          before,
          { after, limit: 1 },
          now,
        )
        if (next === null) break
        after = next
      }
      const left = await rowsOf(store, id)
      assert.deepEqual(
        [left.length, left.filter(({ response }) => isAnonymous(response.visitor)).length],
        [2, 1],
      )
      assert.equal((await store.stats(id)).events, 2)
    },
  },
]

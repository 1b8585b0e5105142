/** What every store must do with what is sent to it: each event once, whole batches, responses that follow; part of `storeSuite`. */
import assert from 'node:assert/strict'
import type { Survey } from '@earshot/contract'
import { judge, readBatch } from '../core/ingest.ts'
import {
  event,
  everything,
  iso,
  now,
  openSite,
  score,
  send,
  survey,
  uuid,
  type StoreCase,
} from './storeSuite.fixtures.ts'

/** The cases. */
export const appendCases: readonly StoreCase[] = [
  {
    name: 'stores an event once, however often it is sent',
    async run(store) {
      const { id } = await openSite(store)
      const first = await send(store, id, [{ number: 1, value: 9 }])
      const second = await send(store, id, [{ number: 1, value: 3 }])
      assert.deepEqual(first.accepted, [uuid('e', 1)])
      assert.deepEqual([second.accepted, second.duplicates], [[], [uuid('e', 1)]])
      const response = await store.response(id, uuid('f', 1))
      assert.equal(response?.answers.score?.value, 9)
      const { accepted, duplicates, rejected, events, responses } = await store.stats(id)
      assert.deepEqual([accepted, duplicates, rejected, events, responses], [1, 1, 0, 1, 1])
    },
  },
  {
    name: 'calls what is stored a duplicate whatever it says now, beside what is new and what is wrong',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1 }])
      const sent = [{ number: 1, value: 99 }, { number: 2, value: 99 }, { number: 3 }, { number: 1 }]
      const { accepted, duplicates, rejected } = await send(store, id, sent, [])
      assert.deepEqual([accepted, duplicates], [[uuid('e', 3)], [uuid('e', 1), uuid('e', 1)]])
      assert.deepEqual(
        rejected.map((each) => [each.id, each.code]),
        [[uuid('e', 2), 'score_out_of_range']],
      )
      const stats = await store.stats(id)
      assert.deepEqual([stats.accepted, stats.duplicates, stats.rejected, stats.events], [2, 2, 1, 2])
    },
  },
  {
    name: 'counts what devices gave up once, by survey only where it knows the survey',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1 }])
      const data = {
        reason: 'age',
        events: { answer: 3, display: 1 },
        surveys: { nps: 4, other: 1 },
        from: iso(now),
        to: iso(now),
      }
      const { id: eventId, visitor, person, session, context } = event({ number: 2 })
      const loss = {
        id: eventId,
        at: iso(now),
        visitor,
        person,
        session,
        context,
        seq: 2,
        type: 'loss',
        data,
      }
      const batch = readBatch({ key: 'pk_suite', sentAt: iso(now), sdk: 'suite', events: [loss] }, now)
      for (let times = 0; times < 2; times++)
        await store.append(id, batch, (known) => judge(batch, known, { inline: 'accept', most: 1 }), now)
      assert.equal((await store.stats(id)).lost, 4)
      assert.deepEqual([await store.lost(id, 'nps'), await store.lost(id, 'other')], [4, 0])
    },
  },
  {
    name: 'stores 50 equal batches that arrive at once only once',
    async run(store) {
      const { id } = await openSite(store)
      const batch = [1, 2, 3].map((number) => ({ number, response: number }))
      const receipts = await Promise.all(Array.from({ length: 50 }, () => send(store, id, batch)))
      assert.equal(receipts.filter((each) => each.accepted.length === 3).length, 1)
      assert.equal(receipts.filter((each) => each.duplicates.length === 3).length, 49)
      assert.deepEqual((await store.scores(id, everything))[0], { score: 9, count: 3 })
    },
  },
  {
    name: 'looks up only what a batch needs, and says which ids are stored',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1 }])
      const batch = readBatch(
        {
          key: 'pk_suite',
          sentAt: iso(now),
          sdk: 'suite',
          events: [event({ number: 1 }), event({ number: 2 })],
        },
        now,
      )
      await store.append(
        id,
        batch,
        (known) => {
          assert.deepEqual([...known.ids], [uuid('e', 1)])
          assert.deepEqual([...known.surveys.keys()], ['nps@1'])
          assert.deepEqual([...known.counts], [[uuid('f', 1), 1]])
          assert.deepEqual([...known.erased], [])
          return { accepted: [], dropped: [], duplicates: [], rejected: [], surveys: [] }
        },
        now,
      )
    },
  },
  {
    name: 'stores nothing of a batch whose judgement throws, and all of its neighbours',
    async run(store) {
      const { id } = await openSite(store)
      const batch = readBatch(
        {
          key: 'pk_suite',
          sentAt: iso(now),
          sdk: 'suite',
          surveys: [survey],
          events: [event({ number: 9 })],
        },
        now,
      )
      const broken = store.append(
        id,
        batch,
        () => {
          throw new Error('broken on purpose')
        },
        now,
      )
      const [, neighbour] = await Promise.all([
        assert.rejects(broken, /broken on purpose/),
        send(store, id, [{ number: 1 }]),
      ])
      assert.deepEqual(neighbour.accepted, [uuid('e', 1)])
      assert.equal((await store.stats(id)).events, 1)
    },
  },
  {
    name: 'folds a response from events of several batches in any order',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 4, type: 'complete', at: now - 10_000 }])
      await send(store, id, [{ number: 3, value: 4, revision: 1, at: now - 20_000 }])
      await send(store, id, [{ number: 2, value: 8, at: now - 30_000 }])
      await send(store, id, [{ number: 1, type: 'display', at: now - 40_000 }])
      const response = await store.response(id, uuid('f', 1))
      assert.equal(response?.status, 'completed')
      assert.deepEqual(response?.answers, { score: { value: 4, revision: 1, at: iso(now - 20_000) } })
      assert.equal(response?.firstAt, iso(now - 40_000))
      assert.deepEqual(await store.scores(id, everything), [{ score: 4, count: 1 }])
      const events = await store.events(id, uuid('f', 1))
      assert.deepEqual(
        events.map((each) => each.event.seq),
        [4, 3, 2, 1],
      )
      assert.equal(events[0]?.receivedAt, now)
    },
  },
  {
    name: 'keeps events that belong to no response',
    async run(store) {
      const { id } = await openSite(store)
      const receipt = await send(store, id, [{ number: 1, type: 'optout' }])
      assert.equal(receipt.accepted.length, 1)
      const { events, responses } = await store.stats(id)
      assert.deepEqual([events, responses], [1, 0])
    },
  },
  {
    name: 'gives text back as it was, and treats hostile text as text',
    async run(store) {
      const { id } = await openSite(store)
      const visitor = `'); DROP TABLE events; -- 😀 "é`
      await send(store, id, [{ number: 1, visitor }])
      assert.equal((await store.response(id, uuid('f', 1)))?.visitor, visitor)
      assert.equal(await store.response(id, "' OR 1=1 --"), null)
      assert.deepEqual(await store.events(id, "' OR 1=1 --"), [])
      assert.deepEqual(await store.newest(id, { survey: "nps' OR '1'='1" }, { limit: 10 }), [])
      assert.equal((await store.stats(id)).events, 1)
    },
  },
  {
    name: 'keeps answers of every kind, and counts as scores only whole numbers',
    async run(store) {
      const { id } = await openSite(store)
      const rich: Survey = {
        ...survey,
        questions: [
          score,
          { kind: 'text', id: 'amount', title: '?', maxLength: 20, input: 'number' },
          { kind: 'yesno', id: 'solved', title: '?', yes: 'Yes', no: 'No' },
          { kind: 'choice', id: 'who', title: '?', options: [{ id: 'a', label: 'A' }] },
        ],
      }
      const display = { followUp: 'nps/why/1', hidden: { order: 7 }, layout: 'top-end', wording: 'de@1' }
      const receipt = await send(
        store,
        id,
        [
          { number: 1, type: 'display', variant: 'b', display },
          { number: 2, question: 'amount', value: 2.5 },
          { number: 3, question: 'solved', value: false },
          { number: 4, question: 'who', value: ['a'] },
          { number: 5, question: 'amount', value: 1e300, revision: 1 },
        ],
        [rich],
      )
      assert.deepEqual(receipt.rejected, [])
      const response = await store.response(id, uuid('f', 1))
      const { variant, trigger, followUp, hidden, layout, wording, answers } = response ?? {}
      assert.deepEqual({ followUp, hidden, layout, wording }, display)
      assert.deepEqual([variant, trigger], ['b', 'show'])
      assert.deepEqual(
        Object.entries(answers ?? {}).map(([question, { value }]) => [question, value]),
        [
          ['amount', 1e300],
          ['solved', false],
          ['who', ['a']],
        ],
      )
      assert.deepEqual(await store.scores(id, { ...everything, question: 'amount' }), [])
    },
  },
]

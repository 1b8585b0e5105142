/** What every store must forget of work; part of `storeSuite`. */
import assert from 'node:assert/strict'
import { claim, done, ids, job, webhook } from './jobs.fixtures.ts'
import { now, openSite, send, uuid, type StoreCase } from './storeSuite.fixtures.ts'

/** The cases. */
export const jobEraseCases: readonly StoreCase[] = [
  {
    name: 'keeps nothing of who was erased while the work was done',
    async run(store) {
      const { id } = await openSite(store)
      await store.putWebhook(id, webhook('wh_1'))
      await send(store, id, [
        { number: 1, visitor: 'ann' },
        { number: 2, visitor: 'bob', response: 2 },
        { number: 3, visitor: 'bob', response: 2, type: 'complete' },
      ])
      const work = await claim(store, 'a')
      assert.deepEqual(ids(work), [uuid('e', 1), uuid('e', 2)])
      await store.erase(id, 'ann', now)
      const settled = []
      for (const [index, { row }] of work.entries()) {
        const add = [job(`of ${index}`, { visitor: index === 0 ? 'ann' : 'bob' })]
        settled.push(await store.settleJob(row, 'a', { ...done, state: 'gone', add }, now))
      }
      assert.deepEqual(settled, ['lost', 'settled'])
      assert.deepEqual(ids(await store.jobs(id, null, { limit: 10 })), ['of 1'])
      assert.deepEqual(ids(await claim(store, 'a')).toSorted(), [uuid('e', 3), 'of 1'])
    },
  },
  {
    name: 'erases the work and the contacts of a visitor, stops what a removed webhook was to get, and forgets what is old',
    async run(store) {
      const { id } = await openSite(store)
      await store.putWebhook(id, webhook('wh_1'))
      await store.addJobs(
        id,
        [job('a'), job('b', { visitor: 'bob' }), job('c', { visitor: 'bob', target: 'wh_2' })],
        now,
      )
      const contact = { who: ['v/ann'], visitor: 'ann', budgets: [] }
      const [first] = await claim(store, 'a')
      assert.equal(await store.settleJob(first?.row ?? 0, 'a', { ...done, contact }, now), 'settled')
      await store.erase(id, 'ann', now)
      assert.deepEqual(ids(await store.jobs(id, null, { limit: 10 })).toSorted(), ['b', 'c'])
      assert.deepEqual(await store.contacts(id, ['v/ann'], 0), [])
      assert.equal(await store.dropWebhook(id, 'wh_1', now), true)
      assert.equal(await store.dropWebhook(id, 'wh_1', now), false)
      assert.deepEqual(
        (await store.jobs(id, 'stopped', { limit: 10 })).map((each) => [each.id, each.reason, each.endedAt]),
        [['b', 'no-webhook', now]],
      )
      await store.forgetJobs({ deliveries: now, contacts: now })
      assert.equal((await store.jobs(id, null, { limit: 10 })).length, 2)
      await store.forgetJobs({ deliveries: now + 1, contacts: now })
      assert.deepEqual(ids(await store.jobs(id, null, { limit: 10 })), ['c'])
    },
  },
  {
    name: 'what an event begins is not put down once its visitor was erased, though it was read before',
    async run(store) {
      const { id } = await openSite(store)
      await store.putPlan(id, { rules: [] })
      await send(store, id, [{ number: 1, visitor: 'ann', response: 1 }])
      await send(store, id, [{ number: 2, visitor: 'bob', response: 2 }])
      const taken = await claim(store, 'a')
      assert.deepEqual(ids(taken).toSorted(), [uuid('e', 1), uuid('e', 2)])
      await store.erase(id, 'ann', now)
      for (const { id: cause, row } of taken) {
        const visitor = cause === uuid('e', 1) ? 'ann' : 'bob'
        const add = [job(`of-${visitor}`, { kind: 'followup', visitor, body: { person: visitor } })]
        assert.equal(
          await store.settleJob(row, 'a', { ...done, state: 'gone', add }, now),
          visitor === 'ann' ? 'lost' : 'settled',
        )
      }
      assert.deepEqual(ids(await store.jobs(id, null, { limit: 10 })), ['of-bob'])
      assert.deepEqual(ids(await claim(store, 'b', now + 5000)), ['of-bob'])
    },
  },
]

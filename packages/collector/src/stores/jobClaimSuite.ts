/** How every store shares work out: to one at a time, in the order of lanes, within budgets; part of `storeSuite`. */
import assert from 'node:assert/strict'
import type { Job } from '../core/jobs.ts'
import { claim, done, ids, job } from './jobs.fixtures.ts'
import { now, openSite, type StoreCase } from './storeSuite.fixtures.ts'

/** The cases. */
export const jobClaimCases: readonly StoreCase[] = [
  {
    name: 'gives each job to one, and to another one when its time is over; only its owner settles it',
    async run(store) {
      const { id } = await openSite(store)
      await store.addJobs(
        id,
        [job('one'), job('two', { due: now + 500 }), job('three', { target: 'wh_2' })],
        now,
      )
      await store.addJobs(id, [job('one', { body: 'other' })], now)
      const [[one], none] = [await claim(store, 'a', now, ['wh_2']), await claim(store, 'b', now, ['wh_2'])]
      assert.deepEqual([one?.id, one?.body, none], ['one', { id: 'one' }, []])
      // Of what goes nowhere there is none.
      assert.deepEqual(await store.claimJobs('b', { now, until: now + 1000 }, null, 10), [])
      assert.deepEqual(ids(await claim(store, 'b')), ['three'])
      assert.equal(await store.nextJob(now), now + 500)
      const row = one?.row ?? 0
      assert.equal(await store.settleJob(row, 'b', done, now), 'lost')
      assert.deepEqual(ids(await claim(store, 'b', now + 1001)).toSorted(), ['one', 'three', 'two'])
      assert.equal(await store.settleJob(row, 'a', { ...done, add: [job('more')] }, now), 'lost')
      const add = [job('more'), job('more')]
      assert.equal(await store.settleJob(row, 'b', { ...done, add }, now + 1001), 'settled')
      assert.equal(await store.settleJob(row, 'b', done, now + 1001), 'lost')
      assert.deepEqual(ids(await store.jobs(id, 'done', { limit: 10 })), ['one'])
      assert.deepEqual(ids(await store.jobs(id, null, { limit: 10 })).toSorted(), [
        'more',
        'one',
        'three',
        'two',
      ])
      assert.deepEqual(ids(await store.jobs(id, null, { limit: 10, before: row + 1 })), ['one'])
    },
  },
  {
    name: 'gives only work that goes nowhere to whoever wants that',
    async run(store) {
      const { id } = await openSite(store)
      await store.addJobs(
        id,
        [
          job('a'),
          job('b', { kind: 'followup', target: null }),
          job('c', { kind: 'followup', target: null }),
        ],
        now,
      )
      const taken = await store.claimJobs('a', { now, until: now + 1000 }, null, 10)
      assert.deepEqual(ids(taken).toSorted(), ['b', 'c'])
      assert.deepEqual(ids(await claim(store, 'b')), ['a'])
    },
  },
  {
    name: 'several who ask at once share the work, and none is done twice',
    async run(store) {
      const { id } = await openSite(store)
      const many = Array.from({ length: 40 }, (_, index) => job(`job-${index}`))
      await store.addJobs(id, many, now)
      const taken = await Promise.all(Array.from({ length: 8 }, (_, index) => claim(store, `owner-${index}`)))
      const all = ids(taken.flat())
      assert.equal(new Set(all).size, all.length)
      for (const more of [
        await claim(store, 'z'),
        await claim(store, 'z'),
        await claim(store, 'z'),
        await claim(store, 'z'),
      ])
        all.push(...ids(more))
      assert.deepEqual(all.toSorted(), ids(many as Job[]).toSorted())
    },
  },
  {
    name: 'does the jobs of a lane in their order, and has them wait with the first one',
    async run(store) {
      const { id } = await openSite(store)
      await store.addJobs(id, [job('1', { lane: 'l' }), job('2', { lane: 'l' }), job('other')], now)
      const [first, other] = await claim(store, 'a')
      assert.deepEqual([first?.id, other?.id], ['1', 'other'])
      await store.settleJob(other?.row ?? 0, 'a', done, now)
      const later = { state: 'waiting', due: now + 5000, tries: 1, reason: 'status 500' } as const
      assert.equal(await store.settleJob(first?.row ?? 0, 'a', later, now), 'settled')
      await store.addJobs(id, [job('3', { lane: 'l' })], now)
      assert.equal(await store.nextJob(now), now + 5000)
      assert.deepEqual(await claim(store, 'a', now + 4999), [])
      const [again, ...none] = await claim(store, 'a', now + 5000)
      assert.deepEqual([again?.id, again?.tries, again?.reason, none], ['1', 1, 'status 500', []])
      assert.equal(
        await store.settleJob(
          again?.row ?? 0,
          'a',
          { state: 'dead', tries: 2, reason: 'status 500' },
          now + 5000,
        ),
        'settled',
      )
      const [second] = await claim(store, 'a', now + 5000)
      assert.equal(second?.id, '2')
      await store.settleJob(second?.row ?? 0, 'a', done, now + 5000)
      assert.deepEqual(ids(await claim(store, 'a', now + 5000)), ['3'])
      // What was given up can be done again; it is the same job.
      assert.equal(await store.retryJob(id, 99_999, now), false)
      assert.deepEqual(ids(await store.jobs(id, 'dead', { limit: 10 })), ['1'])
      assert.equal(await store.retryJob(id, first?.row ?? 0, now + 6000), true)
      assert.equal(await store.retryJob(id, first?.row ?? 0, now + 6000), false)
      assert.deepEqual(
        (await claim(store, 'b', now + 6000)).map((each) => [each.id, each.row, each.tries]),
        [['1', first?.row, 0]],
      )
    },
  },
  {
    name: 'writes down that somebody was reached together with what follows, and never beyond a budget',
    async run(store) {
      const { id } = await openSite(store)
      const names = Array.from({ length: 6 }, (_, index) => `job-${index}`)
      await store.addJobs(
        id,
        names.map((each) => job(each, { kind: 'followup' })),
        now,
      )
      const taken = await claim(store, 'a')
      const contact = { who: ['p/ann', 'v/ann'], visitor: 'ann', budgets: [{ since: now - 1000, most: 2 }] }
      const settled = await Promise.all(
        taken.map(({ row, id: name }) =>
          store.settleJob(row, 'a', { ...done, contact, add: [job(`sent-${name}`)] }, now),
        ),
      )
      assert.deepEqual(settled.filter((each) => each === 'settled').length, 2)
      assert.deepEqual(settled.filter((each) => each === 'over').length, 4)
      assert.equal(
        (await store.jobs(id, null, { limit: 20 })).filter((each) => each.kind === 'delivery').length,
        2,
      )
      assert.deepEqual(await store.contacts(id, ['v/ann', 'p/ann'], now - 1), [now, now])
      // One of them was reached only later; of another job, or of somebody else, nothing is moved.
      const counted = taken[settled.indexOf('settled')]?.row ?? 0
      const moves = [
        { who: ['v/ann', 'p/ann'], row: counted, from: now, to: now + 5000 },
        { who: ['p/ann'], row: counted, from: now + 1, to: now + 7000 },
        { who: ['p/ann'], row: 99_999, from: now, to: now + 7000 },
        { who: ['p/bob'], row: counted, from: now + 5000, to: now + 7000 },
      ]
      const later = await claim(store, 'a', now + 60_000)
      for (const [index, moved] of moves.entries())
        assert.equal(
          await store.settleJob(later[index]?.row ?? 0, 'a', { ...done, moved }, now + 60_000),
          'settled',
        )
      const reached = await store.contacts(id, ['p/ann'], 0)
      assert.deepEqual(
        reached.toSorted((a, b) => a - b),
        [now, now + 5000],
      )
      assert.deepEqual(await store.contacts(id, ['p/ann'], now), [now + 5000])
      // What is counted and what is moved in one moment is two.
      const again = await claim(store, 'a', now + 120_000)
      const third = { who: ['p/cleo'], visitor: 'cleo', budgets: [] }
      const [next, last] = again
      const keep = { ...done, state: 'waiting', due: now + 120_000 } as const
      await store.settleJob(next?.row ?? 0, 'a', { ...keep, contact: third }, now + 120_000)
      const [same] = (await claim(store, 'a', now + 120_000)).filter((each) => each.row === next?.row)
      const moved = { who: ['p/cleo'], row: next?.row ?? 0, from: now + 120_000, to: now + 130_000 }
      await store.settleJob(last?.row ?? 0, 'a', { ...done, moved }, now + 130_000)
      assert.equal(
        await store.settleJob(same?.row ?? 0, 'a', { ...done, contact: third }, now + 130_000),
        'settled',
      )
      assert.deepEqual(
        (await store.contacts(id, ['p/cleo'], 0)).toSorted((a, b) => a - b),
        [now + 130_000, now + 130_001],
      )
      assert.deepEqual(await store.contacts(id, ['p/bob'], 0), [])
    },
  },
]

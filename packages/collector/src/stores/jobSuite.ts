/** What every store must do with work that is put down, looked at and put down again; part of `storeSuite`. */
import assert from 'node:assert/strict'
import { judge, readBatch } from '../core/ingest.ts'
import type { FollowUpPlan } from '../core/followUpPlan.ts'
import type { Job, NewJob } from '../core/jobs.ts'
import { claim, done, ids, job, webhook } from './jobs.fixtures.ts'
import { event, iso, now, openSite, send, uuid, type StoreCase } from './storeSuite.fixtures.ts'

/** The cases. */
export const jobCases: readonly StoreCase[] = [
  {
    name: 'gives back work with the ids that it was put down with, whatever signs they have',
    async run(store) {
      const { id } = await openSite(store)
      const odd = (text: string): string => `${text} \\ \0 \\0 \\\\`
      const put = job(odd('id'), { lane: odd('lane'), target: odd('target'), visitor: odd('visitor') })
      await store.addJobs(id, [put], now)
      const [listed] = await store.jobs(id, 'waiting', { limit: 10, target: odd('target') })
      const [claimed] = await claim(store, 'a')
      const one = await store.job(id, listed?.row ?? 0)
      const named = (found: Job | null | undefined): object => {
        const { kind, id: name, lane, target, visitor, due, body } = found ?? put
        return { kind, id: name, lane, target, visitor, due, body }
      }
      assert.deepEqual([listed, claimed, one].map(named), [put, put, put])
      assert.equal(one?.row, claimed?.row)
      assert.ok(one)
      assert.deepEqual(await claim(store, 'b', now, [odd('target')]), [])
    },
  },
  {
    name: 'puts down with each event that it may begin something, once, where there is a plan or a webhook',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1 }])
      assert.deepEqual([await store.nextJob(now), await claim(store, 'a')], [null, []])
      assert.equal(await store.plan(id), null)
      await store.putPlan(id, { rules: [] })
      await store.putWebhook(id, webhook('wh_2'))
      await store.putWebhook(id, webhook('wh_1'))
      await store.putWebhook(id, { ...webhook('wh_1'), name: 'changed' })
      assert.deepEqual(await store.plan(id), { rules: [] })
      assert.deepEqual(
        (await store.webhooks(id)).map((each) => each.name),
        ['changed', 'wh_2'],
      )
      const sent = [
        { number: 2 },
        { number: 3, type: 'complete' as const },
        { number: 4, response: 2, type: 'dismiss' as const },
        { number: 5, response: 2, type: 'display' as const },
      ]
      await send(store, id, sent)
      await send(store, id, sent)
      assert.equal(await store.nextJob(now), now)
      const first = await claim(store, 'a')
      // Those of one response come one after the other.
      assert.deepEqual(ids(first), [uuid('e', 2), uuid('e', 5)])
      assert.deepEqual([first[0]?.kind, first[0]?.lane, first[0]?.site], ['event', `e/${uuid('f', 1)}`, id])
      for (const { row } of first)
        assert.equal(await store.settleJob(row, 'a', { ...done, state: 'gone' }, now), 'settled')
      assert.deepEqual(ids(await claim(store, 'a')), [uuid('e', 3)])
      const found = await store.event(id, uuid('e', 3))
      assert.deepEqual([found?.event.type, found?.receivedAt], ['complete', now])
      assert.deepEqual([await store.event(id, uuid('e', 9)), await store.event(id, 'x')], [null, null])
      assert.deepEqual(await store.jobs(id, null, { limit: 10 }), [])
      const [left] = await claim(store, 'b', now + 1001)
      await store.settleJob(left?.row ?? 0, 'b', { ...done, state: 'gone' }, now)
      // What is imported is past.
      const past = event({ number: 6, response: 3 })
      const batch = readBatch({ key: 'pk_suite', sentAt: iso(now), sdk: 'suite', events: [past] }, now)
      const policy = { inline: 'accept', most: 1 } as const
      Object.assign(batch, { isPast: true })
      if (store.ingest) await store.ingest(id, batch, policy, now)
      else await store.append(id, batch, (known) => judge(batch, known, policy), now)
      assert.equal(await store.nextJob(now + 5000), null)
      assert.equal((await store.stats(id)).events, 6)
    },
  },
  {
    name: 'puts a plan in the place of the one that is meant alone, and of several at once one',
    async run(store) {
      const { id } = await openSite(store)
      const plan = (zone: string): FollowUpPlan => ({ rules: [], zone })
      assert.equal(await store.putPlan(id, plan('UTC'), now, { rules: [] }), false)
      assert.equal(await store.plan(id), null)
      assert.equal(await store.putPlan(id, plan('Europe/Rome'), now, null), true)
      assert.equal(await store.putPlan(id, plan('Europe/Oslo'), now, null), false)
      const zones = ['Asia/Tokyo', 'Asia/Seoul', 'Asia/Dubai', 'Asia/Dhaka']
      const put = await Promise.all(
        zones.map((each) => store.putPlan(id, plan(each), now, plan('Europe/Rome'))),
      )
      assert.equal(put.filter(Boolean).length, 1)
      assert.deepEqual(await store.plan(id), plan(zones[put.indexOf(true)] ?? ''))
      // Nothing is to look at numbers for a plan that was not put.
      const watching: FollowUpPlan = {
        rules: [
          {
            id: 'fell',
            after: { on: 'alert', survey: 'nps', metric: 'nps', days: 7, change: 'fall' },
            delay: 0,
            expires: 1,
            do: { case: { role: 'admin' } },
          },
        ],
      }
      assert.equal(await store.putPlan(id, watching, now, plan('UTC')), false)
      assert.equal(await store.nextJob(now), null)
      assert.equal(await store.putPlan(id, plan('UTC'), now), true)
      assert.deepEqual(await store.plan(id), plan('UTC'))
    },
  },
  {
    name: 'shows what was given up before there was a message, has it done again, and forgets what came to nothing',
    async run(store) {
      const { id } = await openSite(store)
      await store.putPlan(id, { rules: [] })
      await send(store, id, [{ number: 1 }])
      const inner = (name: string, kind: NewJob['kind']): NewJob => job(name, { kind, target: null })
      await store.addJobs(
        id,
        [inner('planned', 'followup'), inner('off', 'followup'), inner('said', 'tell')],
        now,
      )
      const work = await claim(store, 'a')
      assert.equal(work.length, 4)
      const failed = { state: 'dead', tries: 10, reason: 'failed' } as const
      for (const { row, id: name } of work)
        await store.settleJob(
          row,
          'a',
          name === 'off' ? { ...done, state: 'stopped', reason: 'x' } : failed,
          now,
        )
      const given = [uuid('e', 1), 'planned', 'said']
      const listed = await store.jobs(id, 'dead', { limit: 10 })
      assert.deepEqual(ids(listed).toSorted(), given.toSorted())
      assert.deepEqual(ids(await store.jobs(id, 'dead', { limit: 1, before: listed[1]?.row })), [
        listed[2]?.id,
      ])
      assert.deepEqual(ids(await store.jobs(id, null, { limit: 10 })).toSorted(), ['off', 'planned', 'said'])
      const again = await Promise.all(
        work.map(async (each) => [each.id, await store.retryJob(id, each.row, now)]),
      )
      assert.deepEqual(Object.fromEntries(again) as unknown, {
        [uuid('e', 1)]: true,
        planned: true,
        said: true,
        off: false,
      })
      const second = await claim(store, 'b')
      assert.deepEqual(
        second.map((each) => `${each.id} ${each.tries}`).toSorted(),
        given.map((each) => `${each} 0`).toSorted(),
      )
      for (const { row } of second) await store.settleJob(row, 'b', failed, now)
      await store.forgetJobs({ deliveries: now + 1, contacts: 0 })
      // That a follow-up was planned is known for longer, so that nothing plans it again.
      assert.deepEqual(ids(await store.jobs(id, 'dead', { limit: 10 })).toSorted(), ['planned', 'said'])
    },
  },
  {
    name: 'finds work by what it belongs to, page by page, and by several of it at once',
    async run(store) {
      const { id } = await openSite(store)
      const [one, other] = [uuid('f', 1), uuid('f', 2)]
      const odd = 'rule \\ \0'
      const of = { case: { id: 'c1', entry: 1, rule: odd } }
      const put: NewJob[] = [
        job('planned', { kind: 'followup', target: null, body: { rule: odd, response: one } }),
        job('sent', { target: 'wh_2', body: { response: one, followUp: { id: 'x', rule: odd } } }),
        job('mailed', { kind: 'mail', target: 'smtp', body: { followUp: { rule: 'b', response: other } } }),
        job('opened', { visitor: 'bob', body: { response: other, ...of } }),
        job('said', { kind: 'tell', visitor: 'bob', body: { ...of.case, case: 'c1', response: other } }),
        job('told', {
          kind: 'mail',
          visitor: 'bob',
          body: { told: { case: 'c1', rule: odd, response: null } },
        }),
        job('test', { visitor: null, body: { response: null, event: null } }),
        job('looked', { kind: 'watch', body: { rule: odd } }),
      ]
      await store.addJobs(id, put, now)
      const page = { limit: 10 }
      const by = async (filter: object): Promise<string[]> =>
        ids(await store.jobs(id, null, { ...page, ...filter }))
      assert.deepEqual(await by({ response: one }), ['sent', 'planned'])
      assert.deepEqual(await by({ response: other }), ['said', 'opened', 'mailed'])
      assert.deepEqual(await by({ case: 'c1' }), ['told', 'said', 'opened'])
      assert.deepEqual(await by({ rule: odd }), ['told', 'said', 'opened', 'sent', 'planned'])
      assert.deepEqual(await by({ rule: odd, target: 'wh_2' }), ['sent'])
      assert.deepEqual(await by({ visitors: ['bob'] }), ['told', 'said', 'opened'])
      assert.deepEqual(await by({ visitors: ['ann', 'bob'], response: other }), ['said', 'opened', 'mailed'])
      assert.deepEqual(
        [await by({ visitors: [] }), await by({ case: 'c2' }), await by({ rule: '' })],
        [[], [], []],
      )
      // Page by page, and by the state besides.
      const [told, said] = await store.jobs(id, null, { limit: 2, case: 'c1' })
      assert.deepEqual(ids(await store.jobs(id, null, { limit: 2, case: 'c1', before: said?.row })), [
        'opened',
      ])
      const taken = await claim(store, 'a')
      const mine = taken.find((each) => each.row === told?.row)
      assert.ok(mine)
      await store.settleJob(mine.row, 'a', { ...done, body: { ...(mine.body as object), begun: 1 } }, now)
      assert.deepEqual(ids(await store.jobs(id, 'done', { ...page, case: 'c1' })), ['told'])
      assert.deepEqual(ids(await store.jobs(id, 'waiting', { ...page, case: 'c1' })), ['said', 'opened'])
      assert.deepEqual(await store.jobs(id + 1, null, { ...page, case: 'c1' }), [])
      await store.erase(id, 'bob', now)
      assert.deepEqual([await by({ case: 'c1' }), await by({ rule: odd })], [[], ['sent', 'planned']])
    },
  },
]

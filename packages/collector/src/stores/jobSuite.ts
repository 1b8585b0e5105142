/** What every store must do with work that is put down; part of `storeSuite`. */
import assert from 'node:assert/strict'
import { judge, readBatch } from '../core/ingest.ts'
import type { FollowUpPlan } from '../core/followUpPlan.ts'
import type { Job, NewJob, Settlement } from '../core/jobs.ts'
import type { Webhook } from '../core/webhook.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { event, iso, now, openSite, send, uuid, type StoreCase } from './storeSuite.fixtures.ts'

const webhook = (id: string): Webhook => ({
  id,
  name: id,
  url: 'https://example.com/hook',
  shape: 'json',
  events: ['answer.given'],
  surveys: null,
  secrets: [{ secret: 'whsec_AAAA', until: null }],
  createdAt: now,
})
const job = (id: string, fields: Partial<NewJob> = {}): NewJob => ({
  kind: 'delivery',
  id,
  lane: null,
  target: 'wh_1',
  visitor: 'ann',
  due: now,
  body: { id },
  ...fields,
})
const done: Settlement = { state: 'done', tries: 0, reason: null }
const claim = (store: EventStore, owner: string, at = now, busy: string[] = []): Promise<Job[]> =>
  store.claimJobs(owner, { now: at, until: at + 1000 }, busy, 10)
const ids = (jobs: readonly Job[]): string[] => jobs.map((each) => each.id)

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

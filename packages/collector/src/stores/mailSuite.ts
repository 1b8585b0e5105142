/** What every store must do for mail; part of `storeSuite`. */
import assert from 'node:assert/strict'
import type { NewJob } from '../core/jobs.ts'
import { mailLane, type MailAddress, type Unsubscribed } from '../core/mail.ts'
import { now, openSite, type StoreCase } from './storeSuite.fixtures.ts'

const address = (person: string, fields: Partial<MailAddress> = {}): MailAddress => ({
  person,
  email: `${person}@example.com`,
  locale: null,
  who: `w-${person}`,
  mail: `m-${person}`,
  at: now,
  ...fields,
})
const gone = (person: string, fields: Partial<Unsubscribed> = {}): Unsubscribed => ({
  person,
  who: `w-${person}`,
  mail: `m-${person}`,
  by: 'link',
  at: now,
  ...fields,
})
const message = (id: string, person: string): NewJob => ({
  kind: 'mail',
  id,
  lane: mailLane(`w-${person}`),
  target: 'smtp',
  visitor: `v-${person}`,
  due: now,
  body: { id },
})

/** The cases. */
export const mailCases: readonly StoreCase[] = [
  {
    name: 'keeps the secrets of links: the first that come, then others beside all that there were',
    async run(store) {
      const { id } = await openSite(store)
      const first = await Promise.all(
        ['a', 'b'].map((each) => store.mailSecrets(id, { link: each, names: `names ${each}` }, now)),
      )
      assert.deepEqual(first[0], first[1])
      const secret = first[0]?.links[0]?.secret
      const look = (): ReturnType<typeof store.mailSecrets> =>
        store.mailSecrets(id, { link: 'x', names: 'x' }, now)
      await store.rotateLinkSecret(id, 'second', { at: now, until: now + 100 })
      assert.deepEqual(await look(), {
        links: [
          { secret: 'second', until: null },
          { secret, until: now + 100 },
        ],
        names: first[0]?.names,
      })
      await store.rotateLinkSecret(id, 'third', { at: now + 100, until: now + 300 })
      assert.deepEqual((await look()).links, [
        { secret: 'third', until: null },
        { secret: 'second', until: now + 300 },
        { secret, until: now + 100 },
      ])
    },
  },
  {
    name: 'keeps one address of each person, and finds the person by the hidden name',
    async run(store) {
      const { id } = await openSite(store)
      const odd = 'o\\dd\0'
      await store.putMailAddress(id, address('ann'))
      await store.putMailAddress(id, address(odd, { who: 'w-odd', mail: 'm-odd', email: 'odd@example.com' }))
      await store.putMailAddress(id, address('ann', { email: 'new@example.com', locale: 'de' }))
      assert.deepEqual(
        await store.mailAddress(id, 'ann'),
        address('ann', { email: 'new@example.com', locale: 'de' }),
      )
      assert.equal((await store.mailAddress(id, odd))?.person, odd)
      assert.equal(await store.personNamed(id, 'w-odd'), odd)
      assert.deepEqual(
        [
          await store.personNamed(id, 'w-x'),
          await store.mailAddress(id, 'x'),
          await store.mailAddress(id + 1, 'ann'),
        ],
        [null, null, null],
      )
      assert.deepEqual(
        [await store.dropMailAddress(id, 'ann'), await store.dropMailAddress(id, 'ann')],
        [true, false],
      )
      assert.equal(await store.mailAddress(id, 'ann'), null)
    },
  },
  {
    name: 'knows who wants no mail by person and by address, lists them, and stops what waits for them',
    async run(store) {
      const { id } = await openSite(store)
      await store.addJobs(id, [message('one', 'ann'), message('two', 'ann'), message('three', 'bob')], now)
      await store.unsubscribe(id, gone('ann'))
      await store.unsubscribe(id, gone('ann', { by: 'admin', at: now + 1 }))
      await store.unsubscribe(id, gone('cyd', { mail: null, at: now + 2 }))
      await store.unsubscribe(id, gone('cyd', { at: now + 3 }))
      const asked = [
        store.isUnsubscribed(id, 'w-ann', null),
        store.isUnsubscribed(id, 'w-other', 'm-ann'),
        store.isUnsubscribed(id, 'w-bob', 'm-bob'),
        store.isUnsubscribed(id + 1, 'w-ann', 'm-ann'),
        store.isUnsubscribed(id, 'w-x', 'm-cyd'),
      ]
      assert.deepEqual(await Promise.all(asked), [true, true, false, false, true])
      const listed = await store.unsubscribed(id, { limit: 10 })
      assert.deepEqual(
        listed,
        [gone('cyd', { at: now + 2 }), gone('ann')].map((each, index) => ({
          ...each,
          row: listed[index]?.row,
        })),
      )
      assert.deepEqual(await store.unsubscribed(id, { before: listed[0]?.row, limit: 1 }), [listed[1]])
      const states = (await store.jobs(id, null, { limit: 10 })).map(({ id: name, state, reason }) => [
        name,
        state,
        reason,
      ])
      assert.deepEqual(states, [
        ['three', 'waiting', null],
        ['two', 'stopped', 'unsubscribed'],
        ['one', 'stopped', 'unsubscribed'],
      ])
      assert.deepEqual(
        [await store.resubscribe(id, 'w-ann'), await store.resubscribe(id, 'w-ann')],
        [true, false],
      )
      assert.equal(await store.isUnsubscribed(id, 'w-ann', 'm-ann'), false)
    },
  },
  {
    name: 'keeps why somebody wants no mail until they are erased, and finds them by a part of the id or by the address',
    async run(store) {
      const { id } = await openSite(store)
      const odd = 'Cus_to%mer\\\0 Ä'
      await store.unsubscribe(id, gone('ann', { reason: 'by phone' }))
      await store.unsubscribe(id, gone('ann', { reason: 'another one' }))
      await store.unsubscribe(id, gone(odd, { who: 'w-odd', mail: null, reason: 'wrote\0 to us: "no"' }))
      await store.unsubscribe(id, gone('joanna'))
      const found = async (person: string, mail: string | null = null, limit = 10): Promise<unknown[]> =>
        (await store.unsubscribed(id, { limit, find: { person, mail } })).map((each) => [
          each.person,
          each.reason,
        ])
      const ann = ['ann', 'by phone']
      assert.deepEqual(await found('ANN'), [['joanna', undefined], ann])
      assert.deepEqual(await found('ann', null, 1), [['joanna', undefined]])
      assert.deepEqual(await found('s_to%mer\\\0'), [[odd, 'wrote\0 to us: "no"']])
      assert.deepEqual(await found('%'), [[odd, 'wrote\0 to us: "no"']])
      assert.deepEqual(await found('no such', 'm-ann'), [ann])
      assert.deepEqual(await found('no such'), [])
      const [first] = await store.unsubscribed(id, { limit: 1, find: { person: 'ann', mail: null } })
      const older = await store.unsubscribed(id, {
        before: first?.row,
        limit: 9,
        find: { person: 'ann', mail: null },
      })
      assert.deepEqual(
        older.map((each) => each.person),
        ['ann'],
      )
      await store.forgetMail(id, 'ann')
      assert.deepEqual(await found('no such', 'm-ann'), [[null, undefined]])
    },
  },
  {
    name: 'forgets the address and the messages of who is erased, and keeps the hidden names of who has unsubscribed',
    async run(store) {
      const { id } = await openSite(store)
      await store.putMailAddress(id, address('ann'))
      await store.addJobs(id, [message('one', 'ann'), message('two', 'bob')], now)
      await store.unsubscribe(id, gone('ann'))
      await store.forgetMail(id, 'ann')
      assert.equal(await store.mailAddress(id, 'ann'), null)
      assert.deepEqual(
        (await store.jobs(id, null, { limit: 10 })).map((each) => each.id),
        ['two'],
      )
      assert.equal((await store.unsubscribed(id, { limit: 1 }))[0]?.person, null)
      assert.equal(await store.isUnsubscribed(id, 'w-new', 'm-ann'), true)
    },
  },
  {
    name: 'finds a job by its row, lets its owner keep another body and more time, and forgets messages that ended',
    async run(store) {
      const { id } = await openSite(store)
      await store.addJobs(id, [message('one', 'ann'), message('two', 'ann')], now)
      const [job] = await store.claimJobs('a', { now, until: now + 1000 }, [], 10)
      const row = job?.row ?? 0
      assert.deepEqual([job?.id, (await store.job(id, row))?.id], ['one', 'one'])
      assert.deepEqual([await store.job(id, row + 100), await store.job(id + 1, row)], [null, null])
      assert.equal(await store.holdJob(row, 'b', {}, now + 5000), false)
      assert.equal(await store.holdJob(row, 'a', { begun: 1 }, now + 5000), true)
      assert.deepEqual(await store.claimJobs('b', { now: now + 4000, until: now + 5000 }, [], 10), [])
      assert.deepEqual((await store.job(id, row))?.body, { begun: 1 })
      await store.settleJob(row, 'a', { state: 'dead', tries: 1, reason: 'no' }, now)
      assert.equal(await store.holdJob(row, 'a', {}, now + 5000), false)
      assert.equal(await store.retryJob(id, row, now), true)
      await store.claimJobs('c', { now, until: now + 1000 }, [], 10)
      await store.settleJob(row, 'c', { state: 'done', tries: 0, reason: null }, now)
      await store.forgetJobs({ deliveries: now + 1, contacts: 0 })
      assert.equal(await store.job(id, row), null)
    },
  },
]

/** What must hold of follow-ups and deliveries on every store, for any test runner: throws when it is let down. Here that work is shared, tried again and given up. */
import assert from 'node:assert/strict'
import { waits } from '../core/jobs.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { openSite, uuid, now as start } from '../stores/storeSuite.fixtures.ts'
import { systemHash, systemRandom } from '../system.ts'
import { alertRunnerCases } from './alertRunnerSuite.ts'
import { followUpRunnerCases } from './followUpRunnerSuite.ts'
import { mailRunnerCases } from './mailRunnerSuite.ts'
import { createRunner } from './runner.ts'
import { day, failed, hook, hour, log, rule, stage, type RunnerCase } from './runnerSuite.fixtures.ts'
import { testDelivery } from './work.ts'

/** The cases. */
export const runnerSuite: readonly RunnerCase[] = [
  ...mailRunnerCases,
  ...alertRunnerCases,
  ...followUpRunnerCases,
  {
    name: 'a webhook hears of each answer, in the order of its response, also when one of them fails at first',
    async run(store) {
      const { site, say, runner, sent, answers, about, clock } = await stage(
        store,
        null,
        hook({ events: ['answer.given', 'response.completed'] }),
      )
      await say([
        { number: 1, value: 3 },
        { number: 2, question: 'score', value: 4, revision: 1 },
        { number: 3, type: 'complete' },
        { number: 4, response: 2, visitor: 'bob' },
        // Of another visitor under the id of the first response.
        { number: 5, visitor: 'mallory', at: start + 1 },
      ])
      about.response = uuid('f', 1)
      answers.push(failed())
      const next = await runner.run()
      assert.deepEqual(
        sent.map(({ message }) => `${message.type} ${message.data.response?.id}`).toSorted(),
        [1, 2].map((each) => `answer.given ${uuid('f', each)}`),
      )
      assert.ok(next !== null && next > start + 3000 && next < start + 7000)
      clock.time = next
      assert.equal(await runner.run(), null)
      const one = sent.filter(({ message }) => message.data.response?.id === uuid('f', 1))
      const events = one.map(({ message }) => (message.data.event as { id: string } | undefined)?.id)
      const repeated = one.length === 4
      assert.deepEqual(
        repeated ? events.slice(1) : events,
        [1, 2, 3].map((each) => uuid('e', each)),
      )
      assert.equal(new Set(sent.map((each) => each.id)).size, 4)
      assert.equal(sent.length, 5)
      const ended = await store.jobs(site, null, { limit: 20 })
      assert.deepEqual(
        [...new Set(ended.map((each) => [each.state, each.reason].join(' ')))],
        ['done status 200'],
      )
    },
  },
  {
    name: 'a webhook gets a few at a time, and all that there is one after the other',
    async run(inner) {
      const { id: site } = await openSite(inner)
      await inner.putWebhook(site, hook())
      const full: number[] = []
      let [underWay, ways] = [0, 0]
      let held: (() => void)[] = []
      let isHeld = true
      const letGo = (): void => {
        isHeld = false
        const all = held
        held = []
        for (const each of all) each()
      }
      const store: EventStore = {
        ...inner,
        async claimJobs(owner, time, busy, limit) {
          // Nothing more is given to it: so many it has now.
          if (busy?.includes('wh_1')) {
            full.push(underWay)
            letGo()
          }
          const jobs = await inner.claimJobs(owner, time, busy, limit)
          underWay += jobs.length
          if (jobs.length > 0) isHeld = true
          return jobs
        },
        async settleJob(...about) {
          const settled = await inner.settleJob(...about)
          underWay -= 1
          return settled
        },
        async nextJob(at) {
          const due = await inner.nextJob(at)
          if (due === null || due > at) letGo()
          return due
        },
      }
      const runner = createRunner({
        store,
        clock: { now: () => start },
        random: systemRandom,
        hash: systemHash,
        mail: null,
        log,
        async post() {
          ways += 1
          if (isHeld) await new Promise<void>((resolve) => held.push(resolve))
          return { ok: true, status: 200 }
        },
      })
      const given = Array.from({ length: 80 }, (_, index) => testDelivery('wh_1', `job-${index}`, start))
      await inner.addJobs(site, given, start)
      await runner.run()
      assert.equal(ways, 80)
      // A claim may bring some more than there is room for.
      assert.ok(full.length > 0 && Math.max(...full) <= 7, String(full))
    },
  },
  {
    name: 'a delivery that fails while it is looked for more is not forgotten in what is due next',
    async run(inner) {
      let [fail, settle] = [(): void => undefined, (): void => undefined]
      const failing = new Promise<void>((resolve) => (fail = resolve))
      const settled = new Promise<void>((resolve) => (settle = resolve))
      let looks = 0
      const store: EventStore = {
        ...inner,
        async nextJob(at) {
          const due = await inner.nextJob(at)
          looks += 1
          // The first found the delivery; the second sees it taken, and hears so only after it has failed.
          if (looks === 2) {
            fail()
            await settled
          }
          return due
        },
        async settleJob(...about) {
          const outcome = await inner.settleJob(...about)
          settle()
          return outcome
        },
      }
      const { say, runner, clock } = await stage(store, null, hook({ events: ['answer.given'] }), failing)
      await say([{ number: 1 }])
      const next = await runner.run()
      assert.ok(next !== null && next > clock.time + 3000 && next < clock.time + 7000, String(next))
    },
  },
  {
    name: 'a delivery that never arrives is given up after some days, shown, and sent once more on demand as the same message',
    async run(store) {
      const { site, say, pass, sent, answers, runner, clock } = await stage(
        store,
        null,
        hook({ events: ['answer.given'] }),
      )
      await say([{ number: 1 }])
      answers.push(...Array.from({ length: 10 }, () => failed('status 503')))
      await runner.run()
      await pass(5 * day, hour)
      assert.equal(sent.length, waits.length + 1)
      assert.deepEqual(new Set(sent.map((each) => each.id)).size, 1)
      const [dead] = await store.jobs(site, 'dead', { limit: 9 })
      assert.deepEqual([dead?.tries, dead?.reason], [10, 'status 503'])
      assert.equal(await store.retryJob(site, dead?.row ?? 0, clock.time), true)
      await runner.run()
      assert.deepEqual([sent.length, sent.at(-1)?.id === sent[0]?.id], [11, true])
      // One that is gone for good is not asked again.
      answers.push({ ok: false, reason: 'status 410', isFinal: true })
      await store.addJobs(site, [testDelivery('wh_1', 'x', clock.time)], clock.time)
      await runner.run()
      assert.deepEqual(
        (await store.jobs(site, 'dead', { limit: 9 })).map((each) => each.reason),
        ['status 410'],
      )
    },
  },
  {
    name: 'what is erased is neither sent nor kept',
    async run(store) {
      const { site, say, pass, sent, runner } = await stage(
        store,
        { rules: [rule()] },
        hook({ events: ['answer.given'] }),
      )
      await say([{ number: 1, value: 2, visitor: 'ann' }])
      await store.erase(site, 'ann', start)
      await say([{ number: 2, response: 2, value: 2, visitor: 'bob' }])
      await runner.run()
      await store.erase(site, 'bob', start)
      await pass(3 * day, hour)
      assert.deepEqual(
        sent.map(({ message }) => message.data.response?.visitor),
        ['bob'],
      )
      assert.deepEqual(await store.jobs(site, null, { limit: 9 }), [])
    },
  },
  {
    name: 'several runners do each job once, and no person is reached more often than allowed',
    async run(store) {
      const { say, runner, another, sent, clock } = await stage(
        store,
        {
          rules: [1, 2, 3, 4].map((each) =>
            rule({ id: `rule-${each}`, after: { on: 'answer', survey: 'nps' }, delay: 0 }),
          ),
          limits: [{ most: 2, days: 1 }],
        },
        hook({ events: ['answer.given'] }),
      )
      const runners = [runner, ...Array.from({ length: 4 }, another)]
      const people = Array.from({ length: 10 }, (_, index) => index + 1)
      await say(
        people.map((each) => ({ number: each, response: each, visitor: `visitor-${each}`, value: 2 })),
      )
      await Promise.all(runners.map((each) => each.run()))
      clock.time += 61_000
      await Promise.all(runners.map((each) => each.run()))
      assert.equal(new Set(sent.map((each) => each.id)).size, sent.length)
      for (const person of people) {
        const own = sent.filter(({ message }) => message.data.response?.visitor === `visitor-${person}`)
        assert.deepEqual(
          ['answer.given', 'follow-up.due'].map(
            (type) => own.filter((each) => each.message.type === type).length,
          ),
          [1, 2],
        )
      }
    },
  },
]

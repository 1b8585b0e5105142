/** What must hold of follow-ups and deliveries on every store, for any test runner: throws when it is let down. */
import assert from 'node:assert/strict'
import { decideCase } from '../core/cases.ts'
import type { FollowUpPlan } from '../core/followUps.ts'
import { waits } from '../core/jobs.ts'
import type { Message, Webhook } from '../core/webhook.ts'
import type { EventStore, Log } from '../ports.ts'
import {
  arrive,
  identify,
  now as start,
  openSite,
  send,
  track,
  uuid,
  type Sent,
} from '../stores/storeSuite.fixtures.ts'
import { systemHash, systemRandom } from '../system.ts'
import { alertRunnerCases } from './alertRunnerSuite.ts'
import { jobsOf } from './cases.ts'
import { mailRunnerCases } from './mailRunnerSuite.ts'
import type { Posted } from './post.ts'
import { createRunner, type Runner } from './runner.ts'
import { testDelivery } from './work.ts'

const hour = 3_600_000
const day = 24 * hour

/** One case. */
export interface RunnerCase {
  name: string
  run(store: EventStore): Promise<void>
}

const log: Log = {
  info: () => undefined,
  error: (message, error) => {
    throw new Error(message, { cause: error })
  },
}

const hook = (fields: Partial<Webhook> = {}): Webhook => ({
  id: 'wh_1',
  name: 'hook',
  url: 'https://example.com/hook',
  shape: 'json',
  events: [],
  surveys: null,
  secrets: [{ secret: 'whsec_AAAA', until: null }],
  createdAt: start,
  ...fields,
})
const rule = (fields: Partial<FollowUpPlan['rules'][number]> = {}): FollowUpPlan['rules'][number] => ({
  id: 'call',
  after: { on: 'answer', survey: 'nps', when: { question: 'score', bands: ['detractor'] } },
  delay: 1,
  expires: 30,
  do: { webhook: 'wh_1', reaches: 'person' },
  ...fields,
})

interface Sending {
  at: number
  id: string
  message: Message
}

interface Stage {
  site: number
  clock: { time: number }
  sent: Sending[]
  /** How the next requests end; 200 after them. */
  answers: Posted[]
  /** The response whose requests end so; default any. Which of two goes first is chance. */
  about: { response?: string }
  runner: Runner
  another(): Runner
  say(sent: Sent[]): Promise<unknown>
  /** Goes on by steps of so long, and works at each of them. */
  pass(span: number, step: number): Promise<void>
}

async function stage(
  store: EventStore,
  plan: FollowUpPlan | null,
  webhook = hook(),
  /** When the first request fails; the others are answered at once. */
  failing?: Promise<void>,
): Promise<Stage> {
  const { id: site } = await openSite(store)
  await store.putWebhook(site, webhook)
  if (plan) await store.putPlan(site, plan)
  const clock = { time: start }
  const sent: Sending[] = []
  const answers: Posted[] = []
  const about: Stage['about'] = {}
  const another = (): Runner =>
    createRunner({
      store,
      clock: { now: () => clock.time },
      random: systemRandom,
      hash: systemHash,
      mail: null,
      log,
      async post(_, headers, body) {
        const message = JSON.parse(body) as Message
        sent.push({ at: clock.time, id: headers['webhook-id'] ?? '', message })
        if (failing && sent.length === 1) {
          await failing
          return failed()
        }
        const isMeant = about.response === undefined || about.response === message.data.response?.id
        return (isMeant && answers.shift()) || { ok: true, status: 200 }
      },
    })
  const runner = another()
  return {
    site,
    clock,
    sent,
    answers,
    about,
    runner,
    another,
    say: (given) =>
      send(
        store,
        site,
        given.map((each) => ({ at: clock.time, ...each })),
        undefined,
        clock.time,
      ),
    async pass(span, step) {
      for (const end = clock.time + span; clock.time < end;) {
        clock.time = Math.min(end, clock.time + step)
        await runner.run()
      }
    },
  }
}

const steps = (sent: readonly Sending[]): unknown[] => sent.map(({ message }) => message.data.followUp?.step)
const failed = (reason = 'status 500'): Posted => ({ ok: false, reason })

/** The cases. */
export const runnerSuite: readonly RunnerCase[] = [
  ...mailRunnerCases,
  ...alertRunnerCases,
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
    name: 'a webhook that takes what it is given gets more at a time, and four again once it fails; jobs of one claim ask for it once',
    async run(inner) {
      const { id: site } = await openSite(inner)
      await inner.putWebhook(site, hook())
      const full: number[] = []
      let [reads, claims, underWay, ways] = [0, 0, 0, 0]
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
        webhooks: (of) => {
          reads += 1
          return inner.webhooks(of)
        },
        async claimJobs(owner, time, busy, limit) {
          // Nothing more is given to it: so many it has now.
          if (busy?.includes('wh_1')) {
            full.push(underWay)
            letGo()
          }
          const jobs = await inner.claimJobs(owner, time, busy, limit)
          underWay += jobs.length
          if (jobs.length > 0) {
            claims += 1
            isHeld = true
          }
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
      let isOk = true
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
          return isOk ? { ok: true, status: 200 } : failed()
        },
      })
      const put = (name: string): Promise<void> =>
        inner.addJobs(
          site,
          Array.from({ length: 80 }, (_, index) => testDelivery('wh_1', `${name}-${index}`, start)),
          start,
        )
      await put('taken')
      await runner.run()
      assert.equal(ways, 80)
      assert.ok((full[0] ?? 99) <= 7, String(full))
      // A claim may bring some more than there is room for.
      assert.ok(Math.max(...full) > 7 && Math.max(...full) <= 19, String(full))
      assert.ok(reads <= claims, `${reads} of ${claims}`)
      isOk = false
      await put('refused')
      await runner.run()
      assert.equal(ways, 160)
      assert.ok((full.at(-1) ?? 99) <= 7, String(full))
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
    name: 'a follow-up goes out when it is due, with its reminders, until an answer on any channel',
    async run(store) {
      const { say, pass, sent } = await stage(store, {
        rules: [rule({ survey: 'nps', reminders: [{ after: 2 }, { after: 2 }, { after: 2 }] })],
      })
      await say([
        { number: 1, value: 2, person: 'ann' },
        { number: 2, response: 2, value: 10, visitor: 'bob' },
      ])
      await pass(4 * day, 6 * hour)
      assert.deepEqual(
        sent.map(({ at }) => (at - start) / day),
        [1, 3],
      )
      // The same person answers on another device.
      await say([{ number: 3, response: 3, visitor: 'phone', person: 'ann' }])
      await pass(20 * day, 6 * hour)
      assert.deepEqual(steps(sent), [0, 1])
      const { followUp, response } = sent[1]?.message.data ?? {}
      assert.deepEqual(followUp, {
        id: `nps/call/${uuid('f', 1)}`,
        rule: 'call',
        cause: uuid('f', 1),
        step: 1,
        text: null,
      })
      assert.equal(response?.answers['score']?.value, 2)
    },
  },
  {
    name: 'what stops a follow-up stops its delivery too, while that is tried again',
    async run(store) {
      const { site, say, pass, sent, answers, runner } = await stage(store, { rules: [rule({ delay: 0 })] })
      await say([{ number: 1, value: 2 }])
      answers.push(...Array.from({ length: 5 }, () => failed()))
      await runner.run()
      await pass(60_000, 1000)
      const before = sent.length
      assert.ok(before >= 2)
      await say([{ number: 2, type: 'optout' }])
      await pass(2 * day, hour)
      assert.equal(sent.length, before)
      const stopped = await store.jobs(site, 'stopped', { limit: 9 })
      assert.deepEqual(
        stopped.map((each) => [each.kind, each.reason]),
        [['delivery', 'opted-out']],
      )
    },
  },
  {
    name: 'quiet hours and the budget of a person hold over all rules, and for staff neither does',
    async run(store) {
      const causes = [1, 2, 3].map((each) =>
        rule({ id: `rule-${each}`, delay: 0.5, after: { on: 'answer', survey: 'nps' } }),
      )
      const staff = rule({ id: 'staff', delay: 0.5, do: { webhook: 'wh_1', reaches: 'staff' } })
      const { say, pass, sent } = await stage(store, {
        rules: [...causes, staff],
        quiet: { from: '21:00', to: '08:00' },
        limits: [{ most: 1, days: 7 }],
      })
      await say([{ number: 1, value: 2 }])
      await pass(21 * day, hour)
      const of = (isStaff: boolean): number[] =>
        sent
          .filter(({ message }) => (message.data.followUp?.rule === 'staff') === isStaff)
          .map(({ at }) => (at - start) / hour)
      assert.deepEqual(of(true), [12])
      assert.equal(of(false).length, 3)
      assert.equal(of(false)[0], 20)
      assert.deepEqual(
        of(false).map((each) => Math.floor((each - 20) / 168)),
        [0, 1, 2],
      )
    },
  },
  {
    name: 'what has waited for a webhook counts when it has left',
    async run(store) {
      const { say, pass, sent, answers } = await stage(store, {
        rules: [1, 2].map((each) => rule({ id: `rule-${each}`, delay: each })),
        limits: [{ most: 1, days: 1 }],
      })
      answers.push(failed(), failed(), failed())
      await say([{ number: 1, value: 2 }])
      await pass(4 * day, 6 * hour)
      assert.deepEqual(
        sent.map(({ at, message }) => [message.data.followUp?.rule, (at - start) / hour]),
        [
          ...[24, 30, 36, 42].map((at) => ['rule-1', at]),
          // Due after 48 hours.
          ['rule-2', 66],
        ],
      )
    },
  },
  {
    name: 'after days in which nothing ran, one message goes out where several were due, and none that is too old',
    async run(store) {
      const { say, pass, sent, clock, runner } = await stage(store, {
        rules: [
          rule({ reminders: [{ after: 1 }, { after: 1 }, { after: 1 }] }),
          rule({ id: 'short', expires: 2 }),
        ],
      })
      await say([{ number: 1, value: 2 }])
      clock.time += 10 * day
      await runner.run()
      assert.deepEqual(
        sent.map(({ message }) => message.data.followUp?.rule),
        ['call'],
      )
      await pass(day, hour)
      assert.deepEqual(steps(sent), [0, 1])
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
    name: 'reads of whoever sends very much no more than the rules look at',
    async run(given) {
      let [questions, rows] = [0, 0]
      const store: EventStore = {
        ...given,
        async happened(...asked) {
          const found = await given.happened(...asked)
          questions++
          rows += found.length
          return found
        },
        eventsOf: () => Promise.reject(new Error('all that somebody ever sent was read')),
        visitorsOf: () => Promise.reject(new Error('all that somebody ever sent was read')),
      }
      const most = 60
      const { site, say, runner, sent } = await stage(store, {
        rules: [
          rule({
            after: { on: 'event', name: 'clicked' },
            delay: 0,
            unless: { events: [{ name: 'bought' }], answered: ['nps'] },
          }),
        ],
        limits: [{ most: most, days: 1 }],
        quiet: { from: '02:00', to: '03:00' },
      })
      const of = (number: number): Sent => ({ number, visitor: 'phone', person: 'ann', at: start })
      await say([{ ...of(1000), type: 'display' }])
      await arrive(store, site, start, [
        identify({ timezone: 'UTC' }, of(1001)),
        ...Array.from({ length: most }, (_, index) => track('clicked', of(index + 1))),
      ])
      await runner.run()
      assert.equal(sent.length, most - 1)
      // Of each follow-up, and before it leaves: where she is, and that she saw a card.
      assert.deepEqual([questions >= most, rows <= 2 * questions], [true, true])
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
  {
    name: 'a rule opens one case for each cause, with several runners, and webhooks hear of it once',
    async run(store) {
      const { site, say, runner, another, sent } = await stage(
        store,
        { rules: [rule({ delay: 0, do: { case: { role: 'agent', dueHours: 24 } } })] },
        hook({ events: ['case.opened'], surveys: ['nps'] }),
      )
      const runners = [runner, ...Array.from({ length: 3 }, another)]
      const numbers = [1, 2, 3, 4, 5, 6, 7, 8]
      await say(numbers.map((each) => ({ number: each, response: each, visitor: `v-${each}`, value: 2 })))
      await Promise.all(runners.map((each) => each.run()))
      // Another answer to the same survey in the same response, and the same answer once more.
      await say([
        { number: 1, visitor: 'v-1', value: 2 },
        { number: 20, visitor: 'v-1', value: 1, revision: 1 },
        { number: 21, response: 9, visitor: 'v-9', value: 10 },
      ])
      await Promise.all(runners.map((each) => each.run()))
      const cases = await store.cases(site, {}, { limit: 99 })
      const wanted = numbers.map((each) => uuid('f', each))
      assert.deepEqual(cases.map((each) => each.cause).toSorted(), wanted)
      assert.deepEqual(sent.map(({ message }) => String(message.data.case?.cause)).toSorted(), wanted)
      const [{ message } = { message: null }] = sent
      assert.deepEqual(
        [message?.type, message?.data.case?.rule, message?.data.case?.role, message?.data.case?.state],
        ['case.opened', 'call', 'agent', 'new'],
      )
      assert.equal(message?.data.response?.answers['score']?.value, 2)
    },
  },
  {
    name: 'what staff says to a respondent keeps to quiet hours and limits, goes out once, and not to who has opted out',
    async run(store) {
      const { site, say, pass, runner, sent, clock } = await stage(
        store,
        {
          rules: [rule({ delay: 0, do: { case: { role: 'agent' } } })],
          quiet: { from: '21:00', to: '08:00' },
          limits: [{ most: 1, days: 2 }],
        },
        hook({ events: ['case.told', 'case.closed'] }),
      )
      await say([
        { number: 1, value: 2, visitor: 'ann' },
        { number: 2, response: 2, value: 2, visitor: 'bob' },
      ])
      await runner.run()
      const cases = await store.cases(site, {}, { limit: 9 })
      const tellTo = async (visitor: string, message: string): Promise<void> => {
        const id = cases.find((each) => each.visitor === visitor)?.id ?? ''
        const webhooks = await store.webhooks(site)
        const staff = { id: 'tok_1', role: 'admin' } as const
        await store.changeCase(
          site,
          id,
          (stored) => {
            const done = decideCase(stored, staff, { do: 'tell', message }, clock.time)
            return done.ok ? { ...done, jobs: jobsOf(done, webhooks, clock.time) } : done
          },
          clock.time,
        )
      }
      await say([{ number: 3, response: 2, type: 'optout', visitor: 'bob' }])
      clock.time += 10 * hour
      await tellTo('ann', 'You said, we did')
      await tellTo('ann', 'And more')
      await tellTo('bob', 'Nothing')
      await pass(5 * day, hour)
      assert.deepEqual(
        sent.map(({ at, message }) => [(at - start) / hour, message.type, message.data.case?.message]),
        [
          [20, 'case.told', 'You said, we did'],
          [68, 'case.told', 'And more'],
        ],
      )
      assert.deepEqual(
        (await store.jobs(site, 'stopped', { limit: 9 })).map((each) => [each.kind, each.reason]),
        [['tell', 'opted-out']],
      )
    },
  },
]

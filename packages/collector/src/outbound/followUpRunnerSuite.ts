/** What must hold on every store of what rules begin: follow-ups, cases and words to respondents; part of `runnerSuite`. */
import assert from 'node:assert/strict'
import { decideCase } from '../core/cases.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { arrive, identify, track, uuid, now as start, type Sent } from '../stores/storeSuite.fixtures.ts'
import { jobsOf } from './cases.ts'
import { day, failed, hook, hour, rule, stage, steps, type RunnerCase } from './runnerSuite.fixtures.ts'

/** The cases. */
export const followUpRunnerCases: readonly RunnerCase[] = [
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

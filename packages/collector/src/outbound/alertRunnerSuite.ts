/** What must hold of rules that watch a number on every store; part of `runnerSuite`. */
import assert from 'node:assert/strict'
import type { AlertCause } from '../core/alerts.ts'
import { decideCase, type Case } from '../core/cases.ts'
import type { PlanAction, PlanRule } from '../core/followUpPlan.ts'
import type { Message } from '../core/webhook.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { Log } from '../ports/world.ts'
import { now as start, openSite, send, type Sent } from '../stores/storeSuite.fixtures.ts'
import { systemHash, systemRandom } from '../system.ts'
import { createRunner, type Runner } from './runner.ts'
import type { RunnerCase } from './runnerSuite.fixtures.ts'

const hour = 3_600_000
const day = 24 * hour
/** Longer than a job is taken for. */
const lost = 31_000

const log: Log = {
  info: () => undefined,
  error: (message, error) => {
    throw new Error(message, { cause: error })
  },
}
const toCase: PlanAction = { case: { role: 'agent', title: 'NPS is low' } }
const rule = (after: Partial<AlertCause> = {}, fields: Partial<PlanRule> = {}): PlanRule => ({
  id: 'low',
  delay: 0,
  expires: 7,
  do: toCase,
  ...fields,
  after: {
    on: 'alert',
    survey: 'nps',
    metric: 'nps',
    days: 2,
    minimum: 10,
    ...(after.change === undefined && { below: 0 }),
    ...after,
  },
})

interface Stage {
  site: number
  clock: { time: number }
  sent: Message[]
  runner: Runner
  another(): Runner
  /** So many people give a score now. */
  vote(value: number, count: number): Promise<unknown>
  pass(span: number, runners?: Runner[]): Promise<void>
  cases(): Promise<Case[]>
}

async function stage(store: EventStore, rules: PlanRule[]): Promise<Stage> {
  const { id: site } = await openSite(store)
  const clock = { time: start }
  const sent: Message[] = []
  await store.putWebhook(site, {
    id: 'wh_1',
    name: 'hook',
    url: 'https://example.com/hook',
    shape: 'json',
    events: ['case.opened'],
    surveys: ['nps'],
    secrets: [{ secret: 'whsec_AAAA', until: null }],
    createdAt: start,
  })
  let voters = 0
  const another = (): Runner =>
    createRunner({
      store,
      clock: { now: () => clock.time },
      random: systemRandom,
      hash: systemHash,
      mail: null,
      log,
      async post(_, _headers, body) {
        sent.push(JSON.parse(body) as Message)
        return { ok: true, status: 200 }
      },
    })
  const runner = another()
  const vote: Stage['vote'] = (value, count) => {
    const votes = Array.from({ length: count }, (): Sent => {
      voters += 1
      return { number: voters, response: voters, visitor: `v${voters}`, value, at: clock.time }
    })
    return send(store, site, votes, undefined, clock.time)
  }
  // Somebody must have shown the survey before it can be watched.
  await vote(9, 1)
  await store.putPlan(site, { rules }, clock.time)
  return {
    site,
    clock,
    sent,
    runner,
    another,
    vote,
    async pass(span, runners = [runner]) {
      for (const end = clock.time + span; clock.time < end;) {
        clock.time = Math.min(end, clock.time + hour / 2)
        await Promise.all(runners.map((each) => each.run()))
      }
    },
    cases: () => store.cases(site, {}, { limit: 99 }),
  }
}

/** The cases. */
export const alertRunnerCases: readonly RunnerCase[] = [
  {
    name: 'a number below its bound opens one case with the numbers, and another one only after it was back',
    async run(store) {
      const { site, vote, pass, cases, sent } = await stage(store, [rule()])
      await vote(1, 8)
      await pass(3 * hour)
      assert.deepEqual(await cases(), [])
      await vote(1, 11)
      await pass(5 * hour)
      const [opened, ...others] = await cases()
      assert.deepEqual(others, [])
      assert.deepEqual(
        [opened?.title, opened?.visitor, opened?.person, opened?.response, opened?.survey, opened?.role],
        ['NPS is low', null, null, null, 'nps', 'agent'],
      )
      const { alert } = opened ?? {}
      assert.deepEqual(
        [alert?.side, alert?.bound, alert?.window.n, alert?.before.n, alert?.change, alert?.question],
        ['below', 0, 20, 0, null, 'score'],
      )
      assert.ok((alert?.window.interval?.[1] ?? 0) < 0)
      assert.deepEqual(
        sent.map(({ type, data }) => [type, data.alert?.side, data.case?.visitor, data.response]),
        [['case.opened', 'below', null, null]],
      )
      // It lasts for a day, and more of the same changes nothing.
      await vote(0, 20)
      await pass(day)
      assert.equal((await cases()).length, 1)
      await vote(10, 200)
      await pass(2 * hour)
      await pass(3 * day)
      await vote(1, 20)
      await pass(2 * hour)
      assert.equal((await cases()).length, 2)
      // The work of looking is no delivery that anybody has to see.
      assert.deepEqual(
        [...new Set((await store.jobs(site, null, { limit: 50 })).map((each) => each.kind))].toSorted(),
        ['delivery', 'followup'],
      )
      // There is nobody to tell something.
      const staff = { id: 'tok_1', role: 'admin' } as const
      const told = await store.changeCase(
        site,
        opened?.id ?? '',
        (stored) => decideCase(stored, staff, { do: 'tell', message: 'Hello' }, start),
        start,
      )
      assert.deepEqual(told, { ok: false, refused: 'no-respondent' })
      assert.equal((await store.caseEntries(site, opened?.id ?? '')).length, 1)
    },
  },
  {
    name: 'a fall against the days before goes to a webhook, with what was before and what is now',
    async run(store) {
      const action: PlanAction = { webhook: 'wh_1', reaches: 'staff' }
      const { vote, pass, sent } = await stage(store, [
        rule({ change: 'fall' }, { do: action, text: { en: 'Look at it' } }),
      ])
      await vote(10, 40)
      await pass(2 * day)
      await vote(1, 40)
      await pass(2 * hour)
      await pass(day)
      assert.equal(sent.length, 1)
      const { type, data } = sent[0] ?? {}
      assert.deepEqual(
        [type, data?.followUp?.rule, data?.followUp?.text, data?.alert?.side, data?.alert?.bound],
        ['follow-up.due', 'low', 'Look at it', 'fall', null],
      )
      assert.deepEqual(
        [data?.alert?.window.value, data?.alert?.window.n, data?.alert?.before.value, data?.alert?.before.n],
        [-100, 40, 100, 41],
      )
      assert.ok((data?.alert?.change?.interval?.[1] ?? 0) < 0)
    },
  },
  {
    name: 'several runners, some killed while they look, fire an alert once',
    async run(store) {
      const { vote, runner, another, pass, cases, sent, clock } = await stage(
        store,
        ['a', 'b', 'c'].map((id) => rule({}, { id })),
      )
      const runners = [runner, ...Array.from({ length: 3 }, another)]
      await vote(1, 30)
      clock.time += hour
      // Whoever had the looks is killed, before and after the alert was written down.
      await store.claimJobs('dead', { now: clock.time, until: clock.time + 30_000 }, [], 64)
      await Promise.all(runners.map((each) => each.run()))
      clock.time += lost
      await Promise.all([runners[1]?.run(), runners[2]?.run()])
      await store.claimJobs('dead too', { now: clock.time, until: clock.time + 30_000 }, [], 64)
      await pass(5 * hour, runners)
      const rules = (await cases()).map((each) => each.rule).toSorted()
      assert.deepEqual(rules, ['a', 'b', 'c'])
      assert.equal(sent.length, 3)
    },
  },
  {
    name: 'after days in which nothing ran, what is an alert now fires once, and what was one meanwhile does not',
    async run(store) {
      const { vote, runner, clock, cases, pass } = await stage(store, [rule({}, { id: 'now' })])
      await vote(1, 30)
      clock.time += 10 * day
      await vote(10, 30)
      clock.time += 10 * day
      assert.notEqual(await runner.run(), null)
      assert.deepEqual(await cases(), [])
      await vote(1, 30)
      clock.time += 30 * hour
      await runner.run()
      await pass(3 * hour)
      assert.equal((await cases()).length, 1)
    },
  },
  {
    name: 'the plan may be put again at any time: what lasts is not told again, and what is changed begins anew',
    async run(store) {
      const { site, vote, runner, clock, cases, pass } = await stage(store, [rule()])
      await vote(1, 30)
      await pass(2 * hour)
      assert.equal((await cases()).length, 1)
      // Somebody looks with the plan before, while another one is put.
      clock.time += hour
      const [taken] = await store.claimJobs('slow', { now: clock.time, until: clock.time + 30_000 }, [], 9)
      await store.putPlan(site, { rules: [rule({ below: 10 })] }, clock.time)
      const late = await store.settleJob(
        taken?.row ?? 0,
        'slow',
        { state: 'gone', tries: 0, reason: null },
        clock.time,
      )
      assert.equal(late, 'lost')
      await runner.run()
      assert.deepEqual(new Set((await cases()).map((each) => each.alert?.bound)), new Set([0, 10]))
      await store.putPlan(site, { rules: [rule({ below: 10 })] }, clock.time)
      await pass(3 * hour)
      assert.equal((await cases()).length, 2)
      await store.putPlan(site, { rules: [] }, clock.time)
      await pass(2 * hour)
      assert.equal(await store.nextJob(clock.time), null)
    },
  },
  {
    name: 'what is to come later comes only while the alert lasts',
    async run(store) {
      const action: PlanAction = { webhook: 'wh_1', reaches: 'staff' }
      const { vote, pass, sent } = await stage(store, [
        rule({}, { do: action, reminders: [{ after: 1 }, { after: 1 }] }),
        rule({}, { id: 'later', do: action, delay: 1.5 }),
      ])
      await vote(1, 30)
      await pass(hour)
      await pass(25 * hour)
      assert.deepEqual(
        sent.map(({ data }) => [data.followUp?.rule, data.followUp?.step]),
        [
          ['low', 0],
          ['low', 1],
        ],
      )
      await vote(10, 100)
      await pass(3 * day)
      assert.equal(sent.length, 2)
    },
  },
]

/** What must hold of mail on every store, with a real mail server; part of `runnerSuite`. */
import assert from 'node:assert/strict'
import type { Survey } from '@earshot/contract'
import { decideCase } from '../core/cases.ts'
import type { FollowUpPlan } from '../core/followUpPlan.ts'
import { decidePut } from '../core/surveys.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { now as start, openSite, send, survey } from '../stores/storeSuite.fixtures.ts'
import { systemHash, systemRandom } from '../system.ts'
import { jobsOf } from './cases.ts'
import { startMailSink, type MailSink } from './mail.fixtures.ts'
import { createMailDesk } from './mailDesk.ts'
import { mailPerson } from './mailWork.ts'
import { createRunner, type Runner } from './runner.ts'
import { createSmtp } from './smtp.ts'

const hour = 3_600_000
const day = 24 * hour

interface Stage {
  site: number
  sink: MailSink
  clock: { time: number }
  runner: Runner
  another(): Runner
  /** A bad score of the person, which the plan mails about at once. */
  say(number: number): Promise<unknown>
  states(): Promise<(string | null)[][]>
}

async function stage(store: EventStore, reminders: { after: number }[] = []): Promise<Stage> {
  const { id: site } = await openSite(store)
  const sink = await startMailSink()
  const clock = { time: start }
  const mail = {
    smtp: createSmtp({ url: sink.url }),
    from: { name: 'Acme', address: 'hi@acme.example' },
    publicUrl: 'https://feedback.example.com',
  }
  const deps = { store, clock: { now: () => clock.time }, random: systemRandom, hash: systemHash, mail }
  const desk = createMailDesk(deps)
  const another = (): Runner =>
    createRunner({
      ...deps,
      log: {
        info: () => undefined,
        error: (message, error) => {
          throw new Error(message, { cause: error })
        },
      },
      post: () => Promise.reject(new Error('nothing goes to a webhook')),
    })
  const asked: Survey = { ...survey, id: 'asked' }
  await store.putSurvey(site, asked, (stored) => decidePut(asked, stored), start)
  await store.putPlan(site, {
    rules: [
      {
        id: 'ask',
        after: { on: 'answer', survey: 'nps' },
        delay: 0,
        expires: 30,
        do: { mail: { survey: 'asked' } },
        reminders,
      },
    ],
  })
  const email = 'ann@example.com'
  const { who, mail: hidden } = await desk.hidden(site, 'ann', email)
  await store.putMailAddress(site, { person: 'ann', email, locale: null, who, mail: hidden ?? '', at: start })
  return {
    site,
    sink,
    clock,
    runner: another(),
    another,
    say: (number) =>
      send(
        store,
        site,
        [{ number, response: number, value: 2, visitor: 'v-ann', person: 'ann', at: clock.time }],
        undefined,
        clock.time,
      ),
    states: async () =>
      (await store.jobs(site, null, { limit: 50 }))
        .filter((each) => each.kind === 'mail')
        .map(({ state, reason }) => [state, reason]),
  }
}

/** Has a case opened about the person, and gives the way to tell them something. */
async function openCase(
  store: EventStore,
  { site, clock, runner, say }: Stage,
  plan: Partial<FollowUpPlan> = {},
): Promise<(message: string) => Promise<unknown>> {
  await store.putPlan(site, {
    ...plan,
    rules: [
      {
        id: 'call',
        after: { on: 'answer', survey: 'nps' },
        delay: 0,
        expires: 30,
        do: { case: { role: 'agent' } },
      },
    ],
  })
  await say(1)
  await runner.run()
  const [opened] = await store.cases(site, {}, { limit: 9 })
  return (message) =>
    store.changeCase(
      site,
      opened?.id ?? '',
      (stored) => {
        const done = decideCase(stored, { id: 'tok_1', role: 'admin' }, { do: 'tell', message }, clock.time)
        return done.ok ? { ...done, jobs: jobsOf(done, [], clock.time) } : done
      },
      clock.time,
    )
}

/** The cases. */
export const mailRunnerCases: readonly { name: string; run(store: EventStore): Promise<void> }[] = [
  {
    name: 'what staff says to the respondent of a case is mailed once, and not to who has unsubscribed meanwhile',
    async run(store) {
      const staged = await stage(store)
      const { sink, site, clock, runner, states } = staged
      const tellOf = await openCase(store, staged)
      await tellOf('The export works again.\n\nThank you for <telling> us.')
      await runner.run()
      await runner.run()
      const [{ mail } = { mail: null }] = sink.received
      assert.equal(sink.received.length, 1)
      assert.equal(mail?.subject, 'The export works again.')
      assert.match(mail.text ?? '', /^The export works again\.\n\nThank you for <telling> us\./)
      assert.match(String(mail.html), /Thank you for &lt;telling&gt; us\./)
      assert.ok(mail.headers.has('list'))
      const address = await store.mailAddress(site, 'ann')
      assert.ok(address)
      const { person, who, mail: hidden } = address
      await store.unsubscribe(site, { person, who, mail: hidden, by: 'link', at: clock.time })
      await tellOf('And once more.')
      await runner.run()
      assert.equal(sink.received.length, 1)
      assert.deepEqual(await states(), [['done', 'smtp 250']])
    },
  },
  {
    name: 'what staff says arrives whatever stands in its first line',
    async run(store) {
      const staged = await stage(store)
      const tellOf = await openCase(store, staged)
      await tellOf('Call us: \u202a+49 30 1\u202c')
      await tellOf('=?utf-8?q?Hi?=\u2028Bcc: eve@example.com')
      await tellOf('\u0007\n\nIt works again.')
      await staged.runner.run()
      assert.deepEqual(
        staged.sink.received.map(({ to, mail }) => [to.join(), mail.subject]),
        [
          ['ann@example.com', 'Call us: +49 30 1'],
          ['ann@example.com', '= ?utf-8?q?Hi? ='],
          ['ann@example.com', 'A question from Acme'],
        ],
      )
    },
  },
  {
    name: 'what staff says is tried again, but not in quiet hours, and not after somebody has opted out',
    async run(store) {
      const staged = await stage(store)
      const { site, sink, clock, runner, states } = staged
      const tellOf = await openCase(store, staged, { quiet: { from: '12:10', to: '08:00' } })
      clock.time = start + 10 * 60_000 - 1000
      sink.trouble.push({ at: 'data', code: 451 })
      await tellOf('It works again.')
      await runner.run()
      clock.time += 60_000
      await runner.run()
      assert.deepEqual([await states(), sink.received.length], [[['waiting', 'quiet']], 0])
      clock.time = start + 20 * hour
      await runner.run()
      assert.deepEqual([await states(), sink.received.length], [[['done', 'smtp 250']], 1])
      sink.trouble.push({ at: 'data', code: 451 })
      await tellOf('And more.')
      await runner.run()
      await send(
        store,
        site,
        [{ number: 9, type: 'optout', visitor: 'v-ann', person: 'ann', at: clock.time }],
        undefined,
        clock.time,
      )
      clock.time += 60_000
      await runner.run()
      assert.deepEqual([(await states())[0], sink.received.length], [['stopped', 'opted-out'], 1])
    },
  },
  {
    name: 'what has waited for the mail server comes no closer together than the limits say',
    async run(store) {
      const { site, sink, clock, runner, say } = await stage(store, [{ after: 0.5 }, { after: 0.5 }])
      const plan = await store.plan(site)
      assert.ok(plan)
      await store.putPlan(site, { ...plan, limits: [{ most: 1, days: 0.5 }] })
      sink.trouble.push(...Array.from({ length: 3 }, () => ({ at: 'data', code: 451 }) as const))
      const came: number[] = []
      await say(1)
      for (; clock.time < start + 6 * day; clock.time += 6 * hour) {
        await runner.run()
        while (came.length < sink.received.length) came.push((clock.time - start) / hour)
      }
      // The second one was put down after twelve hours, when the first one was still under way.
      const gaps = came.slice(1).map((at, index) => at - (came[index] ?? 0))
      assert.ok(came.length === 3 && (came[0] ?? 0) >= 18 && gaps.every((each) => each >= 12), String(came))
      assert.equal((await store.jobs(site, 'waiting', { limit: 9 })).length, 0)
    },
  },
  {
    name: 'two runners at once mail each follow-up and each reminder once, under ids of their own',
    async run(store) {
      const { sink, clock, runner, another, say } = await stage(store, [{ after: 2 }])
      for (const number of [1, 2]) await say(number)
      const other = another()
      await Promise.all([runner.run(), other.run()])
      assert.equal(sink.received.length, 2)
      clock.time += 2 * day
      await Promise.all([runner.run(), other.run()])
      assert.equal(sink.received.length, 4)
      assert.equal(new Set(sink.received.map((each) => each.mail.messageId)).size, 4)
    },
  },
  {
    name: 'tries again what a mail server does not take now, gives up what it never takes, and tells no address',
    async run(store) {
      const { sink, clock, runner, say, states } = await stage(store)
      sink.trouble.push({ at: 'data', code: 451, text: 'ann@example.com is greylisted' })
      await say(1)
      await runner.run()
      assert.deepEqual([await states(), sink.received.length], [[['waiting', 'smtp 451']], 0])
      clock.time += 10_000
      await runner.run()
      assert.deepEqual([await states(), sink.received.length], [[['done', 'smtp 250']], 1])
      sink.trouble.push({ at: 'rcpt', code: 550, text: '5.1.1 ann@example.com unknown' })
      await say(2)
      await runner.run()
      assert.deepEqual((await states())[0], ['dead', 'smtp 550 5.1.1'])
    },
  },
  {
    name: 'sends a message of which nobody knows whether it arrived once more and no oftener, under the same id',
    async run(store) {
      const { site, sink, clock, runner, say, states } = await stage(store)
      sink.trouble.push({ at: 'taken' }, { at: 'taken' })
      await say(1)
      for (let time = 0; time < 5; time++) {
        await runner.run()
        clock.time += hour
      }
      assert.deepEqual(await states(), [['dead', 'twice it is not known whether it arrived']])
      assert.equal(sink.received.length, 2)
      // Who wants it all the same gets it.
      const [given] = await store.jobs(site, 'dead', { limit: 1 })
      assert.ok(await store.retryJob(site, given?.row ?? 0, clock.time))
      await runner.run()
      assert.deepEqual(await states(), [['done', 'smtp 250']])
      assert.equal(sink.received.length, 3)
      assert.equal(new Set(sink.received.map((each) => each.mail.messageId)).size, 1)
    },
  },
  {
    name: 'a runner that is gone in the middle leaves its message to another one, which knows that it was begun',
    async run(store) {
      const { sink, clock, runner, say, states, site } = await stage(store)
      await say(1)
      // The event and the follow-up are done; whoever has the message dies on it.
      sink.trouble.push({ at: 'data', code: 451 })
      await runner.run()
      clock.time += 10_000
      const [job] = await store.claimJobs('gone', { now: clock.time, until: clock.time + 30_000 }, [], 10)
      assert.equal(job?.kind, 'mail')
      const body = { ...(job?.body as object), begun: 1 }
      assert.ok(await store.holdJob(job?.row ?? 0, 'gone', body, clock.time + 30_000))
      await runner.run()
      assert.equal(sink.received.length, 0)
      clock.time += 31_000
      await runner.run()
      assert.equal(sink.received.length, 1)
      assert.deepEqual((await states())[0]?.[0], 'done')
      assert.equal((await store.jobs(site, 'waiting', { limit: 10 })).length, 0)
    },
  },
  {
    name: 'writes a few words to a person in the language of the person, once for each reason, and not to who has unsubscribed',
    async run(store) {
      const { sink, clock, runner, site } = await stage(store)
      const texts = {
        person: 'ann',
        subject: { en: 'You said, we did', de: 'Sie sagten, wir taten' },
        text: { en: 'It is mended.', de: 'Es ist behoben.' },
      }
      const address = await store.mailAddress(site, 'ann')
      assert.ok(address)
      await store.putMailAddress(site, { ...address, locale: 'de' })
      for (const id of ['case/1', 'case/1', 'case/2'])
        assert.equal(await mailPerson(store, site, { id, ...texts }, clock.time), null)
      assert.equal(
        await mailPerson(store, site, { id: 'case/3', ...texts, person: 'bob' }, clock.time),
        'no-address',
      )
      await runner.run()
      assert.deepEqual(
        sink.received.map(({ mail }) => [mail.subject, mail.text?.includes('Es ist behoben.')]),
        [
          ['Sie sagten, wir taten', true],
          ['Sie sagten, wir taten', true],
        ],
      )
      await mailPerson(store, site, { id: 'case/4', ...texts }, clock.time)
      const { who, mail } = address
      await store.unsubscribe(site, { who, mail, person: 'ann', by: 'link', at: clock.time })
      await runner.run()
      assert.equal(sink.received.length, 2)
      assert.equal(await mailPerson(store, site, { id: 'case/5', ...texts }, clock.time), 'unsubscribed')
    },
  },
]

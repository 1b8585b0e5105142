/** What the cases of a runner share: webhooks that answer as they are told, a clock that is driven, and what is said. */
import type { FollowUpPlan } from '../core/followUpPlan.ts'
import type { Message, Webhook } from '../core/webhook.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { Log } from '../ports/world.ts'
import { openSite, send, now as start, type Sent } from '../stores/storeSuite.fixtures.ts'
import { systemHash, systemRandom } from '../system.ts'
import type { Posted } from './post.ts'
import { createRunner, type Runner } from './runner.ts'

export const hour = 3_600_000
export const day = 24 * hour

/** One case. */
export interface RunnerCase {
  name: string
  run(store: EventStore): Promise<void>
}

export const log: Log = {
  info: () => undefined,
  error: (message, error) => {
    throw new Error(message, { cause: error })
  },
}

export const hook = (fields: Partial<Webhook> = {}): Webhook => ({
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
export const rule = (fields: Partial<FollowUpPlan['rules'][number]> = {}): FollowUpPlan['rules'][number] => ({
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

/** A store with a plan, whose webhooks answer as they are told, and a clock that is driven. */
export async function stage(
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

export const steps = (sent: readonly Sending[]): unknown[] =>
  sent.map(({ message }) => message.data.followUp?.step)
export const failed = (reason = 'status 500'): Posted => ({ ok: false, reason })

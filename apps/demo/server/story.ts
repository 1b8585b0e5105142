/** The story of one customer: an enquiry is answered, and nobody comes back. Sets its rules up, and says how far it has come. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RunningCollector } from './collectors.ts'
import type { Mailbox } from './mailbox.ts'
import { replyNps } from '../src/surveys.ts'

/** Something that goes out, or is to. */
export interface Errand {
  state: 'waiting' | 'done' | 'stopped' | 'dead'
  /** While it waits. */
  due: string | null
  madeAt: string
  endedAt: string | null
  reason: string | null
}

/** A message that arrived. */
export interface Arrived {
  /** Under which `/verify/mail/{number}` shows it. */
  number: number
  to: string
  subject: string
}

/** What the receiver of the webhook was told. */
export interface Heard {
  type: string
  id: string
  /** Whether the signature is that of the collector. */
  isSigned: boolean
  /** By the clock of the demo. */
  at: string
}

/** Answer of `GET /verify/story?person=…&ticket=…`; null is what has not happened. All moments are those of the collector. */
export interface Story {
  /** Identity of the follow-up. */
  followUp: string
  /** That a mail is to go out. */
  planned: Errand | null
  mail: (Errand & { message: Arrived | null }) | null
  answer: {
    response: string
    /** Of which follow-up and whose, as the response has it. */
    followUp: string | null
    person: string | null
    channel: string
    score: number
    at: string
  } | null
  /** What the webhook is told of the answer. */
  webhook: (Errand & { heard: Heard[] }) | null
  case: {
    id: string
    title: string
    state: string
    role: string | null
    openedAt: string
    closedAt: string | null
    reason: string | null
    /** What is said to the customer. */
    message: string | null
  } | null
  told: (Errand & { message: Arrived | null }) | null
}

interface Job extends Errand {
  kind: string
  id: string
  type: string | null
  response: string | null
}

export interface StoryDesk {
  /** Tells the collector the address of a new customer. */
  begin(): Promise<{ person: string; ticket: string }>
  read(person: string, ticket: string): Promise<Story>
  /** Takes what the webhook is sent. */
  hear(headers: Readonly<Record<string, string | string[] | undefined>>, body: string): number
}

const day = 86_400_000
/** How old a message of the webhook may be. */
const oldest = 5 * 60_000
const askRule = 'ask-after-reply'
const callRule = 'call-back'
const hookName = 'help desk of the demo'

/**
 * Puts the rules and the webhook. Rules of others stay.
 *
 * @param setting.receiver where the webhook leads
 * @param setting.delay milliseconds from the answered enquiry to the mail
 */
export async function openStory(
  collector: RunningCollector,
  mailbox: Mailbox,
  setting: { receiver: string; delay: number; now: () => number },
): Promise<StoryDesk> {
  const heard: (Heard & { response: string | null })[] = []
  const call = async <Body>(path: string, method = 'GET', body?: unknown): Promise<Body> => {
    const answer = await collector.admin(path, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return (answer.status === 204 ? null : await answer.json()) as Body
  }

  const { webhooks } = await call<{ webhooks: { id: string; name: string }[] }>('/v1/webhooks')
  // Its secret was shown when it was made, and never again.
  for (const { id, name } of webhooks) if (name === hookName) await call(`/v1/webhooks/${id}`, 'DELETE')
  const { secret } = await call<{ secret: string }>('/v1/webhooks', 'POST', {
    name: hookName,
    url: setting.receiver,
    events: ['answer.given', 'case.opened', 'case.closed', 'case.told'],
    surveys: [replyNps.id],
  })
  const plan = await call<{ rules: { id: string }[] }>('/v1/follow-ups')
  const others = plan.rules.filter(({ id }) => id !== askRule && id !== callRule)
  await call('/v1/follow-ups', 'PUT', {
    ...plan,
    rules: [
      ...others,
      {
        id: askRule,
        after: { on: 'event', name: 'enquiry_answered', key: 'ticket' },
        delay: setting.delay / day,
        expires: 14,
        do: { mail: { survey: replyNps.id, subject: { en: 'Did our answer help you?' } } },
        text: { en: 'Hello,\n\nwe have answered your enquiry. One question about it:' },
      },
      {
        id: callRule,
        after: { on: 'answer', survey: replyNps.id, when: { question: 'score', bands: ['detractor'] } },
        delay: 0,
        expires: 2,
        do: { case: { role: 'agent', title: 'Call back', priority: 'high', dueHours: 24 } },
      },
    ],
  })

  const errand = ({ state, due, madeAt, endedAt, reason }: Job): Errand => ({
    state,
    due,
    madeAt,
    endedAt,
    reason,
  })
  const answerTo = async (followUp: string): Promise<Story['answer']> => {
    const { responses } = await call<{
      responses: { id: string; followUp: string | null; person: string | null; channel: string }[]
    }>(`/v1/responses?survey=${replyNps.id}&limit=100`)
    const found = responses.find((each) => each.followUp === followUp)
    if (!found) return null
    const { events } = await call<{
      events: { event: { type: string; data: { question?: string; value?: unknown } }; receivedAt: string }[]
    }>(`/v1/responses/${found.id}`)
    const given = events.find(({ event }) => event.type === 'answer' && event.data.question === 'score')
    if (!given) return null
    const { person, channel } = found
    return {
      response: found.id,
      followUp: found.followUp,
      person,
      channel,
      score: Number(given.event.data.value),
      at: given.receivedAt,
    }
  }
  const caseOf = async (person: string): Promise<(NonNullable<Story['case']> & { entry: number }) | null> => {
    const { cases } = await call<{ cases: NonNullable<Story['case']>[] }>(
      `/v1/cases?person=${encodeURIComponent(person)}&limit=1`,
    )
    const [found] = cases
    if (!found) return null
    const { history } = await call<{ history: { number: number; message: string | null }[] }>(
      `/v1/cases/${found.id}`,
    )
    const told = history.findLast(({ message }) => message !== null)
    const { id, title, state, role, openedAt, closedAt, reason } = found
    const times = { openedAt, closedAt, reason }
    return { id, title, state, role, ...times, message: told?.message ?? null, entry: told?.number ?? 0 }
  }

  return {
    async begin() {
      const name = randomBytes(3).toString('hex')
      const person = `customer-${name}`
      await call(`/v1/people/${person}/mail`, 'PUT', { email: `${person}@example.com`, locale: 'en' })
      return { person, ticket: `ticket-${name}` }
    },
    async read(person, ticket) {
      const followUp = `${replyNps.id}/${askRule}/${ticket}`
      const [{ jobs }, mails, answer, about] = await Promise.all([
        call<{ jobs: Job[] }>('/v1/jobs?limit=200'),
        mailbox.mails(),
        answerTo(followUp),
        caseOf(person),
      ])
      const own = mails.filter(({ to }) => to.startsWith(`${person}@`))
      const find = (kind: string, id: string): Job | undefined =>
        jobs.find((each) => each.kind === kind && each.id === id)
      const sent = (id: string, message: (typeof own)[number] | undefined): Story['mail'] => {
        const job = find('mail', id)
        if (!job) return null
        const { number, to, subject } = message ?? { number: 0, to: '', subject: '' }
        return { ...errand(job), message: message ? { number, to, subject } : null }
      }
      const planned = find('followup', followUp)
      const delivery = jobs.find(
        (each) => each.type === 'answer.given' && answer !== null && each.response === answer.response,
      )
      const { entry = 0, ...stands } = about ?? {}
      return {
        followUp,
        planned: planned ? errand(planned) : null,
        mail: sent(`follow/${followUp}#0`, own[0]),
        answer,
        webhook: delivery
          ? {
              ...errand(delivery),
              heard: heard
                .filter(({ response }) => response === answer?.response)
                .map(({ type, id, isSigned, at }) => ({ type, id, isSigned, at })),
            }
          : null,
        case: about ? (stands as Story['case']) : null,
        told: about ? sent(`told/${about.id}#${entry}`, own[1]) : null,
      }
    },
    hear(headers, body) {
      const text = (name: string): string => String(headers[name] ?? '')
      const [id, timestamp] = [text('webhook-id'), text('webhook-timestamp')]
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
      const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
      const isRight = text('webhook-signature')
        .split(' ')
        .some((each) => {
          const given = Buffer.from(each.replace(/^v1,/, ''), 'base64')
          return given.length === expected.length && timingSafeEqual(given, expected)
        })
      const isFresh = Math.abs(setting.now() - Number(timestamp) * 1000) < oldest
      if (!isRight || !isFresh) return 401
      const { type, data } = JSON.parse(body) as { type: string; data: { response: { id: string } | null } }
      // It may come twice, under one id.
      if (!heard.some((each) => each.id === id))
        heard.push({
          type,
          id,
          isSigned: true,
          at: new Date(setting.now()).toISOString(),
          response: data.response?.id ?? null,
        })
      return 204
    },
  }
}

/** A collector that writes to those who were silent in the page, and the links of its messages: each leads to a survey on a page of its own. */
import { type Collector, createCollector } from '@earshot/collector'
import { nps, type Survey } from '@earshot/sdk'
import { vi } from 'vitest'
import { type Mailbox, startMailbox } from './mailbox.ts'

const day = 86_400_000
const [writeKey, adminToken] = ['pk_hosted', 'sk_hosted_0123456789abcdef0123456789']

/** Every kind of question; what is asked hangs on what was answered. */
export const everyKind: Survey = {
  id: 'all',
  version: 1,
  locale: 'en',
  triggers: [],
  recontact: { answered: 0, dismissed: 0, shown: 0 },
  questions: [
    {
      kind: 'scale',
      id: 'ease',
      metric: 'ces2',
      title: 'How easy was it?',
      min: 1,
      max: 7,
      low: 'Hard',
      high: 'Easy',
      positive: [5, 7],
      negative: [1, 3],
      required: true,
    },
    {
      kind: 'statement',
      id: 'read',
      title: 'Thank you for {{answer.ease|it}}',
      text: 'A few more questions.',
    },
    {
      kind: 'choice',
      id: 'what',
      title: 'What was it?',
      options: [
        { id: 'a', label: 'Price' },
        { id: 'b', label: 'Service' },
      ],
      multiple: true,
      other: 'Other',
      shuffle: true,
    },
    { kind: 'yesno', id: 'again', title: 'Would you come again?', yes: 'Yes', no: 'No' },
    { kind: 'text', id: 'mail', title: 'Where do we reach you?', input: 'email', maxLength: 100 },
    {
      kind: 'scale',
      id: 'stars',
      metric: 'csat',
      title: 'All in all?',
      look: 'stars',
      min: 1,
      max: 5,
      low: 'Bad',
      high: 'Good',
      positive: [4, 5],
      negative: [1, 2],
    },
    { kind: 'text', id: 'why', title: 'Anything else?', maxLength: 500 },
  ],
  thanks: { title: 'Thank you for {{answer.ease|it}}', text: 'Goodbye.' },
}
/** A response as the collector tells it. */
export interface LinkedResponse {
  id: string
  status: string
  person: string
  channel: string
  visitor: string
  followUp: string
  trigger: string
  wording: string
  locale: string
  answers: Record<string, { value: unknown; other?: string; order?: string[]; revision: number }>
}

/** Ids of the surveys that there are links to: a score and a comment, every kind of question, a score alone. */
export type LinkedSurvey = 'nps' | 'all' | 'one'

/** What was sent, and what came of it. */
export interface Linked {
  url: string
  writeKey: string
  mailbox: Mailbox
  /** The collector's, in milliseconds. */
  clock: { time: number }
  read<Body>(path: string): Promise<Body>
  put(path: string, body: object): Promise<void>
  /** Has somebody new written to, who was silent in the page; the address of the link, with an answer in it if given. */
  linkTo(person: string, survey: LinkedSurvey, locale: string, answer?: number): Promise<string>
  /** What is stored of somebody's hosted survey. */
  stored(person: string): Promise<LinkedResponse[]>
  close(): Promise<void>
}

/** A rule that sends a survey by mail when nothing was said three days after another was shown. */
export const mailRule = (survey: string): object => ({
  id: `after-${survey}`,
  after: { on: 'silence', survey: `asks-${survey}` },
  delay: 3,
  expires: 30,
  do: { mail: { survey } },
})

/** Starts both. */
export async function startLinked(): Promise<Linked> {
  const clock = { time: Date.now() }
  const mailbox = await startMailbox()
  const collector: Collector = await createCollector({
    data: ':memory:',
    writeKey,
    adminToken,
    clock: { now: () => clock.time },
    mail: { smtp: mailbox.url, from: 'Acme <hi@acme.example>' },
    publicUrl: 'https://feedback.example.com',
    browserFiles: 'packages/sdk/dist/browser',
  })
  const { url } = await collector.listen({ port: 0 })
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(url + path, { ...init, headers })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const read = async <Body>(path: string): Promise<Body> => (await (await call(path)).json()) as Body
  const put = async (path: string, body: object): Promise<void> => {
    await call(path, { method: 'PUT', body: JSON.stringify(body) })
  }
  const score = nps({ id: 'nps', name: 'Acme' })
  await put('/v1/surveys/nps', score)
  await put('/v1/surveys/all', everyKind)
  await put('/v1/surveys/one', { ...score, id: 'one', questions: score.questions.slice(0, 1) })
  for (const id of ['asks-nps', 'asks-all', 'asks-one']) await put(`/v1/surveys/${id}`, { ...score, id })
  await put('/v1/follow-ups', { rules: [mailRule('nps'), mailRule('all'), mailRule('one')] })
  let people = 0
  return {
    url,
    writeKey,
    mailbox,
    clock,
    read,
    put,
    async linkTo(person, survey, locale, answer) {
      const address = `${person}@example.com`
      await put(`/v1/people/${person}/mail`, { email: address, locale })
      const number = String((people += 1)).padStart(2, '0')
      const event = {
        id: `018f0000-0000-7000-8000-e000000000${number}`,
        type: 'display',
        at: new Date(clock.time).toISOString(),
        visitor: `v-${person}`,
        person,
        session: 's',
        seq: 1,
        survey: `asks-${survey}`,
        surveyVersion: 1,
        response: `018f0000-0000-7000-8000-f000000000${number}`,
        data: { trigger: 'page' },
        context: { channel: 'web', locale },
      }
      const body = { key: writeKey, sentAt: event.at, sdk: 'e2e/1', events: [event] }
      const sent = await call('/v1/feedback', { method: 'POST', body: JSON.stringify(body) })
      const { accepted } = (await sent.json()) as { accepted: string[] }
      if (accepted.length !== 1) throw new Error(`It was not taken that ${person} was asked.`)
      clock.time += 3 * day
      const text = await vi.waitFor(
        () => {
          const found = mailbox.texts.get(address)
          if (found === undefined) throw new Error(`There is no mail to ${person} yet.`)
          return found
        },
        { timeout: 30_000 },
      )
      const links = [...text.matchAll(/https:\S+/g)].map(([link]) =>
        link.replace('https://feedback.example.com', url),
      )
      const found = links.find((each) => new URL(each).searchParams.get('a') === String(answer ?? 5))
      if (found === undefined) throw new Error(`There is no such link in: ${text}`)
      return answer === undefined ? found.replace(/\?.*/, '') : found
    },
    async stored(person) {
      const { responses } = await read<{ responses: LinkedResponse[] }>('/v1/responses?limit=100')
      return responses.filter((each) => each.person === person && each.channel === 'mail')
    },
    async close() {
      await collector.close()
      mailbox.close()
    },
  }
}

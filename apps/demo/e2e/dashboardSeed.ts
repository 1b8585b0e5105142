/** Answers that nobody gave, the same ones every time, so that every page of the dashboard has something to show. */
import type { FeedbackEvent, Survey, SurveyEvent } from '@earshot/contract'
import { ces, csat, nps } from '@earshot/sdk'

const day = 86_400_000

/** Two versions of one survey, so that there is a difference to look at. */
const shopNps = (version: number): Survey => ({
  ...nps({ id: 'shop-nps-made', name: 'Fernwood', touchpoint: 'checkout', stage: 'purchase' }),
  version,
  purpose: version === 1 ? 'Whether customers come back.' : 'Whether customers come back and tell others.',
  owner: 'customer care',
  hidden: ['plan'],
})

const delivery: Survey = {
  ...csat({ id: 'delivery-csat', name: 'your delivery', touchpoint: 'delivery', stage: 'purchase' }),
  purpose: 'What to mend first in deliveries.',
  owner: 'logistics',
}
delivery.questions = [
  ...delivery.questions.slice(0, 1),
  {
    kind: 'choice',
    id: 'reason',
    title: 'What mattered most?',
    multiple: true,
    options: [
      { id: 'time', label: 'Time of delivery' },
      { id: 'box', label: 'Packaging' },
      { id: 'plants', label: 'State of the plants' },
      { id: 'driver', label: 'The driver' },
    ],
  },
  { kind: 'text', id: 'words', title: 'Anything else?', maxLength: 1000 },
]

const help: Survey = {
  ...ces({ id: 'help-ces-made', name: 'Fernwood', touchpoint: 'help', stage: 'support' }),
  purpose: 'Whether help helps.',
  owner: 'support',
}

/** All of them. */
const seededSurveys: readonly Survey[] = [shopNps(1), shopNps(2), delivery, help]

const sayings = {
  bad: [
    'Delivery came three days late and nobody told me.',
    'The plants were dry when they arrived.',
    'Too expensive for what it is, and delivery was late again.',
    'I could not reach anybody on the phone.',
    'Packaging was torn, soil everywhere.',
  ],
  middle: ['Fine, but delivery could be faster.', 'A wider choice of herbs would be nice.', 'Okay.'],
  good: [
    'Lovely plants, well packed, thank you!',
    'Friendly advice and quick delivery.',
    'The tomatoes grew like mad.',
    'Sehr schöne Pflanzen, gerne wieder.',
  ],
}

/** A number from 0 to 1 that hangs on its source alone. */
function chance(source: number): number {
  let value = (source + 0x6d2b79f5) | 0
  value = Math.imul(value ^ (value >>> 15), value | 1)
  value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
  return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
}

const uuid = (at: number, which: number, row: number): string => {
  const time = at.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${which.toString(16).padStart(3, '0')}-9000-${row.toString(16).padStart(12, '0')}`
}

/** Events of one showing. */
function showing(survey: Survey, row: number, at: number): FeedbackEvent[] {
  const roll = (which: number): number => chance(row * 31 + which)
  const visitor = `made-${row % 800}`
  const response = uuid(at, 0, row)
  const locale = roll(1) < 0.6 ? 'en' : roll(1) < 0.9 ? 'de' : 'fr'
  const touchpoint = roll(2) < 0.75 ? survey.touchpoint : 'account'
  let seq = 0
  const base = (after: number): Omit<SurveyEvent, 'type' | 'data'> => ({
    id: uuid(at + after, ++seq, row),
    at: new Date(at + after).toISOString(),
    visitor,
    person: row % 3 === 0 ? `customer-${row % 400}` : null,
    session: `session-${row}`,
    seq,
    survey: survey.id,
    surveyVersion: survey.version,
    response,
    context: { locale, channel: 'web', touchpoint, stage: survey.stage, url: 'https://shop.example/' },
  })
  const hidden = survey.hidden ? { hidden: { plan: roll(3) < 0.3 ? 'club' : 'free' } } : {}
  const events: FeedbackEvent[] = [{ ...base(0), type: 'display', data: { trigger: 'event', ...hidden } }]
  if (roll(4) > 0.42) {
    if (roll(5) < 0.6) events.push({ ...base(2500), type: 'dismiss', data: { reason: 'close' } })
    return events
  }
  const scale = survey.questions[0]
  if (scale?.kind !== 'scale') return events
  // Those of the account page are less happy; of late it has got better.
  const mood =
    roll(6) * 1.15 + (touchpoint === 'account' ? -0.18 : 0) + (at > Date.now() - 28 * day ? 0.07 : 0)
  const value = Math.max(
    scale.min,
    Math.min(scale.max, Math.round(scale.min + (scale.max - scale.min) * (0.28 + mood * 0.75))),
  )
  const side = scale.positive.includes(value) ? 'good' : scale.negative.includes(value) ? 'bad' : 'middle'
  const answer = (question: string, said: string | number | string[], after: number): void => {
    events.push({ ...base(after), type: 'answer', data: { question, value: said, revision: 0 } })
  }
  answer(scale.id, value, 4000)
  if (roll(7) < 0.18) return events
  const choice = survey.questions.find((each) => each.kind === 'choice')
  if (choice?.kind === 'choice') {
    const chosen = choice.options.filter((_, index) => roll(20 + index) < [0.6, 0.3, 0.25, 0.1][index]!)
    if (chosen.length > 0)
      answer(
        choice.id,
        chosen.map((each) => each.id),
        8000,
      )
    if (roll(9) < 0.2) return events
  }
  const band = { nps: ['detractor', 'passive', 'promoter'], csat: ['dissatisfied', 'neutral', 'satisfied'] }
  const names =
    scale.metric === 'nps' ? band.nps : scale.metric === 'csat' ? band.csat : ['hard', 'neutral', 'easy']
  const name = names[{ bad: 0, middle: 1, good: 2 }[side]]
  const words = survey.questions.find(
    (each) => each.kind === 'text' && [`why-${name}`, 'words'].includes(each.id),
  )
  const list = sayings[side]
  if (words && roll(10) < 0.45) answer(words.id, list[Math.floor(roll(11) * list.length)]!, 15_000)
  events.push({ ...base(16_000), type: 'complete', data: {} })
  return events
}

/** What became of some hundred customers, as a server tells it. */
function lives(now: number): object[] {
  const events: object[] = []
  const tell = (person: number, name: string, ago: number, props: object = {}): void => {
    const at = new Date(now - ago * day - 3_600_000).toISOString()
    events.push({ id: `${name}-${person}-${ago}`, name, at, person: `customer-${person}`, props })
  }
  for (let person = 1; person <= 240; person++) {
    const roll = (which: number): number => chance(person * 101 + which)
    tell(person, 'subscription_started', 60 + Math.floor(roll(1) * 60), {
      amount: 10 + Math.floor(roll(2) * 30),
    })
    if (roll(3) < 0.12) tell(person, 'subscription_ended', Math.floor(roll(4) * 27))
    for (let ago = 0; ago < 28; ago++) if (chance(person * 997 + ago) < 0.2) tell(person, 'active', ago)
    if (roll(5) < 0.4)
      tell(person, 'purchased', Math.floor(roll(6) * 27), { referred: roll(7) < 0.2, amount: 30 })
    if (roll(8) < 0.3) {
      const enquiry = `enquiry-${person}`
      tell(person, 'enquiry_opened', 20, { enquiry })
      tell(person, 'enquiry_contacted', 19, { enquiry })
      tell(person, 'enquiry_resolved', 20 - Math.ceil(roll(9) * 6), { enquiry })
    }
    if (roll(10) < 0.5) tell(person, 'trial_started', 125)
  }
  return events
}

/** What is put before any answer: bad scores of the newest survey go to the agents, those of deliveries to nobody by name. */
const plan = {
  rules: [
    {
      id: 'unhappy',
      after: { on: 'answer', survey: 'shop-nps-made', when: { question: 'score', bands: ['detractor'] } },
      delay: 0,
      expires: 2,
      do: { case: { role: 'agent', title: 'Call back', priority: 'high', dueHours: 24 } },
    },
    {
      id: 'delivery',
      after: { on: 'answer', survey: 'delivery-csat', when: { question: 'score', bands: ['dissatisfied'] } },
      delay: 0,
      expires: 2,
      do: { case: { role: 'analyst', title: 'Look into the delivery' } },
    },
  ],
}

/** Where to send. */
interface Target {
  collectorUrl: string
  writeKey: string
  adminToken: string
}

/** Puts the surveys and sends some thousand showings of the last 150 days. */
export async function seed(target: Target): Promise<void> {
  const { collectorUrl, adminToken } = target
  for (const survey of seededSurveys) {
    const response = await fetch(`${collectorUrl}/v1/surveys/${survey.id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(survey),
    })
    if (!response.ok) throw new Error(`${survey.id}: ${await response.text()}`)
  }
  const now = Date.now()
  const told = lives(now)
  for (let at = 0; at < told.length; at += 500) {
    const response = await fetch(`${collectorUrl}/v1/lifecycle`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events: told.slice(at, at + 500) }),
    })
    if (!response.ok) throw new Error(await response.text())
  }
  const [, newest, ...others] = seededSurveys
  const events: FeedbackEvent[] = []
  for (let row = 1; row <= 3600; row++) {
    const at = Math.floor(now - 60_000 - chance(row) * 150 * day)
    const which = row % 6
    const survey = which < 3 ? newest : others[which % 2]
    if (survey) events.push(...showing(survey, row, at))
  }
  await send(target, events)
  const planned = await fetch(`${collectorUrl}/v1/follow-ups`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(plan),
  })
  if (!planned.ok) throw new Error(await planned.text())
  // Of the last hour, so that some are bad enough for the plan.
  const fresh = Array.from({ length: 160 }, (_, index) =>
    showing(index % 2 === 0 ? delivery : shopNps(2), 3601 + index, now - 20_000 * (161 - index)),
  )
  await send(target, fresh.flat())
}

async function send({ collectorUrl, writeKey }: Target, events: readonly FeedbackEvent[]): Promise<void> {
  for (let at = 0; at < events.length; at += 300) {
    const response = await fetch(`${collectorUrl}/v1/feedback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        key: writeKey,
        sentAt: new Date().toISOString(),
        sdk: 'seed/1',
        events: events.slice(at, at + 300),
      }),
    })
    if (!response.ok) throw new Error(await response.text())
    const { rejected } = (await response.json()) as { rejected: { message: string }[] }
    if (rejected[0]) throw new Error(rejected[0].message)
  }
}

/** Somebody new answers a survey that is seeded; resolves when the collector has it. */
export async function giveAnswer(
  { collectorUrl, writeKey }: Target,
  survey: string,
  value: number,
): Promise<void> {
  const at = new Date().toISOString()
  // Nobody answers in the moment in which they see it.
  const seenAt = new Date(Date.now() - 8000).toISOString()
  const [response, visitor] = [randomUuid(), `live-${randomUuid()}`]
  const common = {
    at,
    visitor,
    person: null,
    session: visitor,
    survey,
    surveyVersion: survey === 'shop-nps-made' ? 2 : 1,
    response,
    context: { locale: 'en', channel: 'web', url: 'https://shop.example/' },
  }
  const sent = await fetch(`${collectorUrl}/v1/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      key: writeKey,
      sentAt: at,
      sdk: 'test/1',
      events: [
        { ...common, at: seenAt, id: randomUuid(), seq: 1, type: 'display', data: { trigger: 'event' } },
        {
          ...common,
          id: randomUuid(),
          seq: 2,
          type: 'answer',
          data: { question: 'score', value, revision: 0 },
        },
      ],
    }),
  })
  const { accepted } = (await sent.json()) as { accepted: string[] }
  if (accepted.length !== 2) throw new Error(`The answer was not taken: ${sent.status}`)
}

/** A version 7 UUID of now. */
function randomUuid(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
}

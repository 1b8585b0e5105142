/** What the cases of `storeSuite` share: a survey, events of it by number, and the ways to a store. */
import assert from 'node:assert/strict'
import type {
  AnswerValue,
  ChoiceQuestion,
  DisplayEvent,
  FeedbackEvent,
  Place,
  Receipt,
  ScaleQuestion,
  Survey,
} from '@earshot/contract'
import { judge, maxInlineSurveys, readBatch, receiptFor } from '../core/ingest.ts'
import { decidePlace, type PlaceAsk } from '../core/places.ts'
import { decidePut } from '../core/surveys.ts'
import type { StartSite } from '../ports/accessStore.ts'
import type { EventStore } from '../ports/eventStore.ts'

/** One case. */
export interface StoreCase {
  name: string
  /** Rejects when the store breaks a promise. The caller closes the store. */
  run(store: EventStore): Promise<void>
}

export const now = Date.UTC(2026, 10, 21, 12)
export const iso = (moment: number): string => new Date(moment).toISOString()
export const uuid = (kind: 'e' | 'f', number: number): string =>
  `018f0000-0000-7000-8000-${kind}${number.toString(16).padStart(11, '0')}`

export const score: ScaleQuestion = {
  kind: 'scale',
  id: 'score',
  metric: 'nps',
  min: 0,
  max: 10,
  positive: [9, 10],
  negative: [0, 1, 2, 3, 4, 5, 6],
  title: 'How likely are you to recommend us?',
  low: 'Not at all',
  high: 'Very',
}
/** A choice of several. */
export const cause: ChoiceQuestion = {
  kind: 'choice',
  id: 'cause',
  title: 'What about?',
  options: [
    { id: 'price', label: 'Price' },
    { id: 'staff', label: 'Staff' },
  ],
  positive: ['staff'],
  multiple: true,
}
export const survey: Survey = {
  id: 'nps',
  version: 1,
  locale: 'en',
  questions: [score],
  thanks: { title: 'Thank you' },
  triggers: [],
  recontact: { answered: 90, dismissed: 30, shown: 7 },
}

export interface Sent {
  number: number
  type?: 'display' | 'answer' | 'complete' | 'dismiss' | 'snooze' | 'optout' | 'answered' | 'cancelled'
  response?: number
  question?: string
  value?: AnswerValue
  revision?: number
  at?: number
  visitor?: string
  person?: string
  survey?: string
  variant?: string
  followUp?: string
  display?: Partial<DisplayEvent['data']>
}

export function event(sent: Sent): FeedbackEvent {
  const { number, type = 'answer', at = now - 60_000, visitor = 'visitor', person = null } = sent
  const base = {
    id: uuid('e', number),
    at: iso(at),
    visitor,
    person,
    session: 'session',
    seq: number,
    context: { channel: 'web' },
  }
  if (type === 'optout') return { ...base, type, data: {} }
  const { followUp = 'nps/why/1', variant } = sent
  const about = {
    survey: sent.survey ?? 'nps',
    surveyVersion: 1,
    response: uuid('f', sent.response ?? 1),
    ...(variant !== undefined && { variant }),
  }
  if (type === 'answered' || type === 'cancelled')
    return { ...base, ...about, type: 'followup', data: { followUp, state: type } }
  if (type === 'answer')
    return {
      ...base,
      ...about,
      type,
      data: { question: sent.question ?? 'score', value: sent.value ?? 9, revision: sent.revision ?? 0 },
    }
  if (type === 'display') return { ...base, ...about, type, data: { trigger: 'show', ...sent.display } }
  if (type === 'snooze') return { ...base, ...about, type, data: { until: iso(now) } }
  return type === 'dismiss'
    ? { ...base, ...about, type, data: { reason: 'close' } }
    : { ...base, ...about, type, data: {} }
}

export const openSite = (store: EventStore): Promise<StartSite> =>
  store.saveSite(() => ({ writeKey: 'pk_suite', tokenHash: new Uint8Array(32).fill(7) }), now)

export async function send(
  store: EventStore,
  site: number,
  sent: Sent[],
  surveys: Survey[] = [survey],
  at = now,
): Promise<Receipt> {
  const batch = readBatch(
    { key: 'pk_suite', sentAt: iso(at), sdk: 'suite', surveys, events: sent.map(event) },
    at,
  )
  const policy = { inline: 'accept', most: maxInlineSurveys } as const
  if (store.ingest) return store.ingest(site, batch, policy, at)
  const { verdict, inserted } = await store.append(site, batch, (known) => judge(batch, known, policy), at)
  return receiptFor(verdict, inserted)
}

/** Has events stored that arrive at a moment. */
export async function arrive(
  store: EventStore,
  site: number,
  at: number,
  events: FeedbackEvent[],
): Promise<void> {
  const batch = readBatch({ key: '', sentAt: iso(at), sdk: 'suite', surveys: [], events }, at)
  await store.append(site, batch, (known) => judge(batch, known, { inline: 'accept', most: 9 }), at)
}
const base = (sent: Sent): object => ({ ...event({ ...sent, type: 'optout' }) })
/** An event of the site, of whoever is named. */
export const track = (name: string, sent: Sent): FeedbackEvent =>
  ({ ...base(sent), type: 'track', data: { name, props: {} } }) as FeedbackEvent
/** Traits of whoever is named. */
export const identify = (traits: object, sent: Sent): FeedbackEvent =>
  ({ ...base(sent), type: 'identify', data: { traits } }) as FeedbackEvent

/** Asks for a place as the route does: by a quota, at a moment. */
export async function take(
  store: EventStore,
  site: number,
  quota: number | null,
  asked: { response: number; visitor?: string; person?: string | null; followUp?: string; at?: number },
): Promise<Place> {
  const { response, visitor = `visitor-${response}`, person = null, followUp, at = now } = asked
  const ask: PlaceAsk = { survey: 'nps', response: uuid('f', response), visitor, person, followUp }
  return store.place
    ? store.place(site, ask, quota, at)
    : store.takePlace(site, ask, (facts) => decidePlace(ask, facts, quota, at), at)
}

/** Puts the survey with a quota, in the next version. */
export async function limit(store: EventStore, site: number, quota: number, version = 1): Promise<void> {
  const limited = { ...survey, version, quota }
  const { kind } = await store.putSurvey(site, limited, (stored) => decidePut(limited, stored), now)
  assert.equal(kind, 'created')
}

export const everything = { survey: 'nps', versions: [1], question: 'score', basis: 'all' } as const

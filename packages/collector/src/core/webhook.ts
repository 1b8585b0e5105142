/** What a webhook is, what it is sent, and how that is signed (https://www.standardwebhooks.com). */
import { matchLanguage, type Survey } from '@earshot/contract'
import { alertLines, type AlertFacts } from './alerts.ts'
import type { Case, CaseStep } from './cases.ts'
import type { Texts } from './followUpPlan.ts'
import type { KeptResponse } from './project.ts'
import { formatMoment, type Millis } from './time.ts'

/** Types of what a webhook may hear of by itself. */
export const webhookEvents = [
  'answer.given',
  'response.completed',
  'case.opened',
  'case.closed',
  'case.told',
] as const

/** How what is sent looks. */
export const webhookShapes = ['json', 'slack', 'teams'] as const

/** An address that is told what happens. */
export interface Webhook {
  /** `wh_…` */
  id: string
  name: string
  url: string
  shape: (typeof webhookShapes)[number]
  /** What it hears of; what rules send to it comes besides. */
  events: (typeof webhookEvents)[number][]
  /** Of these surveys only; null: of all. */
  surveys: string[] | null
  /** The first one is the current one; others are good until then, so that a receiver can change over. */
  secrets: { secret: string; until: Millis | null }[]
  createdAt: Millis
}

/** What a delivery is about. It holds ids alone, so that what is erased is in no queue. */
export interface DeliveryBody {
  type: (typeof webhookEvents)[number] | 'follow-up.due' | 'webhook.test'
  /** When it happened. */
  at: Millis
  event: string | null
  response: string | null
  followUp?: { id: string; rule: string; cause: string; step: number; text: Texts | null } | undefined
  /** The numbers of the alert that it is about. */
  alert?: AlertFacts | undefined
  /** A case, and the line of its history that it is about. */
  case?: { id: string; entry: number; rule?: string | undefined } | undefined
}

/** A case as it is sent. Notes of the staff stay where they are. */
export type ToldCase = Pick<
  Case,
  | 'id'
  | 'rule'
  | 'cause'
  | 'survey'
  | 'title'
  | 'priority'
  | 'state'
  | 'role'
  | 'owner'
  | 'visitor'
  | 'person'
  | 'reason'
> & { openedAt: string; dueAt: string | null; closedAt: string | null; message: string | null }

/** What is sent, as JSON. */
export interface Message {
  type: DeliveryBody['type']
  timestamp: string
  data: {
    followUp?: { id: string; rule: string; cause: string; step: number; text: string | null } | undefined
    case?: ToldCase | undefined
    /** Where an alert caused it. */
    alert?: AlertFacts | undefined
    event?: unknown
    response: KeptResponse | null
  }
}

/**
 * The words for somebody with this locale, or else English ones, or else the first ones.
 *
 * @example
 * textFor({ de: 'Hallo', en: 'Hello' }, 'de-AT') // 'Hallo'
 */
function textFor(texts: Texts | null | undefined, locale: string | null): string | null {
  const tags = Object.keys(texts ?? {})
  const found =
    (locale === null ? undefined : matchLanguage([locale], tags)) ?? (tags.includes('en') ? 'en' : tags[0])
  return (found === undefined ? undefined : texts?.[found]) ?? null
}

/** Puts together what is sent. */
export function messageOf(
  body: DeliveryBody,
  event: unknown,
  response: KeptResponse | null,
  told: CaseStep | null = null,
): Message {
  const { type, at, followUp } = body
  const alert = body.alert ?? told?.case.alert
  return {
    type,
    timestamp: formatMoment(at),
    data: {
      ...(followUp && {
        followUp: { ...followUp, text: textFor(followUp.text, response?.locale ?? null) },
      }),
      ...(told && { case: toldCase(told) }),
      ...(alert && { alert }),
      ...(event !== null && { event }),
      response,
    },
  }
}

function toldCase({ case: stands, entry }: CaseStep): ToldCase {
  const { id, rule, cause, survey, title, priority, state, role, owner, visitor, person, reason } = stands
  const moment = (at: Millis | null): string | null => (at === null ? null : formatMoment(at))
  const names = { id, rule, cause, survey, title, priority, state, role, owner, visitor, person, reason }
  const times = { openedAt: formatMoment(stands.openedAt), dueAt: moment(stands.dueAt) }
  return { ...names, ...times, closedAt: moment(stands.closedAt), message: entry.message }
}

/** Longest answer in a message to people. */
const mostShown = 500

/** The message as lines for people: what happened, then each answer. */
function linesOf({ type, data }: Message, survey: Survey | null): string[] {
  const { response, followUp, case: about, alert } = data
  const what = {
    'answer.given': 'New answer',
    'response.completed': 'New response',
    'follow-up.due': `Follow-up: ${followUp?.rule ?? ''}`,
    'case.opened': `New case: ${about?.title ?? ''}`,
    'case.closed': `Closed (${about?.reason ?? ''}): ${about?.title ?? ''}`,
    'case.told': `To be told about: ${about?.title ?? ''}`,
    'webhook.test': 'Earshot reaches you here',
  }[type]
  const message = about?.message === null || about === undefined ? [] : [about.message]
  const said = typeof followUp?.text === 'string' ? [followUp.text] : []
  if (alert) return [what, ...alertLines(alert), ...said, ...message]
  if (!response) return [what, ...message]
  const who = response.person === null ? '' : ` by ${response.person}`
  const answers = Object.entries(response.answers).map(([id, { value, other }]) => {
    const title = survey?.questions.find((each) => each.id === id)?.title ?? id
    const shown = Array.isArray(value) ? value.join(', ') : String(value)
    return `${title} ${shown}${other === undefined ? '' : ` (${other})`}`.slice(0, mostShown)
  })
  const link = about ? ', after an answer to' : ' to'
  return [`${what}${link} ${response.survey}${who}`, ...answers, ...said, ...message]
}

/** The body of the request. */
export function shaped(shape: Webhook['shape'], message: Message, survey: Survey | null): string {
  if (shape === 'json') return JSON.stringify(message)
  const lines = linesOf(message, survey)
  const text = lines.join('\n')
  // Plain text in both: nothing that somebody has written is read as markup, a mention or a link.
  if (shape === 'slack')
    return JSON.stringify({
      text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
      blocks: [{ type: 'section', text: { type: 'plain_text', text: text.slice(0, 3000), emoji: false } }],
    })
  const content = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    body: lines.map((line, index) => ({
      type: 'RichTextBlock',
      inlines: [{ type: 'TextRun', text: line, ...(index === 0 && { weight: 'Bolder' }) }],
    })),
  }
  return JSON.stringify({
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  })
}

/** Secrets that what is sent now is signed with. */
export function liveSecrets({ secrets }: Webhook, now: Millis): string[] {
  return secrets.filter(({ until }) => until === null || until > now).map((each) => each.secret)
}

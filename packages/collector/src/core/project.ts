/** Folds the events of one response into the response: the same result for any order and any repetition of what is stored. */
import type {
  AnswerEvent,
  AnswerValue,
  Cause,
  DismissEvent,
  DisplayEvent,
  FeedbackEvent,
  Scalar,
  SurveyEvent,
} from '@earshot/contract'
import { formatMoment, type Millis } from './time.ts'

/** An event as the store keeps it. */
export interface StoredEvent<Event extends FeedbackEvent = FeedbackEvent> {
  event: Event
  /** When it happened by the client's clock. */
  at: Millis
  /** When the collector got it first. */
  receivedAt: Millis
  /** When it happened, as far as the collector can tell (see `occurredAt` in time.ts). */
  occurredAt: Millis
}

/** The answer that stands for one question. */
export interface StoredAnswer {
  value: AnswerValue
  /** What was written beside the choice `other`. */
  other?: string
  /** Ids of the choices in the order in which they stood, where it was shuffled. */
  order?: string[]
  revision: number
  /** ISO 8601 in UTC, corrected. */
  at: string
}

/**
 * How far a response came. `completed`: the end was reached. `partial`: at least one answer. `dismissed`: closed
 * without an answer. `shown`: none of these.
 */
export type ResponseStatus = 'shown' | 'partial' | 'completed' | 'dismissed'

/** One showing of a survey and all that followed from it. Times are ISO 8601 in UTC, corrected. */
export interface StoredResponse {
  id: string
  survey: string
  version: number
  status: ResponseStatus
  visitor: string
  person: string | null
  session: string
  channel: string
  touchpoint: string | null
  stage: string | null
  locale: string | null
  url: string | null
  /** Arm of the experiment, where the survey has some. */
  variant: string | null
  /** What made it appear; null while the display event is missing. */
  trigger: Cause | null
  /** Identity of the follow-up that it is. */
  followUp: string | null
  /** Values of the survey's hidden fields. */
  hidden: Record<string, Scalar> | null
  /** Where on the screen, if not at the default place. */
  layout: string | null
  /** In which wording, if not as it is written: language and version of the built-in texts, for example `de@1`. */
  wording: string | null
  displayedAt: string | null
  /** By question id. */
  answers: Record<string, StoredAnswer>
  completedAt: string | null
  dismissedAt: string | null
  dismissReason: DismissEvent['data']['reason'] | null
  firstAt: string
  lastAt: string
}

/** A response as readers get it: what its events tell, and the one thing about it that hangs on other responses. */
export interface KeptResponse extends StoredResponse {
  /** It was completed when the quota was full already, so no report counts it; see `isOverQuota` in places.ts. */
  overQuota: boolean
}

type Stored = StoredEvent<SurveyEvent>

/** All events that belong to a response carry its id. */
export function isSurveyEvent(event: FeedbackEvent): event is SurveyEvent {
  return Object.hasOwn(event, 'response')
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
// Facts of the client only: the order of delivery must not matter. The id makes the order total.
const byTime = (a: Stored, b: Stored): number => a.at - b.at || compareText(a.event.id, b.event.id)
const bySequence = (a: Stored, b: Stored): number => a.event.seq - b.event.seq || byTime(a, b)

/**
 * The response that a set of events tells of. All events must carry the same response id.
 *
 * The order of arrival changes nothing but the corrected times, which the first receipt of each event fixes: the fold takes
 * `occurredAt` as it is and orders by what the client said.
 *
 * The earliest event (by the client's time, then by id) decides survey, version and visitor; events of the same
 * response id that differ in one of them stay stored and change nothing. Of several answers to one question the
 * highest by (revision, seq, at, id) stands. A person that becomes known later counts for the whole response. A response that goes
 * on after a reload has several displays; the first that tells of a thing decides it.
 *
 * @returns null when no event shows that the survey was in front of somebody (a follow-up that is only planned)
 * @example
 * project([display, answer])?.status // 'partial'
 */
export function project(events: readonly Stored[]): StoredResponse | null {
  // Most responses begin with one event, of which nothing need be put in order.
  const isOne = events.length === 1
  const unique = isOne ? events : [...new Map(events.map((each) => [each.event.id, each])).values()]
  const founder = (isOne ? unique : unique.toSorted(byTime)).find(
    (each) => each.event.type !== 'followup',
  )?.event
  if (!founder) return null
  const own = isOne
    ? unique
    : unique.filter((each) => isSameShowing(each.event, founder)).toSorted(bySequence)
  const seen = isOne ? own : own.filter((each) => each.event.type !== 'followup')

  const answers = standingAnswers(own)
  const first = (type: SurveyEvent['type']): Stored | undefined =>
    own.find((each) => each.event.type === type)
  const displayed = first('display')
  const completed = first('complete')
  const dismissed = first('dismiss')
  const context = (key: 'touchpoint' | 'stage' | 'locale' | 'url'): string | null =>
    seen.find((each) => each.event.context[key] !== undefined)?.event.context[key] ?? null
  const told = <Key extends keyof DisplayEvent['data']>(
    key: Key,
  ): NonNullable<DisplayEvent['data'][Key]> | null => {
    if (displayed)
      for (const { event } of own)
        if (event.type === 'display' && event.data[key] !== undefined) return event.data[key] ?? null
    return null
  }
  let earliest = Infinity
  let latest = -Infinity
  for (const { occurredAt } of seen) {
    if (occurredAt < earliest) earliest = occurredAt
    if (occurredAt > latest) latest = occurredAt
  }
  const firstAt = formatMoment(earliest)

  return {
    id: founder.response,
    survey: founder.survey,
    version: founder.surveyVersion,
    status: completed ? 'completed' : answers.length > 0 ? 'partial' : dismissed ? 'dismissed' : 'shown',
    visitor: founder.visitor,
    person: own.findLast((each) => each.event.person !== null)?.event.person ?? null,
    session: seen[0]?.event.session ?? founder.session,
    channel: seen[0]?.event.context.channel ?? founder.context.channel,
    touchpoint: context('touchpoint'),
    stage: context('stage'),
    locale: context('locale'),
    url: context('url'),
    variant: seen.find((each) => each.event.variant !== undefined)?.event.variant ?? null,
    trigger: told('trigger'),
    followUp: told('followUp'),
    hidden: told('hidden'),
    layout: told('layout'),
    wording: told('wording'),
    displayedAt: momentOf(displayed),
    // fromEntries defines own properties, so that a question called `__proto__` is an answer like any other.
    answers: Object.fromEntries(answers),
    completedAt: momentOf(completed),
    dismissedAt: momentOf(dismissed),
    dismissReason: dismissed?.event.type === 'dismiss' ? dismissed.event.data.reason : null,
    firstAt,
    lastAt: latest === earliest ? firstAt : formatMoment(latest),
  }
}

/**
 * How many of the events that carry the id of a response differ from it in survey, version or visitor, and are
 * therefore left out of it.
 */
export function ignoredBy(response: StoredResponse, events: readonly { event: SurveyEvent }[]): number {
  const { survey, version: surveyVersion, visitor } = response
  const showing = { survey, surveyVersion, visitor }
  let count = 0
  for (const { event } of events) if (!isSameShowing(event, showing)) count++
  return count
}

/** Whether the last that is told of a showing is that it was put off: then it is over, until the same response is shown again. */
export function isPutOff(response: StoredResponse, events: readonly Stored[]): boolean {
  const { survey, version: surveyVersion, visitor } = response
  const showing = { survey, surveyVersion, visitor }
  let last: Stored | undefined
  for (const each of events) {
    if (each.event.type === 'followup' || !isSameShowing(each.event, showing)) continue
    if (!last || bySequence(each, last) >= 0) last = each
  }
  return last?.event.type === 'snooze'
}

type Showing = Pick<SurveyEvent, 'survey' | 'surveyVersion' | 'visitor'>

function isSameShowing(event: SurveyEvent, founder: Showing): boolean {
  return (
    event.survey === founder.survey &&
    event.surveyVersion === founder.surveyVersion &&
    event.visitor === founder.visitor
  )
}

/** Expects the events in the order of their sequence; the answers come sorted by question id. */
function standingAnswers(own: readonly Stored[]): [question: string, answer: StoredAnswer][] {
  const standing = new Map<string, { data: AnswerEvent['data']; occurredAt: Millis }>()
  for (const { event, occurredAt } of own) {
    if (event.type !== 'answer') continue
    const best = standing.get(event.data.question)
    if (!best || event.data.revision >= best.data.revision)
      standing.set(event.data.question, { data: event.data, occurredAt })
  }
  return [...standing]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([question, { data, occurredAt }]) => [
      question,
      {
        value: data.value,
        ...(data.other !== undefined && { other: data.other }),
        ...(data.order && { order: data.order }),
        revision: data.revision,
        at: formatMoment(occurredAt),
      },
    ])
}

function momentOf(stored: Stored | undefined): string | null {
  return stored ? formatMoment(stored.occurredAt) : null
}

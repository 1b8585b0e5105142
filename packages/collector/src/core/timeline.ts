/** The profile of a person, and what happened between them and the site, in the order of time. */
import { bandOf, type FeedbackEvent, type Scalar, type Survey } from '@earshot/contract'
import { formatMoment, type Millis } from './time.ts'

/** One entry of a timeline. */
export interface TimelineEntry {
  /** When it happened, ISO 8601 in UTC. */
  at: string
  /** When the collector heard of it. */
  receivedAt: string
  type: FeedbackEvent['type']
  /** Id of the event. */
  id: string
  visitor: string
  channel: string
  touchpoint: string | null
  stage: string | null
  url: string | null
  survey: string | null
  response: string | null
  /** Of an answer: the question, the value, and the band of a score. */
  question: string | null
  value: unknown
  band: string | null
  /** Of what was tracked: its name. */
  name: string | null
  /** Of what was tracked or told: properties or traits. */
  data: Record<string, Scalar> | null
}

/** What is known of somebody. */
export interface Profile {
  /** As they were told last. */
  traits: Record<string, Scalar>
  group: string | null
  channels: string[]
  locales: string[]
}

/** An event with its times. */
export interface TimedEvent {
  event: FeedbackEvent
  occurredAt: Millis
  receivedAt: Millis
}

const byTime = (a: TimedEvent, b: TimedEvent): number =>
  a.occurredAt - b.occurredAt || (a.event.id < b.event.id ? -1 : 1)

/**
 * The timeline: what arrived late stands where it happened; ties go by id.
 *
 * @param surveys by `id@version`, for the bands of scores
 */
export function timelineOf(
  events: readonly TimedEvent[],
  surveys: ReadonlyMap<string, Survey>,
): TimelineEntry[] {
  return events.toSorted(byTime).map(({ event, occurredAt, receivedAt }): TimelineEntry => {
    const about = 'survey' in event ? event : null
    const answer = event.type === 'answer' ? event.data : null
    const question =
      about &&
      answer &&
      surveys
        .get(`${about.survey}@${about.surveyVersion}`)
        ?.questions.find((each) => each.id === answer.question)
    return {
      at: formatMoment(occurredAt),
      receivedAt: formatMoment(receivedAt),
      type: event.type,
      id: event.id,
      visitor: event.visitor,
      channel: event.context.channel,
      touchpoint: event.context.touchpoint ?? null,
      stage: event.context.stage ?? null,
      url: event.context.url ?? null,
      survey: about && about.survey,
      response: about && about.response,
      question: answer && answer.question,
      value: answer ? answer.value : null,
      band:
        question?.kind === 'scale' && typeof answer?.value === 'number'
          ? bandOf(question, answer.value)
          : null,
      name: event.type === 'track' ? event.data.name : null,
      data:
        event.type === 'track'
          ? event.data.props
          : event.type === 'identify' || event.type === 'group'
            ? event.data.traits
            : null,
    }
  })
}

/** The profile that the events tell of. */
export function profileOf(events: readonly TimedEvent[]): Profile {
  const traits = new Map<string, Scalar>()
  let group: string | null = null
  const channels = new Set<string>()
  const locales = new Set<string>()
  for (const { event } of events.toSorted(byTime)) {
    channels.add(event.context.channel)
    if (event.context.locale !== undefined) locales.add(event.context.locale)
    if (event.type !== 'identify' && event.type !== 'group') continue
    for (const [name, value] of Object.entries(event.data.traits)) traits.set(name, value)
    if (event.type === 'group') group = event.data.group
  }
  return { traits: Object.fromEntries(traits), group, channels: [...channels], locales: [...locales] }
}

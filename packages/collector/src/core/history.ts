/** What of all that happened to somebody a decision about them looks at, so that no more of it is read. */
import { answersThatStop, reachesPerson, type FollowUpPlan, type PlanRule } from './followUpPlan.ts'
import type { Planned } from './followUps.ts'
import type { StoredEvent } from './project.ts'
import { day, type Millis } from './time.ts'

/** Which events are wanted. */
export interface HistoryWish {
  /** What somebody else did on the same device is left out. Null where nobody is known. */
  person: string | null
  /** Whether they have opted out, at any time. */
  optouts: boolean
  /** Where they said in which time zone they are, at any time. */
  zones: boolean
  /** Identity of a follow-up: what has settled it, at any time. */
  followUp: string | null
  /** Id of a response: whether it was put off. */
  snoozed: string | null
  /** Showings since then. */
  displays: Millis | null
  /** Answers to these surveys since then. */
  answers: { surveys: readonly string[]; since: Millis } | null
  /** Events of these names since then. */
  tracks: { names: readonly string[]; since: Millis } | null
}

const settling: ReadonlySet<string> = new Set(['answered', 'cancelled'])

/** What it takes to decide whether somebody may be reached now. */
export function wishToReach(
  { quiet, limits = [] }: Pick<FollowUpPlan, 'quiet' | 'limits'>,
  person: string | null,
  now: Millis,
): HistoryWish {
  const longest = Math.max(0, ...limits.map(({ days }) => days))
  return {
    person,
    optouts: true,
    zones: quiet !== undefined,
    followUp: null,
    snoozed: null,
    displays: limits.length > 0 ? now - longest * day : null,
    answers: null,
    tracks: null,
  }
}

/**
 * What it takes to decide about a follow-up.
 *
 * @returns null where nothing that happened changes the decision
 */
export function wishFor(
  plan: Pick<FollowUpPlan, 'quiet' | 'limits'>,
  rule: PlanRule,
  planned: Pick<Planned, 'id' | 'at' | 'response'>,
  person: string | null,
  now: Millis,
): HistoryWish | null {
  const surveys = answersThatStop(rule)
  const names = (rule.unless?.events ?? []).map(({ name }) => name)
  const isPerson = reachesPerson(rule)
  const isSilence = rule.after.on === 'silence'
  if (!isPerson && !rule.unless && surveys.length === 0 && !isSilence) return null
  const reach = wishToReach(plan, person, now)
  return {
    ...(isPerson ? reach : { ...reach, optouts: false, zones: false, displays: null }),
    followUp: planned.id,
    snoozed: isSilence ? planned.response : null,
    answers: surveys.length > 0 ? { surveys, since: planned.at } : null,
    tracks: names.length > 0 ? { names, since: planned.at } : null,
  }
}

/** Whether an event is wanted. */
export function isWished(wish: HistoryWish, { event, occurredAt }: StoredEvent): boolean {
  if (wish.person !== null && event.person !== null && event.person !== wish.person) return false
  switch (event.type) {
    case 'optout':
      return wish.optouts
    case 'identify':
      return wish.zones && Object.hasOwn(event.data.traits, 'timezone')
    case 'followup':
      return event.data.followUp === wish.followUp && settling.has(event.data.state)
    case 'snooze':
      return event.response === wish.snoozed
    case 'display':
      return wish.displays !== null && occurredAt >= wish.displays
    case 'answer':
      return (
        wish.answers !== null &&
        occurredAt >= wish.answers.since &&
        wish.answers.surveys.includes(event.survey)
      )
    case 'track':
      return (
        wish.tracks !== null && occurredAt >= wish.tracks.since && wish.tracks.names.includes(event.data.name)
      )
    default:
      return false
  }
}

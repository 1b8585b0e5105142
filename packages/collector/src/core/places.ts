/** Decides who may be shown a survey that has a quota, or that is a follow-up. */
import type { Place, PlaceRequest } from '@earshot/contract'
import type { ResponseStatus } from './project.ts'
import { formatMoment, type Millis } from './time.ts'

/** Who asks for a place, and for what. */
export type PlaceAsk = Omit<PlaceRequest, 'key'>

/** How far the response of a place is known to have come: nothing was heard of it, it was seen, it has an answer. */
export type Heard = 'nothing' | 'display' | 'answer'

/**
 * What is known of a response by its status.
 *
 * @param status null when no event of it has arrived
 */
export function heardOf(status: ResponseStatus | null): Heard {
  if (status === null) return 'nothing'
  return status === 'partial' || status === 'completed' ? 'answer' : 'display'
}

/** What is known when a place is asked for. All of it is read in the transaction that takes the place. */
export interface PlaceFacts {
  /** The visitor was erased. */
  isErased: boolean
  /** The visitor or the person said "never ask me again". */
  isOptedOut: boolean
  /** The follow-up was answered in another response, or called off. */
  isSettled: boolean
  /** The response is completed, so its place is used for good. */
  isCompleted: boolean
  /** Until when the response may be answered, if it holds a place already. */
  held: Millis | null
  /** The visitor has another place of the survey that is not past its time. */
  hasAnother: boolean
  /**
   * Completed responses of the survey that count, and places that others hold. What this
   * visitor holds is not among them: it is given up for the new one.
   */
  taken: number
  heard: Heard
}

/** What to answer, and until when the place is to be kept; null when none is taken. */
export interface PlaceDecision {
  place: Place
  /** `until`: the end of the time to answer. `free`: when it is free again, if nothing more is heard. */
  lease: { until: Millis; free: Millis } | null
}

const minute = 60_000
const hour = 60 * minute

/** How long the holder of a place may take to answer. */
export const placeSpan: Millis = 30 * minute

/**
 * How long a place stays taken after its time, by what was heard of its response.
 *
 * A place that is held in vain keeps somebody else from being asked, and most people who are shown a survey neither answer
 * nor close it. If each of them kept a place for days, the last places of a quota would take months to fill. A place that is
 * free too soon costs less: the completed response that comes too late takes another place if there is one, and otherwise is
 * kept and marked (`isOverQuota`). So the spans are about as long as an answer usually is on its way, and no longer:
 *
 * - `nothing`: as far as anybody knows nobody was shown it. What comes later was held up by a bad line.
 * - `display`: the browser had a line a moment ago. An answer may wait for the end of a tunnel.
 * - `answer`: somebody has put work into it, and the end of it may wait on a device that is closed until tomorrow.
 */
export const placeHold: Readonly<Record<Heard, Millis>> = {
  nothing: 10 * minute,
  display: hour,
  answer: 24 * hour,
}

/**
 * When a place is free again, if nothing more is heard.
 *
 * @param until the end of the time to answer
 * @example
 * placeFree(now + placeSpan, 'nothing') // 40 minutes from now
 */
function placeFree(until: Millis, heard: Heard): Millis {
  return until + placeHold[heard]
}

/**
 * Judges the request for a place.
 *
 * A place is granted while completed responses and held places are fewer than the quota. It belongs to one response; asking
 * again for that response gives the same one, and asking after its time renews it. A visitor has one place of a survey at a
 * time: while it may be answered another one is refused, and after that it is given up for the next. So nobody holds more by
 * asking more often. (Whoever makes visitors up can take every place for a while, and complete made-up responses for good. The
 * write key is public; what keeps such a program out stands before the collector.)
 *
 * A follow-up is refused where it was settled elsewhere, or its person has opted out; that the very response has answers
 * already does not count against it.
 *
 * @param quota of the survey; null when it has none
 * @example
 * decidePlace(ask, { ...facts, taken: 100 }, 100, now).place // { granted: false, reason: 'quota-full' }
 */
export function decidePlace(
  ask: Pick<PlaceAsk, 'followUp'>,
  facts: PlaceFacts,
  quota: number | null,
  at: Millis,
): PlaceDecision {
  if (facts.isErased) return refused('opted-out')
  if (ask.followUp !== undefined) {
    if (facts.isOptedOut) return refused('opted-out')
    if (facts.isSettled) return refused('answered-elsewhere')
  }
  if (quota === null || facts.isCompleted) return { place: { granted: true }, lease: null }
  if (facts.held === null) {
    if (facts.hasAnother) return refused('answered-elsewhere')
    if (facts.taken >= quota) return refused('quota-full')
  }
  const until = facts.held !== null && facts.held > at ? facts.held : at + placeSpan
  return {
    place: { granted: true, until: formatMoment(until) },
    lease: { until, free: placeFree(until, facts.heard) },
  }
}

/** What is known when a response of a survey is completed. All of it is read in the transaction that stores it. */
export interface CompletionFacts {
  /** Of the version that is served; null when it has none. */
  quota: number | null
  /** The response holds a place. */
  isHeld: boolean
  /** Other completed responses that count, and places that others hold. */
  taken: number
}

/**
 * Whether a response that was just completed is one too many. It is when its place was free again meanwhile, or it never had
 * one, and by now all places are taken. Then it is kept like any other, and counted in no report.
 *
 * This is decided once, in the order of arrival, and stands: a number that was reported does not change because a place was
 * given back or the quota was raised later.
 *
 * @example
 * isOverQuota({ quota: 100, isHeld: false, taken: 100 }) // true
 */
export function isOverQuota({ quota, isHeld, taken }: CompletionFacts): boolean {
  return quota !== null && !isHeld && taken >= quota
}

function refused(reason: NonNullable<Place['reason']>): PlaceDecision {
  return { place: { granted: false, reason }, lease: null }
}

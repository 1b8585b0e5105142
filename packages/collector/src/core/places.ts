/** Decides who may be shown a survey that has a quota, or that is a follow-up. */
import type { Place, PlaceRequest } from '@earshot/contract'
import { formatMoment, type Millis } from './time.ts'

/** Who asks for a place, and for what. */
export type PlaceAsk = Omit<PlaceRequest, 'key'>

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
  /** Completed responses and held places of the survey; counted no further than its quota. */
  taken: number
}

/** What to answer, and until when the place is to be kept for answers; null when none is taken. */
export interface PlaceDecision {
  place: Place
  until: Millis | null
}

const minute = 60_000
const day = 24 * 60 * minute

/** How long the holder of a place may take to answer. */
export const placeSpan: Millis = 30 * minute

/**
 * How long a place stays taken when nothing more is heard of it: an answer that was given in time may still wait in the
 * queue of a device that is offline, and must find its place. Who closes the card gives the place back at once.
 */
export const placeHold: Millis = 30 * day

/**
 * Judges the request for a place.
 *
 * A place is granted while completed responses and held places are fewer than the quota. It belongs to one response; asking
 * again for that response gives the same one, and asking after its time renews it. A visitor has one open place of a survey
 * at a time. A follow-up is refused where it was settled elsewhere, or its person has opted out; that the very response has
 * answers already does not count against it.
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
  if (quota === null || facts.isCompleted) return { place: { granted: true }, until: null }
  if (facts.held === null) {
    if (facts.hasAnother) return refused('answered-elsewhere')
    if (facts.taken >= quota) return refused('quota-full')
  }
  const until = facts.held !== null && facts.held > at ? facts.held : at + placeSpan
  return { place: { granted: true, until: formatMoment(until) }, until }
}

function refused(reason: NonNullable<Place['reason']>): PlaceDecision {
  return { place: { granted: false, reason }, until: null }
}

/** Says which responses look as if no person had given them. They are kept and counted apart, never dropped. */
import type { SurveyEvent } from '@earshot/contract'
import type { StoredEvent, StoredResponse } from './project.ts'
import type { Millis } from './time.ts'

/**
 * Why a response is doubted. `burst`: many new visitors answered from one network; `too-fast`: it was answered at the very
 * moment in which it was seen; `trap`: a field was filled in that people do not see.
 */
export type Suspicion = 'burst' | 'too-fast' | 'trap'

/** A response that is doubted. */
export interface Suspect {
  response: string
  survey: string
  reasons: readonly Suspicion[]
  firstAt: Millis
  /** Somebody has looked at it and found it good: it counts like any other. */
  isCleared: boolean
}

/**
 * Least time between being seen and being answered. The SDK says that a card is seen when it was in view for a second, and with
 * the answer when that comes first; so whoever answers is rarely that near behind it, and a program that makes up all events at
 * once is nearly always.
 */
export const leastAnswerTime: Millis = 10

/** The hidden field that nobody fills in but a program that fills in everything. */
const trapField = 'trap'

/**
 * What its own events say against a response. A burst is no matter of one response, so it is not among it.
 *
 * @example
 * suspicionsOf(response, events) // ['too-fast']
 */
export function suspicionsOf(
  response: StoredResponse,
  events: readonly StoredEvent<SurveyEvent>[],
): Suspicion[] {
  const found: Suspicion[] = []
  if (isTooFast(response, events)) found.push('too-fast')
  const trap =
    response.hidden && Object.hasOwn(response.hidden, trapField) ? response.hidden[trapField] : null
  if (trap !== null && trap !== undefined && trap !== '' && trap !== false) found.push('trap')
  return found
}

/** By the clock and the order of the device: when and how events got here says nothing. */
function isTooFast({ visitor }: StoredResponse, events: readonly StoredEvent<SurveyEvent>[]): boolean {
  let seen: StoredEvent<SurveyEvent> | undefined
  let answered: StoredEvent<SurveyEvent> | undefined
  const isBefore = (a: StoredEvent<SurveyEvent>, b: StoredEvent<SurveyEvent> | undefined): boolean =>
    !b || a.event.seq < b.event.seq
  for (const each of events) {
    if (each.event.visitor !== visitor) continue
    if (each.event.type === 'display' && isBefore(each, seen)) seen = each
    if (each.event.type === 'answer' && isBefore(each, answered)) answered = each
  }
  if (!seen || !answered || answered.event.seq < seen.event.seq) return false
  const time = answered.at - seen.at
  return time >= 0 && time < leastAnswerTime
}

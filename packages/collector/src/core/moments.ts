/** Moments of people: life-cycle events, and what was told about who they are, as the store keeps them apart. */
import { lifecycleNames, type FeedbackEvent, type Scalar } from '@earshot/contract'
import { isSurveyEvent, type StoredEvent } from './project.ts'
import type { Millis } from './time.ts'

/** What happened in the life of somebody, or was told about them. */
export interface Moment {
  /** A name of the vocabulary; `identify` or `group`, whose data are traits. */
  name: string
  visitor: string
  person: string | null
  at: Millis
  data: Record<string, Scalar>
}

/** A moment with its place in the order of arrival. */
export interface MomentRow extends Moment {
  row: number
}

const names: ReadonlySet<string> = new Set(lifecycleNames)

/** What an event tells of somebody's life; null for all that tells nothing. */
export function momentOf({ event, occurredAt }: Pick<StoredEvent, 'event' | 'occurredAt'>): Moment | null {
  const told = tellOf(event)
  return told && { ...told, visitor: event.visitor, person: event.person, at: occurredAt }
}

function tellOf(event: FeedbackEvent): Pick<Moment, 'name' | 'data'> | null {
  if (event.type === 'track')
    return names.has(event.data.name) ? { name: event.data.name, data: event.data.props } : null
  if (event.type === 'identify') return { name: 'identify', data: event.data.traits }
  return event.type === 'group'
    ? { name: 'group', data: { group: event.data.group, ...event.data.traits } }
    : null
}

/** Events that arrived long after they had happened, by hours since 1970. */
export interface Late {
  survey: string
  /** The hour in which it happened. */
  hour: number
  /** The hour in which it arrived. */
  arrived: number
}

const hour: Millis = 3_600_000

/** What is to be noted about an event that came late, by an hour and more; null for all others. */
export function lateOf({ event, occurredAt, receivedAt }: StoredEvent): Late | null {
  if (!isSurveyEvent(event) || event.type === 'followup' || receivedAt - occurredAt < hour) return null
  return {
    survey: event.survey,
    hour: Math.floor(occurredAt / hour),
    arrived: Math.floor(receivedAt / hour),
  }
}

/**
 * How many events of an interval arrived when it was over.
 *
 * @example
 * lateIn([{ hour: 1, arrived: 30, count: 2 }], 0, 86_400_000) // 2
 */
export function lateIn(
  rows: readonly { hour: number; arrived: number; count: number }[],
  from: Millis,
  to: Millis,
): number {
  return rows.reduce(
    (sum, each) =>
      each.hour * hour >= from && each.hour * hour < to && each.arrived * hour >= to ? sum + each.count : sum,
    0,
  )
}

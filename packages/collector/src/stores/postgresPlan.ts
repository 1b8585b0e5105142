/** Works out what a group of requests changes: pure, from what was looked up to the rows that are to be written. */
import type { SurveyEvent } from '@earshot/contract'
import { createDayChanges, type CountedResponse, type DayChanges } from '../core/days.ts'
import { heardOf, isOverQuota, placeHold } from '../core/places.ts'
import { ignoredBy, isPutOff, project, type StoredEvent, type StoredResponse } from '../core/project.ts'
import { parseMoment, type Millis } from '../core/time.ts'
import { monthOf } from './postgresMonth.ts'
import { keyText } from './postgresText.ts'

/** A response id of which there are events, as it was read and as it is to be. */
export interface Head {
  id: string
  /** How many events were stored when it was read; what is written goes by it. */
  before: number
  /** In the order of arrival. */
  events: StoredEvent<SurveyEvent>[]
  /** Null as long as the events tell of no showing. */
  response: StoredResponse | null
  isOverQuota: boolean
  /** As it was stored before. */
  stored: { response: StoredResponse | null; isOverQuota: boolean; ignored: number }
}

/** The place of a response. */
export interface HeldPlace {
  survey: string
  until: Millis
  free: Millis
}

/** What a fold needs to know about quotas and places, and what it changes about them. */
export interface Ground {
  /** By survey: the quota of the latest served version. Surveys without one are missing. */
  quotas: ReadonlyMap<string, number>
  /** By survey with a quota: completed responses that count. */
  completed: Map<string, number>
  /** By survey with a quota: places of responses that are not in `own`, as far as they are not free again. */
  heldByOthers: ReadonlyMap<string, number>
  /** By response: its places. */
  own: Map<string, HeldPlace[]>
  /** By survey: when the places that were free again were given up. They must not come back to life. */
  swept: Map<string, Millis>
}

/** A row of `answers`. */
export interface AnswerRow {
  response: string
  question: string
  survey: string
  version: number
  who: string
  score: number | null
  at: Millis
  variant: string | null
}

/**
 * Makes the response of a head anew from its events, and decides about its place in the ground.
 *
 * @param beyond whether it is completed beyond the quota, where that was decided before
 */
export function refold(head: Head, ground: Ground, at: Millis, beyond?: boolean): void {
  const response = project(head.events)
  const before = head.response
  if (response) {
    const closed = isClosed(response)
    const isOver = closed || isPutOff(response, head.events)
    const wasCompleted = before?.survey === response.survey && before.status === 'completed'
    const decided = beyond ?? (wasCompleted ? head.isOverQuota : null)
    const isBeyondNow = follow(head.id, response, isOver, decided, ground, at)
    count(ground, head.response, head.isOverQuota, -1)
    count(ground, response, isBeyondNow, 1)
    head.isOverQuota = isBeyondNow
  } else {
    count(ground, head.response, head.isOverQuota, -1)
    head.isOverQuota = false
  }
  head.response = response
}

/** Closed before the end, with or without an answer. */
export function isClosed(response: StoredResponse): boolean {
  return response.dismissedAt !== null && response.completedAt === null
}

function count(ground: Ground, response: StoredResponse | null, isBeyond: boolean, by: 1 | -1): void {
  if (!response || !counts(response, isBeyond)) return
  const { survey } = response
  if (ground.quotas.has(survey)) ground.completed.set(survey, (ground.completed.get(survey) ?? 0) + by)
}

/** Whether a response is one of those that the quota is about. */
function counts(response: StoredResponse, isBeyond: boolean): boolean {
  return response.status === 'completed' && !isBeyond
}

/**
 * Ends, prolongs or uses the place of a response.
 *
 * @param decided whether it is beyond the quota, if that was decided before
 * @returns whether it is completed beyond the quota
 */
function follow(
  id: string,
  { survey, status }: StoredResponse,
  isOver: boolean,
  decided: boolean | null,
  ground: Ground,
  at: Millis,
): boolean {
  const places = ground.own.get(id) ?? []
  const others = places.filter((each) => each.survey !== survey)
  const held = places.find((each) => each.survey === survey)
  if (status !== 'completed') {
    const kept = held && !isOver ? [{ ...held, free: held.until + placeHold[heardOf(status)] }] : []
    if (held) ground.own.set(id, [...others, ...kept])
    return false
  }
  const isBeyond = decided ?? isOneTooMany(survey, held, ground, at)
  // The response itself takes the place from now on.
  if (held) ground.own.set(id, others)
  return isBeyond
}

function isOneTooMany(survey: string, held: HeldPlace | undefined, ground: Ground, at: Millis): boolean {
  const quota = ground.quotas.get(survey) ?? null
  if (quota === null) return false
  ground.swept.set(survey, Math.max(at, ground.swept.get(survey) ?? at))
  let inGroup = 0
  for (const [response, places] of ground.own) {
    const kept = places.filter((each) => each.survey !== survey || each.free > at)
    inGroup += kept.filter((each) => each.survey === survey).length
    if (kept.length < places.length) ground.own.set(response, kept)
  }
  const isHeld = held !== undefined && held.free > at
  const taken = (ground.completed.get(survey) ?? 0) + (ground.heldByOthers.get(survey) ?? 0) + inGroup
  return isOverQuota({ quota, isHeld, taken: isHeld ? 0 : taken })
}

/** What changes about answers, completed responses and counters when the heads are stored. */
export interface Changes {
  put: AnswerRow[]
  drop: { response: string; question: string }[]
  /** By survey. */
  completed: Map<string, number>
  responses: number
  /** Of the counts by day. */
  days: ReturnType<DayChanges['take']>
}

/** Compares heads with what is stored of them. */
export function changesOf(site: number, heads: Iterable<Head>): Changes {
  const days = createDayChanges()
  const changes: Omit<Changes, 'days'> = { put: [], drop: [], completed: new Map(), responses: 0 }
  const add = (response: StoredResponse | null, isBeyond: boolean, by: 1 | -1): void => {
    if (!response) return
    changes.responses += by
    if (!counts(response, isBeyond)) return
    const sum = (changes.completed.get(response.survey) ?? 0) + by
    if (sum === 0) changes.completed.delete(response.survey)
    else changes.completed.set(response.survey, sum)
  }
  const countAnswer = (by: 1 | -1, { score, ...row }: AnswerRow): void => {
    if (score !== null) days.answer(by, { site, ...row, score })
  }
  for (const head of heads) {
    const { id, response, isOverQuota: isBeyond, stored } = head
    add(stored.response, stored.isOverQuota, -1)
    add(response, isBeyond, 1)
    if (stored.response)
      days.response(-1, countedOf(site, stored.response, stored.isOverQuota, stored.ignored))
    if (response) days.response(1, countedOf(site, response, isBeyond, ignoredOf(head)))
    const old = answersOf(id, stored.response, stored.isOverQuota)
    const now = answersOf(id, response, isBeyond)
    for (const [question, row] of now) {
      const before = old.get(question)
      if (before && JSON.stringify(before) === JSON.stringify(row)) continue
      changes.put.push(row)
      if (before) countAnswer(-1, before)
      countAnswer(1, row)
    }
    for (const [question, row] of old) {
      if (now.has(question)) continue
      changes.drop.push({ response: id, question })
      countAnswer(-1, row)
    }
  }
  return { ...changes, days: days.take() }
}

function countedOf(
  site: number,
  response: StoredResponse,
  isBeyond: boolean,
  ignored: number,
): CountedResponse {
  const { survey, variant, firstAt, answers, status } = response
  return {
    site,
    survey,
    variant,
    firstAt: parseMoment(firstAt) ?? 0,
    answers: Object.keys(answers).length,
    status,
    closed: isClosed(response) ? 1 : 0,
    overQuota: isBeyond ? 1 : 0,
    ignored,
  }
}

/** By question. Reports count these rows, and what is beyond the quota is not to be counted. */
function answersOf(id: string, response: StoredResponse | null, isBeyond: boolean): Map<string, AnswerRow> {
  const rows = new Map<string, AnswerRow>()
  if (!response || isBeyond) return rows
  const { survey, version, variant } = response
  // The prefix keeps a person apart from a visitor who has the same text as id.
  const who = keyText(response.person === null ? `v:${response.visitor}` : `p:${response.person}`)
  for (const [question, { value, at }] of Object.entries(response.answers)) {
    // A number field may hold what is on no scale, and what no whole number of the database can hold.
    const score = Number.isSafeInteger(value) ? (value as number) : null
    rows.set(question, {
      response: id,
      question,
      survey,
      version,
      who,
      score,
      at: parseMoment(at) ?? 0,
      variant,
    })
  }
  return rows
}

/** Events of a response that its fold leaves out. */
export function ignoredOf({ response, events }: Pick<Head, 'response' | 'events'>): number {
  return response ? ignoredBy(response, events) : 0
}

/** Months in which there are events of a response. */
export function monthsOf(events: readonly StoredEvent[]): number[] {
  return [...new Set(events.map((each) => monthOf(each.event.id)))]
}

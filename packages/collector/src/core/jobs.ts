/** Work that is to be done later and must not be forgotten: what it is, what becomes of it, and when it is tried again. */
import type { CaseStep } from './cases.ts'
import type { Millis } from './time.ts'

/**
 * `event`: look whether an event begins something. `watch`: look whether a number is an alert. `followup`: decide about a
 * follow-up that is due. `tell`: bring what staff says to the respondent of a case. `delivery`: bring something to a webhook.
 * `mail`: bring a message to a person.
 */
export type JobKind = 'event' | 'watch' | 'followup' | 'tell' | 'delivery' | 'mail'

/** `waiting` is to be done; `done`, `stopped` for good with a reason, and `dead`: given up after too many tries. */
export type JobState = 'waiting' | 'done' | 'stopped' | 'dead'

/** Work that is to be put down. */
export interface NewJob {
  kind: JobKind
  /** What is put down twice under one id is done once. */
  id: string
  /** Jobs of a lane are done one after another, in the order in which they were put down. */
  lane: string | null
  /** Webhook that it goes to; `smtp` for mail. */
  target: string | null
  /** Visitor with whom it is deleted. */
  visitor: string | null
  due: Millis
  body: unknown
}

/** What work belongs to, by which it is found. */
export interface JobAbout {
  response: string | null
  case: string | null
  rule: string | null
}

/** Which work is meant: what all that is given holds for. */
export interface JobFilter extends Partial<Record<keyof JobAbout, string | undefined>> {
  /** Webhook that it goes to, or `smtp`. */
  target?: string | undefined
  /** Visitors with whom it is deleted. */
  visitors?: readonly string[] | undefined
}

const partsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
const firstText = (...values: unknown[]): string | null =>
  values.find((each): each is string => typeof each === 'string') ?? null

/**
 * What work belongs to, as far as its body names it. What events and numbers may begin belongs to nothing yet.
 *
 * @example
 * aboutOf({ kind: 'mail', body: { person: 'ann', told: { case: '018f…', entry: 3 } } }).case // '018f…'
 */
export function aboutOf({ kind, body }: Pick<NewJob, 'kind' | 'body'>): JobAbout {
  if (kind === 'event' || kind === 'watch') return { response: null, case: null, rule: null }
  const own = partsOf(body)
  const [about, followUp, told] = [own['case'], own['followUp'], own['told']].map(partsOf)
  return {
    response: firstText(own['response'], followUp?.['response'], told?.['response']),
    case: firstText(own['case'], about?.['id'], told?.['case']),
    rule: firstText(own['rule'], followUp?.['rule'], about?.['rule'], told?.['rule']),
  }
}

/** Work as it is kept. */
export interface Job extends NewJob {
  /** Counts up from 1. */
  row: number
  site: number
  state: JobState
  /** Tries that came to nothing. */
  tries: number
  reason: string | null
  madeAt: Millis
  /** When it ended. */
  endedAt: Millis | null
}

/** What became of a try. All of it is written down together, or nothing. */
export interface Settlement {
  /** `gone`: nothing of it is kept. */
  state: JobState | 'gone'
  /** When it is to be done next, while it waits. */
  due?: Millis | undefined
  tries: number
  reason: string | null
  /** Default as it was. */
  body?: unknown
  add?: NewJob[] | undefined
  /** A case to be opened; one that is there under its id stays as it is. */
  open?: CaseStep | undefined
  /** That a person was reached. Nothing is written when a budget does not allow it. */
  contact?:
    | {
        /** Person or visitor, under whom contacts are counted; several where a person was known by several. */
        who: string[]
        visitor: string
        budgets: { since: Millis; most: number }[]
      }
    | undefined
  /** That a person who was counted as reached when it was decided was reached only later. */
  moved?:
    | {
        /** As in `contact`. */
        who: string[]
        /** Row of the job that counted it. */
        row: number
        from: Millis
        to: Millis
      }
    | undefined
}

/** `lost`: the time for it was over, and somebody else has it, or whom it is about was erased; `over`: a budget did not allow it. */
export type Settled = 'settled' | 'lost' | 'over'

/** Visitors of whom a settlement would keep something. */
export function keptOf({ add = [], open, contact }: Settlement): string[] {
  const named = [...add.map((each) => each.visitor), open?.case.visitor ?? null, contact?.visitor ?? null]
  return [...new Set(named.filter((each) => each !== null))]
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Waits after the first try, the second and so on; together about three days. */
export const waits: readonly Millis[] = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  14 * hour,
  53 * hour,
]

/** Most that anybody who is asked to may put it off. */
const mostAsked = 24 * hour

/**
 * When a job that failed is tried again; null when it is given up.
 *
 * @param tries that failed, this one included
 * @param chance from 0 to below 1, so that not all come at once
 * @param asked milliseconds that the other side asked for
 * @example
 * nextTry(1, now, 0.5) // 5.0 seconds from now
 */
export function nextTry(tries: number, now: Millis, chance: number, asked: Millis = 0): Millis | null {
  const wait = waits[tries - 1]
  if (wait === undefined) return null
  return now + Math.max(Math.round(wait * (0.8 + 0.4 * chance)), Math.min(asked, mostAsked))
}

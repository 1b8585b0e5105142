/** Says what is wrong with the input of a simulation, and how to mend it. */
import { isPlain, type SiteSettings, type Survey } from '@earshot/contract'
import { isMarkedPlain, markPlain } from '../core/plain.ts'
import { calendarOf } from '../core/rules/calendar.ts'
import type { Instant } from '../core/time.ts'

/** What every simulation takes. */
export interface SimulationOptions {
  /**
   * As the collector serves them, or as `nps()` and its like make them. They are taken as they are; `validateSurveys` of
   * `@earshot/contract/schema` says what is wrong with them.
   */
  surveys: readonly Survey[]
  /** Limits and privacy of the site; default the SDK's own limits. */
  settings?: SiteSettings | undefined
  /** A whole number on which all chance hangs; default 1. The same seed gives the same result. */
  seed?: number | undefined
  /** When it begins: ISO 8601 with its zone, or milliseconds since 1970. Default `2026-01-05T09:00:00Z`, a Monday. */
  start?: string | number | undefined
  /** IANA time zone of the browser; default `UTC`. */
  zone?: string | undefined
  /** Whether nothing may be kept before consent was given, as in the options of `createEarshot`; default `implied`. */
  consent?: 'required' | 'implied' | undefined
}

/** The same, read. */
export interface Checked {
  surveys: Survey[]
  settings?: SiteSettings | undefined
  seed: number
  start: Instant
  zone: string
  consentRequired: boolean
}

const defaultStart = '2026-01-05T09:00:00Z'

/** @throws TypeError with the path of what is wrong, what was found, and the mend */
export function must(isSo: unknown, path: string, found: unknown, mend: string): asserts isSo {
  if (isSo) return
  const text = typeof found === 'function' ? 'a function' : (JSON.stringify(found) ?? 'missing')
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text
  throw new TypeError(`Earshot simulate: "${path}" is ${short}; it must be ${mend}`)
}

/** @throws TypeError where it is not a record of its own */
export function mustBeObject(value: unknown, path: string, mend: string): asserts value is object {
  must(typeof value === 'object' && value !== null && !Array.isArray(value), path, value, mend)
}

/** A number with bounds, both included. */
export function mustBeNumber(
  value: unknown,
  path: string,
  least: number,
  most: number = Infinity,
  whole: boolean = false,
): asserts value is number {
  const fits = typeof value === 'number' && value >= least && value <= most
  const bounds = most === Infinity ? `from ${least}` : `from ${least} to ${most}`
  must(fits && (!whole || Number.isInteger(value)), path, value, `a ${whole ? 'whole ' : ''}number ${bounds}`)
}

/** A moment: ISO 8601 with its zone, or milliseconds since 1970. */
export function readInstant(value: unknown, path: string): Instant {
  const mend = 'ISO 8601 with a zone, as "2026-01-05T09:00:00Z", or milliseconds since 1970'
  const isText = typeof value === 'string' && /^\d{4}-\d\d-\d\d(T.+(Z|[+-]\d\d:?\d\d))?$/.test(value)
  const moment = isText ? Date.parse(value) : value
  must(typeof moment === 'number' && Number.isFinite(moment), path, value, mend)
  return moment as Instant
}

/** What all simulations take, read. */
export function readOptions(options: SimulationOptions): Checked {
  mustBeObject(options, 'options', 'an object with "surveys"')
  const { surveys, settings, seed = 1, start = defaultStart, zone = 'UTC', consent } = options
  must(Array.isArray(surveys), 'surveys', surveys, 'a list of surveys')
  for (const [index, survey] of surveys.entries()) readSurvey(survey, surveys, index)
  if (settings !== undefined) mustBeObject(settings, 'settings', 'an object with "limits" or "privacy"')
  mustBeNumber(seed, 'seed', 0, 2 ** 32 - 1, true)
  const known = typeof zone === 'string' && calendarOf(0 as Instant, zone)
  must(known, 'zone', zone, 'an IANA time zone, as "Europe/Berlin"')
  const words = ['required', 'implied', undefined]
  must(words.includes(consent), 'consent', consent, '"required" or "implied"')
  return {
    surveys: surveys.map(served),
    settings,
    seed,
    start: readInstant(start, 'start'),
    zone,
    consentRequired: consent === 'required',
  }
}

function readSurvey(survey: unknown, all: readonly Survey[], index: number): void {
  const path = `surveys.${index}`
  const parts = ['questions', 'triggers', 'recontact', 'thanks'] as const
  mustBeObject(survey, path, 'a survey, as nps() makes it')
  const { id, ...rest } = survey as Partial<Survey>
  must(typeof id === 'string' && id, `${path}.id`, id, 'a text')
  const first = all.findIndex((each) => each.id === id)
  must(first === index, `${path}.id`, id, 'an id that no other survey has')
  for (const part of parts)
    must(typeof rest[part] === 'object', `${path}.${part}`, rest[part], 'as the contract says')
}

/** Marked as the collector does it: what does without the rules gets on without them. */
function served(survey: Survey): Survey {
  return !isMarkedPlain(survey) && isPlain(survey) ? markPlain({ ...survey }) : survey
}

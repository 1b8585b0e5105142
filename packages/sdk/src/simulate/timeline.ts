/** What a visitor does, one thing after the other: the words for it, and how they are read. */
import type { AnswerValue, Scalar } from '@earshot/contract'
import type { PageFacts, Signal, State } from '../core/model.ts'
import type { Consent } from '../core/remembered.ts'
import type { Instant } from '../core/time.ts'
import { must, mustBeObject, readInstant } from './check.ts'
import type { Mood } from './respond.ts'

/**
 * When something happens: a span since the start, as `'+3d2h'`, `'+45s'` or `'+1d12h30m'` (`d` `h` `m` `s` `ms`) or as a
 * number of milliseconds; or a moment in ISO 8601 with its zone.
 */
export type When = string | number

/**
 * Loads a page. The one before is gone, with the card on it. The page stays open until the next visit, or `close`. What is
 * left out is as it was on the page before, at first `https://shop.example/` in `en` on a desktop of 1280 × 800; the
 * referrer is empty.
 */
export interface VisitPage extends Partial<Omit<PageFacts, 'zone'>> {
  do: 'visit'
}

/** One thing that happens. */
export type Happening =
  | VisitPage
  /** Goes to another address inside the page, as an app does it. */
  | { do: 'navigate'; url: string }
  /** `earshot.page(context)`. */
  | { do: 'page'; context?: State['context'] | undefined }
  /** `earshot.track(name, props)`. */
  | { do: 'track'; name: string; props?: Record<string, Scalar> | undefined }
  /** `earshot.identify(person, traits, { merge })`. */
  | {
      do: 'identify'
      person: string
      traits?: Record<string, Scalar> | undefined
      merge?: boolean | 'consented' | undefined
    }
  | { do: 'setTraits'; traits: Record<string, Scalar> }
  | { do: 'group'; group: string; traits?: Record<string, Scalar> | undefined }
  /** `earshot.show(survey, { force, hidden })`. */
  | {
      do: 'show'
      survey: string
      force?: boolean | undefined
      hidden?: Record<string, Scalar> | undefined
    }
  /**
   * The visitor scrolls so many per cent down, is about to leave (not within two seconds of coming), sees an element, or
   * clicks it. `time` and `idle` triggers need none: they fire as time passes.
   */
  | { do: 'signal'; on: Signal['on']; value?: number | undefined; selector?: string | undefined }
  /**
   * One answer to the survey on the screen; nothing happens without one. Default question: the first that has no answer.
   * Default value: one that fits, of a scale from its good part. `score` names another part. A card on one page ends by
   * itself with the answer to its last open question; any other is left where it is.
   */
  | {
      do: 'answer'
      question?: string | undefined
      value?: AnswerValue | undefined
      score?: Mood | undefined
    }
  /** Answers what must be answered, goes to the end, and leaves the thanks on the screen for their 20 seconds. */
  | { do: 'complete'; score?: Mood | undefined }
  | { do: 'dismiss' }
  | { do: 'snooze'; days?: number | undefined }
  | { do: 'optOut' }
  | { do: 'consent'; consent: Consent }
  | { do: 'pause' }
  | { do: 'resume' }
  /** `earshot.reset()`: a new anonymous visitor. */
  | { do: 'reset' }
  /** Leaves the site. */
  | { do: 'close' }
  /** Nothing but that time has passed. */
  | { do: 'wait' }

/** What happens, and when. */
export type TimelineEntry = Happening & { at: When }

/** Kinds of values that fields have. */
const kinds: Readonly<Record<string, readonly [mend: string, fits: (value: unknown) => boolean]>> = {
  text: ['a text', (value) => typeof value === 'string' && value !== ''],
  anyText: ['a text', (value) => typeof value === 'string'],
  number: ['a number', (value) => typeof value === 'number' && Number.isFinite(value)],
  flag: ['true or false', (value) => typeof value === 'boolean'],
  record: ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
  device: [
    '"phone", "tablet" or "desktop"',
    (value) => ['phone', 'tablet', 'desktop'].includes(value as string),
  ],
  consent: ['"granted" or "denied"', (value) => value === 'granted' || value === 'denied'],
  mood: ['"bad", "middle" or "good"', (value) => ['bad', 'middle', 'good'].includes(value as string)],
  signal: [
    '"time", "scroll", "exit", "idle", "seen", "click" or "rage"',
    (value) => ['time', 'scroll', 'exit', 'idle', 'seen', 'click', 'rage'].includes(value as string),
  ],
  joining: ['true, false or "consented"', (value) => typeof value === 'boolean' || value === 'consented'],
  any: ['a value', () => true],
}

/** The fields of each happening; with `!` where it must have them. */
const fields: Readonly<Record<Happening['do'], Readonly<Record<string, string>>>> = {
  visit: {
    url: 'text',
    referrer: 'anyText',
    device: 'device',
    width: 'number',
    height: 'number',
    locale: 'text',
  },
  navigate: { url: 'text!' },
  page: { context: 'record' },
  track: { name: 'text!', props: 'record' },
  identify: { person: 'text!', traits: 'record', merge: 'joining' },
  setTraits: { traits: 'record!' },
  group: { group: 'text!', traits: 'record' },
  show: { survey: 'text!', force: 'flag', hidden: 'record' },
  signal: { on: 'signal!', value: 'number', selector: 'text' },
  answer: { question: 'text', value: 'any', score: 'mood' },
  complete: { score: 'mood' },
  dismiss: {},
  snooze: { days: 'number' },
  optOut: {},
  consent: { consent: 'consent!' },
  pause: {},
  resume: {},
  reset: {},
  close: {},
  wait: {},
}

/** What needs no page to happen on. */
const pageless: readonly string[] = ['visit', 'wait']

/** An entry at its moment. */
export type Moment = { at: Instant; entry: TimelineEntry }

/**
 * The timeline with every moment known.
 *
 * @throws TypeError for what is no happening, is out of order, or happens where no page is open
 */
export function readTimeline(timeline: unknown, start: Instant): Moment[] {
  must(Array.isArray(timeline), 'timeline', timeline, 'a list of what happens, as { at: "+1d", do: "visit" }')
  let isOpen = false
  let last = start
  return timeline.map((entry: unknown, index) => {
    const path = `timeline.${index}`
    mustBeObject(entry, path, 'an object, as { at: "+1d", do: "visit" }')
    const read = entry as TimelineEntry
    const at = readWhen(read.at, `${path}.at`, start)
    must(at >= start, `${path}.at`, read.at, 'at the start or after it')
    must(at >= last, `${path}.at`, read.at, 'no earlier than the entry before; put them in order')
    last = at
    readFields(read, path)
    const mayBe = isOpen || pageless.includes(read.do)
    must(mayBe, `${path}.do`, read.do, '"visit" first: no page is open here')
    if (read.do === 'visit') isOpen = true
    if (read.do === 'close') isOpen = false
    return { at, entry: read }
  })
}

function readFields(entry: TimelineEntry, path: string): void {
  const names = Object.keys(fields)
  const known = Object.hasOwn(fields, entry.do)
  must(known, `${path}.do`, entry.do, `one of ${names.map((each) => `"${each}"`).join(', ')}`)
  const wanted = fields[entry.do]
  const own = Object.keys(wanted)
  for (const [name, value] of Object.entries(entry)) {
    if (name === 'at' || name === 'do' || value === undefined) continue
    const mend = own.length ? `left out; "${entry.do}" has ${own.join(', ')}` : 'left out'
    must(Object.hasOwn(wanted, name), `${path}.${name}`, value, mend)
  }
  for (const [name, sort] of Object.entries(wanted)) {
    const value: unknown = (entry as unknown as Record<string, unknown>)[name]
    const [mend, fits] = kinds[sort.replace('!', '')] as (typeof kinds)[string]
    if (value !== undefined || sort.endsWith('!')) must(fits(value), `${path}.${name}`, value, mend)
  }
}

const units = [86_400_000, 3_600_000, 60_000, 1000, 1]

function readWhen(value: unknown, path: string, start: Instant): Instant {
  if (typeof value === 'number') {
    must(Number.isFinite(value), path, value, 'a number of milliseconds since the start')
    return (start + value) as Instant
  }
  if (typeof value !== 'string' || !value.startsWith('+')) {
    const mend = 'a span as "+3d2h" or "+45s", milliseconds since the start, or ISO 8601 with a zone'
    must(typeof value === 'string' && /^\d{4}-/.test(value), path, value, mend)
    return readInstant(value, path)
  }
  const number = String.raw`(\d+(?:\.\d+)?)`
  const span = new RegExp(
    `^\\+(?:${number}d)?(?:${number}h)?(?:${number}m)?(?:${number}s)?(?:${number}ms)?$`,
  ).exec(value)
  must(span && value.length > 1, path, value, 'a span as "+3d2h", "+1d12h30m" or "+45s"')
  const spans = span.slice(1).map((each, index) => Number(each ?? 0) * (units[index] as number))
  return (start + spans.reduce((sum, each) => sum + each, 0)) as Instant
}

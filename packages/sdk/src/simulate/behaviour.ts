/** How synthetic visitors behave: the model, and its defaults. */
import type { Scalar, Survey } from '@earshot/contract'
import type { PageFacts } from '../core/model.ts'
import type { Chance } from './chance.ts'
import { must, mustBeNumber, mustBeObject } from './check.ts'
import { type Interests, interestsOf, inventProps, inventValues } from './invent.ts'

/**
 * How synthetic visitors behave. Every number is an assumption, and each can be replaced by what is known of a site.
 * All functions get `chance`, which gives the next number in 0…1; with any other source of chance, the result would not be
 * the same again.
 */
export interface Behaviour {
  /** Visits a week, on average over all visitors; default 1.5. How often each one comes follows an exponential distribution: many come seldom, few come often. Everybody comes once at least. */
  visitsPerWeek: number
  /** Hours of the day in which visits begin, by the clock of the zone at the start; default 8 to 22. */
  hours: readonly [from: number, to: number]
  /** Pages of a visit, on average, at least one; default 4 (geometric distribution). */
  pagesPerVisit: number
  /** Seconds on a page, on average, at least one; default 40 (exponential distribution). */
  secondsPerPage: number
  /** Whether pages follow one another inside an app, without a load; default false. */
  app: boolean
  /** Whole addresses of which each page is one, by chance; default a home page, and what the surveys' triggers and targeting name. */
  urls: readonly string[]
  /** Shares of devices, relative to each other; default 55 desktop, 40 phone, 5 tablet. */
  devices: Readonly<Record<PageFacts['device'], number>>
  /** BCP 47 tags, of which each visitor has one, by chance; default `en`. */
  locales: readonly string[]
  /** How often each event is tracked on a page, 0 to 1, by its name; default 0.1 for each that the surveys name. */
  events: Readonly<Record<string, number>>
  /** Properties of an event; default such that about half of the rules that look at them hold. */
  props: (event: string, visitor: number, chance: Chance) => Record<string, Scalar>
  /** What the site tells about a visitor with `setTraits`; default values as targeting names them, or others. */
  traits: (visitor: number, chance: Chance) => Record<string, Scalar>
  /** The same for `group`, with the id in `id`; default none, unless targeting looks at one. */
  group: (visitor: number, chance: Chance) => Record<string, Scalar>
  /** Share of pages that are scrolled at all; then to any depth. Default 0.7. */
  scrolls: number
  /** Share of visits that end with the sign of leaving that `exit` waits for; default 0.5. */
  exits: number
  /** Share of pages on which an element that a trigger names is seen, clicked, or clicked in anger; default 0.3, 0.1 and 0.01. */
  elements: Readonly<Record<'seen' | 'click' | 'rage', number>>
  /** What becomes of a survey that appears, as shares of 1; what is left over is ignored. Default 0.25 answered, 0.05 partial, 0.35 dismissed, 0 snoozed. */
  responses: Readonly<Record<'completed' | 'partial' | 'dismissed' | 'snoozed', number>>
  /** Seconds until it is answered or closed, on average; default 8. */
  secondsToRespond: number
  /** Parts of the scale that scores come from, relative to each other; default 20 bad, 30 middle, 50 good. */
  scores: Readonly<Record<'bad' | 'middle' | 'good', number>>
  /** Share that gives consent at its first visit, where it is required; the rest is never asked. Default 0.6. */
  consents: number
}

/** Chance of an event on a page, where nothing else is said. */
const defaultRate = 0.1

/** The whole model, for these surveys. */
export interface Model extends Behaviour {
  interests: Interests
}

/**
 * The default with what is given in its place. Groups (`devices`, `events`, `elements`, `responses`, `scores`) are taken
 * over it one by one.
 *
 * @throws TypeError with the path of what is no share, rate or list
 */
export function readBehaviour(given: Partial<Behaviour> | undefined, surveys: readonly Survey[]): Model {
  const interests = interestsOf(surveys)
  if (given !== undefined) mustBeObject(given, 'behaviour', 'an object')
  const rates = Object.fromEntries([...interests.events.keys()].map((name) => [name, defaultRate]))
  const standard: Behaviour = {
    visitsPerWeek: 1.5,
    hours: [8, 22],
    pagesPerVisit: 4,
    secondsPerPage: 40,
    app: false,
    urls: interests.urls,
    devices: { desktop: 55, phone: 40, tablet: 5 },
    locales: ['en'],
    events: rates,
    props: (event, visitor, chance) => inventProps(interests, event, visitor, chance),
    traits: (_visitor, chance) => inventValues(interests.traits, chance),
    group: (_visitor, chance) => inventValues(interests.group, chance),
    scrolls: 0.7,
    exits: 0.5,
    elements: { seen: 0.3, click: 0.1, rage: 0.01 },
    responses: { completed: 0.25, partial: 0.05, dismissed: 0.35, snoozed: 0 },
    secondsToRespond: 8,
    scores: { bad: 20, middle: 30, good: 50 },
    consents: 0.6,
  }
  const model: Model = { ...standard, interests }
  for (const [name, value] of Object.entries(given ?? {})) {
    const usual: unknown = (standard as unknown as Record<string, unknown>)[name]
    const path = `behaviour.${name}`
    must(usual !== undefined, path, value, `left out; known are ${Object.keys(standard).join(', ')}`)
    if (value === undefined) continue
    if (Array.isArray(usual)) must(Array.isArray(value) && value.length > 0, path, value, 'a list')
    else if (typeof usual === 'object') mustBeObject(value, path, 'an object with numbers')
    else must(typeof value === typeof usual, path, value, `a ${typeof usual}`)
    const isGroup = typeof usual === 'object' && !Array.isArray(usual)
    Object.assign(model, { [name]: isGroup ? { ...(usual as object), ...(value as object) } : value })
  }
  checkModel(model)
  return model
}

function checkModel(model: Model): void {
  const at = (name: string): string => `behaviour.${name}`
  mustBeNumber(model.visitsPerWeek, at('visitsPerWeek'), 0, 1000)
  mustBeNumber(model.pagesPerVisit, at('pagesPerVisit'), 1, 1000)
  mustBeNumber(model.secondsPerPage, at('secondsPerPage'), 1, 86_400)
  mustBeNumber(model.secondsToRespond, at('secondsToRespond'), 0, 3600)
  for (const name of ['scrolls', 'exits', 'consents'] as const) mustBeNumber(model[name], at(name), 0, 1)
  for (const name of ['devices', 'scores'] as const) checkNumbers(model[name], at(name), Infinity)
  for (const name of ['events', 'elements', 'responses'] as const) checkNumbers(model[name], at(name), 1)
  const sum = Object.values(model.responses).reduce((all, each) => all + each, 0)
  must(sum <= 1 + 1e-9, at('responses'), model.responses, 'shares of which the sum is 1 at most')
  const [from, to] = model.hours
  mustBeNumber(from, at('hours.0'), 0, 24)
  mustBeNumber(to, at('hours.1'), from, 24)
  for (const name of ['urls', 'locales'] as const)
    for (const [index, each] of model[name].entries())
      must(typeof each === 'string' && each, at(`${name}.${index}`), each, 'a text')
}

function checkNumbers(group: Readonly<Record<string, number>>, path: string, most: number): void {
  for (const [name, value] of Object.entries(group)) mustBeNumber(value, `${path}.${name}`, 0, most)
}

/** One of several by their weights. */
export function drawBy<Name extends string>(weights: Readonly<Record<Name, number>>, chance: Chance): Name {
  const entries = Object.entries(weights) as [Name, number][]
  let rest = chance() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  const found = entries.find(([, weight]) => (rest -= weight) < 0)
  return (found ?? entries[0]!)[0]
}

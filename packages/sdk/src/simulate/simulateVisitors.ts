/** Many synthetic visitors over many days: who would be asked, how often, and why not. */
import type { Cause } from '@earshot/contract'
import type { Reason } from '../core/decision.ts'
import { type Behaviour, readBehaviour } from './behaviour.ts'
import { mustBeNumber, readOptions, type SimulationOptions } from './check.ts'
import type { SimulatedAsk } from './outcome.ts'
import { hourOfStart, liveVisitor, type Population, type VisitorHistory } from './visitor.ts'

/** What synthetic visitors are simulated with. */
export interface VisitorsOptions extends SimulationOptions {
  /** How many; default 1000. */
  visitors?: number | undefined
  /** For how many days, from the start; default 90. */
  days?: number | undefined
  /** What is known of the site's visitors, in the place of the default. */
  behaviour?: Partial<Behaviour> | undefined
}

/** What came of one survey. */
export interface SurveyTotals {
  survey: string
  /** Times that it was asked. */
  asked: number
  /** Visitors who were asked it at least once. */
  people: number
  /** How the showings ended; the sum is `asked`. */
  completed: number
  partial: number
  dismissed: number
  snoozed: number
  ignored: number
  /** Showings by what made the survey appear. */
  causes: Partial<Record<Cause, number>>
  /** How often something asked for it in vain, by the reason. */
  refusals: Partial<Record<Reason, number>>
  /**
   * Visitors who were never asked it, by the last reason for which it was refused; where nothing ever asked for it, by
   * what stood most often against it at the end of a visit; `no-trigger` where that was nothing.
   */
  neverAsked: Partial<Record<Reason | 'no-trigger', number>>
}

/** What came of all. Plain data. */
export interface VisitorsResult {
  visitors: number
  days: number
  seed: number
  visits: number
  pageViews: number
  /** In the order of the surveys. */
  surveys: SurveyTotals[]
  /** Visitors by the number of asks over all surveys: the first was asked never, the second once, … */
  asksPerPerson: number[]
  /** Most asks that any visitor got within 30 days. */
  mostIn30Days: number
  /** Visitors by the day of their first ask: the first on the day of the start, … */
  firstAskByDay: number[]
}

const day = 86_400_000

/**
 * Lives synthetic visitors one by one, and gives each one's history as it is asked for: nothing is kept.
 *
 * @throws TypeError when an option is malformed, before the first visitor.
 * @example
 * for (const { visitor, asks } of simulateEachVisitor({ surveys, visitors: 100 }))
 *   if (asks.length > 3) console.log(visitor, asks)
 */
export function simulateEachVisitor(options: VisitorsOptions): Iterable<VisitorHistory> {
  const { population, visitors } = readVisitors(options)
  const startHour = hourOfStart(population)
  return {
    *[Symbol.iterator](): Iterator<VisitorHistory> {
      for (let visitor = 0; visitor < visitors; visitor++) yield liveVisitor(population, visitor, startHour)
    },
  }
}

/**
 * Lives synthetic visitors, with the engine that runs in the browser, and counts what they are asked. What they do is an
 * assumption: see `Behaviour`, of which everything can be given. The same options give the same result.
 *
 * Visitors come one after the other, each with a line to the collector that is up and has a place in every quota.
 *
 * @throws TypeError when an option is malformed; the message says where, what was found, and the mend.
 * @example
 * const { surveys: [nps], asksPerPerson, mostIn30Days } = simulateVisitors({
 *   surveys,
 *   visitors: 1000,
 *   days: 90,
 *   behaviour: { visitsPerWeek: 5, events: { checkout_done: 0.02 } },
 * })
 */
export function simulateVisitors(options: VisitorsOptions): VisitorsResult {
  const { population, visitors } = readVisitors(options)
  const { days, seed } = population
  const result: VisitorsResult = {
    visitors,
    days,
    seed,
    visits: 0,
    pageViews: 0,
    surveys: population.surveys.map(({ id }) => emptyTotals(id)),
    asksPerPerson: [],
    mostIn30Days: 0,
    firstAskByDay: Array<number>(Math.ceil(days)).fill(0),
  }
  for (const history of simulateEachVisitor(options)) add(result, history, population.start)
  result.asksPerPerson = Array.from(result.asksPerPerson, (count: number | undefined) => count ?? 0)
  return result
}

function readVisitors(options: VisitorsOptions): { population: Population; visitors: number } {
  const checked = readOptions(options)
  const { visitors = 1000, days = 90, behaviour } = options
  mustBeNumber(visitors, 'visitors', 1, 1_000_000, true)
  mustBeNumber(days, 'days', 1, 3650)
  return { population: { ...checked, days, model: readBehaviour(behaviour, checked.surveys) }, visitors }
}

function emptyTotals(survey: string): SurveyTotals {
  return {
    survey,
    asked: 0,
    people: 0,
    completed: 0,
    partial: 0,
    dismissed: 0,
    snoozed: 0,
    ignored: 0,
    causes: {},
    refusals: {},
    neverAsked: {},
  }
}

function add(result: VisitorsResult, history: VisitorHistory, start: number): void {
  const { refusals, visits, pageViews, obstacles } = history
  const asks = history.asks.filter(isSeen)
  result.visits += visits
  result.pageViews += pageViews
  result.asksPerPerson[asks.length] = (result.asksPerPerson[asks.length] ?? 0) + 1
  result.mostIn30Days = Math.max(
    result.mostIn30Days,
    mostWithin(
      asks.map(({ at }) => at),
      30 * day,
    ),
  )
  const [first] = asks
  if (first) countUp(result.firstAskByDay, Math.floor((first.at - start) / day))
  for (const totals of result.surveys) {
    const mine = asks.filter((each) => each.survey === totals.survey)
    const against = refusals.filter((each) => each.survey === totals.survey)
    totals.asked += mine.length
    for (const { outcome, cause } of mine) {
      totals[outcome]++
      countUp(totals.causes, cause)
    }
    for (const { reason } of against) countUp(totals.refusals, reason)
    if (mine.length) totals.people++
    else countUp(totals.neverAsked, against.at(-1)?.reason ?? obstacles[totals.survey] ?? 'no-trigger')
  }
}

type SeenAsk = SimulatedAsk & { outcome: Exclude<SimulatedAsk['outcome'], 'unseen'> }

/** What nobody could see is no asking. */
function isSeen(ask: SimulatedAsk): ask is SeenAsk {
  return ask.outcome !== 'unseen'
}

function countUp<Key extends PropertyKey>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1
}

/** Most of these moments, in order, that any such span holds. */
function mostWithin(moments: readonly number[], span: number): number {
  let most = 0
  let from = 0
  for (const [index, moment] of moments.entries()) {
    while (moment - (moments[from] as number) >= span) from++
    most = Math.max(most, index - from + 1)
  }
  return most
}

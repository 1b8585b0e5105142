/** The life of one synthetic visitor: visits, pages, what happens on them, and what they make of a survey that appears. */
import type { Scalar } from '@earshot/contract'
import type { Reason } from '../core/decision.ts'
import type { PageFacts, Showing, Signal } from '../core/model.ts'
import { calendarOf } from '../core/rules/calendar.ts'
import { rules } from '../core/rules/rules.ts'
import { decide } from '../core/throttle.ts'
import { drawBy, type Model } from './behaviour.ts'
import { type Chance, createChance, drawGap, drawIndex, seedOf } from './chance.ts'
import type { Checked } from './check.ts'
import { createWitness, type Outcome } from './outcome.ts'
import { createRespond } from './respond.ts'
import { createWorld, type Tab, type World } from './world.ts'

/** What one synthetic visitor did, and was asked. */
export interface VisitorHistory extends Outcome {
  /** Counted from 0. */
  visitor: number
  visits: number
  pageViews: number
  /** What stood most often against a survey at the end of a visit, by its id; surveys against which nothing stood are missing. */
  obstacles: Partial<Record<string, Reason>>
}

/** What all visitors have in common. */
export interface Population extends Checked {
  model: Model
  days: number
}

const day = 86_400_000
const screens: Readonly<Record<PageFacts['device'], Pick<PageFacts, 'width' | 'height'>>> = {
  desktop: { width: 1440, height: 900 },
  tablet: { width: 820, height: 1180 },
  phone: { width: 390, height: 844 },
}

/** Hour of the day at the start, in the zone. A change to summer time is left out. */
export function hourOfStart({ start, zone }: Checked): number {
  return Number(calendarOf(start, zone)?.hour ?? 0)
}

/** Lives one visitor's days. The same visitor of the same seed always does the same, however many there are. */
export function liveVisitor(population: Population, visitor: number, startHour: number): VisitorHistory {
  const { model, days, surveys, settings, consentRequired, start, zone } = population
  const seed = seedOf(population.seed, visitor)
  const chance = createChance(seed)
  const witness = createWitness()
  const device = drawBy(model.devices, chance)
  const locale = drawFrom(model.locales, chance)
  const history: VisitorHistory = { visitor, visits: 0, pageViews: 0, obstacles: {}, ...witness.outcome }
  const met = new Map<string, Map<Reason, number>>()
  /** When the respondent is done with what is on the screen. Nobody leaves in the middle of it. */
  let busyUntil = 0
  let tab: Tab | undefined

  const respond = (showing: Showing): void => {
    const { responses } = model
    const ignored = 1 - Object.values(responses).reduce((sum, each) => sum + each, 0)
    const what = drawBy({ ...responses, ignored: Math.max(0, ignored) }, chance)
    const mood = drawBy(model.scores, chance)
    const span = Math.round(1000 * (1 + drawGap(chance, model.secondsToRespond)))
    if (what === 'ignored') return
    busyUntil = world.elapsed() + span + 1
    world.after(span, () => {
      if (tab?.state().showing?.response !== showing.response) return
      const answers = createRespond(chance, () => mood)
      if (what === 'completed') tab.complete(answers)
      if (what === 'partial') tab.answer(undefined, answers)
      if (what === 'dismissed') tab.dismiss()
      if (what === 'snoozed') tab.tell({ type: 'snooze' }, true)
    })
  }
  const world: World = createWorld({
    surveys,
    settings,
    consentRequired,
    sensing: true,
    seed,
    start,
    page: { zone, device, locale, ...screens[device] },
    told: (effect) => witness.told(effect, world.now()),
    mounted(showing) {
      witness.mounted(showing, world.now())
      respond(showing)
    },
  })
  const traits = model.traits(visitor, chance)
  const group = model.group(visitor, chance)
  const mayConsent = chance() < model.consents
  /** Lets time pass until then, and until the respondent is done. */
  const stayUntil = (moment: number): void => {
    world.wait(Math.max(0, moment - world.elapsed()))
    while (busyUntil > world.elapsed()) world.wait(busyUntil - world.elapsed())
  }
  const introduce = (on: Tab): void => {
    if (consentRequired && mayConsent && world.memory()?.consent !== 'granted')
      on.tell({ type: 'consent', consent: 'granted' })
    if (Object.keys(traits).length) on.tell({ type: 'identify', person: null, traits }, true)
    if (Object.keys(group).length) {
      const id = String(group['id'] ?? 'group')
      on.tell({ type: 'group', group: id, traits: group }, true)
    }
  }

  /** Signals are not looked out for while a rule speaks against their survey, so nothing is ever refused there. */
  const meetObstacles = (on: Tab): void => {
    const state = on.state()
    for (const survey of surveys) {
      const { id } = survey
      const wish = { survey: id, cause: 'show' } as const
      const decision = decide(state, survey, world.now(), wish, state.rich ? rules : undefined)
      if (decision.show) continue
      const reasons = met.get(id) ?? new Map<Reason, number>()
      met.set(id, reasons.set(decision.reason, (reasons.get(decision.reason) ?? 0) + 1))
    }
  }

  for (const visit of visitsOf(model, days, startHour, chance)) {
    stayUntil(visit)
    history.visits++
    const pages = 1 + Math.floor(drawGap(chance, 1 / Math.log(1 / (1 - 1 / model.pagesPerVisit))))
    for (let page = 0; page < pages; page++) {
      history.pageViews++
      const url = drawFrom(model.urls, chance)
      if (tab && page > 0 && model.app) tab.navigate(url)
      else if (tab) tab.load(url)
      else tab = world.open(url)
      if (page === 0) introduce(tab)
      const span = Math.round(1000 * Math.max(1, drawGap(chance, model.secondsPerPage)))
      const entered = world.elapsed()
      for (const [after, act] of happeningsOf(model, visitor, span, chance)) {
        stayUntil(entered + after)
        tab.touch()
        act(tab)
      }
      stayUntil(entered + span)
    }
    if (tab && chance() < model.exits) {
      tab.see({ on: 'exit' })
      world.settle()
      stayUntil(world.elapsed())
    }
    if (!tab) continue
    meetObstacles(tab)
    tab.close()
  }
  for (const [id, reasons] of met) {
    const [most] = [...reasons].sort((a, b) => b[1] - a[1])
    history.obstacles[id] = most?.[0]
  }
  return history
}

/** When visits begin, in milliseconds since the start: one at least. */
function visitsOf(model: Model, days: number, startHour: number, chance: Chance): number[] {
  const perDay = drawGap(chance, model.visitsPerWeek / 7)
  const [from, to] = model.hours
  const found: number[] = []
  const add = (moment: number): void => {
    const hour = from + chance() * (to - from)
    const inDay = (((hour - startHour + 24) % 24) / 24) * day
    found.push(Math.floor(moment) * day + Math.floor(inDay))
  }
  for (let at = drawGap(chance, 1 / perDay); at < days; at += drawGap(chance, 1 / perDay)) add(at)
  if (!found.length) add(chance() * days)
  return found.sort((a, b) => a - b)
}

type Act = readonly [after: number, act: (tab: Tab) => void]

/** What happens on one page, in order of time. */
function happeningsOf(model: Model, visitor: number, span: number, chance: Chance): Act[] {
  const found: Act[] = []
  const at = (act: Act[1]): void => void found.push([Math.floor(chance() * span), act])
  const sense = (signal: Signal): void => at((tab) => tab.see(signal))
  for (const [name, rate] of Object.entries(model.events))
    if (chance() < rate) {
      const props: Record<string, Scalar> = model.props(name, visitor, chance)
      at((tab) => tab.track(name, props))
    }
  if (chance() < model.scrolls) sense({ on: 'scroll', value: Math.ceil(chance() * 100) })
  for (const { on, selector } of model.interests.elements)
    if (chance() < model.elements[on]) sense(selector === undefined ? { on } : { on, selector })
  return found.sort((a, b) => a[0] - b[0])
}

function drawFrom<Item>(items: readonly Item[], chance: Chance): Item {
  return items[drawIndex(chance, items.length)] as Item
}

/** One visitor by a timeline: what they would have been asked, and when. */
import type { Survey } from '@earshot/contract'
import type { Explanation } from '../core/decision.ts'
import type { PageFacts, State } from '../core/model.ts'
import type { Memory } from '../core/remembered.ts'
import { resume } from '../core/memory.ts'
import { explain } from '../core/rules/explain.ts'
import { rules } from '../core/rules/rules.ts'
import { createChance } from './chance.ts'
import { mustBeObject, must, readOptions, type SimulationOptions } from './check.ts'
import { createWitness, type Outcome } from './outcome.ts'
import { createRespond, type Mood } from './respond.ts'
import { type Happening, readTimeline, type TimelineEntry } from './timeline.ts'
import { createWorld, type Tab, type World } from './world.ts'

/** What a timeline is played with. */
export interface TimelineOptions extends SimulationOptions {
  /** In order of time. Begins with a `visit`. */
  timeline: readonly TimelineEntry[]
  /** Id of the visitor, on which sampling, variants and holdout hang; default one that is made of the seed. */
  visitor?: string | undefined
  /** What this browser remembers at the start, as an earlier result gives it; default nothing. */
  memory?: Partial<Memory> | undefined
  /** As in the options of `createEarshot`. */
  context?: State['context'] | undefined
  /** The site's veto, as in the options of `createEarshot`. */
  beforeShow?: ((survey: Survey) => boolean) | undefined
}

/** What came of a timeline. Plain data. */
export interface TimelineResult extends Outcome {
  /** What this browser remembers at the end; undefined when nothing is stored. */
  memory: Partial<Memory> | undefined
  /** What `earshot.explain(survey)` says at the end, for each survey; empty when no page is open then. */
  explanations: Explanation[]
}

/**
 * Plays what one visitor does against surveys, with the engine that runs in the browser, and tells what they would have
 * been asked and when. Pure: nothing is stored or sent, and the same options give the same result, in Node and in browsers.
 *
 * The line to the collector is up: a survey with a quota always gets its place, a follow-up was answered nowhere else.
 * Time ends with the last entry; add a `wait` to see what comes after it.
 *
 * @throws TypeError when an option or an entry is malformed; the message says where, what was found, and the mend.
 * @example
 * import { nps } from '@earshot/sdk'
 * import { simulateTimeline } from '@earshot/sdk/simulate'
 *
 * const { asks, refusals } = simulateTimeline({
 *   surveys: [nps({ id: 'nps-q4', name: 'Acme', triggers: [{ on: 'event', name: 'checkout_done' }] })],
 *   timeline: [
 *     { at: 0, do: 'visit', url: 'https://shop.example/checkout' },
 *     { at: '+20s', do: 'track', name: 'checkout_done' },
 *     { at: '+30s', do: 'complete', score: 'good' },
 *     { at: '+3d', do: 'visit' },
 *     { at: '+3d20s', do: 'track', name: 'checkout_done' },
 *   ],
 * })
 * // asks: [{ survey: 'nps-q4', at: 1767603620000, cause: 'event', outcome: 'completed', answers: { score: 10 }, … }]
 * // refusals: [{ survey: 'nps-q4', at: 1767862820000, reason: 'answered-recently', until: 1775379630000 }]
 */
export function simulateTimeline(options: TimelineOptions): TimelineResult {
  const { surveys, settings, seed, start, zone, consentRequired } = readOptions(options)
  const { visitor, memory, context, beforeShow } = options
  if (visitor !== undefined) must(typeof visitor === 'string' && visitor, 'visitor', visitor, 'a text')
  if (memory !== undefined) mustBeObject(memory, 'memory', 'what an earlier result gave')
  if (beforeShow !== undefined) must(typeof beforeShow === 'function', 'beforeShow', beforeShow, 'a function')
  const moments = readTimeline(options.timeline, start)
  let witness = createWitness()
  const { outcome } = witness
  const known = visitor === undefined ? memory : { ...memory, visitor }
  const world: World = createWorld({
    surveys,
    settings,
    context,
    consentRequired,
    mayAppear: beforeShow,
    sensing: true,
    seed,
    start,
    page: { zone },
    memory: known,
    told: (effect) => witness.told(effect, world.now()),
    mounted: (showing) => witness.mounted(showing, world.now()),
  })
  const chance = createChance(seed)
  let tab: Tab | undefined
  for (const { at, entry } of moments) {
    world.wait(at - world.now())
    tab = perform(world, tab, entry, chance)
    world.settle()
  }
  const left = world.memory()
  // To explain takes the rules. What follows from their coming is no part of the timeline.
  witness = createWitness()
  return { ...outcome, memory: left, explanations: tab?.isOpen() ? explainAll(world, tab, surveys) : [] }
}

function explainAll(world: World, tab: Tab, surveys: readonly Survey[]): Explanation[] {
  tab.needRules()
  world.settle()
  const state = tab.state()
  const at = world.now()
  // What is stored, as of now: the real one reads it again too.
  const stored = world.memory()
  const isSame = stored?.visitor !== undefined && stored.visitor === state.memory?.visitor
  const memory = isSame ? resume(stored, at, () => 'explained') : state.memory
  return surveys.map(({ id }) => explain({ ...state, memory }, id, at, rules))
}

/** Does one thing, and gives the tab that is open then. */
function perform(
  world: World,
  tab: Tab | undefined,
  entry: Happening,
  chance: () => number,
): Tab | undefined {
  const respondWith = (mood: Mood = 'good') => createRespond(chance, () => mood)
  tab?.touch()
  switch (entry.do) {
    case 'visit': {
      const { do: _do, at: _at, ...page } = entry as TimelineEntry & { do: 'visit' }
      const facts = { referrer: '', ...withoutUndefined(page) }
      if (!tab) return world.open(facts)
      tab.load(facts)
      return tab
    }
    case 'close':
      tab?.close()
      return tab
    case 'navigate':
      tab?.navigate(entry.url)
      return tab
    case 'track':
      tab?.track(entry.name, entry.props)
      return tab
    case 'signal': {
      const { on, value, selector } = entry
      tab?.see(withoutUndefined({ on, value, selector }))
      return tab
    }
    case 'answer':
      tab?.answer(entry.question, entry.value ?? respondWith(entry.score))
      return tab
    case 'complete':
      tab?.complete(respondWith(entry.score))
      return tab
    case 'dismiss':
      tab?.dismiss()
      return tab
    case 'reset':
      tab?.reset()
      return tab
    default:
      tellCommand(tab, entry)
      return tab
  }
}

/** Commands that are inputs of the core, with the defaults of shell/client.ts. */
function tellCommand(tab: Tab | undefined, entry: Happening): void {
  switch (entry.do) {
    case 'page': {
      const { context } = entry
      return tab?.tell({ type: 'page', context }, context !== undefined)
    }
    case 'identify': {
      const { person, traits = {}, merge } = entry
      const how = merge === undefined ? {} : { merge }
      return tab?.tell({ type: 'identify', person, traits, ...how }, merge !== undefined)
    }
    case 'setTraits':
      return tab?.tell({ type: 'identify', person: null, traits: entry.traits }, true)
    case 'group':
      return tab?.tell({ type: 'group', group: entry.group, traits: entry.traits ?? {} }, true)
    case 'show': {
      const { survey, force, hidden } = entry
      return tab?.tell({ type: 'show', wish: { force, hidden, survey, cause: 'show' } })
    }
    case 'snooze':
      return tab?.tell({ type: 'snooze', days: entry.days }, true)
    case 'consent':
      return tab?.tell({ type: 'consent', consent: entry.consent })
    case 'optOut':
    case 'pause':
    case 'resume':
      return tab?.tell({ type: entry.do })
    default:
  }
}

function withoutUndefined<Value extends object>(value: Value): Value & Partial<PageFacts> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value
}

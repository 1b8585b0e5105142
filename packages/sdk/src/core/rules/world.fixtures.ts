/** The simulated browser, with a record of all that was ordered in it. */
import type { Reason } from '../decision.ts'
import type { Effect, Wish } from '../model.ts'
import type { Ask } from '../remembered.ts'
import type { Instant } from '../time.ts'
import {
  createWorld as createBareWorld,
  type World as BareWorld,
  type WorldOptions,
} from '../../simulate/world.ts'

export type { Tab, WorldOptions } from '../../simulate/world.ts'

/** One thing that was ordered, when by the clock, and after how much time in truth. */
export interface Entry {
  tab: number
  at: Instant
  elapsed: number
  effect: Effect
}

/** A claim that was granted. */
export interface Shown extends Ask {
  tab: number
  elapsed: number
  wish: Wish
  survey: string
  /** Number of the page view over all tabs. */
  view: number
}

export interface World extends BareWorld {
  log: readonly Entry[]
  shown: readonly Shown[]
}

export function createWorld(options: WorldOptions): World {
  const log: Entry[] = []
  const shown: Shown[] = []
  const world = createBareWorld({
    ...options,
    // What happens while a tab is opened comes before it is among them, at time zero by its clock.
    told: (effect, tab) => log.push({ tab, at: world.now(), elapsed: world.elapsed(), effect }),
    granted: (ask, wish, tab) =>
      shown.push({
        ...ask,
        tab,
        elapsed: world.elapsed(),
        wish,
        view: world.tabs()[tab]?.view() ?? 0,
      }),
  })
  return { ...world, log, shown }
}

/** What was said to stand against surveys, in order. */
export function refusalsIn(log: readonly Entry[]): { survey: string; reason: Reason }[] {
  return log.flatMap(({ effect }) =>
    effect.type === 'emit' && effect.emission.name === 'suppressed' ? [effect.emission.detail] : [],
  )
}

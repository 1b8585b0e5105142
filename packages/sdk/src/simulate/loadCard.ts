/** The card of a simulated page: drawn as shell/view.ts draws the real one. */
import type { Effect, Input, Showing, State } from '../core/model.ts'
import type { MemoryChange } from '../core/remembered.ts'
import type { Clock } from '../ports/world.ts'
import { type HeadlessCard, mountHeadless } from './card.ts'
import type { Ground } from './ground.ts'

/** What a page gives its card. */
export interface CardGround {
  ground: Pick<Ground, 'now' | 'mounted'>
  state(): State
  dispatch(input: Input): void
  perform(effect: Effect): void
  /** Runs work in a turn of its own, unless the page is gone by then. */
  later(run: () => void): void
  wait: Clock['wait']
}

/** The card of a page: the one on the screen, and how another comes in its place. */
export interface LoadCard {
  current(): HeadlessCard | null
  render(showing: Showing | null): void
}

export function createLoadCard({ ground, state, dispatch, perform, later, wait }: CardGround): LoadCard {
  const { now } = ground
  let card: HeadlessCard | null = null
  const host: Parameters<typeof mountHeadless>[2] = {
    now,
    perform: (effect) =>
      effect.type === 'remember' ? dispatch({ ...effect, type: 'learn' }) : perform(effect),
    closed: () => dispatch({ type: 'closed', at: now() }),
  }
  return {
    current: () => card,
    render(showing) {
      card?.destroy()
      card = null
      if (!showing) return
      later(() => {
        if (JSON.stringify(state().showing) !== JSON.stringify(showing)) return
        try {
          card = mountHeadless(showing, false, host, wait)
        } catch {
          // Nothing is left to ask: it did not take place, so it must not count.
          const change: MemoryChange = { kind: 'unask', response: showing.response }
          if (!showing.progress) dispatch({ type: 'learn', at: now(), change })
          dispatch({ type: 'closed', at: now() })
          return
        }
        ground.mounted(showing)
      })
    },
  }
}

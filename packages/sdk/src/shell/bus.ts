/** Tells the site what happened: to those who listen at the client, and as events of the window. */
import type { Emission } from '../core/emission.ts'
import { hear } from './hear.ts'
import type { Parts, Runtime } from './runtimeParts.ts'

export interface Bus {
  emit(emission: Emission): void
  on: Runtime['on']
}

export function createBus({ log, page }: Pick<Parts, 'log' | 'page'>): Bus {
  /** Listeners of an event target cannot stop each other, nor us, by throwing. */
  let target: EventTarget | undefined
  return {
    emit({ name, detail }) {
      log(name, detail)
      target?.dispatchEvent(new CustomEvent(name, { detail }))
      page.announce(name, detail)
    },
    on: (name, handler) =>
      hear((target ??= new EventTarget()), name, (event) => handler((event as CustomEvent).detail)),
  }
}

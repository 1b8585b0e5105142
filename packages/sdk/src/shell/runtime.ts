/** The loop: feeds inputs to the core one at a time, and has its effects carried out by the adapters. */
import { type FeedbackEvent, seqPerPage, type Survey } from '@earshot/contract'
import { changeMemory, denial, resume } from '../core/memory.ts'
import type { Decision, EarshotEvents, Effect, Emission, Input, Memory, State } from '../core/model.ts'
import { initialState, step } from '../core/step.ts'
import { isConsented, mayShow } from '../core/throttle.ts'
import type { Clock, Lock, Log, MountCard, Page, Random, Transport } from '../ports.ts'
import { createOutbox } from './outbox.ts'
import type { Store } from './store.ts'
import { createView } from './view.ts'

/** What a page says of itself once. */
export interface Settings {
  key: string
  surveys?: readonly Survey[]
  served?: boolean
  locale?: string
  context?: { channel?: string; touchpoint?: string; stage?: string }
  beforeShow?: (survey: Survey) => boolean | Promise<boolean>
}

/** The adapters. */
export interface Parts {
  clock: Clock
  random: Random
  store: Store
  transport: Transport
  page: Page
  lock: Lock
  log: Log
  loadCard: () => Promise<{ mountCard: MountCard }>
}

export interface Runtime {
  state(): State
  dispatch(input: Input): void
  /** Closes the card as if the respondent had. */
  dismiss(): void
  on<Name extends keyof EarshotEvents>(name: Name, handler: (detail: EarshotEvents[Name]) => void): () => void
  /** Makes a new anonymous visitor; what was answered stays in the queue. */
  reset(): void
  flush(): Promise<void>
  destroy(): void
}

type Of<Type extends Effect['type']> = Extract<Effect, { type: Type }>

/** How often to ask for surveys again while the collector cannot be reached: once in one to two minutes. */
const configRetry = 60_000

export function startRuntime(settings: Settings, consentRequired: boolean, parts: Parts): Runtime {
  const { clock, random, store, transport, page, log } = parts
  const inline = settings.surveys ?? []
  /** Listeners of an event target cannot stop each other, nor us, by throwing. */
  const bus = new EventTarget()
  const pending: Input[] = []
  let state = initialState(consentRequired, inline)
  let seq = 0
  let stepping = false
  let destroyed = false
  let cancelWake = (): void => {}
  let cancelRetry = (): void => {}

  const emit = ({ name, detail }: Emission): void => {
    log(name, detail)
    bus.dispatchEvent(new CustomEvent(name, { detail }))
    page.announce(name, detail)
  }

  const run = (code: string, work: Promise<unknown>): void => {
    work.catch((error: unknown) => emit({ name: 'error', detail: { code, message: String(error) } }))
  }

  const dispatch = (input: Input): void => {
    pending.push(input)
    if (stepping || destroyed) return
    stepping = true
    for (let next = pending.shift(); next; next = pending.shift()) {
      const result = step(state, next)
      state = result.state
      for (const effect of result.effects) perform(effect)
    }
    stepping = false
  }

  const outbox = createOutbox(settings.key, parts, {
    emit,
    line: (up) => view.tell({ type: 'line', up }),
  })

  const view = createView(
    parts.loadCard,
    {
      now: () => clock.now(),
      perform: (effect) =>
        effect.type === 'remember' ? dispatch({ type: 'learn', change: effect.change }) : perform(effect),
      closed: () => dispatch({ type: 'closed' }),
    },
    (message) => dispatch({ type: 'viewFailed', at: clock.now(), message }),
  )

  const refreshed = (stored?: Partial<Memory>): Memory =>
    resume(stored, clock.now(), { visitor: random.id(), session: random.id() })

  const showAfterClaim = async ({ survey, cause, force }: Of<'claim'>): Promise<void> => {
    const vetoed = (await settings.beforeShow?.(survey)) === false
    const at = clock.now()
    let decision: Decision = { show: false, reason: 'vetoed' }
    const decideAndClaim = (stored?: Partial<Memory>): Memory => {
      const known = refreshed(stored)
      decision = mayShow(survey, known, at, force)
      return decision.show ? changeMemory(known, { survey: survey.id, patch: { shown: at } }) : known
    }
    const memory = vetoed ? (state.memory as Memory) : await store.changeMemory(decideAndClaim)
    dispatch({ type: 'claimed', memory, survey: survey.id, response: random.id(), cause, decision })
  }

  const record = async ({ draft, at }: Of<'record'>): Promise<void> => {
    const { memory } = state
    if (!memory) return
    const about = 'survey' in draft ? state.surveys.find((each) => each.id === draft.survey) : undefined
    const { context } = settings
    const event: FeedbackEvent = {
      id: random.id(),
      at: new Date(at).toISOString(),
      visitor: memory.visitor,
      person: memory.person,
      session: memory.session.id,
      seq: seq++,
      context: {
        url: page.url(),
        locale: about?.locale ?? settings.locale ?? page.locale(),
        channel: context?.channel ?? 'web',
        touchpoint: about?.touchpoint ?? context?.touchpoint,
        stage: about?.stage ?? context?.stage,
      },
      ...draft,
    }
    const { id, type } = event
    const durable = await outbox.add(event, about && inline.includes(about) ? about : undefined)
    emit({ name: 'queued', detail: { id, type, durable } })
    view.tell({ type: 'stored', event, durable })
    outbox.nudge(type === 'complete' || type === 'dismiss')
  }

  const configure = async (): Promise<void> => {
    const tell = (surveys: readonly Survey[]): void => dispatch({ type: 'served', at: clock.now(), surveys })
    if (settings.served === false) return tell([])
    const known = await store.readSurveys()
    // The last good copy, or what the page brought along, need not wait for the network.
    if (known || inline.length) tell(known ?? [])
    const surveys = await transport.surveys()
    if (destroyed) return
    if (surveys) {
      tell(surveys)
      await store.writeSurveys(surveys)
    } else cancelRetry = clock.wait(configRetry * (1 + random.chance()), () => run('config', configure()))
  }

  const forget = async (): Promise<void> => {
    outbox.clear()
    await store.clear(consentRequired ? undefined : denial)
  }

  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'claim':
        return run('claim', showAfterClaim(effect))
      case 'record':
        return run('record', record(effect))
      case 'remember':
        return run(
          'memory',
          store.changeMemory((stored) =>
            changeMemory(refreshed(stored ?? state.memory ?? undefined), effect.change),
          ),
        )
      case 'render':
        return view.render(effect.showing)
      case 'wake':
        cancelWake()
        cancelWake = clock.wait(effect.at - clock.now(), () => dispatch({ type: 'tick', at: clock.now() }))
        return
      case 'configure':
        outbox.nudge()
        return run('config', configure())
      case 'warm':
        return view.warm()
      case 'forget':
        return run('forget', forget())
      case 'emit':
        return emit(effect.emission)
    }
  }

  const remember = (memory: Memory): void => {
    seq = memory.pages * seqPerPage
    dispatch({ type: 'remembered', at: clock.now(), memory })
  }

  /** Reads the memory. Without consent it stays in this page, and nothing is written or even created. */
  const wake = async (): Promise<void> => {
    const next = (stored?: Partial<Memory>): Memory => {
      const known = refreshed(stored)
      return { ...known, pages: known.pages + 1 }
    }
    const known = next(await store.readMemory())
    remember(isConsented(known, consentRequired) ? await store.changeMemory(next) : known)
  }

  const renew = async (): Promise<void> => {
    remember(await store.changeMemory((stored) => ({ ...refreshed(), consent: stored?.consent ?? null })))
  }

  const stopNavigation = page.onNavigate(() => dispatch({ type: 'page', at: clock.now() }))
  dispatch({ type: 'page', at: clock.now() })
  run('start', wake())

  return {
    state: () => state,
    dispatch,
    dismiss: () => view.tell({ type: 'dismiss', at: clock.now(), reason: 'command' }),
    on(name, handler) {
      const listener = (event: Event): void => handler((event as CustomEvent).detail)
      bus.addEventListener(name, listener)
      return () => bus.removeEventListener(name, listener)
    },
    reset: () => run('reset', renew()),
    flush: () => outbox.flush(),
    destroy() {
      destroyed = true
      cancelWake()
      cancelRetry()
      stopNavigation()
      outbox.close()
      view.render(null)
      store.close()
    },
  }
}

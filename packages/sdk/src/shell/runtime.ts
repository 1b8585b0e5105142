/** The loop: feeds inputs to the core, and has its effects carried out by the adapters. */
import { type FeedbackEvent, seqPerPage, type Survey } from '@earshot/contract'
import { changeMemory, denial, resume } from '../core/memory.ts'
import type {
  Consent,
  Decision,
  EarshotEvents,
  Effect,
  Emission,
  Input,
  Memory,
  State,
} from '../core/model.ts'
import { initialState, step } from '../core/step.ts'
import { isConsented, mayRecord, mayShow } from '../core/throttle.ts'
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
  /** Gives a command to the core, after all earlier ones, once memory and surveys are there. */
  tell(input: Input): void
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
  let state = initialState(consentRequired, inline)
  let seq = 0
  /** The word of the site on consent, which may come before the memory was read. */
  let given: { consent?: Consent } = {}
  /** What every command waits for: surveys that are being fetched, or rows that are being deleted. */
  let configuring: Promise<void> | undefined
  let destroyed = false
  let cancelWake = (): void => {}
  let cancelRetry = (): void => {}

  const emit = ({ name, detail }: Emission): void => {
    log(name, detail)
    bus.dispatchEvent(new CustomEvent(name, { detail }))
    page.announce(name, detail)
  }

  const fail =
    (code: string) =>
    (error: unknown): void =>
      emit({ name: 'error', detail: { code, message: String(error) } })

  /** A fault of ours, or of a definition that no check saw, ends here and not in the host page. */
  const dispatch = (input: Input): void => {
    try {
      const result = step(state, input)
      state = result.state
      for (const effect of result.effects) if (!destroyed) perform(effect)
    } catch (error) {
      fail('step')(error)
    }
  }

  const isOpen = (): boolean => !destroyed && mayRecord(state)

  const outbox = createOutbox(
    settings.key,
    { ...parts, isOpen },
    {
      emit,
      line: (up) => view.tell({ type: 'line', up }),
    },
  )

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
    if (state.claiming !== survey.id) return
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
        channel: context?.channel || 'web',
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

  /** Calls `ready` when some surveys are known: the last good copy, or what the page brought along, need not wait for the network. */
  const configure = async (ready: () => void): Promise<void> => {
    const tell = (surveys: readonly Survey[]): void => {
      if (isOpen()) dispatch({ type: 'served', at: clock.now(), surveys })
      ready()
    }
    if (settings.served === false) return tell([])
    const known = await store.readSurveys()
    if (known || inline.length) tell(known ?? [])
    try {
      const surveys = await transport.surveys()
      tell(surveys)
      if (isOpen()) await store.writeSurveys(surveys)
    } catch (error) {
      ready()
      if (!isOpen()) return
      fail('config')(error)
      cancelRetry = clock.wait(
        configRetry * (1 + random.chance()),
        () => void configure(ready).catch(fail('config')),
      )
    }
  }

  const forget = async (): Promise<void> => {
    outbox.clear()
    cancelRetry()
    await store.clear(consentRequired ? undefined : denial)
    remember({ ...refreshed(), ...denial })
  }

  const carryOut = (effect: Effect): Promise<unknown> | void => {
    switch (effect.type) {
      case 'claim':
        // A veto that throws, or a store that fails, must not block the next survey.
        return showAfterClaim(effect).finally(
          () => state.claiming === effect.survey.id && dispatch({ type: 'closed' }),
        )
      case 'record':
        return record(effect)
      case 'remember':
        return store.changeMemory((stored) =>
          changeMemory(refreshed({ ...state.memory, ...stored }), effect.change),
        )
      case 'render':
        return view.render(effect.showing)
      case 'wake':
        cancelWake()
        cancelWake = clock.wait(effect.at - clock.now(), () => dispatch({ type: 'tick', at: clock.now() }))
        return
      case 'configure':
        outbox.nudge()
        configuring = new Promise((ready) => void configure(ready).catch(fail('config')))
        return
      case 'warm':
        return view.warm()
      case 'forget':
        return (configuring = forget())
      case 'emit':
        return emit(effect.emission)
    }
  }

  const perform = (effect: Effect): void => void carryOut(effect)?.catch(fail(effect.type))

  const remember = (memory: Memory): void => {
    seq = memory.pages * seqPerPage
    dispatch({ type: 'remembered', at: clock.now(), memory })
  }

  /** Reads the memory. Without consent it stays in this page, and nothing is written or even created. */
  const wake = async (): Promise<void> => {
    const next = (stored?: Partial<Memory>): Memory => {
      const known = refreshed({ ...stored, ...given })
      return { ...known, pages: known.pages + 1 }
    }
    const known = next(await store.readMemory())
    remember(isConsented(known, consentRequired) ? await store.changeMemory(next) : known)
  }

  const renew = async (): Promise<void> => {
    const next = (): Memory => refreshed({ consent: state.memory?.consent ?? null })
    remember(isOpen() ? await store.changeMemory(next) : next())
  }

  const then = (work: () => unknown): void => {
    gate = gate
      .then(() => configuring)
      .then(work)
      .catch(fail('command'))
  }

  let gate: Promise<unknown> = Promise.resolve()
  const stopNavigation = page.onNavigate(() => dispatch({ type: 'page', at: clock.now() }))
  dispatch({ type: 'page', at: clock.now() })
  then(wake)

  return {
    state: () => state,
    tell(input) {
      // A refusal does not wait for the network, and the last word on consent stands over what waited.
      if (input.type === 'consent') {
        given = { consent: input.consent }
        if (input.consent === 'denied') dispatch(input)
      }
      then(() => dispatch({ ...input, ...given }))
    },
    dismiss: () => view.tell({ type: 'dismiss', at: clock.now(), reason: 'command' }),
    on(name, handler) {
      const listener = (event: Event): void => handler((event as CustomEvent).detail)
      bus.addEventListener(name, listener)
      return () => bus.removeEventListener(name, listener)
    },
    reset: () => then(renew),
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

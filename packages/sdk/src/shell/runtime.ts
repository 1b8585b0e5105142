/** The loop: feeds inputs to the core, and has its effects carried out by the adapters. */
import { type FeedbackEvent, seqPerPage, type Theme } from '@earshot/contract'
import { brings } from '../core/brings.ts'
import { changeBefore, denial, resume } from '../core/memory.ts'
import { rowOf } from '../core/queueRow.ts'
import type { Decision } from '../core/decision.ts'
import type { Effect, EffectOf, Input } from '../core/model.ts'
import type { Consent, Memory, MemoryChange } from '../core/remembered.ts'
import { copyOf } from '../core/raw.ts'
import { initialState, step } from '../core/step.ts'
import { isConsented, mayRecord, mayShow } from '../core/throttle.ts'
import type { Instant } from '../core/time.ts'
import type { Served } from '../ports/collector.ts'
import type { RulesChunk, RuntimeTools } from '../ports/rules.ts'
import { createBus } from './bus.ts'
import { once } from './once.ts'
import { fetchConfig } from './config.ts'
import { createDelivery } from './delivery.ts'
import type { Parts, Runtime, Settings } from './runtimeParts.ts'
import { createView } from './view.ts'

export function startRuntime(settings: Settings, consentRequired: boolean, parts: Parts): Runtime {
  const { clock, random, store, page } = parts
  let state = brings
    ? initialState(consentRequired, settings.surveys, settings.settings, settings.context)
    : initialState(consentRequired)
  let chunk: RulesChunk | undefined
  let wanted = false
  let seq = 0
  /** Language that the site asked for. */
  let spoken = settings.locale
  let theme: Theme | undefined
  /** The word of the site on consent, which may come before the memory was read. */
  let given: { consent?: Consent } = {}
  /** What every command waits for: surveys that are being fetched, or rows that are being deleted. */
  let configuring: Promise<void> | undefined
  /** This page is becoming one of another visitor's. */
  let adopting: Promise<void> | undefined
  let destroyed = false
  let cancelWake = (): void => {}
  let stopConfig = (): void => {}

  const { emit, on } = createBus(parts)

  const fail =
    (code: string) =>
    (error: unknown): void =>
      emit({ name: 'error', detail: { code, message: String(error) } })

  /** A fault of ours, or of a definition that no check saw, ends here and not in the host page. */
  const dispatch = (input: Input): void => {
    try {
      const result = chunk ? chunk.step(state, input, step) : step(state, input)
      state = result.state
      result.effects.forEach(perform)
    } catch (error) {
      fail('step')(error)
    }
  }

  const isOpen = (): boolean => !destroyed && mayRecord(state)

  /** What another tab has begun anew, or refused, holds here too, before anything is sent. */
  const takeOver: RuntimeTools['takeOver'] = (stored) => {
    if (!isOpen() || state.memory?.visitor === stored.visitor) return
    if (stored.consent !== 'denied') return (configuring = adopting ??= wake())
    dispatch({ type: 'consent', at: clock.now(), ...denial })
    return configuring
  }
  const listen = async (): Promise<Partial<Memory> | undefined> => {
    const stored = await store.readMemory()
    if (stored) await takeOver(refreshed(stored))
    return stored
  }

  const line = (up: boolean): void => view.tell({ type: 'line', up })

  const delivery = createDelivery(settings.key, { ...parts, isOpen, listen }, { emit, line })

  const view = createView(
    parts.loadCard,
    {
      lock: settings.key,
      now: clock.now,
      perform: (effect) =>
        effect.type === 'remember' ? dispatch({ ...effect, type: 'learn' }) : perform(effect),
      command: (input) => tell(() => ({ ...input, at: clock.now() }), input.type === 'snooze'),
      locales: () => [spoken ?? page.locale(), ...navigator.languages],
      theme: () => theme ?? state.settings.theme,
      closed: () => dispatch({ type: 'closed', at: clock.now() }),
    },
    ({ response, progress }, error) => {
      // It did not take place, so it must not count against the survey; what a reload broke off did.
      if (!progress) unask(response)
      dispatch({ type: 'closed', at: clock.now() })
      fail('card_unavailable')(error)
    },
    parts.loadKinds,
  )

  const served = (known?: Served): void => {
    if (isOpen()) dispatch({ type: 'served', at: clock.now(), surveys: [], ...known })
  }

  const unask = (response: string): void =>
    dispatch({ type: 'learn', at: clock.now(), change: { kind: 'unask', response } })

  const refreshed = (stored?: Partial<Memory> | null): Memory => resume(stored, clock.now(), random.id)
  /** What is stored is the truth, which another tab may have changed; what this tab knows counts only until something is. */
  const latest = (stored?: Partial<Memory>): Memory => refreshed(stored ?? state.memory)

  const claim = async ({ survey, wish }: EffectOf<'claim'>): Promise<void> => {
    const isVetoed = brings && (await settings.beforeShow?.(survey)) === false
    if (state.claiming !== wish) return
    const at = clock.now()
    const response = random.id()
    let decision: Decision = { show: false, reason: 'vetoed' }
    const decideAndClaim = (stored?: Partial<Memory>): Memory => {
      const known = latest(stored)
      decision = mayShow(state, known, survey, at, wish)
      const ask = { survey: survey.id, response, at, session: known.session.id }
      return decision.show ? changed(known, at, { kind: 'ask', ask }) : known
    }
    const memory = isVetoed ? (state.memory as Memory) : await store.changeMemory(decideAndClaim)
    dispatch({ type: 'claimed', at, memory, wish, response, decision })
    // Something came between, such as `pause`: it was never asked.
    if (decision.show && state.showing?.response !== response) unask(response)
  }

  const changed = (memory: Memory, at: Instant, change: MemoryChange): Memory =>
    changeBefore(memory, change, at, wanted)

  const remember = async ({ at, change }: EffectOf<'remember'>): Promise<void> =>
    void takeOver(await store.changeMemory((stored) => changed(latest(stored), at, change)))

  const record = async ({ draft, at, id: known, locale }: EffectOf<'record'>): Promise<void> => {
    const { memory, context } = state
    if (!memory || !isOpen()) return
    const about = 'survey' in draft ? state.surveys.find((each) => each.id === draft.survey) : undefined
    const plain: FeedbackEvent = {
      id: known ?? random.id(),
      at: new Date(at).toISOString(),
      visitor: memory.visitor,
      person: memory.person,
      session: memory.session.id,
      seq: seq++,
      context: {
        url: page.url(),
        locale: locale ?? about?.locale ?? spoken ?? page.locale(),
        channel: context.channel || 'web',
        touchpoint: about?.touchpoint ?? context.touchpoint,
        stage: about?.stage ?? context.stage,
      },
      ...draft,
    }
    const event = chunk?.cleaned(plain, state.settings, about) ?? plain
    const { id, type } = event
    const row = rowOf(event, brings && about && state.inline.includes(about) ? about : undefined)
    delivery.add(row)
    const durable = await store.append(row)
    emit({ name: 'queued', detail: { id, type, durable } })
    view.tell({ type: 'stored', event, durable })
    await delivery.nudge(type === 'complete' || type === 'dismiss')
  }

  /** The collector is to forget too. Until it has, the wish to be forgotten is what is kept here. */
  const forget = async (): Promise<void> => {
    delivery.clear()
    stopConfig()
    const known = await store.readMemory()
    // Whom the collector has not yet forgotten stays among them.
    const erase = [known?.erase, known?.visitor].join(' ').trim() || undefined
    const next = refreshed()
    await store.clear(known || !consentRequired ? { ...denial, erase } : undefined)
    begin({ ...next, ...denial, erase })
  }

  const enrich = once(async () => {
    chunk = await parts.loadRules()
    const at = clock.now()
    dispatch({ type: 'enriched', at, facts: chunk.pageFacts() })
    // Whatever waits in the memory is looked at now.
    if (isOpen()) perform({ type: 'remember', at, change: { kind: 'time' } })
    return chunk
  })

  const carryOut = (effect: Effect): Promise<unknown> | void => {
    switch (effect.type) {
      case 'claim':
        return claim(effect)
      case 'record':
        return record(effect)
      case 'remember':
        return remember(effect)
      case 'render':
        return view.render(effect.showing)
      case 'wake':
        cancelWake()
        // A clock that was set back meanwhile does not begin the wait anew.
        cancelWake = clock.wait(effect.at - clock.now(), () =>
          dispatch({ type: 'tick', at: Math.max(effect.at, clock.now()) as Instant }),
        )
        return
      case 'configure':
        void delivery.nudge(false)
        if (brings && settings.served === false) return served()
        stopConfig()
        configuring = new Promise((ready) => {
          const source = { ...parts, isOpen, served, fail: fail('config'), again: delivery.again }
          stopConfig = fetchConfig(source, brings && state.inline.length > 0, ready)
        })
        return
      case 'warm':
        return view.warm()
      case 'enrich':
        wanted = true
        return enrich()
      case 'forget':
        return (configuring = forget())
      case 'emit':
        return emit(effect.emission)
    }
  }

  const perform = (effect: Effect): void =>
    void (destroyed ? undefined : (chunk?.carryOut(effect, tools) ?? carryOut(effect)))
      ?.catch(fail(effect.type))
      .finally(() => {
        // A veto that throws, or a store that fails, must not block the next survey.
        if (effect.type === 'claim' && state.claiming === effect.wish)
          dispatch({ type: 'closed', at: clock.now() })
      })

  const begin = (memory: Memory): void => {
    seq = memory.pages * seqPerPage
    adopting = undefined
    // A refusal may have been heard while it was read.
    const known = { ...memory, ...(given.consent === 'denied' && given) }
    if (known.consent === 'denied') store.goOnAs(known)
    dispatch({ type: 'remembered', at: clock.now(), memory: known })
    if (memory.erase)
      enrich()
        .then((loaded) => loaded.erase(tools))
        .catch(fail('command'))
  }

  /** Reads the memory. Without consent it stays in this page, and nothing is written or even created. */
  const wake = async (): Promise<void> => {
    const next = (stored?: Partial<Memory>): Memory => {
      const known = refreshed({ ...stored, ...given })
      return { ...known, pages: known.pages + 1 }
    }
    const mayKeep = (memory: Pick<Memory, 'consent'>): boolean => isConsented(memory, consentRequired)
    // What is stored can only speak against it then, and the store minds that itself.
    if (mayKeep({ consent: null, ...given })) return begin(await store.changeMemory(next))
    const known = next(await store.readMemory())
    begin(mayKeep(known) ? await store.changeMemory(next) : known)
  }

  const begunAnew = async (kept: Partial<Memory>, input?: Input): Promise<void> => {
    // Whom the collector has not yet forgotten stays among them.
    const next = (stored?: Partial<Memory>): Memory =>
      refreshed({ erase: stored?.erase, ...kept, consent: state.memory?.consent ?? null })
    begin(isOpen() ? await store.changeMemory(next) : next())
    if (input) dispatch(input)
  }
  const renew: RuntimeTools['renew'] = (kept, input) => (configuring = begunAnew(kept, input))

  const tools: RuntimeTools = {
    ...parts,
    settings,
    state: () => state,
    dispatch,
    perform,
    takeOver,
    renew,
  }

  const then = (work: () => unknown): void => {
    gate = gate
      .then(() => configuring)
      .then(() => destroyed || work())
      .catch(fail('command'))
  }

  const enter = (input?: object): void =>
    dispatch({ type: 'page', at: clock.now(), ...input, facts: chunk?.pageFacts() })

  const tell: Runtime['tell'] = (make, needsRules) => {
    let input: Input
    try {
      // A copy, and now: what a site gives may change, or be nothing that can be read or stored.
      input = copyOf(make())
    } catch (error) {
      return fail('command')(error)
    }
    // A refusal does not wait for the network, and the last word on consent stands over what waited.
    if (input.type === 'consent') {
      given = { consent: input.consent }
      if (input.consent === 'denied') dispatch(input)
    }
    // What is asked for while the rules are on their way waits for them, as what happens does.
    then(() => (needsRules || (wanted && input.type === 'show')) && isOpen() && enrich())
    then(async () => {
      if (input.type === 'page') return enter(input)
      if (input.type === 'identify' && input.person) {
        // Whom another tab has named counts as well.
        const known = (await listen())?.person || state.memory?.person
        // Somebody else on the same device begins anew.
        if (known && known !== input.person) return renew({}, input)
      }
      dispatch({ ...input, ...given })
    })
  }

  // A page that is drawn ahead is no visit, and perhaps never will be one: until it is, nothing is counted or fetched.
  let gate: Promise<unknown> = Promise.resolve(page.entered())
  const stopNavigation = page.onNavigate(() => enter())
  then(enter)
  then(wake)

  return {
    state: () => state,
    tell,
    setTheme(next) {
      theme = next
      view.tell({ type: 'looks' })
    },
    setLocale(locale) {
      spoken = locale
      view.tell({ type: 'looks' })
    },
    dismiss: () => view.tell({ type: 'dismiss', at: clock.now(), reason: 'command' }),
    on,
    reset: () => then(() => renew({})),
    // What was called for before is in the queue then.
    flush: () => gate.then(delivery.flush),
    inspect: delivery.inspect,
    retry: delivery.retry,
    async explain(survey) {
      await gate
      return (await enrich()).explain(tools, survey)
    },
    destroy() {
      destroyed = true
      cancelWake()
      stopConfig()
      chunk?.destroy(tools)
      stopNavigation()
      delivery.close()
      view.render(null)
      store.close()
    },
  }
}

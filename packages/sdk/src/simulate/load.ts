/** One load of a simulated page: feeds inputs to the core, and carries its effects out as shell/runtime.ts and shell/carryOut.ts do. */
import type { FeedbackEvent, Survey } from '@earshot/contract'
import { changeBefore, changeMemory, denial, resume } from '../core/memory.ts'
import type { Decision } from '../core/decision.ts'
import type { Effect, EffectOf, Input, PageFacts, Revision, Signal, Wish } from '../core/model.ts'
import type { Ask, Memory, MemoryChange } from '../core/remembered.ts'
import { extend } from '../core/rules/engine.ts'
import { rules } from '../core/rules/rules.ts'
import { stands, unseenAsks } from '../core/rules/unseen.ts'
import { initialState, step } from '../core/step.ts'
import { isConsented, mayRecord, mayShow } from '../core/throttle.ts'
import type { Instant } from '../core/time.ts'
import { createGate } from './gate.ts'
import { createLoadCard } from './loadCard.ts'
import type { Ground, Load, SiteOptions } from './ground.ts'
import { createSensors } from './sensors.ts'

const richStep = extend(step, rules)

export function startLoad(options: SiteOptions, first: PageFacts, ground: Ground): Load {
  const { surveys, settings, context, consentRequired = false } = options
  const { now, newId } = ground
  let facts = first
  let state = initialState(consentRequired, surveys, settings, context)
  let isOver = false
  /** Whether a survey or what was begun needs the rules: then changes wait for them. */
  let isWanted = false
  let isEnriching = false
  let isRich = false
  /** This page is becoming one of another visitor's. */
  let isAdopting = false
  let watched: readonly Signal[] = []
  let cancelAlarm = (): void => {}

  const refreshed = (known?: Partial<Memory>): Memory => {
    if (!known || ground.mayLieAhead()) return resume(known, now(), newId)
    // Nothing is to be healed then, and to look for it costs more than all the rest.
    const kept = { surveys: known.surveys ?? {}, asks: known.asks ?? [] }
    return { ...resume({ ...known, surveys: {}, asks: [] }, now(), newId), ...kept }
  }
  const here = (run: () => void) => (): void => (isOver ? undefined : run())
  const later = (run: () => void): void => ground.later(here(run))
  const { run: then, block, release } = createGate()
  /** Takes a turn, and every command waits for it. */
  const before = (run: () => void): void => {
    block()
    later(() => {
      run()
      release()
    })
  }

  const dispatch = (input: Input): void => {
    const advance = isRich ? richStep : step
    const done = options.around?.(advance, state, input) ?? advance(state, input)
    state = done.state
    for (const effect of done.effects) perform(effect)
  }
  const perform = (effect: Effect): void => {
    ground.told(effect)
    carryOut(effect)
  }
  const wait = (milliseconds: number, callback: () => void): (() => void) =>
    ground.wait(milliseconds, here(callback))
  const sensors = createSensors({ now, wait }, (signal) => dispatch({ type: 'signal', at: now(), signal }))

  /** Who goes on in this page where there is a refusal and no more: see `goOnAs` in shell/store.ts. */
  let anew: Memory | undefined
  const transact: Ground['transact'] = (change) =>
    ground.transact((was) => change(was && { ...anew, ...was }))

  const isAllowed = (): boolean => mayRecord(state)
  const follow = ({ drafts, ...revised }: Revision, at: Instant): void => {
    const { memory } = revised
    if (!isAllowed()) return
    if (takeOver(memory)) return
    for (const draft of drafts) perform({ type: 'record', at, draft })
    dispatch({ type: 'revised', at, ...revised })
  }
  /** What another tab has begun anew, or refused, holds here too. */
  const takeOver = (stored: Memory): boolean => {
    if (!isAllowed() || state.memory?.visitor === stored.visitor) return false
    if (stored.consent === 'denied') dispatch({ type: 'consent', at: now(), consent: stored.consent })
    else if (!isAdopting) {
      isAdopting = true
      before(wake)
    }
    return true
  }
  /** Takes place also when the page is gone by then; nobody hears of it there. */
  const remember = (raw: MemoryChange, at: Instant, isUnseen = false): void => {
    const ordered = state
    const mayRevise = isRich
    const { memory, showing } = state
    if (isRich && raw.kind === 'time')
      for (const { survey, response } of memory ? unseenAsks(memory, at) : [])
        if (showing?.survey.id !== survey && !ground.isOnScreenElsewhere(survey))
          remember({ kind: 'unask', response }, at, true)
    ground.later(() => {
      const current = isOver ? ordered : state
      let told = (): void => {}
      transact((stored) => {
        const known = refreshed(stored ?? current.memory ?? {})
        const change: MemoryChange = stands(known, raw, at, isUnseen) ? raw : { kind: 'time' }
        if (!mayRevise) {
          const next = changeBefore(known, change, at, isWanted)
          told = () => takeOver(next)
          return next
        }
        const revision = rules.revise(current, changeMemory(known, change), change, at, newId)
        told = () => follow(revision, at)
        return revision.memory
      })
      if (!isOver) told()
    })
  }
  /** Who else has a say: the site, other tabs, and what is known before a place is taken. The collector always has one. */
  const prepare = (survey: Survey, wish: Wish, judge: (known: Memory) => Decision): Decision => {
    if (options.mayAppear?.(survey) === false) return { show: false, reason: 'vetoed' }
    const decided: Decision =
      isRich && survey.quota !== undefined ? judge(refreshed(ground.stored())) : { show: true }
    const isElsewhere = wish.cause === 'resume' && ground.isOnScreenElsewhere(survey.id)
    return decided.show && isElsewhere ? { show: false, reason: 'other-tab' } : decided
  }
  const claim = (survey: Survey, wish: Wish): void => {
    const { claiming } = state
    // Equal is enough: whoever steps in between may copy the state.
    if (claiming !== wish && JSON.stringify(claiming) !== JSON.stringify(wish)) return
    if (!state.memory) return
    const at = now()
    const response = (isRich && rules.responseOf(state.memory, wish)) || newId()
    const judge = (known: Memory): Decision =>
      mayShow(state, known, survey, at, wish, isRich ? rules : undefined)
    let decision = prepare(survey, wish, judge)
    if (!decision.show) {
      dispatch({ type: 'claimed', at, memory: state.memory, wish, response, decision })
      return
    }
    let told = (): void => {}
    const memory = transact((known) => {
      const fresh = refreshed(known ?? state.memory ?? {})
      decision = judge(fresh)
      if (!decision.show) return fresh
      const ask: Ask = { survey: survey.id, response, at, session: fresh.session.id, followUp: wish.followUp }
      if (isRich) ask.unseen = true
      ground.granted(ask, wish)
      if (wish.cause === 'resume') return fresh
      const change: MemoryChange = { kind: 'ask', ask }
      if (!isRich) return changeBefore(fresh, change, at, isWanted)
      const revision = rules.revise(state, changeMemory(fresh, change), change, at, newId)
      told = () => follow(revision, at)
      return revision.memory
    })
    dispatch({ type: 'claimed', at, memory, wish, response, decision })
    told()
  }
  const card = createLoadCard({ ground, state: () => state, dispatch, perform, later, wait })
  const record = ({ draft, id: known }: EffectOf<'record'>): void => {
    if (!isAllowed()) return
    const id = known ?? newId()
    const event = { ...draft, id } as FeedbackEvent
    if (card.current() && 'response' in event)
      later(() => card.current()?.tell({ type: 'stored', event, durable: true }))
  }
  const enrich = (): void => {
    if (isEnriching) return
    isEnriching = true
    later(() => {
      isRich = true
      dispatch({ type: 'enriched', at: now(), facts })
      if (isAllowed()) remember({ kind: 'time' }, now())
    })
  }
  const begin = (memory: Memory): void => {
    if (memory.consent === 'denied') anew = memory
    dispatch({ type: 'remembered', at: now(), memory })
    if (!memory.erase) return
    enrich()
    // The collector is there, and forgets.
    later(() => {
      if (state.memory?.consent === 'denied') ground.clear(denial)
      else ground.transact((known) => ({ ...refreshed(known), erase: undefined }))
    })
  }
  const wake = (): void => {
    isAdopting = false
    const next = (known?: Partial<Memory>): Memory => {
      const memory = refreshed(known)
      return { ...memory, pages: memory.pages + 1 }
    }
    const mayKeep = (memory: Pick<Memory, 'consent'>): boolean => isConsented(memory, consentRequired)
    if (mayKeep({ consent: null })) return begin(transact(next))
    const known = next(ground.stored())
    begin(mayKeep(known) ? transact(next) : known)
  }
  const renew = (kept: Partial<Memory>, next: () => void): void => {
    before(() => {
      const fresh = (known?: Partial<Memory>): Memory =>
        refreshed({ erase: known?.erase, ...kept, consent: state.memory?.consent ?? null })
      begin(isAllowed() ? ground.transact(fresh) : fresh())
      next()
    })
  }
  /** In three turns, as it is read, cleared and begun anew there. */
  const forget = (): void => {
    block()
    later(() => {
      const known = ground.stored()
      const asked = { ...denial, erase: [known?.erase, known?.visitor].join(' ').trim() || undefined }
      later(() => {
        ground.clear(known || !consentRequired ? asked : undefined)
        later(() => {
          begin({ ...refreshed(), ...asked })
          release()
        })
      })
    })
  }
  const carryOut = (effect: Effect): void => {
    switch (effect.type) {
      case 'claim':
        // After whatever else was ordered with it: who else has a say is asked first.
        return later(() => later(() => claim(effect.survey, effect.wish)))
      case 'remember':
        return remember(effect.change, effect.at)
      case 'record':
        return record(effect)
      case 'render':
        return card.render(effect.showing)
      case 'wake':
        cancelAlarm()
        cancelAlarm = wait(Math.max(0, effect.at - now()), () => dispatch({ type: 'tick', at: now() }))
        return
      case 'configure':
        return before(() => {
          if (isAllowed()) dispatch({ type: 'served', at: now(), surveys: [] })
        })
      case 'enrich':
        isWanted = true
        return enrich()
      case 'watch':
        watched = effect.signals
        if (options.sensing) sensors.watch(watched, state.pageSince ?? (0 as Instant))
        return
      case 'forget':
        return forget()
      case 'renew':
        return renew(effect.kept, () => dispatch(effect.next))
      default:
    }
  }
  const enrichFirst = (): void => {
    enrich()
    before(() => {})
  }
  const enter = (input?: object): void =>
    dispatch({ type: 'page', at: now(), ...input, facts: isRich ? facts : undefined })

  enter()
  later(() => {
    wake()
    release()
  })

  return {
    state: () => state,
    watched: () => watched,
    card: () => (state.showing ? card.current() : null),
    tell(command, needsRules) {
      const input = { ...command, at: now() } as Input
      if (input.type === 'consent' && input.consent === 'denied') dispatch(input)
      // What is asked for while the rules are on their way waits for them, as what happens does.
      then(() => {
        if ((needsRules || (isWanted && input.type === 'show')) && isAllowed()) enrichFirst()
      })
      then(() => {
        if (input.type === 'page') return enter(input)
        if (input.type === 'identify' && input.person) {
          const stored = ground.stored()
          if (stored) takeOver(refreshed(stored))
          // Whom another tab has named counts as well.
          const known = stored?.person || state.memory?.person
          // Somebody else on the same device begins anew.
          if (known && known !== input.person) return renew({}, () => dispatch(input))
        }
        dispatch(input)
      })
    },
    reset: () => then(() => renew({}, () => {})),
    needRules: () => then(enrichFirst),
    enter(next) {
      facts = next
      enter()
    },
    see: sensors.see,
    touch: sensors.touch,
    end() {
      isOver = true
      cancelAlarm()
      sensors.stop()
      card.current()?.destroy()
    },
  }
}

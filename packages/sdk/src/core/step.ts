/** The whole behaviour of the SDK as one function: given what is known and what happened, what is known now and what is to be done. */
import type { SiteSettings, Survey } from '@earshot/contract'
import { brings } from './brings.ts'
import { withBrought } from './brought.ts'
import { changeMemory } from './memory.ts'
import type { Decision } from './decision.ts'
import type { EarshotEvents, Emission } from './emission.ts'
import type { Rules } from './extension.ts'
import type { Effect, Input, InputOf, State, Step, Wish } from './model.ts'
import type { Consent, MemoryChange } from './remembered.ts'
import { needsRules } from './plain.ts'
import { decide, mayRecord, mayShow } from './throttle.ts'
import type { Instant } from './time.ts'
import { pageAgenda, triggeredBy } from './trigger.ts'

/** What is known before anything happened. */
export function initialState(
  consentRequired: boolean,
  inline: readonly Survey[] = [],
  own: SiteSettings = {},
  context: State['context'] = {},
): State {
  return {
    memory: null,
    consentRequired,
    inline,
    surveys: inline,
    plain: [],
    own,
    settings: own,
    context,
    ready: false,
    paused: false,
    pageSince: null,
    pageFired: [],
    claiming: null,
    showing: null,
    rich: null,
  }
}

/**
 * One step. Pure: the same state and input give the same result, and neither is changed.
 *
 * @param rules what surveys with more than the basic triggers and limits need, once it is loaded
 * @example
 * const { state, effects } = step(initialState(false, [survey]), { type: 'page', at })
 */
export function step(state: State, input: Input, rules?: Rules): Step {
  switch (input.type) {
    case 'remembered': {
      const next = { ...state, memory: input.memory, showing: null, claiming: null }
      const shut = state.showing ? [render(next)] : []
      return mayRecord(next) ? to(next, ...shut, { type: 'configure' }) : to(next, ...shut)
    }
    case 'served':
      return served(state, input, rules)
    case 'page':
      return settle({ ...state, pageSince: input.at, pageFired: [] }, input.at, rules)
    case 'track':
      return track(state, input, rules)
    case 'identify':
      return identify(state, input)
    case 'show':
      return ask(state, input.wish, input.at, rules)
    case 'claimed':
      return claimed(state, input)
    // Without the rules, which could not be fetched, the card is gone all the same: it counts as shown.
    case 'snooze':
    case 'closed':
      return to({ ...state, showing: null, claiming: null })
    case 'learn':
      return learn(state, input.at, input.change)
    case 'consent':
      return decideConsent(state, input.consent, input.at)
    case 'optOut':
      return optOut(state, input.at)
    case 'pause':
      return to({ ...state, paused: true, claiming: null })
    case 'resume':
      return settle({ ...state, paused: false }, input.at, rules)
    case 'tick':
      return settle(state, input.at, rules)
    default:
      return to(state)
  }
}

function surveyOf(state: State, id: string): Survey | undefined {
  return state.surveys.find((each) => each.id === id)
}

function served(state: State, input: InputOf<'served'>, rules?: Rules): Step {
  const { surveys, settings = {}, plain = [] } = brings ? withBrought(state, input) : input
  // All settings but the theme are the rules' too.
  const isSettled = Object.keys(settings).find((key) => key !== 'theme')
  const next = { ...state, surveys, settings, plain: isSettled ? [] : plain, ready: true }
  const settled = settle(next, input.at, rules)
  if (state.ready) return settled
  return to(settled.state, emit('ready', { surveys: surveys.map((each) => each.id) }), ...settled.effects)
}

function claimed(state: State, { wish, decision, response, memory: known }: InputOf<'claimed'>): Step {
  // Something came between: consent was withdrawn, or the site paused.
  if (state.claiming?.survey !== wish.survey || !state.memory) return to(state)
  const memory = { ...state.memory, surveys: known.surveys, asks: known.asks }
  const survey = surveyOf(state, wish.survey)
  const next: State = { ...state, memory, claiming: null }
  if (!decision.show || !survey) return to(next, ...suppressed(wish.survey, decision))
  next.showing = { survey, response, about: { trigger: wish.cause }, wish }
  return to(next, render(next))
}

function identify(state: State, { at, person, traits }: InputOf<'identify'>): Step {
  if (!mayRecord(state) || !person) return to(state)
  const draft = { type: 'identify', data: { traits } } as const
  return learn(state, at, { kind: 'visitor', patch: { person, traits } }, { type: 'record', at, draft })
}

function track(state: State, { at, id, name, props }: InputOf<'track'>, rules?: Rules): Step {
  if (!state.memory || !mayRecord(state)) return to(state)
  const draft = { type: 'track', data: { name, props } } as const
  const effects: Effect[] = [{ type: 'record', at, draft, id }]
  // Rules may count it, wait for it, or plan by it; they say so when they have seen it in the memory.
  if (state.plain.length < state.surveys.length)
    effects.push({ type: 'remember', at, change: { kind: 'event', id, name, props } })
  let next = state
  for (const { id: survey } of triggeredBy(state, name)) {
    const asked = ask(next, { survey, cause: 'event' }, at, rules)
    next = asked.state
    effects.push(...asked.effects)
  }
  return to(next, ...effects)
}

/** Ask for the right to show a survey, or say why not. */
function ask(state: State, wish: Wish, at: Instant, rules?: Rules): Step {
  const survey = surveyOf(state, wish.survey)
  const decision = decide(state, survey, at, wish, rules)
  if (!decision.show || !survey) return to(state, ...suppressed(wish.survey, decision))
  return to({ ...state, claiming: wish }, { type: 'claim', survey, wish })
}

/** What follows from time and knowledge alone: due page triggers, the next wake-up, and whether to fetch rules and card. */
function settle(start: State, at: Instant, rules?: Rules): Step {
  let state = start
  const effects: Effect[] = []
  const { memory } = state
  if (!memory || !state.ready || !mayRecord(state)) return to(state)
  if (!rules && needsRules(state, memory)) effects.push({ type: 'enrich' })
  if (state.paused) return to(state, ...effects)
  for (const { survey, due } of pageAgenda(state)) {
    if (due > at) {
      effects.push({ type: 'wake', at: due })
      break
    }
    const asked = ask(state, { survey: survey.id, cause: 'page' }, at, rules)
    state = { ...asked.state, pageFired: [...state.pageFired, survey.id] }
    effects.push(...asked.effects)
  }
  const anyone = (survey: Survey): boolean =>
    mayShow(state, memory, survey, at, { survey: survey.id, cause: 'show' }, rules).show
  if (state.surveys.some(anyone)) effects.push({ type: 'warm' })
  return to(state, ...effects)
}

function decideConsent(state: State, given: Consent, at: Instant): Step {
  const change: MemoryChange = { kind: 'visitor', patch: { consent: given } }
  if (given === 'granted')
    return mayRecord(state) ? learn(state, at, change) : learn(state, at, change, { type: 'configure' })
  const closed = { ...remember(state, change), showing: null, claiming: null }
  return to(closed, { type: 'forget' }, render(closed))
}

function optOut(state: State, at: Instant): Step {
  if (!mayRecord(state)) return to(state)
  const next = { ...state, showing: null, claiming: null }
  const draft = { type: 'optout', data: {} } as const
  const change: MemoryChange = { kind: 'visitor', patch: { optedOut: true } }
  return learn(next, at, change, { type: 'record', at, draft }, render(next))
}

/** A change of the memory, in this tab's copy and in the store. */
function learn(state: State, at: Instant, change: MemoryChange, ...effects: Effect[]): Step {
  return to(remember(state, change), { type: 'remember', at, change }, ...effects)
}

function remember(state: State, change: MemoryChange): State {
  return state.memory ? { ...state, memory: changeMemory(state.memory, change) } : state
}

function to(state: State, ...effects: Effect[]): Step {
  return { state, effects }
}

function render(state: State): Effect {
  return { type: 'render', showing: state.showing }
}

function emit<Name extends keyof EarshotEvents>(name: Name, detail: EarshotEvents[Name]): Effect {
  return { type: 'emit', emission: { name, detail } as Emission }
}

function suppressed(survey: string, decision: Decision): Effect[] {
  return decision.show ? [] : [emit('suppressed', { survey, reason: decision.reason, until: decision.until })]
}

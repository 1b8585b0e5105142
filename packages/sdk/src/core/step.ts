/** The whole behaviour of the SDK as one function: given what is known and what happened, what is known now and what is to be done. */
import type { Survey } from '@earshot/contract'
import { changeMemory } from './memory.ts'
import type {
  Cause,
  Consent,
  Decision,
  EarshotEvents,
  Effect,
  Emission,
  Input,
  MemoryChange,
  State,
  Step,
} from './model.ts'
import { decide, mayRecord, mayShow } from './throttle.ts'
import type { Instant } from './time.ts'
import { pageAgenda, triggeredBy } from './trigger.ts'

type Of<Type extends Input['type']> = Extract<Input, { type: Type }>

/** As many characters of a person's id as the wire takes. */
const longestPerson = 200

/** What is known before anything happened. */
export function initialState(consentRequired: boolean, inline: readonly Survey[]): State {
  return {
    memory: null,
    consentRequired,
    inline,
    surveys: inline,
    ready: false,
    paused: false,
    pageSince: null,
    pageFired: [],
    claiming: null,
    showing: null,
  }
}

/**
 * One step. Pure: the same state and input give the same result, and neither is changed.
 *
 * @example
 * const { state, effects } = step(initialState(false, [survey]), { type: 'page', at })
 */
export function step(state: State, input: Input): Step {
  switch (input.type) {
    case 'remembered': {
      const next = { ...state, memory: input.memory, showing: null, claiming: null }
      const shut = state.showing ? [render(next)] : []
      return mayRecord(next) ? to(next, ...shut, { type: 'configure' }) : to(next, ...shut)
    }
    case 'served': {
      // The page's own definition wins over a served one with the same id.
      const ids = state.inline.map((each) => each.id)
      const surveys = [...state.inline, ...input.surveys.filter((each) => !ids.includes(each.id))]
      const next = { ...state, surveys, ready: true }
      const settled = settle(next, input.at)
      if (state.ready) return settled
      return to(settled.state, emit('ready', { surveys: surveys.map((each) => each.id) }), ...settled.effects)
    }
    case 'page':
      return settle({ ...state, pageSince: input.at, pageFired: [] }, input.at)
    case 'tick':
      return settle(state, input.at)
    case 'track':
      return track(state, input)
    case 'identify':
      return identify(state, input)
    case 'show':
      return ask(state, input.survey, 'show', input.at, input.force)
    case 'claimed': {
      const { survey: id, response, cause, decision } = input
      // Something came between: consent was withdrawn, or the site paused.
      if (state.claiming !== id || !state.memory) return to(state)
      const memory = { ...state.memory, surveys: input.memory.surveys }
      const survey = surveyOf(state, id)
      const next: State = { ...state, memory, claiming: null }
      if (!decision.show || !survey) return to(next, ...suppressed(id, decision))
      next.showing = { survey, response, cause }
      return to(next, render(next))
    }
    case 'viewFailed':
      return viewFailed(state, input.message)
    case 'closed':
      return to({ ...state, showing: null, claiming: null })
    case 'learn':
      return learn(state, input.change)
    case 'consent':
      return decideConsent(state, input.consent)
    case 'optOut':
      return optOut(state, input.at)
    case 'pause':
      return to({ ...state, paused: true, claiming: null })
    case 'resume':
      return settle({ ...state, paused: false }, input.at)
  }
}

/** Why a survey would or would not be shown now. */
export function explain(state: State, survey: string, now: Instant): Decision {
  return decide(state, surveyOf(state, survey), now)
}

function surveyOf(state: State, id: string): Survey | undefined {
  return state.surveys.find((each) => each.id === id)
}

function identify(state: State, { at, person, traits }: Of<'identify'>): Step {
  // As a text, because ids are often numbers; an empty one is what a template leaves for nobody.
  const named = String(person ?? '').slice(0, longestPerson)
  if (!mayRecord(state) || !named) return to(state)
  const draft = { type: 'identify', data: { traits } } as const
  return learn(state, { patch: { person: named } }, { type: 'record', at, draft })
}

function track(state: State, { at, name, props }: Of<'track'>): Step {
  if (!mayRecord(state)) return to(state)
  const draft = { type: 'track', data: { name, props } } as const
  const effects: Effect[] = [{ type: 'record', at, draft }]
  let next = state
  for (const survey of triggeredBy(state.surveys, name)) {
    const asked = ask(next, survey.id, 'event', at)
    next = asked.state
    effects.push(...asked.effects)
  }
  return to(next, ...effects)
}

/** Ask for the right to show a survey, or say why not. */
function ask(state: State, id: string, cause: Cause, at: Instant, force = false): Step {
  const survey = surveyOf(state, id)
  const decision = decide(state, survey, at, force)
  if (!decision.show || !survey) return to(state, ...suppressed(id, decision))
  return to({ ...state, claiming: id }, { type: 'claim', survey, cause, force })
}

/** What follows from time and knowledge alone: due page triggers, the next wake-up, and whether to fetch the card. */
function settle(start: State, at: Instant): Step {
  let state = start
  const effects: Effect[] = []
  const { memory } = state
  if (!memory || !state.ready || !mayRecord(state) || state.paused) return to(state, ...effects)
  for (const { survey, due } of pageAgenda(state)) {
    if (due > at) {
      effects.push({ type: 'wake', at: due })
      break
    }
    const asked = ask(state, survey.id, 'page', at)
    state = { ...asked.state, pageFired: [...state.pageFired, survey.id] }
    effects.push(...asked.effects)
  }
  if (state.surveys.some((each) => mayShow(each, memory, at).show)) effects.push({ type: 'warm' })
  return to(state, ...effects)
}

function decideConsent(state: State, given: Consent): Step {
  const change: MemoryChange = { patch: { consent: given } }
  if (given === 'granted')
    return mayRecord(state) ? learn(state, change) : learn(state, change, { type: 'configure' })
  const closed = { ...remember(state, change), showing: null, claiming: null }
  return to(closed, { type: 'forget' }, render(closed))
}

function optOut(state: State, at: Instant): Step {
  if (!mayRecord(state)) return to(state)
  const next = { ...state, showing: null, claiming: null }
  const draft = { type: 'optout', data: {} } as const
  return learn(next, { patch: { optedOut: true } }, { type: 'record', at, draft }, render(next))
}

/** The card could not be drawn: the showing did not take place, so it must not count against the survey. */
function viewFailed(state: State, message: string): Step {
  const { showing } = state
  if (!showing) return to(state)
  const change: MemoryChange = { survey: showing.survey.id, patch: { shown: undefined } }
  return learn({ ...state, showing: null }, change, emit('error', { code: 'card_unavailable', message }))
}

/** A change of the memory, in this tab's copy and in the store. */
function learn(state: State, change: MemoryChange, ...effects: Effect[]): Step {
  return to(remember(state, change), { type: 'remember', change }, ...effects)
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

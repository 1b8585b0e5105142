/** The step with the rules: what the basic one does, and then what follows for surveys, settings and commands that need more. */
import type { Survey } from '@earshot/contract'
import { changeMemory } from '../memory.ts'
import type { Advance, Rules } from '../extension.ts'
import type { Effect, Input, InputOf, Showing, State, Step } from '../model.ts'
import type { MemoryChange } from '../remembered.ts'
import { mayRecord, mayShow } from '../throttle.ts'
import type { Instant } from '../time.ts'

/**
 * @param advance the basic step, passed in because it is on the page already
 * @param rules what the rules say
 * @example
 * const richStep = extend(step, rules)
 */
export function extend(advance: Advance, rules: Rules): (state: State, input: Input) => Step {
  return (state, input) => {
    const first = begin(state, input, advance, rules)
    return notice(first, input, advance, rules)
  }
}

/** What only the rules understand, and what they change in a step of the basic engine. */
function begin(state: State, input: Input, advance: Advance, rules: Rules): Step {
  switch (input.type) {
    case 'enriched':
      return to({ ...state, rich: { facts: input.facts, fired: [], pending: [] } })
    case 'remembered': {
      const next = advance(state, input, rules)
      const { rich, memory } = next.state
      // What waits belongs to the visitor before.
      if (!rich || memory?.visitor === state.memory?.visitor) return next
      return to({ ...next.state, rich: { ...rich, fired: [], pending: [], shown: [] } }, ...next.effects)
    }
    case 'revised':
      // What another tab learned counts here too, unless consent or visitor changed while it was read.
      return to(state.memory?.visitor === input.memory.visitor ? { ...state, memory: input.memory } : state)
    case 'group':
    case 'snooze':
      return rules.command(state, input)
    case 'identify':
      return identify(state, input, advance, rules)
    case 'page': {
      const context = { ...state.context, ...input.context }
      const rich = state.rich && { ...state.rich, facts: input.facts ?? state.rich.facts }
      return advance({ ...state, context, rich }, input, rules)
    }
    case 'claimed': {
      const { wish } = input
      const next = advance(state, input, rules)
      const { showing } = next.state
      if (!showing || showing === state.showing) return next
      const dressed: Showing = {
        ...showing,
        ...rules.dress(next.state, showing.survey, wish),
      }
      const effects = next.effects.map((each): Effect =>
        each.type === 'render' ? { ...each, showing: dressed } : each,
      )
      return to({ ...next.state, showing: dressed }, ...effects)
    }
    default:
      return advance(state, input, rules)
  }
}

/** Traits are for targeting too; and who is named beside a past that is not to be joined begins anew. */
function identify(state: State, input: InputOf<'identify'>, advance: Advance, rules: Rules): Step {
  const { memory } = state
  if (!memory || !mayRecord(state)) return to(state)
  const { at, person, traits, merge } = input
  const joins = merge === 'consented' ? memory.consent === 'granted' : merge !== false
  if (!joins && person && memory.person !== person) {
    const { surveys, asks } = memory
    return to(state, { type: 'renew', kept: { surveys, asks }, next: { ...input, merge: true } })
  }
  if (person !== null) return advance(state, input, rules)
  const change: MemoryChange = { kind: 'visitor', patch: { traits } }
  const known = { ...state, memory: changeMemory(memory, change) }
  const draft = { type: 'identify', data: { traits } } as const
  return to(known, { type: 'record', at, draft }, { type: 'remember', at, change })
}

/** What the moment means for surveys with rules. */
function notice({ state, effects }: Step, input: Input, advance: Advance, rules: Rules): Step {
  const { memory, ready, rich, paused } = state
  // Without consent nothing is looked out for any more.
  if (memory && rich?.watched?.length && !mayRecord(state)) {
    const blind = { ...state, rich: { ...rich, watched: [] } }
    return to(blind, ...effects, { type: 'watch', signals: [] })
  }
  if (!memory || !ready || !rich || !mayRecord(state) || !('at' in input)) return to(state, ...effects)
  // What time alone brings waits for the end of the pause. An event has had its turn.
  if (paused && (input.type !== 'revised' || !input.fired.length)) return to(state, ...effects)
  const found = rules.notice(state, input)
  let next = found.state
  let all: readonly Effect[] = [...effects, ...found.effects]
  for (const wish of found.wishes) {
    const asked = advance(next, { type: 'show', at: input.at, wish }, rules)
    next = asked.state
    all = [...all, ...asked.effects]
  }
  if (found.wake !== null) all = [...all, { type: 'wake', at: found.wake }]
  const mayBeShown = (survey: Survey): boolean =>
    mayShow(next, next.memory ?? memory, survey, input.at, { survey: survey.id, cause: 'show' }, rules).show
  // Before the rules were there, nobody could tell.
  if (input.type === 'enriched' && next.surveys.some(mayBeShown)) all = [...all, { type: 'warm' }]
  if (all.some((each) => each.type === 'warm')) {
    const surveys = next.surveys.filter((each) => rules.isPaged(each) && mayBeShown(each))
    if (surveys.length) all = [...all, { type: 'warmKinds', surveys }]
  }
  return to(next, ...earliestWake(all))
}

/** There is one alarm clock: of several times the earliest counts. */
function earliestWake(effects: readonly Effect[]): Effect[] {
  const times = effects.flatMap((each) => (each.type === 'wake' ? [each.at] : []))
  const rest = effects.filter((each) => each.type !== 'wake')
  return times.length ? [...rest, { type: 'wake', at: Math.min(...times) as Instant }] : rest
}

function to(state: State, ...effects: Effect[]): Step {
  return { state, effects }
}

/** The commands that few sites use: to which account a visitor belongs, and "ask me later". */
import { changeMemory } from '../memory.ts'
import type { Effect, EventDraft, Input, InputOf, State, Step } from '../model.ts'
import type { MemoryChange } from '../remembered.ts'
import { mayRecord } from '../throttle.ts'
import { after, days, type Instant, isoOf } from '../time.ts'

/** As many characters of a group's id as the wire takes. */
const longestGroup = 200

/** Days of "ask me later" where neither the site nor the survey says it. */
const defaultSnooze = 7
/** Most days, so that a slip of the pen is no opting out. */
const longestSnooze = 3650

export function command(state: State, input: Input): Step {
  if (mayRecord(state)) {
    if (input.type === 'group') return group(state, input)
    if (input.type === 'snooze') return snooze(state, input)
  }
  return { state, effects: [] }
}

function group(state: State, { at, group: given, traits }: InputOf<'group'>): Step {
  // As a text, because ids are often numbers; an empty one is what a template leaves for none.
  const id = String(given ?? '').slice(0, longestGroup)
  if (!id) return { state, effects: [] }
  const draft = { type: 'group', data: { group: id, traits } } as const
  return learn(state, at, { kind: 'visitor', patch: { group: { ...traits, id } } }, draft)
}

function snooze(state: State, { at, days: given }: InputOf<'snooze'>): Step {
  const { showing } = state
  if (!showing) return { state, effects: [] }
  const { survey, response, variant } = showing
  const span = (given ?? -1) >= 0 ? Number(given) : (survey.recontact.snoozed ?? defaultSnooze)
  const snoozeDays = Math.min(span, longestSnooze)
  const until = after(at, days(snoozeDays))
  const draft = {
    type: 'snooze',
    survey: survey.id,
    surveyVersion: survey.version,
    response,
    ...(variant !== undefined && { variant }),
    data: { until: isoOf(until) },
  } as const
  const patch = { snoozed: at, snooze: snoozeDays, seen: response, progress: undefined }
  const closed = { ...state, showing: null }
  return learn(
    closed,
    at,
    { kind: 'survey', survey: survey.id, patch },
    draft,
    { type: 'emit', emission: { name: 'snoozed', detail: { survey: survey.id, response, until } } },
    { type: 'render', showing: null },
  )
}

/** A change of the memory, in this tab's copy and in the store, and the event that tells of it. */
function learn(
  state: State,
  at: Instant,
  change: MemoryChange,
  draft: EventDraft,
  ...effects: Effect[]
): Step {
  const memory = state.memory && changeMemory(state.memory, change)
  return {
    state: { ...state, memory },
    effects: [{ type: 'remember', at, change }, { type: 'record', at, draft }, ...effects],
  }
}

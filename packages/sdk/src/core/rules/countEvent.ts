/** What one event adds to the counts and sequences of a visitor, and which triggers it completes. Runs inside the transaction that all tabs share. */
import { judgeRule, type Rule, type SequenceStep, type Survey } from '@earshot/contract'
import type { Fired } from '../model.ts'
import type { Memory, MemoryChange, Trace } from '../remembered.ts'
import type { Instant } from '../time.ts'
import { eventFacts, own } from './facts.ts'
import { lastOf } from './lastOf.ts'
import { dueOf, isCancelled, spanOf, triggersOf } from './triggers.ts'

/** Most steps of sequences that are kept: the latest. */
export const maxTrail = 1000

type EventChange = Extract<MemoryChange, { kind: 'event' }>

/**
 * Counts every survey's triggers; what a plain survey's event completes, the basic triggers have asked for already, and
 * `notice` passes over it. An event counts wherever it happens: an address narrows where the survey appears.
 */
export function countEvent(
  surveys: readonly Survey[],
  known: Memory,
  { name, props }: EventChange,
  at: Instant,
  earlier: readonly Fired[] = [],
): { memory: Memory; fired: readonly Fired[] } {
  let { counts = {}, trail = [] } = known
  const triggers = allTriggersOf(surveys, known.visitor)
  const traces = new Map<string, Trace[]>()
  const facts = eventFacts(props)
  const holds = (where: Rule | undefined): boolean => !where || judgeRule(where, facts) === true
  const fired = earlier.filter((each) => {
    const source = triggers.find(({ key }) => key === each.key)
    return !(source && at < each.due && isCancelled(source.trigger, name))
  })
  for (const { key, survey, trigger } of triggers) {
    let completes = false
    if (trigger.on === 'event' && trigger.name === name && holds(trigger.where)) {
      const count = (own(counts, key) ?? 0) + 1
      completes = trigger.nth === undefined || count === trigger.nth
      if (trigger.nth !== undefined) counts = { ...counts, [key]: count }
    } else if (trigger.on === 'sequence') {
      const { steps } = trigger
      const now = steps.flatMap((step, index) => (step.name === name && holds(step.where) ? [index] : []))
      if (!now.length) continue
      if (!traces.size) for (const trace of trail) putInto(traces, trace)
      // Too old for any end that is still to come. Other triggers' steps stay: their survey may not be on this page.
      const fresh = (traces.get(key) ?? []).filter((trace) => trace.at >= at - spanOf(trigger))
      const mine = [...fresh, { key: `${key}/${now.join()}`, at }]
      completes = now.includes(steps.length - 1) && isComplete(steps, mine)
      // What has led to one end leads to no other.
      traces.set(key, completes ? [] : mine)
    }
    if (completes)
      fired.push({ survey: survey.id, cause: trigger.on, event: props, key, due: dueOf(trigger, at) })
  }
  if (traces.size) {
    const kept = new Set([...traces.values()].flat())
    const before = new Set(trail)
    const added = [...kept].filter((trace) => !before.has(trace))
    trail = [...trail.filter((trace) => kept.has(trace)), ...added].slice(-maxTrail)
  }
  return { memory: { ...known, counts, trail }, fired }
}

const allTriggersOf = lastOf(triggersOf)

/** By the key of their trigger. */
function putInto(traces: Map<string, Trace[]>, trace: Trace): void {
  const key = trace.key.slice(0, trace.key.lastIndexOf('/'))
  const mine = traces.get(key)
  if (mine) mine.push(trace)
  else traces.set(key, [trace])
}

/**
 * Whether the last of these traces ends a sequence. Each step takes the latest event that it can, from the end back:
 * so if any choice of events does it inside the span, this one does.
 */
function isComplete(steps: readonly SequenceStep[], traces: readonly Trace[]): boolean {
  const open = steps.flatMap(({ times = 1 }, index) => Array<number>(times).fill(index))
  for (const { key } of [...traces].reverse()) if (stepsIn(key).includes(open.at(-1) ?? -1)) open.pop()
  return !open.length
}

/** The steps that one event was, by its trace key. */
function stepsIn(key: string): number[] {
  return key
    .slice(key.lastIndexOf('/') + 1)
    .split(',')
    .map(Number)
}

/** What a moment means for surveys with rules: which ask for the screen, when to look again, and what the sensors look out for. */
import type { Trigger } from '@earshot/contract'
import type { Decision } from '../decision.ts'
import type { Notice, Rules } from '../extension.ts'
import type { Effect, Fired, Input, RichState, State, Wish } from '../model.ts'
import { decide, mayShow } from '../throttle.ts'
import { after, type Instant, seconds } from '../time.ts'
import { pageAgenda } from '../trigger.ts'
import { progressOf } from './forbid.ts'
import { dueFollowUps } from './followUps.ts'
import { lastOf } from './lastOf.ts'
import { fitsPage, isCancelled, type KeyedTrigger, reaches, signalOf, triggersOf } from './triggers.ts'

/** What should have appeared on an earlier page is still welcome so shortly after: a click may track and navigate at once. */
const grace = seconds(10)

const richTriggersOf = lastOf(triggersOf)

/** What notice has found so far. */
interface Findings {
  rich: RichState
  wishes: Wish[]
  /** Moments to look again at. */
  wakes: Instant[]
}

/**
 * After any input but those of a claim under way.
 *
 * - A trigger of the page (`page`, or a signal) fires once on each page view.
 * - A trigger of an event whose delay runs goes on through navigations inside the app, unless it names addresses and
 *   the new one is none of them. A page load ends it.
 * - An event named in `cancel` ends that delay, and ends what the page view has not yet fired.
 * - Who is refused has had the turn; only a follow-up waits for the next suitable moment.
 * - In a pause events have their turn, and are refused; whatever time alone brings waits for the end of it.
 */
export function notice(state: State, input: Input, rules: Rules): Notice {
  const { memory, rich } = state
  if (!memory || !rich || !('at' in input)) return { state, wishes: [], wake: null, effects: [] }
  const now = input.at
  const triggers = richTriggersOf(state.surveys, memory.visitor, state.plain)
  const effects: Effect[] = []
  const found: Findings = {
    rich: enterPage(state, rich, input),
    wishes: state.paused ? [] : resumed(state, rich, input),
    wakes: [],
  }
  if (!state.paused) noticeFollowUps(state, input, now, rules, found, effects)
  noticeEvents(state, input, triggers, found)
  if (!state.paused) noticePage(state, input, triggers, found)
  const watched = wantedSignals(state, now, triggers, rules)
  const isNew = JSON.stringify(watched) !== JSON.stringify(rich.watched ?? [])
  // Sensors count for one page view, so they begin again with the next.
  if (isNew || (input.type === 'page' && watched.length)) effects.push({ type: 'watch', signals: watched })
  // There is one alarm clock, so the basic triggers' times are among these.
  const wakes = [...found.wakes, ...pageAgenda(state).map(({ due }) => due)]
  const wake = Math.min(...wakes.filter((each) => each > now))
  return {
    state: { ...state, rich: { ...found.rich, watched } },
    wishes: found.wishes.filter(
      ({ survey }, index, all) => all.findIndex((each) => each.survey === survey) === index,
    ),
    wake: wake < Infinity ? (wake as Instant) : null,
    effects,
  }
}

/** A new page view begins anew; whatever is on the screen was shown on it too. */
function enterPage({ pageSince, showing }: State, rich: RichState, input: Input): RichState {
  const isSame = input.type !== 'page' && rich.since === pageSince
  const { fired, shown = [] } = isSame ? rich : { fired: [] }
  const isShown = !showing || shown.includes(showing.response)
  return { ...rich, since: pageSince, fired, shown: isShown ? shown : [...shown, showing.response] }
}

/** A survey that a reload broke off is gone on with at the first moment that it can be; later ones are other tabs'. */
function resumed({ memory, surveys, ...screen }: State, { since }: RichState, input: Input): Wish[] {
  if (!('at' in input) || (since !== undefined && input.type !== 'resume' && input.type !== 'served'))
    return []
  // What the collector serves comes twice, first from the copy: the second time, the claim is under way.
  const isFree = !screen.showing && !screen.claiming
  const broken = surveys.find((each) => memory && isFree && progressOf(memory, each, input.at))
  return broken ? [{ survey: broken.id, cause: 'resume' }] : []
}

/** Follow-ups ask once on each page view, and say in the memory what stands against them. */
function noticeFollowUps(
  state: State,
  input: Input,
  now: Instant,
  rules: Rules,
  found: Findings,
  effects: Effect[],
): void {
  const { fired } = found.rich
  const may = (wish: Wish): Decision => {
    const survey = state.surveys.find((each) => each.id === wish.survey)
    const decision = decide(state, survey, now, wish, rules)
    // The site or the collector has refused it on this page: to ask them again at each event would not change their mind.
    const isRefused = decision.show && fired.includes(wish.followUp ?? '')
    return isRefused ? { show: false, reason: 'vetoed' } : decision
  }
  const { wishes, wake, expired, refused } = dueFollowUps(state, now, may)
  found.wishes.push(...wishes)
  fire(found, ...wishes.map((each) => each.followUp ?? ''))
  if (wake !== null) found.wakes.push(wake)
  // What a change of the memory has led to leads to no other: else one that cannot be made would be ordered for ever.
  if (input.type !== 'revised' && (expired || Object.keys(refused).length))
    effects.push({ type: 'remember', at: now, change: { kind: 'time', refused } })
}

/** Triggers that events completed: some still wait, some are called off, some are due. */
function noticeEvents(
  { pageSince }: State,
  input: Input,
  triggers: readonly KeyedTrigger[],
  found: Findings,
): void {
  const { facts, pending } = found.rich
  const fired = input.type === 'revised' ? input.fired : []
  const events = eventsOf(input)
  const triggerOf = (each: Fired): Trigger | undefined =>
    triggers.find(({ key }) => key === each.key)?.trigger
  const isOff = (each: Fired): boolean =>
    events.some(({ name, at }) => at < each.due && isCancelled(triggerOf(each) as Trigger, name))
  const open = [
    ...pending.filter((each) => triggerOf(each) && !isOff(each)),
    ...fired.filter((each) => triggerOf(each) && after(each.due, grace) >= (pageSince ?? 0)),
  ].filter((each) => fitsPage(triggerOf(each) as Trigger, facts))
  const rank = (each: Fired): number => triggers.findIndex(({ key }) => key === each.key)
  // So that it makes no difference in which order events of one moment came.
  open.sort((a, b) => a.due - b.due || rank(a) - rank(b))
  const now = 'at' in input ? input.at : (0 as Instant)
  const waiting = open.filter((each) => each.due > now)
  for (const { survey, cause, event, due, key } of open)
    if (due > now) found.wakes.push(due)
    else {
      found.wishes.push({ survey, cause, event })
      fire(found, key)
    }
  found.rich = { ...found.rich, pending: waiting }
}

/** Triggers of the page view: its time, and what sensors saw. */
function noticePage(
  { pageSince }: State,
  input: Input,
  triggers: readonly KeyedTrigger[],
  found: Findings,
): void {
  const { facts } = found.rich
  const since = pageSince ?? (Infinity as Instant)
  const events = eventsOf(input).filter(({ at }) => at >= since)
  const now = 'at' in input ? input.at : (0 as Instant)
  for (const { key, survey, trigger } of triggers) {
    const signal = signalOf(trigger)
    const due = trigger.on === 'page' ? after(since, seconds(trigger.delay)) : (Infinity as Instant)
    if ((!signal && trigger.on !== 'page') || found.rich.fired.includes(key)) continue
    if (events.some(({ name, at }) => at < due && isCancelled(trigger, name))) {
      fire(found, key)
      continue
    }
    if (!fitsPage(trigger, facts)) continue
    if (due <= now || (input.type === 'signal' && reaches(input.signal, signal))) {
      fire(found, key)
      found.wishes.push({ survey: survey.id, cause: trigger.on })
    } else if (due < Infinity) found.wakes.push(due)
  }
}

/** Sorted, so that it makes no difference in which order things of one moment came. */
function fire(found: Findings, ...keys: string[]): void {
  const { fired } = found.rich
  const added = keys.filter((each) => !fired.includes(each))
  if (added.length) found.rich = { ...found.rich, fired: [...fired, ...added].sort() }
}

/** Events that may call something off: at once when they happen, and when the memory tells of them, also of earlier ones. */
function eventsOf(input: Input): readonly { name: string; at: Instant }[] {
  if (input.type === 'revised') return input.events
  return input.type === 'track' ? [input] : []
}

/** What could make a survey appear that may be shown to this visitor here. */
function wantedSignals(
  state: State,
  now: Instant,
  triggers: readonly KeyedTrigger[],
  rules: Rules,
): NonNullable<RichState['watched']> {
  const { memory, rich } = state
  const wanted = triggers.flatMap(({ survey, trigger }) => {
    const signal = signalOf(trigger)
    if (!signal || !memory || !rich || !fitsPage(trigger, rich.facts)) return []
    const wish: Wish = { survey: survey.id, cause: trigger.on }
    return mayShow(state, memory, survey, now, wish, rules).show ? [signal] : []
  })
  const told = wanted.map((each) => JSON.stringify(each))
  return wanted.filter((_each, index) => told.indexOf(told[index] as string) === index)
}

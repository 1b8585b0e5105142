/** Follow-ups: what answers, events and silence plan, what becomes of each plan, and which one is due. */
import {
  bandOf,
  type Facts,
  type FollowUpEvent,
  followUpId,
  type FollowUpRule,
  judgeRule,
  type Rule,
  type Survey,
} from '@earshot/contract'
import type { Decision, ExplainedRule, Reason } from '../decision.ts'
import type { EventDraft, State, Wish } from '../model.ts'
import type { Memory, MemoryChange, Plan } from '../remembered.ts'
import { after, days, type Instant, isoOf, seconds } from '../time.ts'
import { caseOf, fits, keysOf } from './followUpCase.ts'
import { lastOf } from './lastOf.ts'
import { eventFacts, own } from './facts.ts'

/** Most plans that wait. Of more, those that are due last are given up. */
export const maxOpen = 200

/** Most identities of ended plans that are kept: the latest. */
export const maxEnded = 200

/** A card that could not be drawn is tried again after this: at once would be over and over. */
const retry = seconds(60)

type Known = Pick<State, 'surveys'>
type Ending = readonly [state: FollowUpEvent['data']['state'], reason?: string]

/**
 * What a change does to the follow-ups, and what is to be told of it. Pure, and run inside the transaction of each
 * change on what all tabs know: so each identity is planned once, shown once and once for each reminder, and ends once.
 *
 * @param memory with the change in it
 * @param newId gives ids of responses
 */
export function planFollowUps(
  state: Known,
  memory: Memory,
  change: MemoryChange,
  at: Instant,
  newId: () => string,
): { memory: Memory; drafts: readonly EventDraft[] } {
  const plans: Record<string, Plan> = { ...memory.plans }
  const drafts: EventDraft[] = []
  const tell = (id: string, plan: Plan, data: Omit<FollowUpEvent['data'], 'followUp'>): void => {
    const { survey, response } = plan
    const surveyVersion = surveyOf(state, survey)?.version ?? plan.version
    drafts.push({ type: 'followup', survey, surveyVersion, response, data: { followUp: id, ...data } })
  }
  const end = (id: string, [how, reason]: Ending): void => {
    // What is left is what keeps it from being planned again.
    const { keys: _keys, before: _before, refused: _refused, ...plan } = plans[id] as Plan
    plans[id] = { ...plan, ended: at }
    tell(id, plan, reason ? { state: how, reason } : { state: how })
  }

  for (const [id, stored] of openPlans(memory)) {
    const plan = restored(stored, change, at)
    const rule = ruleOf(state, plan)
    const ending = endingOf(state, memory, plan, rule, change, at)
    if (ending) {
      end(id, ending)
      continue
    }
    const next = moved(memory, id, plan, rule, change, at)
    if (next === stored) continue
    plans[id] = next
    if (change.kind === 'ask') tell(id, next, { state: 'shown' })
    if (stored.shown && !next.shown) tell(id, next, { state: 'planned', due: isoOf(next.due) })
  }
  if (!memory.optedOut)
    for (const survey of state.surveys)
      for (const rule of survey.followUps ?? []) {
        const caused = causeOf(state, memory, survey, rule, change)
        const cause = caused && fits(survey, rule, caused) ? caused : caused && 'id' in change && change.id
        if (!cause) continue
        const id = followUpId(survey.id, rule.id, cause)
        if (Object.hasOwn(plans, id)) continue
        const due = after(at, days(rule.delay))
        const keys = change.kind === 'event' ? keysOf(rule, change.props, cause) : undefined
        const plan: Plan = {
          survey: survey.id,
          version: survey.version,
          rule: rule.id,
          cause,
          response: newId(),
          at,
          due,
          expires: after(due, days(rule.expires)),
          left: rule.reminders?.most ?? 0,
          shown: false,
          ...(keys && { keys }),
        }
        plans[id] = plan
        tell(id, plan, { state: 'planned', due: isoOf(due) })
      }
  for (const [id] of openPlans({ plans }).slice(maxOpen)) end(id, ['cancelled', 'too-many'])
  const ended = Object.entries(plans).filter(([, { ended: since }]) => since !== undefined)
  const byEnd = ended.sort((a, b) => (b[1].ended as Instant) - (a[1].ended as Instant) || byText(a[0], b[0]))
  for (const [id] of byEnd.slice(maxEnded)) delete plans[id]
  return { memory: Object.keys(plans).length ? { ...memory, plans } : memory, drafts }
}

/** Follow-ups that ask for the screen now. */
export interface DueFollowUps {
  /** The one that has been due longest of those that may be shown. One, because the screen holds one. */
  wishes: Wish[]
  /** When to look again. */
  wake: Instant | null
  /** Whether some has expired, and the memory waits to be told so by a change of the kind `time`. */
  expired: boolean
  /** What stands against those that are due, as far as the memory does not know it; for the same change. */
  refused: Record<string, Reason>
}

/** @param may what `decide` would say; a follow-up that it refuses waits in silence */
export function dueFollowUps(state: State, now: Instant, may: (wish: Wish) => Decision): DueFollowUps {
  const due: DueFollowUps = { wishes: [], wake: null, expired: false, refused: {} }
  const wakeAt = (moment: Instant): void => {
    if (due.wake === null || moment < due.wake) due.wake = moment
  }
  for (const [id, plan] of openPlans(state.memory)) {
    if (now > plan.expires) {
      due.expired = true
      continue
    }
    // One past, because at that moment itself it may still be shown.
    wakeAt((plan.expires + 1) as Instant)
    if (plan.left < 0) continue
    if (now < plan.due) {
      wakeAt(plan.due)
      continue
    }
    // Its own showing does not stand against it.
    const isOwn = [state.claiming, state.showing?.about].some((each) => each?.followUp === id)
    if (isOwn || !ruleOf(state, plan)) continue
    const wish: Wish = { survey: plan.survey, cause: 'followup', followUp: id }
    const decision = may(wish)
    if (decision.show) {
      if (!due.wishes.length) due.wishes.push(wish)
      continue
    }
    if (decision.until !== undefined && decision.until > now) wakeAt(decision.until)
    if (!plan.shown && plan.refused !== decision.reason) due.refused[id] = decision.reason
  }
  return due
}

/** Whether the follow-up of a wish may be shown as far as its plan says. Judged again inside the transaction of a claim. */
export function isFollowUpDue(memory: Memory, wish: Wish, now: Instant): boolean {
  const plan = own(memory.plans, wish.followUp ?? '')
  return plan?.survey === wish.survey && isDue(plan, now)
}

/** All plans of a survey that have not ended, with what they wait for. */
export function explainFollowUps(state: State, survey: string, now: Instant): ExplainedRule[] {
  return openPlans(state.memory)
    .filter(([, plan]) => plan.survey === survey)
    .map(([followUp, plan]) => {
      const { rule, due, expires, shown, left } = plan
      const pass = isDue(plan, now)
      return {
        rule: `followUp.${rule}`,
        pass,
        seen: { followUp, now, shown, left },
        wanted: { due, expires },
        ...(!pass && { reason: 'not-due' as const, ...(left >= 0 && now < due && { until: due }) }),
      }
    })
}

/** Plans that have not ended, earliest due first; in the same order in every tab. */
function openPlans(memory: Pick<Memory, 'plans'> | null): readonly [id: string, plan: Plan][] {
  return sortedPlans(memory?.plans)
}

const sortedPlans = lastOf((plans: Memory['plans']): readonly [id: string, plan: Plan][] =>
  Object.entries(plans ?? {})
    .filter(([, { ended }]) => ended === undefined)
    .sort((a, b) => a[1].due - b[1].due || byText(a[0], b[0])),
)

function isDue(plan: Plan, now: Instant): boolean {
  return plan.ended === undefined && plan.left >= 0 && plan.due <= now && now <= plan.expires
}

/** How a change ends a plan, if it does. What the page does not know of the rule cannot end it. */
function endingOf(
  state: Known,
  memory: Memory,
  plan: Plan,
  rule: FollowUpRule | undefined,
  change: MemoryChange,
  at: Instant,
): Ending | null {
  if (at > plan.expires) return ['expired', plan.shown ? 'no-answer' : (plan.refused ?? 'not-possible')]
  if (memory.optedOut) return ['cancelled', 'opted-out']
  const from = rule?.after
  if (change.kind === 'event') {
    const calledOff = rule?.cancel?.some(
      ({ name, key }) =>
        name === change.name &&
        (!key || from?.on !== 'event' || (own(plan.keys, key) ?? plan.cause) === caseOf(change.props, key)),
    )
    return calledOff ? ['cancelled', 'event'] : null
  }
  if (change.kind === 'unask' && from?.on === 'silence' && plan.cause === change.response)
    // Unless only a reminder of it came to nothing.
    return memory.asks.some((each) => each.response === plan.cause) ? null : ['cancelled', 'not-shown']
  if (change.kind !== 'survey') return null
  const { answered, dismissed, snoozed, progress } = change.patch
  if (answered !== undefined && change.survey === plan.survey) {
    const { response } =
      progress ??
      memory.asks.findLast((each) => each.survey === change.survey) ??
      ({} as { response?: string })
    if (plan.response === response) return ['answered']
    // What this very response has caused is not over by it.
    if (plan.cause !== response) return ['cancelled', 'answered']
  }
  if (!rule || from?.on === 'event' || change.survey !== (from?.survey ?? plan.survey)) return null
  if (from?.on === 'silence') {
    if (answered !== undefined) return ['cancelled', 'answered']
    if (dismissed !== undefined) return ['cancelled', 'dismissed']
    return snoozed === undefined ? null : ['cancelled', 'snoozed']
  }
  const survey = surveyOf(state, plan.survey)
  const isAbout = survey && progress?.response === plan.cause && !plan.shown
  return isAbout && !causeOf(state, memory, survey, rule, change) ? ['cancelled', 'changed'] : null
}

/** A plan as it was before it was shown, if that turns out not to have taken place. */
function restored(plan: Plan, change: MemoryChange, at: Instant): Plan {
  const { before, ...rest } = plan
  if (change.kind !== 'unask' || change.response !== plan.response || !before) return plan
  return { ...rest, ...before, due: Math.max(before.due, after(at, retry)) as Instant }
}

/** A plan after a change that does not end it: it was shown, the respondent wants to wait, or something stood against it. */
function moved(
  memory: Memory,
  id: string,
  plan: Plan,
  rule: FollowUpRule | undefined,
  change: MemoryChange,
  at: Instant,
): Plan {
  const { due, left, shown } = plan
  if (change.kind === 'ask' && change.ask.followUp === id && isDue(plan, at)) {
    const again = left > 0 && rule?.reminders
    const next = again ? { due: after(at, days(again.every)), left: left - 1 } : { left: -1 }
    return { ...plan, ...next, at, shown: true, before: { at: plan.at, due, left, shown } }
  }
  const { snoozed, snooze = 0 } = change.kind === 'survey' ? change.patch : {}
  const last = memory.asks.findLast((each) => each.survey === plan.survey)
  // The respondent's own word stands over the rule's reminders.
  if (
    snoozed &&
    change.kind === 'survey' &&
    change.survey === plan.survey &&
    shown &&
    last?.followUp === id
  ) {
    const { before = plan, ...rest } = plan
    // Never before its own time.
    const until = Math.max(after(snoozed, days(snooze)), before.due) as Instant
    return { ...rest, at, due: until, left: Math.max(left, 0) }
  }
  const refused = change.kind === 'time' && own(change.refused, id)
  return refused ? { ...plan, refused } : plan
}

/** What a change is to a rule: the cause of a follow-up, or nothing. */
function causeOf(
  state: Known,
  memory: Memory,
  survey: Survey,
  { after: from }: FollowUpRule,
  change: MemoryChange,
): string | undefined {
  if (from.on === 'event') {
    if (change.kind !== 'event' || change.name !== from.name) return undefined
    if (!holds(from.where, eventFacts(change.props))) return undefined
    return (from.key && caseOf(change.props, from.key)) || change.id
  }
  const about = from.survey ?? survey.id
  if (from.on === 'answer') {
    if (change.kind !== 'survey' || change.survey !== about || !change.patch.progress) return undefined
    const { response, answers } = change.patch.progress
    const isAnswered = Object.keys(answers).length > 0
    return isAnswered && holds(from.when, answerFacts(surveyOf(state, about), answers)) ? response : undefined
  }
  if (change.kind !== 'ask' || change.ask.survey !== about) return undefined
  // Silence about a prompt that silence caused would go on for ever; that is what reminders are for.
  const earlier = own(memory.plans, change.ask.followUp ?? '')
  const isEcho = earlier && ruleOf(state, earlier)?.after.on === 'silence'
  return isEcho ? undefined : change.ask.response
}

function answerFacts(
  survey: Survey | undefined,
  answers: NonNullable<Memory['surveys'][string]['progress']>['answers'],
): Facts {
  return (fact) => {
    const [kind] = fact.split('.', 1)
    const name = fact.slice(`${kind}.`.length)
    const value = own(answers, name)
    if (kind === 'answer') return value
    const question = survey?.questions.find((each) => each.id === name)
    const isScore = kind === 'band' && question?.kind === 'scale' && typeof value === 'number'
    return isScore ? bandOf(question, value) : undefined
  }
}

/** A rule that hangs on something unknown does not hold. */
function holds(rule: Rule | undefined, facts: Facts): boolean {
  return !rule || judgeRule(rule, facts) === true
}

function surveyOf(state: Known, id: string): Survey | undefined {
  return state.surveys.find((each) => each.id === id)
}

function ruleOf(state: Known, plan: Plan): FollowUpRule | undefined {
  return surveyOf(state, plan.survey)?.followUps?.find((each) => each.id === plan.rule)
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

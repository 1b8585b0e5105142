/** The rules that speak against a survey, each with what it sees: `forbid` asks for the first that fails, `explain` for all. */
import { chanceOf, judgeRule, type Limits, type Survey, type TestResult } from '@earshot/contract'
import { memoryOf } from '../memory.ts'
import type { Decision, ExplainedRule, Reason } from '../decision.ts'
import type { State, Wish } from '../model.ts'
import type { Ask, Memory, Progress } from '../remembered.ts'
import { days, type Duration, endOf, type Instant, seconds } from '../time.ts'
import { defaultLimits } from '../throttle.ts'
import { lastOf } from './lastOf.ts'
import { factsOf } from './facts.ts'
import { isFollowUpDue } from './followUps.ts'

/** How long a showing that a reload broke off can be gone on with. */
export const patience: Duration = seconds(30 * 60)

const limitsOf = lastOf((limits: Limits = {}): Limits & typeof defaultLimits => ({
  ...defaultLimits,
  ...limits,
}))

/** When each survey was shown last; what comes later in the list wins. */
const lastShown = lastOf((asks: Memory['asks']) => new Map(asks.map(({ survey, at }) => [survey, at])))

/** One rule's judgement, with reason and end only where it speaks against the survey. */
export function judged(
  rule: string,
  pass: boolean,
  seen: unknown,
  wanted: unknown,
  reason?: Reason,
  until?: Instant,
): ExplainedRule {
  const told = { rule, pass, seen: seen ?? null, wanted: wanted ?? null }
  if (pass || !reason) return told
  return until === undefined ? { ...told, reason } : { ...told, reason, until }
}

/**
 * What stands against a survey: first the basic limits, as in `mayShow`, then what never changes for this visitor and
 * costs least (the shares), then what changes seldom, last the facts of this moment.
 */
export function* checks(
  state: State,
  memory: Memory,
  survey: Survey,
  now: Instant,
  wish: Wish,
): Generator<ExplainedRule, void> {
  const { quiet, perSession, perPage, perDay, holdout } = limitsOf(state.settings.limits)
  const { sampling, recontact, tenure, targeting } = survey
  const { visitor, asks, since = now } = memory
  const known = memoryOf(memory, survey.id)
  const { answered, snoozed, snooze = 0 } = known

  const { optedOut, session } = memory
  yield judged('opted-out', !optedOut, optedOut, false, 'opted-out')
  // Who wants to be asked later is asked then: that showing stands in the way no more.
  const isBack = snoozed !== undefined && asks.at(-1)?.survey === survey.id
  for (const kind of ['answered', 'dismissed', 'shown'] as const) {
    // A follow-up has reminders of its own.
    const isExempt = kind === 'shown' && (isBack || wish.followUp !== undefined)
    const span = isExempt ? 0 : recontact[kind]
    const last = kind === 'shown' ? lastShown(asks).get(survey.id) : known[kind]
    yield waited(`recontact.${kind}`, last, span, now, `${kind}-recently`)
  }
  yield waited(
    'limits.quiet',
    asks.at(-1)?.at,
    survey.transactional || isBack ? 0 : quiet,
    now,
    'quiet-period',
  )
  const visit = asks.filter((each) => each.session === session.id).length
  yield judged('limits.perSession', visit < perSession, visit, { below: perSession }, 'session-cap')
  if (holdout !== undefined) {
    const chance = chanceOf(visitor, 'holdout')
    yield judged('limits.holdout', chance >= holdout, chance, { atLeast: holdout }, 'held-out')
  }
  if (sampling !== undefined) {
    const chance = chanceOf(visitor, `sampling/${survey.id}`)
    yield judged('sampling', chance < sampling, chance, { below: sampling }, 'not-sampled')
  }
  if (recontact.most !== undefined) {
    const isInVain = (ask: Ask): boolean => ask.survey === survey.id && !(answered && ask.at <= answered)
    const times = asks.filter(isInVain).length
    yield judged(
      'recontact.most',
      times < recontact.most,
      times,
      { below: recontact.most },
      'shown-too-often',
    )
  }
  if (tenure !== undefined) {
    const until = endOf(since, days(tenure), now)
    yield judged('tenure', now >= until, { since }, { days: tenure }, 'too-new', until)
  }
  if (snoozed !== undefined) yield waited('recontact.snoozed', snoozed, snooze, now, 'snoozed')
  if (perPage !== undefined) {
    const shown = state.rich?.shown?.length ?? 0
    yield judged('limits.perPage', shown < perPage, shown, { below: perPage }, 'page-cap')
  }
  if (perDay !== undefined) {
    // The day is full as long as its first showing that counts is not a day old.
    const first = asks.at(-perDay)
    const until = first && endOf(first.at, days(1), now)
    const recent = asks.filter((each) => now < endOf(each.at, days(1), now)).length
    yield judged('limits.perDay', !until || now >= until, recent, { below: perDay }, 'day-cap', until)
  }
  if (wish.followUp !== undefined)
    yield judged('followUp', isFollowUpDue(memory, wish, now), wish.followUp, null, 'not-due')
  if (targeting) {
    const tests: TestResult[] = []
    const result = judgeRule(targeting, factsOf({ ...state, memory }, now, wish), (each) => tests.push(each))
    const reason = result === null ? 'unknown-fact' : 'not-targeted'
    yield judged('targeting', result === true, tests, targeting, reason)
  }
}

/**
 * What speaks against a survey. Nothing passes over an opt-out; force passes over all else. Going on after a reload
 * takes no more than that there is something to go on with; a follow-up obeys everything.
 */
export function forbid(
  state: State,
  memory: Memory,
  survey: Survey,
  now: Instant,
  wish: Wish,
): Decision | null {
  if (memory.optedOut) return { show: false, reason: 'opted-out' }
  if (wish.force) return null
  if (wish.cause === 'resume')
    return progressOf(memory, survey, now) ? null : { show: false, reason: 'not-due' }
  for (const { pass, reason, until } of checks(state, memory, survey, now, wish))
    if (!pass && reason) return { show: false, reason, until }
  return null
}

/** A rule that is a wait since something happened. */
function waited(
  rule: string,
  since: Instant | undefined,
  span: number,
  now: Instant,
  reason: Reason,
): ExplainedRule {
  const until = since === undefined ? now : endOf(since, days(span), now)
  return judged(rule, now >= until, { since: since ?? null }, { days: span }, reason, until)
}

/** Where a reload broke a survey off that this visit can go on with; undefined when there is nothing like it. */
export function progressOf(memory: Memory, survey: Survey, now: Instant): Progress | undefined {
  const { progress } = memoryOf(memory, survey.id)
  if (progress?.version !== survey.version || Math.abs(now - progress.at) > patience) return undefined
  const isOfVisit = memory.asks.some(
    (each) => each.response === progress.response && each.session === memory.session.id,
  )
  return isOfVisit ? progress : undefined
}

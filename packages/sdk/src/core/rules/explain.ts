/** Why a survey would or would not be shown now: every rule with what it sees, and a sentence for a human. */
import type { Survey, TestResult } from '@earshot/contract'
import type { Decision, ExplainedRule, Explanation, Reason } from '../decision.ts'
import type { Rules } from '../extension.ts'
import type { State, Wish } from '../model.ts'
import type { Memory } from '../remembered.ts'
import { decide, mayRecord } from '../throttle.ts'
import { after, type Instant, isoOf, seconds } from '../time.ts'
import { checks, judged } from './forbid.ts'
import { own } from './facts.ts'
import { explainFollowUps } from './followUps.ts'
import { fitsPage, triggersOf } from './triggers.ts'

/** Waits that follow one another. A showing that seems to lie ahead, by a clock that was set back, makes many of them. */
const mostWaits = 1000

const because: Readonly<Record<Reason, string>> = {
  'not-ready': 'Earshot has not started yet',
  'no-consent': 'there is no consent',
  'opted-out': 'this visitor does not want to be asked',
  paused: 'the site has paused all surveys',
  'unknown-survey': 'there is no such survey here',
  'another-survey': 'another survey is on the screen',
  'answered-recently': 'this visitor has answered it not long ago',
  'dismissed-recently': 'this visitor has closed it not long ago',
  'shown-recently': 'this visitor has seen it not long ago',
  'quiet-period': 'this visitor has seen some survey not long ago',
  'page-cap': 'enough surveys were shown on this page',
  'session-cap': 'enough surveys were shown in this visit',
  'day-cap': 'enough surveys were shown within a day',
  vetoed: 'the site has vetoed it',
  loading: 'its rules are being loaded',
  snoozed: 'this visitor wants to be asked later',
  'shown-too-often': 'it was shown often enough in vain',
  'too-new': 'this visitor has not been here for long enough',
  'not-targeted': 'it is not for this visitor, page or moment',
  'unknown-fact': 'its targeting hangs on something that is not known',
  'not-sampled': 'this visitor is not in the sample',
  'held-out': 'this visitor is never asked, to compare with',
  'not-due': 'it is not due',
  'other-tab': 'it is open in another tab',
  'quota-full': 'it has all the responses that are wanted',
  'quota-unknown': 'the collector cannot be asked for a place',
  'answered-elsewhere': 'this person has answered it elsewhere',
}

/** What `show(survey)` would come to now. The rules stand in the order in which they are asked. */
export function explain(state: State, id: string, now: Instant, rules: Rules): Explanation {
  const survey = state.surveys.find((each) => each.id === id)
  const decideAt = (at: Instant): Decision => decide(state, survey, at, { survey: id, cause: 'show' }, rules)
  const decision = decideAt(now)
  const told = { survey: id, show: decision.show, rules: explainRules(state, id, survey, now) }
  if (decision.show) return { ...told, summary: `"${id}" would be shown now.` }
  const { reason } = decision
  const until = possibleFrom(decideAt, now)
  const wait = until === undefined ? '' : ` It can be from ${isoOf(until)} if nothing else happens.`
  const summary = `"${id}" would not be shown now, because ${because[reason]}.${wait}`
  return { ...told, reason, ...(until !== undefined && { until }), summary }
}

/** The first moment at which nothing is in the way, as far as time alone takes it away. */
function possibleFrom(decideAt: (at: Instant) => Decision, now: Instant): Instant | undefined {
  let at = now
  for (let wait = 0; wait < mostWaits; wait++) {
    const decision = decideAt(at)
    if (decision.show) return at
    if (decision.until === undefined || decision.until <= at) return undefined
    at = decision.until
  }
  return undefined
}

function explainRules(state: State, id: string, survey: Survey | undefined, now: Instant): ExplainedRule[] {
  const { memory, consentRequired, paused, showing, claiming } = state
  const busy = showing?.survey.id ?? claiming?.survey
  const site = [
    judged('ready', !!memory, !!memory, true, 'not-ready'),
    judged('consent', mayRecord(state), memory?.consent, consentRequired ? 'granted' : null, 'no-consent'),
    judged(
      'survey',
      !!survey,
      state.surveys.map((each) => each.id),
      id,
      'unknown-survey',
    ),
    judged('paused', !paused, paused, false, 'paused'),
    judged('screen', busy === undefined, busy, null, 'another-survey'),
  ]
  if (!memory || !survey) return site
  const wish: Wish = { survey: id, cause: 'show' }
  const special = [...checks(state, memory, survey, now, wish)].flatMap((each) =>
    each.rule === 'targeting' ? [{ ...each, seen: each.pass }, ...explainTests(each.seen)] : [each],
  )
  return [
    ...site,
    ...special,
    ...(survey.quota === undefined ? [] : [judged('quota', true, null, { below: survey.quota })]),
    ...explainTriggers(state, memory, survey),
    // One that is not due speaks against nothing here: what is asked is whether the survey could be shown.
    ...explainFollowUps(state, id, now).map(({ reason: _reason, ...each }) => each),
  ]
}

function explainTests(tests: unknown): ExplainedRule[] {
  // A test passes when it speaks for the whole: below a `not` that is when it fails.
  return (tests as TestResult[]).map(({ seen, pass, negated, ...test }, index) =>
    judged(`targeting.${index}`, pass === !negated, seen, negated ? { not: test } : test),
  )
}

/** What each trigger has seen so far. It passes when it has fired on this page view, or its delay runs. */
function explainTriggers(state: State, memory: Memory, survey: Survey): ExplainedRule[] {
  const { rich, pageSince, pageFired } = state
  return triggersOf([survey], memory.visitor).map(({ key, trigger }, index) => {
    const hasFired = !!rich?.fired.includes(key) || (trigger.on === 'page' && pageFired.includes(survey.id))
    const waits = rich?.pending.find((each) => each.key === key)
    const due =
      trigger.on === 'page' && pageSince !== null ? after(pageSince, seconds(trigger.delay)) : waits?.due
    const seen = {
      fired: hasFired,
      ...(rich && trigger.url && { address: fitsPage(trigger, rich.facts) }),
      ...(trigger.on === 'event' && trigger.nth !== undefined && { count: own(memory.counts, key) ?? 0 }),
      ...(trigger.on === 'sequence' && {
        steps: memory.trail?.filter((each) => each.key.startsWith(`${key}/`)).length ?? 0,
      }),
      ...(due !== undefined && { due }),
    }
    return judged(`trigger.${index}`, hasFired || !!waits, seen, trigger)
  })
}

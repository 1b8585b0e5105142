/** Whether a survey may be shown to this visitor now, and if not, why and until when. */
import type { Survey } from '@earshot/contract'
import { memoryOf } from './memory.ts'
import type { Decision, Memory, Reason, State } from './model.ts'
import { days, endOf, type Instant } from './time.ts'

/** True when answers may be stored and sent. */
export function isConsented(memory: Memory, consentRequired: boolean): boolean {
  return memory.consent === 'granted' || (memory.consent === null && !consentRequired)
}

/** The same for all that is known. */
export function mayRecord({ memory, consentRequired }: State): boolean {
  return memory !== null && isConsented(memory, consentRequired)
}

/**
 * The rules that depend on what all tabs share. Read again inside the transaction that claims a showing, so that
 * two tabs never both pass.
 */
export function mayShow(survey: Survey, memory: Memory, now: Instant, force = false): Decision {
  if (memory.optedOut) return no('opted-out')
  if (force) return { show: true }
  const known = memoryOf(memory, survey.id)
  for (const kind of ['answered', 'dismissed', 'shown'] as const) {
    const since = known[kind]
    if (since === undefined) continue
    const until = endOf(since, days(survey.recontact[kind]), now)
    if (now < until) return no(`${kind}-recently`, until)
  }
  return { show: true }
}

/** All rules: those of this tab first, then the shared ones. */
export function decide(state: State, survey: Survey | undefined, now: Instant, force = false): Decision {
  if (!state.memory) return no('not-ready')
  if (!mayRecord(state)) return no('no-consent')
  if (!survey) return no('unknown-survey')
  if (state.paused) return no('paused')
  if (state.showing || state.claiming) return no('another-survey')
  return mayShow(survey, state.memory, now, force)
}

function no(reason: Reason, until?: Instant): Decision {
  return { show: false, reason, until }
}

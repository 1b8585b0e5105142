/** Whether a survey may be shown to this visitor now, and if not, why and until when. */
import type { Limits, Survey } from '@earshot/contract'
import { memoryOf } from './memory.ts'
import type { Decision, Reason } from './decision.ts'
import type { Rules } from './extension.ts'
import type { State, Wish } from './model.ts'
import type { Memory } from './remembered.ts'
import { days, endOf, type Instant } from './time.ts'

/** What holds where the site says nothing else. The quiet period is longer than a visit, so without rules it is all it takes. */
export const defaultLimits: Readonly<Required<Pick<Limits, 'quiet' | 'perSession'>>> = {
  quiet: 14,
  perSession: 1,
}

/** True when answers may be stored and sent. */
export function isConsented(memory: Pick<Memory, 'consent'>, consentRequired: boolean): boolean {
  return memory.consent === 'granted' || (memory.consent === null && !consentRequired)
}

/** The same for all that is known. */
export function mayRecord({ memory, consentRequired }: State): boolean {
  return memory !== null && isConsented(memory, consentRequired)
}

/** When a survey was last shown. */
function shownAt({ asks }: Memory, { id }: Survey): Instant | undefined {
  return asks.findLast((each) => each.survey === id)?.at
}

/**
 * The rules that depend on what all tabs share. Judged again inside the transaction that claims a showing, so that
 * two tabs never both pass.
 *
 * @param memory the freshest there is
 * @param rules judge all of it, once they are there
 */
export function mayShow(
  state: State,
  memory: Memory,
  survey: Survey,
  now: Instant,
  wish: Wish,
  rules?: Rules,
): Decision {
  if (!isConsented(memory, state.consentRequired)) return no('no-consent')
  if (rules) return rules.forbid(state, memory, survey, now, wish) ?? { show: true }
  if (memory.optedOut) return no('opted-out')
  if (!wish.force) {
    const last = { ...memoryOf(memory, survey.id), shown: shownAt(memory, survey) }
    for (const kind of ['answered', 'dismissed', 'shown'] as const) {
      const until = waits(last[kind], survey.recontact[kind], now)
      if (now < until) return no((kind + '-recently') as Reason, until)
    }
    const until = waits(memory.asks.at(-1)?.at, defaultLimits.quiet, now)
    if (now < until) return no('quiet-period', until)
  }
  return state.plain.includes(survey.id) ? { show: true } : no('loading')
}

/** When a wait ends that began then. */
function waits(since: Instant | undefined, span: number, now: Instant): Instant {
  return since === undefined ? now : endOf(since, days(span), now)
}

/** All rules: those of this tab first, then the shared ones. */
export function decide(
  state: State,
  survey: Survey | undefined,
  now: Instant,
  wish: Wish,
  rules?: Rules,
): Decision {
  if (!state.memory) return no('not-ready')
  if (!mayRecord(state)) return no('no-consent')
  if (!survey) return no('unknown-survey')
  if (state.paused) return no('paused')
  if (state.showing || state.claiming) return no('another-survey')
  return mayShow(state, state.memory, survey, now, wish, rules)
}

function no(reason: Reason, until?: Instant): Decision {
  return { show: false, reason, until }
}

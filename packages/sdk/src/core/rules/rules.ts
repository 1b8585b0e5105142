/** The one export of the lazily loaded part of the core: everything that few sites use, as one interface. */
import type { Rules } from '../extension.ts'
import type { Fired, Revision } from '../model.ts'
import type { Memory } from '../remembered.ts'
import { changeMemory, memoryOf } from '../memory.ts'
import { after, days, type Instant } from '../time.ts'
import { forbid, patience } from './forbid.ts'
import { command } from './command.ts'
import { countEvent } from './countEvent.ts'
import { dress, isPaged } from './dress.ts'
import { own } from './facts.ts'
import { planFollowUps } from './followUps.ts'
import { healed } from './healPlans.ts'
import { notice } from './notice.ts'

export const rules: Rules = {
  forbid,
  notice: (state, input) => notice(state, input, rules),
  revise,
  dress,
  command,
  isPaged,
  responseOf(memory, { survey, cause, followUp }) {
    if (cause === 'resume') return memoryOf(memory, survey).progress?.response
    return own(memory.plans, followUp ?? '')?.response
  },
}

/** First what waited for the rules, at its own time, then the change itself. */
function revise(...[state, known, change, at, newId]: Parameters<Rules['revise']>): Revision {
  const { missed = [], ...rest } = change.kind === 'time' ? withoutOld(known, at) : known
  const since = Math.min(rest.since ?? at, at) as Instant
  let memory: Memory = { ...healed(rest, at), since }
  let fired: readonly Fired[] = []
  const drafts: Revision['drafts'][number][] = []
  const events: Revision['events'][number][] = []
  for (const each of [...missed, { at, change }]) {
    if (each.change.kind === 'ask') memory = withoutSnooze(memory, each.change.ask.survey)
    const planned = planFollowUps(state, memory, each.change, each.at, newId)
    memory = planned.memory
    drafts.push(...planned.drafts)
    if (each.change.kind !== 'event') continue
    const counted = countEvent(state.surveys, memory, each.change, each.at, fired)
    memory = counted.memory
    fired = counted.fired
    events.push({ name: each.change.name, at: each.at })
  }
  return { memory, drafts, fired, events }
}

/** Asked again is not "later" any more. */
function withoutSnooze(memory: Memory, survey: string): Memory {
  const { snoozed } = memoryOf(memory, survey)
  if (snoozed === undefined) return memory
  return changeMemory(memory, { kind: 'survey', survey, patch: { snoozed: undefined } })
}

/** Without what nobody can go on with any more: showings that were broken off, and "later" long ago. */
function withoutOld(memory: Memory, at: Instant): Memory {
  const surveys = Object.entries(memory.surveys).map(([id, { progress, snoozed, snooze = 0, ...rest }]) => [
    id,
    {
      ...rest,
      ...(progress && at <= after(progress.at, patience) && { progress }),
      ...(snoozed !== undefined && at <= after(snoozed, days(snooze + 30)) && { snoozed, snooze }),
    },
  ])
  return { ...memory, surveys: Object.fromEntries(surveys) as Memory['surveys'] }
}

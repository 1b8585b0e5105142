/** The one export of the lazily loaded part of the core: everything that few sites use, as one interface. */
import type { Fired, Memory, Revision, Rules } from '../model.ts'
import { memoryOf } from '../memory.ts'
import type { Instant } from '../time.ts'
import { forbid } from './forbid.ts'
import { command } from './command.ts'
import { countEvent } from './countEvent.ts'
import { dress, isPaged } from './dress.ts'
import { own, visitsOf } from './facts.ts'
import { planFollowUps } from './followUps.ts'
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

/** First what waited for the rules, at its own time, then the change itself. A visit counts at its first change. */
function revise(...[state, known, change, at, newId]: Parameters<Rules['revise']>): Revision {
  const { missed = [], ...rest } = known
  const since = Math.min(rest.since ?? at, at) as Instant
  let memory: Memory = { ...rest, since, sessions: visitsOf(rest), counted: rest.session.id }
  let fired: readonly Fired[] = []
  const drafts: Revision['drafts'][number][] = []
  const events: Revision['events'][number][] = []
  for (const each of [...missed, { at, change }]) {
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

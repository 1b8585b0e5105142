/** Words for cases: states, reasons, who looks after them. */
import type { JSX } from 'preact'
import type { Case, CaseEntry, Staff } from '../api/caseShapes.ts'

const stateTexts: Readonly<Record<Case['state'], string>> = {
  new: 'new',
  acknowledged: 'seen',
  acted: 'acted on',
  closed: 'closed',
}

export const actionTexts: readonly (readonly [string, string])[] = [
  ['called', 'Called them'],
  ['wrote', 'Wrote to them'],
  ['met', 'Met them'],
  ['fixed', 'Mended what was wrong'],
  ['passed-on', 'Passed it on'],
]

export const reasonTexts: readonly (readonly [string, string])[] = [
  ['solved', 'Solved'],
  ['declined', 'We will not change it'],
  ['unreachable', 'They cannot be reached'],
  ['duplicate', 'Is looked after elsewhere'],
  ['mistake', 'Was no case'],
]

const textIn = (list: readonly (readonly [string, string])[], name: string): string =>
  list.find(([each]) => each === name)?.[1] ?? name

/** A name of the staff; the id where the token is gone. */
export const nameOf = (id: string, staff: Staff | null): string =>
  id === staff?.me ? 'you' : (staff?.staff.find((each) => each.id === id)?.name ?? id)

/** Who has a case: "Ada", "all agents, nobody yet". */
export function holderOf({ owner, role }: Pick<Case, 'owner' | 'role'>, staff: Staff | null): string {
  if (owner !== null) return nameOf(owner, staff)
  return `nobody yet, for every ${role ?? 'admin'}`
}

/** What somebody did, as a sentence without its subject. */
export function deedOf(entry: CaseEntry, staff: Staff | null, isMe: boolean): string {
  switch (entry.what) {
    case 'open':
      return 'opened it'
    case 'acknowledge':
      return isMe ? 'have seen it' : 'has seen it'
    case 'act':
      return entry.action === null ? 'did something' : textIn(actionTexts, entry.action).toLowerCase()
    case 'close':
      return `closed it: ${textIn(reasonTexts, entry.reason ?? '').toLowerCase()}`
    case 'reopen':
      return 'opened it again'
    case 'assign':
      return `gave it to ${entry.owner === null ? `every ${entry.role ?? 'admin'}` : nameOf(entry.owner, staff)}`
    case 'tell':
      return 'told them something'
    default:
      return 'noted'
  }
}

/** State, urgency, and whether it should be closed by now: in words, colour only besides. */
export function CaseTags({ of }: { of: Case }): JSX.Element {
  return (
    <>
      <span class="tag">{stateTexts[of.state]}</span>
      {of.priority !== 'normal' && (
        <span class={of.priority === 'high' ? 'tag strong' : 'tag'}>{of.priority} priority</span>
      )}
      {of.isOverdue && <span class="tag bad">overdue</span>}
      {of.reopened > 0 && <span class="tag">opened again</span>}
    </>
  )
}

/** Cases: what somebody is to look after because of an answer. Who may do what, what each change needs, and what it leads to. */
import type { AlertFacts } from './alerts.ts'
import { isLive, type AdminToken, type Keyring } from './keyring.ts'
import type { Role } from './roles.ts'
import type { Millis } from './time.ts'

/** How far a case came. It is opened as `new`, and leaves `closed` only when somebody opens it again. */
export type CaseState = (typeof caseStates)[number]
/** All states, in their order. */
export const caseStates = ['new', 'acknowledged', 'acted', 'closed'] as const

/** Roles that cases are sent to: a viewer sees no single person. */
export type CaseRole = Exclude<Role, 'viewer'>
/** All of them. */
export const caseRoles = ['admin', 'analyst', 'agent'] as const

/** How much it presses. */
export type CasePriority = (typeof casePriorities)[number]
/** The highest first. */
export const casePriorities = ['high', 'normal', 'low'] as const

/** What was done about it. */
export const caseActions = ['called', 'wrote', 'met', 'fixed', 'passed-on'] as const
/** Why it is closed. */
export const caseReasons = ['solved', 'declined', 'unreachable', 'duplicate', 'mistake'] as const

/** Where a rule sends what it opens. One of `role` and `person` at least. */
export interface CaseRoute {
  /** Everybody with this role sees it. */
  role?: CaseRole | undefined
  /** Id of the token of whoever looks after it, `tok_…`. */
  person?: string | undefined
  /** Default the id of the rule. */
  title?: string | undefined
  /** Default `normal`. */
  priority?: CasePriority | undefined
  /** Hours from its opening until it shall be closed. Default: no end. */
  dueHours?: number | undefined
}

/** A case as it stands. Times are by the collector's clock, and never before the one they follow. */
export interface Case {
  /** Hangs on the cause alone, so that one cause opens one case. */
  id: string
  rule: string
  /** Id of the response or event that caused it, or the case that the event names; of an alert what and when. */
  cause: string
  survey: string | null
  /** The answer that it is about. */
  response: string | null
  /** Visitor with whom it is deleted; null where it is about an alert, which concerns nobody. */
  visitor: string | null
  /** Of the respondent. */
  person: string | null
  /** The numbers that it is about, where an alert opened it. */
  alert?: AlertFacts | undefined
  title: string
  priority: CasePriority
  /** Whose inbox it is in. */
  role: CaseRole | null
  /** Id of the token of whoever looks after it. */
  owner: string | null
  state: CaseState
  openedAt: Millis
  dueAt: Millis | null
  /** Of the first time. */
  acknowledgedAt: Millis | null
  /** Of the first time that something was done. */
  actedAt: Millis | null
  /** Of the last time; null while it is open. */
  closedAt: Millis | null
  /** Why it is closed; null while it is open. */
  reason: (typeof caseReasons)[number] | null
  changedAt: Millis
  /** How often it was opened again. */
  reopened: number
  /** How many entries its history has. */
  version: number
}

/** One line of the history of a case; lines are added, and neither changed nor taken out. */
export interface CaseEntry {
  /** Counts up from 1. */
  number: number
  at: Millis
  /** Id of a token; `rule` for what a rule did. */
  who: string
  what: 'open' | CaseCommand['do']
  from: CaseState | null
  to: CaseState
  role: CaseRole | null
  owner: string | null
  action: (typeof caseActions)[number] | null
  reason: (typeof caseReasons)[number] | null
  /** For staff alone. */
  note: string | null
  /** For the respondent. */
  message: string | null
}

/** What is wanted of a case. */
export type CaseCommand =
  | { do: 'acknowledge'; note?: string | undefined }
  | { do: 'act'; action?: (typeof caseActions)[number] | undefined; note?: string | undefined }
  | {
      do: 'close'
      reason: (typeof caseReasons)[number]
      note?: string | undefined
      /** Told to the respondent: you said, we did. */
      message?: string | undefined
    }
  | { do: 'reopen'; note: string }
  | {
      do: 'assign'
      /** Id of a token; null: nobody. Default as it is. */
      owner?: string | null | undefined
      role?: CaseRole | null | undefined
      note?: string | undefined
    }
  | { do: 'note'; note: string }
  | { do: 'tell'; message: string }

/** Which cases are meant. A missing name is no limit. */
export interface CaseFilter {
  /** `open`: all but those that are closed. */
  state?: CaseState | 'open' | undefined
  role?: string | undefined
  /** Null: those that nobody looks after. */
  owner?: string | null | undefined
  survey?: string | undefined
  response?: string | undefined
  /** A person or a visitor. */
  who?: string | undefined
  /** Open, and should have been closed before this moment. */
  dueBefore?: Millis | undefined
  /** Opened, or closed, at or after this moment; or open still. */
  since?: Millis | undefined
  /** Those of a role, or of an owner. */
  sight?: { role: string; owner: string } | null | undefined
}

/** Who wants something of a case. */
export interface Staff {
  /** Id of the token. */
  id: string
  role: Role
}

/** A case that a change has led to, with the line that says so. */
export interface CaseStep {
  case: Case
  entry: CaseEntry
}

/**
 * Why a change was not made. `unseen`: whoever asked may not know of it. `changed`: it was changed since it was read. `nobody`:
 * neither a role nor a person would have it. `no-respondent`: it is about nobody who could be told something. `nothing`: neither an action nor a note says what was done. `full`: its history is
 * too long.
 */
export type CaseRefusal =
  | 'unseen'
  | 'not-yours'
  | 'changed'
  | 'wrong-state'
  | 'nobody'
  | 'no-respondent'
  | 'nothing'
  | 'full'

/** What comes of a command. */
export type CaseDecision = ({ ok: true } & CaseStep) | { ok: false; refused: CaseRefusal }

const hour: Millis = 3_600_000
/** Most lines of a history. */
const mostEntries = 1000

/** Who can look after cases of a site now: all tokens but those of viewers, in the order in which they were made. */
export function staffOf(ring: Pick<Keyring, 'tokens'>, site: number, now: Millis): AdminToken[] {
  return ring.tokens.filter(
    (each) => isLive(each, now) && each.role !== 'viewer' && (each.site === null || each.site === site),
  )
}

/** Whose cases somebody sees; null: all. */
export function sightOf({ id, role }: Staff): { role: Role; owner: string } | null {
  return role === 'admin' || role === 'analyst' ? null : { role, owner: id }
}

/**
 * Whether somebody sees a case. Admins and analysts see all of them; an agent those of the agents, and the own ones; a viewer
 * none.
 *
 * @example
 * maySee({ id: 'tok_1', role: 'agent' }, { role: 'analyst', owner: 'tok_1' }) // true
 */
export function maySee(staff: Staff, { role, owner }: Pick<Case, 'role' | 'owner'>): boolean {
  if (staff.role === 'viewer') return false
  const sight = sightOf(staff)
  return sight === null || role === sight.role || owner === sight.owner
}

/** Whether somebody may change a case: an admin any, others those of their role, and the own ones. */
export function mayChange(staff: Staff, { role, owner }: Pick<Case, 'role' | 'owner'>): boolean {
  if (staff.role === 'viewer') return false
  return staff.role === 'admin' || role === staff.role || owner === staff.id
}

/** What a case is opened with. */
export type CaseOpening = Pick<
  Case,
  'id' | 'rule' | 'cause' | 'survey' | 'response' | 'visitor' | 'person' | 'alert'
>

/**
 * Opens a case.
 *
 * @param now by the collector's clock
 * @example
 * openCase(opening, { role: 'agent', dueHours: 24 }, now).case.state // 'new'
 */
export function openCase(opening: CaseOpening, route: CaseRoute, now: Millis): CaseStep {
  const owner = route.person ?? null
  // A case that nobody is named for would be in no inbox.
  const role = route.role ?? (owner === null ? 'admin' : null)
  const opened: Case = {
    ...opening,
    title: route.title ?? opening.rule,
    priority: route.priority ?? 'normal',
    role,
    owner,
    state: 'new',
    openedAt: now,
    dueAt: route.dueHours === undefined ? null : now + Math.round(route.dueHours * hour),
    acknowledgedAt: null,
    actedAt: null,
    closedAt: null,
    reason: null,
    changedAt: now,
    reopened: 0,
    version: 1,
  }
  return { case: opened, entry: entryOf(opened, null, 'rule', 'open') }
}

function entryOf(
  after: Case,
  from: CaseState | null,
  who: string,
  what: CaseEntry['what'],
  said: Partial<Pick<CaseEntry, 'action' | 'reason' | 'note' | 'message'>> = {},
): CaseEntry {
  const { version: number, changedAt: at, state: to, role, owner } = after
  const { action = null, reason = null, note = null, message = null } = said
  return { number, at, who, what, from, to, role, owner, action, reason, note, message }
}

/** From which states a command goes, and where to; those that are missing change no state. */
const ways: Readonly<Partial<Record<CaseCommand['do'], { from: readonly CaseState[]; to: CaseState }>>> = {
  acknowledge: { from: ['new'], to: 'acknowledged' },
  act: { from: ['new', 'acknowledged', 'acted'], to: 'acted' },
  close: { from: ['new', 'acknowledged', 'acted'], to: 'closed' },
  reopen: { from: ['closed'], to: 'acknowledged' },
}

/** What a command can be given while a case is as it is. */
export function commandsFor({ state, visitor }: Pick<Case, 'state' | 'visitor'>): CaseCommand['do'][] {
  const all = ['acknowledge', 'act', 'close', 'reopen', 'assign', 'note', 'tell'] as const
  return all.filter((each) => isOpenTo(each, state) && (each !== 'tell' || visitor !== null))
}

function isOpenTo(command: CaseCommand['do'], state: CaseState): boolean {
  // What is closed is nobody's work until it is opened again.
  if (command === 'assign') return state !== 'closed'
  return ways[command]?.from.includes(state) ?? true
}

/**
 * Decides about a command. Whoever first does something about a case that nobody looks after looks after it from then on.
 *
 * @param now by the collector's clock; where that went back, the time of the last change is taken
 * @param version of the case as it was read; default any
 * @example
 * decideCase(stored, { id: 'tok_1', role: 'agent' }, { do: 'acknowledge' }, now)
 */
export function decideCase(
  stored: Case,
  staff: Staff,
  command: CaseCommand,
  now: Millis,
  version: number = stored.version,
): CaseDecision {
  const refuse = (refused: CaseRefusal): CaseDecision => ({ ok: false, refused })
  if (!maySee(staff, stored)) return refuse('unseen')
  if (!mayChange(staff, stored)) return refuse('not-yours')
  if (version !== stored.version) return refuse('changed')
  if (!isOpenTo(command.do, stored.state)) return refuse('wrong-state')
  if (stored.version >= mostEntries) return refuse('full')
  const message = 'message' in command ? command.message : undefined
  if (stored.visitor === null && message !== undefined) return refuse('no-respondent')
  if (command.do === 'act' && command.action === undefined && !isText(command.note)) return refuse('nothing')
  const state = ways[command.do]?.to ?? stored.state
  const at = Math.max(now, stored.changedAt)
  const isWork = command.do === 'acknowledge' || command.do === 'act' || command.do === 'close'
  const given: Pick<Extract<CaseCommand, { do: 'assign' }>, 'owner' | 'role'> = command.do === 'assign'
    ? command
    : {}
  const owner = given.owner === undefined ? stored.owner : given.owner
  const role = given.role === undefined ? stored.role : given.role
  if (owner === null && role === null) return refuse('nobody')
  const after: Case = {
    ...stored,
    state,
    role,
    owner: isWork ? (owner ?? staff.id) : owner,
    // Whoever does something about a case has seen it.
    acknowledgedAt: stored.acknowledgedAt ?? (isWork ? at : null),
    actedAt: stored.actedAt ?? (command.do === 'act' ? at : null),
    closedAt: command.do === 'close' ? at : command.do === 'reopen' ? null : stored.closedAt,
    reason: command.do === 'close' ? command.reason : command.do === 'reopen' ? null : stored.reason,
    changedAt: at,
    reopened: stored.reopened + (command.do === 'reopen' ? 1 : 0),
    version: stored.version + 1,
  }
  const said = command as Partial<Pick<CaseEntry, 'action' | 'reason' | 'note' | 'message'>>
  return { ok: true, case: after, entry: entryOf(after, stored.state, staff.id, command.do, said) }
}

const isText = (text: string | undefined): boolean => text !== undefined && text.trim() !== ''

/** Whether it should be closed by now, and is not. */
export function isOverdue({ state, dueAt }: Pick<Case, 'state' | 'dueAt'>, now: Millis): boolean {
  return state !== 'closed' && dueAt !== null && now > dueAt
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countCases, countCasesBy } from './caseReport.ts'
import {
  caseActions,
  caseReasons,
  caseRoles,
  caseStates,
  commandsFor,
  decideCase,
  isOverdue,
  mayChange,
  maySee,
  openCase,
  sightOf,
  staffOf,
  type Case,
  type CaseCommand,
  type CaseEntry,
  type CaseOpening,
  type CaseRoute,
  type Staff,
} from './cases.ts'
import { roles } from './roles.ts'

const hour = 3_600_000
const opening: CaseOpening = {
  id: 'case-1',
  rule: 'call-back',
  cause: 'response-1',
  survey: 'nps',
  response: 'response-1',
  visitor: 'visitor-1',
  person: 'ann',
}
const admin: Staff = { id: 'tok_admin', role: 'admin' }
const opened = (route: CaseRoute = { role: 'agent' }, now = 0): Case => openCase(opening, route, now).case

/** Does one command after the other; throws where one is refused. */
function does(start: Case, ...commands: [CaseCommand, number][]): Case {
  return commands.reduce((stands, [command, at]) => {
    const decision = decideCase(stands, admin, command, at)
    if (!decision.ok) throw new Error(decision.refused)
    return decision.case
  }, start)
}
const refusal = (stored: Case, command: CaseCommand, staff = admin, version?: number): unknown => {
  const decision = decideCase(stored, staff, command, 1, version)
  return decision.ok ? null : decision.refused
}

describe('the way of a case', () => {
  it('goes from new over acknowledged and acted to closed, each with who, when and why', () => {
    const route: CaseRoute = { role: 'agent', title: 'Call back', priority: 'high', dueHours: 1.5 }
    const { case: start, entry } = openCase(opening, route, hour)
    expect(start).toMatchObject({ state: 'new', title: 'Call back', priority: 'high', owner: null })
    expect(start).toMatchObject({ role: 'agent', openedAt: hour, dueAt: 2.5 * hour, version: 1 })
    expect(entry).toMatchObject({ number: 1, at: hour, who: 'rule', what: 'open', from: null, to: 'new' })
    const seen = decideCase(start, admin, { do: 'acknowledge' }, 2 * hour)
    expect(seen).toMatchObject({
      ok: true,
      case: { state: 'acknowledged', owner: 'tok_admin', acknowledgedAt: 2 * hour },
      entry: { number: 2, who: 'tok_admin', from: 'new', to: 'acknowledged', note: null },
    })
    const end = does(
      start,
      [{ do: 'acknowledge' }, 2 * hour],
      [{ do: 'act', action: 'called' }, 3 * hour],
      [{ do: 'act', note: 'again' }, 4 * hour],
      [{ do: 'close', reason: 'solved' }, 5 * hour],
    )
    expect(end).toMatchObject({ state: 'closed', reason: 'solved', actedAt: 3 * hour, closedAt: 5 * hour })
    const again = does(end, [{ do: 'reopen', note: 'it came back' }, 6 * hour])
    expect(again).toMatchObject({ state: 'acknowledged', reason: null, closedAt: null, reopened: 1 })
    expect(again.actedAt).toBe(3 * hour)
  })
  it('needs what each change needs', () => {
    const start = opened()
    expect(refusal(start, { do: 'act' })).toBe('nothing')
    expect(refusal(start, { do: 'act', note: '  ' })).toBe('nothing')
    expect(refusal(start, { do: 'reopen', note: 'x' })).toBe('wrong-state')
    expect(refusal(start, { do: 'assign', role: null })).toBe('nobody')
    expect(refusal(start, { do: 'assign', role: null, owner: 'tok_1' })).toBeNull()
    expect(refusal(start, { do: 'note', note: 'x' }, admin, 2)).toBe('changed')
    expect(refusal({ ...start, version: 1000 }, { do: 'note', note: 'x' })).toBe('full')
    const closed = does(start, [{ do: 'close', reason: 'mistake' }, 1])
    for (const command of [
      { do: 'acknowledge' },
      { do: 'act', action: 'called' },
      { do: 'close', reason: 'solved' },
      { do: 'assign', owner: 'tok_1' },
    ] as const)
      expect(refusal(closed, command)).toBe('wrong-state')
    // What was seen on the way may still be noted, and told.
    expect(refusal(closed, { do: 'note', note: 'x' })).toBeNull()
    expect(refusal(closed, { do: 'tell', message: 'x' })).toBeNull()
  })
  it('is about nobody who could be told something where an alert has opened it', () => {
    const about = { ...opened(), visitor: null }
    expect(commandsFor(about)).toEqual(['acknowledge', 'act', 'close', 'assign', 'note'])
    expect(refusal(about, { do: 'tell', message: 'x' })).toBe('no-respondent')
    expect(refusal(about, { do: 'close', reason: 'solved', message: 'x' })).toBe('no-respondent')
    expect(refusal(about, { do: 'close', reason: 'solved', note: 'x' })).toBeNull()
  })
  it('has an inbox also where the person whom a rule names is not there any more', () => {
    expect(opened({})).toMatchObject({ role: 'admin', owner: null })
    expect(opened({ person: 'tok_1' })).toMatchObject({ role: null, owner: 'tok_1' })
  })
})

describe('who may do what', () => {
  const cases = [
    { role: 'agent', owner: null },
    { role: 'analyst', owner: null },
    { role: null, owner: 'tok_me' },
    { role: 'admin', owner: 'tok_other' },
  ] as const
  it.each([
    ['admin', [true, true, true, true], [true, true, true, true]],
    ['analyst', [true, true, true, true], [false, true, true, false]],
    ['agent', [true, false, true, false], [true, false, true, false]],
    ['viewer', [false, false, false, false], [false, false, false, false]],
  ] as const)('an %s sees and changes these', (role, seen, changed) => {
    const me: Staff = { id: 'tok_me', role }
    expect(cases.map((each) => maySee(me, each))).toEqual(seen)
    expect(cases.map((each) => mayChange(me, each))).toEqual(changed)
  })
  it('nobody hears of a case that is not to be seen, nor changes one of others', () => {
    const foreign = opened({ role: 'analyst' })
    expect(refusal(foreign, { do: 'note', note: 'x' }, { id: 'tok_2', role: 'agent' })).toBe('unseen')
    expect(refusal(opened(), { do: 'note', note: 'x' }, { id: 'tok_2', role: 'analyst' })).toBe('not-yours')
  })
  it('can be given to whoever has a good token of the site, and is no viewer', () => {
    const token = (id: string, fields: object = {}): Parameters<typeof staffOf>[0]['tokens'][number] => ({
      id,
      site: null,
      name: id,
      role: 'agent',
      hash: '',
      main: false,
      createdAt: 0,
      expiresAt: null,
      revokedAt: null,
      ...fields,
    })
    const tokens = [
      token('all'),
      token('own', { site: 1 }),
      token('other', { site: 2 }),
      token('viewer', { role: 'viewer' }),
      token('gone', { revokedAt: 1 }),
      token('over', { expiresAt: 5 }),
    ]
    expect(staffOf({ tokens }, 1, 5).map((each) => each.id)).toEqual(['all', 'own'])
  })
})

const text = fc.option(fc.string({ maxLength: 5 }), { nil: undefined })
const command: fc.Arbitrary<CaseCommand> = fc.oneof(
  fc.record({ do: fc.constant('acknowledge' as const), note: text }),
  fc.record({
    do: fc.constant('act' as const),
    action: fc.option(fc.constantFrom(...caseActions), { nil: undefined }),
    note: text,
  }),
  fc.record({
    do: fc.constant('close' as const),
    reason: fc.constantFrom(...caseReasons),
    message: text,
  }),
  fc.record({ do: fc.constant('reopen' as const), note: fc.string() }),
  fc.record({
    do: fc.constant('assign' as const),
    owner: fc.constantFrom(undefined, null, 'tok_1', 'tok_2'),
    role: fc.constantFrom(undefined, null, ...caseRoles),
  }),
  fc.record({ do: fc.constant('note' as const), note: fc.string() }),
  fc.record({ do: fc.constant('tell' as const), message: fc.string() }),
)
const staff: fc.Arbitrary<Staff> = fc.record({
  id: fc.constantFrom('tok_1', 'tok_2', 'tok_3'),
  role: fc.constantFrom(...roles),
})
const route: fc.Arbitrary<CaseRoute> = fc.record({
  role: fc.constantFrom(undefined, ...caseRoles),
  person: fc.constantFrom(undefined, 'tok_1'),
  dueHours: fc.option(fc.double({ min: 0.01, max: 100, noNaN: true }), { nil: undefined }),
})
// The clock of a machine may be set back.
const steps = fc.array(fc.tuple(staff, command, fc.integer({ min: -2 * hour, max: 50 * hour })), {
  maxLength: 30,
})

describe('for any commands in any order', () => {
  const check = (run: (history: { case: Case; entry: CaseEntry }[]) => void): void =>
    fc.assert(
      fc.property(route, steps, (given, list) => {
        const history = [openCase(opening, given, 0)]
        let now = 0
        for (const [who, wanted, by] of list) {
          now += by
          const last = history.at(-1)
          const decision = last && decideCase(last.case, who, wanted, now)
          if (decision?.ok) history.push(decision)
        }
        run(history)
      }),
    )

  it('the state, its times and the history agree', () => {
    check((history) => {
      for (const [index, { case: stands, entry }] of history.entries()) {
        const before = history[index - 1]?.case
        expect([entry.number, stands.version]).toEqual([index + 1, index + 1])
        expect([entry.from, entry.to]).toEqual([before?.state ?? null, stands.state])
        expect(entry.at).toBe(stands.changedAt)
        expect([stands.closedAt !== null, stands.reason !== null]).toEqual(
          stands.state === 'closed' ? [true, true] : [false, false],
        )
        if (stands.state === 'new') expect([stands.acknowledgedAt, stands.actedAt]).toEqual([null, null])
        else expect(stands.acknowledgedAt).not.toBeNull()
        if (stands.state === 'acted') expect(stands.actedAt).not.toBeNull()
        // Nobody looks after it, or somebody does; it is always in an inbox.
        expect(stands.role !== null || stands.owner !== null).toBe(true)
        expect(caseStates).toContain(stands.state)
        if (before?.state === 'closed' && stands.state !== 'closed') expect(entry.what).toBe('reopen')
      }
    })
  })
  it('no time runs backwards, and no span is negative', () => {
    check((history) => {
      for (const [index, { case: stands }] of history.entries()) {
        expect(stands.changedAt).toBeGreaterThanOrEqual(history[index - 1]?.case.changedAt ?? 0)
        for (const at of [stands.acknowledgedAt, stands.actedAt, stands.closedAt])
          if (at !== null) expect(at).toBeGreaterThanOrEqual(stands.openedAt)
      }
      const end = history.at(-1)?.case
      const { firstAction, close } = countCases(end ? [end] : [], {}, 0)
      for (const { value } of [firstAction.median, firstAction.p90, close.median, close.p90])
        if (value !== null) expect(value).toBeGreaterThanOrEqual(0)
    })
  })
  it('only what may be seen and changed is changed, and what is offered is what is taken', () => {
    fc.assert(
      fc.property(route, staff, command, (given, who, wanted) => {
        const stored = opened(given)
        const decision = decideCase(stored, who, wanted, 1)
        if (!decision.ok) return
        expect([maySee(who, stored), mayChange(who, stored)]).toEqual([true, true])
        expect(commandsFor(stored)).toContain(wanted.do)
        const sight = sightOf(who)
        expect(sight === null || stored.role === sight.role || stored.owner === sight.owner).toBe(true)
      }),
    )
  })
})

describe('the numbers', () => {
  const acted = (at: number, by: number, fields: Partial<Case> = {}): Case => ({
    ...does(opened(undefined, at), [{ do: 'act', action: 'called' }, at + by]),
    ...fields,
  })
  it('count what was opened and closed in the period, what is open and overdue now, and the times', () => {
    const cases = [
      acted(0, hour),
      does(acted(hour, 3 * hour), [{ do: 'close', reason: 'solved' }, 11 * hour]),
      opened({ role: 'agent', dueHours: 1 }, 2 * hour),
      // Opened before the period, and closed in it.
      does(opened(undefined, -5 * hour), [{ do: 'close', reason: 'solved' }, hour]),
      // Closed, and opened again.
      does(
        opened(undefined, 0),
        [{ do: 'close', reason: 'solved' }, hour],
        [{ do: 'reopen', note: 'x' }, 2 * hour],
      ),
    ]
    const numbers = countCases(cases, { from: 0, to: 20 * hour }, 12 * hour)
    expect(numbers).toMatchObject({ opened: 4, closed: 2, open: 3, overdue: 1, untouched: 2 })
    expect([numbers.firstAction.median.value, numbers.firstAction.median.n]).toEqual([2, 2])
    expect([numbers.close.median.value, numbers.close.median.n]).toEqual([8, 2])
    const none = countCases([], {}, 0)
    expect([none.opened, none.close.p90.value, none.close.p90.reason]).toEqual([
      0,
      null,
      'No issue is resolved.',
    ])
  })
  it('by rule and by owner make up the whole', () => {
    const cases = [acted(0, hour), acted(0, 2 * hour, { rule: 'other' }), opened()]
    expect(countCasesBy(cases, 'rule', {}, 0).map((each) => [each.value, each.opened])).toEqual([
      ['call-back', 2],
      ['other', 1],
    ])
    expect(countCasesBy(cases, 'owner', {}, 0).map((each) => [each.value, each.opened])).toEqual([
      ['tok_admin', 2],
      [null, 1],
    ])
  })
  it('a case is overdue from the moment after it was due until it is closed', () => {
    const due = opened({ role: 'agent', dueHours: 1 })
    expect([isOverdue(due, hour), isOverdue(due, hour + 1)]).toEqual([false, true])
    expect(isOverdue(does(due, [{ do: 'close', reason: 'solved' }, 2]), 2 * hour)).toBe(false)
    expect(isOverdue(opened(), Number.MAX_SAFE_INTEGER)).toBe(false)
  })
})

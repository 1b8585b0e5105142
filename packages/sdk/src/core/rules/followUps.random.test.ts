import { followUpId, type FollowUpRule, type Scalar, type Survey } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeMemory, resume } from '../memory.ts'
import type { EventDraft, State } from '../model.ts'
import type { Memory, MemoryChange, Plan } from '../remembered.ts'
import { after, days, type Instant } from '../time.ts'
import { dueFollowUps, isFollowUpDue, planFollowUps } from './followUps.ts'
import { aSurvey, deepFreeze, t0 } from './survey.fixtures.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 500)
const survey = (id: string, followUps: FollowUpRule[]): Survey => aSurvey({ id, version: 2, followUps })
const surveys: readonly Survey[] = deepFreeze([
  survey('nps', [
    { id: 'again', after: { on: 'answer' }, delay: 2, expires: 3 },
    { id: 'nudge', after: { on: 'silence' }, delay: 1, expires: 5 },
  ]),
  survey('why', [
    {
      id: 'low',
      after: { on: 'answer', survey: 'nps', when: { question: 'score', bands: ['detractor'] } },
      delay: 1,
      expires: 6,
      reminders: { most: 2, every: 1 },
    },
    {
      id: 'quiet',
      after: { on: 'silence', survey: 'nps' },
      delay: 0,
      expires: 4,
      reminders: { most: 1, every: 1 },
    },
  ]),
  survey('case', [
    {
      id: 'solved',
      after: {
        on: 'event',
        name: 'solved',
        key: 'ticket',
        where: { not: { fact: 'event.spam', op: 'equals', value: true } },
      },
      delay: 0,
      expires: 2,
      reminders: { most: 1, every: 0.5 },
      cancel: [{ name: 'reopened', key: 'ticket' }, { name: 'left' }],
    },
    {
      id: 'bought',
      after: { on: 'event', name: 'bought' },
      delay: 1,
      expires: 9,
      cancel: [{ name: 'returned', key: 'order' }],
    },
  ]),
])
const ruleOf = (plan: Plan): FollowUpRule => {
  const rule = surveys
    .find((each) => each.id === plan.survey)
    ?.followUps?.find((each) => each.id === plan.rule)
  if (!rule) throw new Error(plan.rule)
  return rule
}
/** What each tab knows: one has not loaded everything. */
const tabs = [surveys, surveys, surveys.slice(1)]

const about = fc.constantFrom('nps', 'why', 'case')
const pick = fc.nat(20)
const props: fc.Arbitrary<Record<string, Scalar>> = fc.record(
  {
    ticket: fc.constantFrom<Scalar>(1, '1', 2, null, '', 'a\ud800', 'x'.repeat(150)),
    order: fc.constantFrom<Scalar>(1, 2),
    spam: fc.boolean(),
  },
  { requiredKeys: [] },
)
const event = fc.record({
  do: fc.constant('event' as const),
  name: fc.constantFrom('solved', 'solved', 'bought', 'bought', 'bought', 'reopened', 'returned', 'left'),
  props,
  // Few, so that some come twice.
  id: fc.nat(30).map((id) => `e${id}`),
})
const answer = fc.record({
  do: fc.constant('answer' as const),
  about,
  pick,
  score: fc.constantFrom(2, 9),
  progress: fc.boolean(),
})
const ask = fc.record({ do: fc.constant('ask' as const), about, id: fc.nat(30) })
const showDue = fc.record({ do: fc.constant('showDue' as const) })
const wait = fc.record({
  do: fc.constant('wait' as const),
  days: fc.constantFrom(0.0001, 0.1, 0.5, 0.5, 1, 1, 1, 1, 2, 9, -0.1, -1, -4),
})
const deed = fc.oneof(
  { arbitrary: event, weight: 3 },
  { arbitrary: answer, weight: 2 },
  { arbitrary: ask, weight: 2 },
  { arbitrary: wait, weight: 6 },
  { arbitrary: showDue, weight: 8 },
  fc.record({ do: fc.constant('askAnyhow' as const), pick }),
  fc.record({ do: fc.constant('close' as const), about, how: fc.constantFrom('dismissed', 'snoozed') }),
  fc.record({ do: fc.constant('unask' as const), pick }),
  fc.record({ do: fc.constant('time' as const), pick }),
  fc.record({ do: fc.constant('repeat' as const) }),
  fc.record({ do: fc.constant('look' as const) }),
)
type Deed = typeof deed extends fc.Arbitrary<infer Each> ? Each : never
const history = fc.array(fc.record({ tab: fc.nat(2), deed }), { maxLength: 60, size: 'max' })

/** What a change must have planned, now or before, by the contract's identity. */
function wanted(tab: number, change: MemoryChange): string[] {
  const { kind } = change
  if (kind === 'event' && change.name === 'bought') return [followUpId('case', 'bought', change.id)]
  if (kind === 'event' && change.name === 'solved' && change.props['spam'] === false) {
    const ticket = `${change.props['ticket'] ?? ''}`
    return [followUpId('case', 'solved', /^\d$/.test(ticket) ? ticket : change.id)]
  }
  const isAnswer = kind === 'survey' && change.survey === 'nps' && change.patch.progress
  if (!isAnswer || tab === 2) return []
  const { response, answers } = isAnswer
  const again = followUpId('nps', 'again', response)
  return answers['score'] === 2 ? [again, followUpId('why', 'low', response)] : [again]
}

/** What was seen of one identity from outside. */
interface Seen {
  due: Instant
  expires: Instant
  rule: FollowUpRule
  response: string
  shown: Instant[]
  /** How often the respondent wanted it later, and when, as long as that is to come. */
  snoozes: number
  later: Instant | null
  /** The same before the last showing. */
  earlier: Instant | null
  undone: boolean
  end: string | null
}

/** One browser with three tabs. Everything that is told is checked against what the rules allow. */
function watch() {
  let memory: Memory = resume({ visitor: 'v' }, t0, () => 's')
  const copies = [memory, memory, memory]
  const seen = new Map<string, Seen>()
  let now = t0
  let ids = 0
  let last: MemoryChange = { kind: 'time' }
  const responses: { survey: string; response: string }[] = []

  const plansOf = (): Record<string, Plan> => memory.plans ?? {}
  const note = (draft: EventDraft): void => {
    if (draft.type !== 'followup') throw new Error(draft.type)
    const { followUp, state, reason, due } = draft.data
    const plan = plansOf()[followUp]
    const known = seen.get(followUp)
    if (state === 'planned') {
      if (!plan) throw new Error('a plan that is told is kept')
      if (known?.undone) {
        // Nobody has seen it: so it waits again.
        expect([known.shown, known.end]).toEqual([[], null])
        expect(due).toBe(new Date(plan.due).toISOString())
        expect(plan.due).toBeGreaterThanOrEqual(known.due)
        return
      }
      expect(known, 'planned once').toBeUndefined()
      expect(followUpId(plan.survey, plan.rule, plan.cause)).toBe(followUp)
      expect(due).toBe(new Date(plan.due).toISOString())
      const rule = ruleOf(plan)
      expect(plan.due).toBe(now + days(rule.delay))
      const expires = after(plan.due, days(rule.expires))
      expect(plan.expires).toBe(expires)
      const { response } = draft
      const fresh = { shown: [], snoozes: 0, later: null, earlier: null, undone: false, end: null }
      seen.set(followUp, { due: plan.due, expires, rule, response, ...fresh })
      return
    }
    if (!known) throw new Error(`${state} before planned`)
    expect(draft).toMatchObject({ response: known.response, surveyVersion: 2 })
    expect(known.end, 'nothing after the end').toBeNull()
    if (state === 'shown') {
      const before = known.shown.at(-1)
      expect(now).toBeGreaterThanOrEqual(known.due)
      expect(now).toBeLessThanOrEqual(known.expires)
      if (known.later !== null) expect(now).toBeGreaterThanOrEqual(known.later)
      else if (before !== undefined)
        expect(now - before).toBeGreaterThanOrEqual(days(known.rule.reminders?.every ?? Infinity))
      known.earlier = known.later
      known.later = null
      known.shown.push(now)
      known.undone = false
      const most = 1 + (known.rule.reminders?.most ?? 0) + known.snoozes
      expect(known.shown.length).toBeLessThanOrEqual(most)
      return
    }
    known.end = state
    if (state !== 'answered') expect(reason).toMatch(/./)
    if (state === 'expired') {
      expect(now).toBeGreaterThan(known.expires)
      expect(reason === 'no-answer').toBe(known.shown.length > 0)
    }
  }

  const change = (tab: number, made: MemoryChange): void => {
    last = made
    const changed = deepFreeze(changeMemory(memory, made))
    const known = deepFreeze({ surveys: tabs[tab] as readonly Survey[] })
    const before = Object.entries(plansOf()).filter(([, plan]) => plan.ended === undefined)
    const done = planFollowUps(known, changed, deepFreeze(made), now, () => `r${++ids}`)
    expect(planFollowUps(known, changed, made, now, () => 'r')).toMatchObject({
      drafts: done.drafts.map(({ type, data }) => ({ type, data })),
    })
    expect(JSON.parse(JSON.stringify(done))).toStrictEqual(done)
    memory = deepFreeze(done.memory)
    copies[tab] = memory
    if (made.kind === 'unask')
      for (const each of seen.values())
        if (
          each.response === made.response &&
          !each.undone &&
          !each.end &&
          each.shown.length &&
          before.some(([, plan]) => plan.response === made.response && plan.before)
        ) {
          each.shown.pop()
          each.later = each.earlier
          each.undone = true
        }
    if (made.kind === 'survey' && made.patch.snoozed !== undefined) {
      const id = changed.asks.findLast((each) => each.survey === made.survey)?.followUp
      const snoozed = seen.get(id ?? '')
      const wasShown = before.some(([key, plan]) => key === id && plan.shown)
      if (snoozed && wasShown && !snoozed.end)
        Object.assign(snoozed, { later: made.patch.snoozed, snoozes: snoozed.snoozes + 1 })
    }
    for (const draft of done.drafts) note(draft)

    if (!memory.optedOut) for (const id of wanted(tab, made)) expect([...seen.keys()]).toContain(id)
    const open = Object.entries(plansOf()).filter(([, plan]) => plan.ended === undefined)
    const isTold = [...seen].filter(([, each]) => each.end === null).map(([id]) => id)
    expect(open.map(([id]) => id).sort(), 'open or ended').toEqual(isTold.sort())
    if (memory.optedOut) expect(open).toEqual([])
    for (const [, plan] of open) expect(now).toBeLessThanOrEqual(plan.expires)
    const wasOpen = new Set(before.map(([id]) => id))
    const still = open.filter(([id]) => wasOpen.has(id)).map(([, plan]) => plan)
    if (made.kind === 'survey' && made.patch.answered !== undefined) {
      const response =
        made.patch.progress?.response ?? memory.asks.findLast((each) => each.survey === made.survey)?.response
      const own = still.filter((plan) => plan.survey === made.survey && plan.cause !== response)
      expect(own, 'no survey is asked again after its answer').toEqual([])
    }
    if (made.kind === 'event') {
      if (made.name === 'left') expect(still.filter((plan) => plan.rule === 'solved')).toEqual([])
      if (made.name === 'reopened' && typeof made.props['ticket'] === 'number')
        expect(still.filter((plan) => plan.cause === String(made.props['ticket']))).toEqual([])
    }
    if (made.kind === 'survey' && made.survey === 'nps' && (made.patch.dismissed ?? made.patch.snoozed))
      expect(still.filter((plan) => plan.rule === 'quiet')).toEqual([])
  }

  const take = <Item>(items: readonly Item[], index: number): Item | undefined =>
    items[index % (items.length || 1)]
  const perform = (tab: number, made: Deed): void => {
    switch (made.do) {
      case 'event':
        return change(tab, { kind: 'event', id: made.id, name: made.name, props: made.props })
      case 'ask': {
        const response = `q${made.id}`
        const { about: asked } = made
        responses.push({ survey: asked, response })
        return change(tab, { kind: 'ask', ask: { survey: asked, response, at: now, session: 's' } })
      }
      case 'answer': {
        const given = take(responses, made.pick) ?? { survey: made.about, response: 'q' }
        const progress = {
          response: given.response,
          at: now,
          about: { trigger: 'show' as const },
          answers: { score: made.score },
          revisions: {},
          version: 2,
        }
        const patch = made.progress ? { answered: now, progress } : { answered: now }
        return change(tab, { kind: 'survey', survey: given.survey, patch })
      }
      case 'close':
        return change(tab, { kind: 'survey', survey: made.about, patch: { [made.how]: now } })
      case 'wait':
        now = Math.round(after(now, days(made.days))) as Instant
        return
      case 'look':
        copies[tab] = memory
        return
      case 'showDue': {
        const state = { memory: copies[tab], surveys: tabs[tab] } as unknown as State
        const due = dueFollowUps(state, now, () => ({ show: true }))
        if (due.wake !== null) expect(due.wake).toBeGreaterThan(now)
        const [wish] = due.wishes
        if (due.expired) change(tab, { kind: 'time' })
        if (!wish?.followUp || !isFollowUpDue(memory, wish, now)) return
        const { response } = plansOf()[wish.followUp] as Plan
        responses.push({ survey: wish.survey, response })
        const told = seen.get(wish.followUp)?.shown.length ?? 0
        change(tab, {
          kind: 'ask',
          ask: { survey: wish.survey, response, at: now, session: 's', followUp: wish.followUp },
        })
        expect(seen.get(wish.followUp)?.shown.length, 'what is due is shown').toBe(told + 1)
        return
      }
      case 'askAnyhow': {
        const followUp = take(Object.keys(plansOf()), made.pick)
        const plan = plansOf()[followUp ?? '']
        if (!plan) return
        const { survey: asked, response } = plan
        return change(tab, { kind: 'ask', ask: { survey: asked, response, at: now, session: 's', followUp } })
      }
      case 'unask': {
        const asked = take(memory.asks, made.pick)
        if (asked) change(tab, { kind: 'unask', response: asked.response })
        return
      }
      case 'time': {
        const id = take(Object.keys(plansOf()), made.pick)
        return change(tab, { kind: 'time', ...(id && { refused: { [id]: 'quiet-period' as const } }) })
      }
      case 'repeat':
        return change(tab, last)
    }
  }
  return {
    perform,
    change: (made: MemoryChange) => change(0, made),
    plans: plansOf,
    seen,
    at: (moment: Instant) => void (now = moment),
  }
}

describe('any history of three tabs, with a clock that jumps', { timeout: 600_000 }, () => {
  it('plans each once, shows each as often as its rule says and when, and ends each once with a reason', () => {
    let shown = 0
    let reminded = 0
    const ends = new Set<string>()
    fc.assert(
      fc.property(history, (deeds) => {
        const world = watch()
        for (const each of deeds) world.perform(each.tab, each.deed)
        const furthest = Math.max(t0, ...Object.values(world.plans()).map((plan) => plan.expires))
        world.at((furthest + 1) as Instant)
        world.change({ kind: 'time' })
        for (const [id, each] of world.seen) {
          expect(each.end, id).not.toBeNull()
          ends.add(`${each.end}`)
          if (each.shown.length) shown++
          if (each.shown.length > 1) reminded++
        }
      }),
      { numRuns },
    )
    // Or else the histories would prove nothing.
    if (numRuns >= 100) {
      expect(shown).toBeGreaterThan(numRuns / 3)
      expect(reminded).toBeGreaterThan(numRuns / 100)
      expect([...ends].sort()).toEqual(['answered', 'cancelled', 'expired'])
    }
  })
  it('has nothing open after an opt-out, and plans nothing more', () => {
    fc.assert(
      fc.property(history, history, (first, second) => {
        const world = watch()
        for (const each of first) world.perform(each.tab, each.deed)
        world.change({ kind: 'visitor', patch: { optedOut: true } })
        const known = world.seen.size
        for (const each of second) world.perform(each.tab, each.deed)
        expect(world.seen.size).toBe(known)
      }),
      { numRuns: Math.ceil(numRuns / 5) },
    )
  })
})

describe('within one instant', { timeout: 600_000 }, () => {
  const play = (changes: readonly MemoryChange[]): Record<string, Plan> => {
    const world = watch()
    for (const each of changes) world.change(each)
    return world.plans()
  }
  const anyChange: fc.Arbitrary<MemoryChange> = fc.oneof(
    event.map(({ id, name, props: given }) => ({
      kind: 'event' as const,
      id: `${id}${name}`,
      name,
      props: given,
    })),
    ask.map(({ about: asked, id }) => ({
      kind: 'ask' as const,
      ask: { survey: asked, response: `${asked}${id}`, at: t0, session: 's' },
    })),
    answer.map(({ about: asked, pick: id, score }) => ({
      kind: 'survey' as const,
      survey: asked,
      patch: {
        answered: t0,
        progress: {
          response: `${asked}${id}`,
          at: t0,
          about: { trigger: 'show' as const },
          answers: { score },
          revisions: {},
          version: 2,
        },
      },
    })),
  )
  const twoOrders = fc
    .array(anyChange, { maxLength: 12 })
    .chain((changes) =>
      fc.tuple(fc.constant(changes), fc.shuffledSubarray(changes, { minLength: changes.length })),
    )
  it('the same facts plan the same identities in any order', () => {
    fc.assert(
      fc.property(twoOrders, ([one, other]) => {
        expect(Object.keys(play(other)).sort()).toEqual(Object.keys(play(one)).sort())
      }),
      { numRuns },
    )
  })
  it('and the same plans, where none of them ends another', () => {
    const isCause = (each: MemoryChange): boolean =>
      each.kind === 'ask' || (each.kind === 'event' && ['solved', 'bought'].includes(each.name))
    const plain = (plans: Record<string, Plan>): unknown =>
      Object.fromEntries(
        Object.entries(plans).map(([id, { response: _response, keys: _keys, ...plan }]) => [id, plan]),
      )
    fc.assert(
      fc.property(twoOrders, ([one, other]) => {
        expect(plain(play(other.filter(isCause)))).toEqual(plain(play(one.filter(isCause))))
      }),
      { numRuns },
    )
  })
})

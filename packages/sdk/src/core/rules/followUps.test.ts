import { followUpId, type FollowUpRule, type Scalar, type Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { changeMemory, resume } from '../memory.ts'
import type { Decision } from '../decision.ts'
import type { EventDraft, State, Wish } from '../model.ts'
import type { Memory, MemoryChange, Plan } from '../remembered.ts'
import { after, days, type Instant } from '../time.ts'
import {
  dueFollowUps,
  explainFollowUps,
  isFollowUpDue,
  maxEnded,
  maxOpen,
  planFollowUps,
} from './followUps.ts'
import { aSurvey, deepFreeze, t0 } from './survey.fixtures.ts'

const day = (count: number): Instant => after(t0, days(count))
const survey = (id: string, followUps: FollowUpRule[] = [], version = 1): Survey =>
  aSurvey({ id, version, followUps })

/** One browser with its memory; what it did since the last look. */
function browser(...surveys: Survey[]) {
  let memory: Memory = resume({ visitor: 'v' }, t0, () => 's')
  let ids = 0
  let drafts: EventDraft[] = []
  const self = {
    surveys,
    memory: () => memory,
    plans: (): Record<string, Plan> => memory.plans ?? {},
    open: () => Object.keys(self.plans()).filter((id) => self.plans()[id]?.ended === undefined),
    state: () => ({ memory, surveys: self.surveys }) as unknown as State,
    change(at: Instant, change: MemoryChange) {
      const changed = deepFreeze(changeMemory(memory, change))
      const state = deepFreeze({ surveys: self.surveys })
      const done = planFollowUps(state, changed, deepFreeze(change), at, () => `r${++ids}`)
      memory = done.memory
      drafts.push(...done.drafts)
      return self
    },
    answer: (at: Instant, about: string, response: string, score: number) =>
      self.change(at, {
        kind: 'survey',
        survey: about,
        patch: {
          answered: at,
          progress: {
            response,
            at,
            about: { trigger: 'show' },
            answers: { score },
            revisions: { score: 0 },
            version: 1,
          },
        },
      }),
    event: (at: Instant, id: string, name: string, props: Record<string, Scalar> = {}) =>
      self.change(at, { kind: 'event', id, name, props }),
    ask: (at: Instant, about: string, response: string, followUp?: string) =>
      self.change(at, { kind: 'ask', ask: { survey: about, response, at, session: 's', followUp } }),
    told: () => {
      const told = drafts.map((each) => {
        if (each.type !== 'followup') throw new Error(each.type)
        const { followUp, state, reason } = each.data
        return [followUp, state, reason].filter((part) => part !== undefined).join(' ')
      })
      drafts = []
      return told
    },
    drafts: () => drafts,
    due: (at: Instant, may: (wish: Wish) => Decision = () => ({ show: true })) =>
      dueFollowUps(deepFreeze(self.state()), at, may),
  }
  return self
}
const yes = (): Decision => ({ show: true })
const no = (reason: 'quiet-period' | 'not-targeted', until?: Instant) => (): Decision => ({
  show: false,
  reason,
  until,
})

const why = survey(
  'why',
  [
    {
      id: 'low',
      after: { on: 'answer', survey: 'nps', when: { question: 'score', bands: ['detractor'] } },
      delay: 1,
      expires: 7,
    },
  ],
  3,
)
const nps = survey('nps')

describe('after an answer', () => {
  it('plans a prompt of the survey that asks, with its version and due time', () => {
    const tab = browser(nps, why).answer(t0, 'nps', 'R', 3)
    const id = followUpId('why', 'low', 'R')
    expect(tab.drafts()).toEqual([
      {
        type: 'followup',
        survey: 'why',
        surveyVersion: 3,
        response: 'r1',
        data: { followUp: id, state: 'planned', due: new Date(day(1)).toISOString() },
      },
    ])
    expect(tab.plans()[id]).toMatchObject({
      response: 'r1',
      cause: 'R',
      due: day(1),
      expires: day(8),
      left: 0,
    })
  })
  it.each([
    ['an answer in another band', 9, nps],
    ['an answer of a survey that the page does not know', 3, survey('other')],
  ])('plans nothing after %s', (_name, score, known) => {
    expect(browser(known, why).answer(t0, 'nps', 'R', score).told()).toEqual([])
  })
  it('plans nothing after an answer to another survey', () => {
    expect(browser(nps, survey('b'), why).answer(t0, 'b', 'R', 3).told()).toEqual([])
  })
  it('plans nothing while nothing is answered, whatever the rule', () => {
    const tab = browser(survey('a', [{ id: 'x', after: { on: 'answer' }, delay: 1, expires: 1 }]))
    const progress = {
      response: 'R',
      at: t0,
      about: { trigger: 'show' as const },
      answers: {},
      revisions: {},
      version: 1,
    }
    expect(tab.change(t0, { kind: 'survey', survey: 'a', patch: { progress } }).told()).toEqual([])
  })
  it('reads answers as well as bands', () => {
    const asking = survey('a', [
      {
        id: 'x',
        after: { on: 'answer', survey: 'nps', when: { fact: 'answer.score', op: 'above', value: 8 } },
        delay: 0,
        expires: 1,
      },
    ])
    expect(browser(nps, asking).answer(t0, 'nps', 'R', 8).told()).toEqual([])
    expect(browser(nps, asking).answer(t0, 'nps', 'R', 9).told()).toEqual(['a/x/R planned'])
  })
  it('keeps the first due time when the same response is answered again', () => {
    const tab = browser(nps, why).answer(t0, 'nps', 'R', 3).answer(day(0.5), 'nps', 'R', 2)
    expect(tab.told()).toEqual(['why/low/R planned'])
    expect(tab.plans()['why/low/R']?.due).toBe(day(1))
  })
  it('calls it off when the answer was changed, and does not plan it again', () => {
    const tab = browser(nps, why).answer(t0, 'nps', 'R', 3).answer(t0, 'nps', 'R', 9)
    expect(tab.told()).toEqual(['why/low/R planned', 'why/low/R cancelled changed'])
    expect(tab.answer(t0, 'nps', 'R', 3).told()).toEqual([])
  })
  it('lets it be when the answer is changed after it was shown', () => {
    const tab = browser(nps, why).answer(t0, 'nps', 'R', 3).ask(day(1), 'why', 'r1', 'why/low/R')
    tab.told()
    expect(tab.answer(day(1), 'nps', 'R', 9).told()).toEqual([])
  })
  it('is not ended by the very answer that caused it, but by the next one', () => {
    const again = survey('a', [{ id: 'again', after: { on: 'answer' }, delay: 90, expires: 30 }])
    const tab = browser(again).answer(t0, 'a', 'R', 3).answer(t0, 'a', 'R', 9)
    expect(tab.told()).toEqual(['a/again/R planned'])
    expect(tab.answer(day(1), 'a', 'S', 9).told()).toEqual([
      'a/again/R cancelled answered',
      'a/again/S planned',
    ])
  })
})

describe('after an event', () => {
  const rule = (rest: Partial<FollowUpRule> = {}, from = {}): FollowUpRule => ({
    id: 'solved',
    after: { on: 'event', name: 'ticket_solved', key: 'ticket', ...from },
    delay: 2,
    expires: 5,
    ...rest,
  })
  it('plans one for each case', () => {
    const tab = browser(survey('a', [rule()]))
    tab.event(t0, 'e1', 'ticket_solved', { ticket: 7 }).event(day(1), 'e2', 'ticket_solved', { ticket: '7' })
    tab.event(day(1), 'e3', 'ticket_solved', { ticket: 8 }).event(day(1), 'e4', 'other', { ticket: 9 })
    expect(tab.told()).toEqual(['a/solved/7 planned', 'a/solved/8 planned'])
  })
  it('plans one for each event without a key, whoever tells it twice', () => {
    const tab = browser(survey('a', [rule({}, { key: undefined })]))
    tab.event(t0, 'e1', 'ticket_solved').event(day(1), 'e1', 'ticket_solved').event(t0, 'e2', 'ticket_solved')
    expect(tab.told()).toEqual(['a/solved/e1 planned', 'a/solved/e2 planned'])
  })
  it.each([
    ['is missing', {}],
    ['is null', { ticket: null }],
    ['is empty', { ticket: '' }],
    ['is longer than the collector takes', { ticket: 'x'.repeat(101) }],
    ['is longer than the collector takes as soon as it is part of an identity', { ticket: '号'.repeat(40) }],
    ['has half a character', { ticket: 'a\ud800' }],
  ])('takes the event for the case when the property %s', (_name, props) => {
    const tab = browser(survey('a', [rule()])).event(t0, 'e1', 'ticket_solved', props)
    expect(tab.told()).toEqual(['a/solved/e1 planned'])
  })
  it('reads no property of the prototype', () => {
    const tab = browser(survey('a', [rule({}, { key: 'constructor' })])).event(t0, 'e1', 'ticket_solved')
    expect(tab.told()).toEqual(['a/solved/e1 planned'])
  })
  it('judges the properties, and what is not known speaks against', () => {
    const tab = browser(
      survey('a', [rule({}, { where: { fact: 'event.kind', op: 'equals', value: 'bug' } })]),
    )
    tab
      .event(t0, 'e1', 'ticket_solved', { ticket: 1 })
      .event(t0, 'e2', 'ticket_solved', { ticket: 2, kind: 'x' })
    expect(tab.told()).toEqual([])
    expect(tab.event(t0, 'e3', 'ticket_solved', { ticket: 3, kind: 'bug' }).told()).toEqual([
      'a/solved/3 planned',
    ])
  })
  it('never plans a case again that has come to its end', () => {
    const tab = browser(survey('a', [rule()])).event(t0, 'e1', 'ticket_solved', { ticket: 7 })
    tab.change(day(8), { kind: 'time' }).event(day(9), 'e2', 'ticket_solved', { ticket: 7 })
    expect(tab.told()).toEqual(['a/solved/7 planned', 'a/solved/7 expired not-possible'])
  })
  it('is called off by an event, with a key for that case only', () => {
    const tab = browser(
      survey('a', [rule({ cancel: [{ name: 'reopened', key: 'ticket' }, { name: 'left' }] })]),
    )
    for (const ticket of [1, 2, 3]) tab.event(t0, `e${ticket}`, 'ticket_solved', { ticket })
    tab.told()
    expect(tab.event(t0, 'e4', 'reopened', { ticket: '2' }).told()).toEqual(['a/solved/2 cancelled event'])
    expect(tab.event(t0, 'e5', 'reopened').told()).toEqual([])
    expect(tab.event(t0, 'e6', 'left').told()).toEqual([
      'a/solved/1 cancelled event',
      'a/solved/3 cancelled event',
    ])
  })
  it('knows the case of a cancel key that the rule does not plan by', () => {
    const tab = browser(
      survey('a', [rule({ cancel: [{ name: 'returned', key: 'order' }] }, { key: 'customer' })]),
    )
    tab.event(t0, 'e1', 'ticket_solved', { customer: 5, order: 9 })
    tab.event(t0, 'e2', 'ticket_solved', { customer: 6, order: 5 })
    tab.told()
    expect(tab.event(t0, 'e3', 'returned', { order: 5 }).told()).toEqual(['a/solved/6 cancelled event'])
    expect(tab.event(t0, 'e4', 'returned', { order: 9 }).told()).toEqual(['a/solved/5 cancelled event'])
  })
  it('knows the case by a property that was too long to be the cause', () => {
    const ticket = 'x'.repeat(101)
    const tab = browser(survey('a', [rule({ cancel: [{ name: 'reopened', key: 'ticket' }] })]))
    tab.event(t0, 'e1', 'ticket_solved', { ticket }).event(t0, 'e2', 'reopened', { ticket })
    expect(tab.told()).toEqual(['a/solved/e1 planned', 'a/solved/e1 cancelled event'])
  })
  it('asks for no key where no event is the cause', () => {
    const cancel = [{ name: 'left', key: 'ticket' }]
    const tab = browser(nps, { ...why, followUps: why.followUps?.map((each) => ({ ...each, cancel })) ?? [] })
    tab.answer(t0, 'nps', 'R', 1).event(t0, 'e', 'left', { ticket: 9 })
    expect(tab.told()).toEqual(['why/low/R planned', 'why/low/R cancelled event'])
  })
})

describe('after silence', () => {
  const nudged = survey('nps', [{ id: 'nudge', after: { on: 'silence' }, delay: 3, expires: 5 }])
  it('plans a prompt when a survey was shown', () => {
    const tab = browser(nudged).ask(t0, 'nps', 'R')
    expect(tab.told()).toEqual(['nps/nudge/R planned'])
    expect(tab.plans()['nps/nudge/R']?.due).toBe(day(3))
  })
  it.each([
    ['answered', { answered: day(1) }],
    ['dismissed', { dismissed: day(1) }],
    ['snoozed', { snoozed: day(9) }],
  ])('calls it off when the survey is %s', (reason, patch) => {
    const tab = browser(nudged).ask(t0, 'nps', 'R').change(day(1), { kind: 'survey', survey: 'nps', patch })
    expect(tab.told()).toEqual(['nps/nudge/R planned', `nps/nudge/R cancelled ${reason}`])
  })
  it('calls it off when the answer comes with its progress', () => {
    const tab = browser(nudged).ask(t0, 'nps', 'R').answer(day(1), 'nps', 'R', 9)
    expect(tab.told()).toEqual(['nps/nudge/R planned', 'nps/nudge/R cancelled answered'])
  })
  it('calls it off when the card could not be drawn: nobody was silent', () => {
    const tab = browser(nudged).ask(t0, 'nps', 'R').change(t0, { kind: 'unask', response: 'R' })
    expect(tab.told()).toEqual(['nps/nudge/R planned', 'nps/nudge/R cancelled not-shown'])
  })
  it('goes on when only a reminder could not be drawn: the showing before it was met with silence', () => {
    const tab = browser(nudged).ask(t0, 'nps', 'R').ask(day(1), 'nps', 'R')
    tab.change(day(1), { kind: 'unask', response: 'R' })
    expect(tab.told()).toEqual(['nps/nudge/R planned'])
  })
  it('does not go on for ever: silence about a prompt that silence caused plans nothing', () => {
    const tab = browser(nudged).ask(t0, 'nps', 'R').ask(day(3), 'nps', 'r1', 'nps/nudge/R')
    expect(tab.told()).toEqual(['nps/nudge/R planned', 'nps/nudge/R shown'])
  })
  it('may be about another survey', () => {
    const asking = survey('a', [{ id: 'x', after: { on: 'silence', survey: 'nps' }, delay: 1, expires: 1 }])
    const tab = browser(asking).ask(t0, 'nps', 'R').ask(t0, 'a', 'Q')
    expect(tab.told()).toEqual(['a/x/R planned'])
    expect(tab.change(t0, { kind: 'survey', survey: 'nps', patch: { dismissed: t0 } }).told()).toEqual([
      'a/x/R cancelled dismissed',
    ])
  })
})

describe('shown', () => {
  const asking = survey('a', [
    {
      id: 'x',
      after: { on: 'event', name: 'e' },
      delay: 1,
      expires: 30,
      reminders: { most: 2, every: 3 },
    },
  ])
  const id = 'a/x/1'
  const planned = () => browser(asking).event(t0, '1', 'e')
  it('comes again for each reminder, so many days apart, and stays open after the last', () => {
    const tab = planned()
    for (const at of [1, 4, 7]) {
      expect(tab.due(after(day(at), -1 as never)).wishes).toEqual([])
      expect(tab.due(day(at)).wishes).toEqual([{ survey: 'a', cause: 'followup', followUp: id }])
      tab.ask(day(at), 'a', 'r1', id)
    }
    expect(tab.told()).toEqual([`${id} planned`, `${id} shown`, `${id} shown`, `${id} shown`])
    expect(tab.due(day(20))).toEqual({ wishes: [], wake: day(31) + 1, expired: false, refused: {} })
    expect(tab.answer(day(20), 'a', 'r1', 9).told()).toEqual([`${id} answered`])
  })
  it('counts the same showing once', () => {
    const tab = planned().ask(day(1), 'a', 'r1', id).ask(day(1), 'a', 'r1', id)
    expect(tab.told()).toEqual([`${id} planned`, `${id} shown`])
  })
  it('does not count what no plan allowed', () => {
    expect(planned().ask(t0, 'a', 'r1', id).told()).toEqual([`${id} planned`])
  })
  it('is due again soon when the card could not be drawn, but not at once, for that would be over and over', () => {
    const tab = planned().ask(day(1), 'a', 'r1', id)
    tab.change(day(1), { kind: 'unask', response: 'r1' }).change(day(1), { kind: 'unask', response: 'r1' })
    expect(tab.due(day(1)).wishes).toEqual([])
    expect(tab.due(after(day(1), 60_000 as never)).wishes).toHaveLength(1)
    expect(tab.plans()[id]).toMatchObject({ shown: false, left: 2 })
  })
  it('is not due earlier by that, whatever the clock does', () => {
    const tab = planned().ask(day(1), 'a', 'r1', id).change(t0, { kind: 'unask', response: 'r1' })
    expect(tab.plans()[id]?.due).toBe(day(1))
  })
  it('keeps no reason for a reminder: it ends as not answered', () => {
    const tab = planned().ask(day(1), 'a', 'r1', id)
    expect(tab.due(day(4), no('quiet-period')).refused).toEqual({})
  })
  it('ends as answered when the answer brings no progress along', () => {
    const tab = planned().ask(day(1), 'a', 'r1', id)
    tab.told()
    tab.change(day(1), { kind: 'survey', survey: 'a', patch: { answered: day(1), progress: undefined } })
    expect(tab.told()).toEqual([`${id} answered`])
  })
  it('is called off when the survey is answered elsewhere', () => {
    const tab = planned().event(t0, '2', 'e').ask(day(1), 'a', 'r1', id)
    tab.told()
    expect(tab.answer(day(1), 'a', 'r1', 9).told()).toEqual(['a/x/2 cancelled answered', `${id} answered`])
  })
  it('does not come again where nobody knows the rule any more', () => {
    const tab = planned()
    tab.surveys = []
    tab.ask(day(1), 'a', 'r1', id)
    expect(tab.told()).toEqual([`${id} planned`, `${id} shown`])
    expect(tab.plans()[id]?.left).toBe(-1)
  })
})

describe('the end', () => {
  const planned = () => browser(nps, why).answer(t0, 'nps', 'R', 1)
  const id = 'why/low/R'
  it('may still be shown at the last moment, and is expired one later', () => {
    const tab = planned()
    expect(tab.due(day(8))).toMatchObject({ wishes: [{ followUp: id }], expired: false, wake: day(8) + 1 })
    expect(tab.change(day(8), { kind: 'time' }).told()).toEqual([`${id} planned`])
    const past = (day(8) + 1) as Instant
    expect(tab.due(past)).toEqual({ wishes: [], wake: null, expired: true, refused: {} })
    expect(tab.change(past, { kind: 'time' }).told()).toEqual([`${id} expired not-possible`])
    expect(tab.due(past)).toEqual({ wishes: [], wake: null, expired: false, refused: {} })
  })
  it('has the reason that stood against it last', () => {
    const tab = planned()
    const { refused } = tab.due(day(2), no('quiet-period'))
    expect(refused).toEqual({ [id]: 'quiet-period' })
    tab.change(day(2), { kind: 'time', refused })
    expect(tab.due(day(2), no('quiet-period')).refused).toEqual({})
    expect(tab.due(day(2), no('not-targeted')).refused).toEqual({ [id]: 'not-targeted' })
    tab.told()
    expect(tab.change(day(9), { kind: 'time' }).told()).toEqual([`${id} expired quiet-period`])
  })
  it('is no-answer once it was shown', () => {
    const tab = planned().change(day(2), { kind: 'time', refused: { [id]: 'quiet-period' } })
    tab.ask(day(3), 'why', 'r1', id).told()
    expect(tab.due(day(4), no('quiet-period')).refused).toEqual({})
    expect(tab.change(day(9), { kind: 'time' }).told()).toEqual([`${id} expired no-answer`])
  })
  it('comes by any change', () => {
    const tab = planned()
    tab.told()
    expect(tab.event(day(9), 'e', 'whatever').told()).toEqual([`${id} expired not-possible`])
  })
  it('comes also where the survey is not known, in the version that was planned', () => {
    const tab = planned()
    tab.surveys = []
    expect(tab.due(day(2)).wishes).toEqual([])
    tab.told()
    tab.change(day(2), { kind: 'time' })
    expect(tab.open()).toEqual([id])
    tab.change(day(9), { kind: 'time' })
    expect(tab.drafts()).toEqual([
      {
        type: 'followup',
        survey: 'why',
        surveyVersion: 3,
        response: 'r1',
        data: { followUp: id, state: 'expired', reason: 'not-possible' },
      },
    ])
  })
  it('asks no more by a rule that the survey has no longer', () => {
    const tab = planned()
    tab.surveys = [nps, survey('why')]
    expect(tab.due(day(2)).wishes).toEqual([])
  })
  it('comes with the opt-out, and nothing is planned after it', () => {
    const tab = planned().change(t0, { kind: 'visitor', patch: { optedOut: true } })
    tab.answer(t0, 'nps', 'S', 1)
    expect(tab.told()).toEqual([`${id} planned`, `${id} cancelled opted-out`])
  })
})

describe('bounds', () => {
  const rule: FollowUpRule = { id: 'x', after: { on: 'event', name: 'e' }, delay: 1, expires: 2 }
  it('waits with so many plans, those that are due first, and says what was given up', () => {
    const tab = browser(survey('a', [rule]))
    for (let index = 0; index <= maxOpen; index++) tab.event(after(t0, -index as never), `${index}`, 'e')
    expect(tab.open()).toHaveLength(maxOpen)
    expect(tab.plans()['a/x/0']?.ended).toBe(t0 - maxOpen)
    expect(tab.told().filter((each) => !each.endsWith('planned'))).toEqual(['a/x/0 cancelled too-many'])
  })
  it('forgets ended identities, the oldest first', () => {
    const tab = browser(survey('a', [{ ...rule, cancel: [{ name: 'off' }] }]))
    for (let index = 0; index <= maxEnded; index++) {
      const at = after(t0, index as never)
      tab.event(at, `${index}`, 'e').event(at, 'off', 'off')
    }
    expect(Object.keys(tab.plans())).toHaveLength(maxEnded)
    expect(tab.plans()['a/x/0']).toBeUndefined()
    expect(tab.plans()['a/x/1']).toBeDefined()
  })
  it('leaves a memory without follow-ups as it is', () => {
    const tab = browser(nps)
    expect(tab.event(t0, 'e', 'e').memory().plans).toBeUndefined()
  })
})

describe('dueFollowUps', () => {
  const two = survey('a', [
    { id: 'late', after: { on: 'event', name: 'e' }, delay: 2, expires: 9 },
    { id: 'early', after: { on: 'event', name: 'e' }, delay: 1, expires: 9 },
  ])
  it('asks for the one that is due longest of those that may be shown', () => {
    const tab = browser(two).event(t0, '1', 'e')
    expect(tab.due(day(3)).wishes.map((each) => each.followUp)).toEqual(['a/early/1'])
    const may = (wish: Wish): Decision =>
      wish.followUp === 'a/early/1' ? { show: false, reason: 'vetoed' } : { show: true }
    expect(tab.due(day(3), may)).toMatchObject({
      wishes: [{ followUp: 'a/late/1' }],
      refused: { 'a/early/1': 'vetoed' },
    })
  })
  it('wakes at the next due time, at the end of a wait, or past the end', () => {
    const tab = browser(two).event(t0, '1', 'e')
    expect(tab.due(t0).wake).toBe(day(1))
    expect(tab.due(day(1)).wake).toBe(day(2))
    expect(tab.due(day(3), no('quiet-period', day(4))).wake).toBe(day(4))
    expect(tab.due(day(3), no('not-targeted')).wake).toBe(day(10) + 1)
    // A wait that is over would wake without end.
    expect(tab.due(day(3), no('quiet-period', day(3))).wake).toBe(day(10) + 1)
  })
  it('knows nothing before the memory was read', () => {
    const state = { memory: null, surveys: [two] } as unknown as State
    expect(dueFollowUps(state, t0, yes)).toEqual({ wishes: [], wake: null, expired: false, refused: {} })
  })
})

describe('isFollowUpDue', () => {
  const id = 'why/low/R'
  const wish: Wish = { survey: 'why', cause: 'followup', followUp: id }
  const memory = browser(nps, why).answer(t0, 'nps', 'R', 1).memory()
  it.each([
    ['before', (day(1) - 1) as Instant, wish, false],
    ['when due', day(1), wish, true],
    ['at the last moment', day(8), wish, true],
    ['after', (day(8) + 1) as Instant, wish, false],
    ['for another survey', day(2), { ...wish, survey: 'nps' }, false],
    ['for no plan', day(2), { ...wish, followUp: 'toString' }, false],
    ['for no follow-up', day(2), { survey: 'why', cause: 'show' as const }, false],
  ])('%s', (_name, at, asked, wanted) => {
    expect(isFollowUpDue(memory, asked, at)).toBe(wanted)
  })
  it('not when it has ended', () => {
    const ended = browser(nps, why).answer(t0, 'nps', 'R', 1).answer(t0, 'nps', 'R', 9).memory()
    expect(isFollowUpDue(ended, wish, day(2))).toBe(false)
  })
})

describe('explainFollowUps', () => {
  it('tells what each open plan of the survey waits for', () => {
    const tab = browser(nps, why)
      .answer(t0, 'nps', 'R', 1)
      .answer(t0, 'nps', 'S', 1)
      .answer(t0, 'nps', 'S', 9)
    const seen = { followUp: 'why/low/R', shown: false, left: 0 }
    const wanted = { due: day(1), expires: day(8) }
    expect(explainFollowUps(tab.state(), 'why', t0)).toEqual([
      {
        rule: 'followUp.low',
        pass: false,
        seen: { ...seen, now: t0 },
        wanted,
        reason: 'not-due',
        until: day(1),
      },
    ])
    expect(explainFollowUps(tab.state(), 'why', day(2))).toEqual([
      { rule: 'followUp.low', pass: true, seen: { ...seen, now: day(2) }, wanted },
    ])
    expect(explainFollowUps(tab.state(), 'nps', t0)).toEqual([])
  })
})

import { isHeldOut, isSampled, type Rule } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import type { Decision } from '../decision.ts'
import type { Wish } from '../model.ts'
import type { Memory, Progress } from '../remembered.ts'
import { mayShow } from '../throttle.ts'
import { rules } from './rules.ts'
import { aMemory, aState, aSurvey, dayAfter, later, t0 } from './survey.fixtures.ts'

const wish: Wish = { survey: 'nps', cause: 'show' }
const minutes = 60_000

function judge(
  survey: Parameters<typeof aSurvey>[0],
  memory: Partial<Memory> = {},
  { at = t0, asked = wish, limits = {}, shown = [] as string[] } = {},
): Decision {
  const known = aMemory(memory)
  const base = aState([aSurvey(survey)], { memory: known, settings: { limits } })
  const state = { ...base, rich: { ...base.rich!, shown } }
  return mayShow(state, known, aSurvey(survey), at, asked, rules)
}
const asks = (...times: number[]) =>
  times.map((at) => ({ survey: 'nps', response: `r${at}`, at: later(at), session: 'old' }))
const visitorWhere = (holds: (visitor: string) => boolean): string =>
  Array.from({ length: 1000 }, (_, index) => `v${index}`).find(holds) as string

describe('shares', () => {
  const held = visitorWhere((each) => isHeldOut(each, 0.2))
  const free = visitorWhere((each) => !isHeldOut(each, 0.2))
  it('holds out whom the contract holds out', () => {
    expect(judge({}, { visitor: held }, { limits: { holdout: 0.2 } })).toMatchObject({ reason: 'held-out' })
    expect(judge({}, { visitor: free }, { limits: { holdout: 0.2 } })).toEqual({ show: true })
    expect(judge({}, { visitor: held })).toEqual({ show: true })
  })
  it('asks whom the contract samples', () => {
    const inside = visitorWhere((each) => isSampled(each, 'nps', 0.3))
    const outside = visitorWhere((each) => !isSampled(each, 'nps', 0.3))
    expect(judge({ sampling: 0.3 }, { visitor: inside })).toEqual({ show: true })
    expect(judge({ sampling: 0.3 }, { visitor: outside })).toMatchObject({ reason: 'not-sampled' })
    expect(judge({ sampling: 1 }, { visitor: outside })).toEqual({ show: true })
  })
})

describe('targeting', () => {
  const targeting: Rule = { fact: 'trait.plan', op: 'equals', value: 'pro' }
  it('tells apart what is not so and what is not known', () => {
    expect(judge({ targeting }, { traits: { plan: 'pro' } })).toEqual({ show: true })
    expect(judge({ targeting }, { traits: { plan: 'free' } })).toMatchObject({ reason: 'not-targeted' })
    expect(judge({ targeting })).toMatchObject({ reason: 'unknown-fact' })
    expect(judge({ targeting: { not: targeting } })).toMatchObject({ reason: 'unknown-fact' })
  })
  it('looks at the event and the hidden fields of the wish', () => {
    const big: Rule = { fact: 'event.total', op: 'above', value: 10 }
    const asked: Wish = { ...wish, event: { total: 11 } }
    expect(judge({ targeting: big }, {}, { asked })).toEqual({ show: true })
    expect(judge({ targeting: { fact: 'hidden.a', op: 'known' } })).toMatchObject({ reason: 'not-targeted' })
  })
})

describe('spans', () => {
  it('waits for tenure', () => {
    const since = t0
    expect(judge({ tenure: 3 }, { since }, { at: later(1) })).toEqual({
      show: false,
      reason: 'too-new',
      until: dayAfter(3),
    })
    expect(judge({ tenure: 3 }, { since }, { at: dayAfter(3) })).toEqual({ show: true })
    expect(judge({ tenure: 3 })).toMatchObject({ until: dayAfter(3) })
  })
  it('waits for the end of a snooze', () => {
    const surveys = { nps: { snoozed: t0, snooze: 1 } }
    expect(judge({}, { surveys })).toEqual({ show: false, reason: 'snoozed', until: dayAfter(1) })
    expect(judge({}, { surveys }, { at: dayAfter(1) })).toEqual({ show: true })
  })
  it('gives up after so many showings without an answer, and begins anew with one', () => {
    const often = { recontact: { answered: 0, dismissed: 0, shown: 0, most: 2 } }
    const known = { asks: asks(0, 1) }
    const at = dayAfter(30)
    expect(judge(often, known, { at })).toEqual({ show: false, reason: 'shown-too-often', until: undefined })
    expect(judge(often, { asks: asks(0) }, { at })).toEqual({ show: true })
    expect(judge(often, { ...known, surveys: { nps: { answered: later(0) } } }, { at })).toEqual({
      show: true,
    })
  })
  it('counts a day from its first showing that counts', () => {
    const open = { recontact: { answered: 0, dismissed: 0, shown: 0 } }
    const limits = { quiet: 0, perSession: 9, perDay: 2 }
    const known = { asks: asks(0, 1000, 2000) }
    expect(judge(open, known, { at: later(3000), limits })).toEqual({
      show: false,
      reason: 'day-cap',
      until: later(1000 + 86_400_000),
    })
    expect(judge(open, known, { at: later(1000 + 86_400_000), limits })).toEqual({ show: true })
  })
  it('counts what was shown on the page', () => {
    const limits = { perPage: 1 }
    expect(judge({}, {}, { limits, shown: ['r'] })).toMatchObject({ reason: 'page-cap' })
    expect(judge({}, {}, { limits })).toEqual({ show: true })
  })
})

describe('force, resume and follow-up', () => {
  const progress: Progress = {
    response: 'r0',
    at: t0,
    version: 1,
    about: { trigger: 'event' },
    answers: { score: 3 },
    revisions: { score: 0 },
  }
  const shut = { targeting: { fact: 'trait.x', op: 'known' } as Rule, tenure: 5 }
  const begun = {
    surveys: { nps: { progress, answered: t0 } },
    asks: [{ survey: 'nps', response: 'r0', at: t0, session: 's' }],
  }
  const resume: Wish = { survey: 'nps', cause: 'resume' }
  it('force passes over everything but the opt-out', () => {
    const asked = { ...wish, force: true }
    expect(judge(shut, begun, { asked, limits: { holdout: 0.999 } })).toEqual({ show: true })
    expect(judge({}, { optedOut: true }, { asked })).toMatchObject({ reason: 'opted-out' })
  })
  it('going on passes over everything but the opt-out and the half hour', () => {
    expect(judge(shut, begun, { asked: resume })).toEqual({ show: true })
    expect(judge({}, { ...begun, optedOut: true }, { asked: resume })).toMatchObject({ reason: 'opted-out' })
    expect(judge({}, begun, { asked: resume, at: later(30 * minutes) })).toEqual({ show: true })
    expect(judge({}, begun, { asked: resume, at: later(30 * minutes + 1) })).toMatchObject({
      reason: 'not-due',
    })
  })
  it('nobody goes on with what is not there, of another visit, or of another version', () => {
    expect(judge({}, {}, { asked: resume })).toMatchObject({ reason: 'not-due' })
    const elsewhen = { ...begun, session: { id: 'new', seen: t0 } }
    expect(judge({}, elsewhen, { asked: resume })).toMatchObject({ reason: 'not-due' })
    expect(judge({ version: 2 }, begun, { asked: resume })).toMatchObject({ reason: 'not-due' })
  })
  it('a follow-up obeys all, and its plan', () => {
    const plan = {
      survey: 'nps',
      rule: 'a',
      cause: 'c',
      response: 'r',
      at: t0,
      due: t0,
      expires: dayAfter(1),
      left: 0,
      shown: false,
      version: 1,
    }
    const asked: Wish = { survey: 'nps', cause: 'followup', followUp: 'f' }
    expect(judge({}, { plans: { f: plan } }, { asked })).toEqual({ show: true })
    expect(judge({}, { plans: { f: plan } }, { asked, at: dayAfter(2) })).toMatchObject({ reason: 'not-due' })
    expect(judge({}, {}, { asked })).toMatchObject({ reason: 'not-due' })
    expect(judge(shut, { plans: { f: plan } }, { asked })).toMatchObject({ reason: 'too-new' })
    // Reminders are its own matter, but an answer or a refusal to it is as good as to any other showing.
    const limits = { quiet: 0 }
    const known = { plans: { f: plan }, asks: asks(-1) }
    expect(judge({}, known, { asked, limits })).toEqual({ show: true })
    expect(judge({}, known, { limits })).toMatchObject({ reason: 'shown-recently' })
    const answered = { ...known, surveys: { nps: { answered: t0 } } }
    expect(judge({}, answered, { asked, limits })).toMatchObject({ reason: 'answered-recently' })
    const dismissed = { ...known, surveys: { nps: { dismissed: t0 } } }
    expect(judge({}, dismissed, { asked, limits })).toMatchObject({ reason: 'dismissed-recently' })
  })
  it('says first what never changes', () => {
    const visitor = visitorWhere((each) => isHeldOut(each, 0.5) && !isSampled(each, 'nps', 0.5))
    const limits = { holdout: 0.5 }
    expect(judge({ ...shut, sampling: 0.5 }, { visitor }, { limits })).toMatchObject({ reason: 'held-out' })
    expect(judge({ ...shut, sampling: 0.5 }, { visitor })).toMatchObject({ reason: 'not-sampled' })
    expect(judge(shut)).toMatchObject({ reason: 'too-new' })
  })
})

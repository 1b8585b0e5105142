import type { Rule } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Decision, Explanation } from '../decision.ts'
import type { State } from '../model.ts'
import type { Memory } from '../remembered.ts'
import { decide } from '../throttle.ts'
import { after, type Instant } from '../time.ts'
import { explain } from './explain.ts'
import { rules } from './rules.ts'
import { aMemory, aPage, aState, aSurvey, dayAfter, later, t0 } from './survey.fixtures.ts'
import { limits, surveys } from './surveys.fixtures.ts'
import { createWorld } from './world.fixtures.ts'

const runs = { numRuns: Number(process.env['EARSHOT_RUNS'] ?? 500) }
const told = (state: State, id = 'nps', now = t0): Explanation => explain(state, id, now, rules)
const ruleIn = ({ rules: all }: Explanation, name: string) => all.find((each) => each.rule === name)

describe('explain', () => {
  it('names every rule with what it sees, in the order in which they are asked', () => {
    const targeting: Rule = {
      all: [
        { fact: 'trait.plan', op: 'equals', value: 'pro' },
        { fact: 'page.path', op: 'starts', value: '/basket' },
      ],
    }
    const survey = aSurvey({
      targeting,
      sampling: 1,
      tenure: 2,
      quota: 100,
      recontact: { answered: 90, dismissed: 30, shown: 7, most: 3 },
      triggers: [
        { on: 'event', name: 'a', nth: 3 },
        { on: 'sequence', steps: [{ name: 'a' }, { name: 'b' }], within: 60 },
        { on: 'page', delay: 5 },
        { on: 'exit', url: [{ match: 'exact', value: '/pay' }] },
      ],
    })
    const memory = aMemory({
      since: t0,
      surveys: { nps: { snoozed: t0, snooze: 1, dismissed: dayAfter(-40) } },
      asks: [{ survey: 'nps', response: 'r', at: dayAfter(-40), session: 'old' }],
      counts: { 'nps@1/0': 2 },
      trail: [{ key: 'nps@1/1/0', at: t0 }],
    })
    const explanation = told(
      aState([survey], { memory, settings: { limits: { holdout: 0.1, perDay: 2, perPage: 1 } } }),
    )
    expect(explanation.rules.map((each) => each.rule)).toEqual([
      'ready',
      'consent',
      'survey',
      'paused',
      'screen',
      'opted-out',
      'recontact.answered',
      'recontact.dismissed',
      'recontact.shown',
      'limits.quiet',
      'limits.perSession',
      'limits.holdout',
      'sampling',
      'recontact.most',
      'tenure',
      'recontact.snoozed',
      'limits.perPage',
      'limits.perDay',
      'targeting',
      'targeting.0',
      'targeting.1',
      'quota',
      'trigger.0',
      'trigger.1',
      'trigger.2',
      'trigger.3',
    ])
    expect(ruleIn(explanation, 'recontact.dismissed')).toEqual({
      rule: 'recontact.dismissed',
      pass: true,
      seen: { since: dayAfter(-40) },
      wanted: { days: 30 },
    })
    expect(ruleIn(explanation, 'recontact.most')).toMatchObject({ pass: true, seen: 1, wanted: { below: 3 } })
    expect(ruleIn(explanation, 'tenure')).toEqual({
      rule: 'tenure',
      pass: false,
      seen: { since: t0 },
      wanted: { days: 2 },
      reason: 'too-new',
      until: dayAfter(2),
    })
    expect(ruleIn(explanation, 'targeting')).toMatchObject({
      pass: false,
      seen: false,
      reason: 'unknown-fact',
    })
    expect(ruleIn(explanation, 'targeting.0')).toMatchObject({ pass: false, seen: null })
    expect(ruleIn(explanation, 'targeting.1')).toMatchObject({ pass: true, seen: '/basket' })
    expect(ruleIn(explanation, 'trigger.0')).toMatchObject({ pass: false, seen: { fired: false, count: 2 } })
    expect(ruleIn(explanation, 'trigger.1')).toMatchObject({ seen: { steps: 1 } })
    expect(ruleIn(explanation, 'trigger.2')).toMatchObject({ seen: { due: later(5000) } })
    expect(ruleIn(explanation, 'trigger.3')).toMatchObject({ seen: { address: false } })
    expect(explanation).toMatchObject({ survey: 'nps', show: false, reason: 'too-new' })
    expect(explanation).not.toHaveProperty('until')
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation)
  })
  it('says in a sentence why not, and from when', () => {
    const memory = aMemory({ surveys: { nps: { answered: t0, snoozed: t0, snooze: 100 } } })
    const explanation = told(aState([aSurvey()], { memory }))
    expect(explanation).toMatchObject({ reason: 'answered-recently', until: dayAfter(100) })
    expect(explanation.summary).toBe(
      `"nps" would not be shown now, because this visitor has answered it not long ago. It can be from ${new Date(
        dayAfter(100),
      ).toISOString()} if nothing else happens.`,
    )
    expect(told(aState([aSurvey()])).summary).toBe('"nps" would be shown now.')
  })
  it.each<[string, Partial<State>, string]>([
    ['not-ready', { memory: null }, 'nps'],
    ['no-consent', { memory: aMemory({ consent: 'denied' }) }, 'nps'],
    ['unknown-survey', {}, 'other'],
    ['paused', { paused: true }, 'nps'],
    ['another-survey', { claiming: { survey: 'b', cause: 'show' } }, 'nps'],
    ['opted-out', { memory: aMemory({ optedOut: true }) }, 'nps'],
  ])('gives the reason %s', (reason, patch, id) => {
    const explanation = told(aState([aSurvey()], patch), id)
    expect(explanation).toMatchObject({ survey: id, show: false, reason })
    expect(explanation.summary).toContain('because')
  })
  it('tells of a trigger whose delay runs, and of what has fired', () => {
    const triggers = [{ on: 'event', name: 'a', delay: 60 }, { on: 'exit' }] as const
    const world = createWorld({ surveys: [aSurvey({ triggers: [...triggers] })] })
    const tab = world.open()
    world.settle()
    tab.track('a')
    world.settle()
    tab.tell({ type: 'pause' })
    const explanation = told(tab.state(), 'nps', world.now())
    expect(ruleIn(explanation, 'trigger.0')).toMatchObject({
      pass: true,
      seen: { due: after(t0, 60_000 as never) },
    })
    expect(ruleIn(explanation, 'trigger.1')).toMatchObject({ pass: false, seen: { fired: false } })
  })
  it('tells of an event that had its turn on this page view, also where it was refused', () => {
    const survey = aSurvey({ triggers: [{ on: 'event', name: 'a' }] })
    const world = createWorld({ surveys: [survey], mayAppear: () => false })
    const tab = world.open()
    world.settle()
    expect(ruleIn(told(tab.state()), 'trigger.0')).toMatchObject({ pass: false })
    tab.track('a')
    world.settle()
    expect(ruleIn(told(tab.state()), 'trigger.0')).toMatchObject({ pass: true, seen: { fired: true } })
    tab.navigate('https://shop.example/b')
    world.settle()
    expect(ruleIn(told(tab.state()), 'trigger.0')).toMatchObject({ pass: false })
  })
  it('lets a test below "not" pass where it speaks for the whole, and names its zone', () => {
    const targeting: Rule = {
      all: [
        { not: { fact: 'device', op: 'equals', value: 'phone' } },
        { any: [{ fact: 'time.hour', op: 'atLeast', value: 0, zone: 'Europe/Berlin' }] },
      ],
    }
    const explanation = told(
      aState([aSurvey({ targeting })], { rich: { facts: aPage, fired: [], pending: [] } }),
    )
    expect(ruleIn(explanation, 'targeting')).toMatchObject({ pass: true })
    expect(ruleIn(explanation, 'targeting.0')).toEqual({
      rule: 'targeting.0',
      pass: true,
      seen: 'desktop',
      wanted: { not: { fact: 'device', op: 'equals', value: 'phone' } },
    })
    expect(ruleIn(explanation, 'targeting.1')).toMatchObject({
      pass: true,
      wanted: { fact: 'time.hour', op: 'atLeast', value: 0, zone: 'Europe/Berlin' },
    })
  })
  it('tells of follow-ups that wait', () => {
    const followUps = [{ id: 'f', after: { on: 'event' as const, name: 'a' }, delay: 3, expires: 5 }]
    const world = createWorld({ surveys: [aSurvey({ followUps })] })
    const tab = world.open()
    world.settle()
    tab.track('a')
    world.settle()
    const explanation = told(tab.state(), 'nps', world.now())
    expect(ruleIn(explanation, 'followUp.f')).toMatchObject({
      pass: false,
      wanted: { due: dayAfter(3), expires: dayAfter(8) },
      until: dayAfter(3),
    })
    expect(explanation.show).toBe(true)
    expect(explanation.rules.filter((each) => each.reason)).toEqual([])
  })
})

/** What a browser may remember of some surveys, with moments that seem to lie ahead. */
const moment = fc.integer({ min: -100, max: 20 }).map((each) => dayAfter(each))
const remembered: fc.Arbitrary<Partial<Memory>> = fc.record(
  {
    since: moment,
    optedOut: fc.constantFrom(false, false, false, true),
    traits: fc.constantFrom<Record<string, string>>({}, { plan: 'pro' }, { plan: 'free' }),
    surveys: fc.dictionary(
      fc.constantFrom('s0', 's1'),
      fc.record({ answered: moment, dismissed: moment, snoozed: moment }, { requiredKeys: [] }),
    ),
    asks: fc.array(
      fc.record({
        survey: fc.constantFrom('s0', 's1', 's2'),
        response: fc.uuid(),
        at: moment,
        session: fc.constantFrom('s', 'old', 'old'),
      }),
      { maxLength: 4 },
    ),
  },
  { requiredKeys: [] },
)
const anyState = fc
  .record({
    surveys,
    limits,
    remembered,
    visitor: fc.integer({ min: 0, max: 99 }),
    paused: fc.constantFrom(false, false, false, true),
    shown: fc.constantFrom([], [], ['r']),
  })
  .map(({ surveys: known, limits: cap, remembered: past, visitor, paused, shown }): State => {
    const base = aState(known, { paused, settings: { limits: cap } })
    return {
      ...base,
      memory: aMemory({ ...past, visitor: `v${visitor}` }),
      rich: base.rich && { ...base.rich, shown },
    }
  })

describe('any state', { timeout: 600_000 }, () => {
  it('is explained as it is decided: the first rule that speaks against it is the reason', () => {
    fc.assert(
      fc.property(anyState, fc.constantFrom('s0', 's1', 's9'), (state, id) => {
        const survey = state.surveys.find((each) => each.id === id)
        const decideAt = (at: Instant): Decision =>
          decide(state, survey, at, { survey: id, cause: 'show' }, rules)
        const decision = decideAt(t0)
        const explanation = told(state, id)
        const against = explanation.rules.find((each) => !each.pass && each.reason)
        expect(explanation.show).toBe(decision.show)
        expect(against?.reason).toBe(decision.show ? undefined : decision.reason)
        expect(explanation.reason).toBe(against?.reason)
        if (!decision.show) expect(against?.until).toBe(decision.until)
        // No fact of these surveys' targeting changes with time, so what takes more than a century takes more than time.
        if (explanation.until !== undefined) {
          expect(decideAt(explanation.until).show).toBe(true)
          expect(decideAt((explanation.until - 1) as Instant).show).toBe(false)
        } else if (!decision.show) expect(decideAt(dayAfter(36_500)).show).toBe(false)
      }),
      runs,
    )
  })
})

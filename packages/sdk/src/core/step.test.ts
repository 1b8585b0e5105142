import type { SiteSettings } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csat, nps } from './builders.ts'
import { resume } from './memory.ts'
import type { Effect, EffectOf, Input, State } from './model.ts'
import type { Memory } from './remembered.ts'
import { initialState, step } from './step.ts'
import { decide, mayShow } from './throttle.ts'
import { days, type Instant } from './time.ts'

const t0 = 1_800_000_000_000 as Instant
const later = (milliseconds: number) => (t0 + milliseconds) as Instant
const event = nps({ id: 'nps', name: 'A', triggers: [{ on: 'event', name: 'bought' }] })
const paged = csat({ id: 'csat', name: 'A', triggers: [{ on: 'page', delay: 5 }] })
const memory = (patch: Partial<Memory> = {}): Memory => resume({ visitor: 'v', ...patch }, t0, () => 's')

function play(state: State, ...inputs: Input[]): { state: State; effects: Effect[] } {
  const effects: Effect[] = []
  let current = state
  for (const input of inputs) {
    const next = step(deepFreeze(current), deepFreeze(input))
    current = next.state
    effects.push(...next.effects)
  }
  return { state: current, effects }
}
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) deepFreeze(each)
  return Object.freeze(value)
}
const ready = (surveys = [event, paged], patch: Partial<Memory> = {}, consentRequired = false): State =>
  play(
    initialState(consentRequired, surveys),
    { type: 'page', at: t0 },
    { type: 'remembered', at: t0, memory: memory(patch) },
    { type: 'served', at: t0, surveys: [] },
  ).state
const bought: Input = { type: 'track', at: t0, id: 'e1', name: 'bought', props: {} }
const ask = (survey: string, at = t0, response = 'r') => ({ survey, response, at, session: 's' })
const show = (survey: string, force = false): Input => ({
  type: 'show',
  at: t0,
  wish: { survey, cause: 'show', force },
})
const of = <Type extends Effect['type']>(effects: readonly Effect[], type: Type) =>
  effects.filter((each): each is EffectOf<Type> => each.type === type)
const claimed = (survey: string): Input => ({
  type: 'claimed',
  at: t0,
  memory: memory({ visitor: 'older copy', asks: [ask(survey)] }),
  wish: { survey, cause: 'event' },
  response: 'r',
  decision: { show: true },
})

describe('triggers', () => {
  it('an event asks for its survey, and is recorded', () => {
    const { effects } = play(ready(), bought)
    expect(of(effects, 'claim')).toMatchObject([{ survey: { id: 'nps' }, wish: { cause: 'event' } }])
    expect(of(effects, 'record')).toMatchObject([
      { id: 'e1', draft: { type: 'track', data: { name: 'bought' } } },
    ])
    expect(of(effects, 'remember')).toEqual([])
  })
  it('another event asks for nothing', () => {
    expect(of(play(ready(), { ...bought, name: 'looked' }).effects, 'claim')).toEqual([])
  })
  it('a page trigger wakes at its time, fires once, and again on the next page', () => {
    const { state, effects } = play(
      initialState(false, [paged]),
      { type: 'page', at: t0 },
      { type: 'remembered', at: t0, memory: memory() },
      { type: 'served', at: later(10), surveys: [] },
    )
    expect(of(effects, 'wake')).toEqual([{ type: 'wake', at: later(5000) }])
    expect(of(play(state, { type: 'tick', at: later(4999) }).effects, 'claim')).toEqual([])
    const fired = play(state, { type: 'tick', at: later(5000) })
    expect(of(fired.effects, 'claim')).toMatchObject([{ wish: { cause: 'page' } }])
    const refused = {
      ...claimed('csat'),
      memory: memory(),
      decision: { show: false, reason: 'vetoed' },
    } as Input
    const after = play(fired.state, refused, { type: 'tick', at: later(6000) })
    expect(of(after.effects, 'claim')).toEqual([])
    const next = play(after.state, { type: 'page', at: later(7000) }, { type: 'tick', at: later(12_000) })
    expect(of(next.effects, 'claim')).toHaveLength(1)
  })
})

describe('who is shown what', () => {
  it('shows what was claimed, and nothing else beside it', () => {
    const shown = play(ready(), bought, claimed('nps'))
    expect(shown.state.showing).toMatchObject({ survey: { id: 'nps' }, response: 'r' })
    const second = play(shown.state, show('csat', true))
    expect(of(second.effects, 'claim')).toEqual([])
    expect(of(second.effects, 'emit')).toMatchObject([
      { emission: { name: 'suppressed', detail: { reason: 'another-survey' } } },
    ])
  })
  it('asks for one survey when two are due in one tick', () => {
    const both = [event, nps({ id: 'other', name: 'A', triggers: event.triggers })]
    expect(of(play(ready(both), bought).effects, 'claim')).toHaveLength(1)
  })
  it('takes from a claim only what it is about: a person named meanwhile stays', () => {
    const named: Input = { type: 'identify', at: t0, person: 'ada', traits: {} }
    const { state } = play(ready(), bought, named, claimed('nps'))
    expect(state.memory).toMatchObject({ visitor: 'v', person: 'ada', asks: [ask('nps')] })
  })
  it.each<[string, Input]>([
    ['consent was withdrawn', { type: 'consent', at: t0, consent: 'denied' }],
    ['the visitor opted out', { type: 'optOut', at: t0 }],
    ['the site paused', { type: 'pause' }],
  ])('shows nothing when %s while the claim was under way', (_name, between) => {
    const { state, effects } = play(ready(), bought, between, claimed('nps'))
    expect(state.showing).toBeNull()
    expect(of(effects, 'render').filter((each) => each.showing)).toEqual([])
  })
  it('a card that could not be drawn does not count as shown', () => {
    const unasked: Input = { type: 'learn', at: t0, change: { kind: 'unask', response: 'r' } }
    const { state } = play(ready(), bought, claimed('nps'), unasked, { type: 'closed', at: t0 })
    expect(state).toMatchObject({ showing: null, memory: { asks: [] } })
  })
  it('the page’s own definition wins over a served one with the same id', () => {
    const served = { ...event, version: 7 }
    const { state } = play(ready([event]), { type: 'served', at: t0, surveys: [served, paged] })
    expect(state.surveys).toEqual([event, paged])
  })
  it('fetches the card only while somebody may still be asked', () => {
    const open = play(
      initialState(false, [event]),
      { type: 'remembered', at: t0, memory: memory() },
      { type: 'served', at: t0, surveys: [] },
    )
    expect(of(open.effects, 'warm')).toHaveLength(1)
    const asked = memory({ surveys: { nps: { answered: t0 } } })
    const shut = play(
      initialState(false, [event]),
      { type: 'remembered', at: t0, memory: asked },
      { type: 'served', at: t0, surveys: [] },
    )
    expect(of(shut.effects, 'warm')).toEqual([])
  })
})

describe('what protects from too many questions', () => {
  const judge = (patch: Partial<Memory>, now: Instant = t0, force = false) =>
    mayShow(ready([event]), memory(patch), event, now, { survey: 'nps', cause: 'show', force })
  it.each([
    ['answered', 90, { surveys: { nps: { answered: t0 } } }],
    ['dismissed', 30, { surveys: { nps: { dismissed: t0 } } }],
    ['shown', 7, { asks: [ask('nps')] }],
  ] as const)('after %s waits %i days and says until when', (kind, count, patch) => {
    const until = later(days(count))
    expect(judge(patch, later(days(count) - 1))).toEqual({ show: false, reason: `${kind}-recently`, until })
  })
  it('after any survey was shown waits 14 days', () => {
    const until = later(days(14))
    expect(judge({ asks: [ask('other')] }, later(days(14) - 1))).toEqual({
      show: false,
      reason: 'quiet-period',
      until,
    })
    expect(judge({ asks: [ask('other')] }, until)).toEqual({ show: true })
  })
  it('a clock that was set back never makes a wait longer than its span', () => {
    const ahead = later(days(1000))
    expect(judge({ surveys: { nps: { answered: ahead } } })).toMatchObject({ until: t0 + days(90) })
    expect(judge({ asks: [ask('other', ahead)] })).toMatchObject({ until: t0 + days(14) })
  })
  it('force passes over it, but not over opting out', () => {
    expect(judge({ surveys: { nps: { answered: t0 } }, asks: [ask('nps')] }, t0, true).show).toBe(true)
    expect(judge({ optedOut: true }, t0, true)).toMatchObject({ reason: 'opted-out' })
  })
  it('survives a polluted prototype', () => {
    const surveys = Object.create({ nps: { answered: t0 } }) as Memory['surveys']
    const polluted = { ...memory(), surveys }
    expect(mayShow(ready([event]), polluted, event, t0, { survey: 'nps', cause: 'show' })).toEqual({
      show: true,
    })
  })
})

describe('what needs the rules', () => {
  const rich = { ...event, targeting: { fact: 'device', op: 'equals', value: 'phone' } } as const
  const open = ready([rich])
  it('is fetched, and until then the survey is not shown and what happens is remembered', () => {
    const served = step(open, { type: 'served', at: t0, surveys: [] })
    expect(of(served.effects, 'enrich')).toHaveLength(1)
    const { effects } = play(open, bought)
    expect(of(effects, 'claim')).toEqual([])
    expect(of(effects, 'remember')).toEqual([
      { type: 'remember', at: t0, change: { kind: 'event', id: 'e1', name: 'bought', props: {} } },
    ])
    expect(of(play(open, show('nps')).effects, 'emit')).toMatchObject([
      { emission: { name: 'suppressed', detail: { reason: 'loading' } } },
    ])
  })
  it('is fetched to go on with a survey that a reload broke off', () => {
    const progress = {
      response: 'r',
      at: t0,
      version: 1,
      about: { trigger: 'event' },
      answers: {},
      revisions: {},
    }
    const surveys = { nps: { answered: t0, progress } } as Memory['surveys']
    const { effects } = step(ready([event], { surveys }), { type: 'tick', at: t0 })
    expect(of(effects, 'enrich')).toHaveLength(1)
  })
  it('is fetched while a card is open too, for all but the progress of that card', () => {
    const shown = play(ready([event]), bought, claimed('nps')).state
    const progress = { response: 'r', at: t0 } as never
    const answered: Input = {
      type: 'learn',
      at: t0,
      change: { kind: 'survey', survey: 'nps', patch: { answered: t0, progress } },
    }
    const begun = play(shown, answered).state
    expect(of(step(begun, { type: 'tick', at: t0 }).effects, 'enrich')).toEqual([])
    const served: Input = { type: 'served', at: t0, surveys: [{ ...rich, id: 'rich' }] }
    expect(of(step(begun, served).effects, 'enrich')).toHaveLength(1)
  })
  it.each<[string, SiteSettings, SiteSettings | undefined, number]>([
    ['the collector serves a theme', {}, { theme: { accent: '#06c' } }, 0],
    ['the page has a theme', { theme: { accent: '#06c' } }, undefined, 0],
    ['there are limits beside the theme', { theme: {} }, { limits: { quiet: 7 } }, 1],
    ['there is something that this version does not know', {}, { budget: 1 } as SiteSettings, 1],
  ])('where %s is settled by the settings', (_name, own, settings, count) => {
    const { effects } = play(
      initialState(false, [event], own),
      { type: 'remembered', at: t0, memory: memory() },
      { type: 'served', at: t0, surveys: [], settings },
    )
    expect(of(effects, 'enrich')).toHaveLength(count)
  })
  it('is not fetched for what the standard builders make', () => {
    const { effects } = step(ready(), { type: 'served', at: t0, surveys: [] })
    expect(of(effects, 'enrich')).toEqual([])
  })
})

describe('identify', () => {
  const named = (person: unknown): Input => ({
    type: 'identify',
    at: t0,
    person: person as string,
    traits: {},
  })
  it('keeps the person, and the traits beside those that are known', () => {
    const first = play(ready(), { type: 'identify', at: t0, person: 'ada', traits: { plan: 'pro' } })
    const second = play(first.state, { type: 'identify', at: t0, person: 'ada', traits: { team: 7 } })
    expect(second.state.memory).toMatchObject({ person: 'ada', traits: { plan: 'pro', team: 7 } })
  })
  it('passes over what a template leaves for nobody', () => {
    for (const nobody of ['', null, undefined]) expect(play(ready(), named(nobody)).effects).toEqual([])
  })
})

describe('consent', () => {
  const pending = ready([event], {}, true)
  it('required and not given: nothing is recorded, claimed, fetched or remembered', () => {
    const { effects } = play(
      initialState(true, [event]),
      { type: 'page', at: t0 },
      bought,
      { type: 'remembered', at: t0, memory: memory() },
      bought,
      { type: 'identify', at: t0, person: 'p', traits: {} },
      { type: 'optOut', at: t0 },
      { type: 'tick', at: later(60_000) },
    )
    expect(effects).toEqual([])
    expect(decide(pending, event, t0, { survey: 'nps', cause: 'show' })).toMatchObject({
      reason: 'no-consent',
    })
  })
  it('given: is remembered, and the surveys are fetched', () => {
    const { effects, state } = play(pending, { type: 'consent', at: t0, consent: 'granted' })
    expect(effects).toEqual([
      { type: 'remember', at: t0, change: { kind: 'visitor', patch: { consent: 'granted' } } },
      { type: 'configure' },
    ])
    expect(of(play(state, { type: 'served', at: t0, surveys: [] }, bought).effects, 'claim')).toHaveLength(1)
  })
  it('withdrawn: what is stored is deleted, and the card goes', () => {
    const { effects, state } = play(ready(), bought, claimed('nps'), {
      type: 'consent',
      at: t0,
      consent: 'denied',
    })
    expect(of(effects, 'forget')).toHaveLength(1)
    expect(effects.at(-1)).toEqual({ type: 'render', showing: null })
    expect(of(play(state, bought).effects, 'record')).toEqual([])
  })
})

describe('a decision', () => {
  it.each<[string, State, string]>([
    ['not-ready', initialState(false, [event]), 'nps'],
    ['unknown-survey', ready(), 'nope'],
    ['paused', play(ready(), { type: 'pause' }).state, 'nps'],
    ['another-survey', play(ready(), bought).state, 'csat'],
    ['answered-recently', ready([event], { surveys: { nps: { answered: t0 } } }), 'nps'],
    ['opted-out', ready([event], { optedOut: true }), 'nps'],
  ])('gives the reason: %s', (reason, state, id) => {
    const survey = state.surveys.find((each) => each.id === id)
    expect(decide(state, survey, t0, { survey: id, cause: 'show' })).toMatchObject({ show: false, reason })
  })
  it('says yes when nothing speaks against it', () => {
    expect(decide(ready(), event, t0, { survey: 'nps', cause: 'show' })).toEqual({ show: true })
  })
})

describe('any history', { timeout: 600_000 }, () => {
  const at = fc.integer({ min: 0, max: 10_000_000 }).map((offset) => later(offset))
  const input: fc.Arbitrary<Input> = fc.oneof(
    at.map((when): Input => ({ type: 'track', at: when, id: 'e', name: 'bought', props: {} })),
    at.map((when): Input => ({ type: 'page', at: when })),
    at.map((when): Input => ({ type: 'tick', at: when })),
    at.map((when): Input => ({ ...show('csat', true), at: when }) as Input),
    fc.constantFrom<Input>(
      claimed('nps'),
      claimed('csat'),
      { type: 'closed', at: t0 },
      { type: 'pause' },
      { type: 'optOut', at: t0 },
    ),
    fc
      .constantFrom('granted' as const, 'denied' as const)
      .map((consent): Input => ({ type: 'consent', at: t0, consent })),
    at.map((when): Input => ({ type: 'remembered', at: when, memory: memory() })),
    fc.constant<Input>({ type: 'served', at: t0, surveys: [] }),
  )
  it('never claims while a survey is claimed or shown, and stays serialisable', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
        let state = initialState(false, [event, paged])
        for (const each of inputs) {
          const busy = state.showing || state.claiming
          const next = step(deepFreeze(state), each)
          const claims = of(next.effects, 'claim').length
          expect(claims).toBeLessThanOrEqual(1)
          if (busy && each.type !== 'remembered') expect(claims).toBe(0)
          state = next.state
          expect(JSON.parse(JSON.stringify(state))).toEqual(state)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

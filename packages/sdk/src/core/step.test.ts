import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csat, nps } from './builders.ts'
import { resume } from './memory.ts'
import type { Effect, Input, Memory, State } from './model.ts'
import { explain, initialState, step } from './step.ts'
import { mayShow } from './throttle.ts'
import { days, type Instant } from './time.ts'

const t0 = 1_800_000_000_000 as Instant
const later = (milliseconds: number) => (t0 + milliseconds) as Instant
const event = nps({ id: 'nps', name: 'A', triggers: [{ on: 'event', name: 'bought' }] })
const paged = csat({ id: 'csat', name: 'A', triggers: [{ on: 'page', delay: 5 }] })
const memory = (patch: Partial<Memory> = {}): Memory =>
  resume({ visitor: 'v', ...patch }, t0, { visitor: 'fresh', session: 's' })

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
const bought: Input = { type: 'track', at: t0, name: 'bought', props: {} }
const of = <Type extends Effect['type']>(effects: readonly Effect[], type: Type) =>
  effects.filter((each): each is Extract<Effect, { type: Type }> => each.type === type)
const claimed = (survey: string): Input => ({
  type: 'claimed',
  memory: memory({ visitor: 'older copy', surveys: { [survey]: { shown: t0 } } }),
  survey,
  response: 'r',
  cause: 'event',
  decision: { show: true },
})

describe('triggers', () => {
  it('an event asks for its survey, and is recorded', () => {
    const { effects } = play(ready(), bought)
    expect(of(effects, 'claim')).toMatchObject([{ survey: { id: 'nps' }, cause: 'event', force: false }])
    expect(of(effects, 'record')).toMatchObject([{ draft: { type: 'track', data: { name: 'bought' } } }])
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
    expect(of(fired.effects, 'claim')).toMatchObject([{ cause: 'page' }])
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
    const second = play(shown.state, { type: 'show', at: t0, survey: 'csat', force: true })
    expect(of(second.effects, 'claim')).toEqual([])
    expect(of(second.effects, 'emit')).toMatchObject([
      { emission: { name: 'suppressed', detail: { reason: 'another-survey' } } },
    ])
  })
  it('asks for one survey when two are due in one tick', () => {
    const both = [event, { ...event, id: 'other' }]
    expect(of(play(ready(both), bought).effects, 'claim')).toHaveLength(1)
  })
  it('takes from a claim only what it is about: a person named meanwhile stays', () => {
    const named: Input = { type: 'identify', at: t0, person: 'ada', traits: {} }
    const { state } = play(ready(), bought, named, claimed('nps'))
    expect(state.memory).toMatchObject({ visitor: 'v', person: 'ada', surveys: { nps: { shown: t0 } } })
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
    const { effects, state } = play(ready(), bought, claimed('nps'), {
      type: 'viewFailed',
      at: t0,
      message: 'x',
    })
    expect(state.showing).toBeNull()
    expect(of(effects, 'remember').at(-1)).toEqual({
      type: 'remember',
      change: { survey: 'nps', patch: { shown: undefined } },
    })
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

describe('recontact', () => {
  const period = days(90)
  it.each([
    ['answered', 90],
    ['dismissed', 30],
    ['shown', 7],
  ] as const)('after %s waits %i days and says until when', (kind, count) => {
    const known = memory({ surveys: { nps: { [kind]: t0 } } })
    const until = later(days(count))
    expect(mayShow(event, known, later(days(count) - 1))).toEqual({
      show: false,
      reason: `${kind}-recently`,
      until,
    })
    expect(mayShow(event, known, until)).toEqual({ show: true })
  })
  it('a clock that was set back never makes it longer than the period', () => {
    const known = memory({ surveys: { nps: { answered: later(days(1000)) } } })
    expect(mayShow(event, known, t0)).toMatchObject({ until: t0 + period })
  })
  it('force passes over it, but not over opting out', () => {
    expect(mayShow(event, memory({ surveys: { nps: { answered: t0 } } }), t0, true).show).toBe(true)
    expect(mayShow(event, memory({ optedOut: true }), t0, true)).toMatchObject({ reason: 'opted-out' })
  })
  it('survives a polluted prototype', () => {
    const polluted = { ...memory(), surveys: Object.create({ nps: { answered: t0 } }) as Memory['surveys'] }
    expect(mayShow(event, polluted, t0)).toEqual({ show: true })
  })
})

describe('identify', () => {
  const named = (person: unknown): Input => ({
    type: 'identify',
    at: t0,
    person: person as string,
    traits: {},
  })
  it('takes a number as a text, and cuts what the wire would refuse', () => {
    expect(play(ready(), named(42)).state.memory?.person).toBe('42')
    expect(play(ready(), named('x'.repeat(300))).state.memory?.person).toHaveLength(200)
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
    expect(explain(pending, 'nps', t0)).toEqual({ show: false, reason: 'no-consent', until: undefined })
  })
  it('given: is remembered, and the surveys are fetched', () => {
    const { effects, state } = play(pending, { type: 'consent', at: t0, consent: 'granted' })
    expect(effects).toEqual([
      { type: 'remember', change: { patch: { consent: 'granted' } } },
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

describe('explain', () => {
  it.each<[string, State, string]>([
    ['not-ready', initialState(false, [event]), 'nps'],
    ['unknown-survey', ready(), 'nope'],
    ['paused', play(ready(), { type: 'pause' }).state, 'nps'],
    ['another-survey', play(ready(), bought).state, 'csat'],
    ['answered-recently', ready([event], { surveys: { nps: { answered: t0 } } }), 'nps'],
    ['opted-out', ready([event], { optedOut: true }), 'nps'],
  ])('gives the reason: %s', (reason, state, survey) => {
    expect(explain(state, survey, t0)).toMatchObject({ show: false, reason })
  })
  it('says yes when nothing speaks against it', () => {
    expect(explain(ready(), 'nps', t0)).toEqual({ show: true })
  })
})

describe('any history', () => {
  const at = fc.integer({ min: 0, max: 10_000_000 }).map((offset) => later(offset))
  const input: fc.Arbitrary<Input> = fc.oneof(
    at.map((when): Input => ({ type: 'track', at: when, name: 'bought', props: {} })),
    at.map((when): Input => ({ type: 'page', at: when })),
    at.map((when): Input => ({ type: 'tick', at: when })),
    at.map((when): Input => ({ type: 'show', at: when, survey: 'csat', force: true })),
    fc.constantFrom<Input>(
      claimed('nps'),
      claimed('csat'),
      { type: 'closed' },
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

import { describe, expect, it } from 'vitest'
import { isoOf } from '../time.ts'
import { command } from './command.ts'
import { aMemory, aState, aSurvey, dayAfter, deepFreeze, t0 } from './survey.fixtures.ts'

const group = (id: unknown) =>
  ({ type: 'group', at: t0, group: id as string, traits: { plan: 'pro', id: 'no' } }) as const

describe('group', () => {
  it('is remembered with its traits, and recorded', () => {
    const { state, effects } = command(deepFreeze(aState([])), group('acme'))
    const patch = { group: { plan: 'pro', id: 'acme' } }
    expect(state.memory?.group).toEqual(patch.group)
    expect(effects).toEqual([
      { type: 'remember', at: t0, change: { kind: 'visitor', patch } },
      {
        type: 'record',
        at: t0,
        draft: { type: 'group', data: { group: 'acme', traits: { plan: 'pro', id: 'no' } } },
      },
    ])
  })
  it('takes a number as a text, cuts what the wire would refuse, and passes over nobody', () => {
    expect(command(aState([]), group(7)).state.memory?.group?.['id']).toBe('7')
    expect(command(aState([]), group('x'.repeat(300))).state.memory?.group?.['id']).toHaveLength(200)
    for (const nobody of ['', null, undefined]) expect(command(aState([]), group(nobody)).effects).toEqual([])
  })
  it('does nothing without consent', () => {
    const state = aState([], { memory: aMemory({ consent: 'denied' }) })
    expect(command(state, group('acme'))).toEqual({ state, effects: [] })
  })
})

describe('snooze', () => {
  const survey = aSurvey({ recontact: { answered: 1, dismissed: 1, shown: 1, snoozed: 3 } })
  const showing = { survey, response: 'r', variant: 'b', about: { trigger: 'event' } } as const
  const shown = aState([survey], { showing })
  it('closes the card, and says and remembers until when', () => {
    const { state, effects } = command(deepFreeze(shown), { type: 'snooze', at: t0 })
    const until = dayAfter(3)
    expect(state.showing).toBeNull()
    expect(state.memory?.surveys['nps']).toMatchObject({ snoozed: t0, snooze: 3 })
    // Strictly, since a property that is undefined takes away what was there.
    expect(effects).toStrictEqual([
      {
        type: 'remember',
        at: t0,
        change: {
          kind: 'survey',
          survey: 'nps',
          patch: { snoozed: t0, snooze: 3, seen: 'r', progress: undefined },
        },
      },
      {
        type: 'record',
        at: t0,
        draft: {
          type: 'snooze',
          survey: 'nps',
          surveyVersion: 1,
          response: 'r',
          variant: 'b',
          data: { until: isoOf(until) },
        },
      },
      { type: 'emit', emission: { name: 'snoozed', detail: { survey: 'nps', response: 'r', until } } },
      { type: 'render', showing: null },
    ])
  })
  it.each([
    [2, 2],
    [0, 0],
    [-1, 3],
    [Number.NaN, 3],
    [1e300, 3650],
  ])('for %d days waits %d', (given, days) => {
    const { state } = command(shown, { type: 'snooze', at: t0, days: given })
    expect(state.memory?.surveys['nps']).toMatchObject({ snoozed: t0, snooze: days })
  })
  it('does nothing where nothing is on the screen', () => {
    expect(command(aState([survey]), { type: 'snooze', at: t0 }).effects).toEqual([])
  })
})

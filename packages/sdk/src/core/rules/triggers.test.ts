import { type Trigger, variantOf } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { reaches, signalOf, triggersOf } from './triggers.ts'
import { aSurvey } from './survey.fixtures.ts'

const exit: Trigger = { on: 'exit' }
const page: Trigger = { on: 'page', delay: 5 }

describe('triggersOf', () => {
  it('gives each trigger a key of its own, and another one in another version', () => {
    const survey = aSurvey({ triggers: [exit, page] })
    const other = aSurvey({ id: 'b', triggers: [exit] })
    const keys = triggersOf([survey, other, { ...survey, version: 2 }], 'v').map((each) => each.key)
    expect(keys).toEqual(['nps@1/0', 'nps@1/1', 'b@1/0', 'nps@2/0', 'nps@2/1'])
  })
  it('takes a variant’s triggers in the place of the survey’s, for who is in it', () => {
    const variants = [
      { id: 'plain', weight: 1 },
      { id: 'late', weight: 1, triggers: [page] },
    ]
    const survey = aSurvey({ triggers: [exit], variants })
    const seen = new Set<string>()
    for (let index = 0; index < 50; index++) {
      const visitor = `v${index}`
      const arm = variantOf(visitor, 'nps', variants)?.id ?? ''
      const [first] = triggersOf([survey], visitor)
      seen.add(arm)
      expect([first?.key, first?.trigger]).toEqual(
        arm === 'late' ? ['nps@1:late/0', page] : ['nps@1/0', exit],
      )
    }
    expect(seen.size).toBe(2)
  })
})

describe('signals', () => {
  it.each<[Trigger, ReturnType<typeof signalOf>]>([
    [
      { on: 'time', seconds: 20 },
      { on: 'time', value: 20 },
    ],
    [
      { on: 'idle', seconds: 9 },
      { on: 'idle', value: 9 },
    ],
    [
      { on: 'scroll', percent: 50 },
      { on: 'scroll', value: 50 },
    ],
    [exit, { on: 'exit' }],
    [
      { on: 'seen', selector: '#a' },
      { on: 'seen', selector: '#a' },
    ],
    [
      { on: 'click', selector: '#a' },
      { on: 'click', selector: '#a' },
    ],
    [{ on: 'rage' }, { on: 'rage' }],
    [
      { on: 'rage', selector: 'form' },
      { on: 'rage', selector: 'form' },
    ],
    [page, null],
    [{ on: 'event', name: 'a' }, null],
  ])('%j wants %j', (trigger, signal) => {
    expect(signalOf(trigger)).toEqual(signal)
  })
  it('is reached by what is as much or more, of the same kind and place', () => {
    expect(reaches({ on: 'scroll', value: 50 }, { on: 'scroll', value: 50 })).toBe(true)
    expect(reaches({ on: 'scroll', value: 49 }, { on: 'scroll', value: 50 })).toBe(false)
    expect(reaches({ on: 'scroll', value: 99 }, { on: 'time', value: 50 })).toBe(false)
    expect(reaches({ on: 'click', selector: '#b' }, { on: 'click', selector: '#a' })).toBe(false)
    expect(reaches({ on: 'rage' }, { on: 'rage' })).toBe(true)
    expect(reaches({ on: 'exit' }, null)).toBe(false)
  })
})

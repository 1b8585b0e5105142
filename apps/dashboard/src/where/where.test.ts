import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  conditionOf,
  conditionText,
  conditionTitle,
  customerChoices,
  meaningOf,
  withCondition,
} from './where.ts'

it('a condition is the same after the address, whatever its value has in it', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((name) => !name.includes(':')),
      fc.option(fc.string({ minLength: 1 })),
      (name, value) => {
        const [text] = new URLSearchParams([['where', conditionText({ name, value })]]).getAll('where')
        expect(conditionOf(text ?? '')).toEqual({ name, value })
      },
    ),
  )
  expect([conditionOf('channel'), conditionOf(':web')]).toEqual([null, null])
})

it('is said in words', () => {
  const titles = ['trait.plan:pro', 'supported:yes', 'channel:'].map((each) =>
    conditionTitle(conditionOf(each) ?? { name: '', value: '' }, customerChoices),
  )
  expect(titles).toEqual(['Trait plan is pro', 'Had contact with support is yes', 'channel is not known'])
})

it('stands once, and what several mean is told', () => {
  const one = withCondition([], { name: 'channel', value: 'web' })
  expect(withCondition(one, { name: 'channel', value: 'web' })).toEqual(['channel:web'])
  expect([
    meaningOf(one),
    meaningOf(['channel:web', 'channel:app']),
    meaningOf(['channel:web', 'locale:de']),
    meaningOf(['channel:web', 'channel:app', 'locale:de']),
  ]).toEqual([
    null,
    'Any of them holds.',
    'All of them hold.',
    'Of one kind any of them holds, of different kinds all.',
  ])
})

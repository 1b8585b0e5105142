import { describe, expect, it } from 'vitest'
import type { Survey } from '@earshot/contract'
import { axisOf, along } from '../charts/scale.ts'
import type { Comparison, Response } from '../api/shapes.ts'
import { plainTitle, saidIn } from './answers.ts'
import { verdictOf } from './change.ts'
import { differences } from './differences.ts'
import { formatChange, formatInterval, formatReach, formatShare, formatValue } from './format.ts'

const change = (value: number | null, interval: [number, number] | null): Comparison => ({
  difference: { value, interval, n: 100, level: 0.95, method: 'newcombe' },
  p: null,
  sizes: [50, 50],
})

describe('numbers as they are shown', () => {
  it('are rounded with ties away from zero, and have a true minus', () => {
    expect([12.5, -12.5, -0.4].map((each) => formatValue(each, 'points'))).toEqual(['13', '−13', '0'])
    expect(formatValue(70, 'percent')).toBe('70\u00a0%')
    expect(formatValue(4.05, 'scale points')).toBe('4.1')
    expect(formatInterval([-26.4, 2], 'points')).toBe('−26 to 2')
    expect([3.4, -3.5, 0.2, -0.2].map((each) => formatChange(each, 'points'))).toEqual(['+3', '−4', '0', '0'])
  })
  it('never make an interval look as if it held 0 when it does not', () => {
    expect(formatReach([0.3, 35.6], 'percent')).toBe('0.3 to 35.6')
    expect(formatReach([4, 35.6], 'percent')).toBe('4 to 36')
  })
  it('say little as little, and nothing as nothing', () => {
    expect(formatShare(1, 1000)).toBe('<\u00a01\u00a0%')
    expect(formatShare(0, 1000)).toBe('0\u00a0%')
    expect(formatShare(0, 0)).toBe('none')
  })
})

describe('a change', () => {
  it('is judged by its interval, and by what is better', () => {
    expect(verdictOf(change(5, [1, 9]), false)).toBe('better')
    expect(verdictOf(change(5, [1, 9]), true)).toBe('worse')
    expect(verdictOf(change(-5, [-9, -1]), true)).toBe('better')
    expect(verdictOf(change(5, [-1, 11]), false)).toBe('chance')
    expect(verdictOf(change(5, [0, 11]), false)).toBe('chance')
    expect(verdictOf(change(5, null), false)).toBe('unknown')
    expect(verdictOf(change(null, null), false)).toBe('unknown')
  })
})

describe('an axis', () => {
  it('has round values around all that is drawn, within the metric', () => {
    expect(axisOf([12, 48], [-100, 100]).ticks).toEqual([10, 20, 30, 40, 50])
    expect(axisOf([97, 100], [0, 100]).max).toBe(100)
    expect(axisOf([2.13, 3.9], [1, 5]).ticks).toEqual([2, 2.5, 3, 3.5, 4])
    expect(axisOf([50, 50], [0, 100]).ticks.length).toBeGreaterThan(1)
    for (let low = -100; low <= 100; low += 7)
      for (let high = low; high <= 100; high += 9) {
        const axis = axisOf([low, high], [-100, 100])
        expect(axis.min).toBeLessThanOrEqual(low)
        expect(axis.max).toBeGreaterThanOrEqual(high)
        expect(axis.ticks.length).toBeLessThanOrEqual(8)
        expect(along(axis, high)).toBeLessThanOrEqual(1)
      }
  })
})

describe('answers in words', () => {
  const survey = {
    questions: [
      {
        id: 'score',
        kind: 'scale',
        metric: 'nps',
        positive: [9, 10],
        negative: [0, 1],
        title: 'How likely?',
      },
      { id: 'pick', kind: 'choice', title: 'Which?', options: [{ id: 'a', label: 'Apple' }] },
      { id: 'why', kind: 'text', title: 'Why, {{trait.name|friend}}?' },
      { id: 'solved', kind: 'yesno', title: 'Solved?', yes: 'Yes, it is', no: 'No' },
    ],
  } as unknown as Survey
  it('stand in the order of the questions, with labels for ids', () => {
    const answers = {
      why: { value: 'Late', at: '' },
      gone: { value: 3, at: '' },
      solved: { value: true, at: '' },
      pick: { value: ['a', 'other'], other: 'Pear', at: '' },
      score: { value: 9, at: '' },
    }
    const said = saidIn({ answers } as unknown as Response, survey)
    expect(said.map(({ title, text, band }) => [title, text, band])).toEqual([
      ['How likely?', '9', 'promoter'],
      ['Which?', 'Apple, other, “Pear”', null],
      ['Why, friend?', 'Late', null],
      ['Solved?', 'Yes, it is', null],
      ['gone', '3', null],
    ])
    const bare = { answers: { why: { value: '', at: '' } } } as unknown as Response
    expect(saidIn(bare, survey).map(({ kind, text }) => [kind, text])).toEqual([['choice', 'No words']])
    expect(plainTitle('{{trait.x}}Hello')).toBe('Hello')
  })
})

describe('the difference of two versions', () => {
  it('finds what moved again by its id, and leaves the version out', () => {
    const before = {
      version: 1,
      questions: [
        { id: 'a', title: 'A' },
        { id: 'b', title: 'B' },
      ],
      tags: ['x'],
    }
    const after = {
      version: 2,
      questions: [
        { id: 'b', title: 'B' },
        { id: 'a', title: 'A!' },
        { id: 'c', title: 'C' },
      ],
      tags: ['x', 'y'],
    }
    expect(differences(before, after)).toEqual([
      { path: 'questions.a.title', before: 'A', after: 'A!' },
      { path: 'questions.c.id', before: null, after: 'c' },
      { path: 'questions.c.title', before: null, after: 'C' },
      { path: 'tags', before: '["x"]', after: '["x","y"]' },
    ])
    expect(differences(before, before)).toEqual([])
  })
})

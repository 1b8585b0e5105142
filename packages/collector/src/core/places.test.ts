import { describe, expect, it } from 'vitest'
import { moment, now } from '../fixtures.ts'
import {
  decidePlace,
  heardOf,
  isOverQuota,
  placeHold,
  placeSpan,
  type CompletionFacts,
  type PlaceFacts,
} from './places.ts'

const nothing: PlaceFacts = {
  isErased: false,
  isOptedOut: false,
  isSettled: false,
  isCompleted: false,
  held: null,
  hasAnother: false,
  taken: 0,
  heard: 'nothing',
}
const ask = (facts: Partial<PlaceFacts>, quota: number | null = 10, followUp?: string) =>
  decidePlace({ followUp }, { ...nothing, ...facts }, quota, now)
const minutes = (count: number): number => now + count * 60_000
const granted = {
  place: { granted: true, until: moment(1800) },
  lease: { until: minutes(30), free: minutes(40) },
}
const refused = (reason: string): object => ({ place: { granted: false, reason }, lease: null })

describe('a place of a survey with a quota', () => {
  it.each<[string, Partial<PlaceFacts>, object]>([
    ['is granted for 30 minutes', {}, granted],
    ['is granted up to the last one', { taken: 9 }, granted],
    ['is refused at the quota', { taken: 10 }, refused('quota-full')],
    ['is refused above it', { taken: 11 }, refused('quota-full')],
    ['is refused while the visitor has another', { hasAnother: true }, refused('answered-elsewhere')],
    ['is refused to an erased visitor', { isErased: true }, refused('opted-out')],
    [
      'needs no more room when it is held',
      { held: now + 5000, taken: 10 },
      {
        place: { granted: true, until: moment(5) },
        lease: { until: now + 5000, free: now + 5000 + placeHold.nothing },
      },
    ],
    ['is renewed when its time has passed', { held: now, taken: 10 }, granted],
    [
      'is used for good by a completed response',
      { isCompleted: true, taken: 10 },
      {
        place: { granted: true },
        lease: null,
      },
    ],
    [
      'is kept an hour longer when it was seen',
      { held: now, heard: 'display' },
      { ...granted, lease: { until: minutes(30), free: minutes(90) } },
    ],
    [
      'is kept a day longer when it has an answer',
      { held: now, heard: 'answer' },
      { ...granted, lease: { until: minutes(30), free: minutes(30 + 24 * 60) } },
    ],
    ['does not mind what concerns follow-ups', { isOptedOut: true, isSettled: true }, granted],
  ])('%s', (_, facts, decision) => expect(ask(facts)).toEqual(decision))
})

describe('a place of a follow-up', () => {
  it.each<[string, Partial<PlaceFacts>, number | null, object]>([
    ['is granted without a lease', { taken: 99 }, null, { place: { granted: true }, lease: null }],
    ['is refused when it was settled elsewhere', { isSettled: true }, null, refused('answered-elsewhere')],
    ['is refused after an opt-out', { isOptedOut: true, isSettled: true }, null, refused('opted-out')],
    ['needs a place of the quota too', { taken: 10 }, 10, refused('quota-full')],
    ['is judged before the quota is', { taken: 10, isSettled: true }, 10, refused('answered-elsewhere')],
  ])('%s', (_, facts, quota, decision) => expect(ask(facts, quota, 'a/b/c')).toEqual(decision))
})

describe('a response that is completed', () => {
  it.each<[string, Partial<CompletionFacts>, boolean]>([
    ['counts while there is a place', { taken: 9 }, false],
    ['is one too many when there is none', { taken: 10 }, true],
    ['is one too many also beyond a quota that was lowered', { taken: 11 }, true],
    ['counts when it has kept its place', { isHeld: true, taken: 10 }, false],
    ['counts when there is no quota', { quota: null, taken: 99 }, false],
  ])('%s', (_, facts, isOver) =>
    expect(isOverQuota({ quota: 10, isHeld: false, taken: 0, ...facts })).toBe(isOver),
  )
})

it('what is known of a response follows from how far it came', () => {
  const all = [null, 'shown', 'dismissed', 'partial', 'completed'] as const
  expect(all.map(heardOf)).toEqual(['nothing', 'display', 'display', 'answer', 'answer'])
  expect(placeSpan).toBe(minutes(30) - now)
})

import { describe, expect, it } from 'vitest'
import { moment, now } from '../fixtures.ts'
import { decidePlace, placeSpan, type PlaceFacts } from './places.ts'

const nothing: PlaceFacts = {
  isErased: false,
  isOptedOut: false,
  isSettled: false,
  isCompleted: false,
  held: null,
  hasAnother: false,
  taken: 0,
}
const ask = (facts: Partial<PlaceFacts>, quota: number | null = 10, followUp?: string) =>
  decidePlace({ followUp }, { ...nothing, ...facts }, quota, now)
const granted = { place: { granted: true, until: moment(1800) }, until: now + placeSpan }
const refused = (reason: string): object => ({ place: { granted: false, reason }, until: null })

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
        until: now + 5000,
      },
    ],
    ['is renewed when its time has passed', { held: now, taken: 10 }, granted],
    [
      'is used for good by a completed response',
      { isCompleted: true, taken: 10 },
      {
        place: { granted: true },
        until: null,
      },
    ],
    ['does not mind what concerns follow-ups', { isOptedOut: true, isSettled: true }, granted],
  ])('%s', (_, facts, decision) => expect(ask(facts)).toEqual(decision))
})

describe('a place of a follow-up', () => {
  it.each<[string, Partial<PlaceFacts>, number | null, object]>([
    ['is granted without a lease', { taken: 99 }, null, { place: { granted: true }, until: null }],
    ['is refused when it was settled elsewhere', { isSettled: true }, null, refused('answered-elsewhere')],
    ['is refused after an opt-out', { isOptedOut: true, isSettled: true }, null, refused('opted-out')],
    ['needs a place of the quota too', { taken: 10 }, 10, refused('quota-full')],
    ['is judged before the quota is', { taken: 10, isSettled: true }, 10, refused('answered-elsewhere')],
  ])('%s', (_, facts, quota, decision) => expect(ask(facts, quota, 'a/b/c')).toEqual(decision))
})

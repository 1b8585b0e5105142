import type { Fact } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Instant } from '../time.ts'
import { factsOf } from './facts.ts'
import { aMemory, aPage, aState, aSurvey, dayAfter, t0 } from './survey.fixtures.ts'

const runs = { numRuns: Number(process.env['EARSHOT_RUNS'] ?? 500) }
const memory = aMemory({
  pages: 7,
  sessions: 3,
  since: t0,
  traits: { plan: 'pro', nothing: null },
  group: { id: 'acme', seats: 12 },
})
const state = aState([aSurvey()], { memory, context: { stage: 'purchase', touchpoint: 'checkout' } })
const wish = { survey: 'nps', cause: 'event', event: { total: 40 }, hidden: { order: 'A1' } } as const
const facts = factsOf(state, dayAfter(2.9), wish, { score: 9, why: 'good' })

describe('factsOf', () => {
  it.each<[string, Fact]>([
    ['trait.plan', 'pro'],
    ['trait.nothing', undefined],
    ['trait.other', undefined],
    ['group.id', 'acme'],
    ['group.seats', 12],
    ['event.total', 40],
    ['hidden.order', 'A1'],
    ['answer.score', 9],
    ['answer.why', 'good'],
    ['band.score', 'promoter'],
    ['band.why', undefined],
    ['band.other', undefined],
    ['device', 'desktop'],
    ['viewport.width', 1280],
    ['viewport.height', 800],
    ['locale', 'en'],
    ['page.url', aPage.url],
    ['page.path', '/basket'],
    ['page.views', 7],
    ['referrer', 'https://search.example/'],
    ['campaign.source', 'mail'],
    ['campaign.medium', undefined],
    ['visitor.returning', true],
    ['session.count', 3],
    ['tenure.days', 2],
    ['stage', 'purchase'],
    ['touchpoint', 'checkout'],
    ['channel', 'web'],
    ['nonsense', undefined],
    ['', undefined],
  ])('%s is %j', (fact, value) => {
    expect(facts(fact)).toEqual(value)
  })
  it('names the parameters of a campaign as marketing does', () => {
    const url = 'https://a.example/?utm_campaign=spring&utm_medium=mail&utm_term=a+b&utm_content='
    const seen = factsOf(aState([], { rich: { facts: { ...aPage, url }, fired: [], pending: [] } }), t0)
    const names = ['name', 'medium', 'term', 'content'].map((each) => seen(`campaign.${each}`))
    expect(names).toEqual(['spring', 'mail', 'a b', undefined])
  })
  it('knows nothing of a page without a referrer, and counts a first visit that no change has counted', () => {
    const first = factsOf(
      aState([], { rich: { facts: { ...aPage, referrer: '' }, fired: [], pending: [] } }),
      t0,
    )
    const names = ['referrer', 'session.count', 'visitor.returning', 'tenure.days']
    expect(names.map((each) => first(each))).toEqual([undefined, 1, false, 0])
  })
  it('never counts less than no day, whatever the clock was set to', () => {
    expect(factsOf(state, dayAfter(-5))('tenure.days')).toBe(0)
  })
  it('survives a polluted prototype', () => {
    const bait = Object.create({ plan: 'x' }) as Record<string, string>
    const polluted = aState([], { memory: aMemory({ traits: bait }) })
    expect(factsOf(polluted, t0)('trait.plan')).toBeUndefined()
    for (const name of ['__proto__', 'constructor', 'toString', 'trait.constructor', 'event.toString'])
      expect(facts(name)).toBeUndefined()
  })
})

describe('time', () => {
  const at = Date.UTC(2026, 10, 21, 23, 30) as Instant
  const seen = factsOf(state, at)
  it('is that of the browser where a test names no zone', () => {
    expect(['hour', 'weekday', 'date'].map((each) => seen(`time.${each}`))).toEqual([23, 6, '2026-11-21'])
  })
  it('is that of a zone that is named', () => {
    const names = ['hour', 'weekday', 'date'].map((each) => seen(`time.${each}`, 'Europe/Berlin'))
    expect(names).toEqual([0, 7, '2026-11-22'])
  })
  it('is unknown in a zone that there is not', () => {
    expect(seen('time.hour', 'Mars/Olympus')).toBeUndefined()
    expect(seen('time.year')).toBeUndefined()
  })
  it('agrees with Date in UTC, over the change of summer time too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (moment) => {
        const then = factsOf(state, moment as Instant)
        const date = new Date(moment)
        expect(then('time.hour')).toBe(date.getUTCHours())
        expect(then('time.weekday')).toBe(date.getUTCDay() || 7)
        expect(then('time.date')).toBe(date.toISOString().slice(0, 10))
        const berlin = then('time.hour', 'Europe/Berlin') as number
        expect([1, 2]).toContain((berlin - date.getUTCHours() + 24) % 24)
      }),
      runs,
    )
  })
})

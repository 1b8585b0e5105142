import type { Survey, TextQuestion, Trigger } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import type { Memory } from '../remembered.ts'
import { markPlain } from '../plain.ts'
import { aSurvey, score, t0 } from './survey.fixtures.ts'
import { createWorld, refusalsIn, type Tab, type World, type WorldOptions } from './world.fixtures.ts'

const open: Partial<Survey> = { transactional: true, recontact: { answered: 0, dismissed: 0, shown: 0 } }
const limits = { perSession: 99, quiet: 0 }

/** One tab with the rules loaded and one survey, asked as often as it likes. */
function begin(trigger: Trigger, options: Partial<WorldOptions> = {}): { world: World; tab: Tab } {
  const survey = aSurvey({ ...open, tenure: 0, triggers: [trigger] })
  const world = createWorld({ surveys: [survey], settings: { limits }, ...options })
  const tab = world.open()
  world.settle()
  return { world, tab }
}
const shows = ({ shown }: World): string[] => shown.map((each) => each.wish.cause)

describe('event', () => {
  it('asks at once, in the tab where it happened', () => {
    const { world, tab } = begin({ on: 'event', name: 'a' })
    world.open()
    world.settle()
    tab.track('a', { total: 3 })
    world.settle()
    expect(world.shown).toMatchObject([{ tab: 0, wish: { cause: 'event', event: { total: 3 } } }])
  })
  it('counts over page loads and tabs', () => {
    const { world, tab } = begin({ on: 'event', name: 'a', nth: 3 })
    tab.track('a')
    world.settle()
    tab.load()
    world.settle()
    world.open().track('a')
    world.settle()
    tab.track('b')
    expect(shows(world)).toEqual([])
    tab.track('a')
    world.settle()
    expect(shows(world)).toEqual(['event'])
  })
  it('waits for its delay, through navigation inside the app', () => {
    const { world, tab } = begin({ on: 'event', name: 'a', delay: 10 })
    tab.track('a')
    world.wait(4000)
    tab.navigate('https://shop.example/other')
    world.wait(5999)
    expect(shows(world)).toEqual([])
    world.wait(1)
    expect(shows(world)).toEqual(['event'])
  })
  it('a navigation to an address that it does not mean ends its delay, and one that it means does not', () => {
    const url = [{ match: 'prefix', value: '/in' }] as const
    for (const [next, wanted] of [
      ['/in/b', 1],
      ['/out', 0],
    ] as const) {
      const { world, tab } = begin({ on: 'event', name: 'a', delay: 10, url: [...url] })
      tab.navigate('https://shop.example/in/a')
      tab.track('a')
      world.wait(1000)
      tab.navigate(`https://shop.example${next}`)
      world.wait(1000)
      tab.navigate('https://shop.example/in/a')
      world.wait(20_000)
      expect(shows(world)).toHaveLength(wanted)
    }
  })
  it('a page load ends its delay', () => {
    const { world, tab } = begin({ on: 'event', name: 'a', delay: 10 })
    tab.track('a')
    world.wait(1000)
    tab.load()
    world.wait(60_000)
    expect(shows(world)).toEqual([])
  })
  it('asks nothing on a page with another address', () => {
    const { world, tab } = begin({ on: 'event', name: 'a', url: [{ match: 'exact', value: '/in' }] })
    tab.track('a')
    world.settle()
    tab.navigate('https://shop.example/in')
    world.wait(60_000)
    expect(shows(world)).toEqual([])
    tab.track('a')
    world.settle()
    expect(shows(world)).toEqual(['event'])
  })
  it('is called off by an event that it names, and by no other', () => {
    for (const [name, wanted] of [
      ['bought', 0],
      ['looked', 1],
    ] as const) {
      const { world, tab } = begin({ on: 'event', name: 'a', delay: 10, cancel: ['bought'] })
      tab.track('a')
      world.wait(9000)
      tab.track(name)
      world.wait(9000)
      expect(shows(world)).toHaveLength(wanted)
    }
  })
  it('is called off by what happens in the last moment, before that is written', () => {
    const { world, tab } = begin({ on: 'event', name: 'a', delay: 10, cancel: ['bought'] })
    tab.track('a')
    world.wait(9999)
    tab.track('bought')
    // The alarm rings before anything that was ordered is done.
    tab.tell({ type: 'tick' })
    world.wait(9000)
    expect(shows(world)).toEqual([])
  })
  it('has its turn in a pause, and is refused; one whose delay runs is judged after it', () => {
    const { world, tab } = begin({ on: 'event', name: 'a' })
    tab.tell({ type: 'pause' })
    tab.track('a')
    world.settle()
    expect(refusalsIn(world.log)).toMatchObject([{ survey: 'nps', reason: 'paused' }])
    tab.tell({ type: 'resume' })
    world.wait(60_000)
    expect(shows(world)).toEqual([])
    const slow = begin({ on: 'event', name: 'a', delay: 10 })
    slow.tab.tell({ type: 'pause' })
    slow.tab.track('a')
    slow.world.wait(5000)
    slow.tab.tell({ type: 'resume' })
    slow.world.wait(4999)
    expect(shows(slow.world)).toEqual([])
    slow.world.wait(1)
    expect(shows(slow.world)).toHaveLength(1)
  })
  it('is not lost when it happens before the rules are there', () => {
    const survey = aSurvey({ ...open, tenure: 0, triggers: [{ on: 'event', name: 'a' }] })
    const world = createWorld({ surveys: [survey], settings: { limits } })
    const tab = world.open()
    const unloaded = { state: tab.state(), at: world.now() }
    expect(unloaded.state.rich).toBeNull()
    world.settle()
    const missed: Memory['missed'] = [
      { at: t0, change: { kind: 'event', id: 'e', name: 'a', props: { total: 1 } } },
    ]
    for (const [wait, wanted] of [
      [5000, 1],
      [11_000, 0],
    ] as const) {
      const late = createWorld({
        surveys: [survey],
        settings: { limits },
        memory: { missed },
        start: (t0 + wait) as never,
      })
      late.open()
      late.settle()
      expect(late.shown).toHaveLength(wanted)
      expect(late.memory()?.missed).toBeUndefined()
    }
  })
})

describe('sequence', () => {
  it('goes on over page loads, and asks at its end', () => {
    const steps = [{ name: 'cart', times: 2 }, { name: 'leave' }]
    const { world, tab } = begin({ on: 'sequence', steps, within: 600, delay: 2 })
    tab.track('cart')
    world.settle()
    tab.load()
    world.wait(60_000)
    tab.track('cart')
    world.wait(60_000)
    tab.track('leave')
    world.wait(1999)
    expect(shows(world)).toEqual([])
    world.wait(1)
    expect(shows(world)).toEqual(['sequence'])
  })
})

describe('page', () => {
  it('asks once on each page view, after its delay', () => {
    const { world, tab } = begin({ on: 'page', delay: 5 })
    world.wait(4999)
    expect(shows(world)).toEqual([])
    world.wait(1)
    expect(shows(world)).toEqual(['page'])
    tab.complete()
    world.wait(60_000)
    expect(shows(world)).toEqual(['page'])
    tab.navigate('https://shop.example/b')
    world.wait(60_000)
    expect(shows(world)).toEqual(['page', 'page'])
  })
  it('is for its addresses only', () => {
    const { world, tab } = begin({ on: 'page', delay: 1, url: [{ match: 'exact', value: '/b' }] })
    world.wait(60_000)
    expect(shows(world)).toEqual([])
    tab.navigate('https://shop.example/b')
    world.wait(60_000)
    expect(shows(world)).toEqual(['page'])
  })
  it('is called off for the page view by an event that it names, also by one before the rules came', () => {
    const { world, tab } = begin({ on: 'page', delay: 5, cancel: ['bought'] })
    world.wait(1000)
    tab.track('bought')
    world.wait(60_000)
    expect(shows(world)).toEqual([])
    tab.navigate('https://shop.example/b')
    world.wait(60_000)
    expect(shows(world)).toEqual(['page'])

    const survey = aSurvey({ ...open, triggers: [{ on: 'page', delay: 5, cancel: ['bought'] }] })
    const change = { kind: 'event', id: 'e', name: 'bought', props: {} } as const
    const early = createWorld({ surveys: [survey], memory: { missed: [{ at: t0, change }] } })
    early.open()
    early.wait(60_000)
    expect(early.shown).toEqual([])
  })
  it('wakes for a plain survey too', () => {
    const plain = markPlain(aSurvey({ id: 'plain', triggers: [{ on: 'page', delay: 5 }] }))
    const rich = aSurvey({ ...open, triggers: [{ on: 'event', name: 'a', delay: 60 }] })
    const world = createWorld({ surveys: [plain, rich] })
    const tab = world.open()
    world.settle()
    tab.track('a')
    world.wait(5000)
    expect(world.shown.map((each) => each.survey)).toEqual(['plain'])
  })
})

describe('signals', () => {
  it('asks for what reaches the threshold, once on a page view', () => {
    const { world, tab } = begin({ on: 'scroll', percent: 50 })
    expect(tab.watched()).toEqual([{ on: 'scroll', value: 50 }])
    tab.tell({ type: 'signal', signal: { on: 'scroll', value: 49 } })
    world.settle()
    expect(shows(world)).toEqual([])
    for (let again = 0; again < 3; again++) {
      tab.tell({ type: 'signal', signal: { on: 'scroll', value: 60 } })
      world.settle()
      tab.complete()
    }
    expect(shows(world)).toEqual(['scroll'])
  })
  it('looks out for nothing that could not be shown here', () => {
    const url = [{ match: 'exact', value: '/in' }] as const
    const { tab, world } = begin({ on: 'exit', url: [...url] })
    expect(tab.watched()).toEqual([])
    tab.navigate('https://shop.example/in')
    expect(tab.watched()).toEqual([{ on: 'exit' }])
    tab.tell({ type: 'optOut' })
    world.settle()
    expect(tab.watched()).toEqual([])
  })
  it('looks out for each thing once, and says so only when it changes, or the page does', () => {
    const triggers: Trigger[] = [{ on: 'exit' }, { on: 'exit' }, { on: 'time', seconds: 9 }]
    const world = createWorld({ surveys: [aSurvey({ triggers }), aSurvey({ id: 'b', triggers })] })
    const tab = world.open()
    world.settle()
    expect(tab.watched()).toEqual([{ on: 'exit' }, { on: 'time', value: 9 }])
    const watches = (): number => world.log.filter(({ effect }) => effect.type === 'watch').length
    expect(watches()).toBe(1)
    tab.track('a')
    world.wait(5000)
    expect(watches()).toBe(1)
    tab.navigate('https://shop.example/b')
    expect(watches()).toBe(2)
  })
})

describe('who is refused', () => {
  it('is told once, and asked for again only when it fires again', () => {
    const targeting = { fact: 'trait.plan', op: 'equals', value: 'pro' } as const
    const survey = aSurvey({ ...open, targeting, triggers: [{ on: 'event', name: 'a', delay: 1 }] })
    const world = createWorld({ surveys: [survey] })
    const tab = world.open()
    world.settle()
    tab.track('a')
    world.wait(60_000)
    expect(refusalsIn(world.log)).toMatchObject([{ survey: 'nps', reason: 'unknown-fact' }])
    tab.tell({ type: 'identify', person: null, traits: { plan: 'pro' } })
    world.wait(60_000)
    expect(world.shown).toEqual([])
    tab.track('a')
    world.wait(60_000)
    expect(world.shown).toHaveLength(1)
  })
  it('is not told for a second trigger of the survey that fires in the same moment', () => {
    const triggers: Trigger[] = [
      { on: 'event', name: 'a', where: { all: [] } },
      { on: 'event', name: 'a', nth: 1 },
    ]
    const world = createWorld({ surveys: [aSurvey({ triggers })] })
    const tab = world.open()
    world.settle()
    tab.track('a')
    world.settle()
    expect(world.shown).toHaveLength(1)
    expect(refusalsIn(world.log)).toEqual([])
  })
})

describe('a plain survey', () => {
  it('is asked for by the basic triggers alone, also where the rules are loaded', () => {
    const plain = markPlain(aSurvey({ triggers: [{ on: 'event', name: 'a' }] }))
    const world = createWorld({ surveys: [plain, aSurvey({ id: 'rich', tenure: 9 })] })
    const tab = world.open()
    world.settle()
    expect(tab.state()).toMatchObject({ plain: ['nps'], rich: {} })
    tab.track('a')
    world.settle()
    expect(world.shown.map((each) => each.survey)).toEqual(['nps'])
    expect(refusalsIn(world.log)).toEqual([])
  })
})

describe('after a reload', () => {
  const why: TextQuestion = { id: 'why', kind: 'text', title: 'Why?', maxLength: 100 }
  const asking = aSurvey({ ...open, questions: [score, why], triggers: [{ on: 'event', name: 'a' }] })
  it('goes on with what was begun, as the same response, and asks for nothing new', () => {
    const { world, tab } = begin({ on: 'event', name: 'a' }, { settings: {}, surveys: [asking] })
    tab.track('a')
    world.settle()
    tab.answer('score', 7)
    world.wait(60_000)
    tab.load()
    world.settle()
    expect(tab.state().showing).toMatchObject({
      response: world.shown[0]?.response,
      about: { trigger: 'resume' },
      progress: { answers: { score: 7 } },
    })
    expect(world.memory()?.asks).toHaveLength(1)
    tab.complete()
    world.settle()
    tab.load()
    world.settle()
    expect(tab.state().showing).toBeNull()
  })
  it('does not in another tab while it is on the screen here, nor after half an hour', () => {
    const { world, tab } = begin({ on: 'event', name: 'a' }, { surveys: [asking] })
    tab.track('a')
    world.settle()
    tab.answer('score', 7)
    world.settle()
    const other = world.open()
    world.settle()
    expect(other.state().showing).toBeNull()
    expect(refusalsIn(world.log)).toMatchObject([{ reason: 'other-tab' }])
    world.wait(30 * 60_000 + 1)
    tab.load()
    world.settle()
    expect(tab.state().showing).toBeNull()
  })
})

describe('follow-ups', () => {
  const survey = aSurvey({
    triggers: [{ on: 'event', name: 'a' }],
    followUps: [{ id: 'why', after: { on: 'event', name: 'cancelled' }, delay: 0, expires: 5 }],
  })
  it('ask when they are due and may be shown, and are told of nothing while they wait', () => {
    const world = createWorld({ surveys: [survey, aSurvey({ id: 'b' })] })
    const tab = world.open()
    world.settle()
    tab.tell({ type: 'show', wish: { survey: 'b', cause: 'show' } })
    world.settle()
    tab.track('cancelled')
    world.settle()
    expect(refusalsIn(world.log)).toEqual([])
    expect(world.shown.map((each) => each.survey)).toEqual(['b'])
    tab.complete()
    world.wait(6 * 86_400_000)
    expect(world.shown).toHaveLength(1)
    const states = world.log.flatMap(({ effect }) =>
      effect.type === 'record' && effect.draft.type === 'followup' ? [effect.draft.data] : [],
    )
    expect(states).toMatchObject([{ state: 'planned' }, { state: 'expired', reason: 'quiet-period' }])
  })
  it('ask the site once on each page view, however often it refuses', () => {
    let asked = 0
    const mayAppear = (): boolean => {
      asked++
      return false
    }
    const world = createWorld({ surveys: [{ ...survey, triggers: [] }], mayAppear })
    const tab = world.open()
    world.settle()
    for (let again = 0; again < 5; again++) {
      tab.track('cancelled')
      world.wait(60_000)
      if (again === 0) expect(asked).toBe(1)
    }
    const before = asked
    tab.navigate('https://shop.example/b')
    world.wait(60_000)
    expect(before).toBeLessThanOrEqual(5)
    expect(asked).toBeGreaterThan(before)
  })
  it('are not used up by a showing that nobody had the time to see', () => {
    const world = createWorld({ surveys: [{ ...survey, triggers: [] }] })
    const tab = world.open()
    world.settle()
    tab.track('cancelled')
    world.wait(500)
    expect(world.shown).toHaveLength(1)
    // Left before it was seen: another tab may still be about to show it, so it is not taken back at once.
    tab.load()
    world.wait(60_000)
    tab.load()
    world.settle()
    expect(world.shown).toHaveLength(1)
    world.wait(5 * 60_000)
    tab.load()
    world.wait(60_000)
    expect(world.shown).toHaveLength(2)
    world.wait(1000)
    tab.load()
    world.wait(6 * 86_400_000)
    expect(world.shown).toHaveLength(2)
    const states = world.log.flatMap(({ effect }) =>
      effect.type === 'record' && effect.draft.type === 'followup' ? [effect.draft.data] : [],
    )
    expect(states).toMatchObject([
      { state: 'planned' },
      { state: 'shown' },
      { state: 'planned' },
      { state: 'shown' },
      { state: 'expired', reason: 'no-answer' },
    ])
  })
  it('that nobody has seen when their time is over have had no chance, and say so', () => {
    const world = createWorld({ surveys: [{ ...survey, triggers: [] }] })
    const tab = world.open()
    world.settle()
    tab.track('cancelled')
    world.wait(500)
    tab.close()
    world.wait(6 * 86_400_000)
    world.open()
    world.settle()
    const states = world.log.flatMap(({ effect }) =>
      effect.type === 'record' && effect.draft.type === 'followup' ? [effect.draft.data] : [],
    )
    expect(states.at(-1)).toMatchObject({ state: 'expired', reason: 'not-possible' })
  })
  it('ask for one showing as the response that was planned', () => {
    const world = createWorld({ surveys: [survey] })
    const tab = world.open()
    world.settle()
    tab.track('cancelled')
    world.settle()
    expect(world.shown).toMatchObject([{ wish: { cause: 'followup' } }])
    const [plan] = Object.values(world.memory()?.plans ?? {})
    expect(tab.state().showing).toMatchObject({ response: plan?.response, about: { trigger: 'followup' } })
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { nps } from '../core/builders.ts'
import type { Memory } from '../core/remembered.ts'
import { aSurvey } from '../core/rules/survey.fixtures.ts'
import type { Instant } from '../core/time.ts'
import { createFakeClock } from '../testing.ts'
import { createClock } from './clock.ts'
import { createFakeDatabase, createRulesChunk, createTab } from './runtime.fixtures.ts'

afterEach(() => vi.unstubAllGlobals())

const onEvent = nps({ id: 'q', name: 'A', triggers: [{ on: 'event', name: 'bought' }] })

describe('what a site gives', () => {
  it('is taken as it was when it was given', async () => {
    const tab = createTab()
    const props = { total: 1 }
    tab.tell({ type: 'track', id: 'e', name: 'bought', props })
    props.total = 2
    await tab.settled()
    const [row] = await tab.rows()
    expect(row?.event).toMatchObject({ data: { props: { total: 1 } } })
    tab.runtime.destroy()
  })
  it('about another person may be nothing that can be stored', async () => {
    const tab = createTab()
    tab.tell({ type: 'identify', person: 'ann', traits: {} })
    await tab.settled()
    tab.tell({ type: 'identify', person: 'bob', traits: { plan: 'pro', broken: () => {} } })
    await tab.settled()
    expect(await tab.stored()).toMatchObject({ person: 'bob', traits: { plan: 'pro' } })
    tab.tell({ type: 'track', id: 'e', name: 'x', props: {} })
    await tab.settled()
    expect(tab.heard.at(-1)).toMatchObject({ name: 'queued', detail: { durable: true } })
    tab.runtime.destroy()
  })
  it('about the journey may be nothing that can be stored, and costs no event', async () => {
    const tab = createTab()
    const touchpoint: Record<string, unknown> = {}
    touchpoint['self'] = touchpoint
    tab.tell({ type: 'page', context: { touchpoint } })
    tab.tell({ type: 'track', id: 'e', name: 'x', props: {} })
    await tab.settled()
    expect(await tab.rows()).toHaveLength(1)
    tab.runtime.destroy()
  })
})

describe('consent withdrawn', () => {
  it('while the memory is read: nothing is fetched', async () => {
    const database = createFakeDatabase()
    const { transact } = database
    let release = (): void => {}
    const held = new Promise<void>((go) => (release = go))
    let first = true
    database.transact = async (work) => {
      const result = await transact(work)
      if (first) {
        first = false
        await held
      }
      return result
    }
    let asked = 0
    const loadServed = (): Promise<never> => {
      asked++
      return new Promise(() => {})
    }
    const tab = createTab({ served: true }, { database, loadServed })
    await tab.settled()
    tab.tell({ type: 'consent', consent: 'denied' })
    release()
    await tab.settled()
    expect(asked).toBe(0)
    tab.runtime.destroy()
  })
  it('and given again: what follows belongs to the visitor who is stored', async () => {
    const tab = createTab()
    await tab.settled()
    tab.tell({ type: 'consent', consent: 'denied' })
    await tab.settled()
    tab.tell({ type: 'consent', consent: 'granted' })
    await tab.settled()
    tab.tell({ type: 'track', id: 'e', name: 'x', props: {} })
    await tab.settled()
    const [row] = await tab.rows()
    expect(row?.event.visitor).toBe((await tab.stored())?.visitor)
    tab.runtime.destroy()
  })
  it('is not forgotten for those whom the collector has yet to forget, when another visitor begins', async () => {
    const tab = createTab()
    await tab.settled()
    const visitor = (await tab.stored())?.visitor
    tab.tell({ type: 'consent', consent: 'denied' })
    tab.tell({ type: 'consent', consent: 'granted' })
    await tab.settled()
    expect((await tab.stored())?.erase).toBe(visitor)
    tab.runtime.reset()
    await tab.settled()
    expect((await tab.stored())?.visitor).not.toBe(visitor)
    expect((await tab.stored())?.erase).toBe(visitor)
    tab.runtime.destroy()
  })
})

describe('a visitor who begins anew beside a past that is not to be joined', () => {
  it('is whom the next command is about', async () => {
    const tab = createTab({}, { loadRules: async () => createRulesChunk() })
    await tab.settled()
    const before = (await tab.stored())?.visitor
    tab.tell({ type: 'identify', person: 'ann', traits: {}, merge: false }, true)
    tab.tell({ type: 'track', id: 'e', name: 'x', props: {} })
    await tab.settled()
    const now = await tab.stored()
    expect(now).toMatchObject({ person: 'ann' })
    expect(now?.visitor).not.toBe(before)
    const events = (await tab.rows()).map(({ event }) => event)
    expect(events.map(({ type, visitor, person }) => ({ type, visitor, person }))).toEqual(
      expect.arrayContaining([{ type: 'track', visitor: now?.visitor, person: 'ann' }]),
    )
    tab.runtime.destroy()
  })
})

describe('what was answered before somebody was named', () => {
  it.each<[string, readonly ('granted' | 'denied')[], boolean | 'consented' | undefined, boolean]>([
    ['joins where consent was granted', ['granted'], 'consented', true],
    ['does not where nobody was asked', [], 'consented', false],
    ['joins where the site says so for all', [], true, true],
    ['joins where nothing is said', [], undefined, true],
    ['does not where the site says so, whatever was granted', ['granted'], false, false],
  ])('%s', async (_name, consents, merge, joins) => {
    const tab = createTab({}, { loadRules: async () => createRulesChunk() })
    await tab.settled()
    for (const consent of consents) tab.tell({ type: 'consent', consent })
    tab.tell({ type: 'track', id: 'before', name: 'x', props: {} })
    await tab.settled()
    const before = (await tab.stored())?.visitor
    const how = merge === undefined ? undefined : { merge }
    tab.tell({ type: 'identify', person: 'ann', traits: {}, ...how }, how)
    tab.tell({ type: 'track', id: 'after', name: 'x', props: {} })
    await tab.settled()
    const now = await tab.stored()
    expect(now).toMatchObject({ person: 'ann', consent: consents[0] ?? null })
    expect(now?.visitor === before).toBe(joins)
    const of = (await tab.rows())
      .map(({ event }) => event)
      .filter(({ type }) => type === 'track')
      .map(({ id, visitor, person }) => [id, visitor === before, person])
    expect(of).toEqual([
      ['before', true, null],
      ['after', joins, 'ann'],
    ])
    tab.runtime.destroy()
  })
  it('is gone where consent was withdrawn, so nothing joins by a consent that comes later', async () => {
    const tab = createTab({}, { loadRules: async () => createRulesChunk() })
    await tab.settled()
    const before = (await tab.stored())?.visitor
    tab.tell({ type: 'track', id: 'before', name: 'x', props: {} })
    tab.tell({ type: 'consent', consent: 'denied' })
    tab.tell({ type: 'consent', consent: 'granted' })
    await tab.settled()
    tab.tell({ type: 'identify', person: 'ann', traits: {}, merge: 'consented' }, true)
    await tab.settled()
    const now = await tab.stored()
    expect(now).toMatchObject({ person: 'ann', erase: before })
    expect(now?.visitor).not.toBe(before)
    expect((await tab.rows()).map(({ event }) => event.id)).not.toContain('before')
    tab.runtime.destroy()
  })
})

describe('two tabs that hear of consent at once', () => {
  it('are one visitor, whose sequence numbers are given once', async () => {
    const database = createFakeDatabase()
    const tabs = [1, 2].map(() => createTab({}, { database, consentRequired: true }))
    for (const each of tabs) await each.settled()
    for (const each of tabs) each.tell({ type: 'consent', consent: 'granted' })
    for (const each of tabs) await each.settled()
    for (const each of tabs) each.tell({ type: 'track', id: crypto.randomUUID(), name: 'x', props: {} })
    for (const each of tabs) await each.settled()
    const events = (await tabs[0]?.rows())?.map(({ event }) => event) ?? []
    expect(new Set(events.map(({ visitor }) => visitor)).size).toBe(1)
    expect(new Set(events.map(({ seq }) => seq)).size).toBe(2)
    expect(await tabs[0]?.stored()).toMatchObject({ pages: 2, consent: 'granted' })
    for (const each of tabs) each.runtime.destroy()
  })
})

describe('the collector that is asked to forget', () => {
  it('and answers late, leaves nobody out who withdrew meanwhile', async () => {
    const asked: { visitor: string; answer: () => void }[] = []
    vi.stubGlobal('fetch', (_url: string, { body }: { body: string }) => {
      const { visitor } = JSON.parse(body) as { visitor: string }
      return new Promise((resolve) =>
        asked.push({ visitor, answer: () => resolve(new Response('{}', { status: 200 })) }),
      )
    })
    const tab = createTab({}, { loadRules: async () => createRulesChunk() })
    const visitors: (string | undefined)[] = []
    for (let count = 0; count < 2; count++) {
      tab.tell({ type: 'consent', consent: 'granted' })
      await tab.settled()
      visitors.push((await tab.stored())?.visitor)
      tab.tell({ type: 'consent', consent: 'denied' })
      await vi.waitFor(() => expect(asked.length).toBeGreaterThan(count))
    }
    expect(asked[0]?.visitor).toBe(visitors[0])
    await vi.waitFor(async () => expect((await tab.stored())?.erase).toBe(visitors.join(' ')))
    asked[0]?.answer()
    await vi.waitFor(async () => expect((await tab.stored())?.erase).toBe(visitors[1]))
    tab.runtime.destroy()
  })
  it('and answers at any moment while somebody withdraws again, leaves nobody out', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const asked: string[] = []
      let answer = (): void => {}
      const first = new Promise<void>((resolve) => (answer = resolve))
      vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
        const { visitor } = JSON.parse(body) as { visitor: string }
        asked.push(visitor)
        await (visitor === asked[0] ? first : new Promise(() => {}))
        return new Response('{}', { status: 200 })
      })
      const tab = createTab({}, { loadRules: async () => createRulesChunk() })
      await tab.settled()
      const visitors = [(await tab.stored())?.visitor]
      tab.tell({ type: 'consent', consent: 'denied' })
      await vi.waitFor(() => expect(asked).toContain(visitors[0]))
      tab.tell({ type: 'consent', consent: 'granted' })
      await tab.settled()
      visitors.push((await tab.stored())?.visitor)
      tab.tell({ type: 'consent', consent: 'denied' })
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      answer()
      await vi.waitFor(async () => {
        expect(asked).toContain(visitors[1])
        expect((await tab.stored())?.erase, `answered after ${turns} turns`).toContain(visitors[1])
      })
      tab.runtime.destroy()
    }
  })
})

/** A browser in which a reload broke a survey off, in the middle of its answers. */
async function brokenOff(more: Parameters<typeof createTab>[1] = {}) {
  type Held = (held: object) => unknown
  const request = async (_name: string, _how: object, work: Held): Promise<unknown> => work({})
  vi.stubGlobal('navigator', { languages: [], locks: { request } })
  const database = createFakeDatabase()
  const before = createTab({}, { database })
  await before.settled()
  const at = before.clock.now()
  const session = before.runtime.state().memory?.session.id ?? ''
  const about = { trigger: 'exit' as const }
  const progress = { response: 'r', at, version: 1, about, answers: { score: 9 }, revisions: {} }
  await before.store.changeMemory((stored) => ({
    ...(stored as Memory),
    asks: [{ survey: 'q', response: 'r', at, session }],
    surveys: { q: { answered: at, seen: 'r', progress } },
  }))
  before.runtime.destroy()
  const survey = aSurvey({ id: 'q', triggers: [{ on: 'exit' }] })
  const loadRules = async () => createRulesChunk()
  return { database, tab: createTab({ surveys: [survey] }, { database, loadRules, ...more }) }
}

describe('a survey that a reload broke off', () => {
  it('has been asked, also when something comes between and it cannot be gone on with', async () => {
    const { database, tab } = await brokenOff()
    const { transact } = database
    let paused = false
    database.transact = async (work) => {
      const result = await transact(work)
      if (!paused && tab.runtime.state().claiming?.cause === 'resume') {
        paused = true
        tab.tell({ type: 'pause' })
        await tab.settled()
      }
      return result
    }
    await vi.waitFor(() => expect(paused).toBe(true))
    await tab.settled()
    expect(tab.runtime.state()).toMatchObject({ showing: null, claiming: null })
    expect((await tab.stored())?.asks).toMatchObject([{ response: 'r' }])
    tab.runtime.destroy()
  })
  it('has been asked, also when its card cannot be drawn now', async () => {
    const { tab } = await brokenOff({ loadCard: () => Promise.reject(new Error('offline')) })
    await vi.waitFor(() => expect(JSON.stringify(tab.heard)).toContain('card_unavailable'))
    await tab.settled()
    expect((await tab.stored())?.asks).toMatchObject([{ response: 'r' }])
    tab.runtime.destroy()
  })
})

describe('several tabs', () => {
  it('each adds its traits to those that another one has learned', async () => {
    const database = createFakeDatabase()
    const one = createTab({}, { database })
    const two = createTab({}, { database })
    await one.settled()
    one.tell({ type: 'identify', person: 'ann', traits: { plan: 'pro' } })
    await one.settled()
    two.tell({ type: 'identify', person: 'ann', traits: { seats: 5 } })
    await two.settled()
    expect((await one.stored())?.traits).toEqual({ plan: 'pro', seats: 5 })
    one.runtime.destroy()
    two.runtime.destroy()
  })
})

describe('storage that fails before a survey is claimed', () => {
  it('takes neither consent nor visitor with it', async () => {
    const tab = createTab({ surveys: [onEvent] }, { consentRequired: true })
    tab.tell({ type: 'consent', consent: 'granted' })
    await tab.settled()
    const visitor = tab.runtime.state().memory?.visitor
    ;(tab.database as ReturnType<typeof createFakeDatabase>).fails = true
    tab.tell({ type: 'show', wish: { survey: 'q', cause: 'show' } })
    await tab.settled()
    expect(tab.heard.filter(({ name }) => name === 'suppressed')).toEqual([])
    expect(tab.runtime.state().showing?.survey.id).toBe('q')
    const kept = await tab.store.readMemory()
    expect(kept).toMatchObject({ visitor, consent: 'granted' })
    tab.runtime.destroy()
  })
})

describe('a claim that something came between', () => {
  it('does not count', async () => {
    const database = createFakeDatabase()
    const tab = createTab({ surveys: [onEvent] }, { database })
    await tab.settled()
    const { transact } = database
    database.transact = async (work) => {
      const result = await transact(work)
      tab.tell({ type: 'pause' })
      await tab.settled()
      return result
    }
    tab.tell({ type: 'show', wish: { survey: 'q', cause: 'show' } })
    await tab.settled()
    await tab.settled()
    database.transact = transact
    await tab.settled()
    expect(tab.runtime.state().showing).toBeNull()
    expect((await tab.stored())?.asks).toEqual([])
    tab.runtime.destroy()
  })
})

describe('a transaction that was taken for lost, and was done all the same', () => {
  /** As IndexedDB is used: what gave no answer in time is run once more, over a new connection, after what was pending. */
  function lateOnce(tab: ReturnType<typeof createTab>): void {
    const { transact } = tab.database
    tab.database.transact = async (work) => {
      await transact(work)
      tab.database.transact = transact
      return transact(work)
    }
  }

  it.each([
    ['by the basic step', onEvent, {}],
    [
      'by the rules',
      aSurvey({ id: 'q', triggers: [{ on: 'event', name: 'bought' }] }),
      { loadRules: async () => createRulesChunk() },
    ],
  ])('has claimed a survey, which is shown, and once: %s', async (_who, survey, parts) => {
    const tab = createTab({ surveys: [survey] }, parts)
    await tab.settled()
    lateOnce(tab)
    tab.tell({ type: 'show', wish: { survey: 'q', cause: 'show' } })
    await tab.settled()
    expect(tab.heard.filter(({ name }) => name === 'suppressed')).toEqual([])
    expect(tab.runtime.state().showing?.survey.id).toBe('q')
    expect((await tab.stored())?.asks).toHaveLength(1)
    tab.runtime.destroy()
  })

  it('has counted an event, and once', async () => {
    const second = aSurvey({ id: 'q', triggers: [{ on: 'event', name: 'bought', nth: 2 }] })
    const tab = createTab({ surveys: [second] }, { loadRules: async () => createRulesChunk() })
    await tab.settled()
    lateOnce(tab)
    tab.tell({ type: 'track', id: 'e1', name: 'bought', props: {} })
    await tab.settled()
    expect(tab.runtime.state().showing).toBeNull()
    expect(Object.values((await tab.stored())?.counts ?? {})).toEqual([1])
    tab.tell({ type: 'track', id: 'e2', name: 'bought', props: {} })
    await tab.settled()
    expect(tab.runtime.state().showing?.survey.id).toBe('q')
    tab.runtime.destroy()
  })

  it('has counted the page, and once', async () => {
    const database = createFakeDatabase()
    const { transact } = database
    database.transact = async (work) => {
      await transact(work)
      database.transact = transact
      return transact(work)
    }
    const tab = createTab({}, { database })
    await tab.settled()
    expect(await tab.stored()).toMatchObject({ pages: 1, sessions: 1 })
    tab.runtime.destroy()
  })
})

describe('a clock that is set back', () => {
  const paged = nps({ id: 'p', name: 'A', triggers: [{ on: 'page', delay: 5 }] })
  it.each([3_600_000, 40 * 86_400_000])(
    'while a page waits for its survey does not put it off: by %d ms',
    async (span) => {
      const inner = createFakeClock()
      let back = 0
      const clock = { ...inner, now: () => (inner.now() - back) as Instant }
      const tab = createTab({ surveys: [paged] }, { clock })
      await tab.settled()
      back = span
      await inner.advance(4999)
      expect(tab.runtime.state().showing).toBeNull()
      await inner.advance(1)
      expect(tab.runtime.state().showing?.survey.id).toBe('p')
      expect(inner.wakings()).toBeLessThan(10)
      tab.runtime.destroy()
    },
  )
  it('by weeks makes no wait none', () => {
    const timer = vi.spyOn(globalThis, 'setTimeout')
    const cancel = createClock().wait(40 * 86_400_000, () => {})
    // What is longer a browser takes for none.
    expect(timer.mock.calls.at(-1)?.[1]).toBe(2 ** 31 - 1)
    cancel()
    timer.mockRestore()
  })
})

describe('a client that was destroyed at once', () => {
  it('keeps nothing', async () => {
    const tab = createTab()
    tab.runtime.destroy()
    await tab.settled()
    expect(await tab.stored()).toBeUndefined()
  })
})

describe('surveys that cannot be fetched', () => {
  it('are asked for by one timer, however often a new visitor began while they were', async () => {
    let asked = 0
    const pending: ((error: Error) => void)[] = []
    const loadServed = (): Promise<never> => {
      asked++
      return new Promise((_done, fail) => pending.push(fail))
    }
    const tab = createTab({ served: true, surveys: [onEvent] }, { loadServed })
    await tab.settled()
    for (let count = 0; count < 4; count++) {
      tab.runtime.reset()
      await tab.settled()
    }
    expect(asked).toBe(5)
    for (const fail of pending) fail(new Error('offline'))
    await tab.settled()
    await tab.clock.advance(400_000)
    expect(asked).toBe(6)
    tab.runtime.destroy()
  })
})

describe('another tab', () => {
  it('has named somebody, and who is named here is somebody else', async () => {
    const database = createFakeDatabase()
    const [here, there] = [createTab({}, { database }), createTab({}, { database })]
    await here.settled()
    await there.settled()
    there.tell({ type: 'identify', person: 'ann', traits: { plan: 'pro' } })
    await there.settled()
    const ann = await there.stored()
    here.tell({ type: 'identify', person: 'bob', traits: { seats: 2 } })
    await here.settled()
    const bob = await here.stored()
    expect(bob).toMatchObject({ person: 'bob', traits: { seats: 2 } })
    expect(bob?.traits).not.toHaveProperty('plan')
    expect(bob?.visitor).not.toBe(ann?.visitor)
    for (const tab of [here, there]) tab.runtime.destroy()
  })
  it('has begun anew, and so does this one before it names anybody, or sends anything', async () => {
    const database = createFakeDatabase()
    const [here, there] = [createTab({}, { database }), createTab({}, { database })]
    await here.settled()
    const before = (await here.stored())?.visitor
    there.runtime.reset()
    await there.settled()
    const after = (await there.stored())?.visitor
    expect(after).not.toBe(before)
    here.tell({ type: 'identify', person: 'ann', traits: {} })
    await here.settled()
    expect(await here.stored()).toMatchObject({ person: 'ann', visitor: after })
    expect((await here.rows()).map(({ event }) => event.visitor)).toEqual([after])
    there.runtime.reset()
    await there.settled()
    await here.runtime.flush()
    here.tell({ type: 'track', id: 'e', name: 'x', props: {} })
    await here.settled()
    expect((await here.rows()).map(({ event }) => event.visitor)).toEqual([(await there.stored())?.visitor])
    for (const tab of [here, there]) tab.runtime.destroy()
  })
})

import { csat, type Question, type Survey } from '@earshot/sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RunningCollector, startCollectorProcess, writeKey } from '../e2e/collector.ts'
import { type RunningServer, startHostPage } from '../e2e/line.ts'
import type { Key, RunningEngine, Tab } from './engine.ts'
import { createProfile, miss, others, type Profile, see, shoot, textOf } from './stage.ts'

// Every kind of question as the script tag brings it, answered one after the other, and stored by a real collector.
const [scale] = csat({ id: 'x', name: 'Acme' }).questions
const options = [
  { id: 'a', label: 'Price' },
  { id: 'b', label: 'Service' },
  { id: 'c', label: 'Plants' },
]
const questions: Question[] = [
  { ...scale, id: 'stars', title: 'All in all?', look: 'stars' } as Question,
  { ...scale, id: 'faces', title: 'And the shop?', look: 'faces' } as Question,
  {
    ...scale,
    id: 'thumbs',
    title: 'And the way here?',
    look: 'thumbs',
    max: 2,
    positive: [2],
    negative: [1],
  } as Question,
  { kind: 'choice', id: 'one', title: 'What was it?', options, other: 'Other', required: true },
  { kind: 'choice', id: 'several', title: 'What else?', options, multiple: true },
  { kind: 'yesno', id: 'again', title: 'Would you come again?', yes: 'Yes', no: 'No' },
  { kind: 'statement', id: 'read', title: 'Two more', text: 'And then it is over.' },
  { kind: 'text', id: 'mail', title: 'Where do we reach you?', input: 'email', maxLength: 100 },
  { kind: 'text', id: 'why', title: 'Anything else?', maxLength: 500 },
]
const survey = (id: string, locale: string): Survey => ({
  id,
  version: 1,
  locale,
  triggers: [],
  recontact: { answered: 0, dismissed: 0, shown: 0 },
  questions,
  thanks: { title: 'Thank you', text: 'Goodbye.' },
})
const ways = ['mouse', 'keys', 'arabic'] as const

let collector: RunningCollector
let host: RunningServer
let arabic: RunningServer
beforeAll(async () => {
  collector = await startCollectorProcess()
  await collector.putSettings({ limits: { quiet: 0, perSession: 50 } })
  for (const name of others)
    for (const way of ways) await collector.put(survey(`${name}-${way}`, way === 'arabic' ? 'ar' : 'en'))
  const tag = { src: `${collector.url}/earshot.js`, 'data-key': writeKey }
  host = await startHostPage(tag)
  arabic = await startHostPage({ ...tag, 'data-locale': 'ar' }, 'document.documentElement.dir="rtl"')
})
afterAll(async () => {
  await arabic?.close()
  await host?.close()
  await collector?.remove()
})

describe.each(others)('every kind of question in %s', (name) => {
  let profile: Profile
  let browser: RunningEngine
  let tab: Tab
  beforeAll(async () => {
    profile = await createProfile(name)
    browser = await profile.launch({ reducedMotion: true })
    tab = await browser.open()
  })
  beforeEach(() => void browser.complaints())
  afterAll(() => profile.remove())

  async function show(way: (typeof ways)[number], url: string): Promise<void> {
    await tab.go(url)
    await vi.waitFor(async () =>
      expect(await tab.run(() => typeof (window.earshot as { destroy?: unknown } | undefined)?.destroy)).toBe(
        'function',
      ),
    )
    await tab.run((id) => window.earshot.show(id, { force: true }), `${name}-${way}`)
    await see(tab, '.card')
  }
  const isAt = (title: string): Promise<void> =>
    vi.waitFor(async () => expect(await textOf(tab, '.title')).toContain(title))
  /** What came of it, as the collector tells it; it ends with the thanks. */
  async function completed(way: (typeof ways)[number], answers: Record<string, unknown>): Promise<void> {
    await see(tab, 'h2.title')
    const wanted = Object.entries(answers).map(([id, value]) => [id, { value }])
    await vi.waitFor(
      async () =>
        expect(await collector.responses(`${name}-${way}`)).toMatchObject([
          { status: 'completed', answers: Object.fromEntries(wanted) },
        ]),
      45_000,
    )
    const events = await collector.events(`${name}-${way}`)
    expect(events.filter(({ type }) => type === 'complete')).toHaveLength(1)
    await tab.click('.close')
    await miss(tab, '[data-earshot]')
    expect(browser.complaints()).toEqual([])
  }

  it('is answered by the mouse, and goes on by itself where one press is the answer', async () => {
    await tab.size(1280, 800)
    await show('mouse', host.url)
    await isAt('All in all?')
    await tab.click('input[value="4"]')
    await isAt('And the shop?')
    await shoot(tab, `kinds-${name}-1280-faces`)
    await tab.click('input[value="5"]')
    await isAt('And the way here?')
    await shoot(tab, `kinds-${name}-1280-thumbs`)
    await tab.click('input[value="1"]')
    await isAt('What was it?')
    await tab.click('input[value=other]')
    await tab.click('input[type=text]')
    await tab.type('Coffee')
    await shoot(tab, `kinds-${name}-1280-choice`)
    await tab.click('.send')
    await isAt('What else?')
    await tab.click('input[value=a]')
    await tab.click('input[value=c]')
    await tab.click('.send')
    await isAt('Would you come again?')
    await tab.click('input[value=false]')
    await isAt('Two more')
    await tab.click('.send')
    await isAt('Where do we reach you?')
    await tab.click('.field')
    await tab.type('nowhere')
    await tab.click('.send')
    await see(tab, '.flaw')
    await tab.click('.field')
    await tab.type('@example.com')
    await tab.click('.send')
    await isAt('Anything else?')
    await tab.click('.field')
    await tab.type('Nothing')
    await tab.click('.send')
    await completed('mouse', {
      stars: 4,
      faces: 5,
      thumbs: 1,
      one: ['other'],
      several: ['a', 'c'],
      again: false,
      mail: 'nowhere@example.com',
      why: 'Nothing',
    })
  })

  const focused = (): Promise<string> =>
    tab.run(() => document.activeElement?.shadowRoot?.activeElement?.tagName ?? 'nothing of the card')
  /** Answers by keys, from where the focus is: on a text that is written, or else on the words of the question. */
  async function enter(title: string, ...keys: (Key | { text: string })[]): Promise<void> {
    await isAt(title)
    expect(await focused(), `has the focus at "${title}"`).toMatch(/^(LEGEND|H2|INPUT|TEXTAREA)$/)
    if (/LEGEND|H2/.test(await focused())) await tab.press('Tab')
    for (const key of keys) await (typeof key === 'string' ? tab.press(key) : tab.type(key.text))
    await tab.press('Enter')
  }
  /** Brings the focus to the card that has come by itself. */
  async function reach(): Promise<void> {
    await tab.click('input[aria-label=Search]')
    for (let stop = 0; stop < 5; stop++) {
      await tab.press('Tab')
      if ((await focused()) === 'INPUT') return
    }
    throw new Error('The card cannot be reached by Tab.')
  }

  it('is answered by keys alone, on a sheet at the bottom of a window of 320 pixels', async () => {
    await tab.size(320, 640)
    await show('keys', host.url)
    const { left, right, bottom } = await tab.run(
      () => seek('.card')!.getBoundingClientRect().toJSON() as DOMRect,
    )
    expect([left, right, bottom].map(Math.round)).toEqual([0, 320, 640])
    await reach()
    await enter('All in all?', { text: '5' })
    await enter('And the shop?', { text: '3' }, 'ArrowRight')
    await enter('And the way here?', { text: '2' })
    await enter('What was it?', 'ArrowDown', 'ArrowDown', 'ArrowUp')
    await enter('What else?', 'Space', 'Tab', 'Space')
    await shoot(tab, `kinds-${name}-320-several`)
    await enter('Would you come again?', 'Space')
    // Past the way back.
    await enter('Two more', 'Tab')
    await enter('Where do we reach you?', { text: 'ada@example.com' })
    await isAt('Anything else?')
    await tab.type('Nothing')
    // In a text of several lines, Enter is a line.
    await tab.press('Tab', 'Tab')
    await shoot(tab, `kinds-${name}-320-why`)
    await tab.press('Enter')
    await completed('keys', {
      stars: 5,
      faces: 4,
      thumbs: 2,
      one: ['b'],
      several: ['a', 'b'],
      again: true,
      mail: 'ada@example.com',
      why: 'Nothing',
    })
  })

  it('is answered from right to left, where arrows lead both ways', async () => {
    await tab.size(320, 640)
    await show('arabic', arabic.url)
    expect(await tab.run(() => seek('.card')!.dir)).toBe('rtl')
    await shoot(tab, `kinds-${name}-320-ar`)
    await reach()
    await enter('All in all?', { text: '3' }, 'ArrowLeft', 'ArrowRight')
    await enter('And the shop?', { text: '3' }, 'ArrowRight', 'ArrowLeft')
    await isAt('And the way here?')
    await tab.click('input[value="2"]')
    await isAt('What was it?')
    await tab.click('input[value=c]')
    await isAt('What else?')
    for (const title of ['Would you come again?', 'Two more', 'Where do we reach you?', 'Anything else?']) {
      // Skips it, where it can be.
      await tab.click('.acts button:last-child')
      await isAt(title)
    }
    await tab.click('.send')
    await completed('arabic', { stars: 3, faces: 3, thumbs: 2, one: ['c'] })
  })
})

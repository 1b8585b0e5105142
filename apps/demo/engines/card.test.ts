import { nps, type Survey } from '@earshot/sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RunningCollector, startCollectorProcess, writeKey, readResponses } from '../e2e/collector.ts'
import { type RunningServer, startHostPage } from '../e2e/line.ts'
import { storedMemory } from '../e2e/respondent.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import type { RunningEngine, Tab } from './engine.ts'
import { createProfile, engines, miss, type Profile, see, shoot, textOf } from './stage.ts'

// The script tag as it is built, in each engine: asked by a real page, answered with a real mouse and real keys, stored by a real collector.
let demo: Demo
let collector: RunningCollector
let host: RunningServer
beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
  collector = await startCollectorProcess()
  // One visitor sees all of these.
  await collector.putSettings({ limits: { quiet: 0, perSession: 50 } })
  for (const each of surveys) await collector.put(each)
  host = await startHostPage({ src: `${collector.url}/earshot.js`, 'data-key': writeKey })
})
afterAll(async () => {
  await host?.close()
  await collector?.remove()
  await demo?.close()
})

const layouts = ['tab', 'modal', 'inline'] as const
/** A browser asks for the list of surveys once in a while only, so all of them are there from the beginning. */
const surveys: readonly Survey[] = engines.flatMap((name) =>
  [...Array.from({ length: 15 }, () => undefined), ...layouts].map((layout, index) => ({
    ...nps({ id: `${name}-${index}`, name: 'Acme' }),
    ...(layout && { layout }),
    ...(layout === 'inline' && { into: 'main' }),
  })),
)
const used = new Set<Survey>()
/** A survey that no other test has answered. */
function fresh(name: string, layout?: (typeof layouts)[number]): Survey {
  const found = surveys.find((each) => each.id.startsWith(name) && each.layout === layout && !used.has(each))
  if (!found) throw new Error('All surveys were answered; make more of them.')
  used.add(found)
  return found
}
const stored = (survey: Survey) => collector.responses(survey.id)
const completed = (survey: Survey, score: number, comment: string): Promise<void> =>
  // Whoever has tried in vain meanwhile waits up to half a minute by chance.
  vi.waitFor(async () => {
    const found = await stored(survey)
    expect(found).toMatchObject([{ status: 'completed', answers: { score: { value: score } } }])
    expect(Object.values(found[0]?.answers ?? {}).map(({ value }) => value)).toContain(comment)
  }, 45_000)
const ready = (tab: Tab): Promise<void> =>
  vi.waitFor(async () =>
    expect(await tab.run(() => typeof (window.earshot as { destroy?: unknown } | undefined)?.destroy)).toBe(
      'function',
    ),
  )
/** Shows a survey on the page. */
async function show(
  tab: Tab,
  survey: Survey,
  options: object = { force: true },
  url = host.url,
): Promise<void> {
  await tab.go(url)
  await ready(tab)
  await tab.run((id, how) => window.earshot.show(id, how), survey.id, options)
}
const chosen = (tab: Tab): Promise<string | undefined> =>
  tab.run(() => (seek('input:checked') as HTMLInputElement | null)?.value)
const focused = (tab: Tab): Promise<string> =>
  tab.run(() => {
    const outer = document.activeElement
    const inner = outer?.shadowRoot?.activeElement ?? outer
    return inner?.className || (inner?.tagName ?? '')
  })

describe.each(engines)('in %s', (name) => {
  let profile: Profile
  let browser: RunningEngine
  let tab: Tab
  beforeAll(async () => {
    profile = await createProfile(name)
    browser = await profile.launch({ reducedMotion: true })
    console.info(`${name}: ${browser.version}`)
    tab = await browser.open()
    await tab.size(1280, 800)
  })
  beforeEach(() => void browser.complaints())
  afterAll(() => profile.remove())

  it('the shop asks after an order, takes score and comment by the mouse, and stores one response', async () => {
    const read = () => readResponses(demo.collectorUrl, demo.adminToken, 'shop-nps')
    const before = new Set((await read()).map(({ id }) => id))
    await tab.go(demo.demoUrl)
    await tab.click('a[href*="/product"]')
    // The page's own script may not have come yet.
    await vi.waitFor(async () => {
      await tab.click('#add')
      expect(await tab.run(() => seek('#go')?.checkVisibility())).toBe(true)
    })
    await tab.click('#go')
    await tab.click('main a[href="/checkout"]')
    await vi.waitFor(async () => {
      if (await tab.run(() => location.pathname !== '/order')) await tab.click('#checkout button')
      expect(await tab.run(() => location.pathname)).toBe('/order')
    })
    await see(tab, '.card')
    await shoot(tab, `shop-${name}-1280`)
    await tab.click('input[value="10"]')
    await tab.click('textarea')
    await tab.type('Good handles.')
    await tab.click('.send')
    await vi.waitFor(async () => expect(await textOf(tab, 'h2.title')).toContain('Thank you'))
    await vi.waitFor(async () =>
      expect((await read()).filter(({ id }) => !before.has(id))).toMatchObject([
        {
          status: 'completed',
          answers: { score: { value: 10 }, 'why-promoter': { value: 'Good handles.' } },
        },
      ]),
    )
    await tab.click('.close')
    await miss(tab, '[data-earshot]')
    expect(browser.complaints()).toEqual([])
  })

  it('by keys alone: arrows and digits choose, Enter goes on, and Escape leaves the thanks', async () => {
    const survey = fresh(name)
    await show(tab, survey)
    await see(tab, '.card')
    await tab.press('ArrowRight')
    expect(['0', '1']).toContain(await chosen(tab))
    await tab.type('5')
    await tab.type('0')
    await tab.press('ArrowLeft')
    // In WebKit arrows end where the scale does; that is the engine's own.
    expect(await chosen(tab)).toBe(name === 'webkit' ? '0' : '10')
    await tab.press('ArrowRight')
    expect(await chosen(tab)).toBe(name === 'webkit' ? '1' : '0')
    await tab.type('7')
    expect(await chosen(tab)).toBe('7')
    await tab.type('10')
    expect(await chosen(tab)).toBe('10')
    expect((await stored(survey)).map(({ answers }) => answers).filter((each) => 'score' in each)).toEqual([])
    await tab.press('Enter')
    await see(tab, 'textarea')
    for (let stop = 0; stop < 5 && (await focused(tab)) !== 'field'; stop++) await tab.press('Tab')
    await tab.type('By keys')
    await tab.press('Escape')
    expect(await chosen(tab)).toBe('10')
    await tab.press('Tab', 'Enter')
    await vi.waitFor(async () => expect(await textOf(tab, 'h2.title')).toContain('Thank you'))
    await tab.press('Escape')
    await miss(tab, '[data-earshot]')
    await completed(survey, 10, 'By keys')
    expect(browser.complaints()).toEqual([])
  })

  it('a card that appears by itself takes no focus, and is reached by Tab', async () => {
    const survey = fresh(name)
    await tab.go(host.url)
    await ready(tab)
    await tab.click('input[aria-label=Search]')
    await tab.run((id) => window.earshot.show(id), survey.id)
    await see(tab, '.card')
    expect(await tab.run(() => document.activeElement?.ariaLabel)).toBe('Search')
    for (let stop = 0; stop < 5 && (await focused(tab)) !== 'score'; stop++) await tab.press('Tab')
    expect(await focused(tab)).toBe('score')
    await tab.press('Space')
    expect(await chosen(tab)).toBe('0')
    await tab.press('Escape')
    await miss(tab, '[data-earshot]')
    expect(await tab.run(() => document.activeElement?.ariaLabel)).toBe('Search')
    expect(browser.complaints()).toEqual([])
  })

  it.each([
    [320, 568, 2, 40],
    [360, 640, 1, 24],
    [768, 800, 1, 32],
    [1280, 800, 1, 32],
  ])(
    'at %i by %i the eleven scores are in %i rows of targets of %i by 44 or more, and nothing scrolls sideways',
    async (width, height, rows, least) => {
      const survey = fresh(name)
      await tab.size(width, height)
      await show(tab, survey)
      await see(tab, '.card')
      await shoot(tab, `card-${name}-${width}`)
      const boxes = await tab.run(() =>
        [...seek('.scale')!.querySelectorAll('input')].map((each) => {
          const { top, left, right, bottom, width: wide, height: high } = each.getBoundingClientRect()
          return { top: Math.round(top), left, right, bottom, wide, high }
        }),
      )
      expect(boxes).toHaveLength(11)
      expect(new Set(boxes.map(({ top }) => top)).size).toBe(rows)
      expect(Math.min(...boxes.map(({ wide }) => wide))).toBeGreaterThanOrEqual(least)
      expect(Math.min(...boxes.map(({ high }) => high))).toBeGreaterThanOrEqual(44)
      expect(Math.min(...boxes.map(({ left }) => left))).toBeGreaterThanOrEqual(0)
      expect(Math.max(...boxes.map(({ right }) => right))).toBeLessThanOrEqual(width)
      expect(Math.max(...boxes.map(({ bottom }) => bottom))).toBeLessThanOrEqual(height)
      const over = await tab.run(() => {
        const card = seek('.card')!
        return [document.documentElement.scrollWidth - innerWidth, card.scrollWidth - card.clientWidth]
      })
      expect(Math.max(...over)).toBeLessThanOrEqual(0)
      await tab.size(1280, 800)
    },
  )

  it('the strictest policy lets the card in, with all of its looks, and reports nothing', async () => {
    await tab.go(`${demo.demoUrl}/csp`)
    await see(tab, '.card')
    expect(
      await tab.run(() => {
        const { borderTopLeftRadius, position, maxWidth } = getComputedStyle(seek('.card')!)
        const sheets = document.querySelector('[data-earshot]')!.shadowRoot!.adoptedStyleSheets.length
        return { borderTopLeftRadius, position, maxWidth, sheets }
      }),
    ).toEqual({ borderTopLeftRadius: '12px', position: 'relative', maxWidth: 'none', sheets: 1 })
    await tab.click('input[value="8"]')
    await tab.click('textarea')
    await tab.type('Strict and fine')
    await tab.click('.send')
    await vi.waitFor(async () =>
      expect(await readResponses(demo.strictUrl, demo.adminToken, 'csp-nps')).toContainEqual(
        expect.objectContaining({ status: 'completed' }),
      ),
    )
    await tab.click('.close')
    await miss(tab, '[data-earshot]')
    // The policy allows no picture, and Firefox asks for one for its tab.
    expect(browser.complaints().filter((each) => !each.includes('/favicon.ico'))).toEqual([])
  })

  it('would have reported a violation: the check can fail', async () => {
    await tab.go(`${demo.demoUrl}/csp`)
    await tab.run(() => {
      const style = document.createElement('style')
      style.textContent = '*{color:red}'
      document.head.append(style)
    })
    await vi.waitFor(() => expect(browser.complaints().join()).toMatch(/Content[- ]Security[- ]Policy/i))
    // Whatever else it says of that page comes before the next one.
    await tab.go(host.url)
    browser.complaints()
  })

  it.each([
    ['at once', false],
    ['once it has its lock', true],
  ])('left %s: the way back leads to the survey as it was, and one response is stored', async (_, late) => {
    const survey = fresh(name)
    const marked = await startHostPage(
      { src: `${collector.url}/earshot.js`, 'data-key': writeKey },
      'addEventListener("pageshow",(event)=>{window.wasKept=event.persisted})',
    )
    try {
      await show(tab, survey, { force: true }, marked.url)
      await tab.click('input[value="4"]')
      await see(tab, 'textarea')
      // Nobody is as fast as a driver: the answer is stored, and that it was given is a moment later.
      await vi.waitFor(async () =>
        expect((await tab.run(storedMemory, writeKey))?.surveys?.[survey.id]?.answered).toBeDefined(),
      )
      if (late)
        await vi.waitFor(async () =>
          expect(await tab.run(async () => (await navigator.locks.query()).held?.length)).toBe(1),
        )
      await tab.go(`${demo.demoUrl}/help`)
      await tab.back()
      await see(tab, '.card textarea')
      const wasKept = await tab.run(() => (window as unknown as { wasKept: boolean }).wasKept)
      console.info(`${name}: ${wasKept ? 'from' : 'not from'} the back-forward cache`)
      expect(await chosen(tab)).toBe('4')
      await tab.click('textarea')
      await tab.type('Back again')
      await tab.click('.send')
      await completed(survey, 4, 'Back again')
      expect(browser.complaints()).toEqual([])
    } finally {
      await marked.close()
      // The driver of Firefox leads a tab nowhere else that came out of the cache.
      if (name === 'firefox') {
        await tab.close()
        tab = await browser.open()
        await tab.size(1280, 800)
      }
    }
  })

  it('as a dialog it keeps the focus inside and gives it back', async () => {
    const survey = fresh(name, 'modal')
    await tab.go(host.url)
    await ready(tab)
    await tab.click('input[aria-label=Search]')
    await tab.run((id) => window.earshot.show(id, { force: true }), survey.id)
    await see(tab, 'dialog:modal .card')
    expect(await focused(tab)).toBe('score')
    const seen = new Set<string>()
    for (let stop = 0; stop < 8; stop++) {
      await tab.press('Tab')
      seen.add(await focused(tab))
    }
    expect([...seen]).not.toContain('INPUT')
    expect([...seen]).toEqual(expect.arrayContaining(['soft later', 'soft never', 'close']))
    await tab.click('input[value="9"]')
    await tab.click('textarea')
    await tab.type('In a dialog')
    await tab.click('.send')
    await completed(survey, 9, 'In a dialog')
    await tab.click('.close')
    await miss(tab, '[data-earshot]')
    expect(await tab.run(() => document.activeElement?.ariaLabel)).toBe('Search')
    expect(browser.complaints()).toEqual([])
  })

  it('a tab at the edge opens the survey, and closing leads back to it', async () => {
    const survey = fresh(name, 'tab')
    await show(tab, survey, {})
    await see(tab, '.mini .fold')
    expect(await textOf(tab, '.fold')).toBe('Feedback')
    const box = await tab.run(() => {
      const { right, width, height } = seek('.fold')!.getBoundingClientRect()
      return [innerWidth - right, width, height]
    })
    expect(Math.round(box[0]!)).toBe(0)
    expect(Math.min(box[1]!, box[2]!)).toBeGreaterThanOrEqual(44)
    expect(box[2]).toBeGreaterThan(box[1]!)
    if (name !== 'webkit') await shoot(tab, `tab-${name}`)
    await tab.click('.fold')
    await see(tab, '.scale')
    await tab.click('.close')
    await see(tab, '.mini .fold')
    await tab.click('.fold')
    await tab.click('input[value="6"]')
    await tab.click('textarea')
    await tab.type('From the edge')
    await tab.click('.send')
    await completed(survey, 6, 'From the edge')
    expect(browser.complaints()).toEqual([])
  })

  it('inline it is a part of the page', async () => {
    const survey = fresh(name, 'inline')
    await show(tab, survey, {})
    await see(tab, '.card')
    expect(await tab.run(() => seek('[data-earshot]')?.parentElement?.tagName)).toBe('MAIN')
    expect(await tab.run(() => getComputedStyle(seek('[data-earshot]')!).position)).toBe('static')
    await shoot(tab, `inline-${name}`)
    await tab.click('input[value="5"]')
    await tab.click('textarea')
    await tab.type('In the page')
    await tab.click('.send')
    await completed(survey, 5, 'In the page')
    expect(browser.complaints()).toEqual([])
  })

  it('stays in reach when the page opens a dialog over it', async () => {
    const survey = fresh(name)
    await show(tab, survey, {})
    await see(tab, '.card')
    await tab.run(() => {
      const dialog = document.createElement('dialog')
      dialog.innerHTML = '<p>The page asks</p><button>Close</button>'
      document.body.append(dialog)
      dialog.showModal()
    })
    await vi.waitFor(async () =>
      expect(await tab.run(() => seek('[data-earshot]')?.closest('dialog') !== null)).toBe(true),
    )
    await tab.click('input[value="3"]')
    await tab.click('textarea')
    await tab.type('Over a dialog')
    await tab.click('.send')
    await completed(survey, 3, 'Over a dialog')
    expect(browser.complaints()).toEqual([])
  })

  it.each([
    ['de', 'ltr', 'Wie wahrscheinlich'],
    ['pt-PT', 'ltr', 'Qual é a probabilidade'],
    ['ar', 'rtl', 'Acme'],
    ['he', 'rtl', 'Acme'],
    ['ja', 'ltr', 'Acme'],
    ['zh-CN', 'ltr', 'Acme'],
  ])('asks in %s, %s', async (language, dir, words) => {
    const survey = fresh(name)
    const page = await startHostPage({
      src: `${collector.url}/earshot.js`,
      'data-key': writeKey,
      'data-locale': language,
    })
    try {
      await show(tab, survey, {}, page.url)
      await see(tab, '.card')
      const title = await textOf(tab, 'legend')
      expect(title).toContain(words)
      expect(title).not.toContain('How likely')
      expect(await tab.run(() => [seek('.card')!.dir, seek('[data-earshot]')!.lang.split('-')[0]])).toEqual([
        dir,
        language.split('-')[0],
      ])
      await shoot(tab, `language-${name}-${language}`)
      expect(browser.complaints()).toEqual([])
    } finally {
      await page.close()
    }
  })
})

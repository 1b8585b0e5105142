import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { giveAnswer, seed } from '../e2e/dashboardSeed.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import type { RunningEngine, Tab } from './engine.ts'
import { createProfile, miss, others, type Profile, see, shoot, textOf, violationsOf } from './stage.ts'

// The dashboard as it is built, served by a real collector with answers in it.
let demo: Demo
beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
  await seed(demo)
}, 120_000)
afterAll(() => demo?.close())

/** Waits until all that was asked for is drawn. */
async function settled(tab: Tab): Promise<void> {
  await see(tab, 'h1')
  await miss(tab, '.waiting')
}

/** Signs in by keys. */
async function signIn(tab: Tab): Promise<void> {
  await tab.go(`${demo.collectorUrl}/dashboard?period=90d`)
  await see(tab, 'input')
  await tab.click('input')
  await tab.type(demo.adminToken)
  await tab.press('Enter')
  await vi.waitFor(async () => expect(await textOf(tab, 'h1')).toBe('Overview'))
  await settled(tab)
}

const places = [
  ['overview', '?period=90d'],
  ['surveys', '/surveys'],
  ['survey', '/surveys/shop-nps-made?period=90d'],
  ['segments', '/surveys/shop-nps-made?view=segments&period=90d'],
  ['questions', '/surveys/delivery-csat?view=questions&period=90d'],
  ['comments', '/surveys/delivery-csat?view=comments&period=90d&question=reason'],
  ['answers', '/answers?period=7d'],
  ['cases', '/cases'],
  ['editor', '/editor/shop-nps-made'],
  ['followUps', '/follow-ups'],
  ['keys', '/settings?view=keys'],
  ['privacy', '/settings?view=privacy'],
] as const

describe.each(others)('the dashboard in %s', (name) => {
  describe.each(['light', 'dark'] as const)('%s', (scheme) => {
    let profile: Profile
    let browser: RunningEngine
    let tab: Tab
    beforeAll(async () => {
      profile = await createProfile(name)
      browser = await profile.launch({ dark: scheme === 'dark', reducedMotion: true })
      tab = await browser.open()
      await tab.size(1280, 800)
      await signIn(tab)
    })
    afterAll(() => profile.remove())
    beforeEach(() => void browser.complaints())

    it(
      'shows its pages without a violation of axe, a complaint in the console, or a sideways scroll, at 1280 and 320 pixels',
      { timeout: 600_000 },
      async () => {
        const found: string[] = []
        for (const [width, height] of [
          [1280, 800],
          [320, 640],
        ] as const) {
          await tab.size(width, height)
          for (const [place, path] of places) {
            await tab.go(`${demo.collectorUrl}/dashboard${path}`)
            await settled(tab)
            for (const each of await violationsOf(tab)) found.push(`${place}, ${width}: ${each}`)
            const over = await tab.run(() => document.documentElement.scrollWidth - innerWidth)
            if (over > 0) found.push(`${place}, ${width}: ${over} px too wide`)
            for (const each of browser.complaints()) found.push(`${place}, ${width}: ${each}`)
            await shoot(tab, `dashboard-${name}-${scheme}-${width}-${place}`)
          }
        }
        expect(found).toEqual([])
        await tab.size(1280, 800)
      },
    )

    it('shows the words of a survey whole in the editor, and scrollbars in the colours of the scheme', async () => {
      await tab.size(1280, 800)
      await tab.go(`${demo.collectorUrl}/dashboard/editor/shop-nps-made`)
      await settled(tab)
      await see(tab, '.field textarea')
      const { texts, cut, bars, edge } = await tab.run(() => {
        const fields = [...document.querySelectorAll('textarea')].filter(
          (each) => each.checkVisibility() && each.matches('.field textarea:not(.editor textarea)'),
        )
        const { scrollbarColor } = getComputedStyle(document.body)
        return {
          texts: fields.length,
          cut: fields.filter((each) => each.scrollHeight > each.clientHeight + 1).map(({ value }) => value),
          // Not every engine lets a page say so.
          bars: scrollbarColor,
          edge: getComputedStyle(document.querySelector('.field textarea')!).borderTopColor,
        }
      })
      expect(texts).toBeGreaterThan(2)
      expect(cut).toEqual([])
      if (bars) expect(bars).toBe(`${edge} rgba(0, 0, 0, 0)`)
    })

    it('draws its charts where they are seen, in colours of the scheme', async () => {
      await tab.go(`${demo.collectorUrl}/dashboard/surveys/shop-nps-made?period=90d`)
      await settled(tab)
      await see(tab, 'svg.chart')
      const { charts, ground } = await tab.run(() => ({
        ground: getComputedStyle(document.body).backgroundColor,
        charts: [...document.querySelectorAll('svg.chart')].map((chart) => {
          const { width, height } = chart.getBoundingClientRect()
          const marks = [...chart.querySelectorAll<SVGGraphicsElement>('path,rect,circle,line,polyline')]
          const seen = marks.filter((each) => {
            const box = each.getBoundingClientRect()
            const { fill, stroke } = getComputedStyle(each)
            return box.width + box.height > 0 && (fill !== 'none' || stroke !== 'none')
          })
          const spilled = seen.filter((each) => {
            const box = each.getBoundingClientRect()
            const outer = chart.getBoundingClientRect()
            return box.right > outer.right + 8 || box.bottom > outer.bottom + 8
          })
          return { isLarge: width > 100 && height > 4, seen: seen.length, spilled: spilled.length }
        }),
      }))
      expect(ground).toMatch(scheme === 'dark' ? /^rgb\(\d\d, \d\d, \d\d\)$/ : /^rgb\(2\d\d, 2\d\d, 2\d\d\)$/)
      expect(charts.length).toBeGreaterThan(2)
      for (const chart of charts) {
        expect(chart).toMatchObject({ isLarge: true, spilled: 0 })
        expect(chart.seen).toBeGreaterThan(1)
      }
    })
  })

  describe('who has signed in', () => {
    let profile: Profile
    let browser: RunningEngine
    let tab: Tab
    beforeAll(async () => {
      profile = await createProfile(name)
      browser = await profile.launch({ reducedMotion: true })
      tab = await browser.open()
      await tab.size(1280, 800)
      await signIn(tab)
    })
    afterAll(() => profile.remove())

    it('stays so over a reload and in another tab, by a cookie that no script reads', async () => {
      // WebKit keeps no cookie that is for TLS alone without it, not even on the machine itself, so it is given another.
      const own = name === 'webkit' ? 'earshot-local' : '__Host-earshot'
      expect(await tab.cookies()).toEqual([own])
      expect(await tab.run(() => document.cookie)).toBe('')
      await tab.reload()
      await vi.waitFor(async () => expect(await textOf(tab, 'h1')).toBe('Overview'))
      const second = await browser.open()
      await second.go(`${demo.collectorUrl}/dashboard/settings?view=keys`)
      await vi.waitFor(async () => expect(await textOf(second, 'h1')).toBe('Settings: write keys'))
      await second.close()
      expect(browser.complaints()).toEqual([])
    })

    it('sees an answer in the numbers, and what is new, while the page stays as it is', async () => {
      await tab.go(`${demo.collectorUrl}/dashboard/surveys/shop-nps-made?period=90d`)
      await settled(tab)
      await vi.waitFor(async () => expect(await tab.run(() => document.body.innerText)).toContain('Live'))
      const count = (): Promise<number> =>
        tab.run(() => {
          const cards = [...document.querySelectorAll<HTMLElement>('section.card')]
          const card = cards.find((each) => each.querySelector('h2,h3')?.textContent?.trim() === 'NPS')
          return Number(/n = ([\d,]+)/.exec(card?.innerText ?? '')?.[1]?.replaceAll(',', '') ?? 0)
        })
      const before = await count()
      expect(before).toBeGreaterThan(10)
      await tab.run(() => void Object.assign(window, { isSame: true }))
      await giveAnswer(demo, 'shop-nps-made', 9)
      await vi.waitFor(async () => expect(await count()).toBe(before + 1))
      expect(await textOf(tab, '[role=status]')).toContain('1 new answer since you came')
      expect(await tab.run(() => (window as unknown as { isSame?: true }).isSame)).toBe(true)
      expect(browser.complaints()).toEqual([])
    })

    it('leaves, and is asked for a token again', async () => {
      await tab.run(() => {
        const leave = [...document.querySelectorAll('button')].find((each) => each.textContent === 'Sign out')
        leave!.id = 'leave'
      })
      await tab.click('#leave')
      await vi.waitFor(async () => expect(await textOf(tab, 'h1')).toBe('Sign in'))
      expect((await tab.cookies()).filter((each) => each.includes('earshot'))).toEqual([])
      await tab.go(`${demo.collectorUrl}/dashboard/settings`)
      await vi.waitFor(async () => expect(await textOf(tab, 'h1')).toBe('Sign in'))
    })
  })
})

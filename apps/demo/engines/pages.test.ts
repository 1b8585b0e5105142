import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { flaws } from '../e2e/flaws.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import type { RunningEngine, Tab } from './engine.ts'
import { createProfile, others, type Profile, see, shoot, violationsOf } from './stage.ts'

// The pages of the demo, the gallery with its frames among them, measured as in Chromium.
let demo: Demo
beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
})
afterAll(() => demo?.close())

const paths = [
  '/',
  '/product?id=trowel',
  '/help',
  '/spa',
  '/verify',
  '/triggers',
  '/gallery?type=nps',
  '/playground',
]

describe.each(others)('in %s', (name) => {
  describe.each(['light', 'dark'] as const)('%s', (scheme) => {
    let profile: Profile
    let browser: RunningEngine
    let tab: Tab
    beforeAll(async () => {
      profile = await createProfile(name)
      browser = await profile.launch({ dark: scheme === 'dark', reducedMotion: true })
      tab = await browser.open()
    })
    afterAll(() => profile.remove())

    it.each([
      [320, 568],
      [1280, 800],
    ])(
      'at %i by %i no page has a violation of axe, something cut off or too small, or a complaint in the console',
      { timeout: 300_000 },
      async (width, height) => {
        await tab.size(width, height)
        const found: string[] = []
        for (const path of paths) {
          await tab.go(demo.demoUrl + path)
          await see(tab, 'h1')
          // What is folded is seen by those who open it.
          await tab.run(() => document.querySelectorAll('details').forEach((each) => (each.open = true)))
          await shoot(tab, `demo-${name}-${scheme}-${width}-${path.replaceAll(/\W+/g, '')}`)
          // A bar that stays at the bottom of the window lies half over what is just there, which axe takes for small.
          await tab.run(() => scrollTo(0, document.documentElement.scrollHeight))
          const wrong = [...(await violationsOf(tab)), ...(await tab.run(flaws)), ...browser.complaints()]
          found.push(...wrong.map((each) => `${path}: ${each}`))
        }
        expect(found).toEqual([])
      },
    )

    it('the gallery shows cards that are as they are asked for', async () => {
      await tab.size(1280, 800)
      await tab.go(`${demo.demoUrl}/gallery?type=nps&state=&language=ar&scheme=dark&width=320`)
      const cards = (): Promise<(string | undefined)[]> =>
        tab.run(() =>
          [...document.querySelectorAll('iframe')].slice(0, 3).map((frame) => {
            const card = frame
              .contentDocument!.querySelector('[data-earshot]')
              ?.shadowRoot?.querySelector<HTMLElement>('.card')
            return card ? `${card.dir} ${getComputedStyle(card).backgroundColor}` : undefined
          }),
        )
      await vi.waitFor(async () => expect(await cards()).toEqual(Array(3).fill('rtl rgb(28, 32, 39)')))
      expect(browser.complaints()).toEqual([])
    })
  })
})

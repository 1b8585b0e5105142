import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import { settled, signIn } from './dashboardDoor.ts'
import { seed } from './dashboardSeed.ts'

// The pages on paper, and their first view on a phone.
let demo: Demo
let browser: Browser
beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
  await seed(demo)
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

async function visit(options: BrowserContextOptions, run: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', ...options })
  try {
    const page = await context.newPage()
    await signIn(page, demo.collectorUrl, demo.adminToken)
    await run(page)
  } finally {
    await context.close()
  }
}

async function open(page: Page, place: string): Promise<void> {
  await page.goto(`${demo.collectorUrl}/dashboard${place}`)
  await settled(page)
}

const places = [
  '',
  '/surveys',
  '/surveys/shop-nps-made?period=90d',
  '/surveys/shop-nps-made?view=segments&period=90d',
  '/surveys/delivery-csat?view=comments&period=90d&question=reason',
  '/surveys/shop-nps-made?view=questions',
  '/customers',
  '/recommendations?period=90d',
  '/cases',
  '/answers?period=7d',
  '/people/customer-3',
  '/deliveries',
  '/settings?view=audit',
]

it('nothing is cut off on paper, nothing is there that can only be pressed, and the days are named', async () => {
  // A4 with its margins.
  await visit({ viewport: { width: 688, height: 1000 } }, async (page) => {
    await page.emulateMedia({ media: 'print' })
    for (const place of places) {
      await open(page, place)
      const seen = await page.evaluate(() => {
        const isSeen = (each: Element): boolean => each.checkVisibility()
        const all = [...document.querySelectorAll('main *')].filter(isSeen)
        return {
          wide: document.documentElement.scrollWidth,
          cut: all.filter((each) => each.matches('.scroll') && each.scrollWidth > each.clientWidth + 1)
            .length,
          over: all.filter((each) => each.getBoundingClientRect().right > innerWidth + 1).length,
          buttons: all.filter((each) => each.matches('button, .button, summary, [type="file"]')).length,
          frame: [...document.querySelectorAll('.side, .skip')].filter(isSeen).length,
          days: [...document.querySelectorAll('.printed')].filter(isSeen).map((each) => each.textContent),
          picked: document.querySelectorAll('.tools select').length,
        }
      })
      const { days, picked, ...rest } = seen
      expect([place, rest]).toEqual([place, { wide: 688, cut: 0, over: 0, buttons: 0, frame: 0 }])
      expect(days.length, place).toBe(picked > 0 ? 1 : 0)
      for (const each of days) expect(each).toMatch(/^\d+ \w+ \d{4} to \d+ \w+ \d{4}, Europe\/Berlin$/)
    }
  })
})

it('the first view on a phone has the first number, also of a survey with a long question', async () => {
  await visit({ viewport: { width: 320, height: 640 } }, async (page) => {
    for (const place of ['', '/surveys/shop-nps-made?period=90d', '/customers']) {
      await open(page, place)
      const number = page.locator('p.number').first()
      await number.waitFor()
      const box = await number.boundingBox()
      expect([place, (box?.y ?? 0) + (box?.height ?? 0) < 640]).toEqual([place, true])
    }
    // The part that is open is in sight, though the row of parts is wider than the screen; from right to left too.
    for (const dir of ['ltr', 'rtl']) {
      await page.addInitScript((each) => {
        document.addEventListener('readystatechange', () => (document.documentElement.dir = each))
      }, dir)
      for (const view of ['', '&view=questions']) {
        await open(page, `/surveys/shop-nps-made?period=90d${view}`)
        expect(await page.evaluate(() => document.documentElement.dir)).toBe(dir)
        const tab = await page.locator('.tabs [aria-current]').boundingBox()
        expect((tab?.x ?? -1) >= 0 && (tab?.x ?? 0) + (tab?.width ?? 999) <= 320).toBe(true)
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
      }
    }
  })
})

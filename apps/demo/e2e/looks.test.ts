import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import { flaws } from './flaws.ts'

// Every page of the demo as it is seen: on a phone, a tablet and a desk, in the light and in the dark.
let demo: Demo
let browser: Browser
let page: Page

beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
})
afterAll(async () => {
  await browser.close()
  await demo.close()
})
afterEach(() => page.context().close())

const paths = [
  '/',
  '/product?id=trowel',
  '/basket',
  '/checkout',
  '/help',
  '/spa',
  '/verify',
  '/triggers',
  '/triggers/hours',
  '/gallery?type=nps',
  '/playground',
  '/csp',
  '/nowhere',
]

async function open(path: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
  const viewport = { width, height: width === 320 ? 568 : 800 }
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
  page = await context.newPage()
  await page.goto(demo.demoUrl + path)
  await page.waitForLoadState('networkidle')
  // What is folded is seen by those who open it.
  await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)))
}

async function violations(): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { run } = (window as unknown as { axe: typeof axe }).axe
    // Where a page has no colours of its own, axe takes its ground for white.
    const isBare = getComputedStyle(document.body).backgroundColor === 'rgba(0, 0, 0, 0)'
    // What is in a frame has a test of its own.
    const found = await run(document, {
      iframes: false,
      resultTypes: ['violations'],
      rules: { 'color-contrast': { enabled: !isBare } },
    })
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}

/** What has the focus, and whether it is what one sees at its place; null outside of the page. Runs on the page. */
function focused(): { index: number; text: string; isSeen: boolean } | null {
  const element = document.activeElement
  if (!element || element === document.body || element.closest('[data-earshot],iframe')) return null
  // A switch has its field over it, a choice its label.
  const outer = element.closest('label') ?? element
  const box = outer.getClientRects()[0]!
  const middle = (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2
  const top = document.elementFromPoint(Math.min(box.left + box.width / 2, innerWidth - 1), middle)
  const index = [...document.querySelectorAll('*')].indexOf(element)
  return { index, text: element.outerHTML.slice(0, 80), isSeen: outer.contains(top) }
}

/** What is between a phone and a desk is for the long run. */
const looks = [
  [320, 'light'],
  ...(process.env['EARSHOT_PAGES'] === 'all' ? ([[768, 'light']] as const) : []),
  [1280, 'dark'],
] as const

describe.each(paths)('%s', (path) => {
  it.each(looks)(
    'at %i pixels in the %s has no axe violation, nothing cut off, nothing too small',
    async (width, scheme) => {
      await open(path, width, scheme)
      expect(await violations()).toEqual([])
      expect(await page.evaluate(flaws)).toEqual([])
    },
  )
  it('on a phone, what has the focus is always seen, and every stop is reached by Tab', async () => {
    await open(path, 320)
    const stops = await page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLElement>('a,button,input,select,textarea,summary,iframe')].filter(
          (each) => each.tabIndex >= 0 && !(each as HTMLInputElement).disabled && each.checkVisibility(),
        ).length,
    )
    const seen = new Set<number>()
    const hidden: string[] = []
    for (let stop = 0; stop <= stops; stop++) {
      await page.keyboard.press('Tab')
      const at = await page.evaluate(focused)
      if (!at) break
      seen.add(at.index)
      // A card that is in the way makes room as soon as its code for that is there.
      const isSeen = await vi
        .waitFor(async () => expect((await page.evaluate(focused))?.isSeen).toBe(true))
        .then(
          () => true,
          () => false,
        )
      if (!isSeen) hidden.push(at.text)
    }
    expect(hidden).toEqual([])
    expect(seen.size).toBeGreaterThan(1)
  })
})

describe('these checks can fail', () => {
  it('colours, names, sizes, cut texts, what lies over the focus', async () => {
    await open('/help', 320)
    await page.addStyleTag({
      content:
        'summary{color:#ddd!important} button{height:12px!important;min-height:0!important;padding:0!important} p{overflow:hidden;white-space:nowrap}',
    })
    expect((await violations()).join()).toContain('color-contrast')
    const found = (await page.evaluate(flaws)).join()
    expect(found).toContain('is cut off')
    expect(found).toContain('by 12')
  })
})

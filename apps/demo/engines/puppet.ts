/** Chromium by its own protocol, and Firefox by WebDriver BiDi. */
import puppeteer, { type Browser, type ConsoleMessage, type Page } from 'puppeteer-core'
import { vi } from 'vitest'
import { chromiumFlags } from '../../../scripts/chromium.ts'
import { type Key, type Looks, middleOf, type RunningEngine, seekSource, type Tab } from './engine.ts'

/** What Firefox is told by its preferences, since no protocol of it can. */
function preferencesOf({
  dark,
  reducedMotion,
  forcedColors,
  touch,
  locale = 'en-US',
}: Looks): Record<string, unknown> {
  return {
    'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1,
    'ui.prefersReducedMotion': reducedMotion ? 1 : 0,
    'browser.display.document_color_use': forcedColors ? 2 : 0,
    // Bits: what points roughly, what points finely, what can hover.
    ...(touch && { 'ui.primaryPointerCapabilities': 1, 'ui.allPointerCapabilities': 1 }),
    'intl.accept_languages': locale,
    // Tests open tabs themselves.
    'browser.startup.page': 0,
    'datareporting.policy.dataSubmissionEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  }
}

/** Starts one on a profile in that folder. */
export async function launchPuppet(
  name: 'chromium' | 'firefox',
  program: string,
  profile: string,
  looks: Looks,
): Promise<RunningEngine> {
  const isFirefox = name === 'firefox'
  const browser = await puppeteer.launch({
    browser: isFirefox ? 'firefox' : 'chrome',
    executablePath: program,
    headless: true,
    userDataDir: profile,
    defaultViewport: null,
    ...(isFirefox
      ? { extraPrefsFirefox: preferencesOf(looks), args: [] }
      : {
          args: [
            ...chromiumFlags,
            `--lang=${looks.locale ?? 'en-US'}`,
            ...(looks.reducedMotion ? ['--force-prefers-reduced-motion'] : []),
          ],
        }),
  })
  const found: string[] = []
  const version = (await browser.version()).replace('/', ' ')
  return {
    name,
    version,
    open: () => openTab(browser, looks, isFirefox, found),
    complaints: () => found.splice(0),
    close: () => browser.close(),
    async kill() {
      const process = browser.process()
      if (!process || process.exitCode !== null || process.signalCode !== null) return
      const ended = new Promise((resolve) => process.once('exit', resolve))
      process.kill('SIGKILL')
      await ended
    },
  }
}

async function openTab(browser: Browser, looks: Looks, isFirefox: boolean, found: string[]): Promise<Tab> {
  const page = await browser.newPage()
  page.on('console', (message: ConsoleMessage) => {
    if (['error', 'warn'].includes(message.type())) found.push(message.text())
  })
  page.on('pageerror', (error) => found.push(String(error)))
  if (!isFirefox) await page.emulateMediaFeatures(featuresOf(looks))
  const front = (): Promise<void> => page.bringToFront()
  const run: Tab['run'] = async (work, ...args) => {
    const source = `(async () => { ${seekSource} return (${String(work)})(...${JSON.stringify(args)}) })()`
    return (await page.evaluate(source)) as never
  }
  return {
    run,
    async go(url) {
      await front()
      await page.goto(url)
    },
    async reload() {
      await page.reload()
    },
    async back() {
      if (!isFirefox) return void (await page.goBack())
      // The driver waits for a load, and a page out of the back-forward cache has none.
      const left = await run(() => location.href)
      await run(() => void setTimeout(() => history.back()))
      await vi.waitFor(async () => {
        if ((await run(() => location.href)) === left) throw new Error(`It does not go back from ${left}.`)
      })
    },
    async click(selector) {
      await front()
      const at = await vi.waitFor(async () => {
        const middle = await run(middleOf, selector)
        if (!middle) throw new Error(`There is no "${selector}".`)
        return middle
      })
      await page.mouse.click(at.x, at.y)
    },
    async press(...keys) {
      await front()
      for (const key of keys) await pressKey(page, key)
    },
    async type(text) {
      await front()
      await page.keyboard.type(text)
    },
    async size(width, height) {
      // The orientation, which it sets besides, is not known to Firefox before version 144.
      await page.setViewport({ width, height }).catch((error: Error) => {
        if (!error.message.includes('setScreenOrientationOverride')) throw error
      })
      await vi.waitFor(async () => {
        const [w, h] = await run(() => [innerWidth, innerHeight])
        if (w !== width || h !== height)
          throw new Error(`The page is ${w} by ${h}, not ${width} by ${height}.`)
      })
    },
    async bring(source) {
      await page.evaluate(`${source};0`)
    },
    cookies: async () => (await page.cookies()).map((each) => each.name),
    picture: async () => Buffer.from(await page.screenshot()),
    close: () => page.close(),
  }
}

async function pressKey({ keyboard }: Page, key: Key): Promise<void> {
  if (key !== 'ShiftTab') return keyboard.press(key === 'Space' ? ' ' : key)
  await keyboard.down('Shift')
  await keyboard.press('Tab')
  await keyboard.up('Shift')
}

const featuresOf = ({ dark, reducedMotion, forcedColors }: Looks): { name: string; value: string }[] => [
  { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
  { name: 'prefers-reduced-motion', value: reducedMotion ? 'reduce' : 'no-preference' },
  { name: 'forced-colors', value: forcedColors ? 'active' : 'none' },
]

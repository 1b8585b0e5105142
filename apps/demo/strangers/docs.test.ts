import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type RunningCollector, startCollectorProcess } from '../e2e/collector.ts'

// The site as `pnpm docs:build` made it, served by a collector with its own policy.
let collector: RunningCollector
let browser: Browser

beforeAll(async () => {
  collector = await startCollectorProcess()
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
})
afterAll(async () => {
  await browser.close()
  await collector.remove()
})

async function open(path: string, width = 1280, scheme: 'light' | 'dark' = 'light') {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.setViewportSize({ width, height: 800 })
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await page.goto(`${collector.url}/docs${path}`)
  await page.locator('.vp-doc h1').first().waitFor()
  // Nothing is looked at before the page is alive.
  await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}))
  return { page, complaints }
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  )
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(' | ')}`,
  )
}

const paths = [
  '/',
  '/start/script-tag',
  '/start/react',
  '/recipes/nginx',
  '/metrics',
  '/reference/sdk-react',
  '/privacy',
]

it.each(paths)(
  '%s has no violation that axe finds, and none of the policy, in the light and in the dark',
  async (path) => {
    for (const scheme of ['light', 'dark'] as const) {
      const { page, complaints } = await open(path, 1280, scheme)
      expect([scheme, await violationsOf(page)]).toEqual([scheme, []])
      expect(complaints).toEqual([])
      await page.close()
    }
  },
)
it.each(paths)('%s is as wide as the window, on a phone, a tablet and a desk', async (path) => {
  for (const width of [320, 768, 1280]) {
    const { page } = await open(path, width)
    const size = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    expect([width, ...size]).toEqual([width, width, width])
    await page.close()
  }
})
it('is searched without anything but this collector', async () => {
  const { page, complaints } = await open('/')
  await page.locator('.VPNavBarSearch button').click()
  await page.keyboard.type('quiet period')
  await page.locator('.VPLocalSearchBox .result').first().click()
  await page.waitForURL(/\/docs\/.+#/)
  expect(complaints).toEqual([])
  await page.close()
})
it('goes on by its links, each of which leads to a page that is served', async () => {
  const { page } = await open('/')
  const links = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>('.VPSidebar a')].map(({ href }) => href),
  )
  expect(links.length).toBeGreaterThan(60)
  for (const link of new Set(links)) expect([link, (await fetch(link)).status]).toEqual([link, 200])
  await page.close()
})

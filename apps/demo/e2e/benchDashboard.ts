/** `pnpm bench:dashboard`: how long the overview takes on this machine with its processor slowed down to a quarter, from a cold cache. */
import { chromium, type Page } from 'playwright'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { startDemo } from '../server/demo.ts'
import { seed } from './dashboardSeed.ts'

const rounds = 7
const slowdown = 4

interface Times {
  /** First contentful paint, in milliseconds. */
  paint: number
  /** When the first number of a metric stands there. */
  number: number
}

const demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
const browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
try {
  await seed(demo)
  const times: Times[] = []
  for (let round = 0; round < rounds; round++) times.push(await measure())
  for (const name of ['paint', 'number'] as const) {
    const sorted = times.map((each) => Math.round(each[name])).toSorted((a, b) => a - b)
    const title = name === 'paint' ? 'first contentful paint' : 'first number of a metric'
    console.log(
      `${title.padEnd(26)} median ${sorted[Math.floor(rounds / 2)]} ms, ${sorted[0]} to ${sorted.at(-1)} ms (${rounds} rounds, processor slowed down ${slowdown} times)`,
    )
  }
} finally {
  await browser.close()
  await demo.close()
}

async function measure(): Promise<Times> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    await page.goto(`${demo.collectorUrl}/dashboard`)
    await page.getByLabel('Token').fill(demo.adminToken)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('.card .number').first().waitFor()
    // The cookie stays; what was loaded does not.
    const session = await context.newCDPSession(page)
    await session.send('Network.setCacheDisabled', { cacheDisabled: true })
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    await page.goto(`${demo.collectorUrl}/dashboard`)
    await page.locator('.card .number').first().waitFor()
    return { paint: await paintOf(page), number: await page.evaluate(() => performance.now()) }
  } finally {
    await context.close()
  }
}

async function paintOf(page: Page): Promise<number> {
  return page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  )
}

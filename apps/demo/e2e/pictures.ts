/** `pnpm pictures`: takes the pictures of the front page, of a card and of the dashboard, from the demo. Each is a PNG of less than 150 kB. */
import { mkdirSync, statSync } from 'node:fs'
import { chromium } from 'playwright'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { startDemo } from '../server/demo.ts'
import { seed } from './dashboardSeed.ts'
import { card, listen } from './respondent.ts'

const folder = 'docs/pictures'
const most = 150_000

mkdirSync(folder, { recursive: true })
const demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
const browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
const taken: string[] = []
try {
  await seed(demo)
  const context = await browser.newContext({ viewport: { width: 900, height: 560 }, reducedMotion: 'reduce' })
  const shop = await context.newPage()
  await listen(shop)
  await shop.goto(demo.demoUrl)
  await shop.waitForFunction(() => (window.heard['ready']?.length ?? 0) > 0)
  await shop.evaluate(() => window.earshot.show('shop-nps', { force: true }))
  await card(shop).waitFor()
  taken.push(`${folder}/card.png`)
  await shop.screenshot({ path: `${folder}/card.png` })

  const desk = await context.newPage()
  await desk.setViewportSize({ width: 1100, height: 640 })
  await desk.goto(`${demo.collectorUrl}/dashboard`)
  await desk.getByLabel('Token').fill(demo.adminToken)
  await desk.getByRole('button', { name: 'Sign in' }).click()
  await desk.locator('.card .number').first().waitFor()
  await desk.waitForFunction(() => !document.querySelector('.waiting'))
  taken.push(`${folder}/dashboard.png`)
  await desk.screenshot({ path: `${folder}/dashboard.png` })
} finally {
  await browser.close()
  await demo.close()
}
for (const path of taken) {
  const { size } = statSync(path)
  console.log(`${path}: ${size} bytes`)
  if (size >= most) throw new Error(`${path} has ${size} bytes, and ${most} are the limit.`)
}

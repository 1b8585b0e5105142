import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import { settled, signIn, violations } from './dashboardDoor.ts'
import { seed } from './dashboardSeed.ts'

// The pages of reports as they are built, served by a real collector with answers in it.
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

/** Opens a page of the dashboard for an admin, and closes it in the end. */
async function visit(
  place: string,
  run: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ timezoneId: 'UTC', ...options })
  try {
    const page = await context.newPage()
    await signIn(page, demo.collectorUrl, demo.adminToken, place)
    await run(page)
  } finally {
    await context.close()
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- what it holds is for the expectations to say
async function read(path: string): Promise<any> {
  const answer = await fetch(`${demo.collectorUrl}${path}`, {
    headers: { authorization: `Bearer ${demo.adminToken}` },
  })
  return answer.json()
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

describe('conditions', () => {
  it('are added and taken away by keyboard, stand in the address, and narrow what is counted as the report does', async () => {
    const asked: string[] = []
    await visit('/surveys/shop-nps-made?period=90d', async (page) => {
      page.on('request', (request) => asked.push(decodeURIComponent(request.url())))
      await page.getByText('Count only some answers').focus()
      await page.keyboard.press('Enter')
      const field = page.getByLabel('Only where')
      await field.waitFor()
      await page.keyboard.press('Tab')
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
      await field.selectOption('hidden.plan')
      await page
        .getByText('club, free', { exact: false })
        .or(page.getByText('free, club', { exact: false }))
        .waitFor()
      await page.keyboard.press('Tab')
      await page.keyboard.type('club')
      await page.keyboard.press('Enter')
      await page.getByText('Hidden value plan is club').waitFor()
      await settled(page)
      expect(new URL(page.url()).searchParams.getAll('where')).toEqual(['hidden.plan:club'])
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('One more condition')
      const path = asked.findLast((each) => each.includes('/v1/reports/nps?') && each.includes('club'))
      const of = new URL(path ?? '')
      const [narrowed, whole] = await Promise.all([
        read(`${of.pathname}${of.search}`),
        read(`${of.pathname}${of.search.replace(/where=[^&]*&?/, '')}`),
      ])
      expect(narrowed.where).toEqual(['hidden.plan:club'])
      expect(narrowed.estimate.n).toBeLessThan(whole.estimate.n)
      const card = page.locator('.card', { has: page.getByRole('heading', { name: 'NPS', exact: true }) })
      await card.getByText(`n = ${narrowed.estimate.n} answers`).waitFor()

      // The other parts of the page keep it, and a link shows what its sender saw.
      await page.getByRole('link', { name: 'Segments' }).click()
      await settled(page)
      expect(new URL(page.url()).searchParams.getAll('where')).toEqual(['hidden.plan:club'])
      await page.reload()
      await settled(page)
      await page.getByRole('button', { name: 'Take away: Hidden value plan is club' }).press('Enter')
      await page.getByText('Count only some answers').waitFor()
      expect(new URL(page.url()).searchParams.has('where')).toBe(false)
      await page.goBack()
      await page.getByText('Hidden value plan is club').waitFor()
    })
  })

  it('of customers go to all of their reports, and are said in words', async () => {
    const asked: string[] = []
    await visit('/customers', async (page) => {
      page.on('request', (request) => asked.push(decodeURIComponent(request.url())))
      await page.getByText('Count only some customers').press('Enter')
      await page.getByLabel('Name of the trait').fill('plan')
      await page.getByLabel('is', { exact: true }).fill('pro')
      await page.keyboard.press('Enter')
      await page.getByText('Trait plan is pro').waitFor()
      await settled(page)
      for (const metric of ['retention', 'churn', 'fcr', 'lifetime'])
        expect(
          asked.some((each) => new RegExp(`/v1/reports/${metric}\\?.*where=trait.plan:pro`).test(each)),
        ).toBe(true)
      expect(await page.getByRole('alert').count()).toBe(0)
    })
  })

  it('of customers: all reports are split by what is known of them, as the reports themselves are', async () => {
    await visit('/customers?period=28d&tz=UTC', async (page) => {
      await page.getByLabel('Split by').selectOption('supported')
      const table = page.getByRole('table', { name: /^Churn by had contact with support/ })
      await table.waitFor()
      expect(new URL(page.url()).searchParams.get('by')).toBe('supported')
      const { from, to } = await page.evaluate(() => {
        const asked = performance
          .getEntriesByType('resource')
          .map((each) => new URL(each.name))
          .findLast((each) => each.pathname === '/v1/reports/churn')
        return { from: asked?.searchParams.get('from'), to: asked?.searchParams.get('to') }
      })
      const { segments } = await read(`/v1/reports/churn?from=${from}&to=${to}&by=supported`)
      const rows = await table.locator('tbody tr').allInnerTexts()
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.map((each) => Number(each.split(/\t/).at(3)))).toEqual(
        segments.rows.map((each: { estimate: { n: number } }) => each.estimate.n),
      )
      expect(rows.map((each) => each.split(/\s/)[0])).toEqual(
        segments.rows.map((each: { value: string }) => each.value),
      )
      expect(await violations(page)).toEqual([])
      await page.getByLabel('Split by').selectOption('trait.')
      await page.getByLabel('Trait to split by').fill('plan')
      await page
        .getByRole('table', { name: /^Churn by trait plan/ })
        .getByText('not known')
        .waitFor()
    })
  })

  it.each(['light', 'dark'] as const)(
    'have no violation of axe, and fit on 320 pixels: %s',
    async (colorScheme) => {
      const place = '/surveys/shop-nps-made?period=90d&where=locale:de&where=locale:en&where=hidden.plan:club'
      await visit(
        place,
        async (page) => {
          await page.getByText('One more condition').press('Enter')
          await page.getByLabel('Only where').waitFor()
          expect(await violations(page)).toEqual([])
          expect(await overflow(page)).toBeLessThanOrEqual(0)
        },
        { viewport: { width: 320, height: 800 }, colorScheme },
      )
    },
  )
})

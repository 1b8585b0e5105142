import { get } from 'node:http'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Demo, startDemo } from '../server/demo.ts'
import { createProfile, type RunningBrowser } from './browser.ts'
import { readResponses } from './collector.ts'
import { answer, card, hear, listen, score } from './respondent.ts'

// The demo as `pnpm demo` starts it, in a real browser.
let demo: Demo
let profile: Awaited<ReturnType<typeof createProfile>>
let browser: RunningBrowser

beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
})
afterAll(() => demo.close())
beforeEach(async () => {
  profile = await createProfile()
  browser = await profile.launch()
})
afterEach(() => profile.remove())

async function open(path: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await listen(page)
  await page.goto(demo.demoUrl + path)
  return { page, complaints }
}
const stored = (survey: string, url = demo.collectorUrl) => readResponses(url, demo.adminToken, survey)

async function order(page: Page): Promise<void> {
  await page.locator('a[href*="/product"]').first().click()
  await page.getByRole('button', { name: /basket/i }).click()
  await page.goto(`${demo.demoUrl}/checkout`)
  for (const field of await page.locator('main input:not([type=radio]):not([type=checkbox])').all())
    if (!(await field.inputValue())) await field.fill('Example 1')
  await page.locator('main form button[type=submit], main form .button').first().click()
  await page.waitForURL('**/order')
}

describe('the shop, by script tag', () => {
  it('asks after an order, takes score and comment, and stores one response with its survey version', async () => {
    const { page, complaints } = await open('/')
    await order(page)
    await card(page).waitFor()
    await answer(page, 10, 'Good handles.')
    await vi.waitFor(
      async () => expect(await stored('shop-nps')).toMatchObject([{ status: 'completed' }]),
      15_000,
    )
    expect(await stored('shop-nps')).toMatchObject([
      {
        version: 1,
        answers: { score: { value: 10 }, 'why-promoter': { value: 'Good handles.' } },
        touchpoint: 'checkout',
        stage: 'purchase',
      },
    ])
    expect(complaints).toEqual([])
  })
  it('the whole way by keyboard alone, without the card ever taking the focus', async () => {
    const { page } = await open('/')
    await hear(page, 'ready')
    await page.getByRole('link').first().focus()
    const focused = await page.evaluate(() => document.activeElement?.outerHTML)
    await page.evaluate(() => window.earshot.show('page-csat'))
    await card(page).waitFor()
    await hear(page, 'shown')
    expect(await page.evaluate(() => document.activeElement?.outerHTML)).toBe(focused)
    // The card is the last stop of the document.
    await page.keyboard.press('Shift+Tab')
    for (let stop = 0; stop < 60; stop++) {
      if (await page.evaluate(() => document.activeElement?.hasAttribute('data-earshot'))) break
      await page.keyboard.press('Tab')
    }
    // It made room for what had the focus before, and is opened again.
    await card(page).getByRole('button', { name: 'Show survey' }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.press('4')
    await page.keyboard.press('Enter')
    await hear(page, 'answered')
    await page.keyboard.press('Tab')
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await card(page).getByRole('heading', { name: 'Thank you' }).waitFor()
    await page.keyboard.press('Escape')
    await card(page).waitFor({ state: 'detached' })
    await page.evaluate(() => window.earshot.flush())
    expect(await stored('page-csat')).toMatchObject([
      { answers: { score: { value: 4 }, 'why-satisfied': { value: 'By keyboard' } }, status: 'completed' },
    ])
  })
  it('is not moved by the card: no layout shift', async () => {
    const { page } = await open('/')
    await hear(page, 'ready')
    const shift = await page.evaluate(async () => {
      let sum = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value
      }).observe({ type: 'layout-shift', buffered: false })
      window.earshot.show('page-csat', { force: true })
      await new Promise((resolve) => window.addEventListener('earshot:shown', resolve, { once: true }))
      return sum
    })
    expect(shift).toBe(0)
  })
})

describe('the single-page shop, by npm import', () => {
  it('asks after an order, and stores one response of the inline survey, filed under the member', async () => {
    const { page, complaints } = await open('/spa')
    await page.waitForLoadState('networkidle')
    await page.evaluate(() =>
      localStorage.setItem('fernwood-member', JSON.stringify({ name: 'Ada', number: '77' })),
    )
    await page.reload()
    await page.locator('a.product').first().click()
    await page.locator('main button.main').click()
    await page.locator('main a.button').click()
    await page.locator('main button.main').click()
    await card(page).waitFor()
    await answer(page, 3, 'The bulbs came late.')
    await vi.waitFor(
      async () => expect(await stored('spa-nps')).toMatchObject([{ status: 'completed' }]),
      15_000,
    )
    expect(await stored('spa-nps')).toMatchObject([
      {
        version: 1,
        person: 'member-77',
        answers: { score: { value: 3 }, 'why-detractor': { value: 'The bulbs came late.' } },
      },
    ])
    expect(complaints).toEqual([])
  })
})

describe('the strict page', () => {
  it('is sent with the policy, and the card is shown, styled and answered without one violation', async () => {
    const page = await browser.context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.addInitScript(() => {
      ;(window as unknown as { violations: string[] }).violations = []
      document.addEventListener('securitypolicyviolation', (event) =>
        (window as unknown as { violations: string[] }).violations.push(
          `${event.violatedDirective} ${event.blockedURI}`,
        ),
      )
    })
    await listen(page)
    const response = await page.goto(`${demo.demoUrl}/csp`)
    expect(response?.headers()['content-security-policy']).toBe(
      `default-src 'none'; script-src ${demo.strictUrl}; connect-src ${demo.strictUrl}; require-trusted-types-for 'script'; trusted-types 'none'`,
    )
    await card(page).waitFor()
    expect(await card(page).evaluate((element) => getComputedStyle(element).borderRadius)).toBe('12px')
    expect(await card(page).evaluate((element) => getComputedStyle(element).position)).toBe('relative')
    await answer(page, 8, 'Strict and fine')
    await hear(page, 'completed')
    await vi.waitFor(
      async () => expect(await stored('csp-nps', demo.strictUrl)).toMatchObject([{ status: 'completed' }]),
      15_000,
    )
    await card(page).getByRole('button', { name: 'Close survey' }).click()
    await card(page).waitFor({ state: 'detached' })
    expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([])
    expect(complaints).toEqual([])
  })
  it('would have reported a violation: the check can fail', async () => {
    const page = await browser.context.newPage()
    await page.goto(`${demo.demoUrl}/csp`)
    const seen = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective))
          document.head.append(document.createElement('style'))
          const style = document.head.lastElementChild as HTMLStyleElement
          style.textContent = '*{color:red}'
        }),
    )
    expect(seen).toContain('style-src')
  })
})

describe('the timeline', () => {
  it('follows one answer through a cut line and a reload to the report', async () => {
    const { page } = await open('/verify')
    await demo.cutLine(false)
    await page.getByRole('button', { name: 'Ask me' }).click()
    await score(page, 9).click()
    await page.getByText('Stored: not yet.').waitFor()
    await page.getByText('The row is in IndexedDB.').waitFor()
    await page.reload()
    await page.getByText('A reloaded page found it again').waitFor()
    expect(await stored('verify-nps')).toEqual([])
    await demo.cutLine(true)
    await page.getByText('Stored one time, duplicates 0.').waitFor({ timeout: 90_000 })
    expect(await stored('verify-nps')).toMatchObject([{ answers: { score: { value: 9 } } }])
  }, 120_000)
})

describe('the demo’s own server', () => {
  it('answers only to its own name, so that no page of another site can read through it', async () => {
    const { port } = new URL(demo.demoUrl)
    const status = (host: string, path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const request = get({ port, host: '127.0.0.1', path, headers: { host } }, (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        })
        request.on('error', reject)
      })
    expect(await status(`127.0.0.1:${port}`, '/verify/state?survey=page-csat')).toBe(200)
    expect(await status(`localhost:${port}`, '/')).toBe(200)
    expect(await status('evil.example', '/verify/state')).toBe(421)
    expect(await status(`127.0.0.1:${port}`, '//')).toBe(400)
  })
})

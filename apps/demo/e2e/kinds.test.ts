import { csat, type Question, type Survey } from '@earshot/sdk'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type RunningCollector, startCollectorProcess, writeKey } from './collector.ts'
import { type RunningServer, startHostPage } from './line.ts'
import { card, explained, hear, heard, listen, score } from './respondent.ts'

// One survey has stars and nothing else. Another would need more, and is for nobody.
let collector: RunningCollector
let host: RunningServer
let browser: Browser
let context: BrowserContext
/** Names of the files of questions that a page has got. */
let files: string[] = []

const [scale] = csat({ id: 'x', name: 'Acme' }).questions
const stars: Survey = {
  ...csat({ id: 'stars', name: 'Acme' }),
  questions: [{ ...scale, look: 'stars' } as Question, { ...scale, id: 'again', look: 'stars' } as Question],
}
const more: Survey = {
  ...csat({ id: 'more', name: 'Acme' }),
  questions: [
    { kind: 'statement', id: 'hello', title: 'Hello' },
    { kind: 'yesno', id: 'solved', title: 'Solved?', yes: 'Yes', no: 'No' },
    { ...scale, look: 'faces' } as Question,
    { kind: 'text', id: 'why', title: 'Why?', maxLength: 100 },
  ],
  targeting: { fact: 'trait.plan', op: 'equals', value: 'pro' },
}

beforeAll(async () => {
  collector = await startCollectorProcess()
  for (const survey of [stars, more]) await collector.put(survey)
  host = await startHostPage({ src: `${collector.url}/earshot.js`, 'data-key': writeKey })
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
})
afterAll(async () => {
  await browser.close()
  await host.close()
  await collector.remove()
})
beforeEach(async () => {
  context = await browser.newContext()
  files = []
  context.on('requestfinished', (request) => {
    const [name] = /kinds?(-\w+)?(?=\.js\??)/.exec(request.url()) ?? []
    if (name !== undefined) files.push(name)
  })
})
afterEach(() => context.close())

async function visit(): Promise<Page> {
  const page = await context.newPage()
  await listen(page)
  await page.goto(host.url)
  await hear(page, 'ready')
  return page
}

const show = (page: Page, { id }: Survey): Promise<void> =>
  page.evaluate((survey) => window.earshot.show(survey), id)

describe('the files of the questions', () => {
  it('are those that the survey has, there before it is asked, so that it needs no line', async () => {
    const page = await visit()
    await vi.waitFor(() => expect(files).toContain('kind-stars'), 10_000)
    await explained(page, stars.id)
    await context.setOffline(true)
    await show(page, stars)
    await score(page, 4).click()
    await card(page).getByText('2 of 2').waitFor()
    await score(page, 5).click()
    await hear(page, 'completed')
    expect(files).toEqual(['kinds', 'kind-stars'])
    await context.setOffline(false)
    await page.evaluate(() => window.earshot.flush())
    expect(await collector.responses(stars.id)).toMatchObject([
      { status: 'completed', answers: { score: { value: 4 }, again: { value: 5 } } },
    ])
  })
  it('of another survey come when it is to be shown, and all at once', async () => {
    const page = await visit()
    await vi.waitFor(() => expect(files).toEqual(['kinds', 'kind-stars']), 10_000)
    const asked: string[] = []
    let go = (): void => {}
    const gone = new Promise<void>((resolve) => (go = resolve))
    await context.route('**/kind-*.js', async (route) => {
      asked.push(route.request().url().replace(/.*\//, ''))
      await gone
      await route.continue()
    })
    await page.evaluate(() => window.earshot.setTraits({ plan: 'pro' }))
    await show(page, more)
    // None has arrived, and all are under way.
    await vi.waitFor(
      () =>
        expect(asked.toSorted()).toEqual([
          'kind-faces.js',
          'kind-statement.js',
          'kind-text.js',
          'kind-yesno.js',
        ]),
      10_000,
    )
    expect(await card(page).count()).toBe(0)
    go()
    await card(page).getByRole('heading', { name: 'Hello' }).waitFor()
  })
  it('that one of is missing: the card cannot be drawn, which is told and taken back, and tried again', async () => {
    await context.route('**/kind-stars.js*', (route) => route.abort())
    const page = await visit()
    await vi.waitFor(() => expect(files).toContain('kinds'), 10_000)
    await show(page, stars)
    expect(await hear(page, 'error')).toMatchObject([{ code: 'card_unavailable' }])
    expect(await card(page).count()).toBe(0)
    await context.unroute('**/kind-stars.js*')
    await explained(page, stars.id)
    await show(page, stars)
    await score(page, 4).waitFor({ state: 'attached' })
    expect(await heard(page, 'suppressed')).toEqual([])
    expect(await heard(page, 'error')).toHaveLength(1)
  })
})

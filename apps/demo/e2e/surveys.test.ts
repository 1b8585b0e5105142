import type { ChoiceQuestion } from '@earshot/contract'
import { csat, nps, type Survey } from '@earshot/sdk'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type RunningCollector, startCollectorProcess, writeKey } from './collector.ts'
import { type RunningServer, startHostPage } from './line.ts'
import { answer, card, explained, hear, heard, listen, memoryOf, score, storedKeys } from './respondent.ts'

// Real pages and a real collector; only the clock of the browser is set where a day must pass.
let collector: RunningCollector
let host: RunningServer
let browser: Browser
let context: BrowserContext
let count = 0

const day = 86_400_000
const today = Date.now()
const tag = (): Record<string, string> => ({
  src: `${collector.url}/earshot.js`,
  'data-key': writeKey,
})

beforeAll(async () => {
  collector = await startCollectorProcess()
  host = await startHostPage(tag())
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
})
afterAll(async () => {
  await browser.close()
  await host.close()
  await collector.remove()
})
beforeEach(async () => {
  context = await browser.newContext()
})
afterEach(() => context.close())

async function visit(visitor = context, url = host.url): Promise<Page> {
  const page = await visitor.newPage()
  await listen(page)
  await page.goto(url)
  await hear(page, 'ready')
  return page
}

async function put(fields: Partial<Survey> = {}): Promise<Survey> {
  const survey = { ...csat({ id: `survey-${++count}`, name: 'Acme' }), ...fields }
  await collector.put(survey)
  return survey
}

const show = (page: Page, { id }: Survey, force = false): Promise<void> =>
  page.evaluate(([survey, how]) => window.earshot.show(survey, { force: how }), [id, force] as const)

/** The only response of a survey, when all that the page has is sent. */
async function stored(page: Page, { id }: Survey): ReturnType<RunningCollector['responses']> {
  await page.evaluate(() => window.earshot.flush())
  return collector.responses(id)
}

const choice: ChoiceQuestion = {
  kind: 'choice',
  id: 'grow',
  title: 'What do you grow?',
  options: ['herbs', 'roses', 'leeks', 'quinces', 'vines'].map((id) => ({ id, label: `Some ${id}` })),
  other: 'Something else',
  shuffle: true,
}

describe('a survey that is asked for while its rules are on their way', () => {
  it('waits for them', async () => {
    const survey = await put({ hidden: ['shop'] })
    let arrive = (): void => {}
    const arrived = new Promise<void>((resolve) => (arrive = resolve))
    await context.route('**/rules.js', async (route) => {
      await arrived
      await route.continue()
    })
    const page = await visit()
    await show(page, survey)
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
    expect(await heard(page, 'suppressed')).toEqual([])
    arrive()
    await card(page).waitFor()
  })
})

describe('a quota of one', () => {
  it('lets one of two visitors who come at once see the survey', async () => {
    const survey = await put({ quota: 1 })
    const another = await browser.newContext()
    try {
      const pages = [await visit(), await visit(another)]
      await Promise.all(pages.map((page) => show(page, survey)))
      await vi.waitFor(async () => {
        const cards = await Promise.all(pages.map((page) => card(page).count()))
        const refused = (await Promise.all(pages.map((page) => heard(page, 'suppressed')))).flat()
        expect(cards.toSorted((a, b) => a - b)).toEqual([0, 1])
        expect(refused).toMatchObject([{ survey: survey.id, reason: 'quota-full' }])
      }, 10_000)
    } finally {
      await another.close()
    }
  })
  it('needs the word of the collector: without a line the survey is not shown', async () => {
    const survey = await put({ quota: 1 })
    const page = await visit()
    await explained(page, survey.id)
    await context.setOffline(true)
    await show(page, survey)
    expect(await hear(page, 'suppressed')).toMatchObject([{ survey: survey.id, reason: 'quota-unknown' }])
  })
})

describe('a reload in the middle', () => {
  it('of a plain survey goes on with the same response, and no other tab does', async () => {
    const survey = await put()
    const page = await visit()
    await show(page, survey)
    await score(page, 2).click()
    await hear(page, 'answered')
    await page.reload()
    await card(page).waitFor()
    expect(await score(page, 2).isChecked()).toBe(true)
    const second = await visit()
    await refusedElsewhere(second)
    await card(page).getByRole('textbox').fill('Two, and after a reload.')
    await card(page).getByRole('button', { name: 'Send' }).click()
    await hear(page, 'completed')
    expect(await stored(page, survey)).toMatchObject([
      {
        status: 'completed',
        answers: {
          score: { value: 2, revision: 0 },
          'why-dissatisfied': { value: 'Two, and after a reload.' },
        },
      },
    ])
    await page.reload()
    await hear(page, 'ready')
    await explained(page, survey.id)
    expect(await card(page).count()).toBe(0)
  })
  it('of a paged survey goes on at the page that is open', async () => {
    const [scale] = csat({ id: 'x', name: 'Acme' }).questions
    const survey = await put({ questions: [choice, { ...(scale as Survey['questions'][0]) }] })
    const page = await visit()
    await show(page, survey)
    await card(page).getByLabel('Some leeks').click()
    await card(page).locator('legend', { hasText: 'Overall, how satisfied' }).waitFor()
    const before = (await stored(page, survey))[0]?.answers.grow?.order
    expect(before?.toSorted()).toEqual(['herbs', 'leeks', 'quinces', 'roses', 'vines'])
    await page.reload()
    await card(page).locator('legend', { hasText: 'Overall, how satisfied' }).waitFor()
    const second = await visit()
    await refusedElsewhere(second)
    await second.close()
    await score(page, 5).click()
    await hear(page, 'completed')
    expect(await stored(page, survey)).toMatchObject([
      { status: 'completed', answers: { grow: { value: ['leeks'], order: before }, score: { value: 5 } } },
    ])
  })
})

/** Waits until a tab was told that another one has the survey. */
async function refusedElsewhere(page: Page): Promise<void> {
  await vi.waitFor(
    async () => expect((await heard(page, 'suppressed')).map(({ reason }) => reason)).toContain('other-tab'),
    10_000,
  )
  expect(await card(page).count()).toBe(0)
}

describe('two tabs', () => {
  it('never hold the same survey: where one is asked for it, the card of the other goes without a word', async () => {
    const survey = await put()
    const pages = [await visit(), await visit()] as const
    await show(pages[0], survey, true)
    await hear(pages[0], 'shown')
    await show(pages[1], survey, true)
    await card(pages[1]).waitFor()
    await card(pages[0]).waitFor({ state: 'detached' })
    expect(await heard(pages[0], 'dismissed')).toEqual([])
  })
})

describe('ask me later', () => {
  it('closes the survey, and it comes again after that time, not before', async () => {
    const survey = await put({ transactional: true })
    await context.clock.install({ time: today })
    const page = await visit()
    await show(page, survey)
    await hear(page, 'shown')
    await page.evaluate(() => window.earshot.snooze(8))
    const [snoozed] = await hear(page, 'snoozed')
    await card(page).waitFor({ state: 'detached' })
    const [response] = await stored(page, survey)
    expect(await collector.eventsOf(response?.id ?? '')).toMatchObject([
      { type: 'display' },
      { type: 'snooze', data: { until: new Date(snoozed?.until ?? 0).toISOString() } },
    ])
    await page.close()
    await context.clock.install({ time: today + 7.9 * day })
    const early = await visit()
    await show(early, survey)
    expect(await hear(early, 'suppressed')).toMatchObject([{ reason: 'snoozed', until: snoozed?.until }])
    await early.close()
    await context.clock.install({ time: today + 8.1 * day })
    const later = await visit()
    await show(later, survey)
    await card(later).waitFor()
  })
})

describe('consent that is withdrawn', () => {
  const answered = async (page: Page, survey: Survey): Promise<void> => {
    await show(page, survey, true)
    await answer(page, 4, 'Forget me.')
    expect(await stored(page, survey)).toHaveLength(1)
    expect(await memoryOf(page, writeKey)).toMatchObject({ visitor: expect.any(String) })
  }
  const forgotten = async (page: Page): Promise<void> => {
    await vi.waitFor(
      async () => expect(await memoryOf(page, writeKey)).toEqual({ consent: 'denied' }),
      10_000,
    )
    await page.evaluate(() => window.earshot.track('nothing'))
    expect(await page.evaluate(storedKeys)).toEqual([`${writeKey}:m:`])
  }
  it('deletes what is on the device and what the collector has', async () => {
    const survey = await put()
    const page = await visit()
    await answered(page, survey)
    await page.evaluate(() => window.earshot.setConsent('denied'))
    await vi.waitFor(async () => expect(await collector.responses(survey.id)).toEqual([]), 10_000)
    await forgotten(page)
  })
  it('is made good at the next page where the collector could not be reached', async () => {
    const survey = await put()
    const page = await visit()
    await answered(page, survey)
    const { visitor } = (await memoryOf(page, writeKey)) ?? {}
    await collector.kill()
    await page.evaluate(() => window.earshot.setConsent('denied'))
    await vi.waitFor(
      async () => expect(await memoryOf(page, writeKey)).toEqual({ consent: 'denied', erase: visitor }),
      10_000,
    )
    await page.close()
    await collector.restart()
    expect(await collector.responses(survey.id)).toHaveLength(1)
    const next = await context.newPage()
    await listen(next)
    await next.goto(host.url)
    await vi.waitFor(async () => expect(await collector.responses(survey.id)).toEqual([]), 10_000)
    await forgotten(next)
  })
})

describe('privacy', () => {
  const text = 'ada@example.com, 4111 1111 1111 1111, DE89 3704 0044 0532 0130 00, +49 30 901820.'
  const address = '/account?token=secret&utm_source=mail#section'
  it('keeps query and fragment to itself, and leaves a text as it is, where the site says nothing', async () => {
    const survey = await put()
    const page = await visit(context, host.url + address)
    await show(page, survey)
    await answer(page, 4, text)
    expect(await stored(page, survey)).toMatchObject([
      { url: `${host.url}/account`, answers: { 'why-satisfied': { value: text } } },
    ])
  })
  it('scrubs texts before they leave the page, and lets out what the site allows', async () => {
    const survey = await put()
    await collector.putSettings({
      privacy: { scrub: ['email', 'card', 'iban', 'phone'], query: ['utm_source'], fragment: true },
    })
    try {
      const bodies: string[] = []
      context.on('request', (request) => bodies.push(request.postData() ?? ''))
      const page = await visit(context, host.url + address)
      await show(page, survey)
      await answer(page, 4, text)
      expect(await stored(page, survey)).toMatchObject([
        {
          url: `${host.url}/account?utm_source=mail#section`,
          answers: { 'why-satisfied': { value: '[email], [card], [iban], [phone].' } },
        },
      ])
      expect(bodies.join('\n')).toContain('[email]')
      expect(bodies.join('\n')).not.toMatch(/secret|ada@|4111|DE89|901820/)
    } finally {
      await collector.putSettings({})
    }
  })
  it('obeys Global Privacy Control: nothing is stored or sent before consent', async () => {
    const survey = await put()
    await context.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }),
    )
    const requests: string[] = []
    context.on('request', (request) => requests.push(request.url()))
    const page = await context.newPage()
    await listen(page)
    await page.goto(host.url)
    await page.waitForFunction(() => 'destroy' in (window.earshot ?? {}))
    await show(page, survey)
    expect(await hear(page, 'suppressed')).toMatchObject([{ reason: 'no-consent' }])
    expect(await page.evaluate(() => indexedDB.databases())).toEqual([])
    expect(requests.filter((url) => url.startsWith(collector.url))).toEqual([`${collector.url}/earshot.js`])
    await page.evaluate(() => window.earshot.setConsent('granted'))
    await hear(page, 'ready')
    await show(page, survey)
    await answer(page, 4, 'With consent')
    expect(await stored(page, survey)).toMatchObject([{ status: 'completed' }])
  })
})

describe('two people on one device', () => {
  it('are two visitors, and each is asked', async () => {
    const survey = await put()
    const page = await visit()
    for (const person of ['ada', 'grace']) {
      await page.evaluate((id) => window.earshot.identify(id), person)
      await show(page, survey)
      await answer(page, person === 'ada' ? 5 : 3, `I am ${person}.`)
      await card(page).getByRole('button', { name: 'Close survey' }).click()
      await card(page).waitFor({ state: 'detached' })
    }
    const [second, first] = await stored(page, survey)
    expect([first, second]).toMatchObject([
      { person: 'ada', answers: { score: { value: 5 } } },
      { person: 'grace', answers: { score: { value: 3 } } },
    ])
    expect(first?.visitor).not.toBe(second?.visitor)
  })
})

describe('what is stored beside the score', () => {
  it('is the variant, the hidden fields that the survey has, and what made it appear', async () => {
    const survey = await put({
      hidden: ['shop', 'till'],
      variants: [{ id: 'short', weight: 1, wording: { score: { title: 'Are you content?' } } }],
    })
    const page = await visit()
    await page.evaluate(
      (id) => window.earshot.show(id, { hidden: { shop: 'Leith', till: 7, secret: 'x' } }),
      survey.id,
    )
    await card(page).getByText('Are you content?').first().waitFor()
    await answer(page, 5, 'Yes.')
    expect(await stored(page, survey)).toMatchObject([
      { variant: 'short', hidden: { shop: 'Leith', till: 7 }, trigger: 'show', status: 'completed' },
    ])
    expect(JSON.stringify(await stored(page, survey))).not.toContain('secret')
  })
  it('is one variant of ten for one visitor, also after a reload and on another tab', async () => {
    const survey = await put({
      variants: Array.from({ length: 10 }, (_, index) => ({
        id: `v${index}`,
        weight: 1,
        wording: { score: { title: `Wording ${index}` } },
      })),
    })
    const page = await visit()
    const wordingOn = async (where: Page): Promise<string | null> => {
      await show(where, survey, true)
      return card(where)
        .getByText(/Wording \d/)
        .first()
        .textContent()
    }
    const first = await wordingOn(page)
    await page.reload()
    await hear(page, 'ready')
    expect(await wordingOn(page)).toBe(first)
    expect(await wordingOn(await visit())).toBe(first)
  })
  it('is the order of a shuffled choice, and what was written beside “other”', async () => {
    const survey = await put({ questions: [choice] })
    const page = await visit()
    await show(page, survey)
    await card(page).waitFor()
    const seen = await card(page)
      .locator('input[type=radio]')
      .evaluateAll((inputs) => inputs.map((each) => (each as HTMLInputElement).value))
    expect(seen.at(-1)).toBe('other')
    await card(page).getByLabel('Something else').click()
    await card(page).getByLabel('Please say which').fill('Medlars')
    await card(page).getByRole('button', { name: 'Send' }).click()
    await hear(page, 'completed')
    expect(await stored(page, survey)).toMatchObject([
      {
        status: 'completed',
        answers: { grow: { value: ['other'], other: 'Medlars', order: seen.slice(0, -1) } },
      },
    ])
  })
  it('is nothing for somebody who is asked nothing: an opt-out holds against a forced survey', async () => {
    const survey = await put({ ...nps({ id: `out-${count}`, name: 'Acme' }) })
    const page = await visit()
    await page.evaluate(() => window.earshot.optOut())
    await show(page, survey, true)
    expect(await hear(page, 'suppressed')).toMatchObject([{ survey: survey.id, reason: 'opted-out' }])
    expect(await stored(page, survey)).toEqual([])
  })
})

import type { FeedbackEvent } from '@earshot/contract'
import { successEffortEmotion } from '@earshot/sdk'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import { settled, signIn, violations } from './dashboardDoor.ts'
import { card, hear, listen, score } from './respondent.ts'

// One definition, from the page of a visitor to the numbers of the dashboard.
const survey = successEffortEmotion({ id: 'visit', name: 'Fernwood' })

let demo: Demo
let browser: Browser
beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

// oxlint-disable-next-line typescript/no-explicit-any -- what it holds is for the expectations to say
async function call(path: string, init: RequestInit = {}): Promise<any> {
  const response = await fetch(`${demo.collectorUrl}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${demo.adminToken}`, 'content-type': 'application/json' },
  })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return response.json()
}

const uuid = (number: number): string => `018f0000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`

/** Answers of others, as their browsers would send them. */
async function others(count: number, touchpoint: string, from: number): Promise<void> {
  const at = new Date().toISOString()
  const events = Array.from({ length: count }, (_, index) => {
    const said = [
      ['success', index % 4 === 0 ? ['no'] : ['yes']],
      ['effort', index % 2 === 0 ? 6 : 2],
      ['emotion', index % 3 === 0 ? 5 : 3],
    ] as const
    return said.map(([question, value], place): FeedbackEvent => ({
      id: uuid((from + index) * 10 + place),
      type: 'answer',
      at,
      visitor: `other-${from + index}`,
      person: null,
      session: 'session',
      seq: place,
      survey: survey.id,
      surveyVersion: survey.version,
      response: uuid(1_000_000 + from + index),
      data: { question, value: Array.isArray(value) ? [...value] : (value as number), revision: 0 },
      context: { channel: 'web', touchpoint },
    }))
  })
  const receipt = await fetch(`${demo.collectorUrl}/v1/feedback`, {
    method: 'POST',
    body: JSON.stringify({ key: demo.writeKey, sentAt: at, sdk: 'test/1', events: events.flat() }),
  })
  expect(((await receipt.json()) as { rejected: object[] }).rejected).toEqual([])
}

/** Text as it is read: a space that breaks no line is a space. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

it('one definition gives three answers with one touchpoint, and share who succeeded, % easy and CSAT side by side', async () => {
  await call(`/v1/surveys/${survey.id}`, { method: 'PUT', body: JSON.stringify(survey) })
  const context = await browser.newContext({ timezoneId: 'UTC' })
  try {
    const visitor = await context.newPage()
    await listen(visitor)
    await visitor.goto(`${demo.demoUrl}/`)
    await hear(visitor, 'ready')
    await visitor.evaluate((id) => window.earshot.show(id, { force: true }), survey.id)
    await card(visitor).getByText('Yes', { exact: true }).click()
    await card(visitor).getByText('2 of 3').waitFor()
    await score(visitor, 7).click()
    await card(visitor).getByText('3 of 3').waitFor()
    await score(visitor, 5).click()
    await hear(visitor, 'completed')
    await hear(visitor, 'delivered')
    await visitor.evaluate(() => window.earshot.flush())
    const { responses } = await call(`/v1/responses?survey=${survey.id}`)
    expect(responses).toHaveLength(1)
    expect(responses[0]).toMatchObject({
      touchpoint: 'website',
      answers: { success: { value: ['yes'] }, effort: { value: 7 }, emotion: { value: 5 } },
    })

    await others(39, 'website', 1)
    await others(9, 'app', 101)
    const read = (touchpoint: string): ReturnType<typeof call> =>
      call(`/v1/reports/question?survey=${survey.id}&where=touchpoint:${touchpoint}`)
    const { reports } = await read('website')
    const interval = [expect.any(Number), expect.any(Number)]
    const share = { n: 40, interval, method: 'wilson' }
    expect(reports).toMatchObject([
      { definitionId: 'choice', estimate: { value: 75, ...share } },
      { definitionId: 'ces-2.0', estimate: { value: 52.5, ...share } },
      { definitionId: 'csat', estimate: { value: 35, ...share } },
    ])

    const page = await context.newPage()
    await signIn(page, demo.collectorUrl, demo.adminToken, `/surveys/${survey.id}?where=touchpoint:website`)
    await page.getByRole('heading', { name: 'Side by side' }).waitFor()
    await settled(page)
    const names = ['“Yes”', 'CES 2.0', 'CSAT']
    const cards = await page.locator('.cards .card').all()
    expect(await Promise.all(cards.map((each) => each.getByRole('heading').innerText()))).toEqual([
      ...names,
      'Response rate',
    ])
    for (const [index, text] of ['75 %', '53 %', '35 %'].entries()) {
      const said = plain((await cards[index]?.innerText()) ?? '')
      expect(said).toContain(text)
      expect(said).toContain('95 % interval')
      expect(said).toContain('n = 40 answers')
    }
    const figure = page.locator('section', { has: page.getByRole('heading', { name: 'Side by side' }) })
    expect(plain(await figure.locator('figcaption').innerText())).toContain(
      '“Yes” 75 % (n 40), CES 2.0 53 % (n 40), CSAT 35 % (n 40).',
    )
    await figure.getByText('As a table').click()
    const rows = await figure.locator('tbody tr').allInnerTexts()
    expect(rows.map((each) => plain(each).split('\t'))).toEqual([
      ['Did you get done what you came for?', '“Yes”', '75 %', '60 to 86 %', '40'],
      [expect.stringContaining('easy for me'), 'CES 2.0', '53 %', '37 to 67 %', '40'],
      ['How do you feel about this visit?', 'CSAT', '35 %', '22 to 50 %', '40'],
    ])
    await figure.getByText('How this is counted').click()
    await figure.getByText('The share of good answers to each question', { exact: false }).waitFor()
    // Each choice has its own share, with interval.
    const choices = page.locator('section', {
      has: page.getByRole('heading', { name: 'Choices: Did you get done what you came for?' }),
    })
    expect(plain(await choices.locator('figcaption').innerText())).toContain(
      '40 answers. Most chose “Yes”: 75 %.',
    )
    expect(await violations(page)).toEqual([])
    const shots = process.env['EARSHOT_SHOTS']
    if (shots !== undefined)
      for (const [width, colorScheme] of [
        [320, 'light'],
        [768, 'dark'],
        [1280, 'light'],
        [1280, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ colorScheme })
        await page.screenshot({ path: `${shots}/visit-${width}-${colorScheme}.png`, fullPage: true })
      }

    // Of a touchpoint with fewer answers than the minimum no number is shown, and that there are some is.
    await page.setViewportSize({ width: 320, height: 900 })
    await page.goto(`${demo.collectorUrl}/dashboard/surveys/${survey.id}?where=touchpoint:app`)
    await page.getByText('Fewer than 10', { exact: false }).first().waitFor()
    await settled(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    expect(await page.locator('.number', { hasText: '%' }).count()).toBe(0)
    expect((await read('app')).reports.map((each: { responses: number }) => each.responses)).toEqual([
      9, 9, 9,
    ])
  } finally {
    await context.close()
  }
})

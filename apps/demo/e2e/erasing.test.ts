import type { FeedbackEvent } from '@earshot/contract'
import { nps } from '@earshot/sdk'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import { settled, signIn, violations } from './dashboardDoor.ts'

// Somebody is erased on the dashboard as it is built: whole, or with the counts kept.
const survey = nps({ id: 'counted', name: 'Fernwood' })
const people = ['ann', 'bob', 'cem'] as const

let demo: Demo
let browser: Browser
const get = async (path: string): Promise<Response> =>
  fetch(demo.collectorUrl + path, { headers: { authorization: `Bearer ${demo.adminToken}` } })
const counted = async (): Promise<{ responses: number; estimate: { value: number | null } }> =>
  (await (await get(`/v1/reports/nps?survey=${survey.id}&minimum=1`)).json()) as never

beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
  const put = await fetch(`${demo.collectorUrl}/v1/surveys/${survey.id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${demo.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(survey),
  })
  expect(put.ok).toBe(true)
  const at = new Date().toISOString()
  const events = people.flatMap((person, index): FeedbackEvent[] => {
    const base = {
      at,
      visitor: `visitor-${person}`,
      person,
      session: 'session',
      survey: survey.id,
      surveyVersion: survey.version,
      response: `018f0000-0000-7000-8000-f0000000000${index}`,
      context: { channel: 'web' },
    }
    const said = [
      { question: 'score', value: index * 5 },
      { question: survey.questions[1]?.id ?? '', value: `words of ${person}` },
    ]
    return said.map((data, place) => ({
      ...base,
      id: `018f0000-0000-7000-8000-e000000000${index}${place}`,
      type: 'answer',
      seq: place + 1,
      data: { ...data, revision: 0 },
    }))
  })
  const sent = await fetch(`${demo.collectorUrl}/v1/feedback`, {
    method: 'POST',
    body: JSON.stringify({ key: demo.writeKey, sentAt: at, sdk: 'test/1', events }),
  })
  expect(((await sent.json()) as { accepted: string[] }).accepted).toHaveLength(6)
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

async function withPage(person: string, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ timezoneId: 'UTC', viewport: { width: 320, height: 900 } })
  try {
    const page = await context.newPage()
    await signIn(page, demo.collectorUrl, demo.adminToken, `/people/${person}`)
    await use(page)
  } finally {
    await context.close()
  }
}

it('the counts are kept where it is chosen, by keyboard alone, and nothing else is', async () => {
  const before = await counted()
  expect(before.responses).toBe(3)
  await withPage('ann', async (page) => {
    const button = page.getByRole('button', { name: 'Erase this person' })
    await button.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Erase this person' })
    const all = dialog.getByRole('radio', { name: 'Delete everything' })
    const counts = dialog.getByRole('radio', { name: 'Keep the counts' })
    expect([await all.isChecked(), await counts.isChecked()]).toEqual([true, false])
    expect(await violations(page)).toEqual([])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await violations(page)).toEqual([])
    }
    expect(
      await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.querySelector('dialog') ?? document.body
        return scrollWidth - clientWidth
      }),
    ).toBe(0)
    // Leaving it leaves all as it was.
    await dialog.getByRole('button', { name: 'Leave it' }).press('Enter')
    expect((await get('/v1/people/ann')).status).toBe(200)
    await button.press('Enter')
    await all.focus()
    await page.keyboard.press('ArrowDown')
    expect([await all.isChecked(), await counts.isChecked()]).toEqual([false, true])
    await dialog.getByRole('button', { name: 'Erase for good' }).press('Enter')
    await page.getByText('Still counted, and of nobody: 1 response.', { exact: false }).waitFor()
  })
  expect((await get('/v1/people/ann')).status).toBe(404)
  expect(await counted()).toMatchObject({ responses: 3, estimate: { value: before.estimate.value } })
}, 60_000)

it('a response of nobody says so, leads to no person, and has no words', async () => {
  const { responses } = (await (await get(`/v1/responses?survey=${survey.id}`)).json()) as {
    responses: { id: string; visitor: string }[]
  }
  const nobody = responses.find((each) => each.visitor.startsWith('anonymous-'))
  await withPage('bob', async (page) => {
    await page.goto(`${demo.collectorUrl}/dashboard/answers/${nobody?.id}`)
    await settled(page)
    const said = page.getByRole('region', { name: 'What was said' })
    await said.getByText('No words').waitFor()
    const from = page.getByRole('region', { name: 'Where it came from' })
    expect(await from.innerText()).toContain('Nobody: the person was erased')
    expect(await from.getByRole('link').allInnerTexts()).toEqual([survey.id])
    expect(await violations(page)).toEqual([])
  })
}, 60_000)

it('everything is deleted where nothing else is chosen', async () => {
  await withPage('bob', async (page) => {
    await page.getByRole('button', { name: 'Erase this person' }).click()
    await page.getByRole('button', { name: 'Erase for good' }).click()
    await page
      .getByText('Erased: 2 events and 1 responses. Numbers of the past change', { exact: false })
      .waitFor()
  })
  expect((await get('/v1/people/bob')).status).toBe(404)
  expect((await counted()).responses).toBe(2)
}, 60_000)

import { readFile } from 'node:fs/promises'
import type { FeedbackEvent } from '@earshot/contract'
import { nps } from '@earshot/sdk'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import { settled, signIn, violations } from './dashboardDoor.ts'

// What the staff notes on answers, on the dashboard as it is built.
const survey = nps({ id: 'noted', name: 'Fernwood' })
const [first = '', second = ''] = [1, 2].map((each) => `018f0000-0000-7000-8000-f0000000000${each}`)

let demo: Demo
let browser: Browser
beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
  const put = await fetch(`${demo.collectorUrl}/v1/surveys/${survey.id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${demo.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(survey),
  })
  expect(put.ok).toBe(true)
  const at = new Date().toISOString()
  const events = [first, second].map((response, index): FeedbackEvent => ({
    id: `018f0000-0000-7000-8000-e0000000000${index}`,
    type: 'answer',
    at,
    visitor: `visitor-${index}`,
    person: null,
    session: 'session',
    seq: 1,
    survey: survey.id,
    surveyVersion: survey.version,
    response,
    data: { question: 'score', value: index + 2, revision: 0 },
    context: { channel: 'web' },
  }))
  const sent = await fetch(`${demo.collectorUrl}/v1/feedback`, {
    method: 'POST',
    body: JSON.stringify({ key: demo.writeKey, sentAt: at, sdk: 'test/1', events }),
  })
  expect(((await sent.json()) as { accepted: string[] }).accepted).toHaveLength(2)
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

it('a note is written on an answer with another one, is at both, in the file of its week, and is deleted again', async () => {
  const context = await browser.newContext({ timezoneId: 'UTC', viewport: { width: 320, height: 900 } })
  try {
    const page = await context.newPage()
    await signIn(page, demo.collectorUrl, demo.adminToken, `/answers/${first}`)
    const notes = page.getByRole('region', { name: 'Notes' })
    await notes.getByText('Nobody has noted anything', { exact: false }).waitFor()
    await notes.getByLabel('Note', { exact: true }).fill('Both speak of the late van.')
    await notes.getByLabel('Theme').fill('delivery')
    await notes
      .getByLabel('Other answers that it is about')
      .fill(`${demo.collectorUrl}/dashboard/answers/${second}?period=7d`)
    await notes.getByRole('button', { name: 'Add the note' }).click()
    await notes.getByRole('status').getByText('Noted.').waitFor()
    await notes.getByText('Both speak of the late van.').waitFor()
    expect(await notes.getByLabel('Note', { exact: true }).inputValue()).toBe('')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Notes')
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    expect(await violations(page)).toEqual([])
    const shots = process.env['EARSHOT_SHOTS']
    if (shots !== undefined)
      for (const [width, colorScheme] of [
        [320, 'light'],
        [768, 'dark'],
        [1280, 'light'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ colorScheme })
        await page.screenshot({ path: `${shots}/notes-${width}-${colorScheme}.png`, fullPage: true })
      }

    // It leads to the other answer, where it stands too.
    await notes.getByRole('link', { name: second }).click()
    await page.getByRole('link', { name: first }).waitFor()
    await notes.getByText('Both speak of the late van.').waitFor()

    await page.goto(`${demo.collectorUrl}/dashboard/exports?period=7d`)
    await settled(page)
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export notes as CSV' }).click()
    const file = await readFile(await (await waiting).path(), 'utf8')
    const lines = file.trimEnd().split('\r\n')
    expect(lines[0]).toBe('note,at,by,theme,text,response,survey,answeredAt,touchpoint,answers')
    expect(lines.slice(1).map((each) => each.split(',').slice(3, 7))).toEqual([
      ['delivery', 'Both speak of the late van.', first, 'noted'],
      ['delivery', 'Both speak of the late van.', second, 'noted'],
    ])

    await page.goto(`${demo.collectorUrl}/dashboard/answers/${second}`)
    await notes.getByRole('button', { name: 'Delete the note' }).click()
    await page.getByRole('button', { name: 'Delete it' }).click()
    await notes.getByText('Nobody has noted anything', { exact: false }).waitFor()
  } finally {
    await context.close()
  }
})

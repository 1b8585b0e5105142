import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright'
import { createCollector, type Collector } from '@earshot/collector'
import { nps } from '@earshot/sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { startMailbox, type Mailbox } from './mailbox.ts'

// A rule, a mail server and a browser, all of them real; only the collector's clock is ours.
const day = 86_400_000
const [writeKey, adminToken] = ['pk_mail', 'sk_mail_0123456789abcdef0123456789']
const clock = { time: Date.now() }
let mailbox: Mailbox
let collector: Collector
let browser: Browser
let url: string
beforeAll(async () => {
  mailbox = await startMailbox()
  collector = await createCollector({
    data: ':memory:',
    writeKey,
    adminToken,
    clock: { now: () => clock.time },
    mail: { smtp: mailbox.url, from: 'Acme <hi@acme.example>' },
    publicUrl: 'https://feedback.example.com',
  })
  url = (await collector.listen({ port: 0 })).url
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await collector?.close()
  mailbox?.close()
})

const admin = async (path: string, body?: object): Promise<unknown> => {
  const response = await fetch(url + path, {
    ...(body && { method: 'PUT', body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
  })
  expect(response.ok, path).toBe(true)
  return response.status === 204 ? null : response.json()
}
const responses = async (): Promise<Record<string, unknown>[]> =>
  ((await admin('/v1/responses')) as { responses: Record<string, unknown>[] }).responses
/** Shown in the page, with neither an answer nor a refusal. */
const silence = (number: number, person: string): object => ({
  id: `018f0000-0000-7000-8000-e0000000000${number}`,
  type: 'display',
  at: new Date(clock.time).toISOString(),
  visitor: `v-${person}`,
  person,
  session: 's',
  seq: 1,
  survey: 'nps',
  surveyVersion: 1,
  response: `018f0000-0000-7000-8000-f0000000000${number}`,
  data: { trigger: 'page' },
  context: { channel: 'web', locale: 'de' },
})
const flaws = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run({
      resultTypes: ['violations'],
    })
    return violations.map((each) => each.id)
  })
}

it('silence in the page is a mail, scanners that open all its links answer nothing, a tap does, and no reminder comes', async () => {
  await admin('/v1/surveys/nps', nps({ id: 'nps', name: 'Acme' }))
  for (const [person, locale] of [
    ['ann', 'de'],
    ['amal', 'ar'],
  ])
    await admin(`/v1/people/${person}/mail`, { email: `${person}@example.com`, locale })
  await admin('/v1/follow-ups', {
    rules: [
      {
        id: 'silent',
        after: { on: 'silence', survey: 'nps' },
        delay: 3,
        expires: 30,
        do: { mail: { survey: 'nps' } },
        reminders: [{ after: 7 }],
      },
    ],
  })
  const sentAt = new Date(clock.time).toISOString()
  const events = [silence(1, 'ann'), silence(2, 'amal')]
  const sent = await fetch(`${url}/v1/feedback`, {
    method: 'POST',
    body: JSON.stringify({ key: writeKey, sentAt, sdk: 'e2e/1', events }),
  })
  expect(((await sent.json()) as { accepted: string[] }).accepted).toHaveLength(2)
  clock.time += 3 * day
  await expect.poll(() => mailbox.mails.length, { timeout: 30_000 }).toBe(2)
  const linksOf = (person: string): string[] => {
    const mail = mailbox.mails.find((each) => JSON.stringify(each.to).includes(`${person}@`))
    const found = [...String(mail?.text).matchAll(/https:\S+/g)].map(([link]) => link)
    return found.map((link) => link.replace('https://feedback.example.com', url))
  }
  const links = linksOf('ann')
  for (const link of links) for (const method of ['GET', 'HEAD']) await fetch(link, { method })
  // And one that runs scripts, and makes events of its own.
  const context = await browser.newContext({ viewport: { width: 320, height: 700 } })
  const page = await context.newPage()
  const nine = links.find((each) => each.endsWith('?a=9')) ?? ''
  await page.goto(nine)
  await page.evaluate(() => {
    document.body.click()
    dispatchEvent(new MouseEvent('click', { bubbles: true }))
    dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))
  })
  await page.mouse.move(10, 10)
  expect((await responses()).map((each) => each['status'])).toEqual(['shown', 'shown'])

  const shots = process.env.EARSHOT_SHOTS
  expect(await flaws(page)).toEqual([])
  const isWide = (): Promise<boolean> =>
    page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
  /** How many numbers stand in each row of the scale. */
  const rows = (): Promise<number[]> =>
    page.locator('.scale label').evaluateAll((labels) => {
      const tops = labels.map((label) => Math.round(label.getBoundingClientRect().top))
      return [...new Set(tops)].map((top) => tops.filter((each) => each === top).length)
    })
  for (const width of [320, 360, 412, 768, 1280]) {
    await page.setViewportSize({ width, height: 700 })
    expect(await isWide()).toBe(false)
    expect(await rows()).toEqual(width < 600 ? [6, 5] : [11])
    if (shots) await page.screenshot({ path: `${shots}/hosted-${width}.png` })
  }
  // A tap beside all controls.
  await page.mouse.click(5, 690)
  await page.locator('textarea').waitFor()
  const own = (await responses()).find((each) => each['channel'] === 'mail')
  expect(own).toMatchObject({
    person: 'ann',
    visitor: 'v-ann',
    followUp: 'nps/silent/018f0000-0000-7000-8000-f00000000001',
    answers: { score: { value: 9 } },
  })
  await page.locator('textarea').fill('Schnell')
  await page.locator('button[value=send]').click()
  await page.getByText('Vielen Dank').waitFor()
  expect((await responses()).find((each) => each['channel'] === 'mail')).toMatchObject({
    status: 'completed',
  })

  // Without scripts, from right to left, in the dark.
  const plain = await browser.newContext({ javaScriptEnabled: false, colorScheme: 'dark' })
  const other = await plain.newPage()
  await other.goto(linksOf('amal').find((each) => each.endsWith('?a=3')) ?? '')
  expect(await other.locator('html').getAttribute('dir')).toBe('rtl')
  if (shots) await other.screenshot({ path: `${shots}/hosted-ar-dark.png` })
  await other.locator('button[value=send]').click()
  await other.locator('textarea').waitFor()
  expect((await responses()).filter((each) => each['channel'] === 'mail')).toHaveLength(2)

  clock.time += 8 * day
  const stopped = async (): Promise<string[]> =>
    ((await admin('/v1/jobs?state=stopped')) as { jobs: { reason: string }[] }).jobs.map(
      (each) => each.reason,
    )
  await expect.poll(stopped, { timeout: 30_000 }).toEqual(['answered', 'answered'])
  expect(mailbox.mails).toHaveLength(2)
}, 240_000)

import axe from 'axe-core'
import { createHmac } from 'node:crypto'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import type { Story } from '../server/story.ts'
import { arrived } from './dashboardDoor.ts'

// From an answered enquiry to a customer who knows what became of it: pages, collector, mail server and browser are all
// real. The clock runs as it does, and is put forward once, past the days that nobody comes back.
const day = 86_400_000
const delay = 3 * day
let ahead = 0
let demo: Demo
let browser: Browser
beforeAll(async () => {
  demo = await startDemo({
    demoPort: 0,
    collectorPort: 0,
    story: { delay },
    now: () => Date.now() + ahead,
    log: (line) => console.error(line),
  })
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

const admin = async <Body>(path: string, body?: object): Promise<Body> => {
  const response = await fetch(demo.collectorUrl + path, {
    headers: {
      authorization: `Bearer ${demo.adminToken}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  expect(response.ok, path).toBe(true)
  return (await response.json()) as Body
}
/** A row of the timeline, once it is in this state. */
const step = async (page: Page, name: string, state = 'done'): Promise<string> => {
  const row = page.locator(`#story [data-step="${name}"][data-state="${state}"]`)
  await row.waitFor({ timeout: 60_000 })
  return row.innerText()
}
const flaws = async (page: Page): Promise<string[]> => {
  await arrived(page)
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run()
    return violations.map(({ id, nodes }) => `${id} ${nodes.map((each) => each.html).join(' ')}`)
  })
}
const signIn = async (context: BrowserContext, address: string, token = demo.adminToken): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(address)
  await page.getByLabel('Token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  return page
}

it('an enquiry is answered, nobody comes back, a mail asks, a bad score is a case within 5 s, and its end is told', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${demo.demoUrl}/verify`)
  await page.getByRole('button', { name: 'Answer an enquiry' }).click()

  // Planned, and nothing else: it is not due.
  expect(await step(page, 'planned')).toContain('It goes out on')
  const hero = await page.evaluate(() => JSON.parse(localStorage.getItem('fernwood-customer') ?? '{}'))
  const { person, ticket } = hero as { person: string; ticket: string }
  const story = async (): Promise<Story> =>
    (await (
      await fetch(`${demo.demoUrl}/verify/story?${new URLSearchParams({ person, ticket })}`)
    ).json()) as Story
  expect(await story()).toMatchObject({ planned: { state: 'waiting' }, mail: null, answer: null, case: null })
  expect(Date.parse((await story()).planned?.due ?? '')).toBeGreaterThan(Date.now() + delay - day)
  expect(await demo.mails()).toEqual([])

  // Three days in which nobody comes.
  ahead = delay
  expect(await step(page, 'mail')).toContain('Did our answer help you?')
  const [asked, ...others] = await demo.mails()
  expect(others).toEqual([])
  expect(asked).toMatchObject({
    to: `${person}@example.com`,
    subject: 'Did our answer help you?',
    from: expect.stringContaining('hello@fernwood.example') as unknown,
  })
  expect(asked?.text).toContain('we have answered your enquiry')

  // The mail as it is read, and a click on a score in it: with no script anywhere.
  const reader = await browser.newContext({ javaScriptEnabled: false })
  const mail = await reader.newPage()
  await mail.goto(`${demo.demoUrl}/verify/mail/${asked?.number}`)
  await mail.locator('a[href$="?a=2"]').click()
  await mail.waitForURL('**/s/**')
  expect((await story()).answer).toBeNull()
  await mail.locator('button[value=send]').click()
  await mail.locator('textarea').waitFor()

  // The same person, the same follow-up.
  expect(await step(page, 'answer')).toContain(`${person} chose 2`)
  await step(page, 'webhook')
  await step(page, 'case')
  const known = await story()
  const { answer, webhook, case: about } = known
  expect(answer).toMatchObject({
    person,
    score: 2,
    channel: 'mail',
    followUp: `reply-nps/ask-after-reply/${ticket}`,
  })
  expect(await admin(`/v1/responses/${answer?.response}`)).toMatchObject({
    response: { person, followUp: known.followUp, answers: { score: { value: 2 } } },
  })

  // Within five seconds, by the times that the collector has written down.
  const after = (at: string | null | undefined): number => Date.parse(at ?? '') - Date.parse(answer?.at ?? '')
  for (const at of [webhook?.endedAt, about?.openedAt]) {
    expect(after(at)).toBeGreaterThanOrEqual(0)
    expect(after(at)).toBeLessThanOrEqual(5000)
  }
  expect(webhook?.heard).toMatchObject([
    { type: 'answer.given', isSigned: true },
    { type: 'case.opened', isSigned: true },
  ])
  expect(about).toMatchObject({ title: 'Call back', role: 'agent', state: 'new' })
  const forged = await fetch(`${demo.demoUrl}/verify/webhook`, {
    method: 'POST',
    body: '{"type":"answer.given","data":{"response":null}}',
    headers: {
      'webhook-id': 'msg_forged',
      'webhook-timestamp': String(Math.floor((Date.now() + ahead) / 1000)),
      'webhook-signature': `v1,${createHmac('sha256', 'guessed').update('x').digest('base64')}`,
    },
  })
  expect(forged.status).toBe(401)

  // Closed in the dashboard, by clicks, with a word to the customer.
  const link = page.getByRole('link', { name: 'Open the case in the dashboard' })
  const dashboard = await signIn(context, (await link.getAttribute('href')) ?? '')
  await dashboard.getByRole('heading', { level: 1, name: 'Call back' }).waitFor()
  await dashboard.getByRole('button', { name: 'Close', exact: true }).click()
  await dashboard
    .getByLabel('Message to them')
    .fill('We called the nursery.\n\nThe new plants are on their way.')
  await dashboard.getByRole('button', { name: 'Close and tell them' }).click()
  await dashboard.getByText('Closed.', { exact: true }).waitFor()

  expect(await step(page, 'closed')).toContain('Closed as “solved”')
  expect(await step(page, 'told')).toContain('We called the nursery.')
  const [, told, ...more] = await demo.mails()
  expect(more).toEqual([])
  expect(told).toMatchObject({ to: `${person}@example.com`, subject: 'We called the nursery.' })
  expect(told?.text).toContain('The new plants are on their way.')
  await expect
    .poll(async () => (await story()).webhook?.heard.map(({ type }) => type))
    .toEqual(['answer.given', 'case.opened', 'case.closed', 'case.told'])

  // All of it on one timeline, in the order in which it happened, also for whoever loads the page anew.
  await page.getByText(`The loop is closed for ${person}.`).waitFor()
  await page.reload()
  await page.getByText(`The loop is closed for ${person}.`).waitFor()
  expect(await page.locator('#story [data-step] h3').allInnerTexts()).toEqual([
    'An enquiry is answered',
    'A follow-up is planned',
    'The mail is sent',
    'The link is answered',
    'The webhook is delivered',
    'A case is opened',
    'The case is closed',
    'The customer is told',
  ])
  // The address that the demo prints leads to the story, below whatever stands above it.
  const linked = await page.context().newPage()
  await linked.goto(`${demo.demoUrl}/verify#story`)
  const top = (): Promise<number> =>
    linked.locator('#story').evaluate((place) => Math.round(Math.abs(place.getBoundingClientRect().top)))
  await expect.poll(top).toBeLessThan(100)
  await linked.close()
  const states = page.locator('#story [data-step]')
  expect(
    await states.evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['state'])),
  ).toEqual(Array.from({ length: 8 }, () => 'done'))
  const end = await story()
  const times = [
    end.planned?.madeAt,
    end.mail?.endedAt,
    end.answer?.at,
    end.case?.openedAt,
    end.case?.closedAt,
    end.told?.endedAt,
  ].map((at) => Date.parse(at ?? ''))
  expect(times).toEqual(times.toSorted((a, b) => a - b))

  const shots = process.env['EARSHOT_SHOTS']
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [320, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      const isWide = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      )
      expect(isWide).toBe(false)
      if (shots) await page.screenshot({ path: `${shots}/story-${colorScheme}-${width}.png`, fullPage: true })
    }
    expect(await flaws(page)).toEqual([])
  }
}, 240_000)

it('a rule that writes and a rule that opens a case are forms, and lead to what came of them and back', async () => {
  const context = await browser.newContext({ viewport: { width: 320, height: 900 } })
  const page = await signIn(context, `${demo.collectorUrl}/dashboard/follow-ups?rule=call-back`)
  const before = await admin<{ rules: Record<string, unknown>[] }>('/v1/follow-ups')
  // The rule of the address is open, and no other.
  const rule = page.locator('details.rule[open]')
  await rule.getByText('call-back').first().waitFor()
  expect(await rule.count()).toBe(1)
  await rule.getByLabel('what is to be done').fill('Call them')
  await rule.getByLabel('how urgent').selectOption('low')
  await rule.getByLabel('to be closed within hours').fill('8')
  await rule.getByLabel('in the inbox of').selectOption('analyst')
  await page.getByText('open a case “Call them” for every analyst').waitFor()
  // A case goes with no words and no reminders, and there is no field for them.
  expect(await rule.getByLabel('again after days').count()).toBe(0)
  const { staff, me } = await admin<{ staff: { id: string }[]; me: string }>('/v1/staff')
  expect(staff.map(({ id }) => id)).toContain(me)
  await rule.getByLabel('looked after by').selectOption(me)

  // A rule that told a webhook writes a mail instead, and keeps its words.
  await page.getByRole('button', { name: 'Add a rule' }).click()
  const added = page.locator('details.rule').last()
  await added.getByLabel('with the words (en)').fill('Hello')
  await added.getByLabel('do', { exact: true }).selectOption('mail')
  await added.getByLabel('that asks the survey').selectOption('reply-nps')
  await added.getByLabel('with the subject (en)').fill('One question')
  await added.getByLabel('again after days').fill('3, 7')
  await added.getByLabel('subject of reminder 2 (en)').fill('The last time')
  await added.getByLabel('words of reminder 1 (en)').fill('Once more')
  await page.getByText('ask reply-nps by mail, and 2 times more').waitFor()
  const isWide = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  )
  expect(isWide).toBe(false)
  const shots = process.env['EARSHOT_SHOTS']
  for (const width of [320, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    if (shots) await page.screenshot({ path: `${shots}/rules-${width}.png`, fullPage: true })
  }
  // Its messages are there to be looked at while they are written: nothing of it is in force.
  const preview = added.locator('details').filter({ hasText: 'How it looks as it stands here' })
  await preview.locator('summary').click()
  await preview.getByText('One question', { exact: true }).waitFor()
  const letter = page.frameLocator('details.rule iframe')
  await letter.getByText('Hello').waitFor()
  await added.getByLabel('with the words (en)').fill('Hello there')
  await letter.getByText('Hello there').waitFor()
  await preview.getByLabel('Message').selectOption('reminder 1')
  await letter.getByText('Once more').waitFor()
  await preview.getByLabel('Message').selectOption('reminder 2')
  await preview.getByText('The last time', { exact: true }).waitFor()
  expect((await admin<{ rules: object[] }>('/v1/follow-ups')).rules).toHaveLength(before.rules.length)
  for (const width of [320, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0)
    if (shots) await preview.screenshot({ path: `${shots}/draft-${width}.png` })
  }
  await added.getByLabel('with the words (en)').fill('Hello')
  await page.getByRole('button', { name: 'Save the plan' }).click()
  await page.getByRole('status').getByText('The plan is in force').waitFor()
  const { rules } = await admin<{ rules: Record<string, unknown>[] }>('/v1/follow-ups')
  expect(rules[0]).toEqual(before.rules[0])
  expect(rules[1]).toEqual({
    ...before.rules[1],
    do: { case: { role: 'analyst', person: me, title: 'Call them', priority: 'low', dueHours: 8 } },
  })
  expect(rules[2]).toMatchObject({
    do: { mail: { survey: 'reply-nps', subject: { en: 'One question' } } },
    text: { en: 'Hello' },
    reminders: [
      { after: 3, text: { en: 'Once more' } },
      { after: 7, subject: { en: 'The last time' } },
    ],
  })
  // Its messages are there to be looked at.
  await added.getByRole('link', { name: 'How it looks' }).click()
  await page.getByRole('heading', { name: 'One question' }).waitFor()

  // From a delivery to its case, from there to its rule, and to the person.
  const { jobs } = await admin<{ jobs: { job: number; type: string | null }[] }>('/v1/jobs')
  const opened = jobs.find(({ type }) => type === 'case.opened')
  await page.goto(`${demo.collectorUrl}/dashboard/deliveries/${opened?.job}`)
  const facts = page.locator('[aria-label="About it"]')
  await facts.getByRole('link', { name: /^customer-/ }).waitFor()
  await facts.getByRole('link', { name: 'call-back' }).waitFor()
  await facts.getByRole('link', { name: 'Call back' }).click()
  await page.getByRole('heading', { level: 1, name: 'Call back' }).waitFor()
  await page.getByRole('link', { name: 'call-back' }).click()
  await rule.getByLabel('what is to be done').waitFor()

  // And back: from the rule, the case, the answer and the person to what went out because of them, and to nothing else.
  interface Job {
    job: number
    case: string | null
    response: string | null
  }
  const all = await admin<{ jobs: Job[] }>('/v1/jobs?limit=200')
  const { case: ofCase = null, response: ofResponse = null } =
    all.jobs.find(({ job }) => job === opened?.job) ?? {}
  const { case: about } = await admin<{ case: { person: string } }>(`/v1/cases/${ofCase}`)
  for (const [at, query, title] of [
    [null, 'rule=call-back', 'the rule call-back'],
    [`cases/${ofCase}`, `case=${ofCase}`, `the case ${ofCase}`],
    [`answers/${ofResponse}`, `response=${ofResponse}`, `the answer ${ofResponse}`],
    [`people/${about.person}`, `person=${about.person}`, `the person ${about.person}`],
  ] as const) {
    if (at !== null) await page.goto(`${demo.collectorUrl}/dashboard/${at}`)
    await (at === null ? rule : page).getByRole('link', { name: 'What went out' }).first().click()
    await page.getByText(`Only what belongs to ${title}.`).waitFor()
    const { jobs: mine } = await admin<{ jobs: Job[] }>(`/v1/jobs?${query}`)
    expect(mine.map(({ job }) => job)).toContain(opened?.job)
    await page.locator(`tbody a[href$="/deliveries/${opened?.job}"]`).waitFor()
    await expect.poll(() => page.locator('tbody tr').count()).toBe(mine.length)
    if (process.env['EARSHOT_SHOTS'])
      for (const width of [320, 768, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        await page.screenshot({
          path: `${process.env['EARSHOT_SHOTS']}/of-${query.split('=')[0]}-${width}.png`,
        })
      }
  }
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect.poll(() => page.locator('tbody tr').count()).toBe(Math.min(50, all.jobs.length))
  const { token } = await admin<{ token: string }>('/v1/tokens', { name: 'One who asks', role: 'agent' })
  const colleague = await browser.newContext()
  const theirs = await signIn(colleague, `${demo.collectorUrl}/dashboard/people/${about.person}`, token)
  await theirs.getByRole('heading', { level: 2, name: 'What happened' }).waitFor()
  expect(await theirs.getByRole('link', { name: 'What went out' }).count()).toBe(0)
  await colleague.close()
}, 120_000)

it('a message is seen before it goes out, in every language, and goes to whoever looks at it', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const stopped: string[] = []
  await context.exposeFunction('stoppedByPolicy', (what: string) => stopped.push(what))
  await context.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      (globalThis as unknown as { stoppedByPolicy(what: string): void }).stoppedByPolicy(
        `${event.violatedDirective} ${event.blockedURI}`,
      ),
    ),
  )
  const page = await signIn(context, `${demo.collectorUrl}/dashboard/mail`)
  await page.getByRole('heading', { name: 'Did our answer help you?' }).waitFor()
  const frame = page.frameLocator('iframe[title="The message as HTML"]')
  await frame.getByText('we have answered your enquiry').waitFor()
  // The styles of the message hold, and its links lead nowhere.
  const card = frame.locator('.e-card')
  const ground = (): Promise<string> => card.evaluate((each) => getComputedStyle(each).backgroundColor)
  expect(await ground()).toBe('rgb(255, 255, 255)')
  await frame.locator('a').first().click()
  expect(page.frames().map((each) => new URL(each.url()).pathname)).toEqual([
    '/dashboard/mail',
    '/dashboard/mail.html',
  ])
  await page.getByLabel('Colours').selectOption('dark')
  await expect.poll(ground).not.toBe('rgb(255, 255, 255)')
  expect(await page.getByRole('region', { name: 'The message as text' }).innerText()).toContain('/s/preview')

  // From right to left, on a phone, of a survey without a rule.
  await page.getByLabel('Message', { exact: true }).selectOption('survey reply-nps')
  await page.getByLabel('Language of the person').selectOption('ar')
  await page.getByLabel('Width').selectOption('narrow')
  await frame.locator('[dir=rtl]').first().waitFor()
  const shots = process.env['EARSHOT_SHOTS']
  for (const width of [320, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    const isWide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    expect(isWide).toBe(false)
    if (shots) await page.screenshot({ path: `${shots}/mail-ar-${width}.png`, fullPage: true })
  }
  await page.getByLabel('Colours').selectOption('light')
  await page.getByLabel('Width').selectOption('wide')
  await page.getByLabel('Message', { exact: true }).selectOption('rule ask-after-reply 0')
  await page.getByLabel('Language of the person').selectOption('')
  await frame.getByText('we have answered your enquiry').waitFor()
  if (shots) await page.screenshot({ path: `${shots}/mail-en.png`, fullPage: true })

  const before = (await demo.mails()).length
  const address = page.getByLabel('Your address')
  await address.fill('nobody')
  await address.press('Enter')
  await page.locator('[aria-label="To yourself"] .note li').getByText('it must').waitFor()
  await address.fill('me@example.com')
  await address.press('Enter')
  await page.getByText('The mail server took it for me@example.com.').waitFor()
  const sent = (await demo.mails()).slice(before)
  expect(sent).toMatchObject([{ to: 'me@example.com', subject: 'Did our answer help you?' }])
  expect(stopped).toEqual([])
}, 120_000)

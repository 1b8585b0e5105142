import axe from 'axe-core'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { startHostPage } from './line.ts'
import { everyKind, type Linked, type LinkedResponse, mailRule, startLinked } from './linked.ts'

// Messages of a real rule, their links in a real browser, answers in a real store; only the collector's clock is ours.
const day = 86_400_000
let linked: Linked
let browser: Browser
const open: BrowserContext[] = []
beforeAll(async () => {
  linked = await startLinked()
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
}, 120_000)
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})
afterAll(async () => {
  await browser?.close()
  await linked?.close()
})

const read: Linked['read'] = (path) => linked.read(path)
const put: Linked['put'] = (path, body) => linked.put(path, body)
const linkTo: Linked['linkTo'] = (...wanted) => linked.linkTo(...wanted)
const stored: Linked['stored'] = (person) => linked.stored(person)
const eventsOf = async (id: string): Promise<{ type: string }[]> =>
  (await read<{ events: { event: { type: string } }[] }>(`/v1/responses/${id}`)).events.map(
    ({ event }) => event,
  )
const visit = async (link: string, options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 768, height: 700 }, ...options })
  open.push(context)
  const page = await context.newPage()
  await page.goto(link)
  return page
}
const flaws = async (page: Page): Promise<string[]> => {
  // What is on its way in has not its colours yet.
  await page.evaluate(() =>
    Promise.all(
      [...document.querySelectorAll('[data-earshot]')]
        .flatMap((each) => each.shadowRoot!.getAnimations())
        .map((each) => each.finished),
    ),
  )
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run()
    return violations.map((each) => `${each.id}: ${each.nodes.map(({ target }) => String(target)).join()}`)
  })
}
const shots = process.env.EARSHOT_SHOTS
const shoot = async (page: Page, name: string): Promise<unknown> =>
  shots && page.screenshot({ path: `${shots}/${name}.png` })
const card = (page: Page): ReturnType<Page['locator']> => page.locator('[data-earshot] .card')
const score = (page: Page, value: number): ReturnType<Page['locator']> =>
  card(page).locator(`input[value="${value}"]`)
const send = (page: Page): ReturnType<Page['locator']> => card(page).locator('button.send')

describe('the page behind a link of a message', () => {
  it('is the card of the SDK, with the score of the message in it, which the first press confirms', async () => {
    const link = await linkTo('ann', 'nps', 'de', 9)
    const page = await visit(link)
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.reload()
    await card(page).waitFor()
    expect(await page.locator('form').count()).toBe(1)
    expect(await score(page, 9).isChecked()).toBe(true)
    expect(await card(page).locator('textarea').count()).toBe(1)
    // A program that looks at it, with a script of its own.
    await page.evaluate(() => {
      document.body.click()
      document.querySelector('[data-earshot]')!.dispatchEvent(new MouseEvent('click', { bubbles: true }))
      dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))
    })
    await page.mouse.move(10, 10)
    expect(await stored('ann')).toEqual([])
    expect(await flaws(page)).toEqual([])
    await shoot(page, 'card-de-768')
    const confirmed = page.waitForResponse((each) => each.request().method() === 'POST')
    await page.mouse.click(5, 690)
    await confirmed
    expect(await stored('ann')).toMatchObject([
      {
        status: 'partial',
        visitor: 'v-ann',
        followUp: 'nps/after-nps/018f0000-0000-7000-8000-f00000000001',
        trigger: 'followup',
        wording: 'de@1',
        locale: 'de',
        answers: { score: { value: 9, revision: 0 } },
      },
    ])
    await card(page).locator('textarea').fill('Schnell')
    await send(page).click()
    await card(page).locator('h2').waitFor()
    expect(await card(page).locator('h2').textContent()).toBe('Vielen Dank')
    await shoot(page, 'card-thanks')
    await expect.poll(async () => (await stored('ann'))[0]?.status).toBe('completed')
    const [own] = await stored('ann')
    expect(own?.answers['reason']?.value ?? Object.values(own?.answers ?? {})[1]?.value).toBe('Schnell')
    expect((await eventsOf(own!.id)).map(({ type }) => type).toSorted()).toEqual([
      'answer',
      'answer',
      'complete',
      'display',
    ])
    expect(complaints).toEqual([])
    await page.reload()
    await page.getByRole('heading', { name: 'Vielen Dank' }).waitFor()
    expect(await stored('ann')).toHaveLength(1)
  })

  it('asks every kind of question once: past what was skipped, after a reload, and on another device', async () => {
    const link = await linkTo('bea', 'all', 'en', 6)
    const page = await visit(link)
    const title = (of: Page = page): ReturnType<Page['locator']> => card(of).locator('.title')
    const isAt = async (text: string, of: Page = page): Promise<void> => {
      await title(of).getByText(text).waitFor()
      expect(await flaws(of)).toEqual([])
    }
    // The score was clicked in the message.
    await isAt('Thank you for 6')
    expect(await stored('bea')).toEqual([])
    await send(page).click()
    await isAt('What was it?')
    await expect
      .poll(async () => (await stored('bea'))[0]?.answers)
      .toMatchObject({ ease: { value: 6, revision: 0 } })
    await card(page).getByText('Service').click()
    await card(page).getByText('Other').click()
    await card(page).locator('input[type=text]').fill('Coffee')
    await shoot(page, 'card-choice')
    await send(page).click()
    await isAt('Would you come again?')
    // Nothing that must be answered.
    await card(page).getByRole('button', { name: 'Skip' }).click()
    await isAt('Where do we reach you?')
    await page.reload()
    await isAt('Where do we reach you?')
    await card(page).getByRole('button', { name: 'Back' }).click()
    await isAt('Would you come again?')
    await card(page).locator('input[value=false]').click()
    await isAt('Where do we reach you?')
    await card(page).locator('input').fill('nowhere')
    await send(page).click()
    await card(page).locator('.flaw').waitFor()
    await card(page).locator('input').fill('bea@example.com')
    const told = page.waitForResponse((each) => each.request().method() === 'POST')
    await send(page).click()
    await told
    await isAt('All in all?')

    // On another device, by the same link. The answer that it chose is an old one, and no answer to another question.
    const phone = await visit(link, { viewport: { width: 320, height: 700 } })
    // What is skipped or read is known where it was; here it is the first that nobody answered.
    await isAt('All in all?', phone)
    await shoot(phone, 'card-stars-320')
    await card(phone).locator('label').nth(3).click()
    await isAt('Anything else?', phone)
    await expect.poll(async () => (await stored('bea'))[0]?.answers['stars']?.value).toBe(4)
    // The first hears of it when it is looked at again.
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await isAt('Anything else?')
    await card(page).locator('textarea').fill('Nothing')
    await send(page).click()
    await title().getByText('Thank you for 6').waitFor()
    await expect.poll(async () => (await stored('bea'))[0]?.status).toBe('completed')
    await phone.evaluate(() => dispatchEvent(new Event('online')))
    await phone.getByRole('heading', { name: 'Thank you for 6' }).waitFor()
    expect(await flaws(phone)).toEqual([])
    const [own, ...others] = await stored('bea')
    expect(others).toEqual([])
    expect(own?.answers).toMatchObject({
      ease: { value: 6, revision: 0 },
      what: { value: ['b', 'other'], other: 'Coffee', revision: 0 },
      again: { value: false, revision: 0 },
      mail: { value: 'bea@example.com', revision: 0 },
      stars: { value: 4, revision: 0 },
      why: { value: 'Nothing', revision: 0 },
    })
    expect(own?.answers['what']?.order?.toSorted()).toEqual(['a', 'b'])
    const types = (await eventsOf(own!.id)).map(({ type }) => type)
    expect(types.filter((type) => type !== 'answer').toSorted()).toEqual(['complete', 'display'])
    expect(types.filter((type) => type === 'answer')).toHaveLength(6)
  })

  it('goes on where a page of the site was left, in the same response: what was answered is asked by no message and no page', async () => {
    // Asked in the page by the script tag, and by nothing of ours; what it answers there is on its way like any answer.
    const triggers = [{ on: 'event', name: 'ordered' }] as const
    await put('/v1/surveys/begun', { ...everyKind, id: 'begun', triggers })
    const goOn = { ...mailRule('begun'), after: { on: 'answer', survey: 'begun' }, delay: 1 }
    await put('/v1/follow-ups', { rules: [mailRule('nps'), mailRule('all'), mailRule('one'), goOn] })
    await put('/v1/people/mia/mail', { email: 'mia@example.com', locale: 'en' })
    const tag = { src: `${linked.url}/earshot.js`, 'data-key': linked.writeKey, 'data-person': 'mia' }
    const host = await startHostPage(tag)
    const ofMia = async (): Promise<LinkedResponse[]> =>
      (await read<{ responses: LinkedResponse[] }>('/v1/responses?survey=begun')).responses
    const site = await visit(host.url)
    await site.waitForFunction(() => typeof window.earshot?.track === 'function')
    await site.evaluate(() => window.earshot.track('ordered'))
    await card(site).getByText('How easy was it?').waitFor()
    // By the mouse it goes on by itself.
    await score(site, 6).click()
    await card(site).getByText('Thank you for 6').waitFor()
    await send(site).click()
    await card(site).getByText('Service').click()
    await send(site).click()
    await card(site).getByText('Would you come again?').waitFor()
    const begun = { ease: { value: 6, revision: 0 }, what: { value: ['b'], revision: 0 } }
    await expect.poll(async () => (await ofMia())[0]?.answers).toMatchObject(begun)
    await site.context().close()
    await host.close()

    // The browser's clock runs on while this one stands, so what is due in a day by one is later by the other.
    linked.clock.time += 2 * day
    await expect.poll(() => linked.mailbox.texts.get('mia@example.com'), { timeout: 30_000 }).toBeTruthy()
    const mail = linked.mailbox.texts.get('mia@example.com')!
    const [link = ''] = /https:\S+/.exec(mail) ?? []
    const address = link.replace('https://feedback.example.com', linked.url)
    const phone = await visit(address, { viewport: { width: 320, height: 700 } })
    await card(phone).waitFor()
    const asked: string[] = []
    const isAt = async (title: string): Promise<void> => {
      await card(phone).locator('.title').getByText(title).waitFor()
      asked.push(await card(phone).innerText())
      expect(await flaws(phone)).toEqual([])
    }
    await isAt('Would you come again?')
    await shoot(phone, 'card-goes-on-320')
    await card(phone).locator('input[value=true]').click()
    await isAt('Where do we reach you?')
    await card(phone).getByRole('button', { name: 'Skip' }).click()
    await isAt('All in all?')
    await card(phone).locator('label').nth(4).click()
    await isAt('Anything else?')
    await card(phone).locator('textarea').fill('Nothing')
    await send(phone).click()
    await card(phone).locator('h2').getByText('Thank you for 6').waitFor()
    for (const title of ['How easy was it?', 'What was it?']) {
      expect(mail).not.toContain(title)
      expect(asked.join()).not.toContain(title)
    }
    await expect.poll(async () => (await ofMia())[0]?.status).toBe('completed')
    const [own, ...others] = await ofMia()
    expect(others).toEqual([])
    expect(own?.answers).toMatchObject({
      ...begun,
      again: { value: true, revision: 0 },
      stars: { value: 5, revision: 0 },
      why: { value: 'Nothing', revision: 0 },
    })
    const types = (await eventsOf(own!.id)).map(({ type }) => type)
    expect(types.filter((type) => type === 'answer')).toHaveLength(5)
  })

  it('works by keys alone, and a score that ends the survey waits for one press', async () => {
    const page = await visit(await linkTo('cat', 'one', 'en', 4))
    await card(page).waitFor()
    expect(await score(page, 4).isChecked()).toBe(true)
    expect(await flaws(page)).toEqual([])
    // Nobody closes what has nothing behind it.
    await page.keyboard.press('Escape')
    expect(await stored('cat')).toEqual([])
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    expect(await score(page, 5).isChecked()).toBe(true)
    await page.keyboard.press('Enter')
    await card(page).locator('h2').waitFor()
    await expect
      .poll(async () => (await stored('cat'))[0])
      .toMatchObject({ status: 'completed', answers: { score: { value: 5 } } })

    const other = await visit(await linkTo('cid', 'one', 'en', 2))
    await card(other).waitFor()
    await other.mouse.click(5, 690)
    await card(other).locator('h2').waitFor()
    await expect
      .poll(async () => (await stored('cid'))[0])
      .toMatchObject({ status: 'completed', answers: { score: { value: 2 } } })
  })

  it('keeps what is answered without a line, over a reload that fails, and delivers it once', async () => {
    const link = await linkTo('dan', 'nps', 'en')
    const page = await visit(link)
    await card(page).waitFor()
    const context = page.context()
    await context.setOffline(true)
    await score(page, 3).click()
    await card(page).locator('textarea').fill('Slow')
    await send(page).click()
    await card(page).locator('h2').waitFor()
    await card(page).locator('.note').waitFor()
    expect(await stored('dan')).toEqual([])
    await page.close()
    await context.setOffline(false)
    const later = await context.newPage()
    await later.goto(link)
    await later.getByRole('heading', { name: 'Thank you' }).waitFor()
    const [own] = await stored('dan')
    expect(own).toMatchObject({ status: 'completed', answers: { score: { value: 3, revision: 0 } } })
    expect(await eventsOf(own!.id)).toHaveLength(4)

    // An answer whose receipt is lost on the way is sent once more, and stored once.
    const again = await visit(await linkTo('eve', 'nps', 'en'))
    await card(again).waitFor()
    let lost = 0
    await again.route('**/s/*', async (route) => {
      if (route.request().method() !== 'POST' || (lost += 1) > 1) return route.continue()
      await route.fetch()
      return route.abort()
    })
    await score(again, 10).click()
    await expect.poll(() => lost, { timeout: 20_000 }).toBeGreaterThan(1)
    await expect.poll(async () => (await stored('eve'))[0]?.answers).toMatchObject({ score: { value: 10 } })
    expect(await eventsOf((await stored('eve'))[0]!.id)).toHaveLength(2)
  })

  it('is a form where there is no script, where it is blocked, and for whoever has begun with it', async () => {
    const blocks: [string, BrowserContextOptions, string | null][] = [
      ['fay', { javaScriptEnabled: false }, null],
      ['gil', {}, '**/hosted/card.js'],
      ['hal', {}, '**/sdk/**'],
    ]
    for (const [person, options, blocked] of blocks) {
      const link = await linkTo(person, 'nps', 'en', 8)
      const context = await browser.newContext(options)
      open.push(context)
      const page = await context.newPage()
      const refused = blocked && page.waitForEvent('requestfailed')
      if (blocked) await page.route(blocked, (route) => route.abort())
      await page.goto(link)
      await refused
      await page.locator('form button[value=send]').click()
      await page.locator('form textarea').fill('Fine')
      await page.locator('form button[value=send]').click()
      await page.getByRole('heading', { name: 'Thank you' }).waitFor()
      expect(await stored(person)).toMatchObject([
        { status: 'completed', answers: { score: { value: 8, revision: 0 } } },
      ])
    }
    const page = await visit('about:blank')
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/card.js', async (route) => {
      await held
      await route.continue()
    })
    await page.goto(await linkTo('ivy', 'nps', 'en'), { waitUntil: 'commit' })
    await page.locator('form label').nth(7).click()
    release()
    // What would bring the card has been told how the survey stands, and has come to its end.
    await page.waitForLoadState('networkidle')
    expect(await page.locator('form input[value="7"]').isChecked()).toBe(true)
    expect(await card(page).count()).toBe(0)
    await page.locator('form button[value=send]').click()
    // The next page is the card, and goes on.
    await card(page).waitFor()
    expect(await score(page, 7).isChecked()).toBe(true)
    expect(await stored('ivy')).toMatchObject([{ answers: { score: { value: 7 } } }])
  })

  it('reads from right to left, in the dark, in the colours of the site', async () => {
    const arabic = await visit(await linkTo('jad', 'nps', 'ar', 3), { colorScheme: 'dark' })
    await card(arabic).waitFor()
    expect(await card(arabic).getAttribute('dir')).toBe('rtl')
    expect(await arabic.locator('html').getAttribute('lang')).toBe('ar')
    const later = await visit(await linkTo('kim', 'all', 'en'), { colorScheme: 'dark' })
    await card(later).waitFor()
    await put('/v1/settings', { theme: { accent: '#0a6b3d', radius: 2 } })
    const themed = await visit(await linkTo('lea', 'nps', 'he', 9))
    await card(themed).waitFor()
    expect(await card(themed).evaluate((node) => getComputedStyle(node).borderRadius)).toBe('2px')
    await put('/v1/settings', {})
    for (const [name, page] of [
      ['ar-dark', arabic],
      ['dark', later],
      ['he-theme', themed],
    ] as const)
      for (const width of [320, 768, 1280]) {
        await page.setViewportSize({ width, height: 700 })
        expect(
          await page.evaluate(
            () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
          ),
        ).toBe(false)
        expect(await flaws(page)).toEqual([])
        await shoot(page, `card-${name}-${width}`)
      }
  })
}, 240_000)

import { isSampled, variantOf } from '@earshot/contract'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type Demo, startDemo } from '../server/demo.ts'
import { groups, tryouts } from '../src/triggers.ts'
import { triggerTryouts } from '../src/triggerTryouts.ts'
import type { Act, Place, Tryout, Way } from '../src/tryout.ts'
import { readResponses } from './collector.ts'
import { card, explained, hear, heard, listen, memoryOf, score } from './respondent.ts'

// Ways of every tryout on the page, gone by mouse, finger and key in a real browser. Only the clock is set.
let demo: Demo
let browser: Browser

beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
})
afterAll(async () => {
  await browser.close()
  await demo.close()
})

const day = 86_400_000

const screens: Readonly<Record<'desk' | 'phone' | 'tablet', BrowserContextOptions>> = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: {
    viewport: { width: 390, height: 760 },
    screen: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  },
  tablet: {
    viewport: { width: 820, height: 1100 },
    screen: { width: 820, height: 1180 },
    hasTouch: true,
    isMobile: true,
  },
}

/** One visitor who tries one way, and may come back later. */
interface Visitor {
  page: Page
  do(act: Act, index: string): Promise<void>
  end(): Promise<void>
}

async function arrive(tryout: Tryout, { device, width, query = '', at, fromList }: Place): Promise<Visitor> {
  const screen = screens[device ?? 'desk']
  const context = await browser.newContext({
    ...screen,
    ...(width && { viewport: { width, height: 800 } }),
    reducedMotion: 'reduce',
  })
  let time = at ? Date.parse(at) : Date.now()
  const address = `${demo.demoUrl}/triggers/${tryout.id}${query}`
  const open = async (): Promise<Page> => {
    await context.clock.install({ time })
    const page = await context.newPage()
    await listen(page)
    if (fromList) {
      await page.goto(`${demo.demoUrl}/triggers`)
      await page.getByRole('link', { name: tryout.title }).click()
    } else await page.goto(address)
    await hear(page, 'ready')
    await page.locator('[data-rule="survey"]').waitFor()
    return page
  }
  const visitor: Visitor = {
    page: await open(),
    async do(act, index) {
      const { page } = visitor
      if (act.do === 'later') {
        // What nobody had the time to see does not count.
        if (await card(page).count()) await hear(page, 'shown')
        await page.close()
        time += act.days * day
        visitor.page = await open()
      } else await perform(page, context, act, index, tryout)
    },
    end: () => context.close(),
  }
  return visitor
}

async function perform(
  page: Page,
  context: BrowserContext,
  act: Act,
  index: string,
  tryout: Tryout,
): Promise<void> {
  switch (act.do) {
    case 'wait':
      // What looks at the page every second shall do so on the way.
      return context.clock.runFor(act.seconds * 1000)
    case 'close':
      await card(page).getByRole('button', { name: 'Close survey' }).click()
      return card(page).waitFor({ state: 'detached' })
    case 'answer':
      await score(page, 4).click()
      await card(page).getByRole('button', { name: 'Send' }).click()
      await hear(page, 'completed')
      return
    case 'scroll': {
      const isTouch = await page.evaluate(() => matchMedia('(pointer: coarse)').matches)
      const isAtEnd = (): Promise<boolean> =>
        page.evaluate(() => scrollY + innerHeight > document.documentElement.scrollHeight * 0.9)
      if (!isTouch) await page.mouse.wheel(0, 9000)
      else while (!(await isAtEnd())) await swipe(page, 700, 50, 6)
      await page.waitForFunction(() => scrollY + innerHeight > document.documentElement.scrollHeight * 0.9)
      return
    }
    case 'scrollALittle':
      await page.mouse.wheel(0, 60)
      await page.waitForFunction(() => scrollY > 0)
      return
    case 'flick':
      await swipe(page, 60, 700, 3)
      return swipe(page, 60, 700, 3)
    case 'look':
      return page.locator('#offer').scrollIntoViewIfNeeded()
    case 'leave':
      await page.mouse.move(600, 300)
      await page.mouse.move(600, 3)
      return page.mouse.move(600, -5)
    case 'press':
      return page.locator('#scene-button').click()
    case 'hammer':
      return page.locator('#scene-button').click({ clickCount: 3, delay: 60 })
    case 'reload':
      await page.locator(`[data-act="${index}"]`).click()
      await page.waitForLoadState()
      await hear(page, 'ready')
      await page.locator('[data-rule="survey"]').waitFor()
      return
    case 'renew': {
      const before = (await memoryOf(page, demo.writeKey))?.visitor
      await page.locator(`[data-act="${index}"]`).click()
      if (act.until)
        await page.locator(`[data-rule="${act.until.rule}"].${act.until.pass ? 'pass' : 'fail'}`).waitFor()
      else
        await vi.waitFor(
          async () => expect((await memoryOf(page, demo.writeKey))?.visitor).not.toBe(before),
          10_000,
        )
      return settled(page, tryout)
    }
    default:
      await page.locator(`[data-act="${index}"]`).click()
      // What this brings up is there, and what it calls off is called off, before anything else is done.
      if (act.do === 'snooze') await card(page).waitFor({ state: 'detached' })
      if (act.do === 'track') await settled(page, tryout)
  }
}

/** One finger over the glass, up or down, in so many moves. */
async function swipe(page: Page, from: number, to: number, moves: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number): Promise<unknown> =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: 200, y }] })
  await touch('touchStart', from)
  for (let move = 1; move <= moves; move++) await touch('touchMove', from + ((to - from) * move) / moves)
  await touch('touchEnd')
  await session.detach()
}

/** Waits until all that was begun is stored and decided. */
async function settled(page: Page, { survey }: Tryout): Promise<void> {
  await page.evaluate(async () => {
    const { length } = window.heard.queued ?? []
    window.earshot.track('fence')
    while ((window.heard.queued?.length ?? 0) <= length)
      await new Promise((resolve) => setTimeout(resolve, 5))
    await window.earshot.flush()
  })
  await explained(page, survey.id)
}

function tryoutOf(id: string): Tryout {
  return tryouts.find((each) => each.id === id) as Tryout
}

/** By day one way that leads to the card and one that does not; in the long run all. */
function isGone({ ways }: Tryout, index: number): boolean {
  const isFirst = ways.findIndex(({ shown }) => shown === ways[index]?.shown) === index
  return isFirst || process.env['EARSHOT_PAGES'] === 'all'
}

async function expectWay(visitor: Visitor, tryout: Tryout, way: Way): Promise<void> {
  const { page } = visitor
  const { survey } = tryout
  if (way.shown) {
    await card(page).waitFor()
    return
  }
  if (way.reason)
    await page.waitForFunction(
      (reason) => window.heard.suppressed?.some((each) => (each as { reason: string }).reason === reason),
      way.reason,
    )
  await settled(page, tryout)
  expect(await card(page).count()).toBe(0)
  const said = (await heard(page, 'suppressed')).map(({ reason }) => reason)
  expect(said).toEqual(way.reason ? [way.reason] : [])
  const { rules, reason } = await page.evaluate((id) => window.earshot.explain(id), survey.id)
  if (way.reason) {
    // What hangs on one event, or on the collector, is not known outside of that moment.
    if (!['event-fact', 'quota', 'hidden-fact'].includes(tryout.id)) expect(reason).toBe(way.reason)
  } else {
    const fired = rules.filter((each) => each.rule.startsWith('trigger.')).map(({ seen }) => seen)
    for (const each of fired) expect(each).toMatchObject({ fired: false })
  }
}

for (const { title, tryouts: all } of groups)
  describe(title, () => {
    for (const tryout of all) {
      // Hands and eyes need the machine for themselves, and the places of a quota are taken in order.
      const describeWays = tryout.served || triggerTryouts.includes(tryout) ? describe : describe.concurrent
      describeWays(tryout.title, () => {
        const ways = tryout.ways.map((way, index) => ({ way, index, name: way.title }))
        it.each(ways.filter(({ index }) => isGone(tryout, index)))(
          '$name',
          async ({ way, index }) => {
            const visitor = await arrive(tryout, way.place ?? {})
            try {
              for (const [step, act] of way.acts.entries()) await visitor.do(act, `${index}.${step}`)
              await expectWay(visitor, tryout, way)
            } finally {
              await visitor.end()
            }
          },
          30_000,
        )
      })
    }
  })

describe('a paged survey', () => {
  it('says the name, jumps over what does not concern, and stores what was chosen', async () => {
    const visitor = await arrive(tryoutOf('paged'), {})
    try {
      const { page } = visitor
      await visitor.do({ do: 'traits', traits: {} }, '1.0')
      await visitor.do({ do: 'track', name: 'ask' }, '1.1')
      await card(page).locator('legend', { hasText: 'What do you grow, Ada?' }).waitFor()
      await card(page).getByLabel('Nothing yet').click()
      await card(page).locator('legend', { hasText: 'May we write to you?' }).waitFor()
      await card(page).getByLabel('Yes').click()
      await card(page).getByRole('heading', { name: 'Thank you, Ada' }).waitFor()
      await hear(page, 'completed')
      await page.evaluate(() => window.earshot.flush())
      const stored = await readResponses(demo.collectorUrl, demo.adminToken, 'try-paged')
      expect(stored.find(({ status }) => status === 'completed')?.answers).toMatchObject({
        grow: { value: ['nothing'] },
        contact: { value: true },
      })
    } finally {
      await visitor.end()
    }
  })
  it('repeats an answer in the next question, there and back', async () => {
    const visitor = await arrive(tryoutOf('paged'), {})
    try {
      const { page } = visitor
      await visitor.do({ do: 'track', name: 'ask' }, '0.0')
      await card(page).locator('legend', { hasText: 'What do you grow, dear gardener?' }).waitFor()
      await card(page).getByLabel('Roses').click()
      await score(page, 2).click()
      await card(page).locator('label', { hasText: 'You gave it 2. Why?' }).waitFor()
      await card(page).getByRole('button', { name: 'Back' }).click()
      await score(page, 4).click()
      await card(page).locator('label', { hasText: 'You gave it 4. Why?' }).waitFor()
    } finally {
      await visitor.end()
    }
  })
})

describe('chance', () => {
  it('is what the contract says of the visitor: sample and variant, and the variant is stored', async () => {
    const visitor = await arrive(tryoutOf('variant'), {})
    try {
      const { page } = visitor
      const known = await memoryOf(page, demo.writeKey)
      const { survey } = tryoutOf('variant')
      const arm = variantOf(known?.visitor ?? '', survey.id, survey.variants ?? [])
      await page.evaluate(() => window.earshot.track('ask'))
      await card(page).waitFor()
      const question = arm?.id === 'b' ? 'Are you content with Fernwood?' : survey.questions[0]?.title
      await card(page)
        .getByText(question ?? '')
        .first()
        .waitFor()
      await score(page, 4).click()
      await hear(page, 'answered')
      await page.evaluate(() => window.earshot.flush())
      const stored = await readResponses(demo.collectorUrl, demo.adminToken, survey.id)
      expect(stored.find(({ visitor: id }) => id === known?.visitor)).toMatchObject({ variant: arm?.id })
    } finally {
      await visitor.end()
    }
    const sampling = await arrive(tryoutOf('sampling'), {})
    try {
      const { page } = sampling
      const known = await memoryOf(page, demo.writeKey)
      const { rules } = await explained(page, 'try-sampling')
      const { pass } = rules.find((each) => each.rule === 'sampling') ?? {}
      expect(pass).toBe(isSampled(known?.visitor ?? '', 'try-sampling', 0.5))
    } finally {
      await sampling.end()
    }
  })
})

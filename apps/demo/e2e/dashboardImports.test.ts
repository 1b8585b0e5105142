import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type RunningCollector, startCollectorProcess } from './collector.ts'
import { signIn, violations } from './dashboardDoor.ts'

// The page of imports as it is built, before a collector that has nothing yet.
const token = 'sk_e2e_0123456789abcdef0123456789'
let collector: RunningCollector
let browser: Browser
beforeAll(async () => {
  collector = await startCollectorProcess()
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await collector?.remove()
})

async function visit(
  run: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
  as = token,
): Promise<void> {
  const context = await browser.newContext({ timezoneId: 'UTC', ...options })
  try {
    // Thousands of rows are stored while the page is looked at, on whatever machine.
    context.setDefaultTimeout(120_000)
    const page = await context.newPage()
    await signIn(page, collector.url, as, '/imports')
    await run(page)
  } finally {
    await context.close()
  }
}

const file = (name: string, text: string): { name: string; mimeType: string; buffer: Buffer } => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
})
const button = (page: Page, name: string | RegExp): ReturnType<Page['getByRole']> =>
  page.getByRole('button', { name })
const heading = (page: Page, name: string | RegExp): ReturnType<Page['getByRole']> =>
  page.getByRole('heading', { name })
const botanic = fileURLToPath(new URL('../data/nps_botanic.csv', import.meta.url))

describe('a file of answers', () => {
  it('of 13,954 real interviews is looked at, imported in parts and counted, with the score that was computed elsewhere', async () => {
    await visit(async (page) => {
      const sizes: number[] = []
      page.on('request', (request) => {
        if (request.url().endsWith('/v1/import')) sizes.push(request.postDataBuffer()?.length ?? 0)
      })
      await page.getByLabel('CSV or JSON').setInputFiles(botanic)
      await page.getByText('nps_botanic.csv: 13,954 rows').waitFor()
      await page.getByLabel('Id of the new survey').fill('botanic')
      // What its usual names are found under is said in the fields themselves.
      await page.getByLabel('Score').getByText('Found: nps').waitFor({ state: 'attached' })
      await page.getByLabel('Id of the row').selectOption('row')
      await page.getByLabel('Time of all rows').fill('2024-01-15')
      await button(page, 'Look at every line').click()
      await heading(page, '13,612 responses can be taken').waitFor()
      expect(await page.locator('.work .facts').innerText()).toMatch(/Left out, without an answer\s+342 rows/)
      expect(await violations(page)).toEqual([])
      expect(
        await fetch(`${collector.url}/v1/reports/nps?survey=botanic`, {
          headers: { authorization: `Bearer ${token}` },
        }).then((answer) => answer.status),
      ).toBe(404)
      await button(page, 'Import 13,612 responses').click()
      await heading(page, 'The receipt').waitFor()
      const receipt = await page.locator('.work .facts').innerText()
      expect(receipt).toMatch(/Taken\s+13,612 responses/)
      expect(receipt).toMatch(/Stored\s+27,224 new events/)
      expect(receipt).toMatch(/There before\s+0 events/)
      // One look at the columns, then seven parts each time, none of them large.
      expect(sizes.length).toBeGreaterThanOrEqual(15)
      expect(Math.max(...sizes)).toBeLessThan(200_000)
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        button(page, 'Save the receipt').click(),
      ])
      const saved = JSON.parse(readFileSync(await download.path(), 'utf8'))
      expect(saved).toMatchObject({
        file: { name: 'nps_botanic.csv' },
        survey: 'botanic',
        taken: 13_612,
        stored: { accepted: 27_224, duplicates: 0, refused: 0 },
        columns: { taken: { score: 'nps', id: 'row' } },
      })
      await page.getByRole('link', { name: 'See its numbers' }).click()
      await heading(page, 'Imported score').waitFor()
      expect(new URL(page.url()).pathname).toBe('/dashboard/surveys/botanic')
      await page.locator('p.number', { hasText: /^53/ }).waitFor()
    })
    const { estimate } = await collector.get<{ estimate: { n: number; value: number } }>(
      '/v1/reports/nps?survey=botanic',
    )
    expect(estimate.n).toBe(13_612)
    expect(estimate.value).toBeCloseTo(53.4161034381, 6)
  }, 240_000)

  it('with wrong lines says which and why, by the keyboard alone, on a phone, and takes the rest', async () => {
    await visit(
      async (page) => {
        const tabTo = async (name: string | RegExp): Promise<void> => {
          for (let turn = 0; turn < 60; turn++) {
            await page.keyboard.press('Tab')
            const focused = await page.evaluate(
              () =>
                (document.activeElement as HTMLInputElement | null)?.labels?.[0]?.textContent ??
                document.activeElement?.textContent ??
                '',
            )
            if (typeof name === 'string' ? focused.trim() === name : name.test(focused)) return
          }
          throw new Error(`Tab leads to no ${name}`)
        }
        await page
          .getByLabel('CSV or JSON')
          .setInputFiles(
            file(
              'old.csv',
              'NPS;Date;Comment\n9;2026-05-01;"two\nlines"\n\n11;2026-05-01;no such score\n8;soon;no such time\n10;2026-05-02;fine\n',
            ),
          )
        await page.getByText('old.csv: 4 rows').waitFor()
        await tabTo('Id of the new survey')
        await page.keyboard.type('old')
        await page.getByLabel('Time of the answer').getByText('Found: Date').waitFor({ state: 'attached' })
        await tabTo('Look at every line')
        await page.keyboard.press('Enter')
        await heading(page, '2 responses can be taken, 2 lines cannot').waitFor()
        // The focus is where the outcome begins.
        expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H2')
        const rows = await page.locator('.work tbody tr').allInnerTexts()
        expect(rows.map((each) => each.replaceAll(/\s+/g, ' '))).toEqual([
          '5 "score" is "11"; it must be a whole number from 0 to 10',
          '6 its time is "soon", which cannot be read',
        ])
        expect(await violations(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
        await tabTo(/^Leave the wrong lines out and import 2 responses$/)
        await page.keyboard.press('Enter')
        await heading(page, 'The receipt').waitFor()
        expect(await page.locator('.work .facts').innerText()).toMatch(/Left out, wrong\s+2 lines/)
        expect(await violations(page)).toEqual([])
        // Once more is nothing more.
        await page
          .getByLabel('CSV or JSON')
          .setInputFiles(file('old.csv', 'NPS;Date;Comment\n10;2026-05-02;fine\n'))
        await page.getByText('old.csv: 1 row,').waitFor()
        await page.getByLabel('Survey', { exact: true }).selectOption('old')
        await button(page, 'Look at every line').click()
        await button(page, 'Import 1 response').click()
        await heading(page, 'The receipt').waitFor()
        expect(await page.locator('.work .facts').innerText()).toMatch(/Stored\s+0 new events/)
      },
      { viewport: { width: 320, height: 700 }, colorScheme: 'dark' },
    )
  })

  it('of PostHog is known as such, with thumbs turned and submissions whole over its parts', async () => {
    const thumbs = {
      id: 'thumbs',
      version: 1,
      locale: 'en',
      questions: [
        {
          kind: 'scale',
          id: 'thumb',
          title: 'Good?',
          metric: 'csat',
          min: 1,
          max: 2,
          positive: [2],
          negative: [1],
          low: 'No',
          high: 'Yes',
        },
        { kind: 'text', id: 'why', title: 'Why?', maxLength: 200 },
      ],
      thanks: { title: 'Thanks' },
      triggers: [],
      recontact: { answered: 90, dismissed: 30, shown: 7 },
    }
    await collector.put(thumbs as unknown as Parameters<RunningCollector['put']>[0])
    const sent = (row: number, more: object): string =>
      JSON.stringify({
        event: 'survey sent',
        timestamp: `2026-05-01T10:00:0${'$survey_response_1' in more ? 1 : 0}Z`,
        distinct_id: `d${row}`,
        properties: { $survey_submission_id: `s${row}`, ...more },
      })
    // The second half of each submission stands far behind the first.
    const first = Array.from({ length: 1500 }, (_, row) => sent(row, { $survey_response: '1' }))
    const then = Array.from({ length: 1500 }, (_, row) =>
      sent(row, { $survey_response: row < 500 ? '2' : '1', $survey_response_1: 'so' }),
    )
    await visit(async (page) => {
      await page.getByLabel('CSV or JSON').setInputFiles(file('ph.json', [...first, ...then].join('\n')))
      await page.getByText('ph.json: 3,000 rows').waitFor()
      expect(await page.getByLabel('Content').inputValue()).toBe('posthog')
      await page.getByLabel('Survey', { exact: true }).selectOption('thumbs')
      await button(page, 'Look at every line').click()
      await button(page, 'Import 1,500 responses').click()
      await heading(page, 'The receipt').waitFor()
    })
    const { distribution } = await collector.get<{ distribution: { score: number; count: number }[] }>(
      '/v1/reports/csat?survey=thumbs',
    )
    expect(distribution.map(({ score, count }) => [score, count])).toEqual([
      [1, 500],
      [2, 1000],
    ])
  })

  it('is refused with words where it is no text, and is stopped and gone on with', async () => {
    await visit(async (page) => {
      const input = page.getByLabel('CSV or JSON')
      await input.setInputFiles({
        name: 'x.xlsx',
        mimeType: '',
        buffer: Buffer.from([0x50, 0x4b, 3, 4, 0, 0]),
      })
      await page.getByText('Save it as “CSV UTF-8”').waitFor()
      const rows = Array.from({ length: 5000 }, (_, row) => `${row % 11},2026-05-01`)
      await input.setInputFiles(file('alike.csv', ['score,at', ...rows].join('\n')))
      await page.getByText('alike.csv: 5,000 rows').waitFor()
      await button(page, 'Look at every line').click()
      await page.getByText('Give the new survey an id first.').waitFor()
      await page.getByLabel('Id of the new survey').fill('alike')
      await button(page, 'Look at every line').click()
      await heading(page, '5,000 responses can be taken').waitFor()
      // The second part is lost on its way.
      let count = 0
      await page.route('**/v1/import', (route) => {
        count += 1
        return count === 2 ? route.abort() : route.continue()
      })
      await button(page, 'Import 5,000 responses').click()
      await heading(page, 'Stopped after 2,000 rows').waitFor()
      await page.getByText('The collector does not answer.').waitFor()
      await button(page, 'Go on').click()
      await heading(page, 'The receipt').waitFor()
      expect(await page.locator('.work .facts').innerText()).toMatch(/Taken\s+5,000 responses/)
    })
    const { estimate } = await collector.get<{ estimate: { n: number } }>(
      '/v1/reports/nps?survey=alike&basis=all',
    )
    expect(estimate.n).toBe(5000)
  })
})

describe('a file of life-cycle events', () => {
  it('is known as such, says which words it has, and counts in the reports on customers', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => `subscription_started,2026-09-01,c${row}`)
    const text = ['event,day,customer', ...rows, 'Cancelled,2026-11-05,c1', ''].join('\n')
    await visit(async (page) => {
      await page.getByLabel('CSV or JSON').setInputFiles(file('lives.csv', text))
      await page.getByText('lives.csv: 41 rows').waitFor()
      expect(await page.getByLabel('Content').inputValue()).toBe('lifecycle')
      await page.getByLabel('Event', { exact: true }).getByText('Found: event').waitFor({ state: 'attached' })
      await page.getByLabel('Time', { exact: true }).selectOption('day')
      await button(page, 'Look at every line').click()
      await heading(page, '40 events can be taken, 1 line cannot').waitFor()
      await page.getByText('"Cancelled" is no life-cycle event').waitFor()
      await page.getByText('The file has words of its own for the events').click()
      await page.getByLabel('subscription_ended', { exact: true }).fill('cancelled')
      await button(page, 'Look at every line').click()
      await heading(page, '41 events can be taken').waitFor()
      await button(page, 'Import 41 events').click()
      await heading(page, 'The receipt').waitFor()
      expect(await violations(page)).toEqual([])
    })
    const { estimate } = await collector.get<{ estimate: { n: number; value: number } }>(
      '/v1/reports/churn?from=2026-11-01&to=2026-11-10',
    )
    expect(estimate).toMatchObject({ n: 40, value: 2.5 })
  })
})

it('is for those who may import: a viewer is told whom to ask', async () => {
  const made = await fetch(`${collector.url}/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'viewer', role: 'viewer' }),
  })
  const { token: viewer } = (await made.json()) as { token: string }
  await visit(
    async (page) => {
      await heading(page, 'This page is for others').waitFor()
      expect(await page.getByRole('link', { name: 'Imports' }).count()).toBe(0)
    },
    {},
    viewer,
  )
})

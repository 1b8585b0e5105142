import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { languages } from '@earshot/contract'
import { checkoutExit, nps, type Survey } from '@earshot/sdk'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type RunningCollector, startCollectorProcess, writeKey } from './collector.ts'
import { type RunningServer, startHostPage } from './line.ts'

// The files as they are built, from a collector of another origin than the page.
let collector: RunningCollector
let host: RunningServer
let browser: Browser
const directory = fileURLToPath(new URL('../../../packages/sdk/dist/browser', import.meta.url))
const words = readdirSync(directory).filter((name) => name.startsWith('words'))
const { version } = JSON.parse(readFileSync(`${directory}/version.json`, 'utf8')) as { version: string }
const address = (file: string): string => `${collector.url}/sdk/${version}/${file}`
const survey = nps({ id: 'nps', name: 'Acme' })

beforeAll(async () => {
  collector = await startCollectorProcess()
  host = await startHostPage({ src: `${collector.url}/earshot.js`, 'data-key': writeKey })
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
})
afterAll(async () => {
  await browser.close()
  await host.close()
  await collector.remove()
})

/** Words the survey on a page of its own, as the card does, and tells what was fetched for it. */
async function wordFor(
  wanted: readonly string[],
  prepare: (page: Page) => Promise<unknown> = async () => {},
  asked: Survey = survey,
): Promise<{ title: string | undefined; wording: string; fetched: string[] }> {
  const page = await browser.newPage()
  await prepare(page)
  await page.goto(host.url)
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(request.url()))
  // As text, since the tests' own `import()` would not reach the page.
  const worded = await page.evaluate<{ survey: Survey; wording: string }>(
    `import(${JSON.stringify(address('words.js'))})
      .then(({ wordSurvey }) => wordSurvey(${JSON.stringify(asked)}, ${JSON.stringify(wanted)}))`,
  )
  await page.close()
  const { questions } = worded.survey
  return {
    title: questions[0]?.title,
    wording: worded.wording,
    fetched: fetched.filter((url) => url.includes('/sdk/')),
  }
}

describe('the words of the card', () => {
  it('are served, each language under an address that never changes its content', async () => {
    // Each language with what the templates say besides, and what knows the English of both.
    expect(words).toHaveLength(2 * languages.length)
    for (const file of words) {
      const response = await fetch(address(file))
      expect([file, response.status]).toEqual([file, 200])
      expect(response.headers.get('cache-control')).toContain('immutable')
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
    }
  })
  it('are fetched in one language', async () => {
    expect(await wordFor(['da', 'pt-PT', 'en'])).toEqual({
      title: 'Qual é a probabilidade de você recomendar Acme a um amigo ou colega?',
      wording: 'pt-BR@1',
      fetched: [address('words.js'), address('words-pt-BR.js')],
    })
  })
  it('are fetched with those of the templates where the survey has such', async () => {
    const exit = checkoutExit({ id: 'exit', name: 'Acme' })
    expect(await wordFor(['de'], undefined, exit)).toEqual({
      title: 'Was ist der Hauptgrund dafür, dass Sie noch nicht bestellt haben?',
      wording: 'de@1',
      fetched: ['words', 'words-templates', 'words-de', 'words-templates-de'].map((name) =>
        address(`${name}.js`),
      ),
    })
    const { title } = await wordFor(
      ['de'],
      (page) => page.route('**/words-templates.js', (route) => route.abort()),
      exit,
    )
    expect(title).toBe(exit.questions[0]?.title)
  })
  it('are English where the language does not come', async () => {
    const { title, wording } = await wordFor(['de'], (page) =>
      page.route('**/words-de.js', (route) => route.abort()),
    )
    expect([title, wording]).toEqual([survey.questions[0]?.title, 'en@1'])
  })
})

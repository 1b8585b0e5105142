import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { nps } from '@earshot/sdk'
import { type Browser, type BrowserContext, chromium, type Frame, type Page } from 'playwright'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { build, type Rollup } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type RunningCollector, startCollectorProcess, writeKey } from './collector.ts'
import { App } from './hostileReact.ts'
import { listen, type RunningServer } from './line.ts'
import { answer, card, score } from './respondent.ts'

// Documents of other kinds, and pages that live otherwise: frozen, behind a service worker, taken over by React.
let collector: RunningCollector
let host: RunningServer
let browser: Browser
let context: BrowserContext
let page: Page
/** What a page throws or says that is not its own. */
let faults: string[]

const tag = (): string => `<script async src="${collector.url}/earshot.js" data-key="${writeKey}"></script>`
const documentWith = (body = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title></head><body><h1>Host</h1><button id="open">Open</button>${body}</body></html>`
const framed = (attributes: string): string =>
  documentWith(`<iframe name="inner" width="600" height="600" ${attributes}></iframe>`)
const escaped = (html: string): string => html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

/** Keeps all that was ever fetched, as some do, and asks for nothing twice. */
const worker = `
addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => event.respondWith((async () => {
  const cache = await caches.open('all')
  const kept = event.request.method === 'GET' && (await cache.match(event.request))
  if (kept) return kept
  const response = await fetch(event.request)
  if (event.request.method === 'GET') await cache.put(event.request, response.clone())
  return response
})()))`

const pages: Record<string, () => string> = {
  '/plain': () => documentWith(tag()),
  '/other-site': () => framed(`src="${host.url.replace('127.0.0.1', 'localhost')}/plain"`),
  '/srcdoc': () => framed(`srcdoc="${escaped(documentWith(tag()))}"`),
  '/data': () => framed(`src="data:text/html,${encodeURIComponent(documentWith(tag()))}"`),
  '/blob': () =>
    `${framed('')}<script>document.querySelector('iframe').src = URL.createObjectURL(new Blob([${JSON.stringify(
      documentWith(tag()),
    ).replaceAll('</', '<\\/')}], { type: 'text/html' }))</script>`,
  '/worker': () => documentWith(`${tag()}<script>navigator.serviceWorker.register('/worker.js')</script>`),
  '/react': () =>
    `<!doctype html>${renderToString(createElement(App, { source: `${collector.url}/earshot.js`, siteKey: writeKey }))}`,
}
const scripts: Record<string, string> = { '/worker.js': worker }

async function bundleOf(file: string): Promise<string> {
  const entry = fileURLToPath(new URL(file, import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"development"' },
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'app' } },
  })
  const [{ output }] = built as [Rollup.RollupOutput]
  return output[0].code
}

beforeAll(async () => {
  collector = await startCollectorProcess()
  await collector.put(nps({ id: 'nps', name: 'Acme' }))
  scripts['/react.js'] = await bundleOf('hostileReact.ts')
  host = await listen(
    createServer(({ url = '' }, response) => {
      const script = scripts[url]
      const html = pages[url]?.()
      response.statusCode = script || html ? 200 : 404
      response.setHeader('content-type', `${script ? 'text/javascript' : 'text/html'}; charset=utf-8`)
      response.end(script ?? html)
    }),
  )
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
})
afterAll(async () => {
  await browser.close()
  await host.close()
  await collector.remove()
})
beforeEach(async () => {
  context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1000, height: 800 } })
  context.setDefaultTimeout(15_000)
  page = await context.newPage()
  faults = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    const isOwn = /React DevTools|favicon|404/.test(message.text())
    if (!isOwn) faults.push(message.text())
  })
})
afterEach(async () => {
  await context.close()
  expect(faults).toEqual([])
})

async function ask(where: Page | Frame): Promise<void> {
  await where.waitForFunction(() => 'earshot' in window)
  await where.evaluate(() => window.earshot.show('nps', { force: true }))
  await card(where).waitFor()
}

/** One response has these words, and it is complete. */
const stored = (words: string): Promise<void> =>
  vi.waitFor(async () => {
    const all = await collector.responses('nps')
    const mine = all.filter(({ answers }) => answers['why-promoter']?.value === words)
    expect(mine.map(({ status }) => status)).toEqual(['completed'])
  }, 15_000)

describe('a document of another kind', () => {
  it.each([
    ['a frame of another site', '/other-site'],
    ['a frame by srcdoc', '/srcdoc'],
    ['a frame of a blob', '/blob'],
    ['a frame of a data address, which has no origin', '/data'],
  ])('%s: the card appears in it, and one response is stored', async (name, path) => {
    await page.goto(host.url + path)
    const inner = await vi.waitFor(() => {
      const frame = page.frame({ name: 'inner' })
      if (!frame || frame.url() === 'about:blank') throw new Error('It is not there yet.')
      return frame
    })
    await ask(inner)
    await answer(inner, 9, name)
    await stored(name)
    expect(await card(page).count()).toBe(0)
  })
  it('a file: the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'earshot-file-'))
    const file = join(folder, 'page.html')
    await writeFile(file, documentWith(tag()))
    await page.goto(pathToFileURL(file).href)
    await ask(page)
    await answer(page, 9, 'in a file')
    await stored('in a file')
    await rm(folder, { recursive: true })
  })
})

describe('a tab that the browser freezes', () => {
  it('goes on with what was half written, and one response is stored', async () => {
    const session = await context.newCDPSession(page)
    await page.goto(`${host.url}/plain`)
    await ask(page)
    await score(page, 9).click()
    await card(page).getByRole('textbox').fill('before the frost')
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    await card(page).getByRole('button', { name: 'Send' }).click()
    await card(page).getByRole('heading', { name: 'Thank you' }).waitFor()
    await stored('before the frost')
  })
})

describe('a page behind a service worker that keeps all that was ever fetched', () => {
  it('asks, answers and stores: on the first visit, and out of what was kept', async () => {
    await page.goto(`${host.url}/worker`)
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    for (const words of ['past the worker', 'through the worker', 'out of its cache']) {
      await ask(page)
      await answer(page, 9, words)
      await stored(words)
      await page.reload()
    }
    const kept = await page.evaluate(async () =>
      (await (await caches.open('all')).keys()).map(({ url }) => new URL(url).pathname),
    )
    expect(kept).toContain('/earshot.js')
    expect(kept.filter((each) => each.includes('feedback'))).toEqual([])
  })
})

describe('a page whose React draws the whole document', () => {
  const mended = (): Promise<string[]> => page.evaluate(() => window.mended)
  const works = async (words: string): Promise<void> => {
    await answer(page, 9, words)
    await stored(words)
    await page.locator('#press').click()
    expect(await page.evaluate(() => window.pressed)).toBe(1)
    expect(await mended()).toEqual([])
    expect(await page.locator('[data-earshot]').count()).toBe(1)
  }
  it('takes it over while a card is open: nothing has to be mended, and both go on', async () => {
    await page.goto(`${host.url}/react`)
    await ask(page)
    await page.evaluate(() => window.hydrate())
    await works('React came later')
  })
  it('has taken it over, and draws it anew while a card is open: the same', async () => {
    await page.goto(`${host.url}/react`)
    await page.evaluate(() => window.hydrate())
    await ask(page)
    await page.evaluate(() => window.redraw())
    await page.getByRole('heading', { name: 'Host, turn 1' }).waitFor()
    await works('React was there')
  })
})

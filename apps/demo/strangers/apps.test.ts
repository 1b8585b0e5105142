import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { fencesOf } from '../../../scripts/fences.ts'
import { createProfile, type RunningBrowser } from '../e2e/browser.ts'
import { readResponses } from '../e2e/collector.ts'
import { answer, card } from '../e2e/respondent.ts'
import { createMachine, type Machine } from './machine.ts'
import { serveFiles } from './static.ts'

// Fresh apps from npm's own templates, with the code of the quick starts, built for production, in a real browser.
const viteVersion = '9.3.0'
const nextVersion = '16.4.3'

let machine: Machine
let profile: Awaited<ReturnType<typeof createProfile>>
let browser: RunningBrowser
let collector: { url: string; writeKey: string; token: string }
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  machine = await createMachine()
  const folder = await machine.folder('collector')
  await machine.install(folder, '@earshot/collector')
  const { said } = await machine.start({
    folder,
    command: 'npx',
    args: ['@earshot/collector', '--port', '0'],
    until: /address +(http\S+)[^]*write key +(pk_\S+)[^]*admin token +(sk_\S+)[^]*<\/script>/,
  })
  collector = { url: said[1] ?? '', writeKey: said[2] ?? '', token: said[3] ?? '' }
  profile = await createProfile()
  browser = await profile.launch()
}, 300_000)
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
afterAll(async () => {
  await profile.remove()
  await machine.remove()
})

/** A block of a quick start, with the key and the address of this collector, and a survey of its own. */
async function quickStart(page: string, language: string, survey: string): Promise<string> {
  const path = `docs/${page}.md`
  const fence = fencesOf(path, await readFile(path, 'utf8')).find((each) => each.language === language)
  if (!fence) throw new Error(`${path} has no block of ${language}.`)
  return filled(fence.text, survey)
}

function filled(text: string, survey: string): string {
  return text
    .replaceAll('pk_…', collector.writeKey)
    .replaceAll('https://feedback.example.com', collector.url)
    .replaceAll('nps-q4', survey)
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

/** Serves the result of a build, or pages that are given. */
async function serve(source: string | Readonly<Record<string, string>>): Promise<string> {
  const { url, close } = await serveFiles(source)
  closers.push(close)
  return url
}

/** A page, and all that it complained about. */
async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.context.newPage()
  // In development a page is made when it is asked for.
  page.setDefaultTimeout(120_000)
  closers.push(() => page.close())
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints }
}

/** Pays, answers, and finds the answer in the collector. */
async function answerOn(url: string, survey: string, earlier = 0): Promise<void> {
  const { page, complaints } = await open(url)
  await page.getByRole('button', { name: 'Pay' }).click()
  await card(page).waitFor()
  await answer(page, 9, 'Fresh and fine.')
  await vi.waitFor(async () => {
    const responses = await readResponses(collector.url, collector.token, survey)
    expect(responses).toHaveLength(earlier + 1)
    const answers = { score: { value: 9 }, 'why-promoter': { value: 'Fresh and fine.' } }
    for (const response of responses) expect(response).toMatchObject({ status: 'completed', answers })
  }, 20_000)
  expect(complaints).toEqual([])
}

/** A fresh app of a template of Vite, with our SDK and these files. */
async function makeVite(template: string, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await machine.folder(template)
  const create = [
    'create',
    '--yes',
    `vite@${viteVersion}`,
    'app',
    '--',
    '--template',
    template,
    '--no-interactive',
  ]
  await machine.run(root, 'npm', create)
  const app = join(root, 'app')
  await write(app, files)
  await machine.install(app, '@earshot/sdk')
  return app
}

describe('a fresh app of Vite, built for production, asks and its answer arrives', () => {
  const svelte = (code: string): string =>
    `<script lang="ts">\n${code.replace(/\n\nexport function[^]*/, '')}\n</script>\n\n<button onclick={() => earshot.track('checkout_done')}>Pay</button>\n`
  it.each<[string, (survey: string) => Promise<Record<string, string>>]>([
    [
      'vanilla-ts',
      async (survey) => ({
        'src/main.ts': `${await quickStart('start/npm', 'ts', survey)}\nconnect(document.querySelector<HTMLElement>('#pay')!)\n`,
        'index.html':
          '<!doctype html><html lang="en"><head><title>Shop</title></head><body><button id="pay">Pay</button><script type="module" src="/src/main.ts"></script></body></html>',
      }),
    ],
    ['react-ts', async (survey) => ({ 'src/App.tsx': await quickStart('start/react', 'tsx', survey) })],
    [
      'vue-ts',
      async (survey) => ({
        'src/main.ts': await quickStart('start/vue', 'js', survey),
        'src/App.vue': await quickStart('start/vue', 'vue', survey),
      }),
    ],
    [
      'svelte-ts',
      async (survey) => ({ 'src/App.svelte': svelte(await quickStart('start/npm', 'ts', survey)) }),
    ],
  ])(
    '%s',
    async (template, files) => {
      const app = await makeVite(template, await files(template))
      const said = await machine.run(app, 'npm', ['run', 'build'])
      expect(said).not.toMatch(/warning|earshot.*(error|sourcemap)/i)
      await answerOn(await serve(join(app, 'dist')), template)
    },
    300_000,
  )
})

describe('a fresh app of Next.js', () => {
  let app: string
  const layout = `export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
`
  const startNext = async (command: 'start' | 'dev') => {
    const { said, end } = await machine.start({
      folder: app,
      command: 'npx',
      args: ['next', command, '--port', '0', '--hostname', '127.0.0.1'],
      until: /(http:\/\/127\.0\.0\.1:\d+)[^]*Ready in/,
    })
    closers.push(end)
    return said[1] ?? ''
  }
  beforeAll(async () => {
    const root = await machine.folder('next')
    const options =
      '--ts --app --no-tailwind --no-linter --no-src-dir --no-react-compiler --skip-install --disable-git --use-npm --empty --yes'
    await machine.run(root, 'npx', ['--yes', `create-next-app@${nextVersion}`, 'app', ...options.split(' ')])
    app = join(root, 'app')
    await write(app, {
      'app/layout.tsx': layout,
      'app/page.tsx': await quickStart('start/react', 'tsx', 'next'),
    })
    await machine.install(app, '@earshot/sdk')
  }, 300_000)

  it('rendered by the server and built for production, asks and its answer arrives', async () => {
    await machine.run(app, 'npx', ['next', 'build'])
    const url = await startNext('start')
    // It comes from the server, not only from the browser.
    expect(await (await fetch(url)).text()).toMatch(/<button>Pay<\/button>/)
    await answerOn(url, 'next')
  }, 300_000)
  it('hydrates without a word of React in development', async () => {
    const { page, complaints } = await open(await startNext('dev'))
    await page.getByRole('button', { name: 'Pay' }).click()
    await page.waitForFunction(() => document.readyState === 'complete')
    await page.waitForLoadState('networkidle')
    expect(complaints.filter((each) => !each.includes('[HMR]'))).toEqual([])
  }, 300_000)
})

describe('a page without a build', () => {
  beforeAll(async () => {
    // What the browser keeps of the config, for a minute, is from before the survey was put.
    await profile.remove()
    profile = await createProfile()
    browser = await profile.launch()
    const definition = JSON.parse(await readFile('docs/nps.survey.json', 'utf8')) as { id: string }
    const response = await fetch(`${collector.url}/v1/surveys/${definition.id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${collector.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(definition),
    })
    expect(response.status).toBeLessThan(300)
  })

  it('has the script tag of the quick start, asks and its answer arrives', async () => {
    const page = await quickStart('start/script-tag', 'html', 'nps-q4')
    await answerOn(await serve({ '/index.html': page }), 'nps-q4')
  }, 180_000)
  it('gets it from a tag manager, asks and its answer arrives', async () => {
    const path = 'docs/recipes/gtm.md'
    const [loads = '', tracks = ''] = fencesOf(path, await readFile(path, 'utf8'))
      .filter(({ language }) => language === 'html')
      .map(({ text }) => filled(text, 'nps-q4'))
    // As the manager does it: markup that was fetched, whose scripts are made anew once the page is there.
    const container = `
      const run = (markup) => {
        const box = document.createElement('div')
        box.innerHTML = markup
        for (const old of box.querySelectorAll('script')) {
          const script = document.createElement('script')
          script.text = old.text
          old.replaceWith(script)
        }
        box.style.display = 'none'
        document.body.append(box)
      }
      window.addEventListener('load', () => run(${JSON.stringify(loads)}))
      document.querySelector('#pay').onclick = () => run(${JSON.stringify(tracks)})`
    const url = await serve({
      '/index.html':
        '<!doctype html><title>Shop</title><button id="pay">Pay</button><script async src="/gtm.js"></script>',
      '/gtm.js': container,
    })
    await answerOn(url, 'nps-q4', 1)
  }, 180_000)
})

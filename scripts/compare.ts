/** `pnpm compare [--write]`: Earshot beside PostHog out of its npm package, each on a page of its own in a real Chromium: what is loaded, kept and refused. `--write` puts the table into docs/comparison.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Browser, chromium } from 'playwright'
import { chromiumFlags, findChromium } from './chromium.ts'
import { type Product, products } from './benchEmbedProducts.ts'
import { comparedRows } from './compareRows.ts'
import { pagePath, startBenchServer, type BenchServer } from './benchEmbedServer.ts'

const written = 'docs/comparison.md'
const marks = ['<!-- measured -->', '<!-- /measured -->'] as const
const nonce = 'compare'
/** No style in the page, no inline script but those with a nonce. */
const withoutStyle = `default-src 'none'; script-src 'self' 'nonce-${nonce}'; connect-src 'self'`
/** And no text into a sink. */
const trustedOnly = `${withoutStyle}; require-trusted-types-for 'script'`

/** What a visit to a page leaves. */
interface Visit {
  bytes: number
  requests: number
  isShown: boolean
  cookies: number
  /** Keys in `localStorage` and `sessionStorage`, and databases. */
  local: number
  session: number
  databases: number
  /** Elements with style that were put into the document of the page. */
  styles: number
  globals: number
  violations: number
}

const page = (head: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>${head}</head><body><main><h2>Shop</h2></main></body></html>`

/** The same product with nothing to ask. */
const silent = (product: Product): Product => ({
  ...product,
  respond(path, method, body) {
    const answer = product.respond(path, method, body)
    if (path === '/v1/config') return answer && { ...answer, body: '{"version":1,"surveys":[],"plain":[]}' }
    if (path === '/api/surveys/') return answer && { ...answer, body: '{"surveys":[]}' }
    return answer
  },
})

async function visit(
  browser: Browser,
  server: BenchServer,
  product: Product,
  { asks, policy }: { asks: boolean; policy?: string },
): Promise<Visit> {
  const shown = asks ? product : silent(product)
  const head = policy
    ? `<meta http-equiv="content-security-policy" content="${policy}">${shown.head.replaceAll('<script', `<script nonce="${nonce}"`)}`
    : shown.head
  const html = page(head)
  server.serve((path, method, body) =>
    path === pagePath ? { type: 'text/html; charset=utf-8', body: html } : shown.respond(path, method, body),
  )
  server.restart()
  const context = await browser.newContext()
  try {
    const tab = await context.newPage()
    let requests = 0
    tab.on('request', (request) => {
      if (!new URL(request.url()).pathname.match(/^\/(favicon\.ico)?$/)) requests++
    })
    await tab.addInitScript(() => {
      const seen = globalThis as unknown as { refused: number; before: number }
      seen.refused = 0
      addEventListener('securitypolicyviolation', () => seen.refused++)
      // Names that are there before any script of the page; this one too.
      seen.before = 0
      seen.before = Object.getOwnPropertyNames(globalThis).length
    })
    await tab.goto(server.url)
    const question = tab.locator(`${product.question[0]} ${product.question[1]}`).first()
    if (asks) await question.waitFor({ timeout: policy ? 8000 : 30_000 }).catch(() => {})
    await tab.waitForLoadState('networkidle')
    const left = await tab.evaluate(async () => {
      const seen = globalThis as unknown as { refused: number; before: number }
      return {
        globals: Object.getOwnPropertyNames(globalThis).length - seen.before,
        violations: seen.refused,
        local: localStorage.length,
        session: sessionStorage.length,
        databases: (await indexedDB.databases()).length,
        styles: document.querySelectorAll('style, link[rel=stylesheet]').length,
      }
    })
    return {
      ...left,
      requests,
      bytes: server.bytes(),
      isShown: await question.isVisible(),
      cookies: (await context.cookies()).length,
    }
  } finally {
    await context.close()
  }
}

/** The cells of a product, in the order of the rows. */
async function measure(browser: Browser, server: BenchServer, product: Product): Promise<string[]> {
  const idle = await visit(browser, server, product, { asks: false })
  const asked = await visit(browser, server, product, { asks: true })
  const styleless = await visit(browser, server, product, { asks: true, policy: withoutStyle })
  const trusted = await visit(browser, server, product, { asks: true, policy: trustedOnly })
  const told = ({ isShown, violations }: Visit): string => `${isShown ? 'seen' : 'not seen'}, ${violations}`
  if (!asked.isShown) throw new Error(`${product.label} shows no survey on the plain page.`)
  return [
    String(idle.requests),
    (idle.bytes / 1000).toFixed(1),
    String(asked.requests),
    (asked.bytes / 1000).toFixed(1),
    String(asked.cookies),
    `${asked.local}, ${asked.session}`,
    String(asked.databases),
    String(asked.globals),
    String(asked.styles),
    told(styleless),
    told(trusted),
  ]
}

if (import.meta.main) {
  const server = await startBenchServer()
  const browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
  try {
    const compared = (await products()).filter(({ id }) => ['earshot', 'posthog'].includes(id))
    const columns: string[][] = []
    for (const each of compared) columns.push(await measure(browser, server, each))
    const table = [
      `| of one page | ${compared.map(({ label }) => label).join(' | ')} |`,
      `| --- |${' --- |'.repeat(compared.length)}`,
      ...comparedRows.map(
        (row, index) => `| ${row} | ${columns.map((column) => column[index]).join(' | ')} |`,
      ),
    ].join('\n')
    const told = `Measured on ${new Date().toISOString().slice(0, 10)} with Chromium ${browser.version()}: ${compared.map(({ what }) => what).join('; ')}.\n\n${table}`
    console.log(told)
    if (process.argv.includes('--write')) {
      const text = readFileSync(written, 'utf8')
      const [begin, end] = marks.map((mark) => text.indexOf(mark)) as [number, number]
      if (begin < 0 || end < begin) throw new Error(`${written} has no place between ${marks.join(' and ')}.`)
      writeFileSync(written, `${text.slice(0, begin + marks[0].length)}\n\n${told}\n\n${text.slice(end)}`)
    }
  } finally {
    await browser.close()
    await server.close()
  }
}

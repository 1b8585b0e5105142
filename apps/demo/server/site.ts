/** Serves the built pages, and writes the addresses into them as it serves them, because ports vary. */
import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A finished answer to a GET. */
export interface Page {
  status: number
  headers: Record<string, string>
  body: Buffer | string
}

/** What a page is told about where it lives. */
export interface Addresses {
  collector: string
  key: string
  line: string
}

const root = fileURLToPath(new URL('../dist', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
}

/**
 * Reads which files there are; nothing else can be asked for.
 *
 * @throws when the site has not been built
 */
export async function createSite(
  addressesOf: (path: string) => Addresses,
): Promise<(path: string) => Promise<Page>> {
  let files = await list()
  return async (path) => {
    const name = fileFor(path)
    // A build that ran meanwhile gave its files other names.
    if (!files.has(name)) files = await list()
    const file = files.get(name)
    if (!file) return { ...(await page('/404.html', path)), status: 404 }
    if (name.endsWith('.html')) return page(name, path)
    return { status: 200, headers: headersFor(name), body: await readFile(file) }
  }

  async function page(name: string, path: string): Promise<Page> {
    const { collector, key, line } = addressesOf(path)
    const source = await readFile(join(root, name), 'utf8')
    const body = source
      .replaceAll('%COLLECTOR%', collector)
      .replaceAll('%KEY%', key)
      .replaceAll('%LINE%', line)
    return { status: 200, headers: { ...headersFor(name), ...policyFor(name, collector) }, body }
  }
}

/** Address → file. The single-page apps own every address below their own. */
function fileFor(path: string): string {
  if (path === '/') return '/index.html'
  for (const app of ['/spa', '/triggers'])
    if (path === app || path.startsWith(`${app}/`)) return `${app}.html`
  return extname(path) ? path : `${path}.html`
}

/** The strict page allows what comes from the collector, and nothing else. */
function policyFor(name: string, collector: string): Record<string, string> {
  if (name !== '/csp.html') return {}
  const policy = `default-src 'none'; script-src ${collector}; connect-src ${collector}; require-trusted-types-for 'script'; trusted-types 'none'`
  return { 'content-security-policy': policy }
}

function headersFor(name: string): Record<string, string> {
  const hashed = name.startsWith('/assets/')
  return {
    'content-type': types[extname(name)] ?? 'application/octet-stream',
    // The preview's frame has no origin, and modules are fetched as from another one.
    ...(hashed && { 'access-control-allow-origin': '*' }),
    'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-store',
    'x-content-type-options': 'nosniff',
  }
}

/** Address → path on the disk. */
async function list(): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((): Dirent[] => [])
  if (!entries.some((each) => each.name === 'index.html'))
    throw new Error('The pages of the demo are not built. Run: npx -y pnpm@12 build')
  const paths = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))
  return new Map(paths.map((path) => [`/${relative(root, path).split(sep).join('/')}`, path]))
}

/** Builds the site into the package of the collector: the documents as pages, what is made of types and of the OpenAPI document, and no script or style that stands in a page. */
import { createHash } from 'node:crypto'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'vitepress'
import { asPage, documentsAmong, pageOf } from './src/pages.ts'
import { writeHttp, writeTypes } from './src/reference.ts'

const root = 'apps/docs/dist'
const pages = `${root}/pages`
const built = `${root}/site`
const served = 'packages/collector/dist/docs'

/** Puts the documents, and what is made, where VitePress finds them. */
async function stage(): Promise<void> {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(`${pages}/.vitepress/theme`, { recursive: true })
  await writeTypes(`${pages}/reference`)
  await writeHttp(`${pages}/reference`)
  const address = process.env['EARSHOT_REPOSITORY']
  const repository = address === undefined ? null : `${address}/blob/main`
  const documents = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'apps/*/README.md'])
  for (const path of documentsAmong(documents.map((each) => each.replaceAll('\\', '/')))) {
    const page = join(pages, pageOf(path) ?? '')
    mkdirSync(dirname(page), { recursive: true })
    writeFileSync(page, asPage(path, readFileSync(path, 'utf8'), repository))
  }
  for (const path of globSync('docs/pictures/*')) cpSync(path, path.replace('docs', pages))
  writeFileSync(
    `${pages}/.vitepress/config.mjs`,
    `import { createSite } from '../../../src/site.ts'\nexport default createSite(${JSON.stringify(pages)})\n`,
  )
  writeFileSync(
    `${pages}/.vitepress/theme/index.mjs`,
    `import theme from 'vitepress/theme-without-fonts'\nimport '../../../../src/style.css'\nexport default theme\n`,
  )
}

/**
 * What stands in the pages becomes files of its own: the policy of the collector lets nothing else through.
 *
 * @returns how many pages there are
 */
function takeOut(): number {
  const files = globSync(`${built}/**/*.html`)
  const keep = (text: string, ending: string): string => {
    const name = `assets/page.${createHash('sha256').update(text).digest('hex').slice(0, 8)}.${ending}`
    writeFileSync(join(built, name), text)
    return `/docs/${name}`
  }
  // Colours of code are style attributes, the same few everywhere; a class for each does without them.
  const colours = new Map<string, string>()
  const classed = (text: string, quote: string): string =>
    text.replaceAll(
      new RegExp(`<span style=${quote}(--shiki-[^"\\\\]+)${quote}>`, 'g'),
      (_whole, style: string) => {
        const name = colours.get(style) ?? `code-${colours.size}`
        colours.set(style, name)
        return `<span class=${quote}${name}${quote}>`
      },
    )
  for (const path of globSync(`${built}/assets/**/*.js`)) {
    const text = readFileSync(path, 'utf8')
    const changed = classed(classed(text, '"'), '\\\\"')
    if (changed !== text) writeFileSync(path, changed)
  }
  const texts = files.map((path) => [path, classed(readFileSync(path, 'utf8'), '"')] as const)
  const sheet = [...colours].map(([style, name]) => `.${name}{${style}}`).join('\n')
  const link = `<link rel="stylesheet" href="${keep(sheet, 'css')}"></head>`
  for (const [path, text] of texts)
    writeFileSync(
      path,
      text
        .replaceAll(/<script(?: id="[^"]*")?>([^<]+)<\/script>/g, (_whole, code: string) => {
          return `<script src="${keep(code, 'js')}"></script>`
        })
        .replace('</head>', link),
    )
  return files.length
}

await stage()
await build(pages)
const count = takeOut()
rmSync(served, { recursive: true, force: true })
cpSync(built, served, { recursive: true })
console.log(`docs: ${count} pages`)

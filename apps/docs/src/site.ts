/** The site as VitePress builds it: sidebar, search, and what a page may load. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme, MarkdownRenderer, UserConfig } from 'vitepress'
import { groups, pageOf, titleOf } from './pages.ts'

/** Pages that no group names stand in one of their own, so that none is lost. */
function sidebarOf(pages: string): DefaultTheme.SidebarItem[] {
  const all = readdirSync(pages, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md') && !path.startsWith('.'))
    .toSorted()
  const item = (page: string): DefaultTheme.SidebarItem => ({
    text: titleOf(readFileSync(join(pages, page), 'utf8')),
    link: `/${page.replace(/\.md$/, '')}`,
  })
  const placed = groups.map(({ title, pages: documents }) => ({
    title,
    pages: documents.map((each) => pageOf(each) ?? each).filter((each) => all.includes(each)),
  }))
  const named = new Set(placed.flatMap((group) => group.pages))
  const rest = all.filter((page) => !named.has(page) && page !== 'index.md')
  const made = rest.filter((page) => page.startsWith('reference/'))
  const decisions = rest.filter((page) => page.startsWith('decisions/'))
  const others = rest.filter((page) => !made.includes(page) && !decisions.includes(page))
  return [
    ...placed.map(({ title, pages: own }) => ({
      text: title,
      items: [...own, ...(title === 'Reference' ? made : [])].map(item),
    })),
    ...(others.length > 0 ? [{ text: 'More', items: others.map(item) }] : []),
    { text: 'Decisions', items: decisions.map(item) },
  ]
}

/** What stands in a document is text: no tags, and nothing that Vue would compute. */
function plainText(markdown: MarkdownRenderer): void {
  markdown.set({ html: false })
  const { rules } = markdown.renderer
  for (const name of ['text', 'code_inline'] as const) {
    const draw = rules[name]
    rules[name] = (...input) => (draw?.(...input) ?? '').replaceAll('{{', '&#123;&#123;')
  }
}

/** The anchor of a heading, as GitHub makes it, so that a link leads to the same place in both. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
}

/** @param pages - Folder of the pages. */
export function createSite(pages: string): UserConfig<DefaultTheme.Config> {
  return {
    title: 'Earshot',
    description:
      'Feedback that loses no answer: a small SDK for the browser, and the collector you host yourself.',
    base: '/docs/',
    lang: 'en',
    cleanUrls: true,
    metaChunk: true,
    // Else it puts a style into the page, which the policy of the collector does not let through.
    appearance: { disableTransition: false },
    outDir: '../site',
    // Nothing is large that is loaded before it is needed: the largest is what is searched.
    vite: { build: { chunkSizeWarningLimit: 2000 } },
    markdown: {
      theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
      config: plainText,
      anchor: { slugify: anchorOf },
    },
    themeConfig: {
      sidebar: sidebarOf(pages),
      search: { provider: 'local' },
      outline: [2, 3],
      nav: [
        { text: 'Quick start', link: '/start/script-tag' },
        { text: 'Recipes', link: '/recipes/after-purchase' },
        { text: 'Reference', link: '/reference/options' },
      ],
    },
  }
}

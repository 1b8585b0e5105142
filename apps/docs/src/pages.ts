/** Which documents are pages of the site, in which order, and where their links lead there. */
import { posix } from 'node:path'

/** A group of the sidebar: paths of documents from the root of the repository, or of pages that are made. */
export interface Group {
  title: string
  pages: readonly string[]
}

/** Documents that are not in docs/, by where they are on the site. */
const elsewhere: Readonly<Record<string, string>> = {
  'packages/sdk/README.md': 'reference/options.md',
  'packages/collector/README.md': 'reference/collector.md',
  'apps/demo/README.md': 'demo.md',
  'SECURITY.md': 'report.md',
  'ARCHITECTURE.md': 'architecture.md',
  'CONTRIBUTING.md': 'contributing.md',
}

/** All of the sidebar but what is made from types. */
export const groups: readonly Group[] = [
  {
    title: 'Quick start',
    pages: ['start/script-tag', 'start/npm', 'start/react', 'start/vue'].map((name) => `docs/${name}.md`),
  },
  {
    title: 'Concepts',
    pages: [
      'docs/concepts.md',
      ...['surveys', 'questions', 'triggers', 'targeting', 'sampling', 'fatigue', 'follow-ups'].map(inDocs),
      ...['identity-and-privacy', 'explain', 'simulate', 'languages'].map(inDocs),
    ],
  },
  {
    title: 'Recipes',
    pages: [
      ...['after-purchase', 'after-support', 'trial-ending', 'checkout-exit', 'routing', 'csp', 'gtm'].map(
        recipe,
      ),
      ...['consent', 'web-views', 'nginx', 'caddy', 'docker', 'systemd', 'postgresql', 'jetstream'].map(
        recipe,
      ),
      recipe('backup'),
      ...['templates', 'theming', 'card', 'react', 'vue', 'element', 'headless', 'webhooks', 'import'].map(
        inDocs,
      ),
      'docs/migrate.md',
    ],
  },
  {
    title: 'The collector',
    pages: [
      'packages/collector/README.md',
      ...['dashboard', 'playground', 'operate', 'postgres', 'nats', 'scale', 'reports', 'lifecycle'].map(
        inDocs,
      ),
    ],
  },
  {
    title: 'Handbook',
    pages: [
      'docs/metrics.md',
      ...['accessibility', 'security', 'privacy', 'reliability', 'reliability-kill', 'performance'].map(
        inDocs,
      ),
      ...[
        'performance-queue',
        'performance-ingest',
        'performance-follow-ups',
        'hostile-pages',
        'comparison',
        'strangers',
        'coverage',
      ].map(inDocs),
      'SECURITY.md',
    ],
  },
  { title: 'Reference', pages: ['packages/sdk/README.md'] },
  { title: 'This project', pages: ['apps/demo/README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'] },
]

function inDocs(name: string): string {
  return `docs/${name}.md`
}
function recipe(name: string): string {
  return `docs/recipes/${name}.md`
}

/**
 * Where a document is on the site; null where it is not.
 *
 * @example
 * pageOf('docs/card.md') // 'card.md'
 */
export function pageOf(document: string): string | null {
  if (document.startsWith('docs/') && document.endsWith('.md')) return document.slice('docs/'.length)
  return elsewhere[document] ?? null
}

/** Paths of all documents that are pages, of those that there are. */
export function documentsAmong(paths: readonly string[]): string[] {
  return paths.filter((path) => pageOf(path) !== null)
}

/**
 * A document as a page: links to other documents lead to their pages, and links to files of the repository, which the site
 * does not have, to the repository, or are the name of the file.
 *
 * @param repository - Address of the files, `https://github.com/owner/name/blob/main`; null where it is not known.
 * @example
 * asPage('docs/card.md', '[all](../packages/sdk/README.md#npm)', null) // '[all](./reference/options.md#npm)'
 */
export function asPage(document: string, text: string, repository: string | null): string {
  const page = pageOf(document) ?? document
  let isCode = false
  return text
    .replaceAll(/<!--[^]*?-->\n*/g, '')
    .split('\n')
    .map((line) => {
      if (/^\s*(```|~~~)/.test(line)) isCode = !isCode
      return isCode ? line : linkedLine(document, page, line, repository)
    })
    .join('\n')
}

function linkedLine(document: string, page: string, line: string, repository: string | null): string {
  return line.replaceAll(
    /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g,
    (whole, mark: string, text: string, to: string) => {
      if (/^([a-z][a-z0-9+.-]*:|#|\/)/i.test(to) || mark) return whole
      const [target = '', anchor] = to.split('#')
      const file = posix.join(posix.dirname(document), target)
      const there = file === 'README.md' ? 'index.md' : pageOf(file)
      if (there === null) return repository === null ? text : `[${text}](${repository}/${file})`
      const relative = posix.relative(posix.dirname(page), there)
      const hash = anchor === undefined ? '' : `#${anchor}`
      return `[${text}](${relative.startsWith('.') ? relative : `./${relative}`}${hash})`
    },
  )
}

/** The title of a page: its first heading. */
export function titleOf(text: string): string {
  return /^# +(.+?) *$/m.exec(text)?.[1]?.replaceAll('`', '') ?? ''
}

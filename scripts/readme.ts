/** Checks that the documents tell the truth: commands, links, paths and versions that they name are there. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { report, type Violation } from './violation.ts'

/** What the documents are held against. */
export interface Facts {
  /** Names of the scripts in the root's package.json. */
  scripts: readonly string[]
  /** Versions that may be quoted, by lower-case name: `node` → `['22.13', '24.21.0']`. */
  versions: Readonly<Record<string, readonly string[]>>
  /** Whether a path from the root is there; it may hold `*`. */
  exists: (path: string) => boolean
  /** Text of a document that is linked to, null where there is none. */
  read: (path: string) => string | null
}

/** What pnpm itself answers to, so that no script has to. */
const pnpmCommands = new Set([
  'add',
  'install',
  'i',
  'exec',
  'dlx',
  'publish',
  'pack',
  'why',
  'update',
  'outdated',
])

/** A line of a document, with what it stands in. */
interface Line {
  number: number
  text: string
  /** Language of the fenced block around it, '' for none named; null outside of blocks. */
  fence: string | null
}

/**
 * All violations in the given documents.
 *
 * @param documents - Markdown with paths from the root. Versions are looked for in README.md and CONTRIBUTING.md only:
 *   a decision keeps the versions of its day.
 * @example
 * findViolations([{ path: 'README.md', text: '[a](docs/gone.md)' }], facts)
 * // [{ file: 'README.md:1', problem: 'links to docs/gone.md, which is not there', mend: '…' }]
 */
export function findViolations(
  documents: readonly { path: string; text: string }[],
  facts: Facts,
): Violation[] {
  return documents.flatMap(({ path, text }) =>
    linesOf(text).flatMap((line) =>
      [
        ...(line.fence === null
          ? [...linkProblems(path, line.text, facts), ...pathProblems(line.text, facts)]
          : []),
        ...(line.fence === 'sh' ? commandProblems(line.text, facts) : []),
        ...(/^(README|CONTRIBUTING)\.md$/.test(path) ? versionProblems(line.text, facts) : []),
      ].map(([problem, mend]) => ({ file: `${path}:${line.number}`, problem, mend })),
    ),
  )
}

type Problem = readonly [problem: string, mend: string]

/** Lines that are not fences themselves. */
function linesOf(text: string): Line[] {
  let fence: { mark: string; language: string } | null = null
  return text.split('\n').flatMap((line, index) => {
    const mark = /^\s*(`{3,}|~{3,})\s*(\w*)/.exec(line)
    if (mark && (fence === null || mark[1]!.startsWith(fence.mark))) {
      fence = fence === null ? { mark: mark[1]!, language: mark[2]! } : null
      return []
    }
    return [{ number: index + 1, text: line, fence: fence?.language ?? null }]
  })
}

/** `pnpm X` and `npx -y pnpm@12 X`, also after `&&`, settings and a prompt. */
function commandProblems(text: string, { scripts }: Facts): Problem[] {
  return text.split(/&&|\|\||;|\|/).flatMap((part): Problem[] => {
    const command =
      /^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npx (?:-y |--yes )?pnpm@\S+|pnpm) (?:run )?([\w:.-]+)/.exec(part)
    const name = command?.[1]
    if (!name || name.startsWith('-') || pnpmCommands.has(name) || scripts.includes(name)) return []
    return [
      [`says "pnpm ${name}", and package.json has no such script`, `Name one of: ${scripts.join(', ')}.`],
    ]
  })
}

/** Relative links and images, inline and by reference, with the heading of a document that they lead to. */
function linkProblems(path: string, text: string, { exists, read }: Facts): Problem[] {
  const prose = text.replaceAll(/`[^`]*`/g, '')
  const links = [...prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)|^\s*\[[^\]]+\]:\s*<?(\S+?)>?\s*$/g)]
  return links.flatMap((link): Problem[] => {
    const whole = decodeURI(link[1] ?? link[2] ?? '')
    if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(whole)) return []
    const [target = '', anchor] = whole.replace(/\?[^#]*/, '').split('#')
    const relative = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(path), target)
    const file = target === '' ? path : relative
    if (target !== '' && !exists(file))
      return [[`links to ${target}, which is not there`, 'Link to a file that is, from this file.']]
    const linked = anchor && file.endsWith('.md') ? read(file) : null
    if (!anchor || linked === null || anchorsOf(linked).includes(anchor)) return []
    return [[`links to #${anchor} of ${file}, which has no such heading`, 'Link to a heading that is there.']]
  })
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>()
  return linesOf(text).flatMap((line) => {
    const title = line.fence === null ? /^#+ +(.+?) *#*$/.exec(line.text)?.[1] : undefined
    if (title === undefined) return []
    const plain = title.replaceAll(/\]\([^)]*\)/g, '').toLowerCase()
    const anchor = plain.replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, '').replaceAll(' ', '-')
    const times = seen.get(anchor) ?? 0
    seen.set(anchor, times + 1)
    return [times === 0 ? anchor : `${anchor}-${times}`]
  })
}

/** Inline code that is a path of the repository. Build results and placeholders such as `<name>` or `…` are left out. */
function pathProblems(text: string, { exists }: Facts): Problem[] {
  return [...text.matchAll(/`((?:packages|apps|docs|scripts)\/[^`\s]*)`/g)].flatMap((code): Problem[] => {
    const path = code[1]!.replace(/[:#]\d+$|#.*$/, '').replace(/\/$/, '')
    if (/[<>…{}]|(^|\/)dist(\/|$)/.test(path) || exists(path)) return []
    return [[`names ${path}, which is not there`, 'Name the path as it is now.']]
  })
}

/** `Node 22.13`, `pnpm@12`, `@earshot/sdk 0.1.0`, `/sdk/0.1.0/`: each a version that is in use, or its beginning. */
function versionProblems(text: string, { versions }: Facts): Problem[] {
  const quotes = [
    ...text.matchAll(
      /(@earshot\/\w+|\b[a-z][a-z-]*(?:\.js)?)(?: |@)(?:v|>= ?|≥ ?)?(\d+(?:\.\d+)*)(?![\w%])/gi,
    ),
    ...text.matchAll(/\/(sdk)\/(\d+\.\d+\.\d+)\//g),
  ]
  return quotes.flatMap((quote): Problem[] => {
    const name = quote[1]!.toLowerCase().replace(/\.js$/, '')
    const known = versions[name === 'sdk' ? '@earshot/sdk' : name]
    const quoted = quote[2]!
    if (!known || known.some((version) => `${version}.`.startsWith(`${quoted}.`))) return []
    return [
      [
        `says ${quote[1]} ${quoted}, which is ${known.join(' or ') || 'not pinned anywhere'}`,
        'Quote the version of package.json or pnpm-workspace.yaml, or change it there.',
      ],
    ]
  })
}

/** Versions from the manifests: the catalog, our packages, the least Node and pnpm. */
export function versionsFrom(
  workspace: string,
  root: { engines?: Record<string, string>; packageManager?: string },
  packages: readonly { name: string; version: string; engines?: Record<string, string> }[],
): Record<string, string[]> {
  const versions: Record<string, string[]> = { node: [], pnpm: [] }
  const add = (name: string, version: string | undefined): void => {
    const plain = version?.replace(/^[^\d]*/, '')
    if (plain && !versions[name]?.includes(plain)) versions[name] = [...(versions[name] ?? []), plain]
  }
  const catalog = /^catalog:\n((?: +.*\n?)*)/m.exec(workspace)?.[1] ?? ''
  for (const [, name, version] of catalog.matchAll(/^ +'?([^':]+)'?: *'?([^'\s]+)'?$/gm)) add(name!, version)
  for (const each of packages) {
    add(each.name, each.version)
    add('node', each.engines?.['node'])
  }
  add('node', root.engines?.['node'])
  add('pnpm', root.engines?.['pnpm'])
  add('pnpm', root.packageManager)
  return versions
}

if (import.meta.main) {
  const read = (path: string): never => JSON.parse(readFileSync(path, 'utf8')) as never
  const root = read('package.json') as {
    scripts: object
    engines?: Record<string, string>
    packageManager?: string
  }
  const paths = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'apps/*/README.md']).map((path) =>
    path.replaceAll('\\', '/'),
  )
  const violations = findViolations(
    paths.toSorted().map((path) => ({ path, text: readFileSync(path, 'utf8') })),
    {
      scripts: Object.keys(root.scripts),
      versions: versionsFrom(
        readFileSync('pnpm-workspace.yaml', 'utf8'),
        root,
        globSync('packages/*/package.json').map(read),
      ),
      exists: (path) => (path.includes('*') ? globSync(path).length > 0 : existsSync(path)),
      read: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null),
    },
  )
  const missing = ['README.md', 'CONTRIBUTING.md'].filter((path) => !paths.includes(path))
  report(
    'readme',
    [...missing.map((file) => ({ file, problem: 'is not there', mend: 'Write it.' })), ...violations],
    `${paths.length} documents, every command, link, path and version checked`,
  )
}

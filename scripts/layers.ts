/** Checks who may import whom (ARCHITECTURE.md), that declared dependencies are the used ones, and the rules for every source file. */
import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { readSource, type Import, type Source } from './imports.ts'
import { report, type Violation } from './violation.ts'

/** A file of the repository. */
export interface RepositoryFile {
  /** From the root, with `/`. */
  path: string
  text: string
}

/** Packages that test files may import besides what their package uses. */
const testTools = [
  'vitest',
  '@vitest/browser',
  'fast-check',
  '@testing-library/preact',
  'msw',
  'axe-core',
  'playwright',
  'puppeteer-core',
  'selenium-webdriver',
  'react-dom',
  '@fontsource-variable/noto-sans-devanagari',
  '@fontsource-variable/noto-sans-jp',
  '@fontsource-variable/noto-sans-kr',
  '@fontsource-variable/noto-sans-sc',
]

const everyone = ['@earshot/contract', '@earshot/contract/schema', 'node:', '*']
const adapter = ['collector/core', 'collector/ports', '@earshot/metrics', ...everyone]

/**
 * What each layer may import: layers, and packages. `:type` allows only what vanishes when compiled, `:dynamic` only
 * `import()` (and types). `node:` stands for Node's own modules, `*` for any package that is not ours.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  contract: ['contract'],
  'contract/schema': ['contract', 'contract/schema', 'zod'],
  metrics: ['metrics'],
  'sdk/core': ['sdk/core', '@earshot/contract'],
  'sdk/ports': ['sdk/ports:type', 'sdk/core:type', '@earshot/contract'],
  'sdk/shell': [
    'sdk/shell',
    'sdk/lazy',
    'sdk/core',
    'sdk/ports',
    'sdk/ui:type',
    '@earshot/contract',
    'idb-keyval',
  ],
  'sdk/lazy': [
    'sdk/lazy',
    'sdk/shell',
    'sdk/core',
    'sdk/ports',
    'sdk/ui:dynamic',
    'sdk/kinds:dynamic',
    'sdk/chunk:dynamic',
    'sdk/delivery:dynamic',
    'sdk/keeper:dynamic',
    '@earshot/contract',
  ],
  'sdk/keeper': ['sdk/keeper', 'sdk/shell', 'sdk/core', 'sdk/ports:type', '@earshot/contract'],
  'sdk/delivery': [
    'sdk/delivery',
    'sdk/keeper:dynamic',
    'sdk/shell',
    'sdk/core',
    'sdk/ports:type',
    '@earshot/contract',
  ],
  'sdk/rules': ['sdk/rules', 'sdk/core', '@earshot/contract'],
  'sdk/chunk': ['sdk/chunk', 'sdk/rules', 'sdk/core', 'sdk/ports', '@earshot/contract'],
  'sdk/simulate': ['sdk/simulate', 'sdk/rules', 'sdk/core', 'sdk/ports:type', '@earshot/contract'],
  'sdk/kinds': [
    'sdk/kinds',
    'sdk/ui:type',
    'sdk/words:type',
    'sdk/core',
    'sdk/ports:type',
    '@earshot/contract',
    'preact',
  ],
  'sdk/words': ['sdk/words', 'sdk/ui', 'sdk/kinds', '@earshot/contract'],
  'sdk/places': ['sdk/places', 'sdk/ui', 'sdk/words:dynamic', 'sdk/theme:dynamic', '@earshot/contract'],
  'sdk/theme': ['sdk/theme', '@earshot/contract'],
  'sdk/visible': [],
  'sdk/ui': [
    'sdk/ui',
    'sdk/visible',
    'sdk/places:dynamic',
    'sdk/words:type',
    'sdk/core',
    'sdk/ports:type',
    '@earshot/contract',
    'preact',
  ],
  'sdk/index': ['sdk/core', 'sdk/ports', 'sdk/shell', 'sdk/lazy', '@earshot/contract'],
  'sdk/loader': [
    'sdk/loader',
    'sdk/index:type',
    'sdk/core',
    'sdk/ports',
    'sdk/shell',
    'sdk/lazy',
    '@earshot/contract',
  ],
  'sdk/cardFile': ['sdk/ui', 'sdk/delivery'],
  // The page of a link, which the collector serves: a page of its own, so it reaches the card by its address alone.
  'sdk/hosted': [
    'sdk/hosted',
    'sdk/core',
    'sdk/rules',
    'sdk/ports:type',
    'sdk/shell',
    'sdk/ui:type',
    '@earshot/contract',
  ],
  'sdk/testing': ['sdk/core', 'sdk/ports', 'sdk/shell', 'sdk/delivery', 'sdk/keeper', '@earshot/contract'],
  'sdk/wrapper': ['sdk/wrapper', 'sdk/index', 'react', 'vue'],
  'sdk/headless': [
    'sdk/headless',
    'sdk/visible',
    'sdk/core',
    'sdk/ports:type',
    'sdk/shell',
    'sdk/lazy',
    '@earshot/contract',
  ],
  'collector/core': ['collector/core', '@earshot/contract', '@earshot/contract/schema', '@earshot/metrics'],
  'collector/ports': ['collector/ports', 'collector/core', '@earshot/contract'],
  'collector/stores': [...adapter, 'collector/stores'],
  'collector/outbound': [...adapter, 'collector/outbound'],
  'collector/http': [...adapter, 'collector/http'],
  'collector/system': [...adapter, 'collector/system'],
  'collector/index': adapter.concat(
    ['stores', 'outbound', 'http', 'system', 'index'].map((name) => `collector/${name}`),
  ),
  // Simulates both ends in one process, so it reaches into both; nothing else in the demo may.
  'apps/sim': [
    'apps/sim',
    'sdk/core',
    'sdk/ports:type',
    'sdk/shell',
    'sdk/delivery',
    'sdk/testing',
    'sdk/keeper',
    'sdk/chunk',
    'collector/core',
    'collector/ports:type',
    'collector/http',
    'collector/stores',
    'collector/system',
    ...everyone,
  ],
  // What the playground and the dashboard share.
  'apps/editor': ['apps/editor', '@earshot/sdk', '@earshot/sdk/theme', '@earshot/sdk/simulate', ...everyone],
  'apps/demo': [
    'apps/demo',
    '@earshot/editor',
    '@earshot/editor/frame',
    '@earshot/editor/editor.css',
    '@earshot/editor/frame.css',
    '@earshot/sdk',
    '@earshot/sdk/testing',
    '@earshot/sdk/gallery',
    '@earshot/sdk/measures',
    '@earshot/sdk/theme',
    '@earshot/sdk/simulate',
    '@earshot/collector',
    ...everyone,
    '@earshot/metrics',
  ],
  // Makes pages of what is written, of types, and of what a collector says of itself.
  'apps/docs': ['apps/docs', '@earshot/collector', ...everyone],
  'apps/dashboard': [
    'apps/dashboard',
    '@earshot/editor',
    '@earshot/editor/frame',
    '@earshot/editor/editor.css',
    '@earshot/editor/frame.css',
    '@earshot/metrics',
    ...everyone,
  ],
}

/** Which layer a file is in: the first pattern that fits. */
const places: readonly (readonly [RegExp, string])[] = [
  [/^packages\/contract\/src\/(schema(\/\w+)?|exact|validate)\.ts$/, 'contract/schema'],
  [/^packages\/(contract|metrics)\/src\//, '$1'],
  // Apart from each other, so that the script tag, which has an address for each chunk, need not carry the imports.
  [/^packages\/sdk\/src\/loader\/card\.ts$/, 'sdk/cardFile'],
  [/^packages\/sdk\/src\/shell\/(view|import\w+)\.ts$/, 'sdk/lazy'],
  // What few pages need: the rules, their eyes and hands on a page, and questions with a page of their own. Nothing
  // that every page loads may import them.
  [/^packages\/sdk\/src\/core\/rules\//, 'sdk/rules'],
  [
    /^packages\/sdk\/src\/shell\/(rulesChunk|carryOut|permit|forgotten|askCollector|pageFacts|address|matches|sensor\w*)\.ts$/,
    'sdk/chunk',
  ],
  // What is needed only once there is something to deliver.
  [/^packages\/sdk\/src\/shell\/(outbox|outboxChunk|settle|fetchTransport)\.ts$/, 'sdk/delivery'],
  [/^packages\/sdk\/src\/ui\/(kinds|places|theme)\//, 'sdk/$1'],
  // What both the card and those who draw their own go by.
  [/^packages\/sdk\/src\/ui\/visible\.ts$/, 'sdk/visible'],
  [
    /^packages\/sdk\/src\/(core|ports|shell|keeper|ui|words|loader|hosted|simulate|wrapper|headless)\//,
    'sdk/$1',
  ],
  [/^packages\/sdk\/src\/(index|testing|headless)\.ts$/, 'sdk/$1'],
  [/^packages\/sdk\/src\/(react|vue|element)\.ts$/, 'sdk/wrapper'],
  [/^packages\/collector\/src\/(core|ports|stores|outbound|http)\//, 'collector/$1'],
  [/^packages\/collector\/src\/system\.ts$/, 'collector/system'],
  [
    /^packages\/collector\/src\/(index|options|opening|bin|browserFiles|doctor|cli|cli\/\w+|simulate\w*)\.ts$/,
    'collector/index',
  ],
  [/^apps\/demo\/(sim)\//, 'apps/$1'],
  [/^apps\/(demo|dashboard|docs|editor)\//, 'apps/$1'],
]

/** Whether a script makes the file, and nobody writes it by hand. */
const isMade = (text: string): boolean => /^\/\*\*[^\n]*made by scripts\/\w+\.ts\./.test(text)

/** Tests, and the suites and fixtures that several tests share. */
const isTest = (path: string): boolean =>
  /(\.test|Suite|fixtures)\.tsx?$/.test(path) || /^apps\/[^/]+\/(e2e|engines|strangers)\//.test(path)
const isConfig = (path: string): boolean => /^(packages|apps)\/[^/]+\/[^/]+\.config\.ts$/.test(path)
const packageOf = (path: string): string => path.split('/').slice(0, 2).join('/')

/** Name of the layer, or null when no layer fits. */
function layerOf(path: string): string | null {
  for (const [pattern, layer] of places) {
    const match = pattern.exec(path)
    if (match) return layer.replace('$1', match[1] ?? '')
  }
  return null
}

/** `preact/hooks` → `preact`, `node:fs` → `node:`; ours whole, since each sub-path is a decision. */
function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:'
  if (specifier.startsWith('@earshot/')) return specifier
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** The file that a relative specifier means, from the root; null for a package. */
const resolve = (from: string, specifier: string): string | null =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : null

/**
 * All violations in the given files: forbidden or unresolvable imports, undeclared and unused dependencies, cycles, and
 * the rules that hold for each file by itself.
 *
 * @param files - Sources and `package.json`s with paths from the root.
 * @example
 * findViolations([{ path: 'packages/metrics/src/nps.ts', text: "/** Hi. *\/\nimport 'zod'" }])
 * // [{ file: 'packages/metrics/src/nps.ts:2', problem: 'metrics imports zod', mend: '…' }]
 */
export function findViolations(files: readonly RepositoryFile[]): Violation[] {
  const sources = new Map<string, Source>()
  for (const { path, text } of files) if (/\.[jt]sx?$/.test(path)) sources.set(path, readSource(path, text))
  const found: Violation[] = []
  for (const { path, text } of files) {
    const source = sources.get(path)
    if (!source) continue
    found.push(...fileViolations(path, text, source))
    for (const each of source.imports) found.push(...edgeViolations(path, each, sources))
  }
  return [...found, ...dependencyViolations(files, sources), ...cycleViolations(sources)]
}

/** What is wrong with one file by itself. */
function fileViolations(path: string, text: string, source: Source): Violation[] {
  const found: Violation[] = []
  const add = (wrong: unknown, problem: string, mend: string, line?: number | null): void => {
    if (wrong) found.push({ file: line ? `${path}:${line}` : path, problem, mend })
  }
  const inSource = /^packages\/[^/]+\/src\//.test(path)
  add(source.error, `cannot be parsed: ${source.error}`, 'Mend the syntax.')
  add(
    inSource && source.defaultExport,
    'has a default export',
    'Export it by name, so that it has one name everywhere.',
    source.defaultExport,
  )
  if (inSource || /^apps\/[^/]+\/src\//.test(path))
    add(
      source.codeLines > 300 && !isTest(path) && !isMade(text),
      `has ${source.codeLines} lines of code, over 300`,
      'Split it by concern, one file each.',
    )
  add(
    !isTest(path) && !isConfig(path) && !text.replace(/^#!.*\n/, '').startsWith('/**'),
    'does not begin with a doc comment',
    'Say in the first line what the file is responsible for: /** … */',
  )
  const vague = path.split('/').find((part) => /^(utils?|helpers?|common)(\.|$)/i.test(part))
  add(vague, `is named "${vague}"`, 'Name it after what it does.')
  add(
    !isConfig(path) && !isTest(path) && layerOf(path) === null,
    'belongs to no layer',
    'Move it into one, or add the layer to scripts/layers.ts and to the design.',
  )
  return found
}

/** What is wrong with one import. */
function edgeViolations(path: string, each: Import, sources: ReadonlyMap<string, Source>): Violation[] {
  const file = `${path}:${each.line}`
  const from = layerOf(path) ?? (isTest(path) ? packageOf(path).replace('packages/', '') : null)
  const target = resolve(path, each.specifier)
  if (from === null || isConfig(path)) return []
  if (target !== null) {
    // What tests of several packages share: where the browser is, the database, and the log.
    if (
      isTest(path) &&
      /^scripts\/(browserFiles|chromium|collectorCommand|engines|fences|nats|pack|postgres|postgresCluster|postgresDatabase)\.ts$/.test(
        target,
      )
    )
      return []
    // The simulation runs the insides of the packages, which have no name outside of them.
    if (packageOf(target) !== packageOf(path) && from !== 'apps/sim')
      return [
        { file, problem: `reaches out of its package to ${target}`, mend: 'Import the package by its name.' },
      ]
    if (!sources.has(target)) {
      if (/\.(css|json|svg|png|html|md)$|\?/.test(target)) return []
      return [
        {
          file,
          problem: `imports ${each.specifier}, which is not there`,
          mend: 'Name the file with its ending, .ts or .tsx.',
        },
      ]
    }
    if (isTest(path)) return []
    if (isTest(target))
      return [
        { file, problem: `imports the test file ${target}`, mend: 'Move what is shared out of the test.' },
      ]
  }
  const to = target === null ? packageName(each.specifier) : layerOf(target)
  if (to === null || isAllowed(path, from, to, each.kind)) return []
  const how = { value: '', type: ' (a type)', dynamic: ' (dynamically)' }[each.kind]
  return [
    {
      file,
      problem: `${from} imports ${target ?? each.specifier}${how}`,
      mend: `${from} may import only: ${(mayImport[from] ?? testTools).join(', ')}. Turn the edge round, or pass the thing in.`,
    },
  ]
}

/** Whether a layer may import a layer or package in this way. */
function isAllowed(path: string, from: string, to: string, kind: Import['kind']): boolean {
  const layers = isTest(path)
    ? Object.entries(mayImport).flatMap(([name, list]) =>
        name.split('/')[0] === from.split('/')[0] ? list : [],
      )
    : mayImport[from]!
  if (isTest(path) && (testTools.includes(to) || to === 'node:' || to === '@earshot/contract/schema'))
    return true
  const isPackage = !(to in mayImport) || to.startsWith('@')
  return (
    layers.includes(to) ||
    (kind === 'type' && (layers.includes(`${to}:type`) || layers.includes(`${to}:dynamic`))) ||
    (kind === 'dynamic' && layers.includes(`${to}:dynamic`)) ||
    (isPackage && !to.startsWith('@earshot/') && to !== 'node:' && layers.includes('*'))
  )
}

/** Declared but unused, and used but undeclared dependencies of each package. Tests and configs use the root's. */
function dependencyViolations(
  files: readonly RepositoryFile[],
  sources: ReadonlyMap<string, Source>,
): Violation[] {
  const found: Violation[] = []
  for (const { path, text } of files.filter((file) =>
    /^(packages|apps)\/[^/]+\/package\.json$/.test(file.path),
  )) {
    const manifest = JSON.parse(text) as Record<string, object | undefined>
    const declared = new Set(Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] }))
    const used = new Map<string, string>()
    for (const [file, { imports }] of sources) {
      if (packageOf(file) !== packageOf(path) || isTest(file) || isConfig(file)) continue
      for (const { specifier } of imports) {
        const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
        if (!/^(\.|node:)/.test(specifier)) used.set(name, file)
      }
    }
    for (const [name, file] of used)
      if (!declared.has(name))
        found.push({
          file: path,
          problem: `does not declare ${name}, which ${file} imports`,
          mend: 'Add it to dependencies.',
        })
    for (const name of declared)
      if (!used.has(name))
        found.push({
          file: path,
          problem: `declares ${name}, which no source imports`,
          mend: 'Remove it from dependencies.',
        })
  }
  return found
}

/** Import cycles, each once. Types do not count: they are gone when the modules run. */
function cycleViolations(sources: ReadonlyMap<string, Source>): Violation[] {
  const found: Violation[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      const cycle = [...trail.slice(start), path].map((each) => posix.basename(each)).join(' → ')
      found.push({
        file: path,
        problem: `is in an import cycle: ${cycle}`,
        mend: 'Move what both need into a third file.',
      })
      return
    }
    if (done.has(path)) return
    for (const { specifier, kind } of sources.get(path)?.imports ?? []) {
      const target = resolve(path, specifier)
      if (kind !== 'type' && target !== null && sources.has(target)) visit(target, [...trail, path])
    }
    done.add(path)
  }
  for (const path of sources.keys()) visit(path, [])
  return found
}

if (import.meta.main) {
  const skipped = /(^|\/)(node_modules|dist|public)(\/|$)/
  const paths = globSync(
    ['packages/*/package.json', 'apps/*/package.json', 'packages/*/src/**/*.{ts,tsx}', 'apps/**/*.{ts,tsx}'],
    {
      exclude: (path) => skipped.test(path),
    },
  ).map((path) => path.replaceAll('\\', '/'))
  const files = paths.toSorted().map((path) => ({ path, text: readFileSync(path, 'utf8') }))
  report('layers', findViolations(files), `${files.length} files, every import allowed`)
}

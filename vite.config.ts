/** The one place for builds and tests: `vite build --mode loader`, `outbox`, `keeper`, `card`, `kinds`, `types`, `words`, `rules`, `theme` and `hosted` make the script-tag files, `simulate` what the collector's command line runs, `dashboard` what it serves to people, `vitest` runs the projects. `scripts/buildBrowser.ts` makes all sets of files in one process. */
import { registerHooks } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import type { Plugin } from 'vite'
import sdkPackage from './packages/sdk/package.json' with { type: 'json' }
import { createNameCache, innerName } from './scripts/innerNames.ts'
import { leanPreact, leanSources, privateName } from './scripts/leanPreact.ts'
import { chromiumFlags, findChromium } from './scripts/chromium.ts'
import { memoryFolder } from './scripts/memoryFolder.ts'
import { findNats } from './scripts/nats.ts'
import { patience } from './scripts/patience.ts'

const conditions = ['@earshot/source']
const source: ViteUserConfig = {
  // `h` costs less than the automatic runtime.
  oxc: { jsx: { runtime: 'classic', pragma: 'h' } },
  resolve: { conditions: [...conditions, 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
}

/** Tells the collector which version the files are. */
const versionFile: Plugin = {
  name: 'version-file',
  generateBundle() {
    const version = JSON.stringify({ version: sdkPackage.version })
    this.emitFile({ type: 'asset', fileName: 'version.json', source: version })
  },
}

/** Has Vite's minifier only shorten expressions: Terser finds more in code that has its names and its shape still. */
const shortened: Plugin = {
  name: 'shortened',
  config: () => ({
    build: {
      minify: false,
      rolldownOptions: { output: { minify: { compress: true, mangle: false, codegen: false } } },
    },
  }),
}

interface Terse {
  /** Names of Preact's own fields, which nothing outside of it knows. */
  fields: RegExp
  /** Whether functions go to the front, which is shorter everywhere but where Preact is whole. */
  hoists?: boolean
  /** Whether all that meets this file is built here too, so that their inner names are short. */
  among?: boolean
  /** A comment for the browser, at the very beginning of the file that is the entry. */
  preamble?: string
}

/** Terser's last per cent. Vite itself leaves white space in ES libraries, and these files are for browsers. */
const createTerse = ({ fields, hoists = true, among = true, preamble }: Terse): Plugin => ({
  name: 'terse',
  async generateBundle(_options, bundle) {
    const { minify } = await import('terser')
    const regex = among ? new RegExp(`${fields.source}|${innerName.source}`) : fields
    const mangle = { properties: { regex, builtins: true } }
    // Without sequences the text repeats more, and gzip likes that.
    const compress = {
      passes: 3,
      ecma: 2020,
      unsafe_arrows: true,
      sequences: false,
      hoist_funs: hoists,
      lhs_constants: false,
      pure_getters: true,
      keep_fargs: false,
    } as const
    // A page may declare another encoding than the files have; and it is shorter.
    const format = { ascii_only: true }
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue
      const begun = file.isEntry && preamble ? { ...format, preamble } : format
      const options = { module: true, ecma: 2020, compress, mangle, format: begun } as const
      const done = await minify(file.code, { ...options, nameCache: among ? createNameCache() : {} })
      file.code = done.code ?? file.code
    }
  },
})
/**
 * Nearly all of a file is needed as soon as it is there, so the browser compiles it while it loads, on another thread,
 * and not function by function on the page's own. It must be the first line; other browsers see a comment.
 */
const calledOnLoad = '//# allFunctionsCalledOnLoad'

/** As they are in Preact as it is published. */
const publishedName = /^__[a-zA-Z]$/

/** A script tag brings no surveys and no settings along. */
const bringsNothing: Plugin = {
  name: 'brings-nothing',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('/core/brings.ts') ? code.replace(': boolean = true', ' = false') : undefined,
}

/** Types of questions and looks of the scale that have a file of their own, beside `kinds.js`. */
const kindTypes = ['stars', 'faces', 'thumbs', 'yesno', 'choice', 'text', 'statement', 'link']
const kindFolder = 'packages/sdk/src/ui/kinds'

/** Names of the lazy chunks, by their entries. */
const chunkNames: Readonly<Record<string, string>> = {
  mount: 'card',
  files: 'kinds',
  'theme/main': 'theme',
  'places/main': 'places',
  'words/main': 'words',
  'templates/main': 'words-templates',
  'keeper/main': 'keeper',
  outboxChunk: 'outbox',
  rulesChunk: 'decide',
  rules: 'bands',
}
/** Several entries are called `main`; those are told apart by their folders. A language is a file of its own. */
const chunkName = ({ name, moduleIds }: { name: string; moduleIds: readonly string[] }): string => {
  const last = moduleIds.at(-1) ?? ''
  const entry = /\w+\/main(?=\.tsx?$)/.exec(last)?.[0]
  if (!entry && last.includes('/sdk/src/words/'))
    return `words-${last.includes('/templates/') ? 'templates-' : ''}${name}.js`
  if (last.includes(`/${kindFolder}/`) && kindTypes.includes(name)) return `kind-${name}.js`
  return `${chunkNames[entry ?? name] ?? name}.js`
}

/**
 * What a chunk asks for besides are files of their own beside it: for `import('../words/main.ts')` the browser loads
 * `words.js` from the same directory, with the version in its address.
 */
const beside: Plugin = {
  name: 'beside',
  enforce: 'pre',
  resolveId(specifier, importer) {
    const folder = /(?:^|\/)(words|theme|places|keeper)\/main\.tsx?$/.exec(specifier)?.[1]
    return importer && folder ? { id: `./${folder}.js`, external: 'relative' } : null
  },
}

/** One of the files of a script-tag page: `earshot.js` is loaded at once, each of the others when it is needed. */
function browserBuild(
  name: string,
  entry: string,
  format: 'iife' | 'es',
  plugins: readonly Plugin[] = [shortened, createTerse({ fields: publishedName })],
): ViteUserConfig {
  return {
    ...source,
    plugins: [versionFile, beside, ...plugins],
    build: {
      outDir: 'packages/sdk/dist/browser',
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry, name: 'earshotLoader', formats: [format], fileName: () => name },
      // What a chunk loads itself, and what both need.
      rolldownOptions: {
        preserveEntrySignatures: 'allow-extension',
        output: { chunkFileNames: chunkName },
      },
    },
  }
}

/** A file that shared something with another would be of one version with it, and one that nobody serves would be between them. */
const apart: Plugin = {
  name: 'apart',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk' && (!file.isEntry || file.imports.length > 0))
        this.error(
          `${file.fileName} is shared by several types of questions: ${file.moduleIds.join(', ')}. Have each page given it (packages/sdk/src/ui/kinds/page.ts), or split that module.`,
        )
  },
}

/** One file for each type of question, by the side of `kinds.js`. */
function typesBuild(): ViteUserConfig {
  const entry = kindTypes.map((type) => [`kind-${type}`, `${kindFolder}/${type}.tsx`])
  const build = browserBuild('', '', 'es', [...drawn, apart])
  const lib = {
    entry: Object.fromEntries(entry),
    formats: ['es'],
    fileName: (_format: string, name: string) => `${name}.js`,
  }
  return { ...build, build: { ...build.build, lib } as ViteUserConfig['build'] }
}

/** What an app that imports `createEarshot` ships, made only to be measured. */
const measured: ViteUserConfig = {
  ...source,
  plugins: [createTerse({ fields: publishedName, hoists: false, among: false })],
  build: {
    outDir: 'packages/sdk/dist/npm',
    target: 'es2022',
    lib: { entry: 'scripts/npmEntry.ts', formats: ['es'], fileName: () => 'eager.js' },
    rolldownOptions: {
      preserveEntrySignatures: 'allow-extension',
      output: { chunkFileNames: chunkName },
    },
  },
}

/** What the wrappers add to that, and all of what those ship who draw their own; made only to be measured. */
const wrappers: ViteUserConfig = {
  ...source,
  plugins: [createTerse({ fields: publishedName, hoists: false, among: false })],
  build: {
    outDir: 'packages/sdk/dist/npm/wrappers',
    target: 'es2022',
    lib: {
      entry: ['react', 'vue', 'element', 'headless'].map((name) => `packages/sdk/src/${name}.ts`),
      formats: ['es'],
      fileName: (_format, name) => `${name}.js`,
    },
    rolldownOptions: {
      external: [/^\.{1,2}\/index\.ts$/, 'react', 'vue'],
      preserveEntrySignatures: 'allow-extension',
      output: { chunkFileNames: chunkName },
    },
  },
}

/** What the lean Preact of the script tag draws: both chunks are held to what it can do. */
const drawn = [leanSources, leanPreact, shortened, createTerse({ fields: privateName })]
const drawnAtOnce = [
  leanSources,
  leanPreact,
  shortened,
  createTerse({ fields: privateName, preamble: calledOnLoad }),
]

/** The dashboard, into the package of the collector that serves it. Names of files change with what is in them. */
const dashboard: ViteUserConfig = {
  root: 'apps/dashboard',
  base: '/dashboard/',
  resolve: source.resolve,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../packages/collector/dist/dashboard',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // A picture inside a style sheet would need `data:` in the policy; files need nothing.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['index', 'preview', 'mail'].map((page) => `apps/dashboard/${page}.html`) },
  },
}

/** Sets of files by their modes. */
export const builds: Readonly<Record<string, ViteUserConfig>> = {
  dashboard,
  npm: measured,
  wrappers,
  loader: browserBuild('earshot.js', 'packages/sdk/src/loader/main.ts', 'iife', [
    bringsNothing,
    shortened,
    createTerse({ fields: publishedName, preamble: calledOnLoad }),
  ]),
  card: browserBuild('card.js', 'packages/sdk/src/loader/card.ts', 'es', drawnAtOnce),
  kinds: browserBuild('kinds.js', 'packages/sdk/src/ui/kinds/main.tsx', 'es', drawn),
  types: typesBuild(),
  outbox: browserBuild('outbox.js', 'packages/sdk/src/shell/outboxChunk.ts', 'es'),
  keeper: browserBuild('keeper.js', 'packages/sdk/src/keeper/main.ts', 'es'),
  words: browserBuild('words.js', 'packages/sdk/src/words/main.ts', 'es'),
  places: browserBuild('places.js', 'packages/sdk/src/ui/places/main.ts', 'es'),
  rules: browserBuild('rules.js', 'packages/sdk/src/shell/rulesChunk.ts', 'es'),
  theme: browserBuild('theme.js', 'packages/sdk/src/ui/theme/main.ts', 'es'),
  hosted: browserBuild('hosted.js', 'packages/sdk/src/hosted/main.ts', 'es'),
  // For no page, so it may be large: the collector's command line simulates with the engine that it serves.
  simulate: browserBuild('simulate.js', 'packages/sdk/src/simulate/simulate.ts', 'es', []),
}

const patientTests = join(import.meta.dirname, 'scripts/patientTests.ts')

/** Tests that start the command line of the collector, or its threads, have them in few files. */
const boundSetup = 'scripts/boundSetup.ts'
const boundThreads = join(import.meta.dirname, 'scripts/boundThreads.ts')

/** Pages of the tests in a browser at a time. They are first: what looks at frames and at the focus needs its share of the machine. */
const maxPages = Math.max(2, availableParallelism() - 1)
/** Many of the others wait half of the time, for a browser or for another process, so four at a time go well on two cores. */
const maxWorkers = Math.max(4, availableParallelism() - 1)
const inPages = { maxWorkers: maxPages, sequence: { groupOrder: 0 } }
/** Pages wait for frames a third of the time. What only computes takes that, and steps back for them. */
const besidePages = {
  ...inPages,
  setupFiles: [patientTests, boundThreads, join(import.meta.dirname, 'scripts/modestTests.ts')],
}
const inProcesses = { maxWorkers, sequence: { groupOrder: 1 }, setupFiles: [patientTests, boundThreads] }

/** What every project waits at most for something to come; the helper of Vitest for that has no option. */
const patient = {
  setupFiles: [patientTests],
  expect: { poll: { timeout: patience } },
}

/** Node itself loads what runs in Node: it compiles each file once for all processes, and Vite would have each process ask for it again. */
const native = { experimental: { viteModuleRunner: false, nodeLoader: false } }

/** Pure functions, and tests that leave nothing behind: they need no process of their own for each file, which would cost more than most of them. */
const cores = [
  'packages/{metrics,contract}/src/**/*.test.ts',
  'packages/{sdk,collector}/src/core/**/*.test.ts',
  // These look into sources with JSX, which Node alone does not load.
  'packages/sdk/src/ui/kinds/fits.test.ts',
  'packages/sdk/src/words/**/*.test.ts',
]
const core: ViteUserConfig = {
  ...source,
  test: {
    ...patient,
    ...besidePages,
    name: 'core',
    include: cores,
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
    environment: 'node',
    testTimeout: 120_000,
  },
}

/** The HTTP interface: each test has a collector of its own, so that the files can share a process, and load all of it once. */
const routes = ['packages/collector/src/index.test.ts', 'packages/collector/src/http/**/*.test.ts']
const http: ViteUserConfig = {
  ...source,
  test: {
    ...patient,
    ...besidePages,
    ...native,
    name: 'http',
    globalSetup: boundSetup,
    include: routes,
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
    environment: 'node',
    testTimeout: 120_000,
  },
}

const unit: ViteUserConfig = {
  ...source,
  test: {
    ...patient,
    ...inProcesses,
    ...native,
    name: 'unit',
    globalSetup: boundSetup,
    include: ['packages/*/src/**/*.test.ts', 'apps/*/{src,sim}/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: [
      ...cores,
      ...routes,
      '**/*.browser.test.*',
      'packages/collector/src/{stores,outbound}/{postgres,nats}*.test.ts',
      'scripts/postgres*.test.ts',
    ],
    environment: 'node',
    // Some of them start a collector, and a machine may be busy.
    testTimeout: 30_000,
  },
}

/** Tests of the HTTP interface, which hold for every store. */
const storeTests = [
  'packages/collector/src/index.test.ts',
  'packages/collector/src/http/{access,audit,erase,feedback,keepCounts,lifecycle,people,places,privacy,reading,reportParts,reports,session,settings,stream,suspects,trial,webhooks}.test.ts',
]

/** Those of them that write most. What they read comes from the database, so the others are for the long run. */
const throughLog = process.env.EARSHOT_KILLS
  ? storeTests
  : ['packages/collector/src/http/{access,erase,feedback,places,privacy,webhooks}.test.ts']

/** What holds for every store, on the second one: tests of the store itself, and those of the HTTP interface. */
const postgres: ViteUserConfig = {
  ...source,
  test: {
    ...patient,
    ...inProcesses,
    ...native,
    name: 'postgres',
    env: { EARSHOT_TEST_STORE: 'postgres' },
    globalSetup: [boundSetup, 'scripts/postgresSetup.ts'],
    include: [
      'packages/collector/src/cli/{access,import,jobs,people}.test.ts',
      'packages/collector/src/{stores,outbound}/postgres*.test.ts',
      'scripts/postgres*.test.ts',
      ...storeTests,
    ],
    // Each test has a database of its own.
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}

/** The same once more, with a log in front of PostgreSQL. Without a nats-server on the machine it says so, and skips. */
const nats: ViteUserConfig = {
  ...postgres,
  test: {
    ...postgres.test,
    name: 'nats',
    isolate: true,
    env: { EARSHOT_TEST_STORE: 'nats' },
    globalSetup: [boundSetup, 'scripts/postgresSetup.ts', 'scripts/natsSetup.ts'],
    include: ['packages/collector/src/stores/nats*.test.ts', ...(findNats() === null ? [] : throughLog)],
  },
}

/** What tests in a browser may know of the environment. */
const envOf = (...names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )

const browser = async (): Promise<ViteUserConfig> => ({
  ...source,
  // Its sources are lean and `preact` is whole, so that a test can compare them.
  plugins: [leanSources],
  optimizeDeps: {
    include: [
      '@testing-library/preact',
      'axe-core',
      'fast-check',
      'idb-keyval',
      'preact',
      'react',
      'react-dom/client',
      'react-dom/server',
      'vue',
      'vue/server-renderer',
    ],
  },
  test: {
    ...patient,
    ...inPages,
    name: 'browser',
    // On a busy machine it may take long until the modules of a page are there.
    testTimeout: 60_000,
    env: envOf('EARSHOT_RUNS', 'EARSHOT_SEED', 'EARSHOT_PAGES'),
    include: ['packages/sdk/src/**/*.browser.test.{ts,tsx}', 'scripts/*.browser.test.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { executablePath: await findChromium(), args: [...chromiumFlags] },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
})

const e2e: ViteUserConfig = {
  ...source,
  test: {
    ...patient,
    ...inProcesses,
    name: 'e2e',
    globalSetup: boundSetup,
    include: ['apps/*/e2e/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}

/** What strangers do with the packages: `packed`, `apps`, `docs` or `all`. Only where it is asked for, since npm fetches much for it. */
const askedStrangers = process.env.EARSHOT_STRANGERS?.replace('all', '*')
const strangers: ViteUserConfig = {
  ...e2e,
  test: { ...e2e.test, name: 'strangers', include: [`apps/demo/strangers/${askedStrangers}.test.ts`] },
}

/** The same product in other engines than Chromium: `all`, or names with commas between them. Only where it is asked for, since few machines have their browsers. */
const engines: ViteUserConfig = {
  ...e2e,
  test: {
    ...e2e.test,
    name: 'engines',
    globalSetup: [boundSetup, 'scripts/enginesSetup.ts'],
    include: ['apps/demo/engines/**/*.test.ts'],
    // Three browsers at a time, with a screen of their own each, are enough for two cores.
    maxWorkers: 2,
  },
}

// Nothing that is tested here is about disks that lose power.
if (process.env.VITEST !== undefined && process.env.TMPDIR === undefined) {
  const folder = memoryFolder()
  if (folder !== null) process.env.TMPDIR = folder
}
// Whatever Node loads need not be compiled each time: that is half of what the command line costs.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

export default defineConfig(async ({ mode }) => {
  const build = builds[mode]
  if (build) return build
  const projects = [
    core,
    http,
    unit,
    postgres,
    nats,
    await browser(),
    e2e,
    ...(askedStrangers ? [strangers] : []),
    ...(process.env.EARSHOT_ENGINES ? [engines] : []),
  ]
  // For what runs before the tests, in this process; theirs are told by Vitest.
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...conditions, ...context.conditions] }),
  })
  const { LongestFirst } = await import('./scripts/longestFirst.ts')
  return { test: { maxWorkers, projects, sequence: { sequencer: LongestFirst } } }
})

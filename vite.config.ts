/** The one place for builds and tests: `vite build --mode loader`, `card`, `kinds` and `rules` make the script-tag files, `simulate` what the collector's command line runs, `vitest` runs the projects. */
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import type { Plugin } from 'vite'
import sdkPackage from './packages/sdk/package.json' with { type: 'json' }
import { chromiumFlags, findChromium } from './scripts/chromium.ts'

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

/** Terser's last per cent. Vite itself leaves white space in ES libraries, and these files are for browsers. */
const terse: Plugin = {
  name: 'terse',
  async generateBundle(_options, bundle) {
    const { minify } = await import('terser')
    // Preact's own fields, which nothing outside of it knows.
    const mangle = { properties: { regex: /^__[a-zA-Z]$/ } }
    // Without sequences the text repeats more, and gzip likes that.
    const compress = {
      passes: 3,
      ecma: 2020,
      unsafe_arrows: true,
      sequences: false,
      pure_getters: true,
      keep_fargs: false,
    } as const
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue
      const done = await minify(file.code, { module: true, ecma: 2020, compress, mangle })
      file.code = done.code ?? file.code
    }
  },
}

/** Chunks of their own that another chunk of the script tag loads, by the file that it imports. They lie beside it. */
const apart: Readonly<Record<string, string>> = {
  'places/main.ts': './places.js',
  'words/main.ts': './words.js',
  'theme/main.ts': './theme.js',
}
const chunksApart: Plugin = {
  name: 'chunks-apart',
  enforce: 'pre',
  resolveId(file, importer) {
    const name = Object.keys(apart).find((each) => file.endsWith(`/${each}`))
    return name && importer ? { id: apart[name]!, external: true } : undefined
  },
}

/** One of the files of a script-tag page: `earshot.js` is loaded at once, each of the others when it is needed. */
function browserBuild(name: string, entry: string, format: 'iife' | 'es'): ViteUserConfig {
  return {
    ...source,
    plugins: [versionFile, chunksApart, terse],
    build: {
      outDir: 'packages/sdk/dist/browser',
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry, name: 'earshotLoader', formats: [format], fileName: () => name },
      // What a chunk loads itself, and what both need.
      rolldownOptions: {
        preserveEntrySignatures: 'allow-extension',
        output: { chunkFileNames: '[name].js' },
      },
    },
  }
}

/** Names of the lazy chunks, by their entries. */
const chunkNames: Readonly<Record<string, string>> = {
  mount: 'card',
  rulesChunk: 'decide',
  rules: 'bands',
}

/** What an app that imports `createEarshot` ships, made only to be measured. */
const measured: ViteUserConfig = {
  ...source,
  plugins: [terse],
  build: {
    outDir: 'packages/sdk/dist/npm',
    target: 'es2022',
    lib: { entry: 'scripts/npmEntry.ts', formats: ['es'], fileName: () => 'eager.js' },
    rolldownOptions: {
      preserveEntrySignatures: 'allow-extension',
      output: {
        // Several chunks begin in a file of that name, each in a folder of its own.
        chunkFileNames: ({ name, facadeModuleId }) =>
          `${/(\w+)\/main\.tsx?$/.exec(facadeModuleId ?? '')?.[1] ?? chunkNames[name] ?? name}.js`,
      },
    },
  },
}

const builds: Readonly<Record<string, ViteUserConfig>> = {
  npm: measured,
  loader: browserBuild('earshot.js', 'packages/sdk/src/loader/main.ts', 'iife'),
  card: browserBuild('card.js', 'packages/sdk/src/ui/mount.tsx', 'es'),
  kinds: browserBuild('kinds.js', 'packages/sdk/src/ui/kinds/main.tsx', 'es'),
  places: browserBuild('places.js', 'packages/sdk/src/ui/places/main.ts', 'es'),
  rules: browserBuild('rules.js', 'packages/sdk/src/shell/rulesChunk.ts', 'es'),
  // For no page, so it may be large: the collector's command line simulates with the engine that it serves.
  simulate: {
    ...browserBuild('simulate.js', 'packages/sdk/src/simulate/simulate.ts', 'es'),
    plugins: [versionFile],
  },
}

const unit: ViteUserConfig = {
  ...source,
  test: {
    name: 'unit',
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/*.browser.test.*'],
    environment: 'node',
    // Some of them start a collector, and a machine may be busy.
    testTimeout: 30_000,
  },
}

/** What tests in a browser may know of the environment. */
const envOf = (...names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )

const browser = async (): Promise<ViteUserConfig> => ({
  ...source,
  optimizeDeps: { include: ['@testing-library/preact', 'axe-core', 'fast-check', 'idb-keyval', 'preact'] },
  test: {
    name: 'browser',
    env: envOf('EARSHOT_RUNS', 'EARSHOT_SEED'),
    include: ['packages/sdk/src/**/*.browser.test.{ts,tsx}'],
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
    name: 'e2e',
    include: ['apps/*/e2e/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}

export default defineConfig(async ({ mode }) => {
  const build = builds[mode]
  return build ?? { test: { projects: [unit, await browser(), e2e] } }
})

/** The one place for builds and tests: `vite build --mode loader` and `--mode card` make the script-tag files, `vitest` runs the projects. */
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { chromiumFlags, findChromium } from './scripts/chromium.ts'

const conditions = ['@earshot/source']
const source: ViteUserConfig = {
  // `h` costs less than the automatic runtime.
  oxc: { jsx: { runtime: 'classic', pragma: 'h' } },
  resolve: { conditions: [...conditions, 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
}

/** The two files that a script-tag page loads: `earshot.js` at once, `card.js` when somebody may be asked. */
function browserBuild(name: string, entry: string, format: 'iife' | 'es'): ViteUserConfig {
  return {
    ...source,
    build: {
      outDir: 'packages/sdk/dist/browser',
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry, name: 'earshotLoader', formats: [format], fileName: () => name },
      // Vite leaves white space in ES libraries; this one is for browsers, not for bundlers.
      rolldownOptions: { output: { banner: '/* Earshot, MIT */', minify: true } },
    },
  }
}

const builds: Readonly<Record<string, ViteUserConfig>> = {
  loader: browserBuild('earshot.js', 'packages/sdk/src/loader/main.ts', 'iife'),
  card: browserBuild('card.js', 'packages/sdk/src/ui/mount.tsx', 'es'),
}

const unit: ViteUserConfig = {
  ...source,
  test: {
    name: 'unit',
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/*.browser.test.*'],
    environment: 'node',
  },
}

const browser = async (): Promise<ViteUserConfig> => ({
  ...source,
  test: {
    name: 'browser',
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

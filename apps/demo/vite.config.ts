/** Builds the pages of the demo into `dist`: several HTML files that share a header, a footer and a catalogue. */
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin, type UserConfig } from 'vite'
import { parts } from './site/parts.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const pages = [
  'index',
  'product',
  'basket',
  'checkout',
  'order',
  'help',
  'spa',
  'verify',
  'triggers',
  'gallery',
  'card',
  'playground',
  'playground/frame',
  'csp',
  '404',
]

/** Puts a part in the place of each comment `<!-- part: name argument -->`. */
function partsPlugin(): Plugin {
  return {
    name: 'demo-parts',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) =>
        html.replaceAll(
          /<!-- part: (\w+)(?: (\w+))? -->/g,
          (comment, name: string, argument: string = '') => {
            const part = parts[name]
            if (!part) throw new Error(`There is no part of the page for ${comment}.`)
            return part(argument)
          },
        ),
    },
  }
}

/** The site's build, for whoever runs Vite from elsewhere. */
export const demoSite: UserConfig = {
  root: here('./site'),
  publicDir: here('./site/public'),
  plugins: [partsPlugin()],
  resolve: {
    conditions: ['@earshot/source', 'module', 'browser', 'development|production'],
    // The table that the tests of the card go by, and what they measure. No package has them.
    alias: {
      '@earshot/sdk/gallery': here('../../packages/sdk/src/ui/gallery.fixtures.ts'),
      '@earshot/sdk/measures': here('../../packages/sdk/src/ui/measures.fixtures.ts'),
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // A picture inside a style sheet would need `data:` in a policy; files need nothing.
    assetsInlineLimit: 0,
    rolldownOptions: { input: pages.map((page) => here(`./site/${page}.html`)) },
  },
}

const config: UserConfig = defineConfig({ ...demoSite })
export default config

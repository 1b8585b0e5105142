/** Serves the page that shows every card, built as the demo's gallery is. */
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'
import { listen, type RunningServer } from '../e2e/line.ts'
import { demoSite } from '../vite.config.ts'

const page =
  '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Host</title><main><h1>Host</h1><button id="before">Before</button><div id="slot"></div></main><script src="/gallery.js"></script></html>'

/** Builds it, and puts it on a free port. */
export async function startGallery(): Promise<RunningServer> {
  const entry = fileURLToPath(new URL('galleryPage.ts', import.meta.url))
  const { resolve, oxc } = demoSite
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    ...(resolve && { resolve }),
    ...(oxc && { oxc }),
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: { entry, formats: ['iife'], name: 'galleryPage' },
    },
  })
  const [{ output }] = built as [Rollup.RollupOutput]
  const files: Record<string, [type: string, body: string]> = {
    '/': ['text/html', page],
    '/gallery.js': ['text/javascript', output[0].code],
  }
  return listen(
    createServer(({ url = '' }, response) => {
      const [type, body] = files[url] ?? ['text/plain', '']
      response.writeHead(body ? 200 : 204, { 'content-type': `${type}; charset=utf-8` })
      response.end(body)
    }),
  )
}

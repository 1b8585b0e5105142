/** A web server of the plainest kind: the files of a folder, or a page that is given. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Serves until `close` is called. */
export async function serveFiles(
  source: string | Readonly<Record<string, string>>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    const name = path === '/' ? '/index.html' : normalize(path)
    const read = async (): Promise<string | Buffer> => {
      if (typeof source === 'string') return readFile(join(source, name))
      const text = source[name]
      if (text === undefined) throw new Error(`There is no ${name}.`)
      return text
    }
    read().then(
      (content) => {
        response.setHeader('content-type', types[extname(name)] ?? 'application/octet-stream')
        response.end(content)
      },
      () => {
        // No browser is told that a page has no icon.
        response.statusCode = name === '/favicon.ico' ? 204 : 404
        response.end()
      },
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

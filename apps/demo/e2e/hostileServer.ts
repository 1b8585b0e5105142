/** One server for all hostile pages: each once with Earshot and once bare, style sheets and scripts out of node_modules, and another version of Earshot. */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { writeKey } from './collector.ts'
import type { HostilePage } from './hostilePage.ts'
import { harmless, hostile, others } from './hostilePages.ts'
import { listen, type RunningServer } from './line.ts'
import { sample } from './hostileSample.ts'

const modules = new URL('../../../node_modules/', import.meta.url)
const browserFiles = new URL('../../../packages/sdk/dist/browser/', import.meta.url)

/** What the second copy of Earshot calls itself. */
const otherVersion = '9.9.9'

/** The queue for early calls, as the README gives it to be pasted. */
const stub = /<script>(window\.earshot.+)<\/script>/.exec(
  await readFile(new URL('../../../README.md', import.meta.url), 'utf8'),
)?.[1] as string

const types: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript' }

/** Serves `/with/<name>` and `/bare/<name>`, `/npm/<file of a package>`, and `/other/earshot.js`. */
export async function startHostileServer(collector: string): Promise<RunningServer> {
  const { version } = JSON.parse(await readFile(new URL('version.json', browserFiles), 'utf8')) as {
    version: string
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url as string, 'http://host')
    const [, kind, ...rest] = pathname.split('/')
    const send = (type: string, body: string | Buffer): void => {
      response.setHeader('content-type', `${type}; charset=utf-8`)
      response.end(body)
    }
    if (kind === 'npm') {
      const file = fileURLToPath(new URL(rest.join('/'), modules))
      return send(types[pathname.split('.').pop() as string] as string, await readFile(file))
    }
    if (kind === 'other') {
      const text = await readFile(new URL(rest.at(-1) as string, browserFiles), 'utf8')
      response.setHeader('access-control-allow-origin', '*')
      return send('text/javascript', text.replaceAll(version, otherVersion))
    }
    if (kind === 'favicon.ico') {
      response.statusCode = 204
      response.end()
      return
    }
    const row = [...hostile, ...harmless, ...others].find(
      ({ name }) => name === decodeURIComponent(rest[0] as string),
    )
    if (!row || (kind !== 'with' && kind !== 'bare')) {
      response.statusCode = 404
      return send('text/plain', 'Nothing is here.')
    }
    for (const [name, value] of Object.entries(row.headers ?? {}))
      response.setHeader(name, value.replaceAll('COLLECTOR', collector))
    send(row.type ?? 'text/html', pageOf(row, kind === 'with' ? tagOf(row, collector) : ''))
  }
  return listen(
    createServer((request, response) => {
      answer(request, response).catch((error: unknown) => {
        response.statusCode = 500
        response.end(String(error))
      })
    }),
  )
}

/** The tag as the README gives it, in the way that the page wants it. */
function tagOf({ tag = '' }: HostilePage, collector: string): string {
  if (tag.startsWith('<'))
    return tag
      .replaceAll('COLLECTOR', collector)
      .replaceAll('KEY', writeKey)
      .replaceAll('OTHER', '/other')
      .replaceAll('STUB', stub)
  return `<script async="" src="${collector}/earshot.js" data-key="${writeKey}" ${tag}></script>`
}

function pageOf(row: HostilePage, tag: string): string {
  const { doctype = '<!doctype html>', html = 'lang="en"', head = '', body = '', tagAt = 'body' } = row
  if (row.whole) return row.whole.replace('TAG', tag)
  return `${doctype}
<html ${html}><head><meta charset="utf-8" /><title>Host</title>${tagAt === 'head' ? tag : ''}${head}</head>
<body ${row.bodyAttributes ?? ''}>${sample}${body}${tagAt === 'body' ? tag : ''}</body></html>`
}

/** Servers between browser and collector: a plain host page, and a line that loses answers on purpose. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'

export interface RunningServer {
  url: string
  close(): Promise<void>
}

/** One page with the script tag, and before it a script of the page if given. */
export async function startHostPage(tag: Record<string, string>, before = ''): Promise<RunningServer> {
  const attributes = Object.entries(tag).map(([name, value]) => `${name}="${value}"`)
  const html = `<!doctype html><html lang="en"><title>Host</title><main><h1>Host</h1><input aria-label="Search"></main>${before && `<script>${before}</script>`}<script async ${attributes.join(' ')}></script>`
  return listen(
    createServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(html)
    }),
  )
}

export interface LossyLine extends RunningServer {
  /** Requests that the collector answered, and whose answer never arrived. */
  lost(): number
}

/** Passes everything on, but cuts the connection instead of handing over the first answers to posts. */
export async function startLossyLine(target: string, losses: number): Promise<LossyLine> {
  let lost = 0
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = new Headers()
    for (const name of ['content-type', 'origin', 'authorization', 'accept']) {
      const value = request.headers[name]
      if (typeof value === 'string') headers.set(name, value)
    }
    const body = chunks.length ? Buffer.concat(chunks) : null
    const answer = await fetch(target + request.url, { method: request.method ?? 'GET', headers, body })
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (request.method === 'POST' && lost < losses) {
      lost++
      request.socket.destroy()
      return
    }
    answer.headers.forEach((value, name) => {
      if (!['content-length', 'connection', 'transfer-encoding', 'content-encoding'].includes(name))
        response.setHeader(name, value)
    })
    response.writeHead(answer.status)
    response.end(bytes)
  }
  const running = await listen(
    createServer((request, response) => void pass(request, response).catch(() => request.socket.destroy())),
  )
  return { ...running, lost: () => lost }
}

/** Puts a server on a free port. */
export async function listen(server: Server): Promise<RunningServer> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

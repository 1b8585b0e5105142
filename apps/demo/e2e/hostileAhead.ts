/** A page that the browser draws ahead of the visit. Whoever drives the browser by its inspector keeps it from doing so: here pages and server talk alone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { writeKey } from './collector.ts'
import { listen } from './line.ts'

/** What the page tells of itself. */
export interface Told {
  prerendering: boolean
  /** When somebody came to see it; 0 where the browser drew it only then. */
  activationStart: number
  /** Requests to the collector's API, each by its beginning. */
  requests: number[]
  databases: number
}

const first = `<!doctype html><html lang="en"><title>First</title>
<script type="speculationrules">{"prerender":[{"urls":["/second"],"eagerness":"immediate"}]}</script>
<script>fetch('/drawn').then(() => { location = '/second' })</script>`

const secondOf = (collector: string): string => `<!doctype html><html lang="en"><title>Second</title>
<script>
const tell = async () => {
  const [{ activationStart }] = performance.getEntriesByType('navigation')
  const requests = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/v1/'))
  const databases = await indexedDB.databases()
  await fetch('/told', { method: 'POST', body: JSON.stringify({
    prerendering: document.prerendering,
    activationStart,
    requests: requests.map(({ startTime }) => startTime),
    databases: databases.length,
  }) })
}
addEventListener('load', async () => {
  // As many turns as the start takes where nothing holds it back, and more.
  for (let turn = 0; turn < 30; turn++) {
    await fetch('/turn')
    await indexedDB.databases()
  }
  await tell()
})
addEventListener('earshot:ready', tell)
</script>
<script src="${collector}/earshot.js" data-key="${writeKey}"></script>`

/** Goes to a page that was drawn ahead, and gives what it told: when it was loaded, and when its surveys were there. */
export async function visitDrawnAhead(collector: string): Promise<Told[]> {
  const told: Told[] = []
  const turns = new EventTarget()
  const come = (times: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => void (told.length >= times && resolve())
      turns.addEventListener('told', look)
      look()
    })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('content-type', 'text/html')
    if (request.url === '/drawn') await come(1)
    if (request.url === '/told') {
      told.push(JSON.parse(await text(request)) as Told)
      turns.dispatchEvent(new Event('told'))
    }
    response.end({ '/': first, '/second': secondOf(collector) }[request.url!])
  }
  const host = await listen(createServer((request, response) => void answer(request, response)))
  const profile = await mkdtemp(join(tmpdir(), 'earshot-ahead-'))
  // Without its port headless Chromium prints the page and goes.
  const flags = [...chromiumFlags, '--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`]
  const browser = spawn(await findChromium(), [...flags, `${host.url}/`], { stdio: 'ignore' })
  const gone = once(browser, 'exit')
  await Promise.race([come(2), gone])
  browser.kill()
  await gone
  await host.close()
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  return told
}

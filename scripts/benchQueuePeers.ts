/** What the queues of other products cost: a call that captures an event while there is no line, and getting rid of what has gathered then. */
import { createProfile } from '../apps/demo/e2e/browser.ts'
import type { Drive } from '../apps/demo/e2e/kill/pages/drive.ts'
import { createLine } from '../apps/demo/e2e/kill/line.ts'
import { bundle, type Product } from '../apps/demo/e2e/kill/products.ts'
import { createServer } from 'node:http'
import { listen } from '../apps/demo/e2e/line.ts'

export interface PeerQueue {
  product: string
  label: string
  /** Milliseconds until the call returned, or what it returned was settled: with an empty queue, and with a long one. */
  empty: number[]
  long: number[]
  /** How many were queued for `long`; fewer than wanted when a minute was over. */
  queued: number
  /** Tasks of the main thread over 50 ms, while the queue was filled. */
  longTasks: number
  /** Of how many events, how many arrived within a minute, in how many requests, and when the last one did. */
  drain: { events: number; arrived: number; requests: number; seconds: number }
}

const patience = 60_000
const agent =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36'

/** Queues so many events in a page without a line, measures so many more, and then gives the line back. */
export async function peerQueue(product: Product, queued: number, samples: number): Promise<PeerQueue> {
  const { answer } = product
  if (!answer) throw new Error(`${product.label} has no stub to send to.`)
  const scripts = await bundle(product)
  const host = await listen(
    createServer((request, response) => {
      const script = scripts[request.url ?? '']
      response.setHeader(
        'content-type',
        script === undefined ? 'text/html' : 'text/javascript; charset=utf-8',
      )
      response.end(
        script ?? '<!doctype html><meta charset="utf-8"><title>Host</title><script src="page.js"></script>',
      )
    }),
  )
  const arrived = new Map<string, number>()
  const line = await createLine(
    async (asked) => answer(asked),
    product.carries,
    (asked) => {
      for (const { marker } of product.read(asked))
        if (!arrived.has(marker)) arrived.set(marker, performance.now())
    },
  )
  const profile = await createProfile()
  try {
    const { context } = await profile.launch()
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.setUserAgentOverride', { userAgent: agent })
    await page.goto(`${host.url}/${product.id}/`)
    await page.evaluate((url) => window.begin(url).then(() => null), line.url)
    await context.setOffline(true)
    await line.refuse()
    await page.evaluate(() => {
      const seen = { longTasks: 0 }
      Object.assign(window, { seen })
      new PerformanceObserver((list) => (seen.longTasks += list.getEntries().length)).observe({
        entryTypes: ['longtask'],
      })
    })
    const time = (prefix: string, count: number): ReturnType<Drive['timeMany']> =>
      page.evaluate(([text, times, most]) => window.timeMany(text, times, most), [
        prefix,
        count,
        patience,
      ] as const)
    const empty = await time('k1-0', samples)
    const filled = await time('k2-0', queued - samples)
    const long = await time('k3-0', samples)
    const { longTasks } = await page.evaluate(
      () => (window as unknown as { seen: { longTasks: number } }).seen,
    )
    const events = empty.length + filled.length + long.length
    const before = line.posts()
    await line.heal()
    await context.setOffline(false)
    const began = performance.now()
    await page.evaluate(() => window.captureOne('k4-0-0-'))
    while (arrived.size < events + 1 && performance.now() - began < patience)
      await new Promise((resolve) => setTimeout(resolve, 10))
    const last = Math.max(began, ...arrived.values())
    arrived.delete('k4-0-0-')
    return {
      product: product.id,
      label: product.label,
      empty,
      long,
      queued: empty.length + filled.length,
      longTasks,
      drain: {
        events,
        arrived: arrived.size,
        requests: line.posts() - before,
        seconds: (last - began) / 1000,
      },
    }
  } finally {
    await profile.remove()
    await line.close()
    await host.close()
  }
}

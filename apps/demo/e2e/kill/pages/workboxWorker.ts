/** The service worker of the Workbox page, as its guide has it, with the guide's addition that an error of the server is a failure too. */
import { BackgroundSyncPlugin } from 'workbox-background-sync'
import { registerRoute } from 'workbox-routing'
import { NetworkOnly } from 'workbox-strategies'

interface Worker {
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
  addEventListener(type: string, listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void
}
const worker = globalThis as unknown as Worker

registerRoute(
  ({ url }) => url.pathname === '/track',
  new NetworkOnly({
    plugins: [
      {
        fetchDidSucceed: async ({ response }) => {
          if (response.ok) return response
          throw new Error(`${response.status}`)
        },
      },
      new BackgroundSyncPlugin('answers', { maxRetentionTime: 24 * 60 }),
    ],
  }),
  'POST',
)
worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))

/** workbox-background-sync on the page: requests go through a service worker, which stores those that fail. */
import { drive } from './drive.ts'

let to = ''
drive({
  async start(line) {
    to = `${line}/track`
    const controlled = new Promise((resolve) =>
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    )
    await navigator.serviceWorker.register('/workbox/worker.js')
    if (!navigator.serviceWorker.controller) await controlled
  },
  // Once the fetch has ended, one way or the other, the worker has sent or stored it.
  capture: (marker) =>
    fetch(to, { method: 'POST', body: JSON.stringify({ id: crypto.randomUUID(), marker }) }).then(
      () => {},
      () => {},
    ),
})

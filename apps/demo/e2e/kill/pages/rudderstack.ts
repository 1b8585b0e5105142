/** @rudderstack/analytics-js on the page: its queue in localStorage, with room for all events. */
import { RudderAnalytics } from '@rudderstack/analytics-js/bundled'
import { drive } from './drive.ts'

const analytics = new RudderAnalytics()
drive({
  start: (line) =>
    new Promise((resolve) => {
      analytics.ready(() => resolve(undefined))
      analytics.load('kill', line, {
        loadIntegration: false,
        queueOptions: { maxItems: 10_000 },
        storage: { type: 'localStorage' },
        // The answer of its configuration service for a source without destinations.
        getSourceConfig: () => ({
          source: {
            id: 'kill',
            name: 'kill',
            writeKey: 'kill',
            enabled: true,
            workspaceId: 'kill',
            destinations: [],
            connections: [],
            config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
          },
        }),
      })
    }),
  capture: (marker) => analytics.track('answer', { marker }),
})

/** @segment/analytics-next on the page: the retry queue is on, which keeps events in localStorage when the page goes away. */
import { AnalyticsBrowser } from '@segment/analytics-next'
import { drive } from './drive.ts'

let analytics: AnalyticsBrowser
drive({
  async start(line) {
    const apiHost = `${new URL(line).host}/v1`
    const cdnSettings = { integrations: { 'Segment.io': { apiKey: 'kill' } } }
    analytics = AnalyticsBrowser.load(
      { writeKey: 'kill', cdnSettings },
      { retryQueue: true, integrations: { 'Segment.io': { apiHost, protocol: 'http' } } },
    )
    await analytics.ready()
  },
  // Its promise is that of delivery, so what counts is that the call returned.
  capture: (marker) => void analytics.track('answer', { marker }),
})

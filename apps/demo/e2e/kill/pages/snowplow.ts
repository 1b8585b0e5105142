/** @snowplow/browser-tracker on the page: its queue in localStorage, with room for all events, and fetches that outlive the page. */
import { newTracker, trackSelfDescribingEvent } from '@snowplow/browser-tracker'
import { drive } from './drive.ts'

drive({
  start: async (line) =>
    newTracker('kill', line, {
      appId: 'kill',
      eventMethod: 'post',
      stateStorageStrategy: 'localStorage',
      useLocalStorage: true,
      maxLocalStorageQueueSize: 10_000,
      keepalive: true,
      encodeBase64: false,
      contexts: { webPage: false },
    }),
  capture: (marker) =>
    trackSelfDescribingEvent({
      event: { schema: 'iglu:com.example/answer/jsonschema/1-0-0', data: { marker } },
    }),
})

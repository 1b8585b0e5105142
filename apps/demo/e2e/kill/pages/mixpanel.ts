/** mixpanel-browser on the page: `batch_requests` is its queue in localStorage. */
import mixpanel from 'mixpanel-browser'
import { drive } from './drive.ts'

drive({
  start: (line) =>
    new Promise((resolve) =>
      mixpanel.init('kill', {
        api_host: line,
        loaded: resolve,
        persistence: 'localStorage',
        batch_requests: true,
        api_payload_format: 'json',
        autocapture: false,
        track_pageview: false,
        record_sessions_percent: 0,
        ignore_dnt: true,
      }),
    ),
  capture: (marker) => mixpanel.track('answer', { marker }),
})

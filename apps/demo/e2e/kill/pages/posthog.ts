/** posthog-js on the page: batching on, everything but captured events off. It has no setting that stores events. */
import { posthog } from 'posthog-js'
import { drive } from './drive.ts'

drive({
  start: (line) =>
    new Promise((resolve) =>
      posthog.init('phc_kill', {
        api_host: line,
        loaded: resolve,
        persistence: 'localStorage',
        request_batching: true,
        autocapture: false,
        capture_pageview: false,
        capture_pageleave: false,
        capture_dead_clicks: false,
        capture_performance: false,
        capture_heatmaps: false,
        capture_exceptions: false,
        rageclick: false,
        disable_session_recording: true,
        disable_surveys: true,
        disable_compression: true,
        disable_external_dependency_loading: true,
        advanced_disable_flags: true,
        opt_out_useragent_filter: true,
      }),
    ),
  capture: (marker) => void posthog.capture('answer', { marker }),
})

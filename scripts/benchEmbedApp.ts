/** Earshot in an app, as its documentation installs it from npm: with a survey of the page's own, and none that is served. */
import { createEarshot, nps } from '../packages/sdk/dist/index.js'

const earshot = createEarshot({
  key: 'pk_bench',
  collector: location.origin,
  served: false,
  surveys: [nps({ id: 'nps', name: 'Acme', triggers: [{ on: 'event', name: 'ready' }] })],
})
// The benchmark opens and closes by it.
Object.assign(window, { earshot })
earshot.track('ready')

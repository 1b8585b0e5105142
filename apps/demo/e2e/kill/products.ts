/** The products of the kill test: the page of each, which of its requests carry events, and which events those are. */
import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'
import type { Answered, Asked } from './line.ts'
import type { peers } from './peers.ts'

/** One event as it came over the line: what the page calls it, and the id by which a service can know it again. */
export interface Sent {
  marker: string
  id: string
}

export interface Product {
  id: string
  label: string
  /** The package it comes from, or null for our own. */
  peer: (typeof peers)[number] | null
  carries(asked: Asked): boolean
  read(asked: Asked): Sent[]
  /** The service's answer to everything; null for ours, which has a real one. */
  answer: ((asked: Asked) => Answered) | null
}

const root = fileURLToPath(new URL('../../../../', import.meta.url))

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** The innermost objects with the field, wherever they are, and what is in them. */
function objectsWith(value: Json, field: string): { [key: string]: Json }[] {
  if (value === null || typeof value !== 'object') return []
  const inner = (Array.isArray(value) ? value : Object.values(value)).flatMap((each) =>
    objectsWith(each, field),
  )
  return inner.length || Array.isArray(value) || !(field in value) ? inner : [value]
}

const markerIn = (value: Json): string | undefined => /k\d+-\d+-\d+-/.exec(JSON.stringify(value))?.[0]

/** Events of a JSON body, each an object with its id in a field. */
const byField =
  (field: string, parse: (body: string) => Json = (body) => JSON.parse(body) as Json) =>
  ({ body }: Asked): Sent[] =>
    objectsWith(parse(body), field).flatMap((each) => {
      const marker = markerIn(each)
      return marker ? [{ marker, id: JSON.stringify(each[field]) }] : []
    })

const posts =
  (path: RegExp) =>
  ({ method, path: asked }: Asked): boolean =>
    method === 'POST' && path.test(asked)

/** Whatever is asked besides events is told that nothing is wanted. */
const stub =
  (body: string) =>
  ({ method, headers }: Asked): Answered => ({
    status: method === 'OPTIONS' ? 204 : 200,
    headers: {
      'content-type': 'application/json',
      'access-control-allow-origin': headers['origin'] ?? '*',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
      'access-control-allow-methods': 'GET, POST',
      'access-control-max-age': '600',
      'access-control-expose-headers': 'Retry-After',
    },
    body: method === 'OPTIONS' ? '' : body,
  })

/** Mixpanel's form has the events as JSON in a field of a form. */
const formData = (body: string): Json =>
  JSON.parse(body.startsWith('data=') ? (new URLSearchParams(body).get('data') ?? '[]') : body) as Json

export const products: readonly Product[] = [
  {
    id: 'earshot',
    label: 'Earshot',
    peer: null,
    carries: posts(/^\/v1\/feedback/),
    read: ({ body }) =>
      (JSON.parse(body) as { events: { id: string; type: string }[] }).events.flatMap(({ id, type }) =>
        type === 'answer' ? [{ marker: id, id }] : [],
      ),
    answer: null,
  },
  {
    id: 'rudderstack',
    label: 'RudderStack',
    peer: '@rudderstack/analytics-js',
    carries: posts(/^\/v1\/(?!config)/),
    read: byField('messageId'),
    answer: stub('{}'),
  },
  {
    id: 'snowplow',
    label: 'Snowplow',
    peer: '@snowplow/browser-tracker',
    carries: posts(/^\/com\.snowplowanalytics/),
    read: byField('eid'),
    answer: stub('ok'),
  },
  {
    id: 'workbox',
    label: 'Workbox',
    peer: 'workbox-background-sync',
    carries: posts(/^\/track/),
    read: byField('id'),
    answer: stub('{}'),
  },
  {
    id: 'mixpanel',
    label: 'Mixpanel',
    peer: 'mixpanel-browser',
    carries: posts(/^\/track/),
    read: byField('$insert_id', formData),
    answer: stub('{"status":1,"error":null}'),
  },
  {
    id: 'segment',
    label: 'Segment',
    peer: '@segment/analytics-next',
    carries: posts(/^\/v1\/t/),
    read: byField('messageId'),
    answer: stub('{"success":true}'),
  },
  {
    id: 'posthog',
    label: 'PostHog',
    peer: 'posthog-js',
    carries: posts(/^\/(e|i\/v0\/e|batch)\//),
    read: byField('uuid'),
    answer: stub('{"status":"Ok"}'),
  },
]

/** The scripts of a product's page by their paths, bundled for a browser. */
export async function bundle(product: Product): Promise<Record<string, string>> {
  const page = (name: string): Promise<string> =>
    one(fileURLToPath(new URL(`pages/${name}.ts`, import.meta.url)))
  const scripts: Record<string, string> = { [`/${product.id}/page.js`]: await page(product.id) }
  if (product.id === 'workbox') scripts['/workbox/worker.js'] = await page('workboxWorker')
  return scripts
}

async function one(input: string): Promise<string> {
  const built = (await build({
    configFile: false,
    root,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: { write: false, target: 'es2022', rolldownOptions: { input, output: { format: 'iife' } } },
  })) as Rollup.RolldownOutput
  const [first] = built.output
  if (!first || built.output.filter((each) => each.type === 'chunk').length > 1)
    throw new Error(`${input} has to become one file.`)
  return first.code
}

/** Makes the OpenAPI document from the table of routes and the zod schemas. */
import { z } from 'zod'
import { permissions } from '../../core/roles.ts'
import { sessionCookie } from '../../core/session.ts'
import type { Route } from '../route.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations.ts'
import { schemas } from './schemas.ts'

/** A JSON object. */
export type Json = { [name: string]: unknown }

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument extends Json {
  openapi: '3.1.0'
  paths: Record<string, Record<string, Json>>
  components: { schemas: Record<string, Json>; securitySchemes: Json }
}

const titles: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Created',
  204: 'Removed',
  304: 'Not changed',
  400: 'The request is wrong',
  401: 'No key or token, or a wrong one',
  403: 'Not allowed',
  404: 'Not there',
  409: 'In conflict with what is stored',
  410: 'Not any more',
  412: 'Somebody has changed it meanwhile',
  413: 'Too large',
  429: 'Too many requests; `Retry-After` says when to come again',
  415: 'Media type or encoding not taken',
  500: 'Something broke',
  503: 'Not now; try again after `Retry-After`',
}
/** Any route may answer so. */
const always = { 500: 'Problem', 503: 'Problem' } as const

/** The path of a route as the document has it: the chunks of the SDK are one. */
export const documentPath = (path: string): string =>
  path.startsWith('/sdk/') ? '/sdk/{version}/{file}' : path

/**
 * Makes the document.
 *
 * @throws when a route has no operation, or an operation no route
 */
export function createDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {}
  const said = new Set<string>()
  const inputs: Record<string, Json> = {}
  for (const route of routes) {
    const path = documentPath(route.path)
    const name = `${route.method} ${path}`
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
    if (!operation) throw new Error(`${name} is not in operations.ts.`)
    if (said.has(name)) continue
    said.add(name)
    const id = `${route.method.toLowerCase()}${path.replaceAll(/[^a-z]+(\w?)/gi, (_, letter: string) => letter.toUpperCase())}`
    if (operation.body)
      inputs[`${id}Body`] = local(z.toJSONSchema(operation.body, { io: 'input' }), `${id}Body`)
    const methods = (paths[path] ??= {})
    methods[route.method.toLowerCase()] = describe(operation, route, path, id)
  }
  const unsaid = Object.keys(operations).find((name) => !said.has(name))
  if (unsaid !== undefined) throw new Error(`${unsaid} is in operations.ts and no route.`)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Earshot collector',
      version,
      description:
        'Write keys (`pk_…`) are public and go into the body. All else needs the admin token (`sk_…`). Errors are problem documents (RFC 9457) with a stable `code`. A path that is not here is answered with 404, another method with 405.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { ...outputs(), ...inputs },
      securitySchemes: {
        admin: { type: 'http', scheme: 'bearer', description: 'The admin token, `sk_…`' },
        metrics: { type: 'http', scheme: 'bearer', description: 'The metrics token, `mt_…`' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookie,
          description:
            'Of `POST /v1/session`; what changes something needs the header `earshot-csrf` besides',
        },
      },
    },
  }
}

/** The header by which a version is named. */
const tag = { ETag: { description: 'Names this version', schema: { type: 'string' } } }

function describe(operation: Operation, route: Route, path: string, id: string): Json {
  const { summary, query = {}, required = [], headers = {}, body, answers, isMetrics, isSession } = operation
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(query).map(([name, description]) => ({
      name,
      in: 'query',
      description,
      required: required.includes(name),
      schema: { type: 'string' },
    })),
    ...Object.entries(headers).map(([name, description]) => ({
      name,
      in: 'header',
      description,
      required: false,
      schema: { type: 'string' },
    })),
  ]
  const security = isMetrics
    ? [{ metrics: [] }, { admin: [] }]
    : route.access === 'admin'
      ? [{ admin: [] }, { session: [] }]
      : isSession
        ? [{ session: [] }]
        : []
  return {
    operationId: id,
    summary,
    ...(route.access === 'admin' && {
      description: `Needs the role ${permissions[route.need].join(' or ')}.`,
    }),
    security,
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          ['application/json', ...(route.access === 'browser' ? ['text/plain'] : [])].map((type) => [
            type,
            { schema: { $ref: `#/components/schemas/${id}Body` } },
          ]),
        ),
      },
    }),
    responses: Object.fromEntries(
      Object.entries({ ...answers, ...always }).map(([status, name]) => [
        status,
        { ...answer(Number(status), name), ...(operation.isTagged && status === '200' && { headers: tag }) },
      ]),
    ),
  }
}

function answer(status: number, names: string | null | readonly string[]): Json {
  const description = titles[status] ?? ''
  if (names === null) return { description }
  return { description, content: Object.fromEntries([names].flat().map(contentOf)) }
}

function contentOf(name: string): [string, Json] {
  if (name.includes('/')) return [name, { schema: { type: 'string' } }]
  const type = name === 'Problem' ? 'application/problem+json' : 'application/json'
  return [type, { schema: { $ref: `#/components/schemas/${name}` } }]
}

const refPrefix = '#/components/schemas/'

function outputs(): Record<string, Json> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, { io: 'output', uri: (id) => refPrefix + id }).schemas as Record<
    string,
    Json
  >
  return Object.fromEntries(
    Object.entries(made).map(([name, schema]) => [
      name,
      withoutIdentity(mapRefs(schema, (ref) => ref.replace(/(?<=.)#\//, '/'))),
    ]),
  )
}

/** A schema that stands by itself, with its references turned to where it will be. */
function local(schema: Json, name: string): Json {
  return withoutIdentity(mapRefs(schema, (ref) => ref.replace(/^#/, refPrefix + name)))
}

/** Inside a document a schema is known by its place. */
function withoutIdentity(schema: Json): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema'))
}

function mapRefs(schema: Json, change: (ref: string) => string): Json {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? change(value) : value,
  ) as Json
}

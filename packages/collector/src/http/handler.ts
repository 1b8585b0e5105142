/** Takes a request to its route: paths, methods, origins and keys are judged here, once for all routes. */
import { judgeOrigin, readBearer } from '../core/auth.ts'
import { problem, unexpected } from './errors.ts'
import type { Deps, Route } from './route.ts'
import { configRoutes } from './routes/config.ts'
import { exportRoutes } from './routes/export.ts'
import { feedbackRoutes } from './routes/feedback.ts'
import { fileRoutes } from './routes/files.ts'
import { healthRoutes } from './routes/health.ts'
import { reportRoutes } from './routes/reports.ts'
import { responseRoutes } from './routes/responses.ts'
import { statsRoutes } from './routes/stats.ts'
import { surveyRoutes } from './routes/surveys.ts'

/** Answers a request. Never rejects. */
export type Handler = (request: Request) => Promise<Response>

/**
 * Makes the handler of the whole HTTP interface.
 *
 * @example
 * const handle = createHandler(deps)
 * await handle(new Request('http://localhost/healthz')) // 200
 */
export function createHandler(deps: Deps): Handler {
  const routes = [
    ...feedbackRoutes(deps),
    ...configRoutes(deps),
    ...surveyRoutes(deps),
    ...responseRoutes(deps),
    ...reportRoutes(deps),
    ...statsRoutes(deps),
    ...exportRoutes(deps),
    ...fileRoutes(deps),
    ...healthRoutes(),
  ]
  return async (request) => {
    let response: Response
    try {
      response = await dispatch(request, routes, deps)
    } catch (error) {
      response = unexpected(error, deps.log, deps.random)
    }
    response.headers.set('x-content-type-options', 'nosniff')
    if (request.method !== 'HEAD' || !response.body) return response
    await response.body.cancel()
    return new Response(null, response)
  }
}

async function dispatch(request: Request, routes: readonly Route[], deps: Deps): Promise<Response> {
  const url = new URL(request.url)
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, url.pathname)
    return params ? [{ route, params }] : []
  })
  const first = matches[0]
  if (!first) return problem(404, 'unknown_path', `There is nothing at ${url.pathname.slice(0, 200)}.`)
  const isBrowser = first.route.access === 'browser'
  const rule = judgeOrigin(request.headers.get('origin'), isBrowser ? deps.origins : null)
  const headers: Record<string, string> = {}
  if (isBrowser && deps.origins !== null) headers.vary = 'origin'
  if (!rule.allowed)
    return problem(
      403,
      'origin_not_allowed',
      'This origin may not send feedback here. Start the collector with --origin and the exact origin of the page.',
      headers,
    )
  if (isBrowser && rule.allowOrigin !== null) headers['access-control-allow-origin'] = rule.allowOrigin

  const methods = [...new Set(matches.map((each) => each.route.method))]
  if (request.method === 'OPTIONS' && isBrowser) return preflight(methods, headers)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const match = matches.find((each) => each.route.method === method)
  const response = match
    ? await call(match.route, match.params, request, url, deps)
    : problem(405, 'wrong_method', `Use ${methods.join(' or ')} here, not ${request.method.slice(0, 20)}.`, {
        allow: methods.join(', '),
      })
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

async function call(
  route: Route,
  params: Record<string, string>,
  request: Request,
  url: URL,
  { store, hash, log, random }: Deps,
): Promise<Response> {
  try {
    // Read anew for each request, so that a key changed by the CLI counts at once.
    const site = await store.site()
    if (!site) throw new Error('the site is missing from the store')
    if (route.access !== 'admin') return await route.handle({ request, url, params, site })
    const bearer = readBearer(request.headers.get('authorization'))
    if (bearer.kind === 'write-key')
      return problem(
        403,
        'write_key_cannot_read',
        'A write key (pk_…) is public and can only send feedback. Use the admin token (sk_…).',
      )
    if (bearer.kind === 'none' || !hash.equal(hash.sha256(bearer.token), site.tokenHash))
      return problem(
        401,
        'not_authenticated',
        'Send the admin token as "Authorization: Bearer sk_…". A lost one is replaced by: earshot-collector keys --new-admin-token',
        { 'www-authenticate': 'Bearer realm="earshot"' },
      )
    const response = await route.handle({ request, url, params, site })
    response.headers.set('cache-control', 'no-store')
    return response
  } catch (error) {
    // Caught here, so that CORS headers are added and a page may read the 503.
    return unexpected(error, log, random)
  }
}

function preflight(methods: readonly string[], headers: Record<string, string>): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': 'content-type, content-encoding, if-none-match',
      'access-control-max-age': '86400',
    },
  })
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: [string, string][] = []
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    if (!segment.startsWith('{')) {
      if (segment !== value) return null
      continue
    }
    const decoded = decode(value)
    if (decoded === null || decoded === '') return null
    params.push([segment.slice(1, -1), decoded])
  }
  return Object.fromEntries(params)
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

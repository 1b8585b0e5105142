/** Takes a request to its route: paths, methods, origins and keys are judged here, once for all routes. */
import { judgeOrigin, type OriginRule } from '../core/auth.ts'
import { foreignOrigin, letReaderIn } from './access.ts'
import { someone, type Caller } from './caller.ts'
import { createBudget, type Budget } from './budget.ts'
import { openDiary } from './diary.ts'
import { createFailures, problem } from './errors.ts'
import { createIntake, type Intake } from './intake.ts'
import { tooMany } from './limits.ts'
import type { Call, Deps, Route } from './route.ts'
import { createRoutes } from './routes.ts'

/** Most bytes of request bodies in memory at a time. */
const mostBuffered = 64 * 1024 * 1024

/**
 * Answers a request. Never rejects.
 *
 * @param isCounted whether it was counted against the limit of its network already
 */
export type Handler = (request: Request, caller?: Caller, isCounted?: boolean) => Promise<Response>

/**
 * Makes the handler of the whole HTTP interface.
 *
 * @example
 * const handle = createHandler(deps)
 * await handle(new Request('http://localhost/healthz')) // 200
 */
export function createHandler(deps: Deps): Handler {
  return createFront(deps).handle
}

/** Makes the handler, and the short way for events that goes by the same memory and words. */
export function createFront(deps: Deps): { handle: Handler; intake: Intake } {
  const routes = createRoutes(deps)
  deps.metrics.route(routes.map((each) => each.path))
  const hold = createBudget(mostBuffered)
  const fail = createFailures(deps.log, deps.random)
  const tools = { routes, fail, hold }
  const handle: Handler = async (request, caller = someone, isCounted = false) => {
    let response: Response
    try {
      response = await dispatch(request, { ...caller, isCounted }, tools, deps)
    } catch (error) {
      response = tools.fail(error)
    }
    response.headers.set('x-content-type-options', 'nosniff')
    if (request.method !== 'HEAD' || !response.body) return response
    await response.body.cancel()
    return new Response(null, response)
  }
  return { handle, intake: createIntake(deps, hold, fail) }
}

interface Tools {
  routes: readonly Route[]
  fail: (error: unknown) => Response
  hold: Budget
}

async function dispatch(
  request: Request,
  { network, country, isCounted }: Caller & { isCounted: boolean },
  tools: Tools,
  deps: Deps,
): Promise<Response> {
  const url = new URL(request.url)
  const matches = tools.routes.flatMap((route) => {
    const params = matchPath(route.path, url.pathname)
    return params ? [{ route, params }] : []
  })
  const first = matches[0]
  if (!first) {
    // The address itself is what people open first.
    const instead = url.pathname === '/' ? ' The dashboard is at /dashboard, the documentation at /docs.' : ''
    return problem(404, 'unknown_path', `There is nothing at ${url.pathname.slice(0, 200)}.${instead}`)
  }
  // Asked first: what was begun before the end is finished.
  const isClosing = deps.isClosing()
  const isBrowser = first.route.access === 'browser'
  const rule = isBrowser ? await judgePage(request, deps) : judgeOrigin(null, null)
  const headers = isBrowser ? corsHeaders(rule, deps.origins !== null) : {}
  if (isClosing)
    return problem(503, 'closing', 'The collector is shutting down. Send the same again later.', {
      ...headers,
      'retry-after': '5',
    })
  if (!rule.allowed) return foreignOrigin(headers)

  const methods = [...new Set(matches.map((each) => each.route.method))]
  if (request.method === 'OPTIONS' && isBrowser) return preflight(methods, headers)
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const match = matches.find((each) => each.route.method === method)
  const wait = isBrowser && match && !isCounted ? deps.limits.network(network) : 0
  if (wait > 0) deps.metrics.limited('network')
  const response = match
    ? wait > 0
      ? tooMany(wait)
      : await call(
          match.route,
          { request, url, params: match.params, network, country, memory: tools.hold() },
          tools.fail,
          deps,
        )
    : problem(405, 'wrong_method', `Use ${methods.join(' or ')} here, not ${request.method.slice(0, 20)}.`, {
        allow: methods.join(', '),
      })
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

/** A page may use the origins of the collector, and those that some key has of its own; which key it has, its route finds out. */
async function judgePage(request: Request, { store, origins }: Deps): Promise<OriginRule> {
  const origin = request.headers.get('origin')
  const rule = judgeOrigin(origin, origins)
  if (rule.allowed || origin === null) return rule
  const ring = await store.keyring().catch(() => null)
  return ring?.origins.has(origin) ? { allowed: true, allowOrigin: origin } : rule
}

async function call(route: Route, given: Call, fail: Tools['fail'], deps: Deps): Promise<Response> {
  try {
    // Whether the process answers must not hang on the store.
    if (route.access === 'open') return await route.handle(given)
    // Looked up for each request, so that a key that is made or revoked anywhere counts at once.
    const ring = await deps.store.keyring()
    if (route.access === 'browser') return await route.handle({ ...given, ring })
    const letIn = await letReaderIn(given.request, given.network, ring, route.need, deps)
    if (letIn instanceof Response) return letIn
    const diary = openDiary(route, given.params, letIn, deps)
    await diary.begun()
    const response = await route.handle({ ...given, ...letIn, concerns: diary.concerns })
    await diary.done(response.status).catch(async (error: unknown) => {
      // Nobody will read it.
      await response.body?.cancel()
      throw error
    })
    response.headers.set('cache-control', 'no-store')
    return response
  } catch (error) {
    // Caught here, so that CORS headers are added and a page may read the 503.
    return fail(error)
  } finally {
    given.memory.release()
  }
}

/**
 * A refused page may read why, and any page may read when to try again: without these headers a browser hides even the
 * status, and the SDK would take a refusal for a broken line.
 */
function corsHeaders(rule: OriginRule, hasList: boolean): Record<string, string> {
  const allowOrigin = rule.allowed ? rule.allowOrigin : '*'
  return {
    ...(hasList && { vary: 'origin' }),
    ...(allowOrigin !== null && {
      'access-control-allow-origin': allowOrigin,
      'access-control-expose-headers': 'retry-after',
    }),
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

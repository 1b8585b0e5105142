/** `/dashboard`: the pages of the dashboard and their files, as they were built. */
import { createBuiltFiles } from '../builtFiles.ts'
import { problem } from '../errors.ts'
import type { Call, Deps, Route } from '../route.ts'

/** Nothing but what this collector serves; no inline style or script, and no other page around it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types earshot-editor',
].join('; ')

/** The frame of a message has sheets and styles of its own in it, and fetches nothing. */
const letter = 'mail.html'
const letterPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types earshot-mail',
  "frame-ancestors 'self'",
].join('; ')

/** The page of the preview runs in a frame without an origin, which is of this site all the same. */
const frame = 'preview.html'

/** The routes of this file. The browser's part finds out which page an address means, so every one is the same file. */
export function dashboardRoutes({ dashboardFiles, hash }: Pick<Deps, 'dashboardFiles' | 'hash'>): Route[] {
  const serveBuilt = createBuiltFiles(dashboardFiles, hash, (path) => path.startsWith('assets/'))
  const serve = async (call: Call, path: string, headers: Record<string, string>): Promise<Response> =>
    (await serveBuilt(call.request, path, headers)) ??
    problem(
      404,
      'dashboard_missing',
      'This file of the dashboard is not there. In the repository, build it: npx -y pnpm@12 build. A page that was open during an upgrade must be loaded anew.',
    )

  const document = (name: string, ancestors: string): Record<string, string> => ({
    'cache-control': 'no-cache',
    'content-security-policy': `${policy}; frame-ancestors ${ancestors}`,
    'x-frame-options': name === frame ? 'SAMEORIGIN' : 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  })
  const open = (path: string, handle: (call: Call) => Promise<Response>): Route => ({
    method: 'GET',
    path,
    access: 'open',
    handle,
  })
  const page = (path: string): Route =>
    open(path, (call) => serve(call, 'index.html', document('index.html', "'none'")))
  return [
    open('/dashboard/assets/{name}', (call) =>
      serve(call, `assets/${call.params.name ?? ''}`, {
        // Their names change with what is in them.
        'cache-control': 'public, max-age=31536000, immutable',
        // The preview's frame has no origin, and modules are fetched as from another one.
        'access-control-allow-origin': '*',
      }),
    ),
    open(`/dashboard/${frame}`, (call) => serve(call, frame, document(frame, "'self'"))),
    open(`/dashboard/${letter}`, (call) =>
      serve(call, letter, {
        ...document(letter, "'self'"),
        'content-security-policy': letterPolicy,
        'x-frame-options': 'SAMEORIGIN',
      }),
    ),
    ...['/dashboard', '/dashboard/', '/dashboard/{page}', '/dashboard/{page}/{id}'].map(page),
  ]
}

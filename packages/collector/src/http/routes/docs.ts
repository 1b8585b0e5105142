/** `/docs`: the documentation as a site, as it was built. */
import { createBuiltFiles } from '../builtFiles.ts'
import { problem } from '../errors.ts'
import type { Call, Deps, Route } from '../route.ts'

/**
 * Nothing but what this collector serves, and no script in a page. Style attributes are let through: where something is not
 * to be seen at first, the page says so in one.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The routes of this file. The page of an address is the file of its name, in a folder or two. */
export function docsRoutes({ docsFiles, hash }: Pick<Deps, 'docsFiles' | 'hash'>): Route[] {
  const serveBuilt = createBuiltFiles(docsFiles, hash, () => true)
  const serve = async ({ request, params }: Call): Promise<Response> => {
    const path = [params.one, params.two, params.three].filter((each) => each !== undefined).join('/')
    const isAsset = path.startsWith('assets/')
    const isFile = /\.\w+$/.test(path)
    const file = isFile ? path : path === '' ? 'index.html' : `${path}.html`
    const found = await serveBuilt(request, file, {
      // Names of assets change with what is in them.
      'cache-control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(file.endsWith('.html') && {
        'content-security-policy': policy,
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      }),
    })
    return (
      found ??
      problem(
        404,
        'docs_missing',
        'This page of the documentation is not there. In the repository, build it: npx -y pnpm@12 docs:build.',
      )
    )
  }
  return ['/docs', '/docs/', '/docs/{one}', '/docs/{one}/{two}', '/docs/{one}/{two}/{three}'].map(
    (path): Route => ({ method: 'GET', path, access: 'open', handle: serve }),
  )
}
